package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// searchEntry is the line that the history is searched by. Return and Down lead to
// what was found; Esc ends the search.
type searchEntry struct {
	widget.Entry
	keys     keys
	shortcut func(desktop.CustomShortcut) bool
	down     func()
}

func newSearchEntry(search func(query string), k keys, shortcut func(desktop.CustomShortcut) bool, down func()) *searchEntry {
	e := &searchEntry{keys: k, shortcut: shortcut, down: down}
	e.OnChanged = func(text string) { search(strings.TrimSpace(text)) }
	e.OnSubmitted = func(string) { down() }
	e.ExtendBaseWidget(e)
	return e
}

// fit has the entry say what it is for in that width.
func (e *searchEntry) fit(width float32) {
	const beside = 50 // the icon, and air
	text := lang.L("Search everything said…")
	if fyne.MeasureText(text, theme.Size(theme.SizeNameText), fyne.TextStyle{}).Width > width-beside {
		text = lang.L("Search…")
	}
	if text != e.PlaceHolder {
		e.SetPlaceHolder(text)
	}
}

// TypedKey is for Fyne.
func (e *searchEntry) TypedKey(k *fyne.KeyEvent) {
	switch {
	case k.Name == fyne.KeyDown:
		e.down()
	case k.Name != fyne.KeyEscape:
		e.Entry.TypedKey(k)
	case e.Text != "":
		e.SetText("")
	default:
		if c := fyne.CurrentApp().Driver().CanvasForObject(e); c != nil {
			c.Unfocus()
		}
		e.keys.key(k)
	}
}

// TypedShortcut is for Fyne.
func (e *searchEntry) TypedShortcut(s fyne.Shortcut) {
	if c, ok := s.(*desktop.CustomShortcut); ok && e.shortcut(*c) {
		return
	}
	e.Entry.TypedShortcut(s)
}
