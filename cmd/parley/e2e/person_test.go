package e2e

import (
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/audio/audiotest"
	"parley/engine/settings"
)

// The first start greets aloud and leads to the conversation by Esc.
func TestFirstStart(t *testing.T) {
	t.Parallel()
	server, h := audiotest.StartServer(t), newHome(t)
	speaker := server.Record()
	d := firstDesk(t, h, server)
	d.until("greeting that is remembered", func() bool { return h.settings().Greeted })
	d.until("hello that is heard", func() bool {
		f := speaker.Sound()
		_, _, ok := sounding(f, 0, f.Rate.Duration(len(f.Samples)))
		return ok
	})
	first := d.shot("desk-1-first-start")
	d.press("Escape")
	d.until("change of the screen", func() bool { return changed(first, d.shot("desk-2-conversation")) > .02 })
	d.press("ctrl+q")
	d.end("Ctrl+Q")
}

// The settings by keyboard: another microphone, another voice while the old one
// speaks, the dark theme, larger text. All is in force at once, and saved.
func TestSettingsByKeyboard(t *testing.T) {
	t.Parallel()
	server, h := audiotest.StartServer(t), newHome(t)
	d := newDesk(t, h, server)
	d.pactl("load-module", "module-null-sink", "sink_name=other", "norewinds=1", "rate=48000", "channels=1", "format=s16le")
	d.pactl("load-module", "module-remap-source", "source_name=vother", "master=other.monitor", "source_properties=device.description=Second")

	d.press("ctrl+comma")
	d.until("settings", func() bool { return !d.listens() })
	d.press(slices.Repeat([]string{"Tab"}, 8)...) // the seven pages, then the first control of the first
	time.Sleep(time.Second)                       // the devices are being listed
	d.press("Down", "Up", "Return")               // the last one
	d.until("another microphone", func() bool { return strings.Contains(h.settings().Microphone, "Second") })
	d.until("the second microphone to be open", func() bool { return d.opened("vother") })
	d.shot("desk-3-settings-sound")

	d.press("Escape")
	d.until("the conversation", d.listens)
	d.playInto("other", "what is gravity")
	d.hears("what is gravity")
	d.until("spoken answer", d.speaks)
	d.press("ctrl+comma", "Tab", "Tab", "Return") // Conversation
	d.press(slices.Repeat([]string{"Tab"}, 8)...) // the other pages, patience, interrupting, voice
	d.press("Right")
	d.until("the other voice", func() bool { return h.settings().Voice == settings.SLT })
	d.shot("desk-4-settings-voice")
	speaker := server.Record()
	d.press("Escape")
	d.until("the conversation", d.listens)
	d.ask("what time is it")
	d.hears("what time is it")
	d.until("answer in the new voice", func() bool {
		f := speaker.Sound()
		_, _, ok := sounding(f, 0, f.Rate.Duration(len(f.Samples)))
		return ok
	})

	d.press("ctrl+comma", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Return", "Tab", "Right")
	d.until("the dark theme", func() bool {
		return h.settings().Theme == settings.Dark && d.screen.count(paperDark, d.area()) > 10000
	})
	d.press("Tab", "Right")
	d.until("larger text", func() bool { return h.settings().TextSize == 110 })
	d.shot("desk-5-settings-look")
	d.press("Escape")
	d.press("ctrl+plus")
	d.until("still larger text", func() bool { return h.settings().TextSize == 120 })
	d.shot("desk-6-dark-larger")
	d.press("ctrl+q")
	d.end("Ctrl+Q")
}

// opened says whether a program has that source open.
func (d desk) opened(source string) bool {
	for line := range strings.Lines(d.pactl("list", "short", "sources")) {
		if f := strings.Fields(line); len(f) > 1 && f[1] == source {
			for out := range strings.Lines(d.pactl("list", "short", "source-outputs")) {
				if o := strings.Fields(out); len(o) > 2 && o[1] == f[0] && o[2] != "-" {
					return true
				}
			}
		}
	}
	return false
}

// playInto speaks into another microphone than the default.
func (d desk) playInto(sink, words string) {
	d.t.Helper()
	name := filepath.Join(d.t.TempDir(), "words.wav")
	audiotest.WriteWAV(d.t, name, speak(d.t, words))
	cmd := tool(d.t, "paplay", "pulseaudio-utils", "-d", sink, name)
	cmd.Env = append(os.Environ(), d.server.Env()...)
	if out, err := cmd.CombinedOutput(); err != nil {
		d.t.Fatalf("paplay: %v: %s", err, out)
	}
}

// An earlier turn is found and its conversation goes on; Esc stops an answer, Ctrl+M
// the microphone; a second start raises the window, and closing it keeps its size.
func TestHistoryAndWindow(t *testing.T) {
	t.Parallel()
	server, h := audiotest.StartServer(t), newHome(t)
	d := newDesk(t, h, server)
	d.ask("what is gravity")
	d.until("spoken answer", d.speaks)
	d.shot("desk-7-speaking")
	d.press("Escape")
	d.until("end of the answer", func() bool { return !d.speaks() && d.listens() })
	d.until("interrupted answer", func() bool { k := d.kept(1); return len(k) == 2 && k[1].Interrupted })
	d.press("ctrl+n")
	d.ask("tell me a joke")
	d.until("second conversation", func() bool { return len(d.kept(2)) == 2 && d.kept(2)[0].Text == "tell me a joke" })
	d.press("Escape")
	d.press("ctrl+f")
	d.xdotool("type", "--delay", "20", "gravity")
	time.Sleep(time.Second)
	d.shot("desk-8-found")
	d.press("Return", "Return")
	time.Sleep(time.Second)
	d.shot("desk-9-opened")
	d.ask("what time is it")
	d.until("the earlier conversation going on", func() bool {
		k := d.kept(1)
		return len(k) >= 3 && k[0].Text == "what is gravity" && k[2].Text == "what time is it"
	})
	d.press("Escape")
	d.until("the conversation", d.listens)

	d.press("ctrl+m")
	d.until("sign of being muted", d.warns)
	d.shot("desk-10-muted")
	before := len(d.kept(1))
	server.Play(speak(t, "what is gravity"))
	d.press("ctrl+m")
	d.until("the conversation", func() bool { return d.listens() && !d.warns() })
	if after := len(d.kept(1)); after != before {
		t.Errorf("%d turns while muted", after-before)
	}

	d.xdotool("windowminimize", "--sync", d.id)
	second := h.parley(append(server.Env(), "DISPLAY="+d.name, "LIBGL_ALWAYS_SOFTWARE=1"))
	if out, err := second.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("the second start: %v: %s", err, out)
	}
	d.until("window that is raised", func() bool { return d.screen.count(cardLight, d.area()) > 5000 })
	d.shot("desk-11-raised")

	d.xdotool("windowsize", "--sync", d.id, "900", "600")
	d.until("smaller window", func() bool { return d.area().Size() == image.Pt(900, 600) && d.listens() })
	d.shot("desk-12-small")
	d.close()
	if s := h.settings(); s.WindowWidth != 900 || s.WindowHeight != 600 {
		t.Errorf("the window's size is kept as %d×%d", s.WindowWidth, s.WindowHeight)
	}
}

// The sound server dies under the open window, which says so, and comes back; a
// signal ends the program, which keeps the conversation.
func TestSoundServerDies(t *testing.T) {
	t.Parallel()
	server, h := audiotest.StartServer(t), newHome(t)
	d := newDesk(t, h, server)
	server.Kill()
	d.until("word of the loss", d.warns)
	time.Sleep(time.Second)
	d.shot("desk-13-no-sound")
	server.Start()
	d.until("the microphone", func() bool { return d.listens() && listening(server) })
	time.Sleep(time.Second)
	d.shot("desk-14-sound-again")
	server.Play(speak(t, "what is gravity"))
	d.until("turn that is heard", func() bool { return len(d.kept(1)) > 0 })
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	d.end("SIGTERM")
	if k := d.kept(1); len(k) != 2 {
		t.Errorf("kept is %+v", k)
	}
}
