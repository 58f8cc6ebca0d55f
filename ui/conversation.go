package ui

import (
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"parley/engine"
)

// conversation is the view of a [Thread]: a scrolled column of turns that keeps
// to its end unless the user has scrolled up. Only the rows in sight have
// objects, and only rows that changed are drawn again, so thousands of turns
// cost what is in sight.
type conversation struct {
	widget.BaseWidget

	thread Thread
	id     engine.ConversationID
	press  *press
	width  float32

	rows    []Row     // as they were when measured
	tops    []float32 // of each row, and the end of the last
	painted map[int]paintedRow
	away    bool // the user has scrolled up
	greets  bool // an empty conversation says what could be said

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

func newConversation() *conversation {
	c := &conversation{press: newPress(), painted: map[int]paintedRow{}}
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
	}
	if greet != c.greets {
		c.greets, c.rows, c.tops = greet, nil, nil
	}
	c.thread = t
	c.flow()
}

// restyle draws everything again, in the colours and sizes of the theme now in
// force.
func (c *conversation) restyle() {
	c.press = newPress()
	c.rows, c.tops = nil, nil
	clear(c.painted)
	c.flow()
}

// flow measures the rows that changed and puts all in their places.
func (c *conversation) flow() {
	if c.width <= 0 {
		return
	}
	n := c.thread.Len()
	first := 0 // row that is not where it was
	for first < min(n, len(c.rows)) && c.rows[first] == c.thread.At(first) {
		first++
	}
	if first == n && n == len(c.rows) && len(c.tops) > 0 {
		return
	}
	c.rows = c.rows[:first]
	if len(c.tops) == 0 {
		c.tops = []float32{0}
	}
	c.tops = c.tops[:first+1]
	for i := first; i < n; i++ {
		r := c.thread.At(i)
		c.rows = append(c.rows, r)
		c.tops = append(c.tops, c.tops[i]+c.press.height(r, c.width))
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

// place makes the rows in sight, and some beyond, and forgets the others.
func (c *conversation) place() {
	if c.width <= 0 || len(c.tops) == 0 {
		return
	}
	const beyond = 200
	shift := c.height() - c.content()
	top, bottom := c.scroll.Offset.Y-shift-beyond, c.scroll.Offset.Y-shift+c.scroll.Size().Height+beyond
	from := max(0, sort.Search(len(c.rows), func(i int) bool { return c.tops[i+1] >= top }))
	objects := c.column.Objects[:0:0]
	to := from
	for ; to < len(c.rows) && c.tops[to] <= bottom; to++ {
		p, ok := c.painted[to]
		if !ok || p.row != c.rows[to] {
			p = paintedRow{c.rows[to], c.press.paint(c.rows[to], c.width)}
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
	c.column.Objects = objects
	for i := from; i < to; i++ { // moving asks Fyne to paint, without making textures anew
		c.painted[i].box.Move(fyne.NewPos(0, whole(shift+c.tops[i])))
	}
	if len(objects) == 0 {
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

func (r *conversationRenderer) Layout(size fyne.Size) {
	c := r.c
	if size.Width != c.width {
		c.width, c.rows, c.tops = size.Width, nil, nil
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
