package e2e

import (
	"testing"
	"time"

	"parley/audio/audiotest"
	"parley/audio/pcm"
)

// with is one sound after the other, and a silence between them.
func with(first pcm.Frame, pause time.Duration, second pcm.Frame) pcm.Frame {
	// What speak appends is part of the pause.
	silence := make([]int16, max(0, first.Rate.Samples(pause)-first.Rate.Samples(500*time.Millisecond)))
	samples := append(first.Samples[:len(first.Samples):len(first.Samples)], silence...)
	return pcm.Frame{Rate: first.Rate, Samples: append(samples, second.Samples...)}
}

// A pause after words that want more ends no turn.
func TestAHesitationEndsNoTurn(t *testing.T) {
	t.Parallel()
	// A busy machine may hear the first half late; it has three tries.
	for try := 1; ; try++ {
		server, _, a := conversation(t)
		server.Play(with(speak(t, "what is the capital of"), 900*time.Millisecond, speak(t, "france")))
		final := a.waitType(0, "transcript.final", understoodWithin)
		whole := share(final.Text, "what is the capital of") >= 0.6 && len(wordsOf(final.Text)) >= 5
		a.waitType(0, "reply.done", answeredWithin)
		n := a.count("speech.started")
		if whole && n == 1 {
			return
		}
		if try == 3 {
			t.Fatalf("%d turns were heard, want one; the first ended with %q", n, final.Text)
		}
		a.stop()
	}
}

// Assent over a reply makes it softer for a moment; nothing of it is lost.
func TestAssentDoesNotInterrupt(t *testing.T) {
	t.Parallel()
	server, _, a := conversation(t)
	a.typed("what can you do")
	a.waitType(0, "reply.audio.started", understoodWithin)
	for _, word := range []string{"okay", "yeah"} {
		time.Sleep(700 * time.Millisecond)
		server.Play(speak(t, word))
	}
	done := a.waitType(0, "reply.done", answeredWithin)
	if done.Heard != done.Text || a.count("reply.interrupted") > 0 || a.count("speech.started") > 0 {
		t.Errorf("heard %q of %q; %d turns were heard", done.Heard, done.Text, a.count("speech.started"))
	}
	if ducked, resumed := a.count("reply.ducked"), a.count("reply.resumed"); ducked == 0 || resumed != ducked {
		t.Errorf("the reply became softer %d times and louder again %d times", ducked, resumed)
	}
}

// On open loudspeakers, with the reply in the microphone, the user can still
// interrupt it.
func TestABargeInOnOpenLoudspeakers(t *testing.T) {
	t.Parallel()
	server, h := audiotest.StartServer(t), newHome(t)
	server.Loopback(-12, 60*time.Millisecond)
	a := talk(t, h, server)
	time.Sleep(time.Second)
	a.typed("what can you do")
	a.waitType(0, "reply.done", answeredWithin) // the canceller learns the room
	mark := a.mark()
	a.typed("what can you do")
	a.waitType(mark, "reply.audio.started", understoodWithin)
	time.Sleep(1500 * time.Millisecond)
	server.Play(speak(t, "what is gravity"))
	if cut := a.waitType(mark, "reply.interrupted", understoodWithin); cut.Cause != "barge_in" {
		t.Errorf("cut by %q", cut.Cause)
	}
	if done := a.waitType(mark, "reply.done", answeredWithin); share(done.Text, "gravity") < 1 {
		t.Errorf("the new turn was answered by %q", done.Text)
	}
}
