package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// chip is a small fact in a hairline pill, with a dot before it or not; or a
// level.
type chip struct {
	pill  *canvas.Rectangle
	dot   *canvas.Circle
	level *meter // instead of a text
	text  *canvas.Text
}

const chipHeight = 27

func newChip(text string, dot bool) *chip {
	c := &chip{pill: &canvas.Rectangle{CornerRadius: chipHeight / 2.}, text: label(text, colMuted, theme.SizeNameCaptionText, false)}
	if dot {
		c.dot = &canvas.Circle{}
	}
	c.restyle()
	return c
}

// newLevelChip is a chip that shows how loud the microphone is.
func newLevelChip() *chip {
	c := newChip("", false)
	c.level = newMeter(5, 11)
	return c
}

func (c *chip) objects() []fyne.CanvasObject {
	o := []fyne.CanvasObject{c.pill, c.text}
	if c.dot != nil {
		o = append(o, c.dot)
	}
	if c.level != nil {
		o = append(o, c.level)
	}
	return o
}

func (c *chip) restyle() {
	c.pill.FillColor, c.pill.StrokeColor, c.pill.StrokeWidth = theme.Color(colCard), theme.Color(colLine), 1
	c.text.Color, c.text.TextSize = theme.Color(colMuted), theme.Size(theme.SizeNameCaptionText)
	if c.dot != nil {
		c.dot.FillColor = theme.Color(colAccent)
	}
	if c.level != nil {
		c.level.restyle()
	}
}

func (c *chip) show() {
	for _, o := range c.objects() {
		o.Show()
	}
}

func (c *chip) hide() {
	for _, o := range c.objects() {
		o.Hide()
	}
}

// height is that of the pill.
func (c *chip) height() float32 {
	return max(chipHeight, whole(c.text.MinSize().Height)+8)
}

// width is that of the pill; 0 where there is nothing to show.
func (c *chip) width() float32 {
	switch {
	case c.level != nil:
		return c.level.MinSize().Width + 24
	case c.text.Text == "":
		return 0
	}
	w := c.text.MinSize().Width + 20
	if c.dot != nil {
		w += 14
	}
	return w
}

// place sets the chip so that it ends at right, and returns where the next to
// its left may end. An empty chip takes no room.
func (c *chip) place(right, mid float32) float32 {
	w := c.width()
	if w == 0 {
		c.hide()
		return right
	}
	c.show()
	x, high := right-w, c.height()
	c.pill.CornerRadius = high / 2
	c.pill.Resize(fyne.NewSize(w, high))
	c.pill.Move(fyne.NewPos(x, mid-high/2))
	if c.level != nil {
		put(c.level, x+12, mid-c.level.tall/2, w-24, c.level.tall)
	}
	t := c.text.MinSize()
	c.text.Resize(t)
	c.text.Move(fyne.NewPos(whole(right-10-t.Width), whole(mid-t.Height/2)))
	if c.dot != nil {
		c.dot.Resize(fyne.NewSquareSize(8))
		c.dot.Move(fyne.NewPos(x+11, mid-4))
	}
	return x - 10
}

// hotspot is a place that can be clicked and shows nothing itself.
type hotspot struct {
	widget.BaseWidget
	onTap func()
}

func newHotspot(onTap func()) *hotspot {
	h := &hotspot{onTap: onTap}
	h.ExtendBaseWidget(h)
	return h
}

// Tapped is for Fyne.
func (h *hotspot) Tapped(*fyne.PointEvent) { h.onTap() }

// Cursor is for Fyne.
func (h *hotspot) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer is for Fyne.
func (h *hotspot) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(&fyne.Container{})
}
