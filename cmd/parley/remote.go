package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"parley/audio/pcm"
	"parley/cmd/parley/backend"
	"parley/engine"
	"parley/engine/remote"
	"parley/engine/settings"
	"parley/engine/standby"
)

// upstairs is a Parley on another computer that answers, and what stands in for it.
type upstairs struct {
	*backend.Backend
	standIn bool // the embedded engine goes on where it is away
	options standby.Options
	notices *standby.Notices // what is to be said where nobody goes on
	told    atomic.Bool      // that it is away
}

// oneWayDown is the least time for an answer: enough to find that the best way hangs,
// and to be answered over the next.
const oneWayDown = 6 * time.Second

// upstairs makes the ways to the chosen backend, and keeps them until close; nil if
// none is chosen.
func (s *services) upstairs(own remote.Stages) (*upstairs, error) {
	if s.chosen.Remote == "" {
		return nil, nil //nolint:nilnil // there is none
	}
	dir, err := settings.DataDir()
	if err != nil {
		return nil, err
	}
	b, err := backend.New(backend.Config{
		URL: s.chosen.Remote, Voice: string(s.chosen.Voice), Speed: s.chosen.Speed, Own: own,
		Memory: wayFile{filepath.Join(dir, waysName), s.log}, Log: s.log,
		Token: sync.OnceValue(func() string { return s.remoteToken(context.Background(), s.chosen.Remote) }),
	})
	if err != nil {
		return nil, err
	}
	ctx, end := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { b.Run(ctx) })
	s.also(func() {
		end()
		running.Wait()
		b.Close()
	})
	return &upstairs{Backend: b, standIn: s.chosen.RemoteStandIn, notices: s.notices, options: standby.Options{
		Who: "the other computer", Within: max(oneWayDown, seconds(s.chosen.AnswerWithin)), Explain: awayBecause, Log: s.log,
	}}, nil
}

// remoteToken lets this program in at a backend; "" where none is kept: one that wants
// one says so.
func (s *services) remoteToken(ctx context.Context, address string) string {
	if token := settings.RemoteToken(); token != "" {
		return token
	}
	key, _ := s.key(ctx, address) // as above
	return key
}

// awayBecause is why the backend does not answer, as a clause to be said: only what
// the user can do something about.
func awayBecause(err error) string {
	switch {
	case errors.Is(err, remote.ErrCredentials):
		return "it doesn't accept the token"
	case errors.Is(err, remote.ErrLater):
		return "it is busy"
	}
	return ""
}

// transcriber hears there, and here where that is away.
func (u *upstairs) transcriber(embedded engine.Transcriber) engine.Transcriber {
	if !u.standIn || isDeaf(embedded) {
		return unaided{u}
	}
	return &standby.Transcriber{First: u.Backend, Second: embedded, Options: u.options} // the responder says why
}

// responder answers there, and here where that is away.
func (u *upstairs) responder(embedded engine.Responder) engine.Responder {
	if !u.standIn {
		return unaided{u}
	}
	return &standby.Responder{First: u.Backend, Second: embedded, Options: u.options}
}

// synthesizer speaks there where words come without sound, and here where that is
// away: what this desk has to say of itself is heard whatever the network does.
func (u *upstairs) synthesizer(embedded engine.Synthesizer) engine.Synthesizer {
	return &standby.Synthesizer{First: u.Backend, Second: embedded, Options: u.options}
}

// unaided is a backend that nobody stands in for. What it fails with reads as a person
// wants it, and is spoken of once.
type unaided struct{ *upstairs }

// Transcribe implements [engine.Transcriber].
func (u unaided) Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return plainly(ctx, u.upstairs, u.Backend.Transcribe(ctx, frames))
}

// Respond implements [engine.Responder].
func (u unaided) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return plainly(ctx, u.upstairs, u.Backend.Respond(ctx, req))
}

// plainly is seq with its error as a person reads it.
func plainly[T any](ctx context.Context, u *upstairs, seq iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v, err := range seq {
			if err != nil && ctx.Err() == nil {
				err = u.failed(err)
			} else if err == nil {
				u.told.Store(false)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// failed is err as a person reads it; it is said once.
func (u *upstairs) failed(err error) error {
	why := awayBecause(err)
	if !u.told.Swap(true) {
		said := "The other computer isn't answering"
		if why != "" {
			said += ": " + why
		}
		u.notices.Say(said + ".")
	}
	if why == "" {
		return away{"remote: the other computer can't be reached; try again in a moment", err}
	}
	return away{fmt.Sprintf("remote: the other computer isn't answering: %s; see the settings", why), err}
}

// away is that the backend does not answer, without what the network says of it.
type away struct {
	said string
	err  error
}

// Error implements the error interface.
func (a away) Error() string { return a.said }

// Unwrap gives what the network says.
func (a away) Unwrap() error { return a.err }

// tryRemote asks a backend whether it works, and says over which way and how fast.
func tryRemote(ctx context.Context, address, token string, log *slog.Logger) (string, error) {
	b, err := backend.New(backend.Config{URL: address, Token: func() string { return token }, Log: log})
	if err != nil {
		return "", err
	}
	defer b.Close()
	way, rtt, err := b.Try(ctx)
	switch {
	case errors.Is(err, remote.ErrCredentials) && token == "":
		return "", away{"parley: it answers, but wants a token", err}
	case errors.Is(err, remote.ErrCredentials):
		return "", away{"parley: it answers, but does not accept the token", err}
	case err != nil:
		return "", away{"parley: it does not work: " + remote.Explain(err), err}
	}
	over := "over " + remote.Title(way)
	if rtt > 0 {
		over += fmt.Sprintf(", %v there and back", rtt.Round(time.Millisecond/10))
	}
	return over, nil
}
