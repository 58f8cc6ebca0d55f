package main

import (
	"context"
	"errors"
	"iter"
	"sync"

	"parley/audio/pcm"
	"parley/engine"
)

// transcriber is one that has a decoder of its own, which takes one utterance at a
// time.
type transcriber interface {
	engine.Transcriber
	Complete(ctx context.Context) error // waits until it has loaded
	Close() error
}

// errCrowded says that more people speak at once than can be understood.
var errCrowded = errors.New("parleyd: too many people are speaking at once; try again, or run it with more --transcribers")

// pool is a transcriber for several utterances at once. Its decoders are made as they
// are needed, the first one at once; utterances beyond them wait.
type pool struct {
	open    func() transcriber
	waiting int           // how many may
	turns   chan struct{} // has a token for each decoder in use

	first transcriber

	mu    sync.Mutex
	free  []transcriber
	made  []transcriber
	queue int
}

// newPool makes a pool of at most most decoders, for which at most waiting utterances
// wait. Close must be called in the end.
func newPool(most, waiting int, open func() transcriber) *pool {
	first := open()
	return &pool{
		open: open, waiting: waiting, turns: make(chan struct{}, most), first: first,
		free: []transcriber{first}, made: []transcriber{first},
	}
}

// Ready waits until the first decoder has loaded.
func (p *pool) Ready(ctx context.Context) error { return p.first.Complete(ctx) }

// Transcribe implements [engine.Transcriber].
func (p *pool) Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) {
		t, err := p.acquire(ctx)
		if err != nil {
			if ctx.Err() == nil {
				yield(engine.Hypothesis{}, err)
			}
			return
		}
		defer p.release(t)
		for h, err := range t.Transcribe(ctx, frames) {
			if !yield(h, err) {
				return
			}
		}
	}
}

// acquire waits for a decoder.
func (p *pool) acquire(ctx context.Context) (transcriber, error) {
	select {
	case p.turns <- struct{}{}:
		return p.take(), nil
	default:
	}
	if !p.enqueue() {
		return nil, errCrowded
	}
	defer p.dequeue()
	select {
	case p.turns <- struct{}{}:
		return p.take(), nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (p *pool) enqueue() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.queue >= p.waiting {
		return false
	}
	p.queue++
	return true
}

func (p *pool) dequeue() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.queue--
}

// take is the decoder that was in use last, which is warm, or else a new one.
func (p *pool) take() transcriber {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.free); n > 0 {
		t := p.free[n-1]
		p.free = p.free[:n-1]
		return t
	}
	t := p.open() // returns at once; it loads while its first utterance is spoken
	p.made = append(p.made, t)
	return t
}

func (p *pool) release(t transcriber) {
	p.mu.Lock()
	p.free = append(p.free, t)
	p.mu.Unlock()
	<-p.turns
}

// Close closes the decoders. Nobody may transcribe any more.
func (p *pool) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, t := range p.made {
		errs = append(errs, t.Close())
	}
	return errors.Join(errs...)
}
