package bench

import (
	"math"
	"math/rand/v2"
	"time"

	"parley/audio/pcm"
)

// cough makes a cough or two, after the three phases that its sound is known by
// (Korpáš, Sadloňová and Vrabec, "Analysis of the cough sound: an overview",
// Pulmonary Pharmacology 9, 1996): an explosive burst, a steady flow of air, and
// often a voiced end. The same seed makes the same cough.
func cough(seed uint64) pcm.Frame {
	rng := rand.New(rand.NewPCG(seed, 17))
	f := pcm.Frame{Rate: pcm.Rate16k}
	for range 1 + rng.IntN(2) {
		f.Samples = append(f.Samples, oneCough(rng)...)
		f.Samples = append(f.Samples, make([]int16, f.Rate.Samples(spread(rng, 60, 140)))...)
	}
	return f
}

// spread is a random time between two, in milliseconds.
func spread(rng *rand.Rand, from, to float64) time.Duration {
	return time.Duration((from + (to-from)*rng.Float64()) * float64(time.Millisecond))
}

func oneCough(rng *rand.Rand) []int16 {
	const rate = pcm.Rate16k
	burst, flow := rate.Samples(spread(rng, 35, 70)), rate.Samples(spread(rng, 90, 180))
	voice := 0
	if rng.IntN(3) > 0 {
		voice = rate.Samples(spread(rng, 60, 120))
	}
	pitch := 110 + 70*rng.Float64()
	loud := amplitude(-14 + 4*rng.Float64())
	sound := make([]int16, burst+flow+voice)
	low, below := 0.0, 0.0
	for i := range sound {
		var level, tone float64
		switch {
		case i < burst: // up within 3 ms, then down by 6 dB
			level = min(1, float64(i)/48) * (1 - 0.5*float64(i)/float64(burst))
		case i < burst+flow:
			level = 0.4 - 0.25*float64(i-burst)/float64(flow)
		default:
			part := float64(i-burst-flow) / float64(voice)
			level, tone = 0.12*(1-part), 0.35*(1-part)
		}
		// A throat's noise: little below 300 Hz and above 4 kHz.
		low += 0.75 * (rng.NormFloat64() - low)
		below += 0.1 * (low - below)
		sample := loud * level * (low - below)
		for harmonic := 1.0; tone > 0 && harmonic <= 6; harmonic++ {
			sample += loud * tone / harmonic * math.Sin(2*math.Pi*pitch*harmonic*float64(i)/float64(rate))
		}
		sound[i] = int16(max(math.MinInt16, min(math.MaxInt16, sample)))
	}
	return sound
}

// click makes the click of a key or a mouse: down and, a moment later, up. The
// same seed makes the same click.
func click(seed uint64) pcm.Frame {
	rng := rand.New(rand.NewPCG(seed, 23))
	f := pcm.Frame{Rate: pcm.Rate16k, Samples: make([]int16, pcm.Rate16k.Samples(200*time.Millisecond))}
	strike := func(at time.Duration, loud float64) {
		ring := 1500 + 2500*rng.Float64()
		for i, from := 0, f.Rate.Samples(at); i < f.Rate.Samples(15*time.Millisecond); i++ {
			t := float64(i) / float64(f.Rate)
			sample := loud * math.Exp(-t/0.002) * (0.5*rng.NormFloat64() + math.Sin(2*math.Pi*ring*t))
			f.Samples[from+i] = int16(max(math.MinInt16, min(math.MaxInt16, sample)))
		}
	}
	strike(10*time.Millisecond, amplitude(-9))
	strike(10*time.Millisecond+spread(rng, 50, 110), amplitude(-15))
	return f
}
