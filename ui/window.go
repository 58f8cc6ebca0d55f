package ui

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"parley/assets"
	"parley/engine"
	"parley/engine/settings"
)

// AppID names Parley on the desktop, as in FyneApp.toml.
const AppID = "org.parley.Parley"

// Session is a conversation as the window needs it; see [engine.Session].
type Session interface {
	Watch(ctx context.Context) iter.Seq[engine.Event]
	Send(engine.Command) error
}

// Options say what the window shows and how.
type Options struct {
	// Session is watched and commanded. The window does not run it: whoever
	// does may begin before or after the window opens.
	Session Session
	// Library lists the earlier conversations; nil where there are none.
	Library Library
	// Reviews know what is to be asked again; nil where nothing is.
	Reviews Reviews
	// Memory is what is remembered; nil where nothing is.
	Memory Memory
	// Exporter makes files of lessons; nil where there is none.
	Exporter Exporter
	// Replay speaks something once more, at speed times the usual speed; nil where
	// that cannot be. It is called on the window's thread and must not wait.
	Replay func(text string, speed float64)
	// Notices are shown in the conversation, a line each. They are asked for once,
	// when the session is first seen, not on the window's thread. nil: there are none.
	Notices func() []string
	// Settings are those in force.
	Settings settings.Settings
	// Setup does what the settings ask for. Without its Keeper there are none.
	Setup Setup
	// Shown is called once, on the window's thread, when the window is up. quit, for
	// that thread too, closes it for good.
	Shown func(quit func())
	// Closed is called, on the window's thread, when the user closes the
	// window, with what keeps the sizes it had.
	Closed func(keep func(*settings.Settings))
	// Hides is asked when the user closes the window, on its thread, and says whether
	// it is to be hidden only. Nil: it never is.
	Hides func() bool
	// Dark says whether the desktop asks programs to be dark. It is called on a
	// goroutine of its own and may take its time. Nil: Fyne knows; on some systems it
	// does not, and begins dark whatever the desktop is.
	Dark func(context.Context) bool
	// Log takes what a developer should know, never what was said. nil is none.
	Log *slog.Logger
}

// ErrNoDisplay is returned by Run where no window can be opened.
var ErrNoDisplay = errors.New("ui: no display")

// Run opens the window and returns when it has been closed or ctx has ended. It
// must be called on the main goroutine, as Fyne demands, and once in a process.
// It leaves the session to whoever runs it. Where there is no display it
// returns [ErrNoDisplay].
func Run(ctx context.Context, o Options) error {
	if o.Session == nil {
		return errors.New("ui: no session to show")
	}
	w, err := open(app.NewWithID(AppID), o)
	if err != nil {
		return err
	}
	if o.Shown != nil {
		w.app.Lifecycle().SetOnStarted(func() { o.Shown(w.quit) })
	}
	paintFlat()
	w.Start(ctx)
	defer w.Stop()
	w.ShowAndRun()
	return nil
}

// open is New where there may be no display: Fyne's driver then panics on
// making the first window.
func open(a fyne.App, o Options) (w *Window, err error) {
	defer func() {
		if r := recover(); r != nil {
			if err = noDisplay(r); err == nil {
				panic(r) //nolint:forbidigo // not ours: somebody else's bug stays one
			}
		}
	}()
	return New(a, o), nil
}

// noDisplay is the error for what the driver panicked with, nil when that is
// about something else.
func noDisplay(r any) error {
	err, ok := r.(error)
	if !ok || !strings.Contains(err.Error(), "GLFW") {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrNoDisplay, err)
}

// Window is Parley's window. Its methods are for Fyne's thread.
type Window struct {
	fyne.Window
	app      fyne.App
	session  Session
	log      *slog.Logger
	bridge   *bridge
	exporter Exporter // may be nil
	setup    Setup
	settings settings.Settings // in force
	library  Library           // may be nil
	found    place             // to be shown as soon as its conversation is

	devices devices
	talking bool // Space is held
	dark    func(context.Context) bool
	guess   bool // whether the desktop is dark is not known yet
	shown   scene
	acts    []act
	closing func()         // closes it for good
	sheet   *widget.PopUp  // of the shortcuts; nil until it is first asked for
	seeking fyne.Focusable // what is searched in
	content *fyne.Container
	frame   *frame
	side    *side
	centre  *centre
	lesson  *lessonPanel
	memory  *memoryView   // nil where there is no memory
	adjust  *settingsView // nil where nothing can be set
	first   *firstRun     // nil but at the first start
}

// New makes the window in a and gives a Parley's theme and icon. Nothing is
// shown before Start and Show.
func New(a fyne.App, o Options) *Window {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if err := learn(); err != nil {
		o.Log.Error("ui: learn the window's words", "err", err)
	}
	a.SetIcon(assets.App())
	w := &Window{app: a, session: o.Session, log: o.Log, exporter: o.Exporter, setup: o.Setup, settings: o.Settings, dark: o.Dark, guess: o.Dark != nil}
	w.setTheme()
	w.Window = a.NewWindow("Parley")
	w.bridge = newBridge(o.Session, o.Library, o.Notices, o.Log, w.draw)
	w.bridge.reviews, w.library = o.Reviews, o.Library
	k := keys{key: w.typedKey, rune: w.typedRune}

	var export, remember func()
	if o.Exporter != nil {
		export = w.offerFormats
	}
	if o.Memory != nil {
		w.memory = newMemoryView(w, o.Memory, k)
		remember = w.memory.open
	}
	w.lesson = newLessonPanel(k, lessonDoes{cardDoes: w.cardDoes(), export: export, close: func() { w.frame.closeLesson() }, review: w.review})
	var adjust func()
	if o.Setup.Keeper != nil {
		adjust = w.openSettings
	}
	w.side = newSide(k, sideDoes{
		shelving: w.shelving(), create: w.newConversation, search: w.bridge.search, shortcut: w.shortcut,
		review: w.review, remember: remember, settings: adjust,
	})
	c := &centre{
		header:   newHeader(k, headerDoes{side: func() { w.frame.openSide() }, lesson: func() { w.frame.openLesson() }, menu: w.openMenu, place: w.explainPlace}),
		turns:    newConversation(turnDoes{copy: a.Clipboard().SetContent, replay: o.Replay}, k, w.shortcut),
		presence: newPresence(),
		mute:     newIconButton(assets.Microphone, controlSide, false, k, w.toggleMute),
		stop:     newIconButton(assets.Stop, controlSide, false, k, w.interrupt),
		words:    label("", colMuted, theme.SizeNameText, false),
		rest:     label("", colMuted, theme.SizeNameText, false),
		entry:    newEntry(func(text string) bool { return w.send(engine.Say{Text: text}) }, k, w.shortcut),
	}
	c.entryBar = newEntryBar(c.entry)
	c.box = &fyne.Container{Layout: c, Objects: []fyne.CanvasObject{
		c.header.box, c.turns, c.presence, c.mute, c.stop, c.words, c.rest, c.entryBar.box,
	}}
	w.centre = c
	w.seeking = w.side.query
	w.frame = newFrame(w.side.box, c.box, w.lesson.box)
	w.frame.changed = w.offerPanels
	w.frame.sideWidth, w.frame.lessonWidth = float32(o.Settings.SideWidth), float32(o.Settings.LessonWidth)
	w.acts = w.allActs()
	c.header.setPlace(w.place())
	w.content = container.NewStack(w.frame.box)
	if o.Setup.Keeper != nil {
		w.adjust = newSettingsView(w, o.Setup, k)
		w.content.Add(w.adjust.box)
	}
	w.draw(scene{})

	w.SetPadded(false)
	w.SetContent(w.content)
	w.Resize(windowSize(o.Settings))
	w.SetMaster()
	keep := func() {
		if o.Closed != nil {
			o.Closed(w.keepSizes())
		}
	}
	w.closing = func() {
		keep()
		w.Close()
	}
	w.SetCloseIntercept(func() {
		if o.Hides == nil || !o.Hides() {
			w.quit()
			return
		}
		keep()
		w.Hide()
	})
	w.Canvas().SetOnTypedKey(w.typedKey)
	w.Canvas().SetOnTypedRune(w.typedRune)
	w.listenToSpace()
	w.listenToShortcuts()
	w.followDesktop()
	if o.Setup.Keeper != nil && !o.Settings.Greeted {
		w.welcome(k)
	}
	return w
}

// windowSize is that of the settings, or of Default where they have none.
func windowSize(s settings.Settings) fyne.Size {
	if s.WindowWidth <= 0 || s.WindowHeight <= 0 {
		s = settings.Default()
	}
	return fyne.NewSize(float32(s.WindowWidth), float32(s.WindowHeight))
}

// keepSizes is what keeps the sizes that the window and its panels have now.
func (w *Window) keepSizes() func(*settings.Settings) {
	size, side, lesson := w.Canvas().Size(), int(w.frame.sideWidth), int(w.frame.lessonWidth)
	return func(s *settings.Settings) {
		s.WindowWidth, s.WindowHeight = int(size.Width), int(size.Height)
		s.LessonWidth = lesson
		if side > 0 {
			s.SideWidth = side
		}
	}
}

// Start begins to show the session, until ctx ends, which closes the window, or
// Stop is called.
func (w *Window) Start(ctx context.Context) {
	w.bridge.start(ctx, w.app.Quit)
	w.askDesktop()
}

// Stop ends what Start began and waits for it.
func (w *Window) Stop() { w.bridge.stop() }

// draw shows s. Each view compares it with what it shows and changes only what
// differs.
func (w *Window) draw(s scene) (again bool) {
	before := w.shown
	w.shown = s
	c := w.centre
	c.header.update(capital(s.Conversation.Title), s.Timing, s.Heard)
	if s.Link != before.Link {
		c.header.setPlace(w.place())
	}
	c.turns.update(s.Thread, s.Conversation.ID, s.Presence.State != Starting)
	c.presence.update(s.Presence.State, s.Loud, time.Now())
	c.update(s.State)
	w.side.update(s.Library, s.Found, s.Conversation.ID, s.Review.Due, time.Now())
	w.showFound()
	again = w.lesson.update(s.State, s.Review, time.Now())
	if w.memory != nil && len(s.Thread.settled) != len(before.Thread.settled) {
		w.memory.reload() // what was said may have been to be remembered
	}
	if w.adjust != nil {
		w.adjust.update(s.State)
	}
	if w.first != nil {
		w.first.update(s.State)
	}
	switch {
	case s.Lesson.Markdown == "":
		if before.Lesson.Markdown != "" {
			w.frame.noLesson()
		}
	case s.LessonNumber != before.LessonNumber:
		w.frame.newLesson()
	}
	return again
}

// offerPanels shows the buttons to those panels that are not in sight.
func (w *Window) offerPanels() {
	h := w.centre.header
	menu, lesson := !w.frame.sideShown(), w.frame.hasLesson && !w.frame.lessonFits()
	if menu == h.menu.Visible() && lesson == h.lesson.Visible() {
		return
	}
	h.menu.Hidden, h.lesson.Hidden = !menu, !lesson
	h.box.Refresh()
}

// send gives the session a command, and reports whether it was taken.
func (w *Window) send(c engine.Command) bool {
	err := w.session.Send(c)
	if err != nil {
		w.log.Warn("ui: command not taken", "err", err)
	}
	return err == nil
}

func (w *Window) interrupt() { w.send(engine.Interrupt{}) }

func (w *Window) toggleMute() { w.send(engine.Mute{On: !w.shown.Presence.Muted}) }

func (w *Window) newConversation() {
	w.send(engine.NewConversation{})
	w.frame.closeOver()
}
