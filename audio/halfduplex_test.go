//go:build unix

package audio

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"parley/audio/audiotest"
	"parley/audio/pcm"
	"parley/engine/turn"
)

// noise is a room in which nobody speaks: a few samples' worth of hiss.
func noise(rng *rand.Rand, level float64) []int16 {
	s := make([]int16, frameSamples)
	for i := range s {
		s[i] = int16(rng.NormFloat64() * level)
	}
	return s
}

// onsets plays replies into a room with a halfDuplex for an ear, with the user's voice
// on top, and says in which frames a turn began.
func onsets(t *testing.T, delay time.Duration, gain float64, played, user []int16) (at []int) {
	t.Helper()
	l := newLoop(t, delay, gain)
	l.ear.close()
	l.ear.canceller = newHalfDuplex(l.ear.ours.newest)
	d := turn.New(turn.Config{})
	rng := rand.New(rand.NewPCG(1, 2))
	for i := 0; i+frameSamples <= len(played); i += frameSamples {
		hiss := noise(rng, 30)
		_, h := l.frame(played[i:i+frameSamples], add(hiss, user[i:i+frameSamples]))
		f := turn.Frame{Linear: pcm.Level(h.Linear), Clean: pcm.Level(h.Clean), Reference: h.Reference, Echo: h.Echo,
			Settled: h.Settled, Speaking: pcm.Level(played[i:i+frameSamples]) > echoQuiet}
		if d.Step(f) == turn.Onset {
			at = append(at, i/frameSamples)
		}
	}
	return at
}

// replies are a second of silence and two of speech, again and again.
func replies(t *testing.T, seconds int) []int16 {
	t.Helper()
	speech := audiotest.ReadSpeech(t, 0, seconds*16000)
	for i := range speech {
		if i/16000%3 == 0 {
			speech[i] = 0
		}
	}
	return speech
}

// Without a canceller the assistant never hears itself, however late and loud its
// echo comes; and when it has fallen silent the room is no voice.
func TestHalfDuplexNeverHearsTheSpeaker(t *testing.T) {
	const seconds = 9
	played := replies(t, seconds)
	for _, echo := range []struct {
		delay time.Duration
		gain  float64
	}{{10 * time.Millisecond, 0}, {150 * time.Millisecond, -12}, {300 * time.Millisecond, -6}} {
		if at := onsets(t, echo.delay, echo.gain, played, make([]int16, len(played))); len(at) > 0 {
			t.Errorf("an echo %v late, %.0f dB: a turn began in frames %v", echo.delay, echo.gain, at)
		}
	}
}

// The user is heard when the assistant is silent, and with headphones, when it has
// been found that there is no echo, always.
func TestHalfDuplexHearsTheUser(t *testing.T) {
	const seconds, spoke = 11, 8
	played := replies(t, seconds)
	user := make([]int16, len(played))
	copy(user[spoke*16000:], audiotest.ReadSpeech(t, 3, 2*16000))
	if at := onsets(t, 20*time.Millisecond, -90, played, user); len(at) != 1 || at[0] < spoke*100 || at[0] > (spoke+2)*100 {
		t.Errorf("with headphones a turn began in frames %v, and the user spoke at %d", at, spoke*100)
	}
	clear(played[spoke*16000:])
	if at := onsets(t, 20*time.Millisecond, -12, played, user); len(at) != 1 || at[0] < spoke*100 || at[0] > (spoke+2)*100 {
		t.Errorf("after a reply a turn began in frames %v, and the user spoke at %d", at, spoke*100)
	}
}

func TestHalfDuplexFrames(t *testing.T) {
	h := newHalfDuplex(func() float64 { return pcm.Silence })
	silence, loud := make([]int16, frameSamples), slices.Repeat([]int16{8000, -8000}, frameSamples/2)
	room := slices.Repeat([]int16{20, -20}, frameSamples/2)
	voice := slices.Repeat([]int16{3000, -3000}, frameSamples/2)
	for _, step := range []struct {
		what                 string
		times                int
		mic, reference, want []int16
	}{
		{"the room", 1, room, silence, room},
		{"the user", 50, voice, silence, voice},
		{"the echo", 20, loud, loud, room},
		{"its end", duplexHoldFrames, voice, silence, room},
		{"the user again", 1, voice, silence, voice},
	} {
		for range step.times {
			mic := slices.Clone(step.mic)
			got := h.Process(mic, step.reference)
			if !slices.Equal(got.Linear, step.want) || !slices.Equal(got.Clean, step.want) || got.Reference != pcm.Level(step.reference) {
				t.Fatalf("%s: heard %v…, reference %.0f dBFS", step.what, got.Linear[:2], got.Reference)
			}
			got.Linear[0]++ // it is ours
			if !slices.Equal(mic, step.mic) {
				t.Fatalf("%s: the microphone's frame was given back", step.what)
			}
		}
	}
}
