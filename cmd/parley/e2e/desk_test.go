package e2e

import (
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/audio/audiotest"
	"parley/engine/settings"
)

// patience is for what takes a moment, and longer on a busy machine.
const patience = 40 * time.Second

// Colours of the window (ui's theme), light but where it says dark.
var (
	paperLight     = color.NRGBA{R: 0xFA, G: 0xF9, B: 0xF6}
	paperDark      = color.NRGBA{R: 0x17, G: 0x18, B: 0x17}
	cardLight      = color.NRGBA{R: 0xFF, G: 0xFF, B: 0xFF}
	accent         = color.NRGBA{R: 0x0E, G: 0x6E, B: 0x63}
	accentSoft     = color.NRGBA{R: 0xDC, G: 0xEF, B: 0xEA}
	attention      = color.NRGBA{R: 0xB4, G: 0x54, B: 0x1A}
	attentionSoft  = color.NRGBA{R: 0xF8, G: 0xE7, B: 0xDA}
	spokenWord     = color.NRGBA{R: 0xFB, G: 0xE3, B: 0xA6}
	spokenWordDark = color.NRGBA{R: 0x5A, G: 0x4A, B: 0x1E}
)

// desk is a window with all that is around it.
type desk struct {
	window
	server *audiotest.Server
	screen *screen
}

// newDesk opens the window, in the light theme, in a home where it is not the first
// start.
func newDesk(t *testing.T, h home, server *audiotest.Server, env ...string) desk {
	t.Helper()
	h.set("greeted = true\n")
	d := firstDesk(t, h, server, env...)
	d.until("the conversation", func() bool { return d.listens() })
	return d
}

// firstDesk is newDesk where nothing is set yet.
func firstDesk(t *testing.T, h home, server *audiotest.Server, env ...string) desk {
	t.Helper()
	h.set("theme = \"light\"\n")
	// Without a bus of its own the window would join the session's.
	env = append(append(server.Env(), "LIBGL_ALWAYS_SOFTWARE=1", "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent"), env...)
	w, _, _ := startWindow(t, h, env, server)
	d := desk{w, server, newScreen(t, w.name)}
	w.xdotool("windowfocus", "--sync", w.id, "mousemove", "0", "0")
	d.until("a picture", func() bool { return d.screen.count(cardLight, d.area()) > 5000 })
	return d
}

// area is where the window is on the screen.
func (d desk) area() image.Rectangle {
	d.t.Helper()
	var x, y, w, h int
	for line := range strings.Lines(d.xdotool("getwindowgeometry", "--shell", d.id)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		for n, to := range map[string]*int{"X": &x, "Y": &y, "WIDTH": &w, "HEIGHT": &h} {
			if n == name {
				_, _ = fmt.Sscan(value, to)
			}
		}
	}
	return image.Rect(x, y, x+w, y+h)
}

// foot is the lowest part of the window, where it says what it is doing.
func (d desk) foot() image.Rectangle {
	r := d.area()
	return image.Rect(r.Min.X+r.Dx()/4, r.Max.Y-190, r.Max.X, r.Max.Y)
}

// listens says whether the conversation is in sight, with the presence's disc and,
// on it, the ring or the bars of one who has sound.
func (d desk) listens() bool {
	return d.screen.count(accentSoft, d.foot()) > 1500 && d.screen.near(accent, d.foot()) > 40
}

// warns says whether the window shows something to attend to: muted, no sound.
func (d desk) warns() bool { return d.screen.near(attention, d.foot()) > 20 }

// speaks says whether the window marks a word that is being spoken.
func (d desk) speaks() bool { return d.screen.count(spokenWord, d.area()) > 60 }

// until waits for something to come about.
func (d desk) until(what string, is func() bool) {
	d.t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(30 * time.Millisecond) {
		if time.Now().After(deadline) {
			d.shot("failed-" + d.t.Name())
			d.t.Fatalf("no %s within %v", what, patience)
		}
	}
}

// press presses keys as xdotool calls them.
func (d desk) press(keys ...string) {
	d.t.Helper()
	d.xdotool(append([]string{"key", "--delay", "60"}, keys...)...)
}

// ask types a question and sends it.
func (d desk) ask(question string) {
	d.t.Helper()
	d.xdotool("type", "--delay", "20", question)
	d.press("Return")
}

// hears waits until the history has a turn of the user's with that text.
func (d desk) hears(text string) {
	d.t.Helper()
	d.until("turn of "+text, func() bool {
		for _, turn := range d.kept(1) {
			if turn.Who == "user" && share(turn.Text, text) > .99 {
				return true
			}
		}
		return false
	})
}

// kept is a conversation, nil as long as there is none; the first is 1.
func (d desk) kept(conversation int) []said {
	out, err := d.h.parley(nil, "history", "json", strconv.Itoa(conversation)).Output()
	if err != nil {
		return nil
	}
	var kept struct {
		Turns []said `json:"turns"`
	}
	if err := json.Unmarshal(out, &kept); err != nil {
		d.t.Error(err)
	}
	return kept.Turns
}

// settings are those that are saved.
func (h home) settings() settings.Settings {
	s, _, _ := settings.Load(filepath.Join(h.dir, "config", "parley", "settings.toml")) // defaults, where it fails
	return s
}

// set adds a line to the settings, before the program reads them.
func (h home) set(line string) {
	dir := filepath.Join(h.dir, "config", "parley")
	_ = os.MkdirAll(dir, 0o700) // what fails shows in the window
	path := filepath.Join(dir, "settings.toml")
	there, _ := os.ReadFile(path)
	_ = os.WriteFile(path, append([]byte(line), there...), 0o600)
}

// pactl asks the sound server.
func (d desk) pactl(args ...string) string {
	d.t.Helper()
	cmd := tool(d.t, "pactl", "pulseaudio-utils", args...)
	cmd.Env = append(os.Environ(), d.server.Env()...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		d.t.Fatalf("pactl %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
