package openai

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// How a request is tried again, as long as nothing has come of it: the wait
// doubles from attempt to attempt.
const (
	attempts   = 3
	firstPause = 200 * time.Millisecond
)

// watch ends a request that takes too long: to begin, or in the middle.
type watch struct {
	ctx      context.Context //nolint:containedctx // the request's own, which it ends
	cancel   context.CancelCauseFunc
	timer    *time.Timer
	cause    atomic.Pointer[failure]
	deadline time.Time // for the first token
	service  Service
}

// watch begins to wait for the first token.
func (s Service) watch(ctx context.Context) *watch {
	w := &watch{service: s, deadline: time.Now().Add(s.firstToken())}
	w.ctx, w.cancel = context.WithCancelCause(ctx)
	w.cause.Store(s.slow())
	w.timer = time.AfterFunc(s.firstToken(), func() { w.cancel(w.cause.Load()) })
	return w
}

// hold stops the clock, while what has come is being taken: that may take its time.
func (w *watch) hold() { w.timer.Stop() }

// came: something has come and been taken; the next may take as long as Stall.
func (w *watch) came() { w.within(w.service.stall()) }

// within: the next may take so long.
func (w *watch) within(d time.Duration) {
	cut := w.service.cut()
	cut.again = false
	w.cause.Store(cut)
	w.timer.Reset(d)
}

// end ends the request.
func (w *watch) end() {
	w.timer.Stop()
	w.cancel(context.Canceled)
}

// try makes attempts until one succeeds, one fails for good or the time for the
// first token does not allow another. An attempt returns a *failure with again
// set only if nothing has come of it.
func (w *watch) try(attempt func(context.Context) error) error {
	pause := firstPause
	for n := 1; ; n++ {
		err := w.service.explain(w.ctx, attempt(w.ctx))
		var failed *failure
		if err == nil || n == attempts || !errors.As(err, &failed) || !failed.again {
			return err
		}
		wait := max(pause, failed.after)
		if time.Until(w.deadline) <= wait {
			return err
		}
		w.service.log().Info("service is asked again", "attempt", n, "failure", failed.kind, "wait", wait)
		select {
		case <-time.After(wait):
		case <-w.ctx.Done():
			return context.Cause(w.ctx)
		}
		pause *= 2
	}
}
