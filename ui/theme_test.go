package ui

import (
	"errors"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"parley/engine"
	"parley/engine/settings"
)

// TestContrast holds text to WCAG 2.2 AA, 4.5:1, and what is faint because it
// is not yet certain to 3:1.
func TestContrast(t *testing.T) {
	bg := theme.ColorNameBackground
	for _, tt := range []struct {
		ink, on fyne.ThemeColorName
		least   float64
	}{
		{colInk, bg, 4.5}, {colInk, colBubble, 4.5}, {colInk, colSpoken, 4.5}, {colInk, colCard, 4.5},
		{colInk, colAttentionSoft, 4.5}, {colInk, colAccentSoft, 4.5}, {colInk, colSide, 4.5},
		{colMuted, bg, 4.5}, {colMuted, colSide, 4.5}, {colMuted, colCard, 4.5}, {colMuted, colAccentSoft, 4.5},
		{colAccent, colAccentSoft, 4.5}, {colAttention, bg, 4.5}, {colAttentionText, colAttentionSoft, 4.5},
		{colThinking, colAccentSoft, 3}, {colAttention, colAccentSoft, 3},
		{colFaint, bg, 3}, {colFaint, colBubble, 3},
	} {
		for i, look := range []string{"light", "dark"} {
			if got := contrast(tokens[tt.ink][i], tokens[tt.on][i]); got < tt.least {
				t.Errorf("%s: %s on %s has %.2f:1, want %v:1", look, tt.ink, tt.on, got, tt.least)
			}
		}
	}
}

type rgba interface{ RGBA() (r, g, b, a uint32) }

// contrast is the ratio of WCAG 2.2, 1 to 21.
func contrast(a, b rgba) float64 {
	light := func(c rgba) float64 {
		r, g, bl, _ := c.RGBA()
		linear := func(v uint32) float64 {
			x := float64(v) / 0xFFFF
			if x <= .04045 {
				return x / 12.92
			}
			return math.Pow((x+.055)/1.055, 2.4)
		}
		return .2126*linear(r) + .7152*linear(g) + .0722*linear(bl)
	}
	x, y := light(a)+.05, light(b)+.05
	return max(x, y) / min(x, y)
}

// TestThemeChanges switches the desktop from light to dark under the window.
func TestThemeChanges(t *testing.T) {
	w, _ := newTestWindow(t, Options{})
	w.show(engine.TranscriptFinal{Text: "why are leaves green"}, engine.ReplyText{Text: "Because."},
		engine.LessonDone{Lesson: engine.Lesson{Title: "Leaves", Markdown: "green"}})
	w.Resize(fyne.NewSize(1100, 500))
	w.app.Settings().SetTheme(paper{look: settings.Dark, scale: 1})
	img := w.Canvas().Capture()
	for _, c := range []fyne.ThemeColorName{theme.ColorNameBackground, colSide, colCard, colAccentSoft} {
		if n := count(img, img.Bounds(), tokens[c][0]); n > 20 {
			t.Errorf("%d pixels of the light %s remain", n, c)
		}
		if n := count(img, img.Bounds(), tokens[c][1]); n == 0 {
			t.Errorf("no pixel of the dark %s", c)
		}
	}
}

func TestCrisp(t *testing.T) {
	for size, want := range map[float32]float32{12: 12, 14: 14, 15: 14, 16: 14, 17: 17, 20: 20, 9: 9} {
		if got := crisp(size); got != want {
			t.Errorf("crisp(%v) = %v, want %v", size, got, want)
		}
	}
}

func TestNoDisplay(t *testing.T) {
	if err := noDisplay(errors.New("NotInitialized: The GLFW library is not initialized")); !errors.Is(err, ErrNoDisplay) {
		t.Errorf("got %v, want ErrNoDisplay", err)
	}
	if err := noDisplay(errors.New("index out of range")); err != nil {
		t.Errorf("a bug is taken for %v", err)
	}
}
