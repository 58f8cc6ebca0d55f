package ui

import (
	"fmt"
	"image"
	"image/color"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"parley/engine"
	"parley/engine/settings"
)

func TestTypedTurn(t *testing.T) {
	w, f := newTestWindow(t, Options{})
	e := w.centre.entry
	w.typedRune('h') // with nothing focused
	test.Type(e, "ello ")
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	f.wantCommands(t, engine.Say{Text: "hello"})
	if e.Text != "" {
		t.Errorf("entry still holds %q", e.Text)
	}
	test.Type(e, "   ")
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	f.wantCommands(t)

	f.refuse = engine.ErrBusy
	test.Type(e, "again")
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if e.Text != "again" {
		t.Errorf("a turn that was refused is lost: entry holds %q", e.Text)
	}
}

func TestKeysAndButtons(t *testing.T) {
	w, f := newTestWindow(t, Options{})
	c := w.centre
	esc := &fyne.KeyEvent{Name: fyne.KeyEscape}
	w.show(engine.StateChanged{State: engine.Speaking})

	// Esc stops the reply wherever the focus is.
	w.Canvas().OnTypedKey()(esc)
	for _, o := range []fyne.Focusable{c.entry, c.mute, c.stop, w.side.list} {
		o.TypedKey(esc)
	}
	i := engine.Interrupt{}
	f.wantCommands(t, i, i, i, i, i)

	test.Tap(c.stop)
	test.Tap(c.mute)
	c.entry.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyM, Modifier: fyne.KeyModifierControl})
	c.entry.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyN, Modifier: fyne.KeyModifierControl})
	test.Tap(w.side.fresh)
	f.wantCommands(t, i, engine.Mute{On: true}, engine.Mute{On: true}, engine.NewConversation{}, engine.NewConversation{})

	w.show(engine.StateChanged{State: engine.Muted, Muted: true})
	test.Tap(c.mute)
	test.Tap(c.stop) // nothing to stop
	f.wantCommands(t, engine.Mute{On: false})
}

// small is a window whose picture is made quickly.
var small = fyne.NewSize(400, 480)

// TestPresenceShapes tells the states apart in black and white.
func TestPresenceShapes(t *testing.T) {
	for _, look := range []settings.Theme{settings.Light, settings.Dark} {
		seen := map[string]engine.State{}
		w, _ := newTestWindow(t, Options{Settings: settings.Settings{Theme: look}})
		w.Resize(small)
		for _, s := range []engine.State{engine.Listening, engine.Hearing, engine.Thinking, engine.Speaking, engine.Muted, engine.NoSound} {
			w.show(engine.StateChanged{State: s}, engine.Level{Microphone: -20, Speaker: -20})
			img, part := w.Canvas().Capture(), area(w.centre.presence)
			soft := gray(theme.Color(colAccentSoft))
			shape := ""
			for y := part.Min.Y + 8; y < part.Max.Y-8; y += 2 {
				for x := part.Min.X + 8; x < part.Max.X-8; x += 2 {
					if d := int(gray(img.At(x, y))) - int(soft); d > 40 || d < -40 {
						shape += "#"
					} else {
						shape += "."
					}
				}
			}
			if other, ok := seen[shape]; ok {
				t.Errorf("%s: %s looks like %s", look, s, other)
			}
			seen[shape] = s
			if w.centre.words.Text == "" {
				t.Errorf("%s: no words", s)
			}
		}
	}
}

func gray(c color.Color) uint8 { return color.GrayModel.Convert(c).(color.Gray).Y }

// TestWordsOfAReply finds the spoken word's background and the fainter words
// that are still to come.
func TestWordsOfAReply(t *testing.T) {
	for _, look := range []settings.Theme{settings.Light, settings.Dark} {
		w, _ := newTestWindow(t, Options{Settings: settings.Settings{Theme: look}})
		w.Resize(small)
		w.show(engine.ReplyText{Text: "leaves are green because"})
		turns := area(w.centre.turns)
		capture := func() (spoken, ink, faint int) {
			img := w.Canvas().Capture()
			return count(img, turns, theme.Color(colSpoken)), count(img, turns, theme.Color(colInk)), count(img, turns, theme.Color(colFaint))
		}
		if spoken, ink, faint := capture(); spoken != 0 || ink != 0 || faint < 20 {
			t.Errorf("%s: not yet spoken: %d marked, %d ink, %d faint", look, spoken, ink, faint)
		}
		w.show(engine.ReplyProgress{From: 11, To: 16})
		if spoken, ink, faint := capture(); spoken < 300 || ink == 0 || faint < 20 {
			t.Errorf("%s: in the midst: %d marked, %d ink, %d faint", look, spoken, ink, faint)
		}
		w.show(engine.ReplyDone{Text: "leaves are green because"})
		if spoken, ink, faint := capture(); spoken != 0 || ink == 0 || faint > 12 { // smoothed edges may hit it
			t.Errorf("%s: done: %d marked, %d ink, %d faint", look, spoken, ink, faint)
		}
	}
}

func TestUnsureWordsAreFaint(t *testing.T) {
	w, _ := newTestWindow(t, Options{})
	w.Resize(small)
	w.show(engine.TranscriptPartial{Text: "so what happens in the dark reactions", Stable: 5})
	img, part := w.Canvas().Capture(), area(w.centre.turns)
	left, right := part, part
	box := w.centre.turns.painted[0].box
	split := area(box.Objects[2]).Min.X // the bubble, the sure words, the unsure ones
	left.Max.X, right.Min.X = split, split
	ink, faint := theme.Color(colInk), theme.Color(colFaint)
	if sure, unsure := count(img, left, ink), count(img, right, ink); sure < 20 || unsure > 0 {
		t.Errorf("ink: %d where words are sure, %d where they are not", sure, unsure)
	}
	if n := count(img, right, faint); n < 5 {
		t.Errorf("faint: %d where words are not sure", n)
	}
	if unsure, ok := box.Objects[2].(*canvas.Text); !ok || !unsure.TextStyle.Italic {
		t.Error("unsure words are told by their colour alone")
	}
}

func TestLessonPanel(t *testing.T) {
	w, _ := newTestWindow(t, Options{})
	if w.lesson.box.Visible() {
		t.Fatal("a lesson panel without a lesson")
	}
	w.show(engine.LessonDelta{Markdown: "# Tides\n\nThe moon pulls the sea."})
	if !w.lesson.box.Visible() || !w.lesson.more.Visible() || w.lesson.title.Text != "Tides" {
		t.Errorf("panel %v, being written %v, title %q", w.lesson.box.Visible(), w.lesson.more.Visible(), w.lesson.title.Text)
	}
	w.show(engine.LessonDone{Lesson: engine.Lesson{Title: "Tides", Markdown: "# Tides\n\nThe moon pulls the sea twice a day."}})
	if w.lesson.more.Visible() {
		t.Error("done, yet being written")
	}
	if got := w.lesson.body.String(); got != "The moon pulls the sea twice a day." {
		t.Errorf("body %q", got)
	}
	w.show(engine.LessonProgress{Progress: engine.Progress{Segments: 3, Question: 2, Questions: 5, Right: 1}})
	if got := w.lesson.come.Text; got != "Question 2 of 5 · 1 right" {
		t.Errorf("progress %q", got)
	}
	test.Tap(w.lesson.close)
	w.show(engine.TimingMeasured{Timing: engine.Timing{VoiceToVoice: 1e9}})
	if w.lesson.box.Visible() || !w.centre.header.lesson.Visible() {
		t.Error("a closed panel does not stay closed behind its button")
	}
	test.Tap(w.centre.header.lesson)
	if !w.lesson.box.Visible() {
		t.Error("the button does not open the panel")
	}
	w.show(engine.ConversationChanged{})
	if w.lesson.box.Visible() || w.centre.header.lesson.Visible() {
		t.Error("the lesson of another conversation")
	}
}

func TestPanelsGiveWay(t *testing.T) {
	w, _ := newTestWindow(t, Options{})
	w.show(engine.LessonDone{Lesson: engine.Lesson{Title: "Tides", Markdown: "sea"}})
	for _, tt := range []struct {
		width                      float32
		side, lesson, menu, button bool
	}{
		{1280, true, true, false, false},
		{900, false, true, true, false},
		{500, false, false, true, true},
	} {
		w.Resize(fyne.NewSize(tt.width, 780))
		h := w.centre.header
		got := fmt.Sprint(w.side.box.Visible(), w.lesson.box.Visible(), h.menu.Visible(), h.lesson.Visible())
		if want := fmt.Sprint(tt.side, tt.lesson, tt.menu, tt.button); got != want {
			t.Errorf("%v wide: side, lesson and their buttons %s, want %s", tt.width, got, want)
		}
	}
	test.Tap(w.centre.header.menu)
	if !w.side.box.Visible() || !w.frame.scrim.Visible() {
		t.Error("the side list does not come over the conversation")
	}
	w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.side.box.Visible() || w.frame.scrim.Visible() {
		t.Error("Esc does not take the side list away")
	}
	test.Tap(w.centre.header.lesson)
	if got, want := w.lesson.box.Size().Width, float32(500); got != want {
		t.Errorf("lesson over the conversation is %v wide, want %v", got, want)
	}
}

// TestNothingIsCut looks for text beyond its part of the window.
func TestNothingIsCut(t *testing.T) {
	for _, scale := range []float32{1, 2} {
		w, _ := newTestWindow(t, Options{Settings: settings.Settings{TextSize: int(100 * scale), Remote: "https://on-a-computer-with-a-very-long-name.example.org"}})
		w.Resize(fyne.NewSize(380, 600))
		w.show(
			engine.TranscriptFinal{Text: "teach me about antidisestablishmentarianism-and-its-consequences-for-the-church"},
			engine.ReplyText{Text: "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft, then."},
			engine.ReplyInterrupted{Heard: "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbau", Cause: "barge_in"},
			engine.StateChanged{State: engine.NoSound, Detail: "No microphone was found: plug one in, or choose another one in the settings"},
			engine.TimingMeasured{Timing: engine.Timing{VoiceToVoice: 12e9}},
		)
		bounds := image.Rect(0, 0, 380, 600)
		for i, p := range w.centre.turns.painted {
			for _, o := range p.box.Objects {
				if a := area(o); a.Min.X < 0 || a.Max.X > bounds.Max.X {
					t.Errorf("scale %v: row %d reaches from %d to %d", scale, i, a.Min.X, a.Max.X)
				}
			}
		}
		for _, o := range []fyne.CanvasObject{w.centre.words, w.centre.header.title, w.centre.header.below, w.centre.header.latency.pill} {
			if a := area(o); o.Visible() && !a.In(bounds) {
				t.Errorf("scale %v: %T at %v", scale, o, a)
			}
		}
	}
}

// Space held is a turn by hand, unless it is being typed.
func TestSpaceTalks(t *testing.T) {
	w, f := newTestWindow(t, Options{})
	space := &fyne.KeyEvent{Name: fyne.KeySpace}
	w.space(space, true)
	w.space(space, true) // repeats
	w.typedRune(' ')
	w.space(&fyne.KeyEvent{Name: fyne.KeyA}, false)
	f.wantCommands(t, engine.Talk{On: true})
	w.space(space, false)
	f.wantCommands(t, engine.Talk{})
	w.Canvas().Focus(w.centre.entry)
	w.space(space, true)
	w.space(space, false)
	f.wantCommands(t)
	w.Canvas().Unfocus()
	w.space(space, true)
	w.talk(false) // the window is left
	w.space(space, false)
	f.wantCommands(t, engine.Talk{On: true}, engine.Talk{})
}

// The small figure tells, when it is clicked, what it is made of.
func TestTheLatencyIsExplained(t *testing.T) {
	w, _ := newTestWindow(t, Options{})
	test.Tap(w.centre.header.ask)
	if w.Canvas().Overlays().Top() != nil {
		t.Error("an unknown delay is explained")
	}
	w.show(engine.TimingMeasured{Timing: engine.Timing{Endpoint: 260 * time.Millisecond, Playout: 50 * time.Millisecond, VoiceToVoice: 310 * time.Millisecond}})
	if got := w.centre.header.latency.text.Text; got != "0.31 s" {
		t.Errorf("the figure is %q", got)
	}
	w.Canvas().Capture() // lays out
	test.Tap(w.centre.header.ask)
	if w.Canvas().Overlays().Top() == nil {
		t.Fatal("nothing is explained")
	}
	if parts := delays(w.shown.Timing); len(parts) != 6 || parts[0].took != "0.26 s" || parts[5].took != "0.31 s" {
		t.Errorf("explained by %v", parts)
	}
}
