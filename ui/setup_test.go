package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parley/engine/settings"
)

// fakeSetup does nothing and notes everything.
type fakeSetup struct {
	mu   sync.Mutex
	now  settings.Settings
	note string
	fail error
	log  []string

	heard string
	found []Offer
	tools []ToolStatus
}

func newFakeSetup(s settings.Settings) *fakeSetup { return &fakeSetup{now: s} }

// all is the fake as every part of a [Setup].
func (f *fakeSetup) all() Setup {
	return Setup{Keeper: f, Sound: f, Engines: f, Remote: fakeRemote{f}, Tools: f, Desktop: f, Clear: func(context.Context) error { return f.did("clear") }}
}

// did notes what was asked, and fails if it is to.
func (f *fakeSetup) did(format string, args ...any) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.log = append(f.log, fmt.Sprintf(format, args...))
	return f.fail
}

// took is what was asked since it was last called.
func (f *fakeSetup) took() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	log := f.log
	f.log = nil
	return log
}

func (f *fakeSetup) Change(change func(*settings.Settings)) (settings.Settings, string, error) {
	if err := f.did("change"); err != nil {
		return f.now, "", err
	}
	change(&f.now)
	return f.now, f.note, nil
}

func (f *fakeSetup) Devices() (microphones, speakers []SoundDevice, err error) {
	return []SoundDevice{
		{"Built-in Audio Analog Stereo", "Built-in Audio Analog Stereo"}, {"USB Microphone", "USB Microphone [1]"}, {"USB Microphone (2)", "USB Microphone [2]"},
	}, []SoundDevice{{"Headphones", "Headphones"}}, f.fail
}

func (f *fakeSetup) Hear(_ context.Context, show func(float64, string)) (string, error) {
	show(-20, "what")
	return f.heard, f.did("hear")
}

func (f *fakeSetup) Say(sentence string) error { return f.did("say %s", sentence) }

func (f *fakeSetup) Find(context.Context) []Offer { return f.found }

func (f *fakeSetup) Try(_ context.Context, stage Stage, s settings.Service) (string, error) {
	return "It works.", f.did("try %s %s %s", stage, s.URL, s.Model)
}

func (f *fakeSetup) KeepKey(_ context.Context, address, key string) (string, error) {
	return "The key is in the keyring.", f.did("key %s %s", address, key)
}

func (f *fakeSetup) ForgetKey(_ context.Context, address string) (string, error) {
	return "One is left.", f.did("forget key %s", address)
}

func (f *fakeSetup) Status(context.Context) []ToolStatus { return f.tools }

func (f *fakeSetup) StartAtLogin(on bool) error { return f.did("login %v", on) }

func (f *fakeSetup) ShowTray(on bool) error { return f.did("tray %v", on) }

type fakeRemote struct{ *fakeSetup }

func (f fakeRemote) Try(_ context.Context, address, _ string) (string, error) {
	return "Parley 1.0 answers over WebSocket in 12 ms.", f.did("remote %s", address)
}

func (f fakeRemote) KeepToken(_ context.Context, address, token string) (string, error) {
	return "The token is in the keyring.", f.did("token %s %s", address, token)
}

func (f fakeRemote) ForgetToken(_ context.Context, address string) (string, error) {
	return "", f.did("forget token %s", address)
}

var errSetup = errors.New("setup: it does not work; try another one")

// laters is what waits for Fyne's thread, which in a test is the test's.
type laters struct {
	mu   sync.Mutex
	todo []func()
}

func (l *laters) do(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.todo = append(l.todo, f)
}

func (l *laters) take() []func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	todo := l.todo
	l.todo = nil
	return todo
}

// waiting has the laters of each window that [withSetup] made.
var waiting sync.Map

// withSetup is a window over f.
func withSetup(t *testing.T, f *fakeSetup, s settings.Settings) (*Window, *fakeSession) {
	t.Helper()
	w, session := newTestWindow(t, Options{Settings: s, Setup: f.all()})
	l := &laters{}
	w.bridge.do = l.do
	waiting.Store(w, l)
	t.Cleanup(func() { waiting.Delete(w) })
	return w, session
}

// settle does what was sent away from Fyne's thread, also what is done apart.
func (w *Window) settle() {
	l, _ := waiting.Load(w)
	for range 3 { // one leads to another
		w.runErrands()
		w.bridge.wg.Wait()
		for _, f := range l.(*laters).take() {
			f()
		}
	}
}

// settingsAt opens the settings at a page over a fake.
func settingsAt(t *testing.T, page string, s settings.Settings) (*Window, *fakeSetup) {
	t.Helper()
	s.Greeted = true
	f := newFakeSetup(s)
	w, _ := withSetup(t, f, s)
	w.openSettings()
	for i, one := range chapters(w.setup) {
		if one.name == page {
			w.adjust.turnTo(i)
		}
	}
	w.settle()
	return w, f
}

// controlsOf gives the controls of the page that are a T, in their order.
func controlsOf[T fyne.Focusable](w *Window) []T {
	var all []T
	for _, c := range w.adjust.controls {
		if one, ok := c.(T); ok {
			all = append(all, one)
		}
	}
	return all
}

// button is the page's button with those words.
func (w *Window) button(t *testing.T, words string) *iconButton {
	t.Helper()
	for _, b := range controlsOf[*iconButton](w) {
		if b.label.Text == words {
			return b
		}
	}
	t.Fatalf("there is no button %q", words)
	return nil
}

// said reports whether the page shows a text.
func (w *Window) said(text string) bool {
	return w.shows(func(of string) bool { return of == text })
}

// mentions reports whether the page shows a text with that in it.
func (w *Window) mentions(part string) bool {
	return w.shows(func(of string) bool { return strings.Contains(of, part) })
}

func (w *Window) shows(wanted func(string) bool) bool {
	found := false
	var look func(fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *wording:
			found = found || o.Visible() && wanted(o.text)
		case *panel:
			for _, child := range o.objects {
				look(child)
			}
		}
	}
	look(w.adjust.page)
	return found
}

// What a build has no engine for is neither called built in nor offered.
func TestAbsentEngines(t *testing.T) {
	options := func(absent ...Stage) (first []string) {
		w, _ := settingsAt(t, "Engines", settings.Default())
		w.adjust.setup.Absent = absent
		w.adjust.rebuild()
		for _, p := range controlsOf[*pick](w) {
			first = append(first, p.Options[0])
		}
		return first
	}
	if got := options(); !slices.Equal(got, []string{"Built in", "As for answers", "Built in", "Built in"}) {
		t.Errorf("with all engines there are %q", got)
	}
	if got := options(Understanding, Voicing); !slices.Equal(got, []string{"Built in", "As for answers", "None in this build", "None in this build"}) {
		t.Errorf("without those for speech there are %q", got)
	}

	w, _, _ := firstStart(t, settings.Default(), fyne.NewSize(800, 700))
	w.first.button(t, "Hear it")
	w.setup.Absent = []Stage{Understanding, Voicing}
	w.first.restyle()
	for _, b := range buttonsOn(w.first.page) {
		if b.label.Text == "Hear it" {
			t.Error("a voice can be heard that is not there")
		}
	}
	test.Tap(w.first.button(t, "Choose…"))
	if w.first != nil || !w.adjust.visible() || len(controlsOf[*pick](w)) != 4 {
		t.Error("the choice of engines does not open")
	}

	w, _ = settingsAt(t, "Look and desktop", settings.Default())
	ticks := len(controlsOf[*tick](w))
	w.adjust.setup.NoTray = true
	w.adjust.rebuild()
	if got := len(controlsOf[*tick](w)); got != ticks-1 {
		t.Errorf("without a tray there are %d ticks, with one %d", got, ticks)
	}
}
