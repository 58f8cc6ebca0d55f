package audiotest

import (
	"math"
	"math/rand/v2"
	"time"

	"parley/audio/pcm"
)

// Room turns what a loudspeaker plays into what a microphone in the same room
// hears of it: later, softer, and with an echo that dies away. It needs no sound
// server and no time.
type Room struct {
	response []float64 // impulse response, from delay on
	past     []float64 // circular
	at       int
	delay    int
}

// NewRoom makes a room at 16 kHz: the sound arrives after delay, gain dB louder
// in all (negative: softer), and its echoes die away by 60 dB in reverberation.
// The same seed makes the same room.
func NewRoom(delay time.Duration, gain float64, reverberation time.Duration, seed uint64) *Room {
	rng := rand.New(rand.NewPCG(seed, seed))
	n := max(1, pcm.Rate16k.Samples(reverberation))
	r := &Room{response: make([]float64, n), delay: pcm.Rate16k.Samples(delay)}
	energy := 0.0
	for i := range r.response {
		decay := math.Pow(10, -3*float64(i)/float64(n))
		switch {
		case i == 0:
			r.response[i] = 1
		case rng.IntN(8) == 0: // sparse reflections
			r.response[i] = .3 * decay * rng.NormFloat64()
		}
		energy += r.response[i] * r.response[i]
	}
	for i := range r.response {
		r.response[i] *= math.Pow(10, gain/20) / math.Sqrt(energy)
	}
	r.past = make([]float64, n+r.delay)
	return r
}

// Echo takes the next samples that the loudspeaker plays, at 16 kHz, and
// returns what the microphone hears meanwhile.
func (r *Room) Echo(played []int16) []int16 {
	heard := make([]int16, len(played))
	for i, s := range played {
		r.past[r.at] = float64(s)
		sum := 0.0
		j := r.at - r.delay
		for _, h := range r.response {
			if j < 0 {
				j += len(r.past)
			}
			if h != 0 {
				sum += h * r.past[j]
			}
			j--
		}
		heard[i] = int16(max(math.MinInt16, min(math.MaxInt16, math.Round(sum))))
		r.at = (r.at + 1) % len(r.past)
	}
	return heard
}
