package settings

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "settings.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// with is the defaults after a change.
func with(change func(*Settings)) Settings {
	s := Default()
	change(&s)
	return s
}

func TestLoad(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       Settings
		notices    []string
	}{
		{"empty", "", Default(), nil},
		{"all", `
			microphone = "USB \"Mic\""
			speaker = "Lautsprecher"
			echo_cancel = false
			patience = "patient"
			barge_in = "insist"
			voice = "slt"
			speed = 1.25
			keep = "off"
			theme = "dark"
			window_width = 800
			window_height = 600`,
			Settings{Microphone: "USB \"Mic\"", Speaker: "Lautsprecher", Patience: Patient, BargeIn: Insist, Voice: SLT, Speed: 1.25,
				AnswerWithin: 4, Keep: KeptNever, Theme: Dark, WindowWidth: 800, WindowHeight: 600,
				RemoteStandIn: true, Tray: true, TextSize: 100, SideWidth: 244}, nil},
		{"desktop", `
			remote_url = "wss://parley.example.org/v1"
			remote_stand_in = false
			start_at_login = true
			tray = false
			greeted = true
			text_size = 150
			side_width = 300
			lesson_width = 0`,
			with(func(s *Settings) {
				s.Remote, s.RemoteStandIn = "wss://parley.example.org/v1", false
				s.StartAtLogin, s.Tray, s.Greeted = true, false, true
				s.TextSize, s.SideWidth = 150, 300
			}), nil},
		{"no desktop", `
			remote_url = "wsx://parley.example.org"
			text_size = 201
			side_width = 0
			lesson_width = 100
			tray = 1`, Default(), []string{
			`settings.toml: remote_url = "wsx://parley.example.org" is not allowed: it must be an address such as "https://parley.example.org", without a password or a query, or ""; "" is used.`,
			`settings.toml: tray = 1 is not allowed: it must be true or false; true is used.`,
			`settings.toml: text_size = 201 is not allowed: it must be a whole number from 100 to 200; 100 is used.`,
			`settings.toml: side_width = 0 is not allowed: it must be a whole number from 200 to 1000; 244 is used.`,
			`settings.toml: lesson_width = 100 is not allowed: it must be a whole number from 200 to 1000, or 0; 0 is used.`}},
		{"whole number for a speed", "speed = 2", with(func(s *Settings) { s.Speed = 2 }), nil},
		{"fraction that is whole", "window_width = 640.0", with(func(s *Settings) { s.WindowWidth = 640 }), nil},
		{"unknown", "voicee = 'slt'\n[openai]\nmodel = 'x'", Default(), []string{
			`settings.toml: there is no setting "openai"; it is ignored.`,
			`settings.toml: there is no setting "voicee"; it is ignored.`}},
		{"one wrong, others kept", "voice = 'awb'\ntheme = 'light'", with(func(s *Settings) { s.Theme = Light }), []string{
			`settings.toml: voice = "awb" is not allowed: it must be "rms" or "slt"; "rms" is used.`}},
		{"wrong types", "microphone = 1\necho_cancel = 'yes'\nspeed = true\n[theme]\na = 1", Default(), []string{
			`settings.toml: microphone = 1 is not allowed: it must be a device's name in quotes, on one line; "" is used.`,
			`settings.toml: echo_cancel = "yes" is not allowed: it must be true or false; true is used.`,
			`settings.toml: speed = true is not allowed: it must be a number from 0.5 to 2; 1 is used.`,
			`settings.toml: theme = a table is not allowed: it must be "system", "light" or "dark"; "system" is used.`}},
		{"out of range", "speed = 2.01\nwindow_width = -5\nwindow_height = 700.5", Default(), []string{
			`settings.toml: speed = 2.01 is not allowed: it must be a number from 0.5 to 2; 1 is used.`,
			`settings.toml: window_width = -5 is not allowed: it must be a whole number from 200 to 16384; 1000 is used.`,
			`settings.toml: window_height = 700.5 is not allowed: it must be a whole number from 200 to 16384; 700 is used.`}},
		{"no number", "speed = nan\nwindow_width = inf\nwindow_height = 1e300", Default(), []string{
			`settings.toml: speed = NaN is not allowed: it must be a number from 0.5 to 2; 1 is used.`,
			`settings.toml: window_width = +Inf is not allowed: it must be a whole number from 200 to 16384; 1000 is used.`,
			`settings.toml: window_height = 1e+300 is not allowed: it must be a whole number from 200 to 16384; 700 is used.`}},
		{"name of two lines", `speaker = "a\nb"`, Default(), []string{
			`settings.toml: speaker = "a\nb" is not allowed: it must be a device's name in quotes, on one line; "" is used.`}},
		{"services", `
			transcriber_url = "http://127.0.0.1:8080"
			responder_url = "https://api.openai.com/v1"
			responder_model = "gpt-4.1-mini"
			lesson_model = "gpt-4.1"
			synthesizer_voice = "alloy"
			answer_within = 10
			tool_servers = ["files:mcp-files 'a b'", "wiki: https://example.org/mcp"]`,
			with(func(s *Settings) {
				s.Transcriber.URL = "http://127.0.0.1:8080"
				s.Responder = Service{URL: "https://api.openai.com/v1", Model: "gpt-4.1-mini"}
				s.Lesson.Model, s.Synthesizer.Voice, s.AnswerWithin = "gpt-4.1", "alloy", 10
				s.ToolServers[0] = ToolServer{Name: "files", Command: "mcp-files 'a b'"}
				s.ToolServers[1] = ToolServer{Name: "wiki", URL: "https://example.org/mcp"}
			}), nil},
		{"no services", `
			responder_url = "api.openai.com"
			lesson_url = "https://example.org/v1?key=x"
			responder_model = 5
			synthesizer_voice = "a\nb"
			answer_within = 0.5
			tool_servers = "files"`, Default(), []string{
			`settings.toml: responder_url = "api.openai.com" is not allowed: it must be an address such as "https://api.openai.com/v1", without a password or a query, or ""; "" is used.`,
			`settings.toml: responder_model = 5 is not allowed: it must be a model's name in quotes, on one line; "" is used.`,
			`settings.toml: lesson_url = "https://example.org/v1?key=x" is not allowed: it must be an address such as "https://api.openai.com/v1", without a password or a query, or ""; "" is used.`,
			`settings.toml: synthesizer_voice = "a\nb" is not allowed: it must be a voice's name in quotes, on one line; "" is used.`,
			`settings.toml: answer_within = 0.5 is not allowed: it must be a number from 1 to 60; 4 is used.`,
			`settings.toml: tool_servers = "files" is not allowed: it must be a list of at most 8 like "name: command" or "name: http://address", no name twice; [] is used.`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := file(t, c.text)
			got, notices, err := Load(path)
			if err != nil || got != c.want || !slices.Equal(notices, c.notices) {
				t.Errorf("got %+v, %q, %v\nwant %+v, %q", got, notices, err, c.want, c.notices)
			}
			if read(t, path) != c.text {
				t.Error("the file was changed")
			}
		})
	}
}

func TestNoFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none", "settings.toml")
	if got, notices, err := Load(path); got != Default() || notices != nil || err != nil {
		t.Errorf("got %+v, %q, %v", got, notices, err)
	}
}

func TestUnparsableIsSetAside(t *testing.T) {
	for _, text := range []string{"voice = ", "\x00\xff\xfe", "voice = 'slt'\nvoice = 'rms'", "[[[["} {
		path := file(t, text)
		for range 2 { // the second takes another name
			got, notices, err := Load(path)
			if err != nil || got != Default() || len(notices) != 1 || strings.Contains(notices[0], "\n") {
				t.Errorf("%q: got %+v, %q, %v", text, got, notices, err)
			}
			t.Log(notices)
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		names, _ := filepath.Glob(path + ".damaged-*")
		if len(names) != 2 || read(t, names[0]) != text || read(t, names[1]) != text {
			t.Errorf("%q: set aside as %q", text, names)
		}
	}
}

func TestUnreadable(t *testing.T) {
	huge := file(t, strings.Repeat("#", fileLimit+1))
	for name, path := range map[string]string{
		"a folder":     t.TempDir(),
		"below a file": filepath.Join(file(t, ""), "settings.toml"),
		"too large":    huge,
	} {
		got, notices, err := Load(path)
		if got != Default() || notices != nil || err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %+v, %q, %v", name, got, notices, err)
		}
		t.Log(err)
		if err := Save(path, Default()); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: Save: %v", name, err)
		}
	}
	if len(read(t, huge)) != fileLimit+1 {
		t.Error("the large file was changed")
	}
}

func FuzzLoad(f *testing.F) {
	for _, text := range []string{"", "voice = 'slt'", "speed = 1_0.0e-1", "[speed]\na=[{b=1},2]\n[speed.c]", "theme = \"\"\"\nx\"\"\"",
		"x = 1979-05-27T07:32:00Z\ny=07:32:00.5\nz=1979-05-27", "a.b.'c d' = inf", "'' = [[], [1, 'a']]", "\ufeffvoice='rms'", "[[a]]\n[[a.b]]\nc={}", "speaker = \"\\u0000\"", "e=[{}]", "tool_servers = ['a: b', 'c: http://d']", "tool_servers=['a:b','A:c']", "responder_url='http://x/v1'", "x=[[{a=1}]]"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		values, err := decode(text)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("error of two lines: %q", err)
			}
			return
		}
		before, notices, rest := interpret("file", values)
		for _, n := range notices {
			if strings.ContainsAny(n, "\r\n") {
				t.Errorf("notice of two lines: %q", n)
			}
		}
		after := before
		after.Speaker = "another"
		saved, err := render(before, after, rest)
		if err != nil {
			return // not saved: the file stays as it is
		}
		// What is usable stays, and what is not is still there.
		values, err = decode(string(saved))
		if err != nil {
			t.Fatalf("saved %q: %v", saved, err)
		}
		again, noticesAgain, _ := interpret("file", values)
		notices = slices.DeleteFunc(notices, func(n string) bool { return strings.HasPrefix(n, "file: speaker = ") })
		if again != after || !slices.Equal(noticesAgain, notices) {
			t.Errorf("saved %+v, got %+v; notices were %q, are %q", after, again, notices, noticesAgain)
		}
	})
}
