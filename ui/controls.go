package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// handling is what Fyne's own controls lack here: whatever has the focus, Esc
// and the window's shortcuts work, and who is reached by keyboard is scrolled to.
type handling struct {
	keys     keys
	shortcut func(desktop.CustomShortcut) bool
	reveal   func(fyne.CanvasObject)
}

// pick is a choice from a list that drops down.
type pick struct {
	widget.Select
	handling
}

// newPick makes one; choose is told what the user has chosen.
func newPick(options []string, chosen int, h handling, choose func(int)) *pick {
	p := &pick{handling: h}
	p.ExtendBaseWidget(p)
	p.offer(options, chosen)
	p.OnChanged = func(string) {
		if i := p.SelectedIndex(); i >= 0 {
			choose(i)
		}
	}
	return p
}

// offer sets what can be chosen, and what is chosen, without telling.
func (p *pick) offer(options []string, chosen int) {
	p.Options, p.Selected = options, ""
	if chosen >= 0 && chosen < len(options) {
		p.Selected = options[chosen]
	}
	p.Refresh()
}

// MinSize is for Fyne: a long name is cut rather than the window widened.
func (p *pick) MinSize() fyne.Size {
	return fyne.NewSize(120, p.Select.MinSize().Height)
}

// TypedKey is for Fyne.
func (p *pick) TypedKey(k *fyne.KeyEvent) {
	if !p.keys.take(k) {
		p.Select.TypedKey(k)
	}
}

// FocusGained is for Fyne.
func (p *pick) FocusGained() { p.Select.FocusGained(); p.reveal(p) }

// frameAround sets a control in a hairline, as Fyne draws none around a choice.
func frameAround(o fyne.CanvasObject) *panel {
	frame := rounded(theme.Color(colCard), 8)
	frame.StrokeColor, frame.StrokeWidth = theme.Color(colEdge), 1
	p := newPanel(func(width float32) float32 {
		h := o.MinSize().Height + 2
		put(frame, 0, 0, width, h)
		put(o, 1, 1, width-2, h-2)
		return h
	}, frame, o)
	p.wished = wish(o) + 2
	return p
}

// tick is something that is on or off.
type tick struct {
	widget.Check
	handling
}

// newTick makes one; its OnChanged is told what the user wants.
func newTick(on bool, h handling) *tick {
	t := &tick{handling: h}
	t.ExtendBaseWidget(t)
	t.set(on)
	return t
}

// set changes it without telling.
func (t *tick) set(on bool) { t.Checked = on; t.Refresh() }

// TypedKey is for Fyne.
func (t *tick) TypedKey(k *fyne.KeyEvent) {
	if !t.keys.take(k) {
		t.Check.TypedKey(k)
	}
}

// FocusGained is for Fyne.
func (t *tick) FocusGained() { t.Check.FocusGained(); t.reveal(t) }

// slide is a number chosen by sliding.
type slide struct {
	widget.Slider
	handling
}

// newSlide makes one; move is told while it moves, settle when it has.
func newSlide(lowest, highest, step, now float64, h handling, move, settle func(float64)) *slide {
	s := &slide{handling: h}
	s.Min, s.Max, s.Step, s.Value = lowest, highest, step, now
	s.Orientation = widget.Horizontal
	s.ExtendBaseWidget(s)
	s.OnChanged, s.OnChangeEnded = move, settle
	return s
}

// TypedKey is for Fyne.
func (s *slide) TypedKey(k *fyne.KeyEvent) {
	if !s.keys.take(k) {
		s.Slider.TypedKey(k)
	}
}

// FocusGained is for Fyne.
func (s *slide) FocusGained() { s.Slider.FocusGained(); s.reveal(s) }

// field is a line of text. It settles when the user presses Enter or leaves it.
type field struct {
	widget.Entry
	handling
	settled string
	settle  func(text string)
}

func newField(text, hint string, secret bool, h handling, settle func(string)) *field {
	f := &field{handling: h, settled: text, settle: settle}
	f.Text, f.PlaceHolder, f.Password = text, hint, secret
	f.Wrapping = fyne.TextWrapOff
	f.ExtendBaseWidget(f)
	f.OnSubmitted = func(string) { f.done() }
	return f
}

// set changes the text without telling.
func (f *field) set(text string) {
	f.settled = text
	f.SetText(text)
}

// done tells a text that has changed.
func (f *field) done() {
	if f.Text != f.settled {
		f.settled = f.Text
		f.settle(f.Text)
	}
}

// FocusGained is for Fyne.
func (f *field) FocusGained() { f.Entry.FocusGained(); f.reveal(f) }

// FocusLost is for Fyne.
func (f *field) FocusLost() { f.Entry.FocusLost(); f.done() }

// TypedKey is for Fyne.
func (f *field) TypedKey(k *fyne.KeyEvent) {
	if !f.keys.take(k) {
		f.Entry.TypedKey(k)
	}
}

// TypedShortcut is for Fyne.
func (f *field) TypedShortcut(s fyne.Shortcut) {
	if c, ok := s.(*desktop.CustomShortcut); ok && f.shortcut(*c) {
		return
	}
	f.Entry.TypedShortcut(s)
}

// action is a button with words on it, framed.
func (h handling) action(words string, do func()) *iconButton {
	b := newIconButton("", 36*max(1, textScale()*.8), false, h.keys, do)
	b.ink = colAccent
	b.say(words)
	b.onFocus = func() { h.reveal(b) }
	return b
}

// newRow is a setting: its name, what it means, its control and, when there is
// something to say about it, a note below.
func newRow(title, help string, control fyne.CanvasObject) *panel {
	if p, ok := control.(*pick); ok {
		control = frameAround(p)
	}
	words := newColumn(2, newWording(title, colInk, theme.SizeNameText, false), newWording(help, colMuted, theme.SizeNameCaptionText, false))
	return newNoted(6, newBeside(words, control, 200))
}

// newNoted is something with a note below, which is hidden while it says nothing.
func newNoted(gap float32, o fyne.CanvasObject) *panel {
	note := newWording("", colMuted, theme.SizeNameCaptionText, false)
	p := newColumn(gap, o, note)
	p.note = note
	return p
}
