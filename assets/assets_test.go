package assets

import (
	"bytes"
	"fmt"
	"image/color"
	"image/png"
	"os"
	"testing"
)

func TestIcon(t *testing.T) {
	for _, n := range []Name{Microphone, MicrophoneOff, Stop, Plus, Menu, Lesson, Close, Export, Memory, More, Settings} {
		a := Icon(n, color.NRGBA{R: 0x0E, G: 0x6E, B: 0x63, A: 0xFF})
		if !bytes.Contains(a.Content(), []byte("#0e6e63")) || bytes.Contains(a.Content(), ink) {
			t.Errorf("%s is not drawn in the colour asked for", n)
		}
		if b := Icon(n, color.White); b.Name() == a.Name() {
			t.Errorf("%s has one name in two colours; Fyne would show the first for both", n)
		}
	}
	if r := Icon("no such", color.Black); len(r.Content()) != 0 {
		t.Errorf("an unknown icon holds %q", r.Content())
	}
}

// TestPNG is for the packaging, which takes the icon as FyneApp.toml names it,
// and the theme's sizes.
func TestPNG(t *testing.T) {
	want := map[string]int{"parley.png": 512}
	for _, side := range []int{16, 22, 24, 32, 48, 64, 128, 256, 512} {
		want[fmt.Sprintf("icon/%d.png", side)] = side
	}
	for name, side := range want {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		checkSize(t, name, data, side)
	}
	checkSize(t, "App", App().Content(), 256)
}

func TestTray(t *testing.T) {
	seen := map[string]TrayName{}
	for _, n := range []TrayName{TrayListening, TrayHearing, TrayThinking, TraySpeaking, TrayMuted, TrayAway} {
		checkSize(t, string(n), Tray(n), 64)
		if other, twice := seen[string(Tray(n))]; twice {
			t.Errorf("%s looks like %s", n, other)
		}
		seen[string(Tray(n))] = n
	}
	if Tray("no such") != nil {
		t.Error("an unknown icon is not empty")
	}
}

func checkSize(t *testing.T, name string, data []byte, side int) {
	t.Helper()
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil || c.Width != side || c.Height != side {
		t.Errorf("%s is %d by %d (%v), want %d", name, c.Width, c.Height, err, side)
	}
}
