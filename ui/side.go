package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"parley/assets"
	"parley/engine"
)

// side is the history: a new conversation, the search, the earlier conversations
// or what was found, and at its foot the ways to what is due, to what is
// remembered and to the settings.
type side struct {
	box     *fyne.Container
	back    *canvas.Rectangle
	mark    *canvas.Circle
	name    *canvas.Text
	fresh   *iconButton
	query   *searchEntry
	list    *sideList
	nothing *canvas.Text // where the list would be
	foot    []*iconButton
	due     *iconButton // hidden while nothing is
	memory  *iconButton // hidden where nothing is remembered
	setting *iconButton // hidden where there are no settings

	entries []Entry
	found   Found
	current engine.ConversationID
	day     time.Time // the day the headings were made for
}

// sideDoes is what the side leads to. Those that are nil have no button.
type sideDoes struct {
	shelving
	create   func()
	search   func(query string)
	shortcut func(desktop.CustomShortcut) bool // the window's
	review   func()
	remember func()
	settings func()
}

func newSide(k keys, does sideDoes) *side {
	s := &side{
		back:    canvas.NewRectangle(theme.Color(colSide)),
		mark:    &canvas.Circle{},
		name:    label("Parley", colInk, theme.SizeNameSubHeadingText, true),
		nothing: label("", colMuted, theme.SizeNameText, false),
	}
	s.fresh = newIconButton(assets.Plus, freshSide, false, k, does.create)
	s.fresh.say(lang.L("New conversation"))
	s.fresh.set(assets.Plus, colInk, true)
	s.list = newSideList(does.shelving, k)
	s.query = newSearchEntry(does.search, k, does.shortcut, func() {
		if c := fyne.CurrentApp().Driver().CanvasForObject(s.list); c != nil {
			c.Focus(s.list)
		}
	})
	button := func(icon assets.Name, text string, does func()) *iconButton {
		b := newIconButton(icon, footHeight, true, k, does)
		b.say(text)
		b.Hidden = does == nil
		s.foot = append(s.foot, b)
		return b
	}
	s.due = button(assets.Lesson, "", does.review)
	s.due.set(assets.Lesson, colAccent, true)
	s.due.Hidden = true
	s.memory = button(assets.Memory, memoryTitle(), does.remember)
	s.setting = button(assets.Settings, lang.L("Settings"), does.settings)
	objects := []fyne.CanvasObject{s.back, s.mark, s.name, s.fresh, s.query, s.list, s.nothing}
	for _, b := range s.foot {
		objects = append(objects, b)
	}
	s.box = container.New(sideLayout{s}, objects...)
	s.restyle()
	return s
}

// update shows the stored conversations with the current one marked, or, while
// something is searched for, what was found.
func (s *side) update(entries []Entry, found Found, current engine.ConversationID, due int, now time.Time) {
	if text := dueText(due); text != s.due.label.Text {
		s.due.Hidden = text == ""
		s.due.say(text)
		s.box.Refresh()
	}
	today := midnight(now)
	if sameSlice(entries, s.entries) && found.Query == s.found.Query && sameSlice(found.Hits, s.found.Hits) && (found.Err == nil) == (s.found.Err == nil) &&
		current == s.current && today.Equal(s.day) {
		return
	}
	another := found.Query != s.found.Query
	s.entries, s.found, s.current, s.day = entries, found, current, today
	switch {
	case found.Query == "":
		s.list.set(sideRows(entries, today), current)
		s.say("")
	case found.Err != nil:
		s.list.set(nil, current)
		s.say(lang.L("The search failed"))
	case len(found.Hits) == 0:
		s.list.set(nil, current)
		s.say(lang.L("Nothing found"))
	default:
		s.list.set(hitRows(found.Hits, now), current)
		s.say("")
	}
	if another {
		s.list.top()
	}
}

// say says why there is no list.
func (s *side) say(text string) {
	if s.nothing.Text != text {
		s.nothing.Text = text
		s.box.Refresh()
	}
}

func sameSlice[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

func (s *side) restyle() {
	s.back.FillColor = theme.Color(colSide)
	s.mark.FillColor = theme.Color(colAccent)
	s.name.Color, s.name.TextSize = theme.Color(colInk), theme.Size(theme.SizeNameSubHeadingText)
	s.nothing.Color, s.nothing.TextSize = theme.Color(colMuted), theme.Size(theme.SizeNameText)
	s.fresh.restyle()
	s.query.SetIcon(theme.NewColoredResource(theme.SearchIcon(), colMuted))
	s.list.restyle()
	for _, b := range s.foot {
		b.restyle()
	}
	s.box.Refresh()
}

// sideLayout is the panel from top to bottom.
type sideLayout struct{ s *side }

// Measures of the side, in Fyne's units.
const (
	sideEdge   = 14
	freshSide  = 40 // height of the button for a new conversation
	footHeight = 36
)

// Layout is for Fyne.
func (l sideLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	s := l.s
	s.back.Resize(size)
	s.mark.Resize(fyne.NewSquareSize(18))
	s.mark.Move(fyne.NewPos(sideEdge, (headerHeight-18)/2))
	t := s.name.MinSize()
	s.name.Resize(t)
	s.name.Move(fyne.NewPos(sideEdge+27, whole((headerHeight-t.Height)/2)))
	w, y := size.Width-2*sideEdge, float32(headerHeight)
	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Resize(fyne.NewSize(w, h))
		o.Move(fyne.NewPos(x, y))
	}
	high := s.fresh.MinSize().Height
	place(s.fresh, sideEdge, y, w, high)
	y += high + 10
	high = max(freshSide, s.query.MinSize().Height)
	s.query.fit(w)
	place(s.query, sideEdge, y, w, high)
	y += high + 4
	bottom := size.Height - 8
	for i := len(s.foot) - 1; i >= 0; i-- {
		if b := s.foot[i]; !b.Hidden {
			bottom -= b.MinSize().Height
			place(b, sideEdge, bottom, w, b.MinSize().Height)
		}
	}
	place(s.list, sideEdge, y, w, max(0, bottom-8-y))
	place(s.nothing, sideEdge+sidePadX, y+18, w, s.nothing.MinSize().Height)
}

// MinSize is for Fyne.
func (l sideLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 240) }
