package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"parley/assets"
	"parley/engine"
)

// centre is the middle of the window from top to bottom: header, conversation,
// presence between the mute and the stop button, what it says, text entry.
type centre struct {
	box      *fyne.Container
	header   *header
	turns    *conversation
	presence *presence
	mute     *iconButton
	stop     *iconButton
	words    *canvas.Text
	rest     *canvas.Text // of the words, where one line has no room for them
	entry    *entry
	entryBar *entryBar

	said string // below the presence, whole
}

// Measures of the centre, in Fyne's units.
const (
	controlSide = 44
	controlGap  = 26 // between the presence and the buttons beside it
	wordsHeight = 38 // of what stands below the presence, at least
	wordsAir    = 14 // above and below it
	entryBottom = 20
)

// update shows the state below the conversation.
func (c *centre) update(s State) {
	muted := s.Presence.Muted || s.Presence.State == engine.Muted
	if muted {
		c.mute.set(assets.MicrophoneOff, colAttention, s.Presence.State != Ended)
	} else {
		c.mute.set(assets.Microphone, colMuted, s.Presence.State != Ended)
	}
	ink := colMuted
	if s.Replying() {
		ink = colInk
	}
	c.stop.set(assets.Stop, ink, s.Replying())
	if said := words(s); said != c.said {
		c.said = said
		c.breakWords()
	}
}

// breakWords sets what the presence says in one line or in two, and makes room for
// them.
func (c *centre) breakWords() {
	size, high := c.box.Size(), c.wordsHigh()
	first, rest := c.said, ""
	if room := size.Width - 2*marginX; room > 0 {
		if lines := newRuler(c.words.TextSize).wrap(c.said, room); len(lines) > 1 {
			first, rest = c.said[:lines[0].To], c.said[lines[1].From:]
		}
		rest = ellipsis(rest, c.rest.TextSize, room, c.rest.TextStyle)
	}
	c.words.Text, c.rest.Text, c.rest.Hidden = first, rest, rest == ""
	if c.wordsHigh() != high {
		c.arrange(size)
		return
	}
	c.placeWords()
}

// wordsHigh is how high what stands below the presence is.
func (c *centre) wordsHigh() float32 {
	lines := c.words.MinSize().Height
	if !c.rest.Hidden {
		lines += c.rest.MinSize().Height
	}
	return max(wordsHeight, whole(lines)+wordsAir)
}

func (c *centre) placeWords() {
	high := c.wordsHigh()
	y := c.entryTop() - high + wordsAir/2 - 2
	if c.rest.Hidden {
		y = c.entryTop() - high + (high-c.words.MinSize().Height)/2 - 2
	}
	for _, t := range []*canvas.Text{c.words, c.rest} {
		size := t.MinSize()
		t.Resize(size)
		t.Move(fyne.NewPos(whole((c.box.Size().Width-size.Width)/2), whole(y)))
		t.Refresh()
		y += size.Height
	}
}

func (c *centre) restyle() {
	c.header.restyle()
	c.turns.restyle()
	c.presence.restyle()
	c.mute.restyle()
	c.stop.restyle()
	c.entryBar.restyle()
	c.words.Color, c.words.TextSize = theme.Color(colMuted), theme.Size(theme.SizeNameText)
	c.rest.Color, c.rest.TextSize = c.words.Color, c.words.TextSize
	c.Layout(nil, c.box.Size())
}

func (c *centre) entryTop() float32 {
	return whole(c.box.Size().Height - entryBottom - c.entryBar.box.MinSize().Height)
}

// Layout is for Fyne.
func (c *centre) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	c.arrange(size)
	c.breakWords()
}

// arrange puts everything in its place, with the words as they are broken now.
func (c *centre) arrange(size fyne.Size) {
	c.header.box.Resize(fyne.NewSize(size.Width, headerHeight))
	entryTop := c.entryTop()
	w := size.Width - 2*margin(size.Width)
	c.entryBar.box.Resize(fyne.NewSize(w, c.entryBar.box.MinSize().Height))
	c.entryBar.box.Move(fyne.NewPos(whole((size.Width-w)/2), entryTop))
	c.placeWords()
	top := entryTop - c.wordsHigh() - presenceSide
	left := whole((size.Width - presenceSide) / 2)
	c.presence.Resize(fyne.NewSquareSize(presenceSide))
	c.presence.Move(fyne.NewPos(left, top))
	y := top + (presenceSide-controlSide)/2
	c.mute.Resize(fyne.NewSquareSize(controlSide))
	c.mute.Move(fyne.NewPos(left-controlGap-controlSide, y))
	c.stop.Resize(fyne.NewSquareSize(controlSide))
	c.stop.Move(fyne.NewPos(left+presenceSide+controlGap, y))
	c.turns.Move(fyne.NewPos(0, headerHeight))
	c.turns.Resize(fyne.NewSize(size.Width, max(0, top-headerHeight-8)))
}

// MinSize is for Fyne.
func (c *centre) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(320, 400) }
