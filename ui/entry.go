package ui

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// keys takes what is typed where no text is being entered: whatever has the
// focus, Esc must stop the reply and letters must reach the text entry.
type keys struct {
	key  func(*fyne.KeyEvent)
	rune func(rune)
}

// take gives the window a key that is its own whatever has the focus, and says whether
// it was one.
func (k keys) take(ev *fyne.KeyEvent) bool {
	if ev.Name != fyne.KeyEscape && ev.Name != fyne.KeyF1 {
		return false
	}
	k.key(ev)
	return true
}

// entry is the line to type into instead of speaking. Enter sends; Esc and the
// window's shortcuts work in it as everywhere.
type entry struct {
	widget.Entry
	say      func(text string) bool // reports whether the text was taken
	keys     keys
	shortcut func(desktop.CustomShortcut) bool
	onFocus  func(on bool)
}

func newEntry(say func(string) bool, k keys, shortcut func(desktop.CustomShortcut) bool) *entry {
	e := &entry{say: say, keys: k, shortcut: shortcut, onFocus: func(bool) {}}
	e.PlaceHolder = lang.L("Type instead…")
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
	if !e.keys.take(k) {
		e.Entry.TypedKey(k)
	}
}

// TypedShortcut is for Fyne.
func (e *entry) TypedShortcut(s fyne.Shortcut) {
	if c, ok := s.(*desktop.CustomShortcut); ok && e.shortcut(*c) {
		return
	}
	e.Entry.TypedShortcut(s)
}

// CreateRenderer is for Fyne.
func (e *entry) CreateRenderer() fyne.WidgetRenderer {
	r := bareEntry{WidgetRenderer: e.Entry.CreateRenderer()}
	for _, o := range r.WidgetRenderer.Objects() {
		if _, frame := o.(*canvas.Rectangle); !frame {
			r.objects = append(r.objects, o)
		}
	}
	return r
}

// bareEntry is Fyne's entry without its background and border, which the
// [entryBar] draws in one, further out. A theme of its own could do that, too;
// but with every theme Fyne reads all fonts once more, some 10 MB.
type bareEntry struct {
	fyne.WidgetRenderer
	objects []fyne.CanvasObject
}

func (r bareEntry) Objects() []fyne.CanvasObject { return r.objects }

// FocusGained is for Fyne.
func (e *entry) FocusGained() { e.Entry.FocusGained(); e.onFocus(true) }

// FocusLost is for Fyne.
func (e *entry) FocusLost() { e.Entry.FocusLost(); e.onFocus(false) }

// entryBar is the entry in its frame, with the keys that matter written at its
// right end while it is empty.
type entryBar struct {
	box     *fyne.Container
	frame   *canvas.Rectangle
	entry   *entry
	hint    *canvas.Text
	focused bool
}

// Measures of the entry's bar.
const (
	barHeight = 46
	barPad    = 5 // beside the entry's own padding
)

func newEntryBar(e *entry) *entryBar {
	b := &entryBar{frame: rounded(color.Transparent, 12), entry: e, hint: label(lang.L("Hold Space to talk · Esc stops"), colMuted, theme.SizeNameCaptionText, false)}
	b.frame.StrokeWidth = 1
	e.OnChanged = func(string) {
		b.showHint()
	}
	e.onFocus = func(on bool) { b.focused = on; b.restyle() }
	b.box = container.New(b, b.frame, e, b.hint)
	b.restyle()
	return b
}

func (b *entryBar) restyle() {
	b.frame.FillColor, b.frame.StrokeColor = theme.Color(colCard), theme.Color(colEdge)
	if b.focused {
		b.frame.StrokeColor = theme.Color(colAccent)
	}
	b.frame.Refresh()
	b.hint.Color, b.hint.TextSize = theme.Color(colMuted), theme.Size(theme.SizeNameCaptionText)
	b.hint.Refresh()
}

// showHint shows the hint while the entry is empty and both have room.
func (b *entryBar) showHint() {
	words := fyne.MeasureText(b.entry.PlaceHolder, theme.Size(theme.SizeNameText), fyne.TextStyle{}).Width
	hidden := b.entry.Text != "" || words+b.hint.MinSize().Width+60 > b.box.Size().Width
	if b.hint.Hidden != hidden {
		b.hint.Hidden = hidden
		b.hint.Refresh()
	}
}

// Layout gives the entry all the room and sets the hint at its right end.
func (b *entryBar) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	b.frame.Resize(size)
	h := b.entry.MinSize().Height
	b.entry.Move(fyne.NewPos(barPad, whole((size.Height-h)/2)))
	b.entry.Resize(fyne.NewSize(size.Width-2*barPad, h))
	if b.box != nil { // else it is being made
		b.showHint()
	}
	hint := b.hint.MinSize()
	b.hint.Resize(hint)
	b.hint.Move(fyne.NewPos(whole(size.Width-hint.Width-16), whole((size.Height-hint.Height)/2)))
}

// MinSize is for Fyne.
func (b *entryBar) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(160, max(barHeight, b.entry.MinSize().Height+2*barPad))
}
