package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"parley/assets"
	"parley/engine"
)

// side is the list of earlier conversations, by day, and the ways to a new one
// and to what is remembered.
type side struct {
	box     *fyne.Container
	back    *canvas.Rectangle
	mark    *canvas.Circle
	name    *canvas.Text
	fresh   *widget.Button
	outline *canvas.Rectangle
	list    *sideList
	memory  *iconButton // to what is remembered; hidden where there is no memory

	infos   []engine.ConversationInfo
	rows    []sideRow
	current engine.ConversationID
	day     time.Time // the day the headings were made for
}

// sideRow is a heading or, when that is empty, a conversation.
type sideRow struct {
	heading string
	info    engine.ConversationInfo
	when    string
}

// newSide makes the list; without remember there is no button for it.
func newSide(k keys, create func(), open func(engine.ConversationID), remember func()) *side {
	s := &side{
		back:    canvas.NewRectangle(theme.Color(colSide)),
		mark:    &canvas.Circle{},
		name:    label("Parley", colInk, theme.SizeNameSubHeadingText, true),
		outline: rounded(theme.Color(colSide), 8),
	}
	s.fresh = widget.NewButton("New conversation", create)
	s.fresh.Alignment = widget.ButtonAlignLeading
	s.memory = newIconButton(assets.Memory, 38, true, k, remember)
	s.memory.say(memoryTitle)
	s.memory.Hidden = remember == nil
	s.list = newSideList(s, k)
	s.list.OnSelected = func(i widget.ListItemID) {
		s.list.UnselectAll()
		if r := s.rows[i]; r.heading == "" {
			open(r.info.ID)
		}
	}
	s.box = container.New(sideLayout{s}, s.back, s.mark, s.name, s.outline, s.fresh, s.list, s.memory)
	s.restyle()
	return s
}

// update shows the stored conversations, latest first, with the current one
// marked.
func (s *side) update(infos []engine.ConversationInfo, current engine.ConversationID, now time.Time) {
	y, m, d := now.Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, now.Location())
	if sameInfos(infos, s.infos) && current == s.current && today.Equal(s.day) {
		return
	}
	s.infos, s.current, s.day = infos, current, today
	s.rows = sideRows(infos, today)
	for i, r := range s.rows {
		h := float32(sideItemHeight)
		if r.heading != "" {
			h = sideHeadingHeight
		}
		s.list.SetItemHeight(i, h)
	}
	s.list.Refresh()
}

func sameInfos(a, b []engine.ConversationInfo) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// sideRows puts headings before the conversations of each span of days.
func sideRows(infos []engine.ConversationInfo, today time.Time) []sideRow {
	rows := make([]sideRow, 0, len(infos)+3)
	heading := ""
	for _, c := range infos {
		if c.Turns == 0 {
			continue // nothing was said: nothing to go back to
		}
		h, when := "Earlier", c.Began.Local().Format("2 January")
		switch {
		case !c.Began.Before(today):
			h, when = "Today", c.Began.Local().Format("15:04")
		case !c.Began.Before(today.AddDate(0, 0, -1)):
			h, when = "Yesterday", c.Began.Local().Format("15:04")
		}
		if h != heading {
			heading = h
			rows = append(rows, sideRow{heading: h})
		}
		rows = append(rows, sideRow{info: c, when: fmt.Sprintf("%s · %s", when, turns(c.Turns))})
	}
	return rows
}

func turns(n int) string {
	if n == 1 {
		return "1 turn"
	}
	return fmt.Sprintf("%d turns", n)
}

func (s *side) restyle() {
	s.back.FillColor = theme.Color(colSide)
	s.mark.FillColor = theme.Color(colAccent)
	s.outline.FillColor = theme.Color(colLine)
	s.name.Color, s.name.TextSize = theme.Color(colInk), theme.Size(theme.SizeNameSubHeadingText)
	s.fresh.SetIcon(assets.Icon(assets.Plus, theme.Color(colInk)))
	s.memory.restyle()
	s.box.Refresh()
}

// sideLayout is the panel from top to bottom.
type sideLayout struct{ s *side }

func (l sideLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	const edge = 14
	s := l.s
	s.back.Resize(size)
	s.mark.Resize(fyne.NewSquareSize(18))
	s.mark.Move(fyne.NewPos(edge, (headerHeight-18)/2))
	t := s.name.MinSize()
	s.name.Resize(t)
	s.name.Move(fyne.NewPos(edge+27, whole((headerHeight-t.Height)/2)))
	w := size.Width - 2*edge
	// The outline is a hairline: a rectangle one unit larger than the button.
	s.outline.Resize(fyne.NewSize(w, 40))
	s.outline.Move(fyne.NewPos(edge, headerHeight))
	s.fresh.Resize(fyne.NewSize(w-2, 38))
	s.fresh.Move(fyne.NewPos(edge+1, headerHeight+1))
	top := float32(headerHeight + 40 + 10)
	bottom := size.Height - 8
	if s.memory.Visible() {
		bottom -= 38
		s.memory.Resize(fyne.NewSize(w, 38))
		s.memory.Move(fyne.NewPos(edge, bottom))
		bottom -= 8
	}
	s.list.Resize(fyne.NewSize(w, max(0, bottom-top)))
	s.list.Move(fyne.NewPos(edge, top))
}

func (l sideLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 240) }
