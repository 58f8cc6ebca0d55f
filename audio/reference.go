package audio

import (
	"parley/audio/pcm"
)

// How the reference is read.
const (
	referenceHistory = 1 << 15 // samples kept: two seconds
	// How much the speaker is ahead of what is read, at first: enough for the
	// bursts in which devices ask for samples. For a monitor's frames one waits.
	referenceLead = 20 * 16 // samples: 20 ms
	monitorLead   = 10 * 16
	// referenceMost is how far ahead the speaker may be, and referencePatience
	// for how many frames it may be further, or behind: a busy machine serves
	// one device late and then both.
	referenceMost     = alignLatest + 300*16
	referencePatience = 100
	referenceFollow   = 50 // frames between looks at how far the speaker is ahead
)

// reference turns what the speaker played, as a tap on it or its monitor tells,
// into frames beside the microphone's, at 16 kHz. It counts samples and reads no clock: a frame is taken for each of
// the microphone's, one behind the other, so that its distance from the echo
// stays the same as long as both devices run. How large that is, and when it has
// changed, is the aligner's to find out.
type reference struct {
	tap       *tap
	lead      int64
	resampler *pcm.Resampler
	rate      pcm.Rate
	scratch   []int16

	history  [referenceHistory]int16
	next     int64 // index of the next sample to be written
	position int64 // index of the first sample of the next frame
	began    int64 // next, when it was last stopped
	told     int64 // next, when newest was last asked
	running  bool
	astray   int // frames for which the speaker has been too far ahead or behind

	// The least that the speaker was ahead in this half second, and what it
	// had played when that began.
	least  int64
	since  int64
	frames int
}

// frame fills out with the next frame; moved says that it does not follow on
// the one before. Unless held, it keeps close behind the speaker: a device that
// has just been opened asks for a lot at once, or for little.
func (r *reference) frame(out []int16, held bool) (moved bool) {
	r.take()
	clear(out)
	ahead := r.next - r.position - int64(len(out))
	switch {
	case !r.running:
		if r.next == r.began {
			return false // nothing has been played, or nothing is any more
		}
		r.position = r.next - int64(len(out)) - r.lead
		r.running, r.frames, moved = true, 0, true
	case ahead >= 0 && ahead <= referenceMost:
		r.astray = 0
	default:
		if r.astray++; r.astray > referencePatience {
			r.stop()
			return false
		}
	}
	if r.follow(ahead) && !held {
		r.position += r.least - r.lead
		moved = true
	}
	for i := range out {
		out[i] = r.sample(r.position + int64(i))
	}
	r.position += int64(len(out))
	return moved
}

// take takes in what has been played since.
func (r *reference) take() {
	for b := range r.tap.all() {
		r.add(b)
	}
}

// covers says whether what the next frame is to hold has been played; also
// when nothing is being played.
func (r *reference) covers() bool {
	r.take()
	return !r.running || r.next-r.position >= frameSamples
}

// stop gives up the place that was kept behind the speaker, until it plays
// again.
func (r *reference) stop() { r.running, r.astray, r.began = false, 0, r.next }

// follow notes how far the speaker is ahead and says, every half second,
// whether that was more than need be all the time, or too little.
func (r *reference) follow(ahead int64) bool {
	if r.frames == 0 {
		r.least, r.since = ahead, r.next
	}
	r.least = min(r.least, ahead)
	if r.frames++; r.frames < referenceFollow {
		return false
	}
	r.frames = 0
	if r.next == r.since { // it has stopped
		return false
	}
	return r.least > 2*r.lead || r.least < r.lead/4
}

// shift reads samples later from now on.
func (r *reference) shift(samples int) { r.position += int64(samples) }

// newest is how loud the last was that has been handed over since it was asked last,
// up to a frame of it, in dBFS: it is yet to be heard.
func (r *reference) newest() float64 {
	fresh := min(r.next-r.told, frameSamples)
	r.told = r.next
	var last [frameSamples]int16
	for i := range fresh {
		last[i] = r.sample(r.next - fresh + i)
	}
	if fresh <= 0 { // nothing, or a flush took some back
		return pcm.Silence
	}
	return pcm.Level(last[:fresh])
}

// add appends what the speaker played to the history.
func (r *reference) add(b *block) {
	if b.rate != r.rate {
		resampler, err := pcm.NewResampler(b.rate, pcm.Rate16k)
		if err != nil {
			return // no device has such a rate
		}
		r.resampler, r.rate = resampler, b.rate
	}
	if b.back > 0 { // a flush took these back
		r.next -= int64(b.back) * int64(pcm.Rate16k) / int64(b.rate)
		r.resampler.Reset()
	}
	r.scratch = r.resampler.Append(r.scratch[:0], b.samples[:b.n])
	for _, s := range r.scratch {
		r.history[r.next&(referenceHistory-1)] = s
		r.next++
	}
}

// sample is what was played at index i; nothing where that is not known.
func (r *reference) sample(i int64) int16 {
	if i >= r.next || i < r.next-referenceHistory || i < 0 {
		return 0
	}
	return r.history[i&(referenceHistory-1)]
}
