package turn_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"parley/engine/turn"
)

// stretch is a piece of a scene: how long, how loud, and what the speaker does.
type stretch struct {
	length    time.Duration
	level     float64
	reference float64 // 0 means silent
	echo      float64 // likewise
	settled   bool
	speaking  bool
}

// decided is a decision and when it fell.
type decided struct {
	at       time.Duration
	decision turn.Decision
}

// run plays a scene with levels that waver by ±1.5 dB, as real ones do.
func run(d *turn.Detector, scene ...stretch) []decided {
	noise := rand.New(rand.NewPCG(1, 2))
	var all []decided
	var at time.Duration
	for _, s := range scene {
		for end := at + s.length; at < end; {
			level := s.level + 3*noise.Float64() - 1.5
			ref := s.reference
			if ref == 0 {
				ref = -96
			}
			echo := s.echo
			if echo == 0 {
				echo = -96
			}
			at += turn.FrameTime
			got := d.Step(turn.Frame{Linear: level, Clean: level, Reference: ref, Echo: echo, Settled: s.settled, Speaking: s.speaking})
			if got == turn.Onset || got == turn.End {
				all = append(all, decided{at, got})
			}
		}
	}
	return all
}

const ms = time.Millisecond

func TestDecisions(t *testing.T) {
	room := func(d time.Duration) stretch { return stretch{length: d, level: -60} }
	voice := func(d time.Duration) stretch { return stretch{length: d, level: -25} }
	spoken := func(d time.Duration, level float64, settled bool) stretch {
		return stretch{length: d, level: level, reference: -18, echo: -45, settled: settled, speaking: true}
	}
	headphones := func(d time.Duration, level float64, settled bool) stretch {
		return stretch{length: d, level: level, reference: -18, settled: settled, speaking: true}
	}
	echoing := func(d time.Duration, level float64) stretch {
		return stretch{length: d, level: level, reference: -15, echo: -27, settled: true, speaking: true}
	}
	for _, c := range []struct {
		name  string
		scene []stretch
		want  []decided // to within 60 ms after
	}{
		{"silence", []stretch{room(5 * time.Second)}, nil},
		{"a turn", []stretch{room(time.Second), voice(time.Second), room(2 * time.Second)},
			[]decided{{1000 * ms, turn.Onset}, {2600 * ms, turn.End}}},
		{"a pause within", []stretch{room(time.Second), voice(500 * ms), room(400 * ms), voice(500 * ms), room(time.Second)},
			[]decided{{1000 * ms, turn.Onset}, {3000 * ms, turn.End}}},
		{"a click", []stretch{room(time.Second), voice(20 * ms), room(time.Second)}, nil},
		{"voice in a loud room", []stretch{{length: 4 * time.Second, level: -40}, {length: time.Second, level: -22}, {length: time.Second, level: -40}},
			[]decided{{40 * ms, turn.Onset}, {2750 * ms, turn.End}, {4000 * ms, turn.Onset}, {5600 * ms, turn.End}}},
		{"digital silence, then dither", []stretch{{length: time.Second, level: -96}, {length: time.Second, level: -70}}, nil},
		{"quiet voice in a quiet room", []stretch{room(time.Second), {length: 500 * ms, level: -44}, room(time.Second)},
			[]decided{{1000 * ms, turn.Onset}, {2100 * ms, turn.End}}},
		{"syllables with gaps", []stretch{room(time.Second), voice(500 * ms), {length: 500 * ms, level: -58}, voice(time.Second), room(time.Second)},
			[]decided{{1000 * ms, turn.Onset}, {3600 * ms, turn.End}}},

		{"residual echo, settled", []stretch{room(time.Second), spoken(5*time.Second, -46, true)}, nil},
		{"residual echo, unsettled", []stretch{room(time.Second), spoken(3*time.Second, -28, false)}, nil},
		{"barge-in, settled", []stretch{room(time.Second), spoken(time.Second, -55, true), spoken(time.Second, -25, true), room(time.Second)},
			[]decided{{2020 * ms, turn.Onset}, {3600 * ms, turn.End}}},
		{"barge-in, unsettled", []stretch{room(time.Second), spoken(time.Second, -36, false), spoken(time.Second, -20, false), room(time.Second)},
			[]decided{{2500 * ms, turn.Onset}, {3600 * ms, turn.End}}},
		{"barge-in with headphones", []stretch{room(time.Second), headphones(5*time.Second, -60, true), headphones(500*ms, -38, true), room(time.Second)},
			[]decided{{6020 * ms, turn.Onset}, {7100 * ms, turn.End}}},
		{"a soft barge-in with headphones", []stretch{room(time.Second), headphones(time.Second, -60, true), headphones(500*ms, -47, true), room(time.Second)},
			[]decided{{2020 * ms, turn.Onset}, {3080 * ms, turn.End}}},
		{"barge-in with headphones, unsettled", []stretch{room(time.Second), headphones(time.Second, -60, false), headphones(500*ms, -38, false), room(time.Second)},
			[]decided{{2020 * ms, turn.Onset}, {3080 * ms, turn.End}}},
		{"the echo displaced for a third of a second", []stretch{room(time.Second), echoing(2*time.Second, -55), echoing(320*ms, -27), echoing(time.Second, -55)}, nil},
		{"barge-in louder than the echo", []stretch{room(time.Second), echoing(2*time.Second, -55), echoing(500*ms, -18), room(time.Second)},
			[]decided{{3020 * ms, turn.Onset}, {4090 * ms, turn.End}}},
		{"barge-in as loud as the echo", []stretch{room(time.Second), echoing(2*time.Second, -55), echoing(time.Second, -27), room(time.Second)},
			[]decided{{3500 * ms, turn.Onset}, {4590 * ms, turn.End}}},
		{"a click over a reply", []stretch{room(time.Second), spoken(time.Second, -55, true), spoken(10*ms, -20, true), spoken(time.Second, -55, true)}, nil},
		{"echo rings on after the reply", []stretch{room(time.Second), spoken(time.Second, -55, true), {length: 200 * ms, level: -48}, room(time.Second)}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := run(turn.New(turn.Config{}), c.scene...)
			ok := len(got) == len(c.want)
			for i := 0; ok && i < len(got); i++ {
				late := got[i].at - c.want[i].at
				ok = got[i].decision == c.want[i].decision && late >= 0 && late <= 60*ms
			}
			if !ok {
				t.Errorf("decided %v, want %v", got, c.want)
			}
		})
	}
}

func TestPausesAndResumptions(t *testing.T) {
	d := turn.New(turn.Config{})
	var got []turn.Decision
	step := func(length time.Duration, level float64, words string) {
		for range length / turn.FrameTime {
			decision := d.Step(turn.Frame{Linear: level, Clean: level, Reference: -96, Echo: -96, Settled: true})
			if decision != turn.None {
				got = append(got, decision)
			}
			if d.InTurn() && words != "" {
				d.Hear(turn.Words{Text: words, Settled: true})
			}
		}
	}
	step(time.Second, -60, "")
	step(500*ms, -25, "")
	step(400*ms, -60, "remind me to")
	step(300*ms, -25, "")
	step(80*ms, -60, "") // no pause yet
	step(300*ms, -25, "")
	step(1500*ms, -60, "remind me to")
	step(10*ms, -25, "") // a click does not prolong the turn
	step(190*ms, -60, "remind me to")
	want := []turn.Decision{turn.Onset, turn.Pause, turn.Resume, turn.Pause, turn.End}
	if !slices.Equal(got, want) {
		t.Errorf("decided %v, want %v", got, want)
	}
	got = nil
	step(time.Second, -60, "")
	step(500*ms, -25, "what time is it")
	step(280*ms, -60, "what time is it")
	if want := []turn.Decision{turn.Onset, turn.Pause, turn.End}; !slices.Equal(got, want) {
		t.Errorf("decided %v, want %v", got, want)
	}
}

func TestLongestTurnEnds(t *testing.T) {
	d := turn.New(turn.Config{Longest: 3 * time.Second})
	// A syllable and a gap, over and over, never silent for long.
	scene := []stretch{{length: time.Second, level: -60}}
	for range 20 {
		scene = append(scene, stretch{length: 150 * ms, level: -25}, stretch{length: 100 * ms, level: -58})
	}
	got := run(d, scene...)
	if len(got) < 2 || got[1].decision != turn.End || got[1].at-got[0].at > 3100*ms {
		t.Errorf("decided %v, want an end 3 s after the onset", got)
	}
}

func TestSinceCoversTheVoiceBeforeTheDecision(t *testing.T) {
	d := turn.New(turn.Config{})
	run(d, stretch{length: time.Second, level: -60}, stretch{length: 40 * ms, level: -25})
	if !d.InTurn() || d.Since() < 40*ms {
		t.Errorf("in turn %v, since %v; want a turn that knows of its first 40 ms", d.InTurn(), d.Since())
	}
	run(d, stretch{length: 200 * ms, level: -60})
	if got := d.Silence(); got != 200*ms {
		t.Errorf("silence %v, want 200 ms", got)
	}
	d.Reset()
	if d.InTurn() {
		t.Error("still in a turn after Reset")
	}
}

func BenchmarkStep(b *testing.B) {
	d := turn.New(turn.Config{})
	for b.Loop() {
		d.Step(turn.Frame{Linear: -40, Clean: -40, Reference: -96})
	}
}

// What was learnt of a user's pauses is known to the next conversation.
func TestPausesAreKept(t *testing.T) {
	learnt := []time.Duration{1100 * ms, 1100 * ms, 1100 * ms, 1100 * ms}
	d := turn.New(turn.Config{Pauses: learnt})
	if got := d.Pauses(); !slices.Equal(got, learnt) {
		t.Errorf("knows %v", got)
	}
	d.ForgetPauses()
	if got := d.Pauses(); len(got) != 0 {
		t.Errorf("knows %v when told to forget", got)
	}
}
