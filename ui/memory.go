package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"
)

// Memory is what the user asked to have remembered. It is not called on the
// window's thread.
type Memory interface {
	// Facts gives every fact, newest first.
	Facts() ([]Fact, error)
	// Forget drops a fact for good.
	Forget(id int64) error
}

// Fact is something that is remembered.
type Fact struct {
	ID     int64
	Text   string    // "your sister's name is Ada"
	Told   time.Time // when the user told it
	Source string    // the user's own words; may be empty
}

// memoryTitle is what the memory is called in the window.
const memoryTitle = "What I remember"

// memorySize is how large its dialog is, where there is room.
var memorySize = fyne.NewSize(560, 520)

// memoryView lists the facts, each with a button that forgets it.
type memoryView struct {
	window *Window
	memory Memory
	keys   keys

	dialog *dialog.CustomDialog // nil while it is closed
	column *fyne.Container
	scroll *container.Scroll
	close  *iconButton

	rows  []*factRow
	asked int64 // the fact whose button asks whether it is meant; 0 is none
}

func newMemoryView(w *Window, m Memory, k keys) *memoryView {
	return &memoryView{window: w, memory: m, keys: k}
}

// open shows what is remembered, once that is read.
func (v *memoryView) open() { v.window.bridge.dispatch(func() func() { return v.read(v.show) }) }

// reload shows what has changed, if the list is open.
func (v *memoryView) reload() {
	if v.dialog == nil {
		return
	}
	v.window.bridge.dispatch(func() func() {
		return v.read(func(facts []Fact) {
			if v.dialog != nil {
				v.list(facts)
			}
		})
	})
}

// read is half an errand: what is to be done with the facts, or nothing when
// they cannot be read, which the conversation then says.
func (v *memoryView) read(then func([]Fact)) func() {
	facts, err := v.memory.Facts()
	if err != nil {
		v.window.log.Error("ui: list facts", "err", err)
		v.window.bridge.notice(fmt.Sprintf("What is remembered cannot be shown: %v", err))
		return nil
	}
	return func() { then(facts) }
}

func (v *memoryView) show(facts []Fact) {
	if v.dialog != nil {
		return
	}
	v.column = container.NewVBox()
	v.scroll = container.NewVScroll(v.column)
	v.close = newIconButton("", 38, false, v.keys, v.hide)
	v.close.say("Close")
	v.dialog = dialog.NewCustomWithoutButtons(memoryTitle, v.scroll, v.window)
	v.dialog.SetButtons([]fyne.CanvasObject{v.close})
	v.asked = 0
	v.list(facts)
	v.dialog.Show()
}

func (v *memoryView) hide() {
	if v.dialog != nil {
		v.dialog.Hide()
		v.dialog, v.rows = nil, nil
	}
}

func (v *memoryView) restyle() {
	if v.dialog == nil {
		return
	}
	v.close.restyle()
	for _, r := range v.rows {
		r.forget.restyle()
	}
}

// list shows facts. Who has come to a row by keyboard stays in its place.
func (v *memoryView) list(facts []Fact) {
	c := v.window.Canvas()
	place := -1
	for i, r := range v.rows {
		if c.Focused() == fyne.Focusable(r.forget) {
			place = i
			c.Unfocus()
		}
	}
	v.rows = nil
	objects := []fyne.CanvasObject{}
	if len(facts) == 0 {
		objects = append(objects, nothingRemembered())
	}
	for i, f := range facts {
		if i > 0 {
			objects = append(objects, widget.NewSeparator())
		}
		r := v.newRow(f)
		v.rows = append(v.rows, r)
		objects = append(objects, r.box)
	}
	v.column.Objects = objects
	v.column.Refresh()
	v.dialog.Resize(within(v.window.Canvas().Size(), v.size()))
	v.ask(v.asked)
	if place >= 0 && len(v.rows) > 0 {
		c.Focus(v.rows[min(place, len(v.rows)-1)].forget)
	}
}

// size is how large the dialog wants to be.
func (v *memoryView) size() fyne.Size {
	if len(v.rows) == 0 {
		return fyne.NewSize(memorySize.Width, v.dialog.MinSize().Height+v.column.MinSize().Height)
	}
	return memorySize
}

// nothingRemembered says how to have something remembered.
func nothingRemembered() fyne.CanvasObject {
	l := widget.NewLabel("Nothing yet. Say “remember that my exam is on Friday”.")
	l.Wrapping = fyne.TextWrapWord
	return l
}

// ask has the button of fact id, and no other, ask whether it is meant.
func (v *memoryView) ask(id int64) {
	v.asked = id
	for _, r := range v.rows {
		r.setAsking(r.id == id)
	}
}

// press is a press on the button of fact id: the first asks, the second forgets.
func (v *memoryView) press(id int64) {
	if v.asked != id {
		v.ask(id)
		return
	}
	v.asked = 0
	v.window.bridge.dispatch(func() func() {
		if err := v.memory.Forget(id); err != nil {
			v.window.log.Error("ui: forget a fact", "err", err)
			v.window.bridge.notice(fmt.Sprintf("It is still remembered: %v", err))
		}
		return v.reload // also after a failure: it may be gone already
	})
}

// reveal scrolls to a row that is reached by keyboard.
func (v *memoryView) reveal(r *factRow) {
	top, bottom := r.box.Position().Y, r.box.Position().Y+r.box.Size().Height
	at, height := v.scroll.Offset.Y, v.scroll.Size().Height
	switch {
	case top < at:
		at = top
	case bottom > at+height:
		at = bottom - height
	}
	v.scroll.ScrollToOffset(fyne.NewPos(0, at))
}
