package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"parley/engine"
)

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
	if k.Name == fyne.KeySpace && (!down || w.Canvas().Focused() == nil) {
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
