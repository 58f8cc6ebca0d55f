package ui

import (
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// The conversation has one turn that is pointed at by the mouse, which has the
// turn bar beside it, and one that is marked: the one the keyboard is at, or the
// one that was searched for. None is -1.

// rowAt is the row at y of the conversation's own height, or -1.
func (c *conversation) rowAt(y float32) int {
	y += c.scroll.Offset.Y - c.shift()
	i := sort.Search(c.set.Len(), func(i int) bool { return c.tops[i+1] > y })
	if i >= c.set.Len() || y < c.tops[i]+rowGap/2 {
		return -1
	}
	return i
}

// MouseIn is for Fyne.
func (c *conversation) MouseIn(e *desktop.MouseEvent) { c.MouseMoved(e) }

// MouseMoved is for Fyne.
func (c *conversation) MouseMoved(e *desktop.MouseEvent) {
	c.inside, c.pointer = true, e.Position.Y
	c.pointAt(c.rowAt(c.pointer))
}

// MouseOut is for Fyne.
func (c *conversation) MouseOut() {
	c.inside = false
	c.bar.Hide()
}

// pointAt shows the bar beside row i.
func (c *conversation) pointAt(i int) {
	if i == c.pointed && (i < 0 || c.bar.Visible()) {
		return
	}
	c.pointed = i
	c.placeBar(true)
}

// placeBar puts the bar where it belongs; anew also makes what it offers.
func (c *conversation) placeBar(anew bool) {
	i := c.pointed
	if i < 0 || i >= c.set.Len() {
		c.bar.Hide()
		return
	}
	r := c.set.At(i)
	if anew {
		c.bar.offer(c.does.choices(r))
	}
	size := c.bar.MinSize()
	if size.Width == 0 {
		c.bar.Hide()
		return
	}
	left := margin(c.width)
	top := c.shift() + c.tops[i]
	x, y := left, top+rowGap-2
	switch r.Kind {
	case ReplyRow:
		x += c.press.nameWidth(r) + 10
	case UserRow:
		bubble := whole(c.press.body.widest(r.Text, c.press.body.wrap(r.Text, textWidth(UserRow, c.width)))) + 2*bubblePadX
		x, y = c.width-left-bubble-size.Width-8, top+rowGap+(c.tops[i+1]-c.tops[i]-rowGap-size.Height)/2
	default: // over its upper edge
		x, y = c.width-left-size.Width-8, top+rowGap-size.Height+7
	}
	c.bar.Resize(size)
	c.bar.Move(fyne.NewPos(whole(max(4, x)), whole(y)))
	c.bar.Show()
}

// reveal scrolls to row i and marks it.
func (c *conversation) reveal(i int) {
	if i < 0 || i >= c.set.Len() {
		return
	}
	shift := c.shift()
	top, bottom := shift+c.tops[i], shift+c.tops[i+1]
	at, view := c.scroll.Offset.Y, c.scroll.Size().Height
	if top < at || bottom > at+view {
		// With some of what was said before, so that it can be understood.
		at = min(max(0, top-view/4), max(0, c.height()-view))
		c.away = at < c.height()-view-nearEnd
		c.scroll.ScrollToOffset(fyne.NewPos(0, at))
	}
	c.marked = i
	c.place()
}

// TappedSecondary is for Fyne.
func (c *conversation) TappedSecondary(e *fyne.PointEvent) {
	if i := c.rowAt(e.Position.Y); i >= 0 {
		c.menu(i, e.Position)
	}
}

// menu offers what can be done with row i.
func (c *conversation) menu(i int, at fyne.Position) {
	var items []*fyne.MenuItem
	for _, choice := range c.does.choices(c.set.At(i)) {
		items = append(items, fyne.NewMenuItem(choice.label, choice.do))
	}
	on := fyne.CurrentApp().Driver().CanvasForObject(c)
	if len(items) == 0 || on == nil {
		return
	}
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), on)
	menu.ShowAtPosition(fyne.CurrentApp().Driver().AbsolutePositionForObject(c).Add(at))
	on.Focus(menu)
}

// placeMark puts the mark behind the marked row.
func (c *conversation) placeMark() {
	if c.marked < 0 || c.marked >= c.set.Len() {
		c.mark.Hide()
		return
	}
	left := margin(c.width) - 12
	c.mark.FillColor = theme.Color(colAccentSoft)
	c.mark.StrokeColor, c.mark.StrokeWidth = theme.Color(colAccent), 0
	if c.focused {
		c.mark.StrokeWidth = 2
	}
	top := c.shift() + c.tops[c.marked]
	c.mark.Resize(fyne.NewSize(c.width-2*left, c.tops[c.marked+1]-c.tops[c.marked]-rowGap+12))
	c.mark.Move(fyne.NewPos(left, whole(top+rowGap-6)))
	c.mark.Show()
}
