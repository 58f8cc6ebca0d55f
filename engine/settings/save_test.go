package settings

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestSave(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "config", "parley")
	path := filepath.Join(dir, "settings.toml")
	want := Settings{
		Microphone: `Mikrofon "é" \ #1`, Patience: Patient, BargeIn: Insist, Voice: SLT, Speed: 0.75, Keep: Month, Theme: Light, WindowWidth: 1234, WindowHeight: 567,
		Transcriber:  Service{URL: "http://127.0.0.1:8080/v1", Model: "whisper-1"},
		Responder:    Service{URL: "https://api.openai.com/v1", Model: "gpt-4.1-mini"},
		Lesson:       Service{URL: "http://[::1]:11434/v1", Model: "qwen3:8b"},
		Synthesizer:  Service{URL: "http://127.0.0.1:8880/v1", Model: "kokoro", Voice: "af_sky"},
		AnswerWithin: 2.5, Remote: "https://parley.example.org:8443", StartAtLogin: true, Greeted: true,
		TextSize: 200, SideWidth: 480, LessonWidth: 600,
		ToolServers: [MostToolServers]ToolServer{
			{Name: "files", Command: `mcp-files "/home/me/my notes" --read-only`}, {Name: "wiki", URL: "http://127.0.0.1:3000/mcp", Off: true}},
	}
	if err := Save(path, want); err != nil {
		t.Fatal(err)
	}
	if got, notices, err := Load(path); got != want || notices != nil || err != nil {
		t.Errorf("got %+v, %q, %v", got, notices, err)
	}
	for name, mode := range map[string]os.FileMode{dir: 0o700 | os.ModeDir, path: 0o600} {
		if info, err := os.Stat(name); err != nil || info.Mode() != mode {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

const written = `# Settings of Parley. It rewrites this file when a setting is changed in its window.

# The microphone's name as "parley doctor" lists it; "" is the system's default.
microphone = ""

# The speaker's name as "parley doctor" lists it; "" is the system's default.
speaker = ""

# Take the speaker's sound out of the microphone's. Headphones can do without. true or false.
echo_cancel = true

# How long conversations are kept; off writes nothing of what is said to disk: "forever", "30 days" or "off".
keep = "forever"

# How long to wait, when you fall silent, before answering: "quick", "balanced" or "patient".
patience = "balanced"

# How much it takes to interrupt an answer by speaking: "easily", "normally" or "insist".
barge_in = "normally"

# Who speaks: "rms" or "slt".
voice = "slt"

# Who understands speech: the base address of a server that speaks OpenAI's API, such as "https://api.openai.com/v1"; "" is the built-in engine.
transcriber_url = ""

# The model there, as the server names it; "" is its own choice.
transcriber_model = ""

# Who answers: the base address of a server that speaks OpenAI's API, such as "https://api.openai.com/v1"; "" is the built-in engine.
responder_url = ""

# The model there, as the server names it; "" is its own choice.
responder_model = ""

# Who writes lessons: the base address of a server that speaks OpenAI's API, such as "https://api.openai.com/v1"; "" is the built-in engine.
lesson_url = ""

# The model there, as the server names it; "" is its own choice.
lesson_model = ""

# Who speaks, instead of a built-in voice: the base address of a server that speaks OpenAI's API, such as "https://api.openai.com/v1"; "" is the built-in engine.
synthesizer_url = ""

# The model there, as the server names it; "" is its own choice.
synthesizer_model = ""

# The voice there, as the server names it; "" is its own choice.
synthesizer_voice = ""

# How many seconds a server may take before the built-in engine goes on: 1 to 60.
answer_within = 4.0

# Servers of tools for the language model (MCP), at most 8: a name, and a command or an address: ["files: mcp-files /home/me/notes", "wiki (off): http://127.0.0.1:3000/mcp"].
tool_servers = []

# A Parley on another computer that answers instead of this one: its base address, such as "https://parley.example.org"; "" is none.
remote_url = ""

# Go on with the built-in engine while the other computer is away. true or false.
remote_stand_in = true

# Start with the desktop. true or false.
start_at_login = false

# Show an icon in the desktop's tray. true or false.
tray = true

# The first start's screen has been seen. true or false.
greeted = false

# How the window looks: "system", "light" or "dark".
theme = "system"

# How large the window's text is, in percent: 100 to 200.
text_size = 100

# How wide the window was when last closed: 200 to 16384.
window_width = 1000

# How high the window was when last closed: 200 to 16384.
window_height = 700

# How wide the list of conversations was: 200 to 1000.
side_width = 244

# How wide the lesson was: 200 to 1000; 0 is as there is room.
lesson_width = 0

# Not understood by this version.
speed = 9
volume = [1, "two"]

[openai]
model = "x"
`

// What this version does not understand stays; what is wrong stays until it is
// set.
func TestUpdateKeepsTheRest(t *testing.T) {
	path := file(t, "speed = 9\nvolume = [1, 'two']\n[openai]\nmodel = 'x'")
	if err := Update(path, func(s *Settings) { s.Voice = SLT }); err != nil {
		t.Fatal(err)
	}
	if got := read(t, path); got != written {
		t.Errorf("got\n%s", got)
	}
	if err := Update(path, func(s *Settings) { s.Speed = 1.5 }); err != nil {
		t.Fatal(err)
	}
	s, notices, err := Load(path)
	if s.Speed != 1.5 || s.Voice != SLT || len(notices) != 2 || err != nil {
		t.Errorf("got %+v, %q, %v", s, notices, err)
	}
}

func TestNotSaved(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		change func(*Settings)
		want   error
	}{
		"value":      {"speed = 1.5", func(s *Settings) { s.Speed = 3 }, errNotAllowed},
		"choice":     {"", func(s *Settings) { s.Theme = "pink" }, errNotAllowed},
		"address":    {"", func(s *Settings) { s.Responder.URL = "https://user:secret@example.org/v1" }, errNotAllowed},
		"tools":      {"", func(s *Settings) { s.ToolServers[2] = ToolServer{Name: "a b", Command: "x"} }, errNotAllowed},
		"unparsable": {"speed = ", func(s *Settings) {}, errUnparsable},
	} {
		path := file(t, c.text)
		if err := Update(path, c.change); !errors.Is(err, c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
		if read(t, path) != c.text {
			t.Errorf("%s: the file was changed", name)
		}
	}
}

func TestLinkStays(t *testing.T) {
	target := file(t, "")
	link := filepath.Join(t.TempDir(), "settings.toml")
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if err := Save(link, Default()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 || read(t, target) == "" {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// Changes from several places at once are all there, and a reader never sees
// half a file.
func TestUpdatesAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings.toml")
	if err := Save(path, Default()); err != nil {
		t.Fatal(err)
	}
	const times = 50
	bump := func(field func(*Settings) *int) {
		for range times {
			if err := Update(path, func(s *Settings) { *field(s)++ }); err != nil {
				t.Error(err)
			}
		}
	}
	var wg sync.WaitGroup
	wg.Go(func() { bump(func(s *Settings) *int { return &s.WindowWidth }) })
	wg.Go(func() { bump(func(s *Settings) *int { return &s.WindowHeight }) })
	wg.Go(func() {
		for range times {
			if _, notices, err := Load(path); notices != nil || err != nil {
				t.Errorf("%q, %v", notices, err)
			}
		}
	})
	wg.Wait()
	want := with(func(s *Settings) { s.WindowWidth += times; s.WindowHeight += times })
	if got, _, err := Load(path); got != want || err != nil {
		t.Errorf("got %+v, %v", got, err)
	}
}
