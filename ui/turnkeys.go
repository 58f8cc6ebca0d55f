package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// turnKeys is where the keyboard is when it is in the conversation. It is a widget
// of its own, since a click must not bring the keyboard there: Space is for talking.
type turnKeys struct {
	widget.BaseWidget
	c *conversation
}

func newTurnKeys(c *conversation) *turnKeys {
	t := &turnKeys{c: c}
	t.ExtendBaseWidget(t)
	return t
}

// CreateRenderer is for Fyne: there is nothing to see of it but the marked turn.
func (t *turnKeys) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(&fyne.Container{})
}

// FocusGained is for Fyne.
func (t *turnKeys) FocusGained() {
	c := t.c
	c.focused = true
	if c.marked < 0 {
		c.marked = c.set.Len() - 1
	}
	c.reveal(c.marked)
}

// FocusLost is for Fyne.
func (t *turnKeys) FocusLost() {
	c := t.c
	c.focused, c.marked = false, -1
	c.place()
}

// TypedRune is for Fyne.
func (t *turnKeys) TypedRune(r rune) { t.c.keys.rune(r) }

// TypedKey is for Fyne: the arrows go through the turns, Return offers what can be
// done with one.
func (t *turnKeys) TypedKey(k *fyne.KeyEvent) {
	c := t.c
	last := c.set.Len() - 1
	switch k.Name {
	case fyne.KeyUp:
		c.reveal(max(0, c.marked-1))
	case fyne.KeyDown:
		c.reveal(min(last, c.marked+1))
	case fyne.KeyHome:
		c.reveal(0)
	case fyne.KeyEnd:
		c.reveal(last)
	case fyne.KeyReturn, fyne.KeyEnter, desktop.KeyMenu:
		if c.marked >= 0 && c.marked <= last {
			c.menu(c.marked, c.scroll.Position().AddXY(margin(c.width), c.shift()+c.tops[c.marked]-c.scroll.Offset.Y+rowGap))
		}
	default:
		c.keys.key(k)
	}
}

// TypedShortcut is for Fyne: the marked turn is copied.
func (t *turnKeys) TypedShortcut(s fyne.Shortcut) {
	c := t.c
	if _, ok := s.(*fyne.ShortcutCopy); ok && c.marked >= 0 && c.marked < c.set.Len() {
		c.does.copy(c.set.At(c.marked).Text)
		return
	}
	if own, ok := s.(*desktop.CustomShortcut); ok {
		c.shortcut(*own)
	}
}
