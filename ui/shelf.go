package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"parley/engine"
)

// place is a turn of a stored conversation. The zero value is none.
type place struct {
	conversation engine.ConversationID
	turn         int // from 0; -1: wherever it opens
}

// shelving is what the rows of the history do in this window.
func (w *Window) shelving() shelving {
	return shelving{open: w.openRow, menu: w.shelfMenu, rename: w.rename, remove: w.remove, end: w.bridge.listMore}
}

// openRow goes on with a row's conversation; with something found, at its place.
func (w *Window) openRow(r sideRow) {
	to := place{conversation: r.entry.ID, turn: -1}
	if r.kind == hitRow {
		to = place{conversation: r.hit.Conversation.ID, turn: r.hit.Place}
	}
	if to.conversation != w.shown.Conversation.ID || r.kind != hitRow {
		w.send(engine.OpenConversation{ID: to.conversation})
	}
	w.found = to
	w.frame.closeOver()
	w.showFound()
}

// showFound shows the place that was asked for, once its conversation is there.
func (w *Window) showFound() {
	if w.found.conversation == 0 || w.found.conversation != w.shown.Conversation.ID {
		return
	}
	if row := w.shown.Thread.rowOf(w.found.turn); row >= 0 {
		w.centre.turns.reveal(row)
	}
	w.found = place{}
}

// shelfMenu offers what can be done with a conversation.
func (w *Window) shelfMenu(e Entry, at fyne.Position) {
	pin := lang.L("Pin")
	if e.Pinned {
		pin = lang.L("Unpin")
	}
	menu := widget.NewPopUpMenu(fyne.NewMenu("",
		fyne.NewMenuItem(lang.L("Continue"), func() { w.openRow(sideRow{kind: entryRow, entry: e}) }),
		fyne.NewMenuItem(pin, func() {
			w.shelve(lang.L("The conversation was not pinned"), func() error { return w.library.Pin(e.ID, !e.Pinned) })
		}),
		fyne.NewMenuItem(lang.L("Rename…"), func() { w.rename(e) }),
		fyne.NewMenuItem(lang.L("Delete…"), func() { w.remove(e) }),
	), w.Canvas())
	menu.ShowAtPosition(at)
	w.Canvas().Focus(menu)
}

// rename asks for a conversation's title.
func (w *Window) rename(e Entry) {
	title := widget.NewEntry()
	title.SetText(e.Title)
	d := dialog.NewCustomConfirm(lang.L("Rename the conversation"), lang.L("Rename"), lang.L("Cancel"), title, func(ok bool) {
		if text := strings.TrimSpace(title.Text); ok && text != e.Title {
			w.shelve(lang.L("The conversation was not renamed"), func() error { return w.library.Rename(e.ID, text) })
		}
	}, w)
	title.OnSubmitted = func(string) { d.Confirm() }
	d.Show()
	d.Resize(within(w.Canvas().Size(), fyne.NewSize(440, d.MinSize().Height)))
	w.Canvas().Focus(title)
}

// remove asks whether a conversation is to be deleted, and does it.
func (w *Window) remove(e Entry) {
	text := widget.NewLabel(lang.L("Everything said in it and its lessons are erased for good. What you asked me to remember stays."))
	text.Wrapping = fyne.TextWrapWord
	name := shortened(sideRow{entry: e}.title(), 48)
	d := dialog.NewCustomConfirm(lang.L("Delete “{{.Title}}”?", values{"Title": name}), lang.L("Delete"), lang.L("Keep it"), text, func(ok bool) {
		if !ok {
			return
		}
		if e.ID == w.shown.Conversation.ID {
			w.send(engine.NewConversation{})
		}
		w.shelve(lang.L("The conversation was not deleted"), func() error { return w.library.Delete(e.ID) })
	}, w)
	d.SetConfirmImportance(widget.DangerImportance)
	d.Show()
	d.Resize(within(w.Canvas().Size(), fyne.NewSize(440, d.MinSize().Height+60)))
}

// shelve does something to the library, lists it anew, and says what failed.
func (w *Window) shelve(failed string, do func() error) {
	w.bridge.dispatch(func() func() {
		if err := do(); err != nil {
			w.log.Error("ui: change a conversation", "err", err)
			w.bridge.notice(failed + ": " + err.Error())
		}
		signal(w.bridge.reload)
		return nil
	})
}

// rowOf is the row of a conversation's turn, counted from 0 as history counts
// them, or -1.
func (t Thread) rowOf(turn int) int {
	for i := 0; turn >= 0 && i < t.Len(); i++ {
		if r := t.At(i); r.Kind == UserRow || r.Kind == ReplyRow {
			if turn == 0 {
				return i
			}
			turn--
		}
	}
	return -1
}
