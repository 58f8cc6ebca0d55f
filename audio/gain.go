package audio

import (
	"math"
	"sync/atomic"
)

// factor is what samples are multiplied by to be that many dB softer.
func factor(dB float64) float64 { return math.Pow(10, -math.Abs(dB)/20) }

// gain is a factor that one goroutine sets and a device callback follows without
// a click.
type gain struct {
	wanted atomic.Uint64 // as bits; 0 means 1
	now    float64       // of the callback; 0 means 1
}

func (g *gain) set(factor float64) { g.wanted.Store(math.Float64bits(factor)) }

// follow is the factor at the beginning and at the end of the next block.
func (g *gain) follow() (from, to float64) {
	if from = g.now; from == 0 {
		from = 1
	}
	if to = math.Float64frombits(g.wanted.Load()); to == 0 {
		to = 1
	}
	g.now = to
	return from, to
}

// scale multiplies samples, with a factor that goes from one to the other.
func scale(samples []int16, from, to float64) {
	if from == 1 && to == 1 {
		return
	}
	step := (to - from) / float64(max(1, len(samples)))
	for i, v := range samples {
		samples[i] = int16(float64(v) * (from + step*float64(i)))
	}
}
