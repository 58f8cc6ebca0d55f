package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

const waysName = "ways.json"

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
	err := os.MkdirAll(filepath.Dir(f.path), 0o700)
	if err == nil {
		err = replaceJSON(f.path, ways)
	}
	if err != nil {
		f.log.Warn("the way to the backend is not kept", "err", err)
	}
}
