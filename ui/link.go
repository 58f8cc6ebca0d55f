package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// place says in a few words where the engine is and how it is reached.
func (w *Window) place() string {
	l := w.shown.Link
	if l.Backend == "" {
		return whereabouts(w.settings)
	}
	return l.Backend + " · " + transport(l.Transport)
}

// transport is what a person calls the way to a backend.
func transport(name string) string {
	switch name {
	case "":
		return lang.L("away")
	case "websocket":
		return "WebSocket"
	case "stream", "sse":
		return lang.L("HTTP stream")
	case "rest":
		return "REST"
	case "text":
		return lang.L("text")
	}
	return name
}

// explainPlace says below the chip what leaves this computer and how the engine
// is reached.
func (w *Window) explainPlace() {
	parts := []fyne.CanvasObject{newWording(leaving(w.settings), colInk, theme.SizeNameText, false)}
	l := w.shown.Link
	if l.Detail != "" {
		parts = append(parts, newWording(l.Detail, colAttention, captionSize, false))
	}
	if l.RTT > 0 {
		parts = append(parts, newWording(lang.L("There and back in {{.Time}} ms.", values{"Time": l.RTT.Milliseconds()}), colMuted, captionSize, false))
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
