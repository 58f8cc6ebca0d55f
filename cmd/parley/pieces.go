package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"parley/cmd/parley/backend"
	"parley/cmd/parley/hearing"
	"parley/engine"
	"parley/engine/history"
	"parley/engine/localservers"
	"parley/engine/remote"
	"parley/engine/settings"
	"parley/engine/teaching"
	"parley/engine/turn"
)

// pieces is everything a conversation is made of on this machine.
type pieces struct {
	settings     settings.Settings
	settingsPath string
	notices      []string // for the user, one sentence each
	store        *history.Store
	services     *services
	upstairs     *upstairs // nil: everything is answered here
	mind         *mind
	replay       *replay
	transcriber  embeddedTranscriber
	voice        engine.Synthesizer // the embedded one
	understands  engine.Transcriber // what the conversation has
	conversation *engine.Conversation
	fresh        bool        // nothing had been learnt at the start
	cleared      atomic.Bool // everything was: what is learnt goes along from before, and is not kept
	log          *slog.Logger

	stored chan struct{} // closed when store is set, if it ever will be; nil: it is
}

// gather opens everything. What is missing but can be done without becomes a
// notice. change is what differs, this once, from the settings.
func gather(ctx context.Context, log *slog.Logger, change ...func(*settings.Settings)) (*pieces, error) {
	p, err := prepare(log, change...)
	if err != nil {
		return nil, err
	}
	if err := p.open(ctx, nil); err != nil {
		return nil, err
	}
	return p, nil
}

// prepare reads what the user has chosen: enough for a window, in a millisecond.
// The rest is opened by open, which has to be called.
func prepare(log *slog.Logger, change ...func(*settings.Settings)) (*pieces, error) {
	p := &pieces{log: log, stored: make(chan struct{})}
	if err := p.loadSettings(); err != nil {
		return nil, err
	}
	for _, c := range change {
		c(&p.settings)
	}
	var err error
	if p.services, err = newServices(p.settings, log); err != nil {
		return nil, err
	}
	return p, nil
}

// startWithin is how long a start is waited for: a window that is slow to come must
// not keep the user from being heard.
const startWithin = 500 * time.Millisecond

// open opens what prepare has left. On an error it closes everything. The model
// loads in the background while everything else is opened, or, where there is a
// start to wait for, after that: loading keeps two cores busy.
func (p *pieces) open(ctx context.Context, start <-chan struct{}) error {
	known := loadLearnt()
	p.fresh = learntIsGone()
	if start == nil {
		p.transcriber = openTranscriber(known.Mean, p.known, p.log)
	}
	err := p.openStore(ctx)
	close(p.stored)
	teaching.Detector{}.Detect("") // reads its phrases, so that no turn waits for it
	if err == nil && start != nil {
		select {
		case <-start:
		case <-time.After(startWithin):
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
		if err == nil {
			p.transcriber = openTranscriber(known.Mean, p.known, p.log)
		}
	}
	if err == nil {
		err = p.assemble(ctx, known)
	}
	if err == nil {
		return nil
	}
	p.services.close()
	if p.store != nil {
		err = errors.Join(err, p.store.Close())
	}
	if p.transcriber != nil {
		err = errors.Join(err, p.transcriber.Close())
	}
	return err
}

// ask asks the history a question, as soon as it is open.
func (p *pieces) ask(question func(context.Context, *history.Store) error) error {
	if p.stored != nil {
		<-p.stored
	}
	if p.store == nil {
		return errNoHistory
	}
	ctx, cancel := context.WithTimeout(context.Background(), readWithin)
	defer cancel()
	return question(ctx, p.store)
}

var errNoHistory = errors.New("parley: there is no history: not even one that is not kept could be opened")

// known says whether somebody would take up what was said. Those who answer are there
// before anybody speaks.
func (p *pieces) known(text string) bool {
	return hearing.Known(text, p.mind.coach, p.mind.tutor)
}

// assemble opens what the conversation needs beside the history and the embedded
// transcriber, and makes it.
func (p *pieces) assemble(ctx context.Context, known learnt) error {
	var err error
	if p.voice, err = openVoice(string(p.settings.Voice), p.settings.Speed); err != nil {
		return err
	}
	transcriber, err := p.services.transcriber(p.transcriber)
	if err != nil {
		return err
	}
	voice, err := p.services.synthesizer(p.voice)
	if err != nil {
		return err
	}
	if p.upstairs, err = p.services.upstairs(remote.Stages{Transcriber: transcriber, Synthesizer: voice}); err != nil {
		return err
	}
	if backend.Readable(p.settings.Remote) {
		p.notices = append(p.notices, "What you say to the other computer can be read on the way, and so can its token: use an https address.")
	}
	var links engine.LinkWatcher
	if p.upstairs != nil {
		transcriber, voice, links = p.upstairs.transcriber(transcriber), p.upstairs.synthesizer(voice), p.upstairs
	}
	p.understands = transcriber
	p.replay = &replay{voice: voice, other: p.voiceAt}
	p.offerServers(ctx, localservers.Ports()...)
	if p.mind, err = p.makeMind(ctx); err != nil {
		return err
	}
	p.conversation = engine.New(engine.Config{
		Transcriber: transcriber,
		Responder:   p.mind.responder,
		Synthesizer: p.replay,
		Detector:    teaching.Detector{},
		Teacher:     p.mind.teacher,
		Announcer:   p.mind.announcer,
		Links:       links,
		Store:       p.store,
		Turns: turn.Config{
			Patience: turn.Patience(p.settings.Patience), BargeIn: turn.BargeIn(p.settings.BargeIn), Pauses: known.Pauses, Known: p.known,
		},
		Log: p.log,
	})
	return nil
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
	return p.store.SetRetention(ctx, history.Retention(p.settings.Keep))
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
// the room and the user's pauses; unless that was cleared, here or by another process.
func (p *pieces) Close() error {
	if !p.cleared.Load() && (p.fresh || !learntIsGone()) {
		saveLearnt(learnt{Mean: p.transcriber.Mean(), Pauses: p.conversation.Pauses()}, p.log)
	}
	p.services.close()
	return errors.Join(p.transcriber.Close(), p.store.Close(), p.mind.close())
}
