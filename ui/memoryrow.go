package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// What a row's button says at first, and when it was pressed.
const (
	forgetText = "Forget"
	askingText = "Forget it?"
)

// factRow is one fact and its button.
type factRow struct {
	id     int64
	box    *fyne.Container
	text   *widget.Label
	source *widget.Label
	forget *iconButton
}

func (v *memoryView) newRow(f Fact) *factRow {
	r := &factRow{id: f.ID, text: widget.NewLabel(capital(f.Text)), source: widget.NewLabel(whence(f, time.Now()))}
	r.text.Wrapping, r.source.Wrapping = fyne.TextWrapWord, fyne.TextWrapWord
	r.source.SizeName, r.source.Importance = theme.SizeNameCaptionText, widget.LowImportance
	r.forget = newIconButton("", 34, true, v.keys, func() { v.press(f.ID) })
	r.forget.onFocus = func() { v.reveal(r) }
	// The labels' own padding would part the two lines too far.
	words := container.New(layout.NewCustomPaddedVBoxLayout(4-2*theme.InnerPadding()), r.text, r.source)
	r.forget.say(askingText)
	r.box = container.New(factLayout{r.forget.MinSize()}, words, r.forget)
	r.setAsking(false)
	return r
}

// setAsking has the button ask whether it is meant, or not yet.
func (r *factRow) setAsking(on bool) {
	text, ink := forgetText, colMuted
	if on {
		text, ink = askingText, colAttention
	}
	r.forget.set("", ink, true)
	r.forget.say(text)
}

// factLayout sets the words of a fact beside its button, which has the same room
// whatever it says.
type factLayout struct{ button fyne.Size }

// scrollRoom is left free at the right for the scroll bar.
const scrollRoom = 10

// Layout is for Fyne.
func (l factLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	left := size.Width - scrollRoom - l.button.Width
	o[0].Resize(fyne.NewSize(left, size.Height))
	o[0].Move(fyne.NewPos(0, 0))
	o[1].Resize(l.button)
	o[1].Move(fyne.NewPos(left, whole((size.Height-l.button.Height)/2)))
}

// MinSize is for Fyne.
func (l factLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	words := o[0].MinSize()
	return fyne.NewSize(words.Width+l.button.Width+scrollRoom, max(words.Height, l.button.Height))
}

// whence says when a fact was told and from which words it was taken.
func whence(f Fact, now time.Time) string {
	told := f.Told.Local()
	day := told.Format("2 January 2006")
	if told.Year() == now.Year() {
		day = told.Format("2 January, 15:04")
	}
	if f.Source == "" {
		return day
	}
	return day + " · you said “" + f.Source + "”"
}
