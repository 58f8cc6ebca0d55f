package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// factRow is one fact with its buttons: to correct and to forget it; while it is
// corrected, to keep or to drop the correction; of one that was forgotten, to bring
// it back.
type factRow struct {
	fact   Fact
	gone   bool
	box    *fyne.Container
	text   *widget.Label
	source *widget.Label
	entry  *factEntry // hidden unless the fact is being corrected
	below  bool       // the buttons stand below the words, for want of room

	edit, forget *iconButton
	keep, cancel *iconButton
	undo         *iconButton
}

func (v *memoryView) newRow(f Fact) *factRow {
	r := v.bareRow(f, capital(f.Text), whence(f, time.Now()))
	r.edit = v.button(r, lang.L("Edit"), func() { v.edit(r) })
	r.forget = v.button(r, lang.L("Forget"), func() { v.forget(f) })
	r.keep = v.button(r, lang.L("Save"), func() { v.endEdit(true) })
	r.cancel = v.button(r, lang.L("Cancel"), func() { v.endEdit(false) })
	r.lay(v)
	return r
}

// newGone is the row of a fact that was forgotten.
func (v *memoryView) newGone(f forgotten) *factRow {
	r := v.bareRow(f.Fact, lang.L("Forgotten"), capital(f.Text))
	r.gone, r.text.Importance = true, widget.LowImportance
	r.undo = v.button(r, lang.L("Undo"), func() { v.restore(f.Fact) })
	r.undo.set("", colAccent, true)
	r.lay(v)
	return r
}

func (v *memoryView) bareRow(f Fact, text, source string) *factRow {
	r := &factRow{fact: f, text: widget.NewLabel(text), source: widget.NewLabel(source)}
	r.text.Wrapping, r.source.Wrapping = fyne.TextWrapWord, fyne.TextWrapWord
	r.source.SizeName, r.source.Importance = theme.SizeNameCaptionText, widget.LowImportance
	r.entry, r.below = newFactEntry(v), v.window.Canvas().Size().Width < buttonsBelow
	r.entry.Hide()
	return r
}

func (v *memoryView) button(r *factRow, text string, press func()) *iconButton {
	b := newIconButton("", 34, true, v.keys, press)
	b.say(text)
	b.onFocus = func() { v.reveal(r) }
	return b
}

// lay puts the row together.
func (r *factRow) lay(v *memoryView) {
	// The labels' own padding would part the two lines too far.
	words := container.New(layout.NewCustomPaddedVBoxLayout(4-2*theme.InnerPadding()), r.text, r.source)
	r.box = container.New(factLayout{r}, words, r.entry)
	for _, b := range []*iconButton{r.edit, r.forget, r.keep, r.cancel, r.undo} {
		if b != nil {
			r.box.Add(b)
		}
	}
	r.setEditing(v, false)
}

// buttons are those in sight, from left to right.
func (r *factRow) buttons() []*iconButton {
	var all []*iconButton
	for _, b := range []*iconButton{r.edit, r.forget, r.keep, r.cancel, r.undo} {
		if b != nil && !b.Hidden {
			all = append(all, b)
		}
	}
	return all
}

// setEditing has the fact corrected, or only shown.
func (r *factRow) setEditing(v *memoryView, on bool) {
	for b, editing := range map[*iconButton]bool{r.edit: false, r.forget: false, r.keep: true, r.cancel: true} {
		if b != nil {
			b.Hidden = editing != on
		}
	}
	r.box.Objects[0].(*fyne.Container).Hidden = on //nolint:forcetypeassert // made in lay
	r.entry.Hidden = !on
	if on {
		r.entry.SetText(r.text.Text)
		v.window.Canvas().Focus(r.entry)
	}
	r.box.Refresh()
}

// factEntry is the line in which a fact is corrected. Return keeps it, Esc does not.
type factEntry struct {
	widget.Entry
	view *memoryView
}

func newFactEntry(v *memoryView) *factEntry {
	e := &factEntry{view: v}
	e.OnSubmitted = func(string) { v.endEdit(true) }
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey is for Fyne.
func (e *factEntry) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape {
		e.view.endEdit(false)
		return
	}
	e.Entry.TypedKey(k)
}

// factLayout sets the words of a fact beside its buttons.
type factLayout struct{ row *factRow }

const (
	scrollRoom   = 10  // left free at the right for the scroll bar
	buttonsBelow = 520 // width of a window in which the buttons find no room beside the words
)

// Layout is for Fyne.
func (l factLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	room, high := size.Width-scrollRoom, size.Height
	buttons := l.row.buttons()
	if l.row.below {
		high -= l.high(buttons)
	}
	left := room
	for i := len(buttons) - 1; i >= 0; i-- {
		b := buttons[i].MinSize()
		left -= b.Width
		top := (size.Height - b.Height) / 2
		if l.row.below {
			top = high
		}
		buttons[i].Resize(b)
		buttons[i].Move(fyne.NewPos(left, whole(top)))
	}
	if l.row.below {
		left = room
	}
	o[0].Resize(fyne.NewSize(left, high))
	o[0].Move(fyne.NewPos(0, 0))
	h := o[1].MinSize().Height
	o[1].Resize(fyne.NewSize(left, h))
	o[1].Move(fyne.NewPos(0, whole((high-h)/2)))
}

// high is how high the buttons are.
func (l factLayout) high(buttons []*iconButton) float32 {
	high := float32(0)
	for _, b := range buttons {
		high = max(high, b.MinSize().Height)
	}
	return high
}

// MinSize is for Fyne.
func (l factLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	words, buttons, width := o[0].MinSize(), l.row.buttons(), float32(0)
	for _, b := range buttons {
		width += b.MinSize().Width
	}
	high := max(words.Height, o[1].MinSize().Height)
	if l.row.below {
		return fyne.NewSize(max(words.Width, width)+scrollRoom, high+l.high(buttons))
	}
	return fyne.NewSize(words.Width+width+scrollRoom, max(high, l.high(buttons)))
}

// whence says when a fact was told and from which words it was taken.
func whence(f Fact, now time.Time) string {
	told := f.Told.Local()
	day := dateOf(told, now)
	if told.Year() == now.Year() {
		day += ", " + told.Format("15:04")
	}
	if f.Source == "" {
		return day
	}
	return day + " · " + lang.L("you said “{{.Words}}”", values{"Words": f.Source})
}
