package engine

import (
	"context"
	"errors"
	"iter"
)

// Session is a conversation in progress, wherever its engine runs. The window,
// `parley talk`, the tests and the server all hold one of these and cannot tell
// which body it has.
type Session interface {
	// Run carries the conversation until ctx ends (it then returns nil) or it
	// cannot go on. It returns only when everything it started has ended. It
	// may be called once.
	Run(ctx context.Context, mic Microphone, spk Speaker) error

	// Watch yields a [Snapshot] and then every change until ctx ends, the
	// session has ended or the watcher has fallen behind. It may be called
	// before Run, and many times.
	Watch(ctx context.Context) iter.Seq[Event]

	// Send gives a command. It does not wait for its effect. It returns
	// [ErrClosed] when the session has ended and [ErrBusy] when commands come
	// faster than they can be taken.
	Send(Command) error
}

// What a caller may want to tell apart.
var (
	ErrClosed  = errors.New("engine: session has ended")
	ErrBusy    = errors.New("engine: too many commands at once")
	ErrNoSound = errors.New("engine: no sound device") // wrapped by microphones and speakers
)
