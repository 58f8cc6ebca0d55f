package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"parley/assets"
)

// iconButton is a button that is an icon, round with a hairline beside the
// presence, bare in headers; or, once it is given one, a short text, with an icon
// before it or without. It can be reached and pressed by keyboard.
type iconButton struct {
	widget.BaseWidget

	onTap    func()
	onFocus  func() // may be nil
	keys     keys
	icon     assets.Name
	ink      fyne.ThemeColorName
	side     float32
	bare     bool
	filled   bool // with the accent: what is to be done next
	chosen   bool // of several the one that is shown
	leading  bool // the text stands at the left
	disabled bool
	hovered  bool
	focused  bool

	face  *canvas.Rectangle
	image *canvas.Image
	label *canvas.Text // hidden in a button that is an icon
	text  string       // the label, whole
}

func newIconButton(icon assets.Name, side float32, bare bool, k keys, onTap func()) *iconButton {
	b := &iconButton{icon: icon, ink: colMuted, side: side, bare: bare, keys: k, onTap: onTap,
		face: &canvas.Rectangle{}, image: canvas.NewImageFromResource(nil),
		label: &canvas.Text{}}
	b.image.FillMode = canvas.ImageFillContain
	b.label.Hidden = true
	b.face.CornerRadius = side / 2
	if bare {
		b.face.CornerRadius = 8
	}
	b.ExtendBaseWidget(b)
	b.restyle()
	return b
}

// set changes the icon, its colour, and whether the button can be pressed.
func (b *iconButton) set(icon assets.Name, ink fyne.ThemeColorName, enabled bool) {
	if b.icon == icon && b.ink == ink && b.disabled == !enabled {
		return
	}
	b.icon, b.ink, b.disabled = icon, ink, !enabled
	b.restyle()
}

// say gives the button a text.
func (b *iconButton) say(text string) {
	b.text, b.label.Text, b.label.Hidden = text, text, false
	b.face.CornerRadius = 8
	b.restyle()
}

func (b *iconButton) restyle() {
	ink := theme.Color(b.ink)
	if b.disabled {
		ink = theme.Color(colEdge)
	}
	if b.image.Hidden = b.icon == ""; !b.image.Hidden {
		b.image.Resource = assets.Icon(b.icon, ink)
	}
	b.label.Color, b.label.TextSize = ink, theme.Size(theme.SizeNameText)
	b.face.StrokeWidth = 1
	switch {
	case b.focused:
		b.face.StrokeColor, b.face.StrokeWidth = theme.Color(colAccent), 2
	case b.bare, b.filled:
		b.face.StrokeColor, b.face.StrokeWidth = color.Transparent, 0
	default:
		b.face.StrokeColor = theme.Color(colLine)
	}
	if b.label.TextStyle.Bold = b.chosen; b.chosen {
		b.label.Color = theme.Color(colInk)
	}
	if b.filled {
		b.label.Color = theme.Color(theme.ColorNameBackground)
	}
	switch {
	case b.filled:
		b.face.FillColor = theme.Color(colAccent)
	case b.chosen:
		b.face.FillColor = theme.Color(colAccentSoft)
	case b.hovered && !b.disabled:
		b.face.FillColor = theme.Color(colBubble)
	case b.bare:
		b.face.FillColor = color.Transparent
	default:
		b.face.FillColor = theme.Color(colCard)
	}
	b.Refresh()
}

// MinSize is for Fyne.
func (b *iconButton) MinSize() fyne.Size {
	if b.label.Hidden {
		return fyne.NewSquareSize(b.side)
	}
	text := fyne.MeasureText(b.text, b.label.TextSize, b.label.TextStyle)
	return fyne.NewSize(b.textLeft()+text.Width+buttonPadX, max(b.side, whole(text.Height)+4))
}

// Measures of a button with a text.
const (
	buttonPadX  = 12
	buttonGlyph = 18
)

// glyphSide is the side of an icon, which grows with the type as far as its button
// lets it.
func glyphSide(usual float32) float32 { return whole(usual * min(max(1, textScale()), 1.4)) }

func (b *iconButton) textLeft() float32 {
	if b.icon == "" {
		return buttonPadX
	}
	return buttonPadX + glyphSide(buttonGlyph) + 8
}

// Tapped is for Fyne.
func (b *iconButton) Tapped(*fyne.PointEvent) {
	if !b.disabled {
		b.onTap()
	}
}

// MouseIn is for Fyne.
func (b *iconButton) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.restyle() }

// MouseMoved is for Fyne.
func (b *iconButton) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is for Fyne.
func (b *iconButton) MouseOut() { b.hovered = false; b.restyle() }

// FocusGained is for Fyne.
func (b *iconButton) FocusGained() {
	b.focused = true
	b.restyle()
	if b.onFocus != nil {
		b.onFocus()
	}
}

// FocusLost is for Fyne.
func (b *iconButton) FocusLost() { b.focused = false; b.restyle() }

// TypedRune is for Fyne.
func (b *iconButton) TypedRune(r rune) {
	if r != ' ' { // which presses the button
		b.keys.rune(r)
	}
}

// TypedKey is for Fyne.
func (b *iconButton) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeySpace || k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter {
		b.Tapped(nil)
		return
	}
	b.keys.key(k)
}

// CreateRenderer is for Fyne.
func (b *iconButton) CreateRenderer() fyne.WidgetRenderer {
	return &iconButtonRenderer{WidgetRenderer: widget.NewSimpleRenderer(b.face), b: b}
}

type iconButtonRenderer struct {
	fyne.WidgetRenderer
	b *iconButton
}

func (r *iconButtonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.b.face, r.b.image, r.b.label}
}

func (r *iconButtonRenderer) Layout(size fyne.Size) {
	r.b.face.Resize(size)
	if text := r.b.label; !text.Hidden {
		glyph := glyphSide(buttonGlyph)
		r.b.image.Resize(fyne.NewSquareSize(glyph))
		r.b.image.Move(fyne.NewPos(buttonPadX, whole((size.Height-glyph)/2)))
		left := r.b.textLeft()
		text.Text = r.b.text
		if size.Width > 0 {
			text.Text = ellipsis(r.b.text, text.TextSize, size.Width-left-2, text.TextStyle)
		}
		t := text.MinSize()
		if r.b.icon == "" && !r.b.leading { // in the middle
			left = whole((size.Width - t.Width) / 2)
		}
		text.Resize(t)
		text.Move(fyne.NewPos(left, whole((size.Height-t.Height)/2)))
		return
	}
	glyph := glyphSide(min(22, r.b.side/2))
	r.b.image.Resize(fyne.NewSquareSize(glyph))
	r.b.image.Move(fyne.NewPos((size.Width-glyph)/2, (size.Height-glyph)/2))
}

func (r *iconButtonRenderer) Refresh() {
	r.b.face.Refresh()
	if !r.b.image.Hidden {
		r.b.image.Refresh()
	}
	r.Layout(r.b.Size()) // the text may be another
	r.b.label.Refresh()
}
