package pcm

import (
	"fmt"
	"math"
)

// The limits of what is taken for a sample rate.
const (
	MinRate Rate = 1000
	MaxRate Rate = 768000
)

// The resampling filter: a sinc cut at 92 % of the lower Nyquist frequency,
// under a Kaiser window of β 8 (about 80 dB of stop band; J. F. Kaiser,
// "Nonrecursive digital filter design using the I0-sinh window function", 1974).
const (
	resampleZeros  = 20  // zero crossings of the sinc on each side
	resampleCutoff = .92 // of the lower of the two Nyquist frequencies
	resampleBeta   = 8.0
	// With more phases than this between two input samples the filter is
	// interpolated between its neighbours instead of being tabulated.
	resamplePhases = 640
	resampleTable  = 1 << 19 // weights at most, about
)

// Resampler changes the rate of a stream of samples. It keeps state between
// calls, so a stream may be cut anywhere. Output sample k lies at the time of
// input sample k·from/to: there is no delay to account for, only samples that
// are held back until the filter has seen what follows them. It is for one
// goroutine at a time.
type Resampler struct {
	from, to int64 // divided by their greatest common divisor
	half     int   // input samples on each side that the filter sees
	phases   int64 // tabulated phases between two input samples
	table    []float32

	history []float32 // input samples from position base on
	base    int64
	in      int64 // input samples taken
	out     int64 // output samples given
}

// NewResampler makes a resampler between any two rates from [MinRate] to
// [MaxRate].
func NewResampler(from, to Rate) (*Resampler, error) {
	for _, r := range []Rate{from, to} {
		if r < MinRate || r > MaxRate {
			return nil, fmt.Errorf("pcm: cannot resample %d Hz: rates go from %d to %d Hz", r, MinRate, MaxRate)
		}
	}
	g := gcd(int64(from), int64(to))
	r := &Resampler{from: int64(from) / g, to: int64(to) / g}
	if r.from != r.to {
		r.design()
	}
	r.Reset()
	return r, nil
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// design tabulates the filter: row p holds the weights of the 2·half input
// samples around an output sample that lies p/phases after an input sample.
func (r *Resampler) design() {
	cut := resampleCutoff * min(1, float64(r.to)/float64(r.from))
	width := resampleZeros / min(1, float64(r.to)/float64(r.from))
	r.half = int(math.Ceil(width))
	taps := 2 * r.half
	// A long filter is a smooth one: it needs few phases to interpolate between.
	r.phases = min(r.to, resamplePhases, max(16, resampleTable/int64(taps)))
	r.table = make([]float32, (int(r.phases)+1)*taps)
	row := make([]float64, taps)
	for p := range int(r.phases) + 1 {
		sum := 0.0
		for k := range taps {
			x := float64(k-r.half+1) - float64(p)/float64(r.phases)
			row[k] = sinc(cut*x) * kaiser(x/width)
			sum += row[k]
		}
		for k := range taps { // unity gain for every phase, or DC would ripple
			r.table[p*taps+k] = float32(row[k] / sum)
		}
	}
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

func kaiser(x float64) float64 {
	if x <= -1 || x >= 1 {
		return 0
	}
	return bessel0(resampleBeta*math.Sqrt(1-x*x)) / bessel0(resampleBeta)
}

// bessel0 is the modified Bessel function of the first kind and order zero, by
// its power series.
func bessel0(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > 1e-12*sum; k++ {
		term *= (x / 2 / k) * (x / 2 / k)
		sum += term
	}
	return sum
}

// Append resamples src, appends what can be given already to dst and returns
// the result.
func (r *Resampler) Append(dst, src []int16) []int16 {
	if r.from == r.to {
		return append(dst, src...)
	}
	for _, s := range src {
		r.history = append(r.history, float32(s))
	}
	r.in += int64(len(src))
	dst = r.give(dst, r.in-int64(r.half))
	r.forget()
	return dst
}

// Finish appends what is still held back, as if silence followed, and makes the
// resampler ready for a new stream.
func (r *Resampler) Finish(dst []int16) []int16 {
	if r.from == r.to {
		return dst
	}
	r.history = append(r.history, make([]float32, r.half)...)
	dst = r.give(dst, r.in)
	r.Reset()
	return dst
}

// Reset forgets the stream so far, also what is held back.
func (r *Resampler) Reset() {
	r.history = append(r.history[:0], make([]float32, r.half)...)
	r.base, r.in, r.out = -int64(r.half), 0, 0
}

// give appends the output samples that lie before input position end.
func (r *Resampler) give(dst []int16, end int64) []int16 {
	taps := 2 * r.half
	for {
		at, rest := r.out*r.from/r.to, r.out*r.from%r.to
		if at >= end {
			return dst
		}
		x := r.history[at-int64(r.half)+1-r.base:][:taps]
		phase := rest * r.phases
		row := int(phase/r.to) * taps
		sum := dot(x, r.table[row:row+taps])
		if frac := phase % r.to; frac != 0 {
			next := dot(x, r.table[row+taps:row+2*taps])
			sum += (next - sum) * float32(frac) / float32(r.to)
		}
		dst = append(dst, clip(sum))
		r.out++
	}
}

// forget drops the input that no later output needs, and keeps the counters
// from growing without end.
func (r *Resampler) forget() {
	keep := r.out*r.from/r.to - int64(r.half) + 1
	if drop := keep - r.base; drop > 0 {
		drop = min(drop, int64(len(r.history)))
		r.history = r.history[:copy(r.history, r.history[drop:])]
		r.base += drop
	}
	// After a whole number of periods in and out the phase is what it was.
	if whole := r.out / r.to; whole > 1<<16/r.to {
		r.out -= whole * r.to
		r.in -= whole * r.from
		r.base -= whole * r.from
	}
}

func dot(a, b []float32) float32 {
	var sum float32
	b = b[:len(a)]
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

func clip(v float32) int16 {
	switch {
	case v >= math.MaxInt16:
		return math.MaxInt16
	case v <= math.MinInt16:
		return math.MinInt16
	case v >= 0:
		return int16(v + .5)
	default:
		return int16(v - .5)
	}
}

// Resample returns f at another rate. Its errors are those of [NewResampler].
func Resample(f Frame, to Rate) (Frame, error) {
	r, err := NewResampler(f.Rate, to)
	if err != nil {
		return Frame{}, err
	}
	return Frame{Rate: to, Samples: r.Finish(r.Append(nil, f.Samples))}, nil
}
