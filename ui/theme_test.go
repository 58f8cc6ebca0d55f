package ui

import (
	"context"
	"errors"
	"image/color"
	"math"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"parley/engine"
	"parley/engine/settings"
)

// TestContrast holds what is read to 4.5:1, as WCAG 2.2 AA asks of text, and signs
// and the edges of controls to 3:1, on each ground that they stand on.
func TestContrast(t *testing.T) {
	const text, sign = 4.5, 3
	bg := theme.ColorNameBackground
	grounds := map[fyne.ThemeColorName]bool{}
	inks := map[fyne.ThemeColorName]bool{}
	for _, tt := range []struct {
		ink   fyne.ThemeColorName
		least float64
		on    []fyne.ThemeColorName
	}{
		{colInk, text, []fyne.ThemeColorName{bg, colSide, colCard, colBubble, colAccentSoft, colAttentionSoft, colSpoken, colLine}},
		{colMuted, text, []fyne.ThemeColorName{bg, colSide, colCard, colBubble, colAccentSoft, colAttentionSoft}},
		{colFaint, text, []fyne.ThemeColorName{bg, colSide, colCard, colBubble, colAccentSoft}},
		{colAccent, text, []fyne.ThemeColorName{bg, colSide, colCard, colBubble, colAccentSoft}},
		{colAttention, text, []fyne.ThemeColorName{bg, colSide, colCard, colBubble, colAccentSoft, colAttentionSoft}},
		{bg, text, []fyne.ThemeColorName{colAccent, colAttention}},
		{colThinking, sign, []fyne.ThemeColorName{colAccentSoft}},
		{colEdge, sign, []fyne.ThemeColorName{bg, colSide, colCard}},
	} {
		inks[tt.ink] = true
		for _, on := range tt.on {
			grounds[on] = true
			for i, look := range []string{"light", "dark"} {
				if got := contrast(tokens[tt.ink][i], tokens[on][i]); got < tt.least {
					t.Errorf("%s: %s on %s has %.2f:1, want %v:1", look, tt.ink, on, got, tt.least)
				}
			}
		}
	}
	for name := range tokens {
		if !inks[name] && !grounds[name] {
			t.Errorf("%s is on nothing, and nothing is on it", name)
		}
	}
	for fynes, own := range alias {
		if tokens[own] == ([2]color.NRGBA{}) {
			t.Errorf("%s is %s, which is no colour", fynes, own)
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

// desktopApp is an app on a desktop that Fyne begins dark on.
type desktopApp struct {
	fyne.App
	settings *desktopSettings
}

func (a desktopApp) Settings() fyne.Settings { return a.settings }

type desktopSettings struct {
	fyne.Settings
	variant fyne.ThemeVariant
	told    []func(fyne.Settings)
}

func (s *desktopSettings) ThemeVariant() fyne.ThemeVariant        { return s.variant }
func (s *desktopSettings) AddListener(listen func(fyne.Settings)) { s.told = append(s.told, listen) }

// turn changes the desktop.
func (s *desktopSettings) turn(v fyne.ThemeVariant) {
	s.variant = v
	for _, listen := range s.told {
		listen(s)
	}
}

func (s *desktopSettings) light() bool {
	return s.Theme().Color(theme.ColorNameBackground, s.variant) == tokens[theme.ColorNameBackground][0]
}

// A desktop that says nothing is light, although Fyne begins dark; what it says is
// believed.
func TestDesktopDarkOrLight(t *testing.T) {
	yes, no := func(context.Context) bool { return true }, func(context.Context) bool { return false }
	for _, tt := range []struct {
		name  string
		look  settings.Theme
		dark  func(context.Context) bool
		light []bool // at first, once it has said, when it turns light, when it turns dark
	}{
		{"no preference", settings.System, no, []bool{true, true, true, false}},
		{"dark", settings.System, yes, []bool{true, false, true, false}},
		{"Fyne knows", settings.System, nil, []bool{false, false, true, false}},
		{"chosen light", settings.Light, yes, []bool{true, true, true, true}},
		{"chosen dark", settings.Dark, no, []bool{false, false, false, false}},
	} {
		s := settings.Default()
		s.Theme = tt.look
		a := test.NewTempApp(t)
		desk := &desktopSettings{Settings: a.Settings(), variant: theme.VariantDark}
		w := New(desktopApp{a, desk}, Options{Session: newFakeSession(), Settings: s, Dark: tt.dark})
		t.Cleanup(w.Close)
		got := []bool{desk.light()}
		w.askDesktop()
		w.bridge.wg.Wait()
		got = append(got, desk.light())
		desk.turn(theme.VariantLight)
		got = append(got, desk.light())
		desk.turn(theme.VariantDark)
		if got = append(got, desk.light()); !slices.Equal(got, tt.light) {
			t.Errorf("%s: light is %v, want %v", tt.name, got, tt.light)
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
