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
	half     int   // input samples after an output sample that the filter sees
	back     int   // … and before it, and those that only fill up a row
	phases   int64 // tabulated phases between two input samples
	table    [][lanes]float32

	history []float32 // input samples from position base on
	base    int64
	in      int64 // input samples taken
	at      int64 // input sample at or before the next output sample …
	rest    int64 // … and how far behind it that lies, in parts of to
}

// lanes is how many weights are taken at a time: a row of the table is filled up to
// whole ones.
const lanes = 8

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
	whole := (taps + lanes - 1) / lanes
	r.back = whole*lanes - r.half
	// A long filter is a smooth one: it needs few phases to interpolate between.
	r.phases = min(r.to, resamplePhases, max(16, resampleTable/int64(taps)))
	r.table = make([][lanes]float32, (int(r.phases)+1)*whole)
	row := make([]float64, taps)
	for p := range int(r.phases) + 1 {
		sum := 0.0
		for k := range taps {
			x := float64(k-r.half+1) - float64(p)/float64(r.phases)
			row[k] = sinc(cut*x) * kaiser(x/width)
			sum += row[k]
		}
		for k := range taps { // unity gain for every phase, or DC would ripple
			at := k + whole*lanes - taps
			r.table[p*whole+at/lanes][at%lanes] = float32(row[k] / sum)
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
	r.history = append(r.history[:0], make([]float32, r.back)...)
	r.base, r.in, r.at, r.rest = -int64(r.back), 0, 0, 0
}

// give appends the output samples that lie before input position end.
func (r *Resampler) give(dst []int16, end int64) []int16 {
	whole := (r.half + r.back) / lanes
	step, parts := r.from/r.to, r.from%r.to
	for r.at < end {
		x := r.history[r.at-int64(r.back)+1-r.base:]
		row, frac := r.rest, int64(0)
		if r.phases != r.to {
			row, frac = r.rest*r.phases/r.to, r.rest*r.phases%r.to
		}
		first := int(row) * whole
		sum := dot(x, r.table[first:first+whole])
		if frac != 0 {
			next := dot(x, r.table[first+whole:first+2*whole])
			sum += (next - sum) * float32(frac) / float32(r.to)
		}
		dst = append(dst, clip(sum))
		r.at += step
		if r.rest += parts; r.rest >= r.to {
			r.at, r.rest = r.at+1, r.rest-r.to
		}
	}
	return dst
}

// forget drops the input that no later output needs, and keeps the counters
// from growing without end.
func (r *Resampler) forget() {
	if drop := r.at - int64(r.back) + 1 - r.base; drop > 0 {
		drop = min(drop, int64(len(r.history)))
		r.history = r.history[:copy(r.history, r.history[drop:])]
		r.base += drop
	}
	if r.base > 1<<16 {
		r.at, r.in, r.base = r.at-r.base, r.in-r.base, 0
	}
}

// dot is the sum of the products of samples and a row of weights. It has four sums, so
// that no addition waits for the one before.
func dot(x []float32, row [][lanes]float32) float32 {
	var s0, s1, s2, s3 float32
	for i := range row {
		w, v := &row[i], (*[lanes]float32)(x[i*lanes:])
		s0 += v[0] * w[0]
		s1 += v[1] * w[1]
		s2 += v[2] * w[2]
		s3 += v[3] * w[3]
		s0 += v[4] * w[4]
		s1 += v[5] * w[5]
		s2 += v[6] * w[6]
		s3 += v[7] * w[7]
	}
	return s0 + s1 + s2 + s3
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
