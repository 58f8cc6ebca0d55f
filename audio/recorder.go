package audio

import (
	"io"
	"math"
	"sync"
	"time"

	"parley/audio/pcm"
)

// How a Recorder lays out time.
const (
	recordWindow = 3 * time.Second        // is held in memory
	recordBehind = time.Second            // younger than this may still change
	recordEvery  = 100 * time.Millisecond // the taps are emptied
	recordDrift  = 20 * time.Millisecond  // further from its time than this, sound is moved
)

// Recorder writes a WAV file of both sides on one clock: 16 kHz, left what a
// microphone heard (before echo cancelling), right what a speaker played, when it
// was heard. Where there was nothing there is silence. It never holds up those
// who give it sound, and its memory does not grow.
type Recorder struct {
	wav         *pcm.WAVWriter
	start       time.Time
	left, right track
	window      []int16 // interleaved, circular, from sample written on
	written     int64   // samples of each side in the file

	stop chan struct{}
	done sync.WaitGroup
	err  error // of writing; read after done
}

// track is one side of a recording.
type track struct {
	tap       *tap
	side      int // 0 left, 1 right
	resampler *pcm.Resampler
	rate      pcm.Rate
	next      int64 // sample where the next block goes, if it follows on
	scratch   []int16
}

// NewRecorder begins a recording whose first sample is at start. Close ends it;
// closing dst is up to the caller.
func NewRecorder(dst io.WriteSeeker, start time.Time) (*Recorder, error) {
	wav, err := pcm.NewWAVWriter(dst, pcm.Rate16k, 2)
	if err != nil {
		return nil, err
	}
	r := &Recorder{
		wav:    wav,
		start:  start,
		left:   track{tap: newTap(2 * time.Second), side: 0},
		right:  track{tap: newTap(2 * time.Second), side: 1},
		window: make([]int16, 2*pcm.Rate16k.Samples(recordWindow)),
		stop:   make(chan struct{}),
	}
	r.done.Go(r.run)
	return r, nil
}

// Close writes what is left, up to now, and returns the first error there was
// in writing. It is to be called once, when the devices have been closed.
func (r *Recorder) Close() error {
	close(r.stop)
	r.done.Wait()
	return r.err
}

// microphone is where a microphone puts what it hears; nil for no recorder.
func (r *Recorder) microphone() *tap {
	if r == nil {
		return nil
	}
	return r.left.tap
}

// speaker is where a speaker puts what is heard of it.
func (r *Recorder) speaker() *tap {
	if r == nil {
		return nil
	}
	return r.right.tap
}

func (r *Recorder) run() {
	tick := time.NewTicker(recordEvery)
	defer tick.Stop()
	for {
		select {
		case <-r.stop:
			r.collect()
			r.write(time.Now())
			if err := r.wav.Close(); r.err == nil {
				r.err = err
			}
			return
		case <-tick.C:
			r.collect()
			r.write(time.Now().Add(-recordBehind))
		}
	}
}

// index is the sample at a time.
func (r *Recorder) index(at time.Time) int64 {
	return int64(math.Round(at.Sub(r.start).Seconds() * float64(pcm.Rate16k)))
}

func (r *Recorder) collect() {
	for _, t := range []*track{&r.left, &r.right} {
		for b := range t.tap.all() {
			r.place(t, b)
		}
	}
}

// place puts a block where it belongs: after the one before, or, where its time
// says otherwise, at its time.
func (r *Recorder) place(t *track, b *block) {
	if b.rate != t.rate {
		resampler, err := pcm.NewResampler(b.rate, pcm.Rate16k)
		if err != nil {
			return // no device has such a rate
		}
		t.resampler, t.rate = resampler, b.rate
	}
	at := r.index(b.at)
	if d := at - t.next; d > int64(pcm.Rate16k.Samples(recordDrift)) || -d > int64(pcm.Rate16k.Samples(recordDrift)) {
		t.next = at
		t.resampler.Reset()
	}
	t.scratch = t.resampler.Append(t.scratch[:0], b.samples[:b.n])
	length := int64(len(r.window) / 2)
	for _, s := range t.scratch {
		if t.next >= r.written && t.next < r.written+length {
			r.window[2*(t.next%length)+int64(t.side)] = s
		}
		t.next++
	}
}

// write moves everything before the time end from the window to the file.
func (r *Recorder) write(end time.Time) {
	length := int64(len(r.window) / 2)
	for until := r.index(end); r.written < until; {
		i := r.written % length
		n := min(until-r.written, length-i, 1600)
		part := r.window[2*i : 2*(i+n)]
		if r.err == nil {
			r.err = r.wav.Write(part)
		}
		clear(part)
		r.written += n
	}
}
