package remote

import (
	"context"
	"iter"
	"sync"

	"parley/audio/pcm"
	"parley/engine"
)

// Transcribe implements [engine.Transcriber]. Where a rung fails, the next hears the
// utterance from its beginning.
func (l *Ladder) Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) {
		l.mu.Lock()
		l.heard = true
		l.mu.Unlock()
		t := newTape(frames)
		defer t.close()
		on(ctx, l, call[engine.Hypothesis]{
			turn: true,
			stage: func(s Stages) (func(context.Context) iter.Seq2[engine.Hypothesis, error], bool) {
				return func(ctx context.Context) iter.Seq2[engine.Hypothesis, error] {
					return final(s.Transcriber.Transcribe(ctx, t.frames()))
				}, s.Transcriber != nil
			},
			again: func(h engine.Hypothesis) bool { return !h.Final },
			waits: func(g *guard) { t.whenOver(g.wait) },
		}, yield)
	}
}

// final ends with the final hypothesis; having none is an error.
func final(seq iter.Seq2[engine.Hypothesis, error]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) {
		for h, err := range seq {
			if !yield(h, err) || err != nil || h.Final {
				return
			}
		}
		yield(engine.Hypothesis{}, errNoFinal)
	}
}

// tape is an utterance's frames, which can be heard again from the beginning while
// more come.
type tape struct {
	mu   sync.Mutex
	next func() (pcm.Frame, bool)
	stop func()
	past []pcm.Frame
	over bool
	tell func() // called once when it is over
}

func newTape(frames iter.Seq[pcm.Frame]) *tape {
	t := &tape{}
	t.next, t.stop = iter.Pull(frames)
	return t
}

func (t *tape) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stop()
}

// whenOver has tell called when there are no more frames, at once if that is so.
func (t *tape) whenOver(tell func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		tell()
		return
	}
	t.tell = tell
}

// take gives frame number n.
func (t *tape) take(n int) (pcm.Frame, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n < len(t.past) {
		return t.past[n], true
	}
	f, ok := t.next()
	switch {
	case ok:
		t.past = append(t.past, f)
	case !t.over:
		t.over = true
		if t.tell != nil {
			t.tell()
		}
	}
	return f, ok
}

// frames yields all of them, those to come too. Of the soft ends that are past only
// one that nothing has followed is heard again: nobody waits for the others.
func (t *tape) frames() iter.Seq[pcm.Frame] {
	t.mu.Lock()
	past := len(t.past)
	t.mu.Unlock()
	return func(yield func(pcm.Frame) bool) {
		for n := 0; ; n++ {
			f, ok := t.take(n)
			if !ok {
				return
			}
			if len(f.Samples) == 0 && n < past-1 {
				continue
			}
			if !yield(f) {
				return
			}
		}
	}
}
