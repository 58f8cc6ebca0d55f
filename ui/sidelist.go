package ui

import (
	"slices"
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"parley/engine"
)

// sideList is a virtual list of [sideRow] values: only the rows in sight have
// objects, which are used again for others. The arrow keys go through it, Return
// opens, and F2, Delete and the menu key do what the menu of a row offers.
type sideList struct {
	widget.BaseWidget
	does    shelving
	keys    keys
	press   *press
	rows    []sideRow
	tops    []float32 // of each row, and the end of the last
	current engine.ConversationID

	at      int // row the keyboard is at
	focused bool

	items  []*sideItem // in sight, from row first
	first  int
	spare  []*sideItem
	scroll *container.Scroll
	column *fyne.Container
}

// shelving is what the rows of a list lead to.
type shelving struct {
	open   func(sideRow)
	menu   func(e Entry, at fyne.Position)
	rename func(Entry)
	remove func(Entry)
	end    func(rows int) // the last rows are in sight
}

func newSideList(does shelving, k keys) *sideList {
	l := &sideList{does: does, keys: k, press: newPress()}
	l.column = container.New(sideColumn{l})
	l.scroll = container.NewVScroll(l.column)
	l.scroll.OnScrolled = func(fyne.Position) { l.place() }
	l.ExtendBaseWidget(l)
	return l
}

// set shows rows, with the conversation current marked.
func (l *sideList) set(rows []sideRow, current engine.ConversationID) {
	l.rows, l.current = rows, current
	l.at = min(l.at, max(0, len(rows)-1))
	l.measure()
}

func (l *sideList) measure() {
	l.tops = append(l.tops[:0], 0)
	for i, r := range l.rows {
		l.tops = append(l.tops, l.tops[i]+l.press.rowHeight(r.kind))
	}
	l.column.Resize(fyne.NewSize(l.scroll.Size().Width, l.height()))
	if at := l.scroll.Offset.Y; at > max(0, l.height()-l.scroll.Size().Height) {
		l.scroll.ScrollToOffset(fyne.NewPos(0, max(0, l.height()-l.scroll.Size().Height)))
	}
	l.spare, l.items = append(l.spare, l.items...), nil
	l.place()
	l.scroll.Refresh()
}

func (l *sideList) restyle() {
	l.press = newPress()
	l.measure()
}

func (l *sideList) height() float32 {
	if len(l.tops) == 0 {
		return 0
	}
	return l.tops[len(l.tops)-1]
}

// top shows the first row.
func (l *sideList) top() {
	l.at = 0
	l.scroll.ScrollToTop()
}

// place gives the rows in sight their items, and takes those of the others.
func (l *sideList) place() {
	width, height := l.scroll.Size().Width, l.scroll.Size().Height
	if width <= 0 {
		return
	}
	top := l.scroll.Offset.Y
	from := sort.Search(len(l.rows), func(i int) bool { return l.tops[i+1] > top })
	to := from
	for to < len(l.rows) && l.tops[to] < top+height {
		to++
	}
	items := make([]*sideItem, 0, to-from)
	for i, item := range l.items { // those out of sight are spare
		if at := l.first + i; at < from || at >= to {
			l.spare = append(l.spare, item)
		}
	}
	objects := make([]fyne.CanvasObject, 0, to-from)
	for at := from; at < to; at++ {
		item, fresh := l.item(at)
		r := l.rows[at]
		item.Resize(fyne.NewSize(width, l.tops[at+1]-l.tops[at]-sideGap))
		if fresh {
			item.show(at, r, r.entry.ID == l.current, l.focused && at == l.at)
		}
		item.Move(fyne.NewPos(0, l.tops[at]))
		items, objects = append(items, item), append(objects, item)
	}
	changed := !slices.Equal(l.items, items)
	l.items, l.first = items, from
	if changed {
		l.column.Objects = objects
		l.column.Refresh()
	}
	if to == len(l.rows) && to > 0 && l.does.end != nil {
		l.does.end(to)
	}
}

// item is that of row at, or a spare one, which is yet to show it.
func (l *sideList) item(at int) (item *sideItem, fresh bool) {
	if i := at - l.first; i >= 0 && i < len(l.items) {
		return l.items[i], false
	}
	if n := len(l.spare); n > 0 {
		item, l.spare = l.spare[n-1], l.spare[:n-1]
		return item, true
	}
	return newSideItem(l), true
}

func (l *sideList) open(r sideRow) { l.does.open(r) }

func (l *sideList) menu(e Entry, at fyne.Position) { l.does.menu(e, at) }

// step moves the keyboard on by n, 1 or -1, past headings, and shows where it is.
func (l *sideList) step(n int) {
	at := l.at + n
	for at > 0 && at < len(l.rows)-1 && l.rows[at].kind == headingRow {
		at += n
	}
	if at < 0 || at >= len(l.rows) || l.rows[at].kind == headingRow {
		return
	}
	l.at = at
	switch view := l.scroll.Size().Height; {
	case l.tops[at] < l.scroll.Offset.Y:
		l.scroll.ScrollToOffset(fyne.NewPos(0, l.tops[at]))
	case l.tops[at+1] > l.scroll.Offset.Y+view:
		l.scroll.ScrollToOffset(fyne.NewPos(0, l.tops[at+1]-view))
	}
	l.point()
}

// point shows at which row the keyboard is.
func (l *sideList) point() {
	l.place()
	for i, item := range l.items {
		if focused := l.focused && l.first+i == l.at; focused != item.focused {
			item.focused = focused
			item.Refresh()
		}
	}
}

// FocusGained is for Fyne.
func (l *sideList) FocusGained() {
	l.focused = true
	if l.at < len(l.rows) && l.rows[l.at].kind == headingRow {
		l.step(1)
	}
	l.point()
}

// FocusLost is for Fyne.
func (l *sideList) FocusLost() {
	l.focused = false
	l.point()
}

// TypedKey is for Fyne.
func (l *sideList) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyDown:
		l.step(1)
		return
	case fyne.KeyUp:
		l.step(-1)
		return
	}
	if l.at >= len(l.rows) || l.rows[l.at].kind == headingRow {
		l.keys.key(k)
		return
	}
	switch r := l.rows[l.at]; {
	case k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter || k.Name == fyne.KeySpace:
		l.open(r)
	case r.kind == entryRow && k.Name == desktop.KeyMenu:
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l)
		l.menu(r.entry, at.AddXY(l.Size().Width-moreSide, l.tops[l.at]-l.scroll.Offset.Y+20))
	case r.kind == entryRow && k.Name == fyne.KeyF2:
		l.does.rename(r.entry)
	case r.kind == entryRow && k.Name == fyne.KeyDelete:
		l.does.remove(r.entry)
	default:
		l.keys.key(k)
	}
}

// TypedRune is for Fyne.
func (l *sideList) TypedRune(r rune) {
	if r != ' ' { // which opens the conversation
		l.keys.rune(r)
	}
}

// CreateRenderer is for Fyne.
func (l *sideList) CreateRenderer() fyne.WidgetRenderer {
	return &sideListRenderer{WidgetRenderer: widget.NewSimpleRenderer(l.scroll), l: l}
}

type sideListRenderer struct {
	fyne.WidgetRenderer
	l *sideList
}

func (r *sideListRenderer) Layout(size fyne.Size) {
	if size != r.l.scroll.Size() {
		r.l.scroll.Resize(size)
		r.l.measure()
	}
}

func (r *sideListRenderer) MinSize() fyne.Size { return fyne.NewSize(120, 80) }

// sideColumn gives the column the height of its rows, which the list places.
type sideColumn struct{ l *sideList }

// Layout is for Fyne.
func (sideColumn) Layout([]fyne.CanvasObject, fyne.Size) {}

// MinSize is for Fyne.
func (c sideColumn) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, c.l.height()) }
