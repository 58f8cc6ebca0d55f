package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parley/engine"
	"parley/engine/settings"
)

// firstStart is a window at its first start over a fake that has found a server.
func firstStart(t *testing.T, s settings.Settings, size fyne.Size) (*Window, *fakeSession, *fakeSetup) {
	t.Helper()
	s.Greeted = false
	f := newFakeSetup(s)
	f.found = []Offer{{Name: "Ollama", URL: "http://127.0.0.1:11434/v1", Model: "llama3.2"}, {Name: "Whisper", For: Understanding}}
	w, session := withSetup(t, f, s)
	w.Resize(size)
	w.settle()
	return w, session, f
}

// buttonsOn are the buttons in sight below o.
func buttonsOn(o fyne.CanvasObject) []*iconButton {
	switch o := o.(type) {
	case *iconButton:
		return []*iconButton{o}
	case *panel:
		var all []*iconButton
		for _, child := range o.objects {
			all = append(all, buttonsOn(child)...)
		}
		return all
	}
	return nil
}

func (f *firstRun) button(t *testing.T, words string) *iconButton {
	t.Helper()
	all := buttonsOn(f.page)
	i := slices.IndexFunc(all, func(b *iconButton) bool { return b.label.Text == words })
	if i < 0 {
		t.Fatalf("there is no button %q", words)
	}
	return all[i]
}

// The first start greets once, and every way out leads to the conversation.
func TestFirstStart(t *testing.T) {
	size := fyne.NewSize(800, 700)
	w, _, f := firstStart(t, settings.Default(), size)
	if got := f.took(); !slices.Equal(got, []string{"change", "say " + sayHello}) || !f.now.Greeted {
		t.Errorf("the first start asked for %q", got)
	}
	if !w.covered() {
		t.Error("the conversation can be seen")
	}
	test.Tap(w.first.button(t, "Use for answers"))
	w.settle()
	if want := (settings.Service{URL: "http://127.0.0.1:11434/v1", Model: "llama3.2"}); f.now.Responder != want {
		t.Errorf("answers come from %+v, want %+v", f.now.Responder, want)
	}
	test.Tap(w.first.button(t, "Start talking"))
	if w.first != nil || w.covered() {
		t.Error("the first start's screen stays")
	}

	w, session, _ := firstStart(t, settings.Default(), size)
	test.Tap(w.first.button(t, "“What is gravity?”"))
	session.wantCommands(t, engine.Say{Text: "What is gravity?"})
	if w.covered() {
		t.Error("what was asked cannot be seen")
	}

	w, _, _ = firstStart(t, settings.Default(), size)
	w.show(engine.TranscriptFinal{Text: "what is gravity"})
	if w.covered() {
		t.Error("who just talks does not see the answer")
	}

	w, _, _ = firstStart(t, settings.Default(), size)
	w.openSettings()
	w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.first == nil || !w.first.box.Visible() || w.frame.box.Visible() {
		t.Error("the settings do not lead back to the first start's screen")
	}
	w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.covered() {
		t.Error("Esc does not leave the first start's screen")
	}

	s := settings.Default()
	s.Greeted = true
	w, _ = newTestWindow(t, Options{Settings: s, Setup: newFakeSetup(s).all()})
	if w.covered() {
		t.Error("a second first start")
	}
}

// A device that fails is no dead end: the card says what to do.
func TestFirstStartWithoutSound(t *testing.T) {
	w, _, _ := firstStart(t, settings.Default(), fyne.NewSize(800, 700))
	w.show(engine.StateChanged{State: engine.NoSound, Detail: "No microphone was found: plug one in."})
	if w.first.test.note.text != "No microphone was found: plug one in." || !w.first.test.note.Visible() {
		t.Errorf("the card says %q", w.first.test.note.text)
	}
}

func TestFirstStartLooks(t *testing.T) {
	for _, look := range []struct {
		name string
		s    settings.Settings
		size fyne.Size
	}{
		{"light", settings.Settings{Theme: settings.Light, TextSize: 100}, fyne.NewSize(640, 640)},
		{"dark-200", settings.Settings{Theme: settings.Dark, TextSize: 200}, fyne.NewSize(420, 560)},
	} {
		s := settings.Default()
		s.Theme, s.TextSize = look.s.Theme, look.s.TextSize
		w, _, _ := firstStart(t, s, look.size)
		w.show(engine.StateChanged{State: engine.Listening}, engine.Level{Microphone: -25})
		wholeWords(t, w.first.page, look.size.Width)
		golden(t, "first-start-"+look.name, w.Canvas().Capture())
	}
}

// Who speaks German reads what the English examples are good for.
func TestFirstStartInGerman(t *testing.T) {
	speak(t, "de_DE.UTF-8")
	s := settings.Default()
	s.Theme = settings.Light
	w, _, _ := firstStart(t, s, fyne.NewSize(560, 800))
	wholeWords(t, w.first.page, 560)
	golden(t, "first-start-german-light", w.Canvas().Capture())
}
