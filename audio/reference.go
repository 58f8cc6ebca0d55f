package audio

import (
	"math"
	"time"

	"parley/audio/pcm"
)

// How the reference follows the two devices.
const (
	referenceHistory = 1 << 15 // samples: two seconds
	// referenceMargin is how much older than the microphone's frame the
	// reference is. The way through both devices and the room takes 30 ms and
	// more, so the reference still leads its echo; and a speaker callback that
	// is late by this much leaves no hole.
	referenceMargin = 10 * time.Millisecond
	referenceJump   = 24.0 // samples of misalignment that are not drift: a device ran dry
	// referencePatience is for how many frames the alignment may be wrong before it
	// is changed, which the canceller has to learn anew. A server that stalls
	// holds up both devices alike, and their clocks notice at different times.
	referencePatience = 100
	referenceLost     = 8000.0 // samples that the speaker may be behind before it has stopped
	referenceSlack    = 4.0    // samples of misalignment that are let be
	// Drift is followed by a critically damped loop with a time constant of
	// ten seconds: gains per frame and sample, and the fastest correction
	// (200 ppm), which the canceller can follow.
	referenceGain     = 1.0 / 1000
	referenceIntegral = referenceGain * referenceGain / 4
	referenceFastest  = .032
)

// reference turns what the speaker played into frames that belong to the
// microphone's: 16 kHz, taken by time, without jumps while both devices run.
type reference struct {
	tap       *tap
	resampler *pcm.Resampler
	rate      pcm.Rate
	scratch   []int16

	history [referenceHistory]int16
	next    int64     // index of the next sample to be written
	end     float64   // index that belongs to endAt
	endAt   time.Time // when the speaker's last known sample was due

	position float64 // index of the first sample of the next frame
	drift    float64 // samples a frame
	astray   int     // frames for which the alignment has been wrong
	locked   bool
}

// frame fills out with the reference for the microphone's frame that was heard
// by the time end. It returns whether the alignment is another than before.
func (r *reference) frame(end time.Time, out []int16) (moved bool) {
	for b := range r.tap.all() {
		r.add(b)
	}
	clear(out)
	if r.endAt.IsZero() {
		return false
	}
	want := r.end - r.endAt.Sub(end.Add(-referenceMargin)).Seconds()*float64(pcm.Rate16k) - float64(len(out))
	if want > float64(r.next)+referenceLost || want < float64(r.next-referenceHistory/2) {
		r.locked = false // the speaker has stopped, or is not for this time
		return false
	}
	err := want - r.position
	switch {
	case !r.locked, r.astray >= referencePatience, math.Abs(err) > referenceLost:
		r.position, r.drift, r.astray = math.Round(want), 0, 0
		r.locked, moved = true, true
	case math.Abs(err) > referenceJump:
		r.astray++
	default:
		r.astray = 0
		err -= max(-referenceSlack, min(referenceSlack, err))
		r.drift = max(-referenceFastest, min(referenceFastest, r.drift+referenceIntegral*err))
		r.position += max(-referenceFastest, min(referenceFastest, r.drift+referenceGain*err))
	}
	first := math.Floor(r.position)
	fraction := r.position - first
	for i := range out {
		out[i] = r.at(int64(first)+int64(i), fraction)
	}
	r.position += float64(len(out))
	return moved
}

// add appends what the speaker played to the history.
func (r *reference) add(b *block) {
	if b.rate != r.rate {
		resampler, err := pcm.NewResampler(b.rate, pcm.Rate16k)
		if err != nil {
			return // no device has such a rate
		}
		r.resampler, r.rate, r.endAt = resampler, b.rate, time.Time{}
	}
	gap := b.at.Sub(r.endAt)
	switch {
	case r.endAt.IsZero() || gap > time.Second || gap < -time.Second:
		r.restart(r.next + referenceHistory)
		r.locked = false
	case b.back > 0:
		r.restart(int64(math.Round(r.end)) - int64(b.back)*int64(pcm.Rate16k)/int64(b.rate))
	}
	r.scratch = r.resampler.Append(r.scratch[:0], b.samples[:b.n])
	for _, s := range r.scratch {
		r.history[r.next&(referenceHistory-1)] = s
		r.next++
	}
	r.end += float64(b.n) * float64(pcm.Rate16k) / float64(b.rate)
	r.endAt = b.at.Add(b.rate.Duration(b.n))
}

// restart goes on writing at index, with silence before it.
func (r *reference) restart(index int64) {
	for i := max(r.next, index-referenceHistory); i < index; i++ {
		r.history[i&(referenceHistory-1)] = 0
	}
	r.resampler.Reset()
	r.next, r.end = index, float64(index)
}

// at interpolates the history by a cubic (Lagrange) through four samples.
func (r *reference) at(i int64, x float64) int16 {
	if x == 0 {
		return int16(r.sample(i))
	}
	a, b, c, d := r.sample(i-1), r.sample(i), r.sample(i+1), r.sample(i+2)
	v := -a*x*(x-1)*(x-2)/6 + b*(x+1)*(x-1)*(x-2)/2 - c*(x+1)*x*(x-2)/2 + d*(x+1)*x*(x-1)/6
	return int16(max(math.MinInt16, min(math.MaxInt16, math.Round(v))))
}

func (r *reference) sample(i int64) float64 {
	if i >= r.next || i < r.next-referenceHistory {
		return 0
	}
	return float64(r.history[i&(referenceHistory-1)])
}
