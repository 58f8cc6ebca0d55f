package ui

import (
	"image/color"
	"slices"
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"parley/engine"
)

// conversation is the view of a [Thread]: a scrolled column of turns that keeps
// to its end unless the user has scrolled up. Only the rows in sight have
// objects, only rows that changed are drawn again, and the height of a row far
// from what is in sight is estimated, so that a hundred thousand turns cost what is
// in sight.
type conversation struct {
	widget.BaseWidget

	thread   Thread // to be shown
	id       engine.ConversationID
	press    *press
	width    float32
	does     turnDoes
	keys     keys
	shortcut func(desktop.CustomShortcut) bool // the window's

	set     Thread    // as it was measured
	tops    []float32 // of each row, and the end of the last
	exact   []bool    // the row's height is measured, and not only estimated
	stale   bool      // nothing has been measured yet
	painted map[int]paintedRow
	away    bool // the user has scrolled up
	greets  bool // an empty conversation says what could be said

	pointed int     // row under the pointer, or -1
	marked  int     // row that is marked, or -1
	inside  bool    // the pointer is over the conversation, at the height
	pointer float32 // that it was last seen at
	focused bool
	bar     *turnBar
	mark    *canvas.Rectangle
	typed   *turnKeys

	scroll *container.Scroll
	column *fyne.Container
}

type paintedRow struct {
	row Row
	box *fyne.Container
}

// nearEnd is how far from the end the view may be and still follow it.
const nearEnd = 24

// bottomGap is kept below the last turn.
const bottomGap = 14

func newConversation(does turnDoes, k keys, shortcut func(desktop.CustomShortcut) bool) *conversation {
	c := &conversation{does: does, keys: k, shortcut: shortcut, press: newPress(), painted: map[int]paintedRow{},
		pointed: -1, marked: -1, mark: rounded(color.Transparent, 10)}
	c.mark.Hide()
	c.unset()
	c.bar, c.typed = newTurnBar(c.MouseOut), newTurnKeys(c)
	c.column = container.New(columnLayout{c})
	c.scroll = container.NewVScroll(c.column)
	c.scroll.OnScrolled = func(at fyne.Position) {
		c.away = at.Y < c.height()-c.scroll.Size().Height-nearEnd
		c.place()
	}
	c.ExtendBaseWidget(c)
	return c
}

// update shows t, which belongs to conversation id. When t is empty and greet
// is set, it says what could be said.
func (c *conversation) update(t Thread, id engine.ConversationID, greet bool) {
	if id != c.id {
		c.id, c.away = id, false
		c.pointed, c.marked = -1, -1
	}
	if greet != c.greets {
		c.greets = greet
		c.unset()
	}
	c.thread = t
	c.flow()
}

// restyle draws everything again, in the colours and sizes of the theme now in
// force.
func (c *conversation) restyle() {
	c.press = newPress()
	c.unset()
	clear(c.painted)
	c.bar.Hide()
	c.flow()
}

// unset has everything measured again.
func (c *conversation) unset() { c.set, c.tops, c.exact, c.stale = Thread{}, []float32{0}, nil, true }

// measuredAtOnce is how many rows at the end are measured when they come, since
// that is where a conversation opens.
const measuredAtOnce = 40

// flow measures the rows that changed and puts all in their places.
func (c *conversation) flow() {
	if c.width <= 0 {
		return
	}
	n, was := c.thread.Len(), c.set.Len()
	first := c.set.common(c.thread) // row that is not where it was
	if first == n && n == was && !c.stale {
		return
	}
	c.set, c.stale = c.thread, false
	if n > was && was > 0 && !c.focused {
		c.marked = -1 // the conversation has gone on
	}
	c.tops, c.exact = c.tops[:first+1], c.exact[:first]
	for i := first; i < n; i++ {
		r, exact := c.set.At(i), n-i <= measuredAtOnce
		c.tops = append(c.tops, c.tops[i]+c.press.roughly(r, c.width, exact))
		c.exact = append(c.exact, exact)
	}
	c.settle()
}

// settle gives the column its height, follows the end, and draws.
func (c *conversation) settle() {
	c.column.Resize(fyne.NewSize(c.width, c.height()))
	end := max(0, c.height()-c.scroll.Size().Height)
	if at := c.scroll.Offset; !c.away || at.Y > end {
		c.scroll.ScrollToOffset(fyne.NewPos(0, end))
	}
	c.place()
}

// height is that of the column: at least the view's, since few turns stand at
// its bottom.
func (c *conversation) height() float32 {
	return max(c.scroll.Size().Height, c.content())
}

func (c *conversation) content() float32 {
	if len(c.tops) == 0 {
		return 0
	}
	return c.tops[len(c.tops)-1] + bottomGap
}

// shift is by how much the rows stand lower than their tops say.
func (c *conversation) shift() float32 { return c.height() - c.content() }

// inSight are the rows in sight, and some beyond.
func (c *conversation) inSight() (from, to int) {
	const beyond = 200
	top := c.scroll.Offset.Y - c.shift() - beyond
	bottom := top + c.scroll.Size().Height + 2*beyond
	n := c.set.Len()
	from = sort.Search(n, func(i int) bool { return c.tops[i+1] >= top })
	for to = from; to < n && c.tops[to] <= bottom; to++ {
	}
	return from, to
}

// measure gives the rows in sight their true height, without moving what is read.
func (c *conversation) measure() {
	for {
		from, to := c.inSight()
		if !slices.Contains(c.exact[from:to], false) {
			return
		}
		at := c.scroll.Offset.Y - c.shift()
		reading := sort.Search(c.set.Len()-1, func(i int) bool { return c.tops[i+1] > at })
		into := at - c.tops[reading]
		moved := float32(0)
		for i := from; i < c.set.Len(); i++ {
			next := c.tops[i+1] + moved
			if i < to && !c.exact[i] {
				next = c.tops[i] + c.press.height(c.set.At(i), c.width)
				c.exact[i] = true
			}
			moved, c.tops[i+1] = next-c.tops[i+1], next
		}
		c.column.Resize(fyne.NewSize(c.width, c.height()))
		end := max(0, c.height()-c.scroll.Size().Height)
		y := min(max(0, c.shift()+c.tops[reading]+into), end)
		if !c.away {
			y = end
		}
		c.scroll.ScrollToOffset(fyne.NewPos(0, y))
	}
}

// place makes the rows in sight, and some beyond, and forgets the others.
func (c *conversation) place() {
	if c.width <= 0 || len(c.tops) == 0 {
		return
	}
	c.measure()
	shift := c.shift()
	from, end := c.inSight()
	objects := append(c.column.Objects[:0:0], c.mark)
	to := from
	for ; to < end; to++ {
		p, ok := c.painted[to]
		if r := c.set.At(to); !ok || p.row != r {
			p = paintedRow{r, c.press.paint(r, c.width)}
			c.painted[to] = p
		}
		p.box.Resize(fyne.NewSize(c.width, c.tops[to+1]-c.tops[to]))
		objects = append(objects, p.box)
	}
	for i := range c.painted {
		if i < from || i >= to {
			delete(c.painted, i)
		}
	}
	c.column.Objects = append(objects, c.bar)
	for i := from; i < to; i++ { // moving asks Fyne to paint, without making textures anew
		c.painted[i].box.Move(fyne.NewPos(0, whole(shift+c.tops[i])))
	}
	c.placeMark()
	if c.inside { // where another row may be by now, or the same one be over
		c.pointAt(c.rowAt(c.pointer))
	}
	if c.bar.Visible() {
		c.placeBar(false)
	}
	if from == to {
		if c.greets {
			c.column.Objects = c.press.welcome(c.scroll.Size())
		}
		c.column.Refresh()
	}
}

// CreateRenderer is for Fyne.
func (c *conversation) CreateRenderer() fyne.WidgetRenderer {
	return &conversationRenderer{WidgetRenderer: widget.NewSimpleRenderer(c.scroll), c: c}
}

type conversationRenderer struct {
	fyne.WidgetRenderer
	c *conversation
}

func (r *conversationRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.c.scroll, r.c.typed}
}

func (r *conversationRenderer) Layout(size fyne.Size) {
	c := r.c
	if size.Width != c.width {
		c.width = size.Width
		c.unset()
		clear(c.painted)
	}
	following := !c.away
	c.scroll.Resize(size)
	c.away = !following // resizing may have scrolled
	c.flow()
	c.settle()
}

func (r *conversationRenderer) MinSize() fyne.Size { return fyne.NewSize(200, 80) }

// columnLayout gives the column the height of its rows; the rows are placed by
// the conversation.
type columnLayout struct{ c *conversation }

func (l columnLayout) Layout([]fyne.CanvasObject, fyne.Size) {}

func (l columnLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(1, l.c.height())
}
