package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"parley/assets"
)

// headerHeight is that of the strip with the title.
const headerHeight = 56

// header is the strip above the conversation: its title, where the engine is,
// how long the last answer took, and the ways to the panels that are hidden.
type header struct {
	box     *fyne.Container
	title   *canvas.Text
	text    string // the title, whole
	place   *chip
	latency *chip
	menu    *iconButton
	lesson  *iconButton
	line    *canvas.Rectangle
}

func newHeader(place string, k keys, openSide, openLesson func()) *header {
	h := &header{
		title:   label("", colInk, theme.SizeNameSubHeadingText, true),
		place:   newChip(place, true),
		latency: newChip("", false),
		menu:    newIconButton(assets.Menu, 36, true, k, openSide),
		lesson:  newIconButton(assets.Lesson, 36, true, k, openLesson),
		line:    canvas.NewRectangle(theme.Color(colLine)),
	}
	h.lesson.set(assets.Lesson, colAccent, true)
	objects := []fyne.CanvasObject{h.title, h.menu, h.lesson, h.line}
	objects = append(objects, h.place.objects()...)
	objects = append(objects, h.latency.objects()...)
	h.box = &fyne.Container{Layout: h, Objects: objects}
	return h
}

// update shows the title and the last turn's latency.
func (h *header) update(title string, latency time.Duration) {
	if title == "" {
		title = "New conversation"
	}
	text := ""
	if latency > 0 {
		text = fmt.Sprintf("%.2f s", latency.Seconds())
	}
	if title == h.text && text == h.latency.text.Text {
		return
	}
	h.text = title
	h.latency.text.Text = text
	h.latency.text.Refresh()
	h.box.Refresh()
}

func (h *header) restyle() {
	h.title.Color, h.title.TextSize = theme.Color(colInk), theme.Size(theme.SizeNameSubHeadingText)
	h.line.FillColor = theme.Color(colLine)
	h.place.restyle()
	h.latency.restyle()
	h.menu.restyle()
	h.lesson.restyle()
	h.box.Refresh()
}

// Layout is for Fyne.
func (h *header) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	const mid = (headerHeight - 1) / 2.
	left, right := float32(marginX), size.Width-marginX
	if h.menu.Visible() {
		left = 12
		h.menu.Resize(h.menu.MinSize())
		h.menu.Move(fyne.NewPos(left, mid-h.menu.side/2))
		left += h.menu.side + 8
	}
	if h.lesson.Visible() {
		right += 8
		h.lesson.Resize(h.lesson.MinSize())
		h.lesson.Move(fyne.NewPos(right-h.lesson.side, mid-h.lesson.side/2))
		right -= h.lesson.side + 6
	}
	right = h.latency.place(right, mid)
	// Where the engine is matters less than what is talked about.
	if right-h.place.width()-left > 120 {
		h.place.show()
		right = h.place.place(right, mid)
	} else {
		h.place.hide()
	}
	h.title.Text = ellipsis(h.text, h.title.TextSize, right-left-8, h.title.TextStyle)
	t := h.title.MinSize()
	h.title.Resize(t)
	h.title.Move(fyne.NewPos(left, whole(mid-t.Height/2)))
	h.title.Refresh()
	h.line.Resize(fyne.NewSize(size.Width, 1))
	h.line.Move(fyne.NewPos(0, headerHeight-1))
}

// MinSize is for Fyne.
func (h *header) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, headerHeight) }

// chip is a small fact in a hairline pill, with a dot before it or not.
type chip struct {
	pill *canvas.Rectangle
	dot  *canvas.Circle
	text *canvas.Text
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

func (c *chip) objects() []fyne.CanvasObject {
	o := []fyne.CanvasObject{c.pill, c.text}
	if c.dot != nil {
		o = append(o, c.dot)
	}
	return o
}

func (c *chip) restyle() {
	c.pill.FillColor, c.pill.StrokeColor, c.pill.StrokeWidth = theme.Color(colCard), theme.Color(colLine), 1
	c.text.Color, c.text.TextSize = theme.Color(colMuted), theme.Size(theme.SizeNameCaptionText)
	if c.dot != nil {
		c.dot.FillColor = theme.Color(colAccent)
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

func (c *chip) width() float32 {
	w := c.text.MinSize().Width + 20
	if c.dot != nil {
		w += 14
	}
	return w
}

// place sets the chip so that it ends at right, and returns where the next to
// its left may end. An empty chip takes no room.
func (c *chip) place(right, mid float32) float32 {
	if c.text.Text == "" {
		c.hide()
		return right
	}
	c.show()
	w := c.width()
	x := right - w
	c.pill.Resize(fyne.NewSize(w, chipHeight))
	c.pill.Move(fyne.NewPos(x, mid-chipHeight/2.))
	t := c.text.MinSize()
	c.text.Resize(t)
	c.text.Move(fyne.NewPos(whole(right-10-t.Width), whole(mid-t.Height/2)))
	if c.dot != nil {
		c.dot.Resize(fyne.NewSquareSize(8))
		c.dot.Move(fyne.NewPos(x+11, mid-4))
	}
	return x - 10
}
