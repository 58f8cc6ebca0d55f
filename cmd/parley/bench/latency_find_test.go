package bench

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"parley/audio/pcm"
)

const ms = time.Millisecond

// drawn makes a sound at 48 kHz: a voice-like tone wherever loud says how loud it
// is, in dBFS, and nothing where that is below -90.
func drawn(length time.Duration, loud func(time.Duration) float64) pcm.Frame {
	f := pcm.Frame{Rate: pcm.Rate48k, Samples: make([]int16, pcm.Rate48k.Samples(length))}
	rng := rand.New(rand.NewPCG(3, 4))
	drift := 0.0
	for i := range f.Samples {
		at := f.Rate.Duration(i)
		level := loud(at)
		drift += 0.003 * rng.NormFloat64() // no two periods alike, as in a voice
		if level > -90 {
			f.Samples[i] = int16(math.Sqrt2 * amplitude(level) * math.Sin(2*math.Pi*150*at.Seconds()+drift))
		}
	}
	return f
}

// between is -20 dBFS in the stretches, given as pairs of milliseconds.
func between(stretches ...int) func(time.Duration) float64 {
	return func(at time.Duration) float64 {
		for i := 0; i+1 < len(stretches); i += 2 {
			if at >= time.Duration(stretches[i])*ms && at < time.Duration(stretches[i+1])*ms {
				return -20
			}
		}
		return -100
	}
}

func near(got, want, within time.Duration) bool { return (got - want).Abs() <= within }

func TestFirstAndLastAudible(t *testing.T) {
	f := drawn(time.Second, between(203, 400, 500, 711))
	if at, ok := firstAudible(f, 0); !ok || !near(at, 203*ms, 2*ms) {
		t.Errorf("first audible at %v, %v", at, ok)
	}
	if at, ok := firstAudible(f, 420*ms); !ok || !near(at, 500*ms, 2*ms) {
		t.Errorf("first audible after a pause at %v, %v", at, ok)
	}
	if at, ok := lastAudible(f, f.Duration()); !ok || !near(at, 711*ms, 2*ms) {
		t.Errorf("last audible at %v, %v", at, ok)
	}
	if at, ok := lastAudible(f, 450*ms); !ok || !near(at, 400*ms, 2*ms) {
		t.Errorf("last audible before a pause at %v, %v", at, ok)
	}
	hiss := drawn(time.Second, func(time.Duration) float64 { return -56 })
	if _, ok := firstAudible(hiss, 0); ok {
		t.Error("hiss is taken for sound")
	}
	if _, ok := lastAudible(hiss, hiss.Duration()); ok {
		t.Error("hiss is taken for sound")
	}
	if _, ok := firstAudible(pcm.Frame{Rate: pcm.Rate48k}, 0); ok {
		t.Error("nothing is taken for sound")
	}
}

// shift is a sound later, and changed by gain, given in dB by the sound's time.
func shift(f pcm.Frame, later time.Duration, gain func(time.Duration) float64) pcm.Frame {
	out := pcm.Frame{Rate: f.Rate, Samples: make([]int16, f.Rate.Samples(later))}
	for i, s := range f.Samples {
		out.Samples = append(out.Samples, int16(float64(s)*math.Pow(10, gain(f.Rate.Duration(i)+later)/20)))
	}
	return out
}

func TestAlign(t *testing.T) {
	alone := drawn(3*time.Second, between(0, 900, 1000, 2900))
	same := func(time.Duration) float64 { return 0 }
	for _, later := range []time.Duration{0, 120 * ms, 457 * ms} {
		recorded := shift(alone, later, same)
		for _, off := range []time.Duration{0, -31 * ms, 44 * ms} {
			if got, ok := align(recorded, alone, 1600*ms, later+off); !ok || !near(got, later, ms/10) {
				t.Errorf("later by %v, guessed %v: found %v, %v", later, later+off, got, ok)
			}
		}
	}
	if _, ok := align(shift(alone, 2*time.Second, same), alone, 1600*ms, 0); ok {
		t.Error("silence was aligned")
	}
}

func TestMeasureBargeIn(t *testing.T) {
	alone := drawn(4*time.Second, between(0, 1000, 1100, 3900))
	const later, onset = 250 * ms, 1500 * ms
	steps := func(duck, stop time.Duration) func(time.Duration) float64 {
		return func(at time.Duration) float64 {
			switch {
			case at >= onset+stop:
				return -200
			case at >= onset+duck:
				return -12
			}
			return 0
		}
	}
	for name, c := range map[string]struct {
		gain           func(time.Duration) float64
		ok             bool
		ducked, silent time.Duration
	}{
		"ducked, then silent": {steps(70*ms, 280*ms), true, 70 * ms, 280 * ms},
		"silent without":      {steps(time.Hour, 130*ms), true, 130 * ms, 130 * ms},
		"silent at once":      {steps(time.Hour, 0), true, 0, 0},
		"only ducked":         {steps(70*ms, time.Hour), false, 0, 0},
		"not at all":          {steps(time.Hour, time.Hour), false, 0, 0},
		"ducked by too little": {func(at time.Duration) float64 {
			return min(0, max(-4, float64(onset-at))) - 200*min(1, max(0, math.Floor(float64(at)/float64(onset+200*ms))))
		}, true, 200 * ms, 200 * ms},
		"up again between": {func(at time.Duration) float64 {
			if at >= onset+50*ms && at < onset+120*ms {
				return -12
			}
			return steps(200*ms, 300*ms)(at)
		}, true, 200 * ms, 300 * ms},
	} {
		b, ok := measureBargeIn(shift(alone, later, c.gain), alone, onset, later)
		if ok != c.ok || !near(b.ducked, c.ducked, window+ms) || !near(b.silent, c.silent, window+ms) {
			t.Errorf("%s: ducked after %v, silent after %v, %v", name, b.ducked, b.silent, ok)
		}
	}
}

// A reply that is in a pause of its own when it is stopped has been silent from
// there on.
func TestABargeInIntoAPause(t *testing.T) {
	alone := drawn(4*time.Second, between(0, 1480, 1700, 3900))
	recorded := drawn(4*time.Second, between(0, 1480))
	if b, ok := measureBargeIn(recorded, alone, 1500*ms, 0); !ok || b.silent != 0 || b.ducked != 0 {
		t.Errorf("ducked after %v, silent after %v, %v", b.ducked, b.silent, ok)
	}
}

func TestGaps(t *testing.T) {
	alone := drawn(3*time.Second, between(0, 1000, 1200, 2000, 2090, 2400, 2455, 3000))
	if found, first := gaps(alone); len(found) != 3 || first != 0 || !near(found[0].from, 1000*ms, window) || !near(found[1].to, 2090*ms, window) {
		t.Fatalf("gaps %v", found)
	}
	for name, c := range map[string]struct {
		stretches []int
		at        []time.Duration
	}{
		"the same, later":        {[]int{300, 1300, 1500, 2300, 2390, 2700, 2755, 3300}, nil},
		"a little longer":        {[]int{0, 1000, 1230, 2030, 2120, 2430, 2495, 3040}, nil},
		"a pause held":           {[]int{0, 1000, 1340, 2140, 2230, 2540, 2595, 3140}, []time.Duration{1000 * ms}},
		"sound lost":             {[]int{0, 500, 580, 1000, 1200, 2000, 2090, 2400, 2455, 3000}, []time.Duration{500 * ms}},
		"sound held":             {[]int{0, 500, 580, 1080, 1280, 2080, 2170, 2480, 2535, 3080}, []time.Duration{500 * ms}},
		"a small hole":           {[]int{0, 500, 550, 1000, 1200, 2000, 2090, 2400, 2455, 3000}, nil},
		"cut off":                {[]int{0, 700}, nil},
		"two holes after a hold": {[]int{0, 1000, 1200, 1500, 1580, 1700, 1790, 2080, 2170, 2480, 2535, 3000}, []time.Duration{1500 * ms, 1700 * ms}},
	} {
		found := newGaps(drawn(4*time.Second, between(c.stretches...)), alone)
		if !slices.EqualFunc(found, c.at, func(g span, at time.Duration) bool { return near(g.from, at, window) }) {
			t.Errorf("%s: %v", name, found)
		}
	}
}
