package ui

import (
	"context"
	"image"
	"image/color"
	"iter"
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parley/engine"
	"parley/engine/settings"
)

// fakeSession plays what is put into it to one watcher after the other, and
// keeps the commands it is given.
type fakeSession struct {
	events chan engine.Event

	mu       sync.Mutex
	commands []engine.Command
	refuse   error
	watchers int
}

func newFakeSession() *fakeSession { return &fakeSession{events: make(chan engine.Event, 64)} }

func (f *fakeSession) Run(ctx context.Context, _ engine.Microphone, _ engine.Speaker) error {
	<-ctx.Done()
	return nil
}

// Watch ends when events is closed and, as the real one does, after FellBehind.
func (f *fakeSession) Watch(ctx context.Context) iter.Seq[engine.Event] {
	return func(yield func(engine.Event) bool) {
		f.mu.Lock()
		f.watchers++
		f.mu.Unlock()
		for {
			select {
			case <-ctx.Done():
				return
			case ev, ok := <-f.events:
				if !ok || !yield(ev) {
					return
				}
				if _, last := ev.Body.(engine.FellBehind); last {
					return
				}
			}
		}
	}
}

func (f *fakeSession) Send(c engine.Command) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refuse != nil {
		return f.refuse
	}
	f.commands = append(f.commands, c)
	return nil
}

// took returns the commands since it was last called.
func (f *fakeSession) took() []engine.Command {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.commands
	f.commands = nil
	return c
}

func (f *fakeSession) wantCommands(t *testing.T, want ...engine.Command) {
	t.Helper()
	if got := f.took(); !slices.Equal(got, want) {
		t.Errorf("commands %#v, want %#v", got, want)
	}
}

// newTestWindow is a window over a fake session, not started: a test draws what
// it wants with show.
func newTestWindow(t *testing.T, o Options) (*Window, *fakeSession) {
	t.Helper()
	f := newFakeSession()
	o.Session = f
	if o.Settings.Theme == "" {
		o.Settings.Theme = settings.Light
	}
	w := New(test.NewTempApp(t), o)
	t.Cleanup(w.Close)
	w.Resize(fyne.NewSize(1280, 820))
	return w, f
}

// show folds the events of turn 1 into what the window shows, and draws it.
func (w *Window) show(bodies ...engine.EventBody) {
	s := w.shown
	for _, b := range bodies {
		s.State = s.Fold(engine.Event{At: time.Now(), Turn: 1, Body: b})
	}
	for w.draw(s) {
	}
}

// count is how many pixels of the part of img that o covers have nearly the
// colour of a token.
func count(img image.Image, part image.Rectangle, want color.Color) int {
	n := 0
	wr, wg, wb, _ := want.RGBA()
	near := func(a, b uint32) bool { return max(a, b)-min(a, b) <= 3<<8 }
	part = part.Intersect(img.Bounds())
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			if r, g, b, _ := img.At(x, y).RGBA(); near(r, wr) && near(g, wg) && near(b, wb) {
				n++
			}
		}
	}
	return n
}

// area is where o is on its window's picture, which is at scale 1.
func area(o fyne.CanvasObject) image.Rectangle {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	size := o.Size()
	return image.Rect(int(at.X), int(at.Y), int(at.X+size.Width), int(at.Y+size.Height))
}

// runErrands does what was sent away from Fyne's thread, and what that leads to.
func (w *Window) runErrands() {
	for e := w.bridge.nextErrand(); e != nil; e = w.bridge.nextErrand() {
		if then := e(); then != nil {
			then()
		}
	}
}

// lastNotice is the last line of the newest state, if it is a notice.
func (w *Window) lastNotice() string {
	if r := w.bridge.newest.Thread.last(); r.Kind == NoticeRow {
		return r.Text
	}
	return ""
}

// press types a key into what has the focus, or into the window.
func (w *Window) press(name fyne.KeyName) {
	k := &fyne.KeyEvent{Name: name}
	if f := w.Canvas().Focused(); f != nil {
		f.TypedKey(k)
		return
	}
	w.Canvas().OnTypedKey()(k)
}
