package e2e

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/audio/audiotest"
)

const (
	understoodWithin = 20 * time.Second
	answeredWithin   = 30 * time.Second
)

// A question spoken into the microphone is understood, its answer is heard from
// the speaker, and history has both.
func TestAQuestionIsAnswered(t *testing.T) {
	t.Parallel()
	server, h := audiotest.StartServer(t), newHome(t)
	recording := server.Record()
	a := talk(t, h, server, "--out", filepath.Join(h.dir, "both.wav"))
	time.Sleep(time.Second)
	server.Play(speak(t, "what is gravity"))
	if final := a.waitType(0, "transcript.final", understoodWithin); share(final.Text, "what is gravity") < 0.99 {
		t.Errorf("understood %q", final.Text)
	}
	a.waitType(0, "reply.audio.started", understoodWithin)
	done := a.waitType(0, "reply.done", answeredWithin)
	if done.Heard != done.Text || !strings.Contains(strings.ToLower(done.Text), "gravity") {
		t.Errorf("answered %q, heard %q", done.Text, done.Heard)
	}
	time.Sleep(300 * time.Millisecond)
	if heard := recognise(t, recording.Stop()); share(heard, done.Text) < 0.4 { // a busy machine plays gaps
		t.Errorf("the speaker said %q, the reply is %q", heard, done.Text)
	}
	a.stop()
	kept := h.history(t)
	if len(kept) != 2 || kept[0].Who != "user" || kept[1].Text != done.Text || kept[1].Heard != done.Text || kept[1].Interrupted {
		t.Errorf("history has %+v", kept)
	}
}

// "Teach me …" is acknowledged in a sentence and one question, and a lesson is
// written.
func TestALessonIsWritten(t *testing.T) {
	t.Parallel()
	server, _, a := conversation(t)
	server.Play(speak(t, "teach me about gravity"))
	a.waitType(0, "teaching.detected", understoodWithin)
	if lesson := a.waitType(0, "lesson.done", understoodWithin); !strings.EqualFold(lesson.Title, "gravity") {
		t.Errorf("the lesson is about %q", lesson.Title)
	}
	if done := a.waitType(0, "reply.done", answeredWithin); strings.Count(done.Text, ".") > 1 || strings.Count(done.Text, "?") > 1 {
		t.Errorf("acknowledged by more than a sentence and a question: %q", done.Text)
	}
}

// Speech over a reply silences it; history keeps just what was heard, and the
// new turn is answered.
func TestABargeInTakesTheTurn(t *testing.T) {
	t.Parallel()
	server, h, a := conversation(t)
	a.typed("what can you do")
	recording := server.Record()
	a.waitType(0, "reply.audio.started", understoodWithin)
	time.Sleep(1500 * time.Millisecond)
	server.Play(speak(t, "what is gravity"))
	cut := a.waitType(0, "reply.interrupted", understoodWithin)
	if cut.Cause != "barge_in" || cut.Heard == "" || len(cut.Heard) >= len(cut.Text) || !strings.HasPrefix(cut.Text, cut.Heard) {
		t.Errorf("cut by %q after %q of %q", cut.Cause, cut.Heard, cut.Text)
	}
	heard := recording.Stop()
	done := a.waitType(0, "reply.done", answeredWithin)
	if !strings.Contains(done.Text, "ravity") {
		t.Errorf("the new turn was answered by %q", done.Text)
	}
	// By length: half a sentence is hardly ever recognised. A machine that stops
	// lengthens it by silence.
	first, last, _ := sounding(heard, 0, heard.Duration())
	want := spokenFor(t, cut.Text, cut.Heard)
	if sound := audibleFor(heard); sound > want+600*time.Millisecond || last-first < want-600*time.Millisecond {
		t.Errorf("%q takes %v, the speaker was heard for %v from %v to %v", cut.Heard, want, sound, first, last)
	}
	a.stop()
	kept := h.history(t)
	if len(kept) != 4 || !kept[1].Interrupted || kept[1].Heard != cut.Heard || kept[3].Heard != done.Text {
		t.Errorf("history has %+v", kept)
	}
}

// The word "stop" ends a reply and asks for no other. One in three is the least
// that must be understood.
func TestStopIsObeyed(t *testing.T) {
	t.Parallel()
	server, _, a := conversation(t)
	obeyed := 0
	for range 3 {
		mark := a.mark()
		a.typed("what can you do")
		a.waitType(mark, "reply.audio.started", understoodWithin)
		time.Sleep(time.Second)
		server.Play(speak(t, "stop"))
		a.wait(mark, "end of the reply", answeredWithin, func(ev event) bool {
			return ev.Type == "reply.interrupted" || ev.Type == "reply.done"
		})
		time.Sleep(2 * time.Second)
		// What was taken for nothing has no transcript.
		if a.countWhere(mark, func(ev event) bool { return ev.Type == "transcript.final" && ev.Text == "stop" }) > 0 {
			obeyed++
			if n := a.countFrom(mark, "reply.audio.started"); n != 1 {
				t.Errorf("%d replies were spoken, one of them after stop", n)
			}
		}
		a.typed("stop")
		time.Sleep(300 * time.Millisecond)
	}
	if obeyed == 0 {
		t.Error("stop was never understood")
	}
}

// A sound server that is killed in mid-reply is told of, and when it is back the
// conversation goes on.
func TestTheSoundServerDiesAndComesBack(t *testing.T) {
	t.Parallel()
	server, _, a := conversation(t)
	a.typed("what can you do")
	a.waitType(0, "reply.audio.started", understoodWithin)
	time.Sleep(time.Second)
	server.Kill()
	cut := a.waitType(0, "reply.interrupted", understoodWithin)
	if cut.Cause != "no_sound" || cut.Heard == "" {
		t.Errorf("cut by %q after %q", cut.Cause, cut.Heard)
	}
	isState := func(state string) func(event) bool {
		return func(ev event) bool { return ev.Type == "state" && ev.State == state }
	}
	a.wait(0, "state no_sound", understoodWithin, isState("no_sound"))
	mark := a.mark()
	server.Start()
	a.wait(mark, "state listening", answeredWithin, isState("listening"))
	time.Sleep(500 * time.Millisecond)
	recording := server.Record()
	server.Play(speak(t, "what is gravity"))
	done := a.waitType(mark, "reply.done", answeredWithin)
	time.Sleep(300 * time.Millisecond)
	// That it hears and is heard again; how well, where the machine stops, is another matter.
	if sound := audibleFor(recording.Stop()); sound < time.Second || done.Text == "" {
		t.Errorf("after the loss the reply is %q, heard for %v", done.Text, sound)
	}
}
