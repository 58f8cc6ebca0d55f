package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"parley/engine"
)

// replays are what a window wanted to be said again.
type replays []string

func (r *replays) add(text string, speed float64) {
	if speed < 1 {
		text += " (slowly)"
	}
	*r = append(*r, text)
}

// hover is the pointer over the middle of row i.
func (c *conversation) hover(i int) {
	y := c.shift() + (c.tops[i]+rowGap+c.tops[i+1])/2 - c.scroll.Offset.Y
	c.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(100, y)}})
}

func TestTurnsAreCopiedAndReplayed(t *testing.T) {
	var said replays
	w, f := newTestWindow(t, Options{Replay: said.add})
	w.show(engine.TranscriptFinal{Text: "why"}, engine.ReplyText{Text: "Because."})
	c := w.centre.turns
	c.hover(1)
	if c.bar.Visible() {
		t.Error("a reply that is not over can be replayed")
	}
	w.show(engine.ReplyDone{Text: "Because."})
	if !c.bar.Visible() {
		t.Error("the pointer has to be moved for a reply that is now over")
	}
	for row, want := range map[int]int{0: 1, 1: 3} {
		c.hover(row)
		if !c.bar.Visible() || len(c.bar.choices) != want {
			t.Errorf("row %d offers %d choices, want %d", row, len(c.bar.choices), want)
		}
		if a := area(c.bar); !a.In(area(c)) || a.Overlaps(area(w.centre.presence)) {
			t.Errorf("beside row %d the bar is at %v", row, a)
		}
	}
	c.hover(1)
	left := float32(0)
	for _, edge := range c.bar.edges { // each choice in turn
		test.TapAt(c.bar, fyne.NewPos((left+edge)/2, 5))
		left = edge
	}
	if got := w.app.Clipboard().Content(); got != "Because." {
		t.Errorf("copied %q", got)
	}
	if len(said) != 2 || said[0] != "Because." || said[1] != "Because. (slowly)" {
		t.Errorf("replayed %q", said)
	}
	c.bar.MouseOut()
	if c.bar.Visible() {
		t.Error("the bar stays when the pointer has left")
	}
	f.wantCommands(t)
}

// The keyboard goes through the turns, and has the same as the bar.
func TestTurnsByKeyboard(t *testing.T) {
	var said replays
	w, f := newTestWindow(t, Options{Replay: said.add})
	w.show(longTalk(30))
	c := w.centre.turns
	w.Canvas().Focus(c.typed)
	if c.marked != 59 || !c.mark.Visible() {
		t.Fatalf("row %d is marked", c.marked)
	}
	w.press(fyne.KeyHome)
	if c.marked != 0 || c.scroll.Offset.Y != 0 {
		t.Errorf("Home leads to row %d at %v", c.marked, c.scroll.Offset.Y)
	}
	w.press(fyne.KeyDown)
	c.typed.TypedShortcut(&fyne.ShortcutCopy{})
	if got, want := w.app.Clipboard().Content(), w.shown.Thread.At(1).Text; got != want {
		t.Errorf("copied %q, want %q", got, want)
	}
	w.press(fyne.KeyReturn)
	menu, ok := w.Canvas().Focused().(*widget.PopUpMenu)
	if !ok || len(menu.Items) != 3 {
		t.Fatal("no menu of three choices")
	}
	w.press(fyne.KeyEscape)
	if w.Canvas().Overlays().Top() != nil {
		t.Error("Esc does not close the menu")
	}
	w.Canvas().Focus(c.typed)
	w.press(fyne.KeyEscape)
	f.wantCommands(t, engine.Interrupt{})
	w.Canvas().Unfocus()
	if c.mark.Visible() {
		t.Error("a turn stays marked")
	}
}

// TestReadingStaysInPlace scrolls up through turns whose height is only estimated:
// each is measured when it comes into sight, and what is read must not move.
func TestReadingStaysInPlace(t *testing.T) {
	w, _ := newTestWindow(t, Options{})
	w.show(longTalk(1000))
	c := w.centre.turns
	for range 60 {
		before := c.scroll.Offset.Y
		from, _ := c.inSight()
		at := c.tops[from+8] - before // of a row that stays in sight
		c.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 120)})
		if moved := c.tops[from+8] - c.scroll.Offset.Y - at; moved < 118 || moved > 122 {
			t.Fatalf("scrolled by 120, what is read moved by %v", moved)
		}
	}
	c.scroll.ScrollToTop()
	c.place()
	from, to := c.inSight()
	for i := from; i < to; i++ {
		if got, want := c.tops[i+1]-c.tops[i], c.press.height(c.set.At(i), c.width); got != want {
			t.Errorf("row %d is %v high, want %v", i, got, want)
		}
	}
}
