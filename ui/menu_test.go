package ui

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"parley/engine"
	"parley/engine/settings"
)

// withSettings is a window whose settings a fake keeps.
func withSettings(t *testing.T) (*Window, *fakeSession, *fakeSetup) {
	t.Helper()
	s := settings.Default()
	s.Greeted = true
	f := newFakeSetup(s)
	w, session := withSetup(t, f, s)
	return w, session, f
}

// Every shortcut does what its name says, wherever the focus is.
func TestShortcuts(t *testing.T) {
	w, session, f := withSettings(t)
	var quits int
	w.closing = func() { quits++ }
	w.show(engine.LessonDone{Lesson: engine.Lesson{Title: "Tides", Markdown: "sea"}})
	press := func(key fyne.KeyName) {
		t.Helper()
		s := desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierControl}
		w.centre.entry.TypedShortcut(&s)
	}
	press(fyne.KeyN)
	press(fyne.KeyM)
	session.wantCommands(t, engine.NewConversation{}, engine.Mute{On: true})
	press(fyne.KeyL)
	if w.lesson.box.Visible() {
		t.Error("Ctrl+L does not close the lesson")
	}
	press(fyne.KeyL)
	if !w.lesson.box.Visible() {
		t.Error("Ctrl+L does not open the lesson")
	}
	press(fyne.KeyH)
	if w.side.box.Visible() || !w.centre.header.menu.Visible() {
		t.Error("Ctrl+H does not take the history away")
	}
	press(fyne.KeyF)
	if !w.side.box.Visible() || w.Canvas().Focused() != w.seeking {
		t.Error("Ctrl+F does not lead to the search")
	}
	press(fyne.KeyComma)
	if !w.adjust.visible() {
		t.Error("Ctrl+, does not open the settings")
	}
	press(fyne.KeyComma)
	if w.adjust.visible() {
		t.Error("Ctrl+, does not close the settings")
	}
	for _, step := range []struct {
		key  fyne.KeyName
		want int
	}{{fyne.KeyPlus, 110}, {fyne.KeyEqual, 120}, {fyne.KeyMinus, 110}, {fyne.Key0, 100}, {fyne.KeyMinus, 100}} {
		press(step.key)
		w.settle()
		if f.now.TextSize != step.want {
			t.Errorf("after Ctrl+%s text is at %d %%, want %d", step.key, f.now.TextSize, step.want)
		}
	}
	press(fyne.KeySlash)
	if w.sheet == nil || !w.sheet.Visible() {
		t.Error("Ctrl+/ does not show the shortcuts")
	}
	w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.sheet.Visible() {
		t.Error("Esc does not take the shortcuts away")
	}
	w.typedKey(&fyne.KeyEvent{Name: fyne.KeyF1})
	if !w.sheet.Visible() {
		t.Error("F1 does not show the shortcuts")
	}
	press(fyne.KeyQ)
	if quits != 1 {
		t.Error("Ctrl+Q does not quit")
	}
}

// The menu names every act with its keys, and no keys stand for two.
func TestMenu(t *testing.T) {
	w, session, _ := withSettings(t)
	w.Canvas().Capture() // lays out
	test.Tap(w.centre.header.more)
	if w.Canvas().Overlays().Top() == nil {
		t.Fatal("there is no menu")
	}
	w.press(fyne.KeyDown)
	second, ok := w.Canvas().Focused().(*iconButton)
	if !ok || second.label.Text != "Search" {
		t.Fatal("the menu cannot be gone through by keyboard")
	}
	w.press(fyne.KeyUp)
	w.press(fyne.KeyReturn)
	session.wantCommands(t, engine.NewConversation{})
	if w.Canvas().Overlays().Top() != nil {
		t.Error("the menu stays")
	}
	var seen []desktop.CustomShortcut
	for _, a := range w.acts {
		for _, k := range a.keys {
			if slices.Contains(seen, k) {
				t.Errorf("%s has the keys of another act: %v", a.name, k)
			}
			seen = append(seen, k)
		}
	}
}

// Without settings nothing leads to them.
func TestNoSettings(t *testing.T) {
	w, _ := newTestWindow(t, Options{})
	w.openSettings()
	if w.covered() || slices.ContainsFunc(w.acts, func(a act) bool { return a.name == "Settings" }) {
		t.Error("there are settings, and nobody to keep them")
	}
}

// Panels can be dragged, and what they were is kept.
func TestPanelSizes(t *testing.T) {
	s := settings.Default()
	s.SideWidth, s.LessonWidth = 300, 0
	w, _ := newTestWindow(t, Options{Settings: s})
	w.show(engine.LessonDone{Lesson: engine.Lesson{Title: "Tides", Markdown: "sea"}})
	if got := w.side.box.Size().Width; got != 299 { // and its hairline
		t.Errorf("the history is %v wide, want 299", got)
	}
	before := w.lesson.box.Size().Width
	drag := func(g *grip, dx float32) { g.Dragged(&fyne.DragEvent{Dragged: fyne.Delta{DX: dx}}); g.DragEnd() }
	drag(w.frame.sideGrip, -50)
	drag(w.frame.lessonGrip, -40)
	if side, lesson := w.side.box.Size().Width, w.lesson.box.Size().Width; side != 249 || lesson != before+40 {
		t.Errorf("dragged to %v and %v, want 249 and %v", side, lesson, before+40)
	}
	drag(w.frame.sideGrip, -5000)
	drag(w.frame.lessonGrip, -5000)
	if w.centre.box.Size().Width < centreLeast || w.side.box.Size().Width < panelLeast-1 {
		t.Errorf("the panels leave %v to the conversation", w.centre.box.Size().Width)
	}
	drag(w.frame.lessonGrip, 5000)
	kept := settings.Default()
	w.keepSizes()(&kept)
	if kept.WindowWidth != 1280 || kept.WindowHeight != 820 || kept.SideWidth < settings.MinPanel || kept.LessonWidth < settings.MinPanel {
		t.Errorf("kept %+v", kept)
	}
}

// The header says where the engine is, how it is reached and what is heard.
func TestStatus(t *testing.T) {
	w, _, f := withSettings(t)
	h := w.centre.header
	if h.place.text.Text != onThisComputer() {
		t.Errorf("the engine is %q", h.place.text.Text)
	}
	w.show(engine.StateChanged{State: engine.Listening}, engine.Level{Microphone: -20})
	if h.heard.level.level == 0 {
		t.Error("nothing is heard")
	}
	w.show(engine.LinkChanged{Link: engine.Link{Backend: "desk.example.org", Transport: "websocket", RTT: 12 * time.Millisecond}})
	if h.place.text.Text != "desk.example.org · WebSocket" {
		t.Errorf("the engine is %q", h.place.text.Text)
	}
	w.Canvas().Capture() // lays out
	test.Tap(h.where)
	if w.Canvas().Overlays().Top() == nil {
		t.Error("nothing is explained")
	}
	w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	w.show(engine.LinkChanged{Link: engine.Link{Backend: "desk.example.org", Detail: "It does not answer."}})
	if h.place.text.Text != "desk.example.org · away" {
		t.Errorf("the engine is %q", h.place.text.Text)
	}
	w.show(engine.LinkChanged{})
	f.now.Responder.URL = "https://api.openai.com/v1"
	w.changeSettings(func(*settings.Settings) {}, func(string, error) {})
	w.settle()
	if h.place.text.Text != "With api.openai.com" {
		t.Errorf("the engine is %q", h.place.text.Text)
	}
}

// A title that one line has no room for is set in two, and is whole if it can be.
func TestLongTitle(t *testing.T) {
	for _, tt := range []struct {
		title, first, second string
		text                 int
		width                float32
	}{
		{"gravity", "Gravity", "", 100, 510},
		{"teach me about photosynthesis", "Teach me about", "photosynthesis", 100, 510},
		{"teach me about photosynthesis", "Teach me about photosynthesis", "", 100, 700},
		{"teach me about photosynthesis", "Teach me…", "", 200, 540},
		{"tell me everything that there is to know of the moon", "Tell me everything", "that there is to…", 100, 510},
		{"a", "A", "", 100, 200},
	} {
		s := settings.Default()
		s.TextSize, s.Greeted = tt.text, true
		w, _ := newTestWindow(t, Options{Settings: s, Setup: newFakeSetup(s).all()})
		w.show(engine.Snapshot{Conversation: engine.ConversationInfo{ID: 1, Title: tt.title}}, engine.TimingMeasured{Timing: engine.Timing{VoiceToVoice: 210 * time.Millisecond}})
		h := w.centre.header
		h.Layout(nil, fyne.NewSize(tt.width, headerHeight))
		second := h.below.Text
		if !h.below.Visible() {
			second = ""
		}
		if h.title.Text != tt.first || second != tt.second {
			t.Errorf("%q on %v at %d %%: %q, %q", tt.title, tt.width, tt.text, h.title.Text, second)
		}
	}
}
