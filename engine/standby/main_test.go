package standby

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errKey = errors.New("test: 401")

// explained are options that know one error.
func explained(n *Notices) Options {
	return Options{Notices: n, Explain: func(err error) string {
		if errors.Is(err, errKey) {
			return "its key was refused"
		}
		return ""
	}}
}

// step is what a fake stage does next: it waits, then gives a value or fails.
type step[T any] struct {
	after time.Duration
	value T
	err   error
	hang  bool // until the context ends
}

// perform plays steps as a well-behaved stage does.
func perform[T any](ctx context.Context, steps []step[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, s := range steps {
			if s.hang {
				<-ctx.Done()
			}
			select {
			case <-time.After(s.after):
			case <-ctx.Done():
			}
			if ctx.Err() != nil {
				yield(s.value, context.Cause(ctx)) // as an HTTP client does
				return
			}
			if !yield(s.value, s.err) || s.err != nil {
				return
			}
		}
	}
}

type responder struct {
	calls int
	steps []step[engine.Reply]
}

func (r *responder) Respond(ctx context.Context, _ engine.Request) iter.Seq2[engine.Reply, error] {
	r.calls++
	return perform(ctx, r.steps)
}

func words(text string) engine.Reply { return engine.Words{Text: text} }

// said runs a reply as a conversation does, effects included, unless it is only
// being prepared.
func said(t *testing.T, seq iter.Seq2[engine.Reply, error], allowed bool) (text string) {
	t.Helper()
	for piece, err := range seq {
		if err != nil {
			t.Fatalf("failed: %v", err)
		}
		switch piece := piece.(type) {
		case engine.Words:
			text += piece.Text
		case engine.Voiced:
			text += piece.Text
		case engine.Effect:
			if !allowed {
				continue
			}
			if err := piece.Do(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	return text
}
