package assets

import (
	"bytes"
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

// TestPNG is for the packaging, which takes the icon as FyneApp.toml names it.
func TestPNG(t *testing.T) {
	f, err := os.Open("parley.png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c, err := png.DecodeConfig(f)
	if err != nil || c.Width != 512 || c.Height != 512 {
		t.Errorf("parley.png is %d by %d (%v), want 512 by 512", c.Width, c.Height, err)
	}
}
