package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"parley/engine"
)

// typedKey is a key that nothing else wanted: Esc takes away what lies over the
// conversation, else it stops the reply.
func (w *Window) typedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyF1 {
		w.showShortcuts()
	}
	if k.Name != fyne.KeyEscape {
		return
	}
	if w.memory != nil && w.memory.dialog != nil {
		w.memory.hide()
		return
	}
	if top, ok := w.Canvas().Overlays().Top().(*widget.PopUp); ok {
		top.Hide()
		return
	}
	switch {
	case w.adjust != nil && w.adjust.visible():
		w.adjust.hide()
	case w.first != nil:
		w.first.hide()
	case w.frame.over():
		w.frame.closeOver()
	default:
		w.interrupt()
	}
}

// typedRune is a letter typed where no text is entered: it goes to the entry,
// unless that is covered, but for the space, which is for talking.
func (w *Window) typedRune(r rune) {
	if r == ' ' || w.covered() || w.Canvas().Overlays().Top() != nil {
		return
	}
	e := w.centre.entry
	w.Canvas().Focus(e)
	e.TypedRune(r)
}

// listenToSpace lets the user talk by hand: as long as Space is held, where no
// text is entered, what he says is one turn.
func (w *Window) listenToSpace() {
	c, ok := w.Canvas().(desktop.Canvas)
	if !ok {
		return
	}
	c.SetOnKeyDown(func(k *fyne.KeyEvent) { w.space(k, true) })
	c.SetOnKeyUp(func(k *fyne.KeyEvent) { w.space(k, false) })
	// A key that is let go elsewhere is not told of.
	w.app.Lifecycle().SetOnExitedForeground(func() { w.talk(false) })
}

func (w *Window) space(k *fyne.KeyEvent, down bool) {
	if k.Name == fyne.KeySpace && (!down || w.Canvas().Focused() == nil && !w.covered()) {
		w.talk(down)
	}
}

// talk begins or ends a turn by hand.
func (w *Window) talk(on bool) {
	if on != w.talking {
		w.talking = on
		w.send(engine.Talk{On: on})
	}
}
