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
	entry    *entry
	entryBar *entryBar

	said string // below the presence, whole
}

// Measures of the centre, in Fyne's units.
const (
	controlSide = 44
	controlGap  = 26 // between the presence and the buttons beside it
	wordsHeight = 38 // of the line below the presence
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
		c.setWords()
	}
}

func (c *centre) setWords() {
	width := c.box.Size().Width
	c.words.Text = ellipsis(c.said, c.words.TextSize, width-2*marginX, c.words.TextStyle)
	size := c.words.MinSize()
	c.words.Resize(size)
	c.words.Move(fyne.NewPos(whole((width-size.Width)/2), whole(c.entryTop()-wordsHeight+(wordsHeight-size.Height)/2-2)))
	c.words.Refresh()
}

func (c *centre) restyle() {
	c.header.restyle()
	c.turns.restyle()
	c.presence.restyle()
	c.mute.restyle()
	c.stop.restyle()
	c.entryBar.restyle()
	c.words.Color, c.words.TextSize = theme.Color(colMuted), theme.Size(theme.SizeNameText)
	c.setWords()
}

func (c *centre) entryTop() float32 {
	return whole(c.box.Size().Height - entryBottom - c.entryBar.box.MinSize().Height)
}

// Layout is for Fyne.
func (c *centre) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	c.header.box.Resize(fyne.NewSize(size.Width, headerHeight))
	entryTop := c.entryTop()
	w := size.Width - 2*margin(size.Width)
	c.entryBar.box.Resize(fyne.NewSize(w, c.entryBar.box.MinSize().Height))
	c.entryBar.box.Move(fyne.NewPos(whole((size.Width-w)/2), entryTop))
	c.setWords()
	top := entryTop - wordsHeight - presenceSide
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
