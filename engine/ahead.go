package engine

import (
	"context"
	"iter"
)

// ahead runs seq in a goroutine of its own, at most n values ahead of whoever
// takes them. The sequence it returns ends only when that goroutine has ended;
// seq has to stop when ctx does.
func ahead[T any](ctx context.Context, n int, seq func(context.Context) iter.Seq2[T, error]) iter.Seq2[T, error] {
	type item struct {
		value T
		err   error
	}
	return func(yield func(T, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		items := make(chan item, n)
		go func() {
			defer close(items)
			for v, err := range seq(ctx) {
				select {
				case items <- item{v, err}:
				case <-ctx.Done():
					return
				}
			}
		}()
		defer func() {
			cancel()
			for range items { // until the goroutine has closed it
			}
		}()
		for it := range items {
			if !yield(it.value, it.err) {
				return
			}
		}
	}
}
