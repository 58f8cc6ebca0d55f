package e2e

import (
	"testing"
	"time"

	"parley/audio/audiotest"
)

// With the speaker in the microphone, as loud as an open loudspeaker on the same
// desk, the assistant talks and never interrupts itself, nor hears a turn in
// its own words. A machine that stops for some tenths of a second moves the echo,
// and may be forgiven one in five; on a quiet one there is none (`make bench`).
func TestNoSelfInterruption(t *testing.T) {
	t.Parallel()
	server, h := audiotest.StartServer(t), newHome(t)
	server.Loopback(-12, 60*time.Millisecond)
	a := talk(t, h, server)
	time.Sleep(time.Second)
	questions := []string{
		"what can you do", "what is gravity", "what is photosynthesis", "tell me a joke", "what is democracy",
		"what is a volcano", "what time is it", "what does ephemeral mean", "who are you", "what is music",
	}
	replies := 0
	for end := time.Now().Add(*echoTime); time.Now().Before(end); replies++ {
		mark := a.mark()
		turn := a.ask(questions[replies%len(questions)])
		end := a.wait(mark, "end of the reply", answeredWithin, func(ev event) bool {
			return ev.Turn == turn && (ev.Type == "reply.done" || ev.Type == "reply.interrupted" || ev.Type == "error")
		})
		if end.Type != "reply.done" { // whoever types waits for what comes of it
			time.Sleep(2 * time.Second)
		}
	}
	interrupted, turns := a.count("reply.interrupted"), a.count("speech.started")
	t.Logf("measured: %d replies in %v with the speaker in the microphone: %d interrupted, %d turns heard in them", replies, *echoTime, interrupted, turns)
	if worst := max(interrupted, turns); worst*5 > replies || *strict && worst > 0 {
		t.Errorf("it interrupted itself %d times and heard %d turns in its own words, in %d replies", interrupted, turns, replies)
	}
	if done := a.count("reply.done"); done+interrupted < replies {
		t.Errorf("of %d replies %d were heard to their end", replies, done)
	}
	if n := a.count("error"); *strict && n > 0 { // a sound server that stops for half a second is told of
		t.Errorf("%d errors", n)
	}
}
