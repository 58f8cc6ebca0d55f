package remote

import (
	"context"
	"iter"
	"sync/atomic"
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

// Way is a rung made of stages of other rooms, whose errors are made into such as a
// [Rung] has.
type Way struct {
	Transport string // its name
	Has       Stages
	Ask       func(context.Context) error // as Probe
	Trip      func() time.Duration        // as RTT; nil: it is measured by Ask

	// Explain makes an error one that [Refusal], [ErrCredentials], [ErrUnable] … tell
	// apart, keeping it within; what it knows nothing of it gives back. Nil: so it does
	// with all.
	Explain func(error) error
}

// Refused is err as a [Refusal]: by this status, to come back after so long (0: not
// said), with a page for people or not.
func Refused(err error, status int, after time.Duration, page bool) error {
	return &refusalError{refused{status: status, after: after, page: page}, err}
}

type refusalError struct {
	refused
	err error
}

// Error implements the error interface.
func (r *refusalError) Error() string { return r.err.Error() }

// Unwrap gives what it was made of.
func (r *refusalError) Unwrap() error { return r.err }

// Rung makes the rung.
func (w Way) Rung() Rung {
	if w.Explain == nil {
		w.Explain = func(err error) error { return err }
	}
	return &way{Way: w}
}

type way struct {
	Way

	rtt atomic.Int64 // ns
}

// Name implements [Rung].
func (w *way) Name() string { return w.Transport }

// RTT implements [Rung].
func (w *way) RTT() time.Duration {
	if w.Trip != nil {
		return w.Trip()
	}
	return time.Duration(w.rtt.Load())
}

// Probe implements [Rung].
func (w *way) Probe(ctx context.Context) error {
	began := time.Now()
	if err := w.Ask(ctx); err != nil {
		return w.Explain(err)
	}
	w.rtt.Store(int64(max(time.Since(began), 1)))
	return nil
}

// Stages implements [Rung].
func (w *way) Stages() Stages {
	var s Stages
	if w.Has.Transcriber != nil {
		s.Transcriber = (*wayHears)(w)
	}
	if w.Has.Responder != nil {
		s.Responder = (*wayAnswers)(w)
	}
	if w.Has.Synthesizer != nil {
		s.Synthesizer = (*waySpeaks)(w)
	}
	if w.Has.Teacher != nil {
		s.Teacher = (*wayTeaches)(w)
	}
	return s
}

type (
	wayHears   way
	wayAnswers way
	waySpeaks  way
	wayTeaches way
)

// Transcribe implements [engine.Transcriber].
func (w *wayHears) Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return explained(w.Explain, w.Has.Transcriber.Transcribe(ctx, frames))
}

// Respond implements [engine.Responder].
func (w *wayAnswers) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return explained(w.Explain, w.Has.Responder.Respond(ctx, req))
}

// Synthesize implements [engine.Synthesizer].
func (w *waySpeaks) Synthesize(ctx context.Context, sentence string) iter.Seq2[engine.Speech, error] {
	return explained(w.Explain, w.Has.Synthesizer.Synthesize(ctx, sentence))
}

// Lesson implements [engine.Teacher].
func (w *wayTeaches) Lesson(ctx context.Context, req engine.LessonRequest) iter.Seq2[engine.LessonPiece, error] {
	return explained(w.Explain, w.Has.Teacher.Lesson(ctx, req))
}

// explained is seq with its error explained.
func explained[T any](explain func(error) error, seq iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v, err := range seq {
			if err != nil {
				err = explain(err)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}
