package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"parley/engine/settings"
)

// learnt is what one start has learnt and the next begins with. It is a help, not
// a promise: without it everything works.
type learnt struct {
	Mean   []float64       `json:"cepstral_mean,omitempty"` // of the voice and the room
	Pauses []time.Duration `json:"pauses_ns,omitempty"`     // of the user within his turns
}

const learntName = "learnt.json"

func learntPath() (string, error) {
	dir, err := settings.DataDir()
	return filepath.Join(dir, learntName), err
}

// loadLearnt is what the last start has learnt; nothing, if that can't be read.
func loadLearnt() learnt {
	path, err := learntPath()
	if err != nil {
		return learnt{}
	}
	text, err := os.ReadFile(path) //nolint:gosec // a fixed name in the user's own directory
	if err != nil {
		return learnt{}
	}
	var l learnt
	if json.Unmarshal(text, &l) != nil {
		return learnt{}
	}
	return l
}

// learntIsGone says that there is nothing of the kind: a first start, or it was cleared.
func learntIsGone() bool {
	path, err := learntPath()
	if err == nil {
		_, err = os.Stat(path)
	}
	return errors.Is(err, fs.ErrNotExist)
}

// saveLearnt keeps it for the next start; a failure is logged and no more.
func saveLearnt(l learnt, log *slog.Logger) {
	path, err := learntPath()
	if err != nil {
		return
	}
	if err := replaceJSON(path, l); err != nil && !errors.Is(err, fs.ErrNotExist) {
		log.Warn("what was learnt of the voice is not kept", "err", err)
	}
}

// replaceJSON puts v into a file, whole or not at all, in a folder that is there.
func replaceJSON(path string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+unfinished, text, 0o600); err != nil {
		return err
	}
	return os.Rename(path+unfinished, path)
}
