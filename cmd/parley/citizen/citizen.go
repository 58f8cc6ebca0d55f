package citizen

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"sync"

	"fyne.io/fyne/v2/lang"
	"github.com/godbus/dbus/v5"

	"parley/engine"
)

// Desktop is the program's window, and the toolkit around it. Its methods may be
// called from any goroutine and do not wait for what they begin.
type Desktop interface {
	// Show shows the window and raises it above the others.
	Show()
	// Quit ends the program as closing the window does.
	Quit()
	// Hidden says whether the window is hidden.
	Hidden() bool
}

// Session is the conversation, as far as the desktop is concerned with it.
type Session interface {
	Watch(ctx context.Context) iter.Seq[engine.Event]
	Send(engine.Command) error
}

// Options are what a Citizen lives with.
type Options struct {
	// Session is watched, and muted from the tray.
	Session Session
	// Desktop is shown and ended.
	Desktop Desktop
	// App is the program's name on the desktop, as its desktop entry has it.
	App string
	// Tray says whether the user wants an icon in the tray, and the window hidden and
	// not closed there. It is asked once at the start, and whenever the window is
	// closed. nil means yes.
	Tray func() bool
	// Raised tells of further launches, see [Instance]; may be nil.
	Raised <-chan struct{}
	// Log takes what a developer should know, never what was said. nil is none.
	Log *slog.Logger
}

// bus is the desktop's, as Citizen sees it.
type bus interface {
	// HasTray says whether there is a tray now.
	HasTray() bool
	// openBar waits for a tray and puts the icon into it; nil when ctx ended first.
	openBar(ctx context.Context, f face) bar
	// notify shows a notification.
	notify(n notice) error
	// Close leaves the bus.
	Close() error
}

// Citizen is the program on its desktop, beside its window.
type Citizen struct {
	session Session
	desktop Desktop
	wanted  func() bool // the tray
	raised  <-chan struct{}
	log     *slog.Logger
	connect func(context.Context) (bus, error)

	mu  sync.Mutex
	bus bus // nil where there is none: then there is no tray, and nothing is told

	told sync.Once // that it goes on when its window is closed
}

// New makes a Citizen. It does nothing before Run.
func New(o Options) *Citizen {
	c := &Citizen{session: o.Session, desktop: o.Desktop, wanted: o.Tray, raised: o.Raised, log: o.Log}
	if c.wanted == nil {
		c.wanted = func() bool { return true }
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	c.connect = func(ctx context.Context) (bus, error) { return Connect(ctx, o.App) }
	return c
}

// Run does its work until ctx ends, and returns when all that it started has
// ended. It may be called once.
func (c *Citizen) Run(ctx context.Context) {
	inner, end := context.WithCancel(ctx)
	var all sync.WaitGroup
	events, bars := make(chan engine.Event), make(chan bar, 1)
	all.Go(func() { c.watch(inner, events) })
	all.Go(func() { c.board(inner, bars) })
	shown := c.serve(inner, events, bars)
	end()
	all.Wait()
	select {
	case shown = <-bars: // it came as ctx ended
	default:
	}
	if shown != nil {
		shown.close()
	}
	if b := c.theBus(); b != nil {
		c.setBus(nil)
		if err := b.Close(); err != nil && !errors.Is(err, dbus.ErrClosed) {
			c.log.Info("citizen: session bus not left", "err", err)
		}
	}
}

// board connects to the bus, and then puts the icon into the tray.
func (c *Citizen) board(ctx context.Context, bars chan<- bar) {
	b, err := c.connect(ctx)
	if err != nil {
		c.log.Info("citizen: no tray and no notifications", "err", err)
		return
	}
	c.setBus(b)
	if !c.wanted() {
		return
	}
	if icon := b.openBar(ctx, faceOf(engine.StateChanged{})); icon != nil {
		bars <- icon
	}
}

func (c *Citizen) setBus(b bus) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bus = b
}

func (c *Citizen) theBus() bus {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bus
}

// serve takes what happens, one after the other. It returns the tray's icon, nil
// where there is none.
func (c *Citizen) serve(ctx context.Context, events <-chan engine.Event, bars <-chan bar) (shown bar) {
	var n news
	var wishes <-chan wish
	for {
		select {
		case <-ctx.Done():
			return shown
		case <-c.raised:
			c.desktop.Show()
		case shown = <-bars:
			wishes = shown.wishes()
			shown.show(n.face)
		case w := <-wishes:
			c.grant(w, n.face.muted)
		case ev := <-events:
			before := n.face
			what, told := n.fold(ev)
			if shown != nil && n.face != before {
				shown.show(n.face)
			}
			if told && c.desktop.Hidden() {
				c.notify(what)
			}
		}
	}
}

func (c *Citizen) grant(w wish, muted bool) {
	switch w {
	case wishShow:
		c.desktop.Show()
	case wishMute:
		if err := c.session.Send(engine.Mute{On: !muted}); err != nil {
			c.log.Warn("citizen: not muted from the tray", "err", err)
		}
	case wishQuit:
		c.desktop.Quit()
	}
}

// Closing is asked when the user closes the window, and says whether it is to be
// hidden and not closed: where there is a tray to show it again from. The user
// is told so once.
func (c *Citizen) Closing() (hide bool) {
	if b := c.theBus(); b == nil || !c.wanted() || !b.HasTray() {
		return false
	}
	c.told.Do(func() {
		c.notify(notice{lang.L("Parley goes on listening"), lang.L("Its icon in the panel shows the window again, mutes it, or quits.")})
	})
	return true
}

func (c *Citizen) notify(n notice) {
	b := c.theBus()
	if b == nil {
		return
	}
	if err := b.notify(n); err != nil {
		c.log.Warn("citizen: not told", "err", err)
	}
}

// watch hands on the session's events, watching again whenever it has fallen
// behind.
func (c *Citizen) watch(ctx context.Context, events chan<- engine.Event) {
	for behind := true; behind && ctx.Err() == nil; {
		behind = false
		for ev := range c.session.Watch(ctx) {
			if _, ok := ev.Body.(engine.FellBehind); ok {
				behind = true
				break
			}
			if quiet(ev.Body) {
				continue
			}
			select {
			case <-ctx.Done():
				return
			case events <- ev:
			}
		}
	}
}

// quiet says whether an event comes often and concerns nobody outside the window.
func quiet(b engine.EventBody) bool {
	switch b.(type) {
	case engine.Level, engine.ReplyProgress, engine.ReplyText, engine.TranscriptPartial, engine.LessonDelta:
		return true
	}
	return false
}
