package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"parley/cmd/parley/hearing"
	"parley/engine"
	"parley/engine/flite"
	"parley/engine/history"
	"parley/engine/lesson"
	"parley/engine/pocketsphinx"
	"parley/engine/settings"
	"parley/engine/turn"
	"parley/engine/tutor"
	"parley/engine/wordnet"
)

// pieces is everything a conversation is made of on this machine.
type pieces struct {
	settings     settings.Settings
	settingsPath string
	notices      []string // for the user, one sentence each
	store        *history.Store
	dictionary   *wordnet.Dictionary // nil: not installed
	transcriber  *pocketsphinx.Transcriber
	conversation *engine.Conversation
	log          *slog.Logger
}

// gather opens everything. What is missing but can be done without becomes a
// notice.
func gather(ctx context.Context, log *slog.Logger) (*pieces, error) {
	p := &pieces{log: log}
	if err := p.loadSettings(); err != nil {
		return nil, err
	}
	// The model loads in the background while everything else is opened.
	hearingOptions := hearing.Options(tutor.New(tutor.Options{}), "")
	hearingOptions.Mean, hearingOptions.Log = loadMean(), log
	p.transcriber = pocketsphinx.New(hearingOptions)
	voice, err := flite.New(flite.Options{Voice: string(p.settings.Voice), Speed: p.settings.Speed})
	if err != nil {
		return nil, errors.Join(err, p.transcriber.Close())
	}
	if err := p.openStore(ctx); err != nil {
		return nil, errors.Join(err, p.transcriber.Close())
	}
	t, teacher := p.teachers()
	p.conversation = engine.New(engine.Config{
		Transcriber: p.transcriber,
		Responder:   t,
		Synthesizer: voice,
		Detector:    lesson.Detector{},
		Teacher:     teacher,
		Announcer:   t,
		Store:       p.store,
		Turns:       turn.Config{Patience: turn.Patience(p.settings.Patience), Known: hearingOptions.Known},
		Log:         log,
	})
	return p, nil
}

func (p *pieces) notice(err error) { p.notices = append(p.notices, err.Error()) }

func (p *pieces) loadSettings() error {
	path, err := settings.ConfigPath()
	if err != nil {
		return err
	}
	s, notices, err := settings.Load(path)
	if err != nil {
		p.notice(err)
	}
	p.settings, p.settingsPath = s, path
	p.notices = append(p.notices, notices...)
	return nil
}

// openStore opens the history, or, where that cannot be, one that lasts only as
// long as the program.
func (p *pieces) openStore(ctx context.Context) error {
	path, err := settings.HistoryPath()
	if err == nil {
		p.store, err = history.Open(ctx, path, p.log)
	}
	if err != nil {
		p.notice(fmt.Errorf("%w; this conversation will not be kept", err))
		p.store, err = history.OpenMemory(ctx, p.log)
	}
	if err != nil {
		return err
	}
	if n := p.store.Notice(); n != "" {
		p.notices = append(p.notices, n)
	}
	return nil
}

// teachers makes the responder and the lesson writer, with a dictionary if
// there is one.
func (p *pieces) teachers() (*tutor.Tutor, engine.Teacher) {
	options := tutor.Options{Memory: memory{p.store.Facts()}}
	dictionary, err := wordnet.Open(wordnet.DefaultDir)
	if err != nil {
		p.notice(err)
		return tutor.New(options), lesson.NewBuilder(nil) // whose lessons say what is missing
	}
	p.dictionary = dictionary
	options.Dictionary = dictionary
	return tutor.New(options), lesson.NewBuilder(dictionary)
}

// Close closes everything gather opened, and keeps what the transcriber has
// learnt of the voice and the room.
func (p *pieces) Close() error {
	saveMean(p.transcriber.Mean(), p.log)
	errs := []error{p.transcriber.Close(), p.store.Close()}
	if p.dictionary != nil {
		errs = append(errs, p.dictionary.Close())
	}
	return errors.Join(errs...)
}

// memory is the history's facts as the tutor wants them.
type memory struct{ facts history.Facts }

// Remember implements [tutor.Memory].
func (m memory) Remember(ctx context.Context, f tutor.Fact) error {
	return m.facts.Remember(ctx, history.Fact(f))
}

// Recall implements [tutor.Memory].
func (m memory) Recall(ctx context.Context, subject string) ([]tutor.Fact, error) {
	found, err := m.facts.Recall(ctx, subject)
	facts := make([]tutor.Fact, 0, len(found))
	for _, f := range found {
		facts = append(facts, tutor.Fact(f))
	}
	return facts, err
}

// Forget implements [tutor.Memory].
func (m memory) Forget(ctx context.Context, subject string) (int, error) {
	return m.facts.Forget(ctx, subject)
}

// meanPath is where the transcriber's cepstral mean is kept between starts.
func meanPath() (string, error) {
	dir, err := settings.DataDir()
	return filepath.Join(dir, "cepstral-mean.json"), err
}

// loadMean is the mean of the last start; nil, which means the model's own, if
// there is none that can be read.
func loadMean() []float64 {
	path, err := meanPath()
	if err != nil {
		return nil
	}
	text, err := os.ReadFile(path) //nolint:gosec // a fixed name in the user's own directory
	if err != nil {
		return nil
	}
	var mean []float64
	if json.Unmarshal(text, &mean) != nil {
		return nil
	}
	return mean
}

// saveMean keeps the mean for the next start. It is a help, not a promise: a
// failure is logged and no more.
func saveMean(mean []float64, log *slog.Logger) {
	path, err := meanPath()
	if err != nil || len(mean) == 0 {
		return
	}
	text, err := json.Marshal(mean)
	if err == nil {
		err = os.WriteFile(path+".new", text, 0o600)
	}
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		log.Warn("cepstral mean not kept", "err", err)
	}
}
