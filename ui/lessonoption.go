package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"parley/engine"
)

// optionButton is one answer to choose: once it is chosen, it says whether it was
// right, and why.
type optionButton struct {
	widget.BaseWidget

	letter string // that it is called aloud
	option engine.Option
	chosen bool // last of all
	onTap  func()
	keys   keys

	hovered, focused bool
	face             *canvas.Rectangle
	sign             *canvas.Image
	objects          []fyne.CanvasObject
	height           float32
}

const (
	optionPadX = 12
	optionPadY = 8
	optionSign = 18
	optionName = 22 // room for its letter, at the usual size of type
)

func newOptionButton(letter string, o engine.Option, k keys, onTap func()) *optionButton {
	b := &optionButton{letter: letter, option: o, keys: k, onTap: onTap, face: rounded(color.Transparent, 8), sign: canvas.NewImageFromResource(nil)}
	b.sign.FillMode = canvas.ImageFillContain
	b.ExtendBaseWidget(b)
	return b
}

// set makes the button for that width, and says how high it is.
func (b *optionButton) set(p *press, width float32, chosen bool) float32 {
	b.chosen = chosen
	var box easel
	b.face.FillColor, b.face.StrokeColor, b.face.StrokeWidth = theme.Color(colCard), theme.Color(colLine), 1
	ink, small := colInk, colMuted
	left := optionPadX + whole(optionName*p.body.size/14)
	room := width - left - optionPadX - optionSign - 8
	lines := p.body.wrap(b.option.Text, room)
	var comment []line
	if chosen {
		fill, mark, icon := colAttentionSoft, colAttention, theme.CancelIcon()
		small = colAttention
		if b.option.Right {
			fill, mark, icon, small = colAccentSoft, colAccent, theme.ConfirmIcon(), colAccent
		}
		b.face.FillColor, b.face.StrokeColor = theme.Color(fill), theme.Color(mark)
		b.sign.Resource = theme.NewColoredResource(icon, mark)
		if b.option.Comment != "" {
			comment = p.small.wrap(b.option.Comment, room)
		}
	} else if b.hovered {
		b.face.FillColor = theme.Color(colBubble)
	}
	if b.focused {
		b.face.StrokeColor, b.face.StrokeWidth = theme.Color(colAccent), 2
	}
	b.height = whole(float32(len(lines))*p.lineHeight + float32(len(comment))*p.nameHeight + 2*optionPadY)
	box.add(b.face, 0, 0, width, b.height)
	box.addText(label(b.letter, colMuted, theme.SizeNameText, false), optionPadX, optionPadY, p.lineHeight)
	y := p.setLines(&box, b.option.Text, lines, left, optionPadY, p.lineHeight, ink, theme.SizeNameText)
	p.setLines(&box, b.option.Comment, comment, left, y, p.nameHeight, small, theme.SizeNameCaptionText)
	if chosen {
		box.add(b.sign, width-optionPadX-optionSign, optionPadY+(p.lineHeight-optionSign)/2, optionSign, optionSign)
	}
	b.objects = box.objects
	return b.height
}

// setLines adds the lines of a text one below the other, and says where they end.
func (p *press) setLines(box *easel, text string, lines []line, x, y, high float32, ink fyne.ThemeColorName, size fyne.ThemeSizeName) float32 {
	for _, l := range lines {
		if l.To > l.From {
			box.addText(label(text[l.From:l.To], ink, size, false), x, y, high)
		}
		y += high
	}
	return y
}

func (b *optionButton) restyle() {
	b.set(newPress(), b.Size().Width, b.chosen)
	canvas.Refresh(b)
}

// Tapped is for Fyne.
func (b *optionButton) Tapped(*fyne.PointEvent) { b.onTap() }

// Cursor is for Fyne.
func (b *optionButton) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn is for Fyne.
func (b *optionButton) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.restyle() }

// MouseMoved is for Fyne.
func (b *optionButton) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is for Fyne.
func (b *optionButton) MouseOut() { b.hovered = false; b.restyle() }

// FocusGained is for Fyne.
func (b *optionButton) FocusGained() { b.focused = true; b.restyle() }

// FocusLost is for Fyne.
func (b *optionButton) FocusLost() { b.focused = false; b.restyle() }

// TypedRune is for Fyne.
func (b *optionButton) TypedRune(r rune) {
	if r != ' ' { // which chooses
		b.keys.rune(r)
	}
}

// TypedKey is for Fyne.
func (b *optionButton) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.onTap()
	default:
		b.keys.key(k)
	}
}

// CreateRenderer is for Fyne.
func (b *optionButton) CreateRenderer() fyne.WidgetRenderer {
	return &optionRenderer{WidgetRenderer: widget.NewSimpleRenderer(b.face), b: b}
}

type optionRenderer struct {
	fyne.WidgetRenderer
	b *optionButton
}

func (r *optionRenderer) Objects() []fyne.CanvasObject { return r.b.objects }

func (r *optionRenderer) Layout(fyne.Size) {}

func (r *optionRenderer) MinSize() fyne.Size { return fyne.NewSize(80, r.b.height) }

func (r *optionRenderer) Refresh() { canvas.Refresh(r.b) }
