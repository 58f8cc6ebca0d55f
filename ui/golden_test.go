package ui

import (
	"cmp"
	"flag"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"parley/engine"
	"parley/engine/settings"
)

var update = flag.Bool("update", false, "draw the images in testdata anew; look at them")

// golden compares a picture with testdata/name.png. Edges of letters may differ a
// little from one machine's arithmetic to the next.
func golden(t *testing.T, name string, img image.Image) {
	t.Helper()
	file := filepath.Join("testdata", name+".png")
	if *update {
		write(t, file, img)
		return
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatalf("%v; draw it: go test ./ui -run %s -update", err, t.Name())
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if want.Bounds() != img.Bounds() {
		t.Fatalf("%s is %v, want %v", name, img.Bounds(), want.Bounds())
	}
	far := 0
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			if d := int(gray(img.At(x, y))) - int(gray(want.At(x, y))); d > 24 || d < -24 {
				far++
			}
		}
	}
	if all := want.Bounds().Dx() * want.Bounds().Dy(); far*500 > all {
		seen := filepath.Join(t.ArtifactDir(), name+".png")
		write(t, seen, img)
		t.Errorf("%s: %d of %d pixels differ; what was drawn is in %s (keep it with -artifacts); if it is meant, use -update", name, far, all, seen)
	}
}

func write(t *testing.T, file string, img image.Image) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	small := png.Encoder{CompressionLevel: png.BestCompression}
	if err := small.Encode(f, img); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// looks are the themes, each at the usual size of type and at twice that.
var looks = []struct {
	name  string
	theme settings.Theme
	scale float32
}{
	{"light", settings.Light, 1}, {"dark", settings.Dark, 1}, {"light-200", settings.Light, 2}, {"dark-200", settings.Dark, 2},
}

// usual and either are some of them: for what has little type in it, and for what
// looks alike in both themes.
var usual, either = looks[:2], append(looks[:1:1], looks[3])

func cut(img image.Image, part image.Rectangle) image.Image {
	out := image.NewNRGBA(image.Rect(0, 0, part.Dx(), part.Dy()))
	draw.Draw(out, out.Bounds(), img, part.Min, draw.Src)
	return out
}

// TestPresenceGolden draws each state beside the next, with its words below.
func TestPresenceGolden(t *testing.T) {
	states := []State{
		{}, {Presence: engine.StateChanged{State: engine.Listening}}, {Presence: engine.StateChanged{State: engine.Hearing}, Loud: .6},
		{Presence: engine.StateChanged{State: engine.Thinking}}, {Presence: engine.StateChanged{State: engine.Speaking}, Loud: .7},
		{Presence: engine.StateChanged{State: engine.Muted, Muted: true}}, {Presence: engine.StateChanged{State: engine.NoSound, Detail: "Plug in a microphone"}}, State{}.End(),
	}
	for _, look := range usual {
		const wide, high = 360, 150
		strip := image.NewNRGBA(image.Rect(0, 0, 4*wide, 2*high))
		w, _ := newTestWindow(t, Options{Settings: settings.Settings{Theme: look.theme, TextSize: int(100 * look.scale)}})
		w.Resize(fyne.NewSize(wide, 480))
		for i, s := range states {
			s.Version = uint64(i + 1)
			w.draw(scene{State: s})
			w.centre.presence.phase = 0 // as when the state began
			w.centre.presence.pose()
			at := image.Pt(i%4*wide, i/4*high)
			top := area(w.centre.presence).Min.Y - 8
			draw.Draw(strip, image.Rectangle{at, at.Add(image.Pt(wide, high))}, w.Canvas().Capture(), image.Pt(0, top), draw.Src)
		}
		golden(t, "presence-"+look.name, strip)
	}
}

// TestTurnsGolden draws a conversation with all that a turn may have.
func TestTurnsGolden(t *testing.T) {
	for _, look := range looks {
		w, _ := newTestWindow(t, Options{Settings: settings.Settings{Theme: look.theme, TextSize: int(100 * look.scale)}})
		w.Resize(fyne.NewSize(520, 980))
		s := w.shown
		for i, b := range []engine.EventBody{
			engine.Snapshot{Conversation: engine.ConversationInfo{ID: 1}, Turns: []engine.Turn{
				{ID: 1, Who: engine.User, Text: "teach me about photosynthesis", Teaching: engine.Teaching{Kind: engine.TeachLesson}},
				{ID: 1, Who: engine.Assistant, Text: "I'm writing you a lesson on photosynthesis.", Tools: []engine.ToolUse{{Tool: "lesson", Result: "six parts"}}},
				{ID: 2, Who: engine.User, Text: "remember that my exam is on Friday", Teaching: engine.Teaching{Kind: engine.TeachFact}},
				{ID: 2, Who: engine.Assistant, Text: "Your exam is on Friday. I'll keep that.", Heard: "Your exam is on Friday.", Interrupted: true},
			}},
			engine.Error{Stage: "microphone", Message: "the microphone has gone; plug it in"},
			engine.ReplyText{Text: "Chlorophyll absorbs red and blue light and reflects green so green is what reaches your eyes."},
			engine.ReplyProgress{From: 52, To: 57},
			engine.TranscriptPartial{Text: "so what happens in the dark reactions", Stable: 5},
		} {
			s.State = s.Fold(engine.Event{Turn: engine.TurnID(3 + i/4), Body: b})
		}
		for w.draw(s) {
		}
		golden(t, "turns-"+look.name, cut(w.Canvas().Capture(), area(w.centre.turns)))
	}
}

// TestLessonGolden draws the lesson's panel with a question that was answered
// wrongly and then rightly, and one that waits.
func TestLessonGolden(t *testing.T) {
	for _, look := range either {
		w, _ := newTestWindow(t, Options{Settings: settings.Settings{Theme: look.theme, TextSize: int(100 * look.scale)}, Exporter: pressRoom{}})
		w.Resize(fyne.NewSize(1100, 1180))
		w.show(engine.LessonDone{Lesson: leaves()}, engine.LessonProgress{Progress: engine.Progress{Segment: 1, Segments: 2, Questions: 1}},
			engine.ReplyText{Text: "What is the green pigment called?"})
		s := w.shown
		all := questions(s.Lesson.Plan)
		s.Study = s.Study.choose(1, all[0], 2).choose(1, all[0], 1)
		s.Review = Review{Cards: 1}
		for w.draw(s) {
		}
		w.lesson.scroll.ScrollToTop()
		golden(t, "lesson-"+look.name, cut(w.Canvas().Capture(), area(w.lesson.box)))
	}
}

// TestSideGolden draws the history, and what a search has found.
func TestSideGolden(t *testing.T) {
	for _, look := range either {
		w, _ := newTestWindow(t, Options{Settings: settings.Settings{Theme: look.theme, TextSize: int(100 * look.scale)}, Memory: &notebook{}})
		w.Resize(fyne.NewSize(760+400*(look.scale-1), 620))
		old := atNoon(2025, 3, 2)
		s := scene{State: w.shown.State, Review: Review{Due: 5}, Library: []Entry{
			{ConversationInfo: engine.ConversationInfo{ID: 1, Title: "chemistry exam", Turns: 4}, Last: old, Pinned: true},
			{ConversationInfo: engine.ConversationInfo{ID: 2, Title: "photosynthesis and what comes of it", Turns: 12}, Last: old, Lessons: 1},
			{ConversationInfo: engine.ConversationInfo{ID: 3, Title: "roman roads", Turns: 1}, Last: old},
		}}
		s.Conversation.ID = 2
		w.draw(s)
		part := area(w.side.box)
		wide := part.Dx() + 1
		both := image.NewNRGBA(image.Rect(0, 0, 2*wide, 620))
		draw.Draw(both, both.Bounds(), w.Canvas().Capture(), part.Min, draw.Src)
		s.Found = Found{Query: "tide moon", Hits: []Hit{
			{Conversation: s.Library[0].ConversationInfo, Who: engine.Assistant, At: old, Excerpt: "The moon pulls the sea, and so the tides follow the moon.", Marks: []Mark{{4, 8}, {35, 40}, {52, 56}}},
			{Conversation: s.Library[1].ConversationInfo, Place: -1, Lesson: true, At: old, Excerpt: "a tide", Marks: []Mark{{2, 6}}},
		}}
		w.draw(s)
		draw.Draw(both, image.Rect(wide, 0, 2*wide, 620), w.Canvas().Capture(), part.Min, draw.Src)
		golden(t, "side-"+look.name, both)
	}
}

// TestWindowGolden draws the whole window with large text, wide and narrow, and in
// German.
func TestWindowGolden(t *testing.T) {
	old := atNoon(2025, 3, 2)
	for _, tt := range []struct {
		name, locale string
		theme        settings.Theme
		text         int
		size         fyne.Size
		page         string // of the settings; empty: the conversation
		title        string // of the conversation; empty: a short one
	}{
		{"window-light-200", "en_GB.UTF-8", settings.Light, 200, fyne.NewSize(1280, 820), "", ""},
		{"window-narrow-dark-200", "en_GB.UTF-8", settings.Dark, 200, fyne.NewSize(420, 720), "", ""},
		{"window-german-light", "de_DE.UTF-8", settings.Light, 100, fyne.NewSize(1280, 820), "", ""},
		{"window-german-narrow-light-200", "de_DE.UTF-8", settings.Light, 200, fyne.NewSize(420, 720), "", ""},
		{"settings-german-dark", "de_DE.UTF-8", settings.Dark, 100, fyne.NewSize(1000, 820), "Ton", ""},
		{"window-lesson-dark", "en_GB.UTF-8", settings.Dark, 100, fyne.NewSize(1100, 640), "", "teach me about photosynthesis"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			speak(t, tt.locale)
			s := settings.Default()
			s.Theme, s.TextSize, s.Greeted = tt.theme, tt.text, true
			var w *Window
			if tt.page != "" {
				w, _ = settingsAt(t, tt.page, s)
			} else {
				w, _ = newTestWindow(t, Options{Settings: s, Exporter: pressRoom{}, Memory: &notebook{}, Setup: newFakeSetup(s).all()})
			}
			w.Resize(tt.size)
			w.show(engine.Snapshot{Conversation: engine.ConversationInfo{ID: 2, Title: cmp.Or(tt.title, "leaves and light")}, Turns: []engine.Turn{
				{ID: 1, Who: engine.User, Text: "teach me about leaves", Teaching: engine.Teaching{Kind: engine.TeachLesson}},
				{ID: 1, Who: engine.Assistant, Text: "I'm writing you a lesson on leaves.", Heard: "I'm writing", Interrupted: true},
			}}, engine.LessonDone{Lesson: leaves()}, engine.LessonProgress{Progress: engine.Progress{Segment: 1, Segments: 2, Questions: 1}},
				engine.TranscriptPartial{Text: "so what happens in the dark reactions", Stable: 5}, engine.StateChanged{State: engine.Muted, Muted: true},
				engine.TimingMeasured{Timing: engine.Timing{VoiceToVoice: 310 * time.Millisecond}})
			shown := w.shown
			shown.Review = Review{Due: 5, Cards: 1}
			shown.Library = []Entry{
				{ConversationInfo: engine.ConversationInfo{ID: 1, Title: "chemistry exam", Turns: 4}, Last: old, Pinned: true},
				{ConversationInfo: engine.ConversationInfo{ID: 2, Title: "leaves and light", Turns: 1}, Last: old, Lessons: 1},
			}
			for w.draw(shown) {
			}
			golden(t, tt.name, w.Canvas().Capture())
		})
	}
}
