package audio

import (
	"iter"
	"sync/atomic"
	"time"

	"parley/audio/pcm"
)

// blockSamples is the most that one block holds: 10 ms at 48 kHz.
const blockSamples = 480

// block is a stretch of sound and the time of its first sample.
type block struct {
	at      time.Time
	rate    pcm.Rate
	n       int
	back    int // samples before this block that were never heard: a flush took them back
	samples [blockSamples]int16
}

// tap carries stamped sound from one goroutine or device callback to one other,
// without locks and without allocating. When nobody takes what is put in, the
// newest is dropped; the stamps show the gap.
type tap struct {
	blocks []block
	put    atomic.Uint64
	taken  atomic.Uint64
}

// newTap makes a tap that holds about d of sound in blocks of 10 ms.
func newTap(d time.Duration) *tap {
	return &tap{blocks: make([]block, max(1, d/pcm.FrameTime))}
}

// offer puts samples in, or as much of them as there is room for. A nil tap
// takes nothing.
func (t *tap) offer(at time.Time, rate pcm.Rate, samples []int16) {
	t.offerAfter(0, at, rate, samples)
}

// offerAfter does so after back samples of those offered before were taken back.
func (t *tap) offerAfter(back int, at time.Time, rate pcm.Rate, samples []int16) {
	if t == nil {
		return
	}
	for len(samples) > 0 {
		put := t.put.Load()
		if put-t.taken.Load() >= uint64(len(t.blocks)) {
			return
		}
		b := &t.blocks[put%uint64(len(t.blocks))]
		b.at, b.rate, b.back = at, rate, back
		b.n = copy(b.samples[:], samples)
		t.put.Store(put + 1)
		samples, back = samples[b.n:], 0
		at = at.Add(rate.Duration(b.n))
	}
}

// all yields what is in the tap, oldest first. A block is valid until the next
// one is asked for. A nil tap is empty.
func (t *tap) all() iter.Seq[*block] {
	return func(yield func(*block) bool) {
		if t == nil {
			return
		}
		for taken := t.taken.Load(); taken < t.put.Load(); taken++ {
			more := yield(&t.blocks[taken%uint64(len(t.blocks))])
			t.taken.Store(taken + 1)
			if !more {
				return
			}
		}
	}
}
