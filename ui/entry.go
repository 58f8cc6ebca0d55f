package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// keys takes what is typed where no text is being entered: whatever has the
// focus, Esc must stop the reply and letters must reach the text entry.
type keys struct {
	key  func(*fyne.KeyEvent)
	rune func(rune)
}

// entry is the line to type into instead of speaking. Enter sends; Esc and the
// window's shortcuts work in it as everywhere.
type entry struct {
	widget.Entry
	say      func(text string) bool // reports whether the text was taken
	keys     keys
	shortcut func(desktop.CustomShortcut) bool
}

func newEntry(say func(string) bool, k keys, shortcut func(desktop.CustomShortcut) bool) *entry {
	e := &entry{say: say, keys: k, shortcut: shortcut}
	e.PlaceHolder = "Type instead…"
	e.Scroll = container.ScrollHorizontalOnly
	e.Wrapping = fyne.TextWrapOff
	e.OnSubmitted = e.submit
	e.ExtendBaseWidget(e)
	return e
}

func (e *entry) submit(text string) {
	text = strings.TrimSpace(text)
	if text != "" && !e.say(text) {
		return // the text stays, to be sent again
	}
	e.SetText("")
	// Without the focus no cursor blinks; the next letter brings it back.
	if c := fyne.CurrentApp().Driver().CanvasForObject(e); c != nil {
		c.Unfocus()
	}
}

// TypedKey is for Fyne.
func (e *entry) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape {
		e.keys.key(k)
		return
	}
	e.Entry.TypedKey(k)
}

// TypedShortcut is for Fyne.
func (e *entry) TypedShortcut(s fyne.Shortcut) {
	if c, ok := s.(*desktop.CustomShortcut); ok && e.shortcut(*c) {
		return
	}
	e.Entry.TypedShortcut(s)
}

// entryBar is the entry with the keys that matter written at its right end
// while it is empty.
func entryBar(e *entry) (*fyne.Container, func()) {
	hint := label("Esc stops", colMuted, theme.SizeNameCaptionText, false)
	e.OnChanged = func(text string) {
		if hint.Hidden != (text != "") {
			hint.Hidden = text != ""
			hint.Refresh()
		}
	}
	roomyEntry := container.NewThemeOverride(e, roomy{})
	bar := container.New(entryLayout{}, roomyEntry, hint)
	return bar, func() {
		hint.Color, hint.TextSize = theme.Color(colMuted), theme.Size(theme.SizeNameCaptionText)
		hint.Refresh()
	}
}

// entryLayout gives the entry all the room and sets the hint at its right end.
type entryLayout struct{}

func (entryLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].Move(fyne.NewPos(0, 0))
	o[0].Resize(size)
	hint := o[1].MinSize()
	o[1].Resize(hint)
	o[1].Move(fyne.NewPos(whole(size.Width-hint.Width-16), whole((size.Height-hint.Height)/2)))
}

func (entryLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(160, max(46, o[0].MinSize().Height))
}
