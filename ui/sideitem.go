package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// sideItem draws one [sideRow] and takes the clicks on it.
type sideItem struct {
	widget.BaseWidget
	list *sideList

	index   int
	row     sideRow
	current bool // it is the conversation that is shown
	hovered bool
	focused bool // the keyboard is at it

	back    *canvas.Rectangle
	more    *canvas.Image
	objects []fyne.CanvasObject
}

// moreSide is the width of the part of an item that opens its menu.
const moreSide = 30

func newSideItem(l *sideList) *sideItem {
	i := &sideItem{list: l, back: rounded(color.Transparent, 8), more: canvas.NewImageFromResource(nil)}
	i.more.FillMode = canvas.ImageFillContain
	i.ExtendBaseWidget(i)
	return i
}

// show has the item draw row index of the list.
func (i *sideItem) show(index int, r sideRow, current, focused bool) {
	if index != i.index {
		i.hovered = false
	}
	i.index, i.row, i.current, i.focused = index, r, current && r.kind == entryRow, focused
	i.Refresh()
}

// Tapped is for Fyne.
func (i *sideItem) Tapped(e *fyne.PointEvent) {
	switch {
	case i.row.kind == headingRow:
	case i.row.kind == entryRow && e.Position.X > i.Size().Width-moreSide:
		i.list.menu(i.row.entry, e.AbsolutePosition)
	default:
		i.list.open(i.row)
	}
}

// TappedSecondary is for Fyne.
func (i *sideItem) TappedSecondary(e *fyne.PointEvent) {
	if i.row.kind == entryRow {
		i.list.menu(i.row.entry, e.AbsolutePosition)
	}
}

// MouseIn is for Fyne.
func (i *sideItem) MouseIn(*desktop.MouseEvent) { i.hovered = true; i.Refresh() }

// MouseMoved is for Fyne.
func (i *sideItem) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is for Fyne.
func (i *sideItem) MouseOut() { i.hovered = false; i.Refresh() }

// CreateRenderer is for Fyne.
func (i *sideItem) CreateRenderer() fyne.WidgetRenderer {
	return &sideItemRenderer{WidgetRenderer: widget.NewSimpleRenderer(i.back), i: i}
}

type sideItemRenderer struct {
	fyne.WidgetRenderer
	i *sideItem
}

func (r *sideItemRenderer) Objects() []fyne.CanvasObject { return r.i.objects }

func (r *sideItemRenderer) MinSize() fyne.Size { return fyne.NewSize(120, 20) }

func (r *sideItemRenderer) Layout(fyne.Size) { r.i.paint() }

func (r *sideItemRenderer) Refresh() {
	r.i.paint()
	canvas.Refresh(r.i)
}

// Measures of an item, in Fyne's units.
const (
	sidePadX = 10
	sidePadY = 8
	sideGap  = 2 // between two items
)

// paint makes the item's objects anew.
func (i *sideItem) paint() {
	size := i.Size()
	if size.Width <= 0 {
		return
	}
	var box easel
	i.back.FillColor, i.back.StrokeColor, i.back.StrokeWidth = color.Transparent, color.Transparent, 0
	switch {
	case i.row.kind == headingRow:
	case i.current:
		i.back.FillColor = theme.Color(colAccentSoft)
	case i.hovered:
		i.back.FillColor = theme.Color(colBubble)
	}
	if i.focused {
		i.back.StrokeColor, i.back.StrokeWidth = theme.Color(colAccent), 2
	}
	box.add(i.back, 0, 0, size.Width, size.Height)
	p := i.list.press
	switch i.row.kind {
	case headingRow:
		t := label(i.row.heading, colMuted, theme.SizeNameCaptionText, true)
		h := t.MinSize().Height
		box.addText(t, 0, size.Height-h-4, h)
	case entryRow:
		room := size.Width - 2*sidePadX
		if i.hovered || i.focused {
			room -= moreSide - sidePadX
			i.more.Resource = theme.NewColoredResource(theme.MoreHorizontalIcon(), colMuted)
			box.add(i.more, size.Width-moreSide+5, (size.Height-20)/2, 20, 20)
		}
		p.paintCaptioned(&box, i.row.title(), i.current, i.row.caption(), room)
	case hitRow:
		p.paintHit(&box, i.row.hit, i.row.caption(), size.Width-2*sidePadX)
	}
	i.objects = box.objects
}

// paintCaptioned sets a title, bold or not, and, below it, what is to be known
// beside.
func (p *press) paintCaptioned(box *easel, title string, bold bool, caption string, room float32) {
	t := label(title, colInk, theme.SizeNameText, bold)
	t.Text = ellipsis(t.Text, t.TextSize, room, t.TextStyle)
	box.addText(t, sidePadX, sidePadY, p.lineHeight)
	c := label(caption, colMuted, theme.SizeNameCaptionText, false)
	c.Text = ellipsis(c.Text, c.TextSize, room, c.TextStyle)
	box.addText(c, sidePadX, sidePadY+p.lineHeight-2, p.nameHeight)
}

// hitLines is how many lines of what was found are shown.
const hitLines = 2

// paintHit sets the lines around the first word that was found, with all words
// that were found marked, and whose they are below.
func (p *press) paintHit(box *easel, h Hit, caption string, room float32) {
	lines := p.small.wrap(h.Excerpt, room)
	first := 0
	if len(h.Marks) > 0 {
		for first < len(lines)-hitLines && lines[first].To <= h.Marks[0].From {
			first++
		}
	}
	lines = lines[first:min(first+hitLines, len(lines))]
	y := float32(sidePadY)
	for _, l := range lines {
		p.paintMarked(box, h.Excerpt, l, h.Marks, y)
		y += p.nameHeight
	}
	c := label(caption, colMuted, theme.SizeNameCaptionText, false)
	c.Text = ellipsis(c.Text, c.TextSize, room, c.TextStyle)
	box.addText(c, sidePadX, y, p.nameHeight)
}

// paintMarked sets one line of an excerpt.
func (p *press) paintMarked(box *easel, text string, l line, marks []Mark, y float32) {
	piece := func(from, to int, marked bool) {
		if from = max(from, l.From); from >= min(to, l.To) {
			return
		}
		t := label(text[from:min(to, l.To)], colInk, theme.SizeNameCaptionText, marked)
		left := sidePadX + fyne.MeasureText(text[l.From:from], t.TextSize, fyne.TextStyle{}).Width
		if marked {
			t.TextStyle.Bold = false // which would be wider than the room kept for it
			box.add(rounded(theme.Color(colSpoken), 3), left-1, y+1, t.MinSize().Width+2, p.nameHeight-2)
		}
		box.addText(t, left, y, p.nameHeight)
	}
	at := 0
	for _, m := range marks {
		piece(at, m.From, false)
		piece(m.From, m.To, true)
		at = m.To
	}
	piece(at, len(text), false)
}

// rowHeight is that of a row of the side list, with the gap below it.
func (p *press) rowHeight(k sideKind) float32 {
	switch k {
	case headingRow:
		return p.nameHeight + 20
	case hitRow:
		return (hitLines+1)*p.nameHeight + 2*sidePadY + sideGap
	}
	return p.lineHeight - 2 + p.nameHeight + 2*sidePadY + sideGap
}
