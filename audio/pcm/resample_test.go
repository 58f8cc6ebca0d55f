package pcm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func tone(rate Rate, hz, amplitude float64, d time.Duration) Frame {
	f := Frame{Rate: rate, Samples: make([]int16, rate.Samples(d))}
	for i := range f.Samples {
		f.Samples[i] = int16(math.Round(amplitude * math.Sin(2*math.Pi*hz*float64(i)/float64(rate))))
	}
	return f
}

func TestResampleKeepsATone(t *testing.T) {
	for _, c := range []struct{ from, to Rate }{
		{16000, 24000}, {24000, 16000}, {48000, 16000}, {44100, 16000}, {8000, 16000},
		{22050, 24000}, {16000, 48000}, {44101, 16000}, {11025, 24000}, {16000, 16000}, {192000, 16000},
	} {
		t.Run(fmt.Sprintf("%d to %d", c.from, c.to), func(t *testing.T) {
			got, err := Resample(tone(c.from, 1000, 12000, time.Second), c.to)
			if err != nil {
				t.Fatal(err)
			}
			want := tone(c.to, 1000, 12000, time.Second)
			if len(got.Samples) != len(want.Samples) {
				t.Fatalf("%d samples, want %d", len(got.Samples), len(want.Samples))
			}
			edge := int(c.to) / 50
			var signal, noise float64
			for i := edge; i < len(want.Samples)-edge; i++ {
				d := float64(got.Samples[i]) - float64(want.Samples[i])
				noise += d * d
				signal += float64(want.Samples[i]) * float64(want.Samples[i])
			}
			if snr := 10 * math.Log10(signal/max(noise, 1e-9)); snr < 65 {
				t.Errorf("signal to error %.1f dB, want 65", snr)
			}
		})
	}
}

func TestResampleLeavesNoAlias(t *testing.T) {
	got, err := Resample(tone(48000, 11000, 20000, time.Second), 16000)
	if err != nil {
		t.Fatal(err)
	}
	if l := Level(got.Samples[1600:14400]); l > -75 {
		t.Errorf("11 kHz is heard at %.1f dBFS after going to 16 kHz", l)
	}
}

func TestResampleStreamsWithoutSeams(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	src := make([]int16, 30000)
	for i := range src {
		src[i] = int16(rng.IntN(40000) - 20000)
	}
	for _, rates := range [][2]Rate{{16000, 24000}, {24000, 16000}, {44100, 16000}, {47999, 16001}} {
		whole, err := Resample(Frame{Rate: rates[0], Samples: src}, rates[1])
		if err != nil {
			t.Fatal(err)
		}
		r, _ := NewResampler(rates[0], rates[1])
		var parts []int16
		for rest := src; len(rest) > 0; {
			n := min(len(rest), rng.IntN(700))
			parts = r.Append(parts, rest[:n])
			rest = rest[n:]
		}
		parts = r.Finish(parts)
		if !slices.Equal(parts, whole.Samples) {
			t.Errorf("%v: the stream cut in parts differs from the whole", rates)
		}
	}
}

func TestResamplerDoesNotDrift(t *testing.T) {
	r, err := NewResampler(44100, 16000)
	if err != nil {
		t.Fatal(err)
	}
	src, out, n := make([]int16, 441), []int16(nil), 0
	for range 5_000 {
		out = r.Append(out[:0], src)
		n += len(out)
	}
	if d := 5_000*160 - n; d < 0 || d > 100 {
		t.Errorf("%d samples are missing after 50 s", d)
	}
	if len(r.history) > 2*441 {
		t.Errorf("it holds %d samples back", len(r.history))
	}
}

func TestResamplerRefusesRates(t *testing.T) {
	for _, r := range []Rate{-1, 0, 999, 768001} {
		if _, err := NewResampler(r, 16000); err == nil {
			t.Errorf("%d Hz was taken", r)
		}
	}
}

func BenchmarkResample24to16(b *testing.B) {
	r, _ := NewResampler(24000, 16000)
	src, out := make([]int16, 240), make([]int16, 0, 200)
	for b.Loop() {
		out = r.Append(out[:0], src)
	}
}
