package standby

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"
)

// ErrSlow is what a first stage failed with that took too long.
var ErrSlow = errors.New("standby: no answer in time")

// attempt runs a sequence in a goroutine of its own, so that it can be given up
// on. It goes on to a value only when the one before it has been dealt with:
// whoever makes replies may rely on an effect having been done.
type attempt[T any] struct {
	cancel context.CancelFunc
	items  chan item[T]
	more   chan struct{}
	all    sync.WaitGroup
	begun  bool
}

type item[T any] struct {
	value T
	err   error
}

// try starts seq, which must end soon after its context does.
func try[T any](ctx context.Context, seq func(context.Context) iter.Seq2[T, error]) *attempt[T] {
	ctx, cancel := context.WithCancel(ctx)
	a := &attempt[T]{cancel: cancel, items: make(chan item[T]), more: make(chan struct{})}
	a.all.Go(func() {
		defer close(a.items)
		for v, err := range seq(ctx) {
			select {
			case a.items <- item[T]{v, err}:
			case <-ctx.Done():
				return
			}
			select {
			case <-a.more:
			case <-ctx.Done():
				return
			}
		}
	})
	return a
}

// next is the next value; false when there is none, and then the error is nil if
// the sequence ended by itself, the cause of ctx if that ended, [ErrSlow] when late
// (which may be nil) fired, else the sequence's own.
func (a *attempt[T]) next(ctx context.Context, late <-chan time.Time) (value T, ok bool, err error) {
	if a.begun {
		select {
		case a.more <- struct{}{}:
		case <-ctx.Done():
			return value, false, context.Cause(ctx)
		}
	}
	a.begun = true
	select {
	case it, open := <-a.items:
		switch {
		case ctx.Err() != nil: // it may have ended for that
			return value, false, context.Cause(ctx)
		case !open:
			return value, false, nil
		case it.err != nil:
			return value, false, it.err
		}
		return it.value, true, nil
	case <-late:
		return value, false, ErrSlow
	case <-ctx.Done():
		return value, false, context.Cause(ctx)
	}
}

// end gives it up, or lets it go; wait waits until it has gone.
func (a *attempt[T]) end()  { a.cancel() }
func (a *attempt[T]) wait() { a.cancel(); a.all.Wait() }

// slow is ErrSlow with the time that was allowed.
func slow(err error, within time.Duration) error {
	if errors.Is(err, ErrSlow) {
		return fmt.Errorf("%w: nothing in %v", err, within)
	}
	return err
}
