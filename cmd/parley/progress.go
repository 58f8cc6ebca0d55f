package main

import (
	"context"
	"sync"
	"time"

	"parley/engine"
)

// progress follows a conversation closely enough to know when it has nothing
// more to do.
type progress struct {
	mu      sync.Mutex
	busy    bool // somebody is speaking or thinking
	lesson  bool // a lesson is being written
	changed time.Time
	commits int
	taken   int // commits that committed has reported
}

func newProgress() *progress { return &progress{changed: time.Now()} }

// note takes the next event.
func (p *progress) note(ev engine.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch b := ev.Body.(type) {
	case engine.StateChanged:
		p.busy = b.State == engine.Hearing || b.State == engine.Thinking || b.State == engine.Speaking
	case engine.TranscriptFinal:
		p.commits++
	case engine.LessonDelta:
		p.lesson = true
	case engine.LessonDone:
		p.lesson = false
	case engine.Error:
		p.lesson = p.lesson && b.Stage != "lesson"
	case engine.Level:
		return
	}
	p.changed = time.Now()
}

// pollEvery is how often progress is looked at; nothing depends on it but how
// soon `parley talk` ends.
const pollEvery = 10 * time.Millisecond

// until waits for a condition; false means that ctx has ended.
func (p *progress) until(ctx context.Context, ok func() bool) bool {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		p.mu.Lock()
		done := ok()
		p.mu.Unlock()
		if done {
			return true
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
}

// committed waits for the next turn to be committed.
func (p *progress) committed(ctx context.Context) bool {
	return p.until(ctx, func() bool {
		if p.commits == p.taken {
			return false
		}
		p.taken = p.commits
		return true
	})
}

// quiet waits until nothing has happened for a while.
func (p *progress) quiet(ctx context.Context, while time.Duration) bool {
	since := time.Now()
	return p.until(ctx, func() bool {
		return !p.busy && !p.lesson && time.Since(p.changed) >= while && time.Since(since) >= while
	})
}
