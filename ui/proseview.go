package ui

import (
	"net/url"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// prose sets paragraphs, as high as its width asks for. It is Fyne's RichText for
// what a lesson has, with items that hang, and set in a hundredth of the time.
type prose struct {
	widget.BaseWidget
	all   []paragraph
	press *press
	open  func(*url.URL)

	size    fyne.Size // that it was set for, and how high that made it
	objects []fyne.CanvasObject
	links   []proseLink
}

// proseLink is where a link stands.
type proseLink struct {
	at   fyne.Position
	size fyne.Size
	to   *url.URL
}

// Measures of prose, in Fyne's units.
const (
	proseMargin = 8
	proseIndent = 18 // of a list
	proseGap    = 8  // below a paragraph
	itemGap     = 3  // below an item
	headingGap  = 14 // above a heading
)

func newProse(markdown string, open func(*url.URL)) *prose {
	v := &prose{all: paragraphs(markdown), press: newPress(), open: open}
	v.ExtendBaseWidget(v)
	return v
}

func (v *prose) restyle() {
	v.press = newPress()
	v.set(v.size.Width)
	v.Refresh()
}

// set places everything for that width.
func (v *prose) set(width float32) {
	if width < narrowest {
		return
	}
	var box easel
	v.links = nil
	y := float32(0)
	for i, p := range v.all {
		if p.heading {
			y += headingGap
		}
		left := float32(proseMargin)
		if p.indent > 0 {
			left += float32(p.indent) * whole(proseIndent*v.press.body.size/14)
			mark := label(p.marker, colInk, theme.SizeNameText, false)
			box.addText(mark, left-whole(mark.MinSize().Width)-6, y, v.press.lineHeight)
		}
		for _, line := range v.press.setRuns(p, width-left-proseMargin) {
			for _, piece := range line {
				v.add(&box, piece, left, y)
			}
			y += v.press.lineHeight
		}
		switch {
		case p.heading:
			y += 2
		case p.code && i+1 < len(v.all) && v.all[i+1].code:
		case p.indent > 0 && i+1 < len(v.all) && v.all[i+1].indent > 0:
			y += itemGap
		default:
			y += proseGap
		}
	}
	v.objects, v.size = box.objects, fyne.NewSize(width, whole(y))
}

func (v *prose) add(box *easel, piece placed, left, y float32) {
	ink := colInk
	if piece.link != nil {
		ink = colAccent
		t := fyne.MeasureText(piece.text, v.press.body.size, piece.style)
		v.links = append(v.links, proseLink{fyne.NewPos(left+piece.x, y), fyne.NewSize(t.Width, v.press.lineHeight), piece.link})
	}
	t := label(piece.text, ink, theme.SizeNameText, false)
	t.TextStyle = piece.style
	box.addText(t, left+piece.x, y, v.press.lineHeight)
}

// placed is a run, or a part of one, in its line.
type placed struct {
	run
	x float32
}

// setRuns breaks a paragraph into lines.
func (p *press) setRuns(para paragraph, limit float32) [][]placed {
	var lines [][]placed
	var line []placed
	x := float32(0)
	flush := func() {
		lines, line, x = append(lines, line), nil, 0
	}
	put := func(r run, text string, gap, w float32) {
		last := len(line) - 1
		if last >= 0 && line[last].style == r.style && line[last].link == r.link {
			if gap > 0 {
				line[last].text += " "
			}
			line[last].text += text
		} else {
			r.text = text
			line = append(line, placed{r, x + gap})
		}
		x += gap + w
	}
	spaced := false // there is a space before the next word
	for _, r := range para.runs {
		width := func(s string) float32 { return p.styled(s, r.style) }
		if para.code {
			put(r, r.text, 0, width(r.text))
			continue
		}
		for i, word := range strings.FieldsFunc(r.text, unicode.IsSpace) {
			before := spaced || i > 0 || strings.TrimLeftFunc(r.text, unicode.IsSpace) != r.text
			spaced = false
			gap, w := float32(0), width(word)
			if before && x > 0 {
				gap = width(" ")
				if x+gap+w > limit {
					flush()
					gap = 0
				}
			}
			for x == 0 && w > limit {
				n := p.body.fitting(word, limit)
				if n == len(word) {
					break
				}
				put(r, word[:n], 0, limit)
				flush()
				word = word[n:]
				w = width(word)
			}
			put(r, word, gap, w)
		}
		spaced = spaced || strings.TrimRightFunc(r.text, unicode.IsSpace) != r.text
	}
	if len(line) > 0 || len(lines) == 0 {
		flush()
	}
	return lines
}

// styled is the width of a word in that style.
func (p *press) styled(word string, style fyne.TextStyle) float32 {
	if style == (fyne.TextStyle{}) {
		return p.body.width(word)
	}
	return fyne.MeasureText(word, p.body.size, style).Width
}

// Tapped is for Fyne: a link is opened.
func (v *prose) Tapped(e *fyne.PointEvent) {
	for _, l := range v.links {
		if at := e.Position.Subtract(l.at); at.X >= 0 && at.Y >= 0 && at.X < l.size.Width && at.Y < l.size.Height {
			v.open(l.to)
		}
	}
}

// Resize is for Fyne: the width asked for tells the height.
func (v *prose) Resize(size fyne.Size) {
	if size.Width != v.size.Width {
		v.set(size.Width)
	}
	v.BaseWidget.Resize(size)
}

// MinSize is for Fyne.
func (v *prose) MinSize() fyne.Size { return fyne.NewSize(narrowest, v.size.Height) }

// CreateRenderer is for Fyne.
func (v *prose) CreateRenderer() fyne.WidgetRenderer {
	return &proseRenderer{WidgetRenderer: widget.NewSimpleRenderer(&fyne.Container{}), v: v}
}

type proseRenderer struct {
	fyne.WidgetRenderer
	v *prose
}

func (r *proseRenderer) Objects() []fyne.CanvasObject { return r.v.objects }

func (r *proseRenderer) Layout(fyne.Size) {}

func (r *proseRenderer) MinSize() fyne.Size { return r.v.MinSize() }

func (r *proseRenderer) Refresh() { canvas.Refresh(r.v) }
