package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// wording is a text that is broken into lines as its width demands.
type wording struct {
	widget.BaseWidget
	text string
	ink  fyne.ThemeColorName
	size fyne.ThemeSizeName
	bold bool

	lines []*canvas.Text
	width float32
}

func newWording(text string, ink fyne.ThemeColorName, size fyne.ThemeSizeName, bold bool) *wording {
	p := &wording{text: text, ink: ink, size: size, bold: bold}
	p.Hidden = text == ""
	p.ExtendBaseWidget(p)
	return p
}

// boldWider is how much wider bold type is, at most.
const boldWider = 1.08

func (p *wording) fit(width float32) float32 {
	size := theme.Size(p.size)
	room := width
	if p.bold {
		room /= boldWider
	}
	p.width, p.lines = width, p.lines[:0]
	y := float32(0)
	for _, l := range newRuler(size).wrap(p.text, max(room, 1)) {
		t := canvas.NewText(p.text[l.From:l.To], theme.Color(p.ink))
		t.TextSize, t.TextStyle.Bold = size, p.bold
		s := t.MinSize()
		t.Resize(s)
		t.Move(fyne.NewPos(0, y))
		y += whole(s.Height)
		p.lines = append(p.lines, t)
	}
	p.Refresh()
	return y
}

// say changes the text and its colour; what needs attention is bold, too. Who has
// laid it out does so again.
func (p *wording) say(text string, ink fyne.ThemeColorName) {
	p.text, p.ink, p.bold, p.Hidden = text, ink, ink == colAttention, text == ""
}

// MinSize is for Fyne.
func (p *wording) MinSize() fyne.Size {
	if p.width == 0 { // not yet laid out
		return p.inOneLine()
	}
	h := float32(0)
	for _, l := range p.lines {
		h += whole(l.MinSize().Height)
	}
	return fyne.NewSize(0, h)
}

// inOneLine is how large it is where nothing breaks it.
func (p *wording) inOneLine() fyne.Size {
	t := canvas.NewText(p.text, nil)
	t.TextSize, t.TextStyle.Bold = theme.Size(p.size), p.bold
	return t.MinSize()
}

// CreateRenderer is for Fyne.
func (p *wording) CreateRenderer() fyne.WidgetRenderer { return wordingRenderer{p} }

type wordingRenderer struct{ p *wording }

func (r wordingRenderer) Objects() []fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, len(r.p.lines))
	for i, l := range r.p.lines {
		objects[i] = l
	}
	return objects
}

func (r wordingRenderer) Layout(size fyne.Size) {
	if size.Width != r.p.width {
		r.p.fit(size.Width)
	}
}

func (r wordingRenderer) MinSize() fyne.Size { return r.p.MinSize() }

func (r wordingRenderer) Refresh() { canvas.Refresh(r.p) }

func (wordingRenderer) Destroy() {}
