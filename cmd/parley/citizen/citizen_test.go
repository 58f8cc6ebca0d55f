package citizen

import (
	"context"
	"errors"
	"iter"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"parley/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeSession yields the events that it is handed; an event without a body ends
// one watching.
type fakeSession struct {
	engine.Session
	events chan engine.Event
	sent   chan engine.Command
}

func (s *fakeSession) Watch(ctx context.Context) iter.Seq[engine.Event] {
	return func(yield func(engine.Event) bool) {
		for {
			select {
			case <-ctx.Done():
				return
			case ev := <-s.events:
				if !yield(ev) {
					return
				}
			}
		}
	}
}

func (s *fakeSession) Send(c engine.Command) error {
	s.sent <- c
	return engine.ErrBusy // which must not matter
}

// fakeDesktop is a window that does nothing.
type fakeDesktop struct {
	shown, quit chan struct{}
	hidden      atomic.Bool
}

func (d *fakeDesktop) Show()        { d.shown <- struct{}{} }
func (d *fakeDesktop) Quit()        { d.quit <- struct{}{} }
func (d *fakeDesktop) Hidden() bool { return d.hidden.Load() }

// fakeBus is a bus with a tray.
type fakeBus struct {
	none    bool // no tray
	told    chan notice
	faces   chan face
	clicked chan wish
	closed  atomic.Int32
}

func (b *fakeBus) HasTray() bool { return !b.none }
func (b *fakeBus) openBar(ctx context.Context, f face) bar {
	if b.none {
		<-ctx.Done()
		return nil
	}
	return b
}
func (b *fakeBus) notify(n notice) error { b.told <- n; return errors.New("nobody shows it") }
func (b *fakeBus) Close() error          { b.closed.Add(1); return nil }
func (b *fakeBus) show(f face)           { b.faces <- f }
func (b *fakeBus) wishes() <-chan wish   { return b.clicked }
func (b *fakeBus) close()                { b.closed.Add(1) }

// life is a Citizen among fakes.
type life struct {
	*Citizen
	session *fakeSession
	desktop *fakeDesktop
	bus     *fakeBus
	raised  chan struct{}
}

// begin runs one until the test ends.
func begin(t *testing.T, b *fakeBus, connectError error) life {
	t.Helper()
	return beginWith(t, b, connectError, nil)
}

// beginWith is begin for a user who wants a tray or not.
func beginWith(t *testing.T, b *fakeBus, connectError error, wanted func() bool) life {
	t.Helper()
	l := life{
		session: &fakeSession{events: make(chan engine.Event), sent: make(chan engine.Command, 8)},
		desktop: &fakeDesktop{shown: make(chan struct{}, 8), quit: make(chan struct{}, 8)},
		bus:     b, raised: make(chan struct{}, 1),
	}
	b.told, b.faces, b.clicked = make(chan notice, 8), make(chan face, 64), make(chan wish)
	l.Citizen = New(Options{Session: l.session, Desktop: l.desktop, Tray: wanted, Raised: l.raised})
	l.connect = func(context.Context) (bus, error) { return b, connectError }
	ctx, end := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); l.Run(ctx) }()
	t.Cleanup(func() {
		end()
		wait(t, "the end", done)
	})
	return l
}

func (l life) event(t *testing.T, turn engine.TurnID, body engine.EventBody) {
	t.Helper()
	wait(t, "an event taken", func() <-chan struct{} {
		taken := make(chan struct{})
		go func() { l.session.events <- engine.Event{Turn: turn, Body: body}; close(taken) }()
		return taken
	}())
}

func TestTray(t *testing.T) {
	b := &fakeBus{}
	t.Cleanup(func() {
		if b.closed.Load() != 2 {
			t.Error("the tray or the bus is not closed")
		}
	})
	l := begin(t, b, nil)
	if f := wait(t, "a face", l.bus.faces); f != (face{}) { // nothing is known yet
		t.Errorf("begins with %+v", f)
	}
	l.event(t, 0, engine.Snapshot{State: engine.StateChanged{State: engine.Listening}})
	if f := wait(t, "a face", l.bus.faces); f.words != "Listening" || f.muted {
		t.Errorf("listening shows %+v", f)
	}
	l.bus.clicked <- wishMute
	if c := wait(t, "a command", l.session.sent); c != (engine.Mute{On: true}) {
		t.Errorf("mute sends %+v", c)
	}
	l.event(t, 0, engine.StateChanged{State: engine.Muted, Muted: true})
	if f := wait(t, "a face", l.bus.faces); !f.muted {
		t.Errorf("muted shows %+v", f)
	}
	l.bus.clicked <- wishMute
	if c := wait(t, "a command", l.session.sent); c != (engine.Mute{}) {
		t.Errorf("unmute sends %+v", c)
	}
	l.bus.clicked <- wishShow
	wait(t, "the window", l.desktop.shown)
	l.bus.clicked <- wishQuit
	wait(t, "the end", l.desktop.quit)
}

func TestToldOnlyWhileHidden(t *testing.T) {
	l := begin(t, &fakeBus{none: true}, nil)
	l.event(t, 1, engine.ReplyDone{Text: "Seen."})
	l.event(t, 0, engine.StateChanged{}) // when the second of these is taken,
	l.event(t, 0, engine.StateChanged{}) // the reply has been dealt with
	l.desktop.hidden.Store(true)
	l.event(t, 0, engine.FellBehind{}) // it watches again
	l.event(t, 2, engine.ReplyDone{Text: "Not seen."})
	if n := wait(t, "a notice", l.bus.told); n.text != "Not seen." {
		t.Errorf("told %+v", n)
	}
}

func TestRaised(t *testing.T) {
	l := begin(t, &fakeBus{}, errors.New("there is no bus"))
	l.raised <- struct{}{}
	wait(t, "the window", l.desktop.shown)
	if l.Closing() {
		t.Error("hidden where nothing shows it again")
	}
}

func TestClosing(t *testing.T) {
	b := &fakeBus{}
	l := begin(t, b, nil)
	wait(t, "the tray", b.faces)
	for range 2 {
		if !l.Closing() {
			t.Error("not hidden where there is a tray")
		}
	}
	wait(t, "a notice", b.told)
	if len(b.told) != 0 {
		t.Error("told twice")
	}

	if l := begin(t, &fakeBus{none: true}, nil); l.Closing() {
		t.Error("hidden where there is no tray")
	}
}

func TestTrayNotWanted(t *testing.T) {
	b := &fakeBus{}
	asked := make(chan struct{}, 8)
	l := beginWith(t, b, nil, func() bool { asked <- struct{}{}; return false })
	wait(t, "the start", asked)
	if l.Closing() {
		t.Error("hidden where no tray is wanted")
	}
	if len(b.faces) != 0 {
		t.Error("an icon that is not wanted")
	}
}
