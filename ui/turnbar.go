package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// turnDoes is what can be done with a turn of the conversation.
type turnDoes struct {
	copy   func(text string)
	replay func(text string, speed float64) // nil where that cannot be
}

// slower is the speed, as a share of the usual one, of what is played slower.
const slower = .75

// choice is one thing that can be done with a turn.
type choice struct {
	label string
	do    func()
}

// choices are what can be done with a row, as it is now.
func (d turnDoes) choices(r Row) []choice {
	if !r.Done || r.Text == "" {
		return nil
	}
	all := []choice{{lang.L("Copy"), func() { d.copy(r.Text) }}}
	if r.Kind == ReplyRow && d.replay != nil {
		all = append(all, choice{lang.L("Play again"), func() { d.replay(r.Text, 1) }},
			choice{lang.L("Slower"), func() { d.replay(r.Text, slower) }})
	}
	return all
}

// turnBar offers, beside the turn under the pointer, what can be done with it. The
// keyboard has the same as a menu; see [conversation].
type turnBar struct {
	widget.BaseWidget

	choices []choice
	edges   []float32 // right end of each
	at      int       // the one under the pointer, -1: none
	left    func()    // the pointer has left

	back  *canvas.Rectangle
	light *canvas.Rectangle // behind the one under the pointer
	texts []*canvas.Text
}

func newTurnBar(left func()) *turnBar {
	b := &turnBar{at: -1, left: left, back: rounded(color.Transparent, 8), light: rounded(color.Transparent, 6)}
	b.Hidden = true
	b.ExtendBaseWidget(b)
	return b
}

// offer shows choices.
func (b *turnBar) offer(choices []choice) {
	b.choices, b.at = choices, -1
	b.texts, b.edges = b.texts[:0], b.edges[:0]
	x := float32(2)
	for _, c := range choices {
		t := label(c.label, colMuted, theme.SizeNameCaptionText, false)
		x += t.MinSize().Width + 2*turnBarPad
		b.texts, b.edges = append(b.texts, t), append(b.edges, x)
	}
	b.Refresh()
}

const turnBarPad = 9 // left and right of each choice

// MinSize is for Fyne.
func (b *turnBar) MinSize() fyne.Size {
	if len(b.edges) == 0 {
		return fyne.Size{}
	}
	return fyne.NewSize(b.edges[len(b.edges)-1]+2, whole(b.texts[0].MinSize().Height)+8)
}

// choiceAt is the choice at x, -1 for none.
func (b *turnBar) choiceAt(x float32) int {
	for i, edge := range b.edges {
		if x < edge {
			return i
		}
	}
	return -1
}

func (b *turnBar) point(at int) {
	if at != b.at {
		b.at = at
		b.Refresh()
	}
}

// Tapped is for Fyne.
func (b *turnBar) Tapped(e *fyne.PointEvent) {
	if i := b.choiceAt(e.Position.X); i >= 0 {
		b.choices[i].do()
	}
}

// Cursor is for Fyne.
func (b *turnBar) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn is for Fyne.
func (b *turnBar) MouseIn(e *desktop.MouseEvent) {
	b.Show()
	b.point(b.choiceAt(e.Position.X))
}

// MouseMoved is for Fyne.
func (b *turnBar) MouseMoved(e *desktop.MouseEvent) { b.point(b.choiceAt(e.Position.X)) }

// MouseOut is for Fyne.
func (b *turnBar) MouseOut() {
	b.point(-1)
	b.left()
}

// CreateRenderer is for Fyne.
func (b *turnBar) CreateRenderer() fyne.WidgetRenderer {
	return &turnBarRenderer{WidgetRenderer: widget.NewSimpleRenderer(b.back), b: b}
}

type turnBarRenderer struct {
	fyne.WidgetRenderer
	b *turnBar
}

func (r *turnBarRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.b.back, r.b.light}
	for _, t := range r.b.texts {
		objects = append(objects, t)
	}
	return objects
}

func (r *turnBarRenderer) MinSize() fyne.Size { return r.b.MinSize() }

func (r *turnBarRenderer) Layout(size fyne.Size) {
	b := r.b
	b.back.Resize(size)
	left := float32(2)
	for i, t := range b.texts {
		h := t.MinSize().Height
		t.Resize(t.MinSize())
		t.Move(fyne.NewPos(left+turnBarPad, whole((size.Height-h)/2)))
		if i == b.at {
			b.light.Move(fyne.NewPos(left, 2))
			b.light.Resize(fyne.NewSize(b.edges[i]-left, size.Height-4))
		}
		left = b.edges[i]
	}
}

func (r *turnBarRenderer) Refresh() {
	b := r.b
	b.back.FillColor, b.back.StrokeColor, b.back.StrokeWidth = theme.Color(colCard), theme.Color(colLine), 1
	b.light.FillColor, b.light.Hidden = theme.Color(colBubble), b.at < 0
	for i, t := range b.texts {
		t.Color = theme.Color(colMuted)
		if i == b.at {
			t.Color = theme.Color(colInk)
		}
	}
	r.Layout(b.Size())
	canvas.Refresh(b)
}
