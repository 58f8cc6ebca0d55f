package ui

import "fyne.io/fyne/v2"

// cover shows o in place of all else, which neither the eye nor the keyboard
// then reaches.
func (w *Window) cover(o fyne.CanvasObject) {
	w.Canvas().Unfocus()
	w.talk(false)
	for _, other := range w.content.Objects {
		if other != o {
			other.Hide()
		}
	}
	o.Show()
	w.content.Refresh()
}

// uncover shows again what o has covered.
func (w *Window) uncover(o fyne.CanvasObject) {
	if w.first != nil && o != w.first.box {
		w.cover(w.first.box)
		return
	}
	w.cover(w.frame.box)
}

// covered reports whether something stands in place of the conversation.
func (w *Window) covered() bool { return !w.frame.box.Visible() }
