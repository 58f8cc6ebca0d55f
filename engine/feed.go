package engine

import (
	"context"
	"iter"
	"sync"

	"parley/audio/pcm"
)

// Feed is the frames of one utterance on their way to a [Transcriber], from whoever
// hears them. It never makes who puts in wait, and has no bound of its own. Each soft
// end bears a mark of type M, by which its answer is known. One goroutine takes out.
// [NewFeed] makes one.
type Feed[M any] struct {
	wake chan struct{}

	mu      sync.Mutex
	frames  []fed[M]
	over    bool
	reached M // by the soft end that was last taken
}

// fed is a frame, or, without samples, a soft end.
type fed[M any] struct {
	frame pcm.Frame
	mark  M
}

// NewFeed returns an empty feed.
func NewFeed[M any]() *Feed[M] { return &Feed[M]{wake: make(chan struct{}, 1)} }

// Push puts in the next samples, 16 kHz, which are the feed's from now on.
func (f *Feed[M]) Push(samples []int16) {
	f.put(fed[M]{frame: pcm.Frame{Rate: pcm.Rate16k, Samples: samples}})
}

// SoftEnd says that the user has fallen silent, perhaps for good.
func (f *Feed[M]) SoftEnd(mark M) {
	f.put(fed[M]{frame: pcm.Frame{Rate: pcm.Rate16k}, mark: mark})
}

// put puts one in, unless the feed has ended.
func (f *Feed[M]) put(one fed[M]) {
	f.mu.Lock()
	if !f.over {
		f.frames = append(f.frames, one)
	}
	f.mu.Unlock()
	f.signal()
}

// End says that no more frames will come.
func (f *Feed[M]) End() {
	f.mu.Lock()
	f.over = true
	f.mu.Unlock()
	f.signal()
}

func (f *Feed[M]) signal() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// Reached is the mark of the soft end that was taken last: the one that is being
// answered.
func (f *Feed[M]) Reached() M {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.reached
}

// take returns what there is, and whether no more will come.
func (f *Feed[M]) take() (frames []fed[M], over bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	frames, f.frames = f.frames, nil
	return frames, f.over
}

// Frames yields the frames as they come until the feed or ctx ends, as a Transcriber
// takes them.
func (f *Feed[M]) Frames(ctx context.Context) iter.Seq[pcm.Frame] {
	return func(yield func(pcm.Frame) bool) {
		for {
			frames, over := f.take()
			for _, one := range frames {
				if len(one.frame.Samples) == 0 {
					f.mu.Lock()
					f.reached = one.mark
					f.mu.Unlock()
				}
				if ctx.Err() != nil || !yield(one.frame) {
					return
				}
			}
			if over {
				return
			}
			select {
			case <-f.wake:
			case <-ctx.Done():
				return
			}
		}
	}
}
