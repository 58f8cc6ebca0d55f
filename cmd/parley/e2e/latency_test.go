package e2e

import (
	"testing"
	"time"
)

// bargeInGoal is the 95th percentile that is wanted from the user's first
// audible sample to the reply's last.
const bargeInGoal = 200 * time.Millisecond

// How soon the speaker falls silent when the user speaks, on recordings of both
// made by the sound server: the user's first audible sample to the reply's
// last. This one runs alone.
func TestBargeInLatency(t *testing.T) {
	server, _, a := conversation(t)
	words := []string{"stop", "wait", "what time is it", "hold on", "okay never mind", "tell me about gravity"}
	var silent []time.Duration
	missed := 0
	for i := range *bargeIns {
		mark := a.mark()
		a.typed("what can you do")
		a.waitType(mark, "reply.audio.started", understoodWithin)
		mic, spk := server.RecordMicrophone(), server.Record()
		// At a different place of the sentence each time.
		time.Sleep(time.Duration(700+137*i%900) * time.Millisecond)
		server.Play(speak(t, words[i%len(words)]))
		time.Sleep(200 * time.Millisecond)
		user, reply := mic.Stop(), spk.Stop()
		if a.countFrom(mark, "reply.interrupted") == 0 {
			t.Logf("barge-in %d (%q): not heard", i+1, words[i%len(words)])
			missed++
			a.typed("stop")
			time.Sleep(time.Second)
			continue
		}
		onset, _, heard := sounding(user, 0, user.Duration())
		if !heard {
			t.Fatal("the user cannot be heard on the recording")
		}
		// The answer to the new turn comes later than this.
		at := mic.Began().Add(onset).Sub(spk.Began())
		_, last, _ := sounding(reply, at-300*time.Millisecond, at+700*time.Millisecond)
		took := last - at
		t.Logf("barge-in %d (%q): silent after %v", i+1, words[i%len(words)], took.Round(time.Millisecond))
		silent = append(silent, took)
		a.typed("stop")
		time.Sleep(time.Second)
	}
	if missed*2 > *bargeIns || *strict && missed*10 > *bargeIns {
		t.Fatalf("%d of %d barge-ins were not heard", missed, *bargeIns)
	}
	p50, p95 := percentile(silent, 0.5), percentile(silent, 0.95)
	t.Logf("measured: barge-in onset → silence: p50 %v, p95 %v, N = %d, %d not heard (goal p95 ≤ %v)", p50.Round(time.Millisecond), p95.Round(time.Millisecond), len(silent), missed, bargeInGoal)
	if p50 > 5*bargeInGoal || *strict && p50 > bargeInGoal { // a busy machine is no failure
		t.Errorf("half of the barge-ins take longer than %v", p50)
	}
}
