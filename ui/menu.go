package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"parley/engine/settings"
)

// act is something the user can do, by menu or by keyboard.
type act struct {
	name  string
	keys  []desktop.CustomShortcut // the first is shown
	do    func()
	apart bool // begins another part of the menu
	quiet bool // by keyboard alone: not in the menu
}

// ctrl is a shortcut with the control key.
func ctrl(key fyne.KeyName) desktop.CustomShortcut {
	return desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierControl}
}

// allActs are the acts in the order of the menu.
func (w *Window) allActs() []act {
	acts := []act{
		{name: lang.L("New conversation"), keys: []desktop.CustomShortcut{ctrl(fyne.KeyN)}, do: w.newConversation},
		{name: lang.L("Search"), keys: []desktop.CustomShortcut{ctrl(fyne.KeyF)}, do: w.seek},
		{name: lang.L("History"), keys: []desktop.CustomShortcut{ctrl(fyne.KeyH)}, do: func() { w.uncovered(w.frame.toggleSide) }},
		{name: lang.L("Lesson"), keys: []desktop.CustomShortcut{ctrl(fyne.KeyL)}, do: func() { w.uncovered(w.frame.toggleLesson) }},
		{name: lang.L("Mute"), keys: []desktop.CustomShortcut{ctrl(fyne.KeyM)}, do: w.toggleMute, apart: true},
	}
	if w.setup.Keeper != nil {
		larger := ctrl(fyne.KeyEqual)
		larger.Modifier |= fyne.KeyModifierShift
		acts = append(acts,
			act{name: lang.L("Settings"), keys: []desktop.CustomShortcut{ctrl(fyne.KeyComma)}, do: w.openSettings, apart: true},
			act{name: lang.L("Larger text"), keys: []desktop.CustomShortcut{ctrl(fyne.KeyPlus), ctrl(fyne.KeyEqual), larger}, do: func() { w.resizeText(10) }},
			act{name: lang.L("Smaller text"), keys: []desktop.CustomShortcut{ctrl(fyne.KeyMinus)}, do: func() { w.resizeText(-10) }},
			act{name: lang.L("Normal text"), keys: []desktop.CustomShortcut{ctrl(fyne.Key0)}, do: func() { w.resizeText(0) }, quiet: true},
		)
	}
	return append(acts,
		act{name: lang.L("Shortcuts"), keys: []desktop.CustomShortcut{ctrl(fyne.KeySlash)}, do: w.showShortcuts, apart: true},
		act{name: lang.L("Quit"), keys: []desktop.CustomShortcut{ctrl(fyne.KeyQ)}, do: w.quit},
	)
}

// listenToShortcuts has the window's shortcuts work.
func (w *Window) listenToShortcuts() {
	for _, a := range w.acts {
		for _, s := range a.keys {
			w.Canvas().AddShortcut(&s, func(fyne.Shortcut) { w.shortcut(s) })
		}
	}
}

// shortcut does what a shortcut stands for, and reports whether it is one of
// ours.
func (w *Window) shortcut(s desktop.CustomShortcut) bool {
	for _, a := range w.acts {
		for _, own := range a.keys {
			if own == s {
				a.do()
				return true
			}
		}
	}
	return false
}

// openMenu opens the menu below its button. It is not Fyne's, which draws
// shortcuts too faintly to be read.
func (w *Window) openMenu() {
	var menu *widget.PopUp
	k := keys{rune: w.typedRune, key: func(k *fyne.KeyEvent) {
		switch k.Name {
		case fyne.KeyDown:
			w.Canvas().FocusNext()
		case fyne.KeyUp:
			w.Canvas().FocusPrevious()
		default:
			w.typedKey(k)
		}
	}}
	var lines []fyne.CanvasObject
	var first *iconButton
	width := float32(0)
	for _, a := range w.acts {
		if a.quiet {
			continue
		}
		if a.apart {
			line := canvas.NewRectangle(theme.Color(colLine))
			line.SetMinSize(fyne.NewSize(1, 1))
			lines = append(lines, line)
		}
		b := newIconButton("", 34, true, k, func() {
			menu.Hide()
			a.do()
		})
		b.ink, b.leading = colInk, true
		b.say(a.name)
		if first == nil {
			first = b
		}
		line := newMenuLine(b, keyWords(a.keys[0]))
		width = max(width, line.wished)
		lines = append(lines, line)
	}
	column := newColumn(2, lines...)
	column.fit(width)
	menu = widget.NewPopUp(container.NewVScroll(column), w.Canvas())
	more := w.centre.header.more
	at := w.app.Driver().AbsolutePositionForObject(more)
	top := at.Y + more.Size().Height + 2
	menu.ShowAtPosition(fyne.NewPos(max(4, at.X+more.Size().Width-width-2*theme.InnerPadding()), top))
	menu.Resize(fyne.NewSize(width+theme.InnerPadding(), min(column.height+theme.InnerPadding(), w.Canvas().Size().Height-top-8)))
	w.Canvas().Focus(first)
}

// newMenuLine is an act and its keys.
func newMenuLine(b *iconButton, keys string) *panel {
	t := label(keys, colMuted, captionSize, false)
	p := newPanel(func(width float32) float32 {
		h := max(b.side, b.label.MinSize().Height+8)
		n := t.MinSize()
		put(b, 0, 0, width, h)
		put(t, width-n.Width-buttonPadX, (h-n.Height)/2, n.Width, n.Height)
		return h
	}, b, t)
	p.wished = b.MinSize().Width + t.MinSize().Width + 2*buttonPadX
	return p
}

// uncovered does what concerns the conversation where that is in sight.
func (w *Window) uncovered(do func()) {
	if !w.covered() {
		do()
	}
}

// seek leads to the search.
func (w *Window) seek() {
	w.uncovered(func() {
		w.frame.openSide()
		w.Canvas().Focus(w.seeking)
	})
}

// openSettings opens the settings, or closes them.
func (w *Window) openSettings() {
	switch {
	case w.adjust == nil:
	case w.adjust.visible():
		w.adjust.hide()
	default:
		w.frame.closeOver()
		w.adjust.show()
	}
}

// resizeText makes text larger by that much; 0 makes it normal again.
func (w *Window) resizeText(percent int) {
	w.changeSettings(func(s *settings.Settings) {
		if percent == 0 {
			s.TextSize = settings.MinText
		}
		s.TextSize = min(max(s.TextSize+percent, settings.MinText), settings.MaxText)
	}, func(_ string, err error) {
		if err != nil {
			w.bridge.notice(plain(err))
		}
	})
}

// quit closes the window for good.
func (w *Window) quit() { w.closing() }

// showShortcuts shows the sheet of all shortcuts, or takes it away.
func (w *Window) showShortcuts() {
	if w.sheet != nil && w.sheet.Visible() {
		w.sheet.Hide()
		return
	}
	type line struct{ keys, does string }
	lines := []line{{lang.L("Space"), lang.L("Talk while it is held")}, {lang.L("Esc"), lang.L("Stop the answer; close what is open")}, {lang.L("Tab"), lang.L("Go to the next control")}, {lang.L("Letters"), lang.L("Type instead of speaking")}}
	for _, a := range w.acts {
		lines = append(lines, line{keyWords(a.keys[0]), a.name})
	}
	var rows []fyne.CanvasObject
	for _, l := range lines {
		if l.does == lang.L("Shortcuts") {
			l.keys = lang.L("{{.Keys}} or F1", values{"Keys": l.keys})
		}
		rows = append(rows, newKeyLine(l.keys, l.does))
	}
	inside := newColumn(5, append([]fyne.CanvasObject{newWording(lang.L("Shortcuts"), colInk, theme.SizeNameSubHeadingText, true)}, rows...)...)
	sheet := newPanel(func(width float32) float32 {
		h := inside.fit(width - 40)
		put(inside, 20, 16, width-40, h)
		return h + 32
	}, inside)
	width := min(400*textScale(), w.Canvas().Size().Width-64)
	sheet.fit(width)
	w.sheet = widget.NewModalPopUp(container.NewVScroll(sheet), w.Canvas())
	w.sheet.Resize(fyne.NewSize(width+8, min(sheet.height+8, w.Canvas().Size().Height-48)))
	w.sheet.Show()
}

// keyWords is a shortcut as it is written on keys.
func keyWords(s desktop.CustomShortcut) string {
	key := string(s.KeyName)
	if s.Modifier&fyne.KeyModifierControl != 0 {
		key = lang.L("Ctrl") + "+" + strings.ToUpper(key)
	}
	return key
}

// newKeyLine is a line of the sheet: keys, and what they do.
func newKeyLine(keys, does string) *panel {
	frame := rounded(theme.Color(colBubble), 5)
	name := label(keys, colInk, captionSize, false)
	what := newWording(does, colInk, theme.SizeNameText, false)
	return newPanel(func(width float32) float32 {
		left := 124 * textScale()
		n := name.MinSize()
		h := max(heightAt(what, width-left), n.Height+6)
		put(frame, 0, (h-n.Height-4)/2, n.Width+14, n.Height+4)
		put(name, 7, (h-n.Height)/2, n.Width, n.Height)
		put(what, left, (h-what.MinSize().Height)/2, width-left, what.MinSize().Height)
		return h
	}, frame, name, what)
}
