package main

import (
	"context"
	"errors"
	"iter"
	"sync"
	"sync/atomic"

	"parley/engine"
	"parley/engine/history"
	"parley/engine/settings"
	"parley/engine/turn"
	"parley/ui"
)

// live is the engine under an open window: one conversation after the other, each
// made by the settings of its time. To the window it is one session, which may be
// watched and commanded before the first of them is there.
type live struct {
	p    *pieces
	cons console
	ear  ear

	renewals chan renewal
	ended    chan struct{} // closed when run has returned or will not be called

	changing sync.Mutex // settings are changed one after the other
	inForce  settings.Settings
	tray     atomic.Bool // inForce.Tray

	mu       sync.Mutex
	now      *engine.Conversation // nil before the first
	replay   *replay              // of the same
	early    []engine.Command     // for the first
	notices  []string             // of when it was made
	replaced chan struct{}        // closed when another takes its place
}

// renewal asks for the engine to be made anew by other settings.
type renewal struct {
	settings, before settings.Settings
	done             chan error // takes one
}

func newLive(p *pieces, cons console) *live {
	l := &live{p: p, cons: cons, renewals: make(chan renewal), ended: make(chan struct{}),
		inForce: p.settings, now: p.conversation, replay: p.replay, replaced: make(chan struct{})}
	l.tray.Store(p.settings.Tray)
	return l
}

// earlyMost is how many commands wait for the first conversation.
const earlyMost = 32

// begin opens what conversations are made of, the heaviest of it after start, and
// does what run does.
func (l *live) begin(ctx context.Context, start <-chan struct{}) error {
	if err := l.p.open(ctx, start); err != nil {
		close(l.ended)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the user was quicker: nothing went wrong
		}
		return err
	}
	l.mu.Lock()
	l.notices = l.p.notices
	l.mu.Unlock()
	l.replace(engine.Snapshot{})
	return l.run(ctx)
}

// begun waits until there is a conversation.
func (l *live) begun(ctx context.Context) error {
	now, replaced := l.session()
	if now != nil {
		return nil
	}
	select {
	case <-replaced:
		return nil
	case <-l.ended:
		return engine.ErrClosed
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// firstNotices are those that came up when all was opened. They are there as soon as
// a conversation is.
func (l *live) firstNotices() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.notices
}

// run holds conversations until ctx ends or one cannot go on.
func (l *live) run(ctx context.Context) error {
	defer close(l.ended)
	for {
		asked, was, err := l.hold(ctx)
		if asked == nil {
			return err
		}
		if err != nil {
			asked.done <- err
			return err
		}
		err = l.p.renew(ctx, asked.settings)
		if err != nil {
			if again := l.p.renew(ctx, asked.before); again != nil {
				asked.done <- err
				return errors.Join(err, again)
			}
		}
		asked.done <- err
		l.replace(was)
	}
}

// hold holds the present conversation. It returns the renewal that has ended it, if
// one has, and what the conversation was then.
func (l *live) hold(ctx context.Context) (asked *renewal, was engine.Snapshot, err error) {
	sound, err := openSound(ctx, l.p, talkOptions{}, nil, nil, l.cons)
	if err != nil {
		return nil, was, err
	}
	inner, end := context.WithCancel(ctx)
	var waiting sync.WaitGroup
	waiting.Go(func() {
		select {
		case r := <-l.renewals:
			asked, was = &r, snapshot(inner, l.p.conversation)
			end()
		case <-inner.Done():
		}
	})
	err = l.p.conversation.Run(inner, l.ear.before(sound.mic), sound.spk)
	end()
	waiting.Wait()
	return asked, was, errors.Join(err, sound.Close())
}

// snapshot is what a conversation is now.
func snapshot(ctx context.Context, c *engine.Conversation) engine.Snapshot {
	for ev := range c.Watch(ctx) {
		if s, ok := ev.Body.(engine.Snapshot); ok {
			return s
		}
	}
	return engine.Snapshot{}
}

// replace has the new conversation go on where the old one was.
func (l *live) replace(was engine.Snapshot) {
	if was.Conversation.ID != 0 {
		_ = l.p.conversation.Send(engine.OpenConversation{ID: was.Conversation.ID}) // it has room: it has not begun
	}
	if was.State.Muted {
		_ = l.p.conversation.Send(engine.Mute{On: true})
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now, l.replay = l.p.conversation, l.p.replay
	for _, c := range l.early {
		_ = l.now.Send(c) // it has room: it has not begun
	}
	l.early = nil
	close(l.replaced)
	l.replaced = make(chan struct{})
}

func (l *live) session() (now *engine.Conversation, replaced <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now, l.replaced
}

// Watch implements [ui.Session].
func (l *live) Watch(ctx context.Context) iter.Seq[engine.Event] {
	return func(yield func(engine.Event) bool) {
		for {
			now, replaced := l.session()
			if now != nil {
				for ev := range now.Watch(ctx) {
					if _, behind := ev.Body.(engine.FellBehind); !yield(ev) || behind {
						return
					}
				}
				// Its microphone is closed; that of the next has not yet answered.
				if ctx.Err() != nil || !yield(engine.Event{Body: engine.StateChanged{}}) {
					return
				}
			}
			select {
			case <-replaced:
			case <-l.ended:
				return
			case <-ctx.Done():
				return
			}
		}
	}
}

// Send implements [ui.Session].
func (l *live) Send(c engine.Command) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now != nil {
		return l.now.Send(c)
	}
	select {
	case <-l.ended:
		return engine.ErrClosed
	default:
	}
	if len(l.early) == earlyMost {
		return engine.ErrBusy
	}
	l.early = append(l.early, c)
	return nil
}

// Change implements [ui.Keeper].
func (l *live) Change(change func(*settings.Settings)) (settings.Settings, string, error) {
	l.changing.Lock()
	defer l.changing.Unlock()
	var was, now settings.Settings
	err := settings.Update(l.p.settingsPath, func(s *settings.Settings) {
		was = *s
		change(s)
		now = *s
	})
	if err != nil {
		return l.inForce, "", err
	}
	// Where the engine has ended already, the next start goes by them.
	if err := l.apply(now); err != nil && !errors.Is(err, engine.ErrClosed) {
		return l.inForce, "", errors.Join(err, settings.Save(l.p.settingsPath, was))
	}
	l.inForce = now
	l.tray.Store(now.Tray)
	return now, "", nil
}

// apply has the engine go by s.
func (l *live) apply(s settings.Settings) error {
	if forEngine(s) != forEngine(l.inForce) {
		if err := l.renew(s); err != nil {
			return err
		}
	}
	if s.Patience != l.inForce.Patience {
		if err := l.Send(engine.SetPatience{Patience: turn.Patience(s.Patience)}); err != nil {
			return err
		}
	}
	if s.BargeIn != l.inForce.BargeIn {
		if err := l.Send(engine.SetBargeIn{BargeIn: turn.BargeIn(s.BargeIn)}); err != nil {
			return err
		}
	}
	if s.Keep != l.inForce.Keep {
		return l.p.ask(func(ctx context.Context, h *history.Store) error {
			return h.SetRetention(ctx, history.Retention(s.Keep))
		})
	}
	return nil
}

// forEngine is what of s the engine is made by: the rest can change under it.
func forEngine(s settings.Settings) settings.Settings {
	d := settings.Default()
	s.Theme, s.TextSize, s.Tray, s.StartAtLogin, s.Greeted = d.Theme, d.TextSize, d.Tray, d.StartAtLogin, d.Greeted
	s.WindowWidth, s.WindowHeight, s.SideWidth, s.LessonWidth = d.WindowWidth, d.WindowHeight, d.SideWidth, d.LessonWidth
	s.Patience, s.BargeIn, s.Keep = d.Patience, d.BargeIn, d.Keep
	return s
}

// renew has the engine made anew and waits until it is.
func (l *live) renew(s settings.Settings) error {
	l.ear.stop()
	r := renewal{s, l.inForce, make(chan error, 1)}
	select {
	case l.renewals <- r:
		return <-r.done
	case <-l.ended:
		return engine.ErrClosed
	}
}

// wantsTray says whether the settings want an icon in the tray. The window's thread
// asks, so that it waits for no change.
func (l *live) wantsTray() bool { return l.tray.Load() }

// clear implements [ui.Setup]'s Clear; see traces.go.
func (l *live) clear(ctx context.Context) error {
	err := l.p.ask(func(_ context.Context, h *history.Store) error { return h.Clear(ctx) })
	if err != nil {
		return err
	}
	l.p.cleared.Store(true)
	return errors.Join(clearTraces(), l.Send(engine.ForgetPauses{}))
}

// keep makes a change to the settings that nothing depends on before the next start.
func (l *live) keep(change func(*settings.Settings)) {
	if err := settings.Update(l.p.settingsPath, change); err != nil {
		l.p.log.Warn("window size not kept", "err", err)
	}
}

// renew makes the conversation anew by s. History and embedded transcriber stay.
func (p *pieces) renew(ctx context.Context, s settings.Settings) error {
	pauses := p.conversation.Pauses()
	p.services.close()
	if err := p.mind.close(); err != nil {
		p.log.Warn("dictionaries not closed", "err", err)
	}
	p.mind.close = func() error { return nil }
	all, err := newServices(s, p.log)
	if err != nil {
		return err
	}
	p.settings, p.services, p.notices = s, all, nil
	return p.assemble(ctx, learnt{Pauses: pauses})
}

var (
	_ ui.Session = (*live)(nil)
	_ ui.Keeper  = (*live)(nil)
)
