package bench

import (
	"math"
	"slices"
	"time"

	"parley/audio/pcm"
)

// Sound is audible above this level over a window. flite's hiss in a pause is at
// −55 dBFS, a virtual device's silence at none at all.
const (
	audibleLevel = -50.0 // dBFS
	window       = 5 * time.Millisecond
)

// amplitude is the sample value of a level.
func amplitude(dBFS float64) float64 { return 32768 * math.Pow(10, dBFS/20) }

// levels are the levels of a sound in windows, one after the other.
func levels(f pcm.Frame) []float64 {
	step := f.Rate.Samples(window)
	list := make([]float64, 0, len(f.Samples)/step+1)
	for at := 0; at+step <= len(f.Samples); at += step {
		list = append(list, pcm.Level(f.Samples[at:at+step]))
	}
	return list
}

// firstAudible is when a sound is first audible from a time on: the first sample
// above the limit in the first window above it.
func firstAudible(f pcm.Frame, from time.Duration) (time.Duration, bool) {
	step := f.Rate.Samples(window)
	for at := f.Rate.Samples(from); at+step <= len(f.Samples); at += step {
		if pcm.Level(f.Samples[at:at+step]) <= audibleLevel {
			continue
		}
		for i, s := range f.Samples[at : at+step] {
			if math.Abs(float64(s)) > amplitude(audibleLevel) {
				return f.Rate.Duration(at + i), true
			}
		}
	}
	return 0, false
}

// lastAudible is when a sound is last audible before a time: just behind the last
// sample above the limit in the last window above it.
func lastAudible(f pcm.Frame, before time.Duration) (time.Duration, bool) {
	step := f.Rate.Samples(window)
	for end := min(len(f.Samples), f.Rate.Samples(before)); end >= step; end -= step {
		if pcm.Level(f.Samples[end-step:end]) <= audibleLevel {
			continue
		}
		for i := end - 1; i >= end-step; i-- {
			if math.Abs(float64(f.Samples[i])) > amplitude(audibleLevel) {
				return f.Rate.Duration(i + 1), true
			}
		}
	}
	return 0, false
}

// Alignment of a reply with the same reply undisturbed.
const (
	alignSlack  = 60 * time.Millisecond  // how far playback may have slipped on the way
	alignWindow = 400 * time.Millisecond // what is compared
	alike       = 0.8                    // correlation of sounds that are the same
)

// align finds how much later than in the reference a reply sounds in a recording
// shortly before a time of the recording, by cross-correlation near a first
// guess. ok is false where the two are not alike.
func align(recording, reference pcm.Frame, before, guess time.Duration) (later time.Duration, ok bool) {
	rate := recording.Rate
	end := min(rate.Samples(before), len(recording.Samples))
	begin := max(0, end-rate.Samples(alignWindow))
	best, bestLag := 0.0, 0
	correlation := func(lag, stride int) float64 {
		var xy, xx, yy float64
		for i := begin; i < end; i += stride {
			j := i - lag
			if j < 0 || j >= len(reference.Samples) {
				continue
			}
			x, y := float64(recording.Samples[i]), float64(reference.Samples[j])
			xy, xx, yy = xy+x*y, xx+x*x, yy+y*y
		}
		if xx == 0 || yy == 0 {
			return 0
		}
		return xy / math.Sqrt(xx*yy)
	}
	middle, slack := rate.Samples(guess), rate.Samples(alignSlack)
	const coarse = 8 // a third of a period of the highest that flite's 16 kHz voices are loud in
	search := func(from, to, step, stride int) {
		for lag := from; lag <= to; lag += step {
			if c := correlation(lag, stride); c > best {
				best, bestLag = c, lag
			}
		}
	}
	bestLag = middle
	search(middle-slack, middle+slack, coarse, 3)
	best = 0
	search(bestLag-coarse, bestLag+coarse, 1, 1)
	return rate.Duration(bestLag), best >= alike
}

// bargeIn is what a recording tells of an interruption, from the user's onset.
type bargeIn struct {
	ducked, silent time.Duration
}

// How the assistant's voice is judged against the reply undisturbed.
const (
	duckedBy = 6.0   // dB
	telling  = -42.0 // dBFS: what is quieter in the reference says little
	gone     = 60 * time.Millisecond
)

// measureBargeIn finds after which sample the recorded reply is never again as
// loud as the reference, but softer by duckedBy, and after which nothing of it is
// heard any more, for a reply that sounds later than the reference. A pause of the
// reply counts for neither. ok is false where it does not fall silent.
func measureBargeIn(recording, reference pcm.Frame, onset, later time.Duration) (b bargeIn, ok bool) {
	rate := recording.Rate
	step := rate.Samples(window)
	start, lag := rate.Samples(onset), rate.Samples(later)
	silent, missing := -1, 0 // sample behind the last audible one; windows that ought to have been audible since
	ducked := start
	for at := start; at+step <= len(recording.Samples) && at-lag+step <= len(reference.Samples); at += step {
		if at < lag {
			continue
		}
		now := pcm.Level(recording.Samples[at : at+step])
		ought := pcm.Level(reference.Samples[at-lag : at-lag+step])
		if now > audibleLevel {
			silent, missing = at+step, 0
		} else if ought > telling {
			missing++
		}
		if ought > telling {
			// A busy machine shifts the reply by some milliseconds, and a sound's edge
			// with it.
			loudest := ought
			for _, near := range []int{-2, -1, 1, 2} {
				if from := at - lag + near*step; from >= 0 && from+step <= len(reference.Samples) {
					loudest = max(loudest, pcm.Level(reference.Samples[from:from+step]))
				}
			}
			if now > loudest-duckedBy {
				ducked = at + step
			}
		}
		if time.Duration(missing)*window >= gone {
			silent = max(start, silent)
			return bargeIn{ducked: rate.Duration(min(ducked, silent) - start), silent: rate.Duration(silent - start)}, true
		}
	}
	return bargeIn{}, false
}

// What is a gap in a reply.
const (
	gapSlack = 60 * time.Millisecond // a silence may be so much longer than without interference
	gapLeast = 20 * time.Millisecond // a shorter silence is part of a word
	gapDrift = 50 * time.Millisecond // the same silence lies no further off
)

// span is a stretch of a recording.
type span struct{ from, to time.Duration }

func (s span) length() time.Duration { return s.to - s.from }

// gaps are the silences of gapLeast and more between the first and the last
// audible sound.
func gaps(f pcm.Frame) (list []span, first time.Duration) {
	quiet, heard := -1, false
	for i, level := range levels(f) {
		at := time.Duration(i) * window
		switch {
		case level <= audibleLevel:
			if quiet < 0 {
				quiet = i
			}
			continue
		case !heard:
			first, heard = at, true
		case quiet >= 0:
			if gap := (span{time.Duration(quiet) * window, at}); gap.length() >= gapLeast {
				list = append(list, gap)
			}
		}
		quiet = -1
	}
	return list, first
}

// newGaps are the silences longer than gapSlack of a recorded reply that the
// reference has not, at the same place, or later by what new gaps before it
// have held the reply up.
func newGaps(recording, reference pcm.Frame) []span {
	var extra []span
	all, first := gaps(recording)
	known, begin := gaps(reference)
	later, held := first-begin, time.Duration(0)
	for _, g := range all {
		same := slices.IndexFunc(known, func(k span) bool {
			off := g.from - k.from - later
			return off >= -gapDrift && off <= held+gapDrift && (g.length()-k.length()).Abs() <= gapSlack
		})
		switch {
		case same >= 0:
			later, held = g.to-known[same].to, 0
			known = known[same+1:]
		case g.length() > gapSlack:
			extra = append(extra, g)
			held += g.length()
		}
	}
	return extra
}
