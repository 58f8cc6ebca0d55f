package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// textButton is Fyne's button, which leaves to the window what is typed into it
// and is not for it.
type textButton struct {
	widget.Button
	keys    keys
	onFocus func() // may be nil
}

func newTextButton(text string, k keys, onTap func()) *textButton {
	b := &textButton{keys: k}
	b.Text, b.OnTapped = text, onTap
	b.ExtendBaseWidget(b)
	return b
}

// FocusGained is for Fyne.
func (b *textButton) FocusGained() {
	b.Button.FocusGained()
	if b.onFocus != nil {
		b.onFocus()
	}
}

// TypedKey is for Fyne.
func (b *textButton) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.Tapped(nil)
	default:
		b.keys.key(k)
	}
}

// TypedRune is for Fyne.
func (b *textButton) TypedRune(r rune) {
	if r != ' ' { // which presses the button
		b.keys.rune(r)
	}
}
