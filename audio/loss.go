package audio

import (
	"log/slog"

	"parley/engine"
)

// loss is the error that says that a device is gone: one sentence for the user,
// in place of the chain of causes. It wraps [engine.ErrNoSound].
type loss struct {
	sentence string
	cause    error // what the system said, for the log; may be nil
}

func (l *loss) Error() string { return "audio: " + l.sentence }

func (l *loss) Unwrap() []error {
	if l.cause == nil {
		return []error{engine.ErrNoSound}
	}
	return []error{engine.ErrNoSound, l.cause}
}

// The ways in which sound is lost.
func lostSystem(cause error) error {
	return &loss{"no sound system answers; " + orServer + "connect a sound device", cause}
}

func lostMicrophone() error {
	return &loss{"the microphone has gone silent; check that it is plugged in" + andServer, nil}
}

func lostSpeaker(cause error) error {
	return &loss{"the speaker has stopped; check that it is plugged in" + andServer, cause}
}

func lostToNothing(what string) error {
	return &loss{"the system's " + what + " nothing (ALSA's null device); choose a real one in the settings", nil}
}

// errClosed is what a speaker says when it is no longer to be used.
var errClosed error = &loss{"the speaker has been closed", nil}

// LogValue adds what the system said.
func (l *loss) LogValue() slog.Value {
	if l.cause == nil {
		return slog.StringValue(l.sentence)
	}
	return slog.StringValue(l.sentence + " (" + l.cause.Error() + ")")
}
