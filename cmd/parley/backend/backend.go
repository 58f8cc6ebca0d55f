package backend

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"parley/engine/openai"
	"parley/engine/realtime"
	"parley/engine/remote"
)

// Config says which backend, and how.
type Config struct {
	URL    string        // http(s):// or ws(s)://; a bare host is https
	Token  func() string // asked for at each connection; nil or "": none
	Voice  string        // empty: the backend's
	Speed  float64       // of speech; 0: as usual
	Own    remote.Stages // the embedded ones
	Memory remote.Memory // nil: the way is found anew at each start
	Only   string        // the name of the one way to use; empty: the best that works
	Log    *slog.Logger
}

// Backend is the ways to one. Run has to be running for it to answer well.
type Backend struct {
	*remote.Ladder
	lasting []*socket
	ways    []remote.Rung
	close   []func()
}

// The slowest and fastest that the wire has speech spoken.
const slowest, fastest = 0.25, 1.5

// New makes the ways; nothing is asked yet. Its error says what is wrong with the
// address, or that there is no way of that name.
func New(cfg Config) (*Backend, error) {
	base, err := Base(cfg.URL)
	if err != nil {
		return nil, err
	}
	if cfg.Token == nil {
		cfg.Token = func() string { return "" }
	}
	if cfg.Speed != 0 {
		cfg.Speed = min(max(cfg.Speed, slowest), fastest)
	}
	b := &Backend{}
	rungs, err := b.rungs(cfg, base)
	if err != nil {
		b.Close()
		return nil, err
	}
	b.ways = rungs
	if best, ok := rungs[0].(*socket); ok {
		best.want()
	}
	b.Ladder, err = remote.New(remote.Options{URL: base.String(), Own: cfg.Own, Memory: cfg.Memory, Log: cfg.Log}, rungs...)
	if err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// rungs are the ways, best first.
func (b *Backend) rungs(cfg Config, base *url.URL) ([]remote.Rung, error) {
	var all []remote.Rung
	for _, name := range []string{remote.WebSocket, remote.Duplex} {
		client, err := realtime.New(realtime.Config{
			URL: base.JoinPath("v1/realtime").String(), Stream: name == remote.Duplex,
			Token: cfg.Token, Voice: cfg.Voice, Speed: cfg.Speed, Language: "en", Log: cfg.Log,
		})
		if err != nil {
			return nil, err
		}
		s := newSocket(name, client)
		b.lasting, all = append(b.lasting, s), append(all, s)
	}
	at := remote.Backend{URL: base.String(), Token: cfg.Token}
	turn, err := remote.NewTurn(at, remote.TurnOptions{Voice: cfg.Voice, Speed: cfg.Speed})
	if err != nil {
		return nil, err
	}
	b.close = append(b.close, turn.Close)
	client := openai.NewHTTP()
	b.close = append(b.close, client.CloseIdleConnections)
	rest, err := newREST(cfg, base, client)
	if err != nil {
		return nil, err
	}
	b.close = append(b.close, rest.responder.Close)
	text, err := remote.NewChat(at)
	if err != nil {
		return nil, err
	}
	b.close = append(b.close, text.Close)
	all = append(all, turn, rest, text)
	if cfg.Only == "" {
		return all, nil
	}
	for _, r := range all {
		if strings.EqualFold(r.Name(), cfg.Only) {
			return []remote.Rung{r}, nil
		}
	}
	return nil, errors.New("backend: there is no way called " + cfg.Only)
}

// Run keeps the connection, and looks for a better way, until ctx ends.
func (b *Backend) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, s := range b.lasting {
		all.Go(func() { s.run(ctx) })
		all.Go(func() { b.Follow(ctx, s.name, s.client) })
	}
	all.Go(func() { b.Ladder.Run(ctx) })
	all.Wait()
}

// tryTime is how long a way may take to answer when it is tried.
const tryTime = 4 * time.Second

// Try asks the ways, best first, whether they work, instead of Run, and gives the name
// of the first that does and how long it takes there and back. The error is the best
// way's, or that the token is refused ([remote.ErrCredentials]).
func (b *Backend) Try(ctx context.Context) (way string, rtt time.Duration, err error) {
	running, end := context.WithCancel(ctx)
	var all sync.WaitGroup
	defer all.Wait()
	defer end()
	for _, s := range b.lasting {
		all.Go(func() { s.run(running) })
	}
	for _, r := range b.ways {
		one, cancel := context.WithTimeout(ctx, tryTime)
		failed := r.Probe(one)
		cancel()
		if failed == nil {
			return r.Name(), measured(ctx, r), nil
		}
		if errors.Is(failed, remote.ErrCredentials) {
			return "", 0, failed
		}
		if err == nil {
			err = failed
		}
	}
	return "", 0, err
}

// measured is how long a way takes there and back: a connection that was just made
// measures it now. 0 where it does not.
func measured(ctx context.Context, r remote.Rung) time.Duration {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	for r.RTT() == 0 && ctx.Err() == nil {
		time.Sleep(5 * time.Millisecond)
	}
	return r.RTT()
}

// Close ends what is left when Run has returned.
func (b *Backend) Close() {
	for _, end := range b.close {
		end()
	}
}
