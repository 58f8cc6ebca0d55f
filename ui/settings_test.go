package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"parley/engine"
	"parley/engine/settings"
)

// Each control changes its setting, and no other.
func TestSettingsAreChanged(t *testing.T) {
	base := settings.Default()
	base.Theme, base.Greeted = settings.Light, true
	offer := Offer{Name: "Ollama", URL: "http://127.0.0.1:11434/v1", Model: "llama3.2"}
	for name, tt := range map[string]struct {
		page string
		do   func(*Window)
		want func(*settings.Settings)
	}{
		"microphone": {"Sound", func(w *Window) { controlsOf[*pick](w)[0].SetSelectedIndex(3) }, func(s *settings.Settings) { s.Microphone = "USB Microphone [2]" }},
		"speaker":    {"Sound", func(w *Window) { controlsOf[*pick](w)[1].SetSelectedIndex(1) }, func(s *settings.Settings) { s.Speaker = "Headphones" }},
		"echo":       {"Sound", func(w *Window) { test.Tap(controlsOf[*tick](w)[0]) }, func(s *settings.Settings) { s.EchoCancel = false }},
		"patience":   {"Conversation", func(w *Window) { controlsOf[*pick](w)[0].SetSelected("Patient") }, func(s *settings.Settings) { s.Patience = settings.Patient }},
		"barge-in":   {"Conversation", func(w *Window) { controlsOf[*pick](w)[1].SetSelectedIndex(2) }, func(s *settings.Settings) { s.BargeIn = settings.Insist }},
		"voice":      {"Conversation", func(w *Window) { controlsOf[*pick](w)[2].SetSelected("Sally") }, func(s *settings.Settings) { s.Voice = settings.SLT }},
		"speed":      {"Conversation", func(w *Window) { controlsOf[*slide](w)[0].OnChangeEnded(1.5) }, func(s *settings.Settings) { s.Speed = 1.5 }},
		"server":     {"Engines", func(w *Window) { controlsOf[*pick](w)[0].SetSelected("Ollama · llama3.2") }, func(s *settings.Settings) { s.Responder = settings.Service{URL: offer.URL, Model: offer.Model} }},
		"address": {"Engines", func(w *Window) {
			controlsOf[*pick](w)[3].SetSelected(anotherAddress())
			controlsOf[*field](w)[9].SetText(" https://example.org/v1/ ")
			controlsOf[*field](w)[9].done()
			controlsOf[*field](w)[11].SetText("alloy")
			controlsOf[*field](w)[11].done()
		}, func(s *settings.Settings) {
			s.Synthesizer = settings.Service{URL: "https://example.org/v1", Voice: "alloy"}
		}},
		"wait": {"Engines", func(w *Window) { controlsOf[*slide](w)[0].OnChangeEnded(9) }, func(s *settings.Settings) { s.AnswerWithin = 9 }},
		"remote": {"Another computer", func(w *Window) {
			controlsOf[*field](w)[0].SetText("https://desk.example.org/")
			controlsOf[*field](w)[0].done()
			test.Tap(controlsOf[*tick](w)[0])
		}, func(s *settings.Settings) { s.Remote, s.RemoteStandIn = "https://desk.example.org", false }},
		"keep":  {"Privacy", func(w *Window) { controlsOf[*pick](w)[0].SetSelected("For 30 days") }, func(s *settings.Settings) { s.Keep = settings.Month }},
		"look":  {"Look and desktop", func(w *Window) { controlsOf[*pick](w)[0].SetSelected("Dark") }, func(s *settings.Settings) { s.Theme = settings.Dark }},
		"text":  {"Look and desktop", func(w *Window) { controlsOf[*slide](w)[0].OnChangeEnded(150) }, func(s *settings.Settings) { s.TextSize = 150 }},
		"login": {"Look and desktop", func(w *Window) { test.Tap(controlsOf[*tick](w)[0]) }, func(s *settings.Settings) { s.StartAtLogin = true }},
		"tray":  {"Look and desktop", func(w *Window) { test.Tap(controlsOf[*tick](w)[1]) }, func(s *settings.Settings) { s.Tray = false }},
	} {
		t.Run(name, func(t *testing.T) {
			w, f := settingsAt(t, tt.page, base)
			f.found = []Offer{offer}
			if tt.page == "Engines" {
				test.Tap(w.button(t, "Look again"))
				w.settle()
			}
			f.took()
			tt.do(w)
			w.settle()
			want := base
			tt.want(&want)
			if f.now != want || w.settings != want {
				t.Errorf("kept %+v, the window has %+v, want %+v", f.now, w.settings, want)
			}
		})
	}
}

// What is refused is said beside it, and the control shows again what is in force.
func TestRefusedSettings(t *testing.T) {
	w, f := settingsAt(t, "Sound", settings.Default())
	f.fail = errSetup
	controlsOf[*pick](w)[1].SetSelectedIndex(1)
	test.Tap(controlsOf[*tick](w)[0])
	w.settle()
	if !w.said("It does not work; try another one.") {
		t.Error("the page does not say why")
	}
	if got := controlsOf[*pick](w)[1].Selected; got != systemDefault() {
		t.Errorf("the speaker shown is %q", got)
	}
	if !controlsOf[*tick](w)[0].Checked {
		t.Error("echo cancelling is shown as off")
	}
	w, f = settingsAt(t, "Look and desktop", settings.Default())
	f.fail = errSetup
	test.Tap(controlsOf[*tick](w)[0])
	w.settle()
	if got := f.took(); !slices.Equal(got, []string{"login true"}) || controlsOf[*tick](w)[0].Checked {
		t.Errorf("asked for %q; shown as %v", got, controlsOf[*tick](w)[0].Checked)
	}
}

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"openai: its key was refused":  "Its key was refused.",
		"engine/flite: no such voice!": "No such voice!",
		"No: this is a sentence":       "No: this is a sentence.",
		`settings: value not allowed: x_url = "a"; it must be an address, or ""`: "It must be an address.",
		"x: ": "X:.",
	} {
		if got := plain(textError(text)); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

type textError string

func (e textError) Error() string { return string(e) }

// "Say something" shows what is heard and what came of it.
func TestMicrophoneTest(t *testing.T) {
	w, f := settingsAt(t, "Sound", settings.Default())
	for _, tt := range []struct {
		heard string
		fail  error
		want  string
	}{
		{"what is gravity", nil, "I heard: “what is gravity”"},
		{"", nil, "I heard no words. Speak up, come closer, or choose another microphone."},
		{"", errSetup, "It does not work; try another one."},
	} {
		f.heard, f.fail = tt.heard, tt.fail
		test.Tap(w.button(t, "Say something"))
		w.settle()
		if !w.said(tt.want) {
			t.Errorf("heard %q, %v: the page does not say %q", tt.heard, tt.fail, tt.want)
		}
		w.button(t, "Say something") // again, not "Stop"
	}
	f.fail = nil
	f.took()
	test.Tap(w.button(t, "Play a sentence"))
	w.settle()
	if got := f.took(); len(got) != 1 || got[0] != "say This is how I sound. Is it loud enough?" {
		t.Errorf("asked for %q", got)
	}
	// Without sound the card says what to do.
	w.show(engine.StateChanged{State: engine.NoSound, Detail: "No microphone was found: plug one in."})
	if !w.said("No microphone was found: plug one in.") {
		t.Error("the card does not say that there is no microphone")
	}
}

// A device is shown by its name, whatever the settings keep of it, and so is one
// that is gone.
func TestChosenDeviceIsShown(t *testing.T) {
	for kept, want := range map[string]string{
		"": systemDefault(), "USB Microphone [2]": "USB Microphone (2)", "USB Microphone [1]": "USB Microphone",
		"USB Microphone": "USB Microphone", "Headset": "Headset",
	} {
		s := settings.Default()
		s.Microphone = kept
		w, f := settingsAt(t, "Sound", s)
		p := controlsOf[*pick](w)[0]
		if p.Selected != want {
			t.Errorf("%q is shown as %q, want %q", kept, p.Selected, want)
		}
		p.OnChanged(p.Selected)
		if w.settle(); f.now.Microphone != kept && kept != "USB Microphone" {
			t.Errorf("%q, chosen again, is kept as %q", kept, f.now.Microphone)
		}
	}
}

// A key is given away and not shown again; a test says what it found.
func TestKeysAndTests(t *testing.T) {
	s := settings.Default()
	s.Responder = settings.Service{URL: "https://example.org/v1", Model: "small"}
	w, f := settingsAt(t, "Engines", s)
	f.took()
	key := controlsOf[*field](w)[2]
	if !key.Password {
		t.Error("the key can be read")
	}
	key.SetText("sk-secret")
	key.FocusLost()
	w.settle()
	if key.Text != "" || !w.said("The key is in the keyring.") {
		t.Errorf("the field holds %q", key.Text)
	}
	test.Tap(w.button(t, "Test"))
	w.settle()
	if !w.said("It works.") {
		t.Error("the test's result is not said")
	}
	test.Tap(w.button(t, "Forget this key"))
	w.settle()
	if !w.said("It is forgotten. One is left.") {
		t.Error("it is not said that the key is forgotten")
	}
	f.fail = errSetup
	test.Tap(w.button(t, "Test"))
	w.settle()
	if !w.said("It does not work; try another one.") {
		t.Error("the test's failure is not said")
	}
	test.Tap(w.button(t, "Forget this key"))
	w.settle()
	if !w.said("It does not work; try another one.") {
		t.Error("it is not said that the key is kept")
	}
	want := []string{"key https://example.org/v1 sk-secret", "try responder https://example.org/v1 small", "forget key https://example.org/v1",
		"try responder https://example.org/v1 small", "forget key https://example.org/v1"}
	if got := f.took(); !slices.Equal(got, want) {
		t.Errorf("asked for %q, want %q", got, want)
	}

	w, f = settingsAt(t, "Another computer", settings.Default())
	fields := controlsOf[*field](w)
	fields[0].SetText("https://desk.example.org")
	fields[0].done()
	fields[1].SetText("token")
	fields[1].done()
	test.Tap(w.button(t, "Test"))
	w.settle()
	want = []string{"change", "token https://desk.example.org token", "remote https://desk.example.org"}
	if got := f.took(); !slices.Equal(got, want) || !w.said("Parley 1.0 answers over WebSocket in 12 ms.") {
		t.Errorf("asked for %q, want %q", got, want)
	}
	test.Tap(w.button(t, "Forget this token"))
	w.settle()
	if got := f.took(); !slices.Equal(got, []string{"forget token https://desk.example.org"}) || !w.said("It is forgotten.") {
		t.Errorf("asked for %q", got)
	}
}

// Tool servers are added, turned off and removed, and each says how it is.
func TestToolServers(t *testing.T) {
	s := settings.Default()
	s.Responder.URL = "http://127.0.0.1:11434/v1"
	s.ToolServers[0] = settings.ToolServer{Name: "wiki", URL: "http://127.0.0.1:3000/mcp"}
	s.ToolServers[1] = settings.ToolServer{Name: "old", Command: "mcp-old", Off: true}
	w, f := settingsAt(t, "Tools", s)
	f.tools = []ToolStatus{{Server: "wiki", Tools: []string{"Search", "Read a page"}}, {Server: "files", Err: textError("mcp: it cannot be started")}}
	w.adjust.rebuild()
	w.settle()
	s = f.now
	for _, want := range []string{"wiki", "http://127.0.0.1:3000/mcp", "2 tools: Search, Read a page", "mcp-old", "Off"} {
		if !w.said(want) {
			t.Errorf("the page does not say %q", want)
		}
	}

	enter := func(name, what string) {
		fields := controlsOf[*field](w)
		fields[0].SetText(name)
		fields[1].SetText(what)
		test.Tap(w.button(t, "Add"))
		w.settle()
	}
	for _, tt := range []struct{ name, what, says string }{
		{"my files", "mcp-files", "Give it a name of letters, digits, - and _."},
		{"files", "", "Enter a program with its arguments, or an address without a password: http://…"},
		{"files", "ftp://example.org", "Enter a program with its arguments, or an address without a password: http://…"},
		{"WIKI", "mcp-wiki", "There is one of that name."},
	} {
		if enter(tt.name, tt.what); !w.said(tt.says) || f.now != s {
			t.Errorf("%q, %q: the page does not say %q; kept %v", tt.name, tt.what, tt.says, f.now.ToolServers)
		}
	}
	f.fail = errSetup
	if enter("files", "mcp-files"); !w.said("It does not work; try another one.") || f.now != s {
		t.Errorf("what is refused is not said; kept %v", f.now.ToolServers)
	}
	f.fail = nil
	enter(" files ", " mcp-files /home/me/notes ")
	want := s
	want.ToolServers[2] = settings.ToolServer{Name: "files", Command: "mcp-files /home/me/notes"}
	if f.now != want || w.settings != want || !w.said("It cannot be started.") {
		t.Errorf("added: %v", f.now.ToolServers)
	}
	test.Tap(controlsOf[*tick](w)[0])
	test.Tap(controlsOf[*tick](w)[1])
	w.settle()
	want.ToolServers[0].Off, want.ToolServers[1].Off = true, false
	if f.now != want {
		t.Errorf("off and on: %v", f.now.ToolServers)
	}
	test.Tap(w.button(t, "Remove"))
	w.settle()
	want.ToolServers = [settings.MostToolServers]settings.ToolServer{want.ToolServers[1], want.ToolServers[2]}
	if f.now != want || w.said("wiki") {
		t.Errorf("removed: %v", f.now.ToolServers)
	}
	for i := range settings.MostToolServers {
		enter(string(rune('a'+i)), "mcp")
	}
	if n := len(toolServers(f.now)); n != settings.MostToolServers || !w.said("There are 8 already: remove one first.") {
		t.Errorf("there are %d", n)
	}

	w, _ = settingsAt(t, "Tools", settings.Default())
	if !w.said("They are used once a language model answers: choose one under “Engines”.") {
		t.Error("it does not say what is missing")
	}
	if text, _ := (ToolStatus{Tools: slices.Repeat([]string{"x"}, 20)}).words(); text != "20 tools: x, x, x, x, x, x, x, x …" {
		t.Errorf("many tools are %q", text)
	}
}

// Everything is cleared only when the button is pressed twice.
func TestClearEverything(t *testing.T) {
	w, f := settingsAt(t, "Privacy", settings.Default())
	w.app.Preferences().SetString("fyne:fileDialogLastFolder", "file:///home/me/secret")
	b := w.button(t, clearText())
	for _, what := range []string{"Everything said", "lessons", "reviews", "remember", "pause", "voice", "room", "another computer", "folder", "keys stay"} {
		if !w.mentions(what) {
			t.Errorf("the page does not say of %q that it will be cleared, or not", what)
		}
	}
	test.Tap(b)
	w.settle()
	if got := f.took(); len(got) != 0 || !w.said("This can’t be undone.") {
		t.Errorf("pressed once: %q", got)
	}
	test.Tap(b)
	w.settle()
	if got := f.took(); !slices.Equal(got, []string{"clear"}) || !w.said("Everything is deleted.") {
		t.Errorf("pressed twice: %q", got)
	}
	if got := w.app.Preferences().String(lastFolder); got != "" {
		t.Errorf("still kept: %q", got)
	}
}

// Esc leaves the settings from every control, and text typed there stays there.
func TestSettingsByKeyboard(t *testing.T) {
	w, _ := settingsAt(t, "Engines", settings.Default())
	esc := &fyne.KeyEvent{Name: fyne.KeyEscape}
	controlsOf[*pick](w)[0].SetSelected(anotherAddress())
	for _, c := range w.adjust.controls {
		if !w.adjust.visible() {
			w.openSettings()
		}
		c.TypedKey(esc)
		if w.adjust.visible() || w.covered() {
			t.Errorf("%T keeps the settings open", c)
		}
	}
	w.openSettings()
	w.typedRune('h')
	if w.centre.entry.Text != "" {
		t.Error("a letter goes to the entry under the settings")
	}
	w.space(&fyne.KeyEvent{Name: fyne.KeySpace}, true)
	if w.talking {
		t.Error("Space talks while the settings are open")
	}
}

// The pages look as they did when somebody looked at them.
func TestSettingsLook(t *testing.T) {
	for _, look := range []struct {
		name string
		s    settings.Settings
		size fyne.Size
	}{
		{"light", settings.Settings{Theme: settings.Light, TextSize: 100}, fyne.NewSize(760, 400)},
		{"dark", settings.Settings{Theme: settings.Dark, TextSize: 100}, fyne.NewSize(420, 420)},
		{"light-200", settings.Settings{Theme: settings.Light, TextSize: 200}, fyne.NewSize(420, 520)},
		{"dark-200", settings.Settings{Theme: settings.Dark, TextSize: 200}, fyne.NewSize(760, 480)},
	} {
		s := settings.Default()
		s.Theme, s.TextSize = look.s.Theme, look.s.TextSize
		s.Responder = settings.Service{URL: "https://api.openai.com/v1", Model: "gpt-4.1-mini"}
		s.ToolServers[0] = settings.ToolServer{Name: "files", Command: "mcp-files /home/me/notes --read-only"}
		s.ToolServers[1] = settings.ToolServer{Name: "wiki", URL: "http://127.0.0.1:3000/mcp", Off: true}
		for _, page := range chapters(newFakeSetup(s).all()) {
			t.Run(page.name+" "+look.name, func(t *testing.T) {
				w, _ := settingsAt(t, page.name, s)
				w.Resize(look.size)
				w.show(engine.StateChanged{State: engine.Listening}, engine.Level{Microphone: -25})
				wholeWords(t, w.adjust.page, look.size.Width)
				if page.name == "Sound" || page.name == "Engines" || page.name == "Tools" && look.name != "light-200" {
					golden(t, "settings-"+page.name+"-"+look.name, w.Canvas().Capture())
				}
			})
		}
	}
}

// wholeWords looks for text beyond the window's right edge.
func wholeWords(t *testing.T, o fyne.CanvasObject, right float32) {
	t.Helper()
	driver := fyne.CurrentApp().Driver()
	var look func(fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		switch o := o.(type) {
		case *wording:
			at := driver.AbsolutePositionForObject(o).X
			for _, l := range o.lines {
				if end := at + l.MinSize().Width; end > right {
					t.Errorf("%q ends at %v of %v", l.Text, end, right)
				}
			}
		case *iconButton:
			if end := driver.AbsolutePositionForObject(o).X + max(o.Size().Width, o.MinSize().Width); end > right {
				t.Errorf("the button %q ends at %v of %v", o.label.Text, end, right)
			}
		case *panel:
			for _, child := range o.objects {
				look(child)
			}
		}
	}
	look(o)
}

// Text grows with the setting, at once.
func TestTextSize(t *testing.T) {
	w, _ := settingsAt(t, "Look and desktop", settings.Default())
	before := theme.Size(theme.SizeNameText)
	controlsOf[*slide](w)[0].OnChangeEnded(200)
	w.settle()
	if after := theme.Size(theme.SizeNameText); after != 2*before {
		t.Errorf("text was %v high and is %v", before, after)
	}
}
