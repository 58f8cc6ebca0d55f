package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"parley/cmd/parley/hearing"
	"parley/engine"
	"parley/engine/flite"
	"parley/engine/pocketsphinx"
	"parley/engine/realtime/server"
	"parley/engine/teaching"
	"parley/engine/turn"
)

// engines is what answers, and what ends it.
type engines struct {
	backend server.Backend
	ready   func(context.Context) error // waits until speech can be understood
	close   func() error
}

// assemble puts the engines together.
func assemble(o options, log *slog.Logger) (*engines, error) {
	if o.canned {
		log.Warn("answers are canned: this is for load tests alone")
		return &engines{backend: cannedBackend(), ready: func(context.Context) error { return nil }, close: func() error { return nil }}, nil
	}
	voices, err := newVoices(o.voice)
	if err != nil {
		return nil, err
	}
	books := openLibrary(log)
	minds, err := books.minds(o, log)
	if err != nil {
		return nil, errors.Join(err, books.Close())
	}
	skills := hearing.Offline()
	ears := newPool(o.transcribers, o.waiting, func() transcriber {
		options := hearing.Options(o.languageModel, skills...)
		options.Log = log
		return pocketsphinx.New(options)
	})
	teaching.Detector{}.Detect("") // reads its phrases, so that no turn waits for it
	return &engines{
		backend: server.Backend{
			Model: "parley", Transcriber: ears, Synthesizer: voices.voice, Mind: minds, Detector: teaching.Detector{},
			Turns: turn.Config{Patience: o.patience, Known: func(text string) bool { return hearing.Known(text, skills...) }},
		},
		ready: ears.Ready,
		close: func() error { return errors.Join(ears.Close(), books.Close()) },
	}, nil
}

// voices are flite's by name and speed, made once.
type voices struct {
	usual    string
	ordinary engine.Synthesizer
	mu       sync.Mutex
	made     map[string]engine.Synthesizer
}

func newVoices(usual string) (*voices, error) {
	ordinary, err := flite.New(flite.Options{Voice: usual})
	return &voices{usual: usual, ordinary: ordinary, made: make(map[string]engine.Synthesizer)}, err
}

// voice is what speaks with a voice at a speed. Other services' names for voices
// ("alloy", "marin") mean the usual one, so that their clients need no changes.
func (v *voices) voice(name string, speed float64) engine.Synthesizer {
	if !slices.Contains(flite.Voices(), name) {
		name = v.usual
	}
	if speed == 0 {
		speed = 1
	}
	speed = min(max(speed, flite.MinSpeed), flite.MaxSpeed)
	key := fmt.Sprintf("%s %.2f", name, speed) // of 200 there can be, at 16 bytes a piece
	v.mu.Lock()
	defer v.mu.Unlock()
	if s := v.made[key]; s != nil {
		return s
	}
	s, err := flite.New(flite.Options{Voice: name, Speed: speed})
	if err != nil { // its name and speed are right
		return v.ordinary
	}
	v.made[key] = s
	return s
}
