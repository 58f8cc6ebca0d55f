package remote

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// How long a rung may say nothing before it is asked whether it is there, and how
// long it then has to say so: before its answer has begun three seconds together, and
// in the middle longer, for it may take up what was cut.
const (
	quiet      = time.Second
	stalled    = 6 * time.Second
	due        = 2 * time.Second
	againEvery = 250 * time.Millisecond
)

// guard ends a call on a rung that has gone without a word. A backend may think for
// longer than a network may be silent: so it is not the call that has a time limit,
// but the answer to a probe during it.
type guard struct {
	rung   Rung
	ctx    context.Context //nolint:containedctx // the call's own, which it ends
	cancel context.CancelCauseFunc
	all    sync.WaitGroup

	mu    sync.Mutex
	timer *time.Timer
	n     int // how often something was waited for or came
	begun bool
	over  bool
	found error // why the call was ended
}

// guard makes the guard of a call on rung i, and the call's context.
func (l *Ladder) guard(ctx context.Context, i int) (context.Context, *guard) {
	g := &guard{rung: l.steps[i].rung}
	g.ctx, g.cancel = context.WithCancelCause(ctx)
	return g.ctx, g
}

// wait: from now on something is due.
func (g *guard) wait() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stop()
	if !g.over {
		n, after := g.n, quiet
		if g.begun {
			after = stalled
		}
		g.timer = time.AfterFunc(after, func() { g.ask(n) })
	}
}

// came: something has come, and nothing is due now.
func (g *guard) came() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.begun = true
	g.stop()
}

// stop forgets what was waited for. The lock is held.
func (g *guard) stop() {
	g.n++
	if g.timer != nil {
		g.timer.Stop()
	}
}

// gone is why the call was ended, nil if it was not.
func (g *guard) gone() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.found
}

// end ends the call.
func (g *guard) end() {
	g.mu.Lock()
	g.over = true
	g.stop()
	g.mu.Unlock()
	g.cancel(context.Canceled)
	g.all.Wait()
}

// ask asks whether the rung is there, unless something has come since.
func (g *guard) ask(n int) {
	g.mu.Lock()
	if g.over || g.n != n {
		g.mu.Unlock()
		return
	}
	g.all.Add(1)
	g.mu.Unlock()
	defer g.all.Done()
	err := insist(g.ctx, g.rung, due)
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.over || g.n != n || g.ctx.Err() != nil:
	case err == nil: // it thinks
		g.timer = time.AfterFunc(probeTime, func() { g.ask(n) })
	default:
		g.found = err
		g.cancel(err)
	}
}

// insist asks a rung whether it works, again and again until it does: what has lost
// its connection may be about to have it back. A host that answers, but not as wanted,
// would say the same again.
func insist(ctx context.Context, r Rung, within time.Duration) error {
	until := time.Now().Add(within)
	for {
		err := probe(ctx, r, time.Until(until))
		_, refused := errors.AsType[Refusal](err)
		if err == nil || refused || errors.Is(err, ErrCredentials) || ctx.Err() != nil || time.Until(until) <= againEvery {
			return err
		}
		select {
		case <-time.After(againEvery):
		case <-ctx.Done():
			return err
		}
	}
}

// probe asks a rung whether it works. Where it does not say within that long, the
// error wraps [ErrSilent].
func probe(ctx context.Context, r Rung, within time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	err := r.Probe(ctx)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("%w: %w", ErrSilent, err)
	}
	return err
}
