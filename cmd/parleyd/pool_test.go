package main

import (
	"context"
	"errors"
	"iter"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

// ear is a decoder that hears until it is told the words.
type ear struct {
	busy   atomic.Bool
	closed atomic.Bool
	t      *testing.T
}

func (e *ear) Transcribe(_ context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) {
		if e.busy.Swap(true) {
			e.t.Error("a decoder has two utterances at once")
		}
		defer e.busy.Store(false)
		for range frames {
			continue
		}
		yield(engine.Hypothesis{Text: "words", Final: true}, nil)
	}
}

func (e *ear) Complete(context.Context) error { return nil }

func (e *ear) Close() error {
	e.closed.Store(true)
	return nil
}

// utterance is one in progress.
type utterance struct {
	begun chan struct{}
	end   chan struct{}
	err   chan error
}

func (p *pool) speak(ctx context.Context, all *sync.WaitGroup) utterance {
	u := utterance{make(chan struct{}), make(chan struct{}), make(chan error, 1)}
	all.Go(func() {
		frames := func(func(pcm.Frame) bool) {
			close(u.begun)
			<-u.end
		}
		err := errors.New("nothing was yielded")
		for h, failed := range p.Transcribe(ctx, frames) {
			err = failed
			if failed == nil && h.Text != "words" {
				err = errors.New("other words")
			}
		}
		u.err <- err
	})
	return u
}

// waiting waits until so many wait.
func (p *pool) waitFor(t *testing.T, n int) {
	t.Helper()
	for until := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		p.mu.Lock()
		queue := p.queue
		p.mu.Unlock()
		if queue == n {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("%d wait, not %d", queue, n)
		}
	}
}

// Decoders are made as they are needed, up to as many as there may be; then
// utterances wait, up to as many as may; then they are refused.
func TestPool(t *testing.T) {
	var made []*ear
	p := newPool(2, 1, func() transcriber {
		made = append(made, &ear{t: t})
		return made[len(made)-1]
	})
	if err := p.Ready(t.Context()); err != nil || len(made) != 1 {
		t.Fatalf("%d decoders at the beginning, %v", len(made), err)
	}
	var all sync.WaitGroup
	first := p.speak(t.Context(), &all)
	<-first.begun
	if len(made) != 1 {
		t.Errorf("%d decoders for one utterance", len(made))
	}
	second := p.speak(t.Context(), &all)
	<-second.begun
	third := p.speak(t.Context(), &all)
	p.waitFor(t, 1)
	fourth := p.speak(t.Context(), &all)
	if err := <-fourth.err; !errors.Is(err, errCrowded) {
		t.Errorf("one too many: %v", err)
	}
	close(first.end)
	<-third.begun
	close(second.end)
	close(third.end)
	for _, u := range []utterance{first, second, third} {
		if err := <-u.err; err != nil {
			t.Error(err)
		}
	}
	all.Wait()
	if len(made) != 2 {
		t.Errorf("%d decoders were made", len(made))
	}
	if err := p.Close(); err != nil || !made[0].closed.Load() || !made[1].closed.Load() {
		t.Errorf("a decoder is left open, %v", err)
	}
}

// Who stops waiting leaves the queue, and is told nothing more.
func TestPoolWaitEnds(t *testing.T) {
	p := newPool(1, 1, func() transcriber { return &ear{t: t} })
	var all sync.WaitGroup
	first := p.speak(t.Context(), &all)
	<-first.begun
	ctx, cancel := context.WithCancel(t.Context())
	second := p.speak(ctx, &all)
	p.waitFor(t, 1)
	cancel()
	if err := <-second.err; err == nil || err.Error() != "nothing was yielded" {
		t.Errorf("after its context has ended: %v", err)
	}
	p.waitFor(t, 0)
	close(first.end)
	if err := <-first.err; err != nil {
		t.Error(err)
	}
	all.Wait()
}
