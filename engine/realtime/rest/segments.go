package rest

import (
	"slices"
	"time"

	"parley/audio/pcm"
)

// Where long sound is cut into utterances: in the middle of a silence, once an
// utterance has some length; and where it is softest, when it gets longer than
// transcribers are used to.
const (
	levelTime         = 20 * time.Millisecond
	silenceThatCuts   = 600 * time.Millisecond
	shortestSegment   = 2 * time.Second
	longestSegment    = 45 * time.Second
	softestWithin     = 10 * time.Second // before longestSegment
	voiceOverNoise    = 10.0             // dB
	noiseAtMost       = -45.0            // dBFS: what is louder than that is no silence
	silenceForCertain = -65.0            // dBFS
)

// segment is an utterance of a longer sound: the samples from From to To (of 16
// kHz), of which those from Voice to Quiet are voice.
type segment struct{ from, to, voice, quiet int }

// segments cuts sound into utterances. Nothing is left out. Sound without voice is
// one segment.
func segments(samples []int16) []segment {
	step := pcm.Rate16k.Samples(levelTime)
	levels := make([]float64, 0, len(samples)/step+1)
	for part := range slices.Chunk(samples, step) {
		levels = append(levels, pcm.Level(part))
	}
	threshold := silenceUpTo(levels)
	var cuts []int // in steps
	begin, silence := 0, 0
	for i, level := range levels {
		if level <= threshold {
			silence++
		} else {
			// The voice goes on after a silence: that was the place.
			if middle := i - silence/2; lasts(silence) >= silenceThatCuts && lasts(middle-begin) >= shortestSegment && begin < i-silence {
				cuts, begin = append(cuts, middle), middle
			}
			silence = 0
		}
		if lasts(i-begin) >= longestSegment {
			near := i - int(softestWithin/levelTime)
			softest := near + slices.Index(levels[near:i], slices.Min(levels[near:i]))
			cuts, begin = append(cuts, softest), softest
		}
	}
	all := make([]segment, 0, len(cuts)+1)
	from := 0
	for _, to := range append(cuts, len(levels)) {
		s := segment{from: from * step, to: min(to*step, len(samples)), voice: from * step, quiet: min(to*step, len(samples))}
		loud := func(level float64) bool { return level > threshold }
		if first := slices.IndexFunc(levels[from:to], loud); first >= 0 {
			last := to
			for levels[last-1] <= threshold {
				last--
			}
			s.voice, s.quiet = (from+first)*step, min(last*step, len(samples))
		}
		all, from = append(all, s), to
	}
	return all
}

// silenceUpTo is the level up to which these are silence: some above what the
// quietest tenth has.
func silenceUpTo(levels []float64) float64 {
	if len(levels) == 0 {
		return silenceForCertain
	}
	sorted := slices.Sorted(slices.Values(levels))
	return max(silenceForCertain, min(noiseAtMost, sorted[len(sorted)/10]+voiceOverNoise))
}

func lasts(steps int) time.Duration { return time.Duration(steps) * levelTime }
