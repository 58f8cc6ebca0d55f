//go:build unix

package audio

import (
	"math"
	"slices"
	"testing"
	"time"

	"parley/audio/audiotest"
	"parley/audio/pcm"
)

func newTestCanceller(t testing.TB) *Canceller {
	t.Helper()
	c, err := NewCanceller()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// energy is a mean square in dB.
func energy(s []int16) float64 {
	sum := 1e-9
	for _, v := range s {
		sum += float64(v) * float64(v)
	}
	return 10 * math.Log10(sum/float64(max(1, len(s))))
}

// cancel runs mic and far through c and returns the outputs whole.
func cancel(c *Canceller, mic, far []int16) (linear, clean []int16, settled int) {
	settled = -1
	for i := 0; i+frameSamples <= len(mic); i += frameSamples {
		h := c.Process(mic[i:i+frameSamples], far[i:i+frameSamples])
		linear = append(linear, h.Linear...)
		clean = append(clean, h.Clean...)
		if h.Settled && settled < 0 {
			settled = i
		}
	}
	return linear, clean, settled
}

func add(a, b []int16) []int16 {
	sum := slices.Clone(a)
	for i, v := range b {
		sum[i] = int16(max(math.MinInt16, min(math.MaxInt16, int32(sum[i])+int32(v))))
	}
	return sum
}

func TestCancellerRemovesEcho(t *testing.T) {
	for _, delay := range []time.Duration{15 * time.Millisecond, 90 * time.Millisecond} {
		t.Run(delay.String(), func(t *testing.T) {
			far := audiotest.ReadSpeech(t, 0, 12*16000)
			mic := audiotest.NewRoom(delay, -12, 200*time.Millisecond, 1).Echo(far)
			linear, clean, settled := cancel(newTestCanceller(t), mic, far)
			if s := pcm.Rate16k.Duration(settled); s < 3*time.Second || s > 6*time.Second {
				t.Errorf("settled after %v of speech", s)
			}
			after := 5 * 16000
			l := energy(mic[after:]) - energy(linear[after:])
			c := energy(mic[after:]) - energy(clean[after:])
			t.Logf("echo return loss enhancement after 5 s: linear %.1f dB, clean %.1f dB", l, c)
			if l < 20 || c < 20 {
				t.Errorf("echo return loss enhancement: linear %.1f dB, clean %.1f dB; want 20", l, c)
			}
		})
	}
}

func TestCancellerKeepsTheUserInDoubleTalk(t *testing.T) {
	const seconds = 16
	far := audiotest.ReadSpeech(t, 0, seconds*16000)
	echo := audiotest.NewRoom(45*time.Millisecond, -15, 200*time.Millisecond, 2).Echo(far)
	user := make([]int16, seconds*16000)
	copy(user[8*16000:], audiotest.ReadSpeech(t, 3, 6*16000)) // speaks from 8 s to 14 s
	linear, clean, _ := cancel(newTestCanceller(t), add(echo, user), far)
	said := user[8*16000 : 14*16000]
	l := energy(linear[8*16000:14*16000]) - energy(said)
	c := energy(clean[8*16000:14*16000]) - energy(said)
	t.Logf("the user's level: linear %+.1f dB, clean %+.1f dB", l, c)
	if math.Abs(l) > 3 {
		t.Errorf("the user's level changed by %+.1f dB", l)
	}
	// What differs from the user's words must be well below them.
	rest := make([]int16, len(said))
	for i := range rest {
		rest[i] = linear[8*16000+i] - said[i]
	}
	if snr := energy(said) - energy(rest); snr < 5 {
		t.Errorf("the user stands %.1f dB above what else is heard", snr)
	}
}

func TestCancellerPassesTheUserThroughUntouched(t *testing.T) {
	c := newTestCanceller(t)
	user := audiotest.ReadSpeech(t, 1, 4*16000)
	far := make([]int16, len(user))
	copy(far, audiotest.ReadSpeech(t, 2, 16000)) // plays for the first second
	linear, _, _ := cancel(c, user, far)
	if from := 24000; !slices.Equal(linear[from:], user[from:]) {
		t.Error("with nothing playing for half a second, linear differs from the microphone")
	}
	fresh, _, _ := cancel(newTestCanceller(t), user, make([]int16, len(user)))
	if !slices.Equal(fresh, user) {
		t.Error("with nothing ever played, linear differs from the microphone")
	}
}

func TestCancellerLevels(t *testing.T) {
	c := newTestCanceller(t)
	silence := make([]int16, frameSamples)
	if h := c.Process(silence, silence); h.Reference != pcm.Silence || h.Settled {
		t.Errorf("at first: reference %v, settled %v", h.Reference, h.Settled)
	}
	loud := slices.Repeat([]int16{8000, -8000}, frameSamples/2)
	want := pcm.Level(loud)
	for i := range 9 {
		far := silence
		if i == 0 {
			far = loud
		}
		h := c.Process(silence, far)
		if held := i < 8; held != (h.Reference == want) {
			t.Errorf("%d frames after a loud one the reference is at %.1f dBFS", i, h.Reference)
		}
	}
}

func BenchmarkCanceller(b *testing.B) {
	far := audiotest.ReadSpeech(b, 0, 10*16000)
	mic := audiotest.NewRoom(45*time.Millisecond, -12, 200*time.Millisecond, 1).Echo(far)
	for name, far := range map[string][]int16{"playing": far, "silent": make([]int16, len(far))} {
		b.Run(name, func(b *testing.B) {
			c := newTestCanceller(b)
			i := 0
			for b.Loop() {
				c.Process(mic[i:i+frameSamples], far[i:i+frameSamples])
				i = (i + frameSamples) % (len(mic) - frameSamples)
			}
		})
	}
}
