package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

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
		URL: s.chosen.Remote, Voice: string(s.chosen.Voice), Speed: s.chosen.Speed, Own: own, Memory: wayFile{filepath.Join(dir, "ways.json"), s.log}, Log: s.log,
		Token: sync.OnceValue(func() string {
			if token := settings.RemoteToken(); token != "" {
				return token
			}
			key, _ := s.key(context.Background(), s.chosen.Remote) // without one the backend says that it wants one
			return key
		}),
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
	return &upstairs{Backend: b, standIn: s.chosen.RemoteStandIn, options: standby.Options{
		Who: "the other computer", Within: max(oneWayDown, seconds(s.chosen.AnswerWithin)), Explain: remote.Explain, Log: s.log,
	}}, nil
}

// transcriber hears there, and here where that is away.
func (u *upstairs) transcriber(embedded engine.Transcriber) engine.Transcriber {
	if !u.standIn {
		return u.Backend
	}
	return &standby.Transcriber{First: u.Backend, Second: embedded, Options: u.options} // the responder says why
}

// responder answers there, and here where that is away.
func (u *upstairs) responder(embedded engine.Responder) engine.Responder {
	if !u.standIn {
		return u.Backend
	}
	return &standby.Responder{First: u.Backend, Second: embedded, Options: u.options}
}

// wayFile keeps which way to a backend worked, a host each.
type wayFile struct {
	path string
	log  *slog.Logger
}

type way struct {
	Way string    `json:"way"`
	At  time.Time `json:"at"`
}

func (f wayFile) read() map[string]way {
	ways := map[string]way{}
	text, err := os.ReadFile(f.path)
	if err == nil {
		err = json.Unmarshal(text, &ways)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		f.log.Warn("the way to the backend is found anew", "err", err)
	}
	return ways
}

// Recall implements [remote.Memory].
func (f wayFile) Recall(host string) (rung string, at time.Time, ok bool) {
	w, ok := f.read()[host]
	return w.Way, w.At, ok
}

// Remember implements [remote.Memory].
func (f wayFile) Remember(host, rung string, at time.Time) {
	ways := f.read()
	ways[host] = way{rung, at}
	text, err := json.Marshal(ways)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(f.path), 0o700)
	}
	if err == nil {
		err = os.WriteFile(f.path+".new", text, 0o600)
	}
	if err == nil {
		err = os.Rename(f.path+".new", f.path)
	}
	if err != nil {
		f.log.Warn("the way to the backend is not kept", "err", err)
	}
}
