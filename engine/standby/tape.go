package standby

import (
	"iter"
	"sync"
	"time"

	"parley/audio/pcm"
)

// tape is an utterance's frames, which can be heard again from the beginning
// while more come.
type tape struct {
	late chan time.Time // gets a value when it has been over for some time

	mu     sync.Mutex
	within time.Duration
	next   func() (pcm.Frame, bool)
	stop   func()
	frames []pcm.Frame
	over   *time.Timer // nil while there is more
}

// newTape records frames; whoever does not answer within that long of their end is
// late. It has to be closed.
func newTape(frames iter.Seq[pcm.Frame], within time.Duration) *tape {
	t := &tape{late: make(chan time.Time, 1), within: within}
	t.next, t.stop = iter.Pull(frames)
	return t
}

func (t *tape) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stop()
	if t.over != nil {
		t.over.Stop()
	}
}

// take gives the next frame that comes, and keeps it.
func (t *tape) take() (pcm.Frame, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f, ok := t.next()
	if ok {
		t.frames = append(t.frames, f)
	} else if t.over == nil {
		t.over = time.AfterFunc(t.within, func() { t.late <- time.Now() })
	}
	return f, ok
}

// record yields the frames as they come.
func (t *tape) record() iter.Seq[pcm.Frame] {
	return func(yield func(pcm.Frame) bool) {
		for {
			f, ok := t.take()
			if !ok || !yield(f) {
				return
			}
		}
	}
}

// again yields what has been recorded, and goes on recording. Soft ends that
// speech has followed are left out: nobody waits for an answer to them.
func (t *tape) again() iter.Seq[pcm.Frame] {
	return func(yield func(pcm.Frame) bool) {
		t.mu.Lock()
		past := t.frames[:len(t.frames):len(t.frames)]
		t.mu.Unlock()
		for i, f := range past {
			if len(f.Samples) == 0 && i < len(past)-1 {
				continue
			}
			if !yield(f) {
				return
			}
		}
		t.record()(yield)
	}
}
