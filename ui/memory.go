package ui

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"parley/engine"
)

// Memory is what the user asked to have remembered. It is not called on the
// window's thread.
type Memory interface {
	// Facts gives every fact, newest first.
	Facts() ([]Fact, error)
	// Forget drops a fact.
	Forget(id int64) error
	// Correct changes what a fact says.
	Correct(f Fact) error
	// Restore remembers again a fact that was forgotten.
	Restore(f Fact) error
}

// Fact is something that is remembered.
type Fact struct {
	ID           int64
	Subject      string                // what it is about: "sister's name"; may be empty
	Text         string                // "your sister's name is Ada"
	Told         time.Time             // when the user told it
	Source       string                // the user's own words; may be empty
	Conversation engine.ConversationID // where it was told; 0: not known
}

// memoryTitle is what the memory is called in the window.
func memoryTitle() string { return lang.L("What I remember") }

// memorySize is how large its dialog is, where there is room.
var memorySize = fyne.NewSize(560, 520)

// memoryView lists the facts, each with buttons that correct and forget it. One
// that was forgotten stays in its place, to be brought back, until the list is
// closed.
type memoryView struct {
	window *Window
	memory Memory
	keys   keys

	dialog *dialog.CustomDialog // nil while it is closed
	column *fyne.Container
	scroll *container.Scroll
	close  *iconButton

	rows   []*factRow
	gone   []forgotten
	edited *factRow // the one being corrected; nil: none is
}

// forgotten is a fact that was dropped while the list was open.
type forgotten struct {
	Fact
	place int // in the list
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
		v.window.bridge.notice(lang.L("What is remembered cannot be shown") + ": " + err.Error())
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
	v.close.say(lang.L("Close"))
	v.dialog = dialog.NewCustomWithoutButtons(memoryTitle(), v.scroll, v.window)
	v.dialog.SetButtons([]fyne.CanvasObject{v.close})
	v.gone, v.edited = nil, nil
	v.list(facts)
	v.dialog.Show()
}

func (v *memoryView) hide() {
	if v.dialog != nil {
		v.dialog.Hide()
		v.dialog, v.rows, v.gone, v.edited = nil, nil, nil, nil
	}
}

func (v *memoryView) restyle() {
	if v.dialog == nil {
		return
	}
	v.close.restyle()
	for _, r := range v.rows {
		for _, b := range r.buttons() {
			b.restyle()
		}
	}
}

// list shows facts, and those that were forgotten in their places. What is being
// corrected is left alone. Who has come to a row by keyboard stays in its place.
func (v *memoryView) list(facts []Fact) {
	if v.edited != nil {
		return
	}
	c := v.window.Canvas()
	place := -1
	for i, r := range v.rows {
		for _, b := range r.buttons() {
			if c.Focused() == fyne.Focusable(b) {
				place = i
				c.Unfocus()
			}
		}
	}
	v.rows = nil
	objects := []fyne.CanvasObject{}
	if len(facts)+len(v.gone) == 0 {
		objects = append(objects, nothingRemembered())
	}
	add := func(r *factRow) {
		if len(v.rows) > 0 {
			objects = append(objects, widget.NewSeparator())
		}
		v.rows = append(v.rows, r)
		objects = append(objects, r.box)
	}
	gone := v.gone
	for _, f := range facts {
		for len(gone) > 0 && gone[0].place <= len(v.rows) {
			add(v.newGone(gone[0]))
			gone = gone[1:]
		}
		add(v.newRow(f))
	}
	for _, f := range gone {
		add(v.newGone(f))
	}
	v.column.Objects = objects
	v.column.Refresh()
	v.dialog.Resize(within(v.window.Canvas().Size(), v.size()))
	if place >= 0 && len(v.rows) > 0 {
		if b := v.rows[min(place, len(v.rows)-1)].buttons(); len(b) > 0 {
			c.Focus(b[len(b)-1])
		}
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
	l := widget.NewLabel(lang.L("Nothing yet. Say “remember that my exam is on Friday”."))
	l.Wrapping = fyne.TextWrapWord
	return l
}

// forget drops a fact, and keeps its place.
func (v *memoryView) forget(f Fact) {
	place := slices.IndexFunc(v.rows, func(r *factRow) bool { return r.fact.ID == f.ID && !r.gone })
	v.change(lang.L("It is still remembered"), func() error { return v.memory.Forget(f.ID) }, func() {
		v.gone = append(v.gone, forgotten{f, place})
		slices.SortStableFunc(v.gone, func(a, b forgotten) int { return a.place - b.place })
	})
}

// restore brings back a fact that was forgotten.
func (v *memoryView) restore(f Fact) {
	v.change(lang.L("It could not be brought back"), func() error { return v.memory.Restore(f) }, func() {
		v.gone = slices.DeleteFunc(v.gone, func(g forgotten) bool { return g.ID == f.ID })
	})
}

// edit has a fact corrected in its place.
func (v *memoryView) edit(r *factRow) {
	if v.edited != nil {
		v.edited.setEditing(v, false)
	}
	v.edited = r
	r.setEditing(v, true)
	v.column.Refresh()
}

// endEdit keeps what the fact now says, if keep and it says something else.
func (v *memoryView) endEdit(keep bool) {
	r := v.edited
	if r == nil {
		return
	}
	text := strings.TrimSpace(r.entry.Text)
	v.edited = nil
	r.setEditing(v, false)
	v.column.Refresh()
	if keep && text != "" && text != r.text.Text {
		f := r.fact
		f.Text = text
		v.change(lang.L("It was not changed"), func() error { return v.memory.Correct(f) }, nil)
	}
}

// change does something to the memory and, if that succeeded, then; it says what
// failed, and lists the facts anew.
func (v *memoryView) change(failed string, do func() error, then func()) {
	v.window.bridge.dispatch(func() func() {
		err := do()
		if err != nil {
			v.window.log.Error("ui: change a fact", "err", err)
			v.window.bridge.notice(failed + ": " + err.Error())
		}
		return func() {
			if err == nil && then != nil && v.dialog != nil {
				then()
			}
			v.reload() // also after a failure: it may be gone already
		}
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
