package backend

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime"
	"parley/engine/remote"
)

// socket is a rung over a connection that lasts: a WebSocket, or one HTTP request.
type socket struct {
	name   string
	client *realtime.Client
	want   func()        // says that the connection is wanted, perhaps again
	wanted chan struct{} // closed by the first want
}

func newSocket(name string, client *realtime.Client) *socket {
	s := &socket{name: name, client: client, wanted: make(chan struct{})}
	s.want = sync.OnceFunc(func() { close(s.wanted) })
	return s
}

// run keeps the connection from when it is first wanted until ctx ends: who has a
// WebSocket needs no other session.
func (s *socket) run(ctx context.Context) {
	select {
	case <-s.wanted:
		_ = s.client.Run(ctx) // what it ends with, its stages say
	case <-ctx.Done():
	}
}

var _ remote.Rung = (*socket)(nil)

// Name implements [remote.Rung].
func (s *socket) Name() string { return s.name }

// Stages implements [remote.Rung].
func (s *socket) Stages() remote.Stages {
	return remote.Stages{Transcriber: s, Responder: s, Teacher: s}
}

// Probe implements [remote.Rung].
func (s *socket) Probe(ctx context.Context) error {
	s.want()
	return told(s.client.Ready(ctx))
}

// RTT implements [remote.Rung].
func (s *socket) RTT() time.Duration { return s.client.RTT() }

// Transcribe implements [engine.Transcriber].
func (s *socket) Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	s.want()
	return asTold(s.client.Transcribe(ctx, frames))
}

// Respond implements [engine.Responder].
func (s *socket) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	s.want()
	return asTold(s.client.Respond(ctx, req))
}

// Lesson implements [engine.Teacher].
func (s *socket) Lesson(ctx context.Context, req engine.LessonRequest) iter.Seq2[engine.LessonPiece, error] {
	s.want()
	return asTold(s.client.Lesson(ctx, req))
}

// asTold gives a sequence's errors as a ladder tells them apart.
func asTold[T any](seq iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v, err := range seq {
			if !yield(v, told(err)) {
				return
			}
		}
	}
}

// refusal is a refused upgrade as a ladder knows it.
type refusal struct{ *realtime.Refused }

// Error implements the error interface.
func (r refusal) Error() string { return r.Refused.Error() }

// Unwrap gives the refusal itself.
func (r refusal) Unwrap() error { return r.Refused }

// HTTPStatus implements [remote.Refusal].
func (r refusal) HTTPStatus() int { return r.Status }

// RetryAfter implements [remote.Refusal].
func (r refusal) RetryAfter() time.Duration { return r.Refused.RetryAfter }

// ProxyPage says that it was a page for people.
func (r refusal) ProxyPage() bool { return r.Page }

// told is an error of the client's as a ladder tells it apart.
func told(err error) error {
	refused, isRefused := errors.AsType[*realtime.Refused](err)
	switch {
	case err == nil:
		return nil
	case isRefused:
		return refusal{refused}
	case errors.Is(err, realtime.ErrCredentials):
		return fmt.Errorf("%w: %w", remote.ErrCredentials, err)
	case errors.Is(err, realtime.ErrTimeout):
		return fmt.Errorf("%w: %w", remote.ErrSilent, err)
	}
	return err
}
