package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"parley/cmd/parley/hearing"
	"parley/engine"
	"parley/engine/flite"
	"parley/engine/history"
	"parley/engine/lesson"
	"parley/engine/pocketsphinx"
	"parley/engine/settings"
	"parley/engine/teaching"
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
	hearingOptions := hearing.Options("", hearing.Offline()...)
	known := loadLearnt()
	hearingOptions.Mean, hearingOptions.Log = known.Mean, log
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
		Detector:    teaching.Detector{},
		Teacher:     teacher,
		Announcer:   t,
		Store:       p.store,
		Turns:       turn.Config{Patience: turn.Patience(p.settings.Patience), Pauses: known.Pauses, Known: hearingOptions.Known},
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
	options := tutor.Options{Memory: memory{p.store.Facts()}, Send: p.send}
	dictionary, err := wordnet.Open(wordnet.DefaultDir)
	if err != nil {
		p.notice(err)
		return tutor.New(options), lesson.NewBuilder(nil) // whose lessons say what is missing
	}
	p.dictionary = dictionary
	options.Dictionary = dictionary
	return tutor.New(options), lesson.NewBuilder(dictionary)
}

// send gives the conversation a command. What changes how it is held is kept for
// the next start.
func (p *pieces) send(cmd engine.Command) error {
	if cmd, ok := cmd.(engine.SetPatience); ok {
		err := settings.Update(p.settingsPath, func(s *settings.Settings) { s.Patience = settings.Patience(cmd.Patience) })
		if err != nil {
			p.log.Warn("patience not kept", "err", err)
		}
	}
	return p.conversation.Send(cmd)
}

// Close closes everything gather opened, and keeps what was learnt of the voice,
// the room and the user's pauses.
func (p *pieces) Close() error {
	saveLearnt(learnt{Mean: p.transcriber.Mean(), Pauses: p.conversation.Pauses()}, p.log)
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
