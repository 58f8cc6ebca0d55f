package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Link is where the engine is and how it is reached. The zero value says that
// nobody has told: it is on this computer, as far as the settings say no more.
type Link struct {
	Backend   string        // its name or host; empty: this computer
	Transport string        // "WebSocket"; may be empty
	RTT       time.Duration // there and back; 0: not known
	Detail    string        // one sentence, when something is wrong
}

// Linked is the state after the engine is reached as l says.
func (s State) Linked(l Link) State {
	if l != s.Link {
		s.Link = l
		s.Version++
	}
	return s
}

// place says in a few words where the engine is.
func (w *Window) place() string {
	l := w.shown.Link
	switch {
	case l.Backend == "":
		return whereabouts(w.settings)
	case l.Transport == "":
		return l.Backend
	}
	return l.Backend + " · " + l.Transport
}

// explainPlace says below the chip what leaves this computer and how the engine
// is reached.
func (w *Window) explainPlace() {
	parts := []fyne.CanvasObject{newProse(leaving(w.settings), colInk, theme.SizeNameText, false)}
	l := w.shown.Link
	if l.Detail != "" {
		parts = append(parts, newProse(l.Detail, colAttention, captionSize, false))
	}
	if l.RTT > 0 {
		parts = append(parts, newProse(fmt.Sprintf("There and back in %d ms.", l.RTT.Milliseconds()), colMuted, captionSize, false))
	}
	column := newColumn(6, parts...)
	width := min(340*textScale(), w.Canvas().Size().Width-60)
	column.fit(width)
	inside := newPanel(func(float32) float32 { put(column, 8, 6, width, column.height); return column.height + 12 }, column)
	inside.fit(width + 16)
	pop := widget.NewPopUp(inside, w.Canvas())
	pop.Resize(fyne.NewSize(width+24, inside.height+8))
	at := w.app.Driver().AbsolutePositionForObject(w.centre.header.where)
	x := min(at.X+w.centre.header.where.Size().Width-width-24, w.Canvas().Size().Width-width-40)
	pop.ShowAtPosition(fyne.NewPos(max(8, x), headerHeight))
}
