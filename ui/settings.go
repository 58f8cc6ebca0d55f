package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"parley/assets"
	"parley/engine/settings"
)

// settingsView is the settings, page by page, in place of the conversation. It
// shows what is in force and asks its [Setup] for changes; what came of one is
// said beside it.
type settingsView struct {
	w     *Window
	setup Setup
	keys  keys

	box    *fyne.Container // hidden while closed
	back   *canvas.Rectangle
	side   *canvas.Rectangle
	line   *canvas.Rectangle
	title  *canvas.Text
	close  *iconButton
	nav    []*iconButton // where there is room for them
	choose *pick         // of a page, where there is not
	scroll *container.Scroll
	page   *panel

	at       int
	controls []fyne.Focusable // of the page, in their order
	look     func(State)      // draws what the page shows of the session; may be nil
	leave    func()           // ends what the page has begun; may be nil
	found    []Offer          // servers on this computer, once they were looked for
	sought   bool
}

// chapter is a page of the settings.
type chapter struct {
	name  string
	build func(*settingsView) []fyne.CanvasObject
	there func(Setup) bool
}

// chapters are the pages in their order.
func chapters(s Setup) []chapter {
	always := func(Setup) bool { return true }
	all := []chapter{
		{lang.L("Sound"), (*settingsView).soundPage, func(s Setup) bool { return s.Sound != nil }},
		{lang.L("Conversation"), (*settingsView).talkPage, always},
		{lang.L("Engines"), (*settingsView).enginesPage, func(s Setup) bool { return s.Engines != nil }},
		{lang.L("Tools"), (*settingsView).toolsPage, func(s Setup) bool { return s.Tools != nil }},
		{lang.L("Another computer"), (*settingsView).remotePage, func(s Setup) bool { return s.Remote != nil }},
		{lang.L("Privacy"), (*settingsView).privacyPage, always},
		{lang.L("Look and desktop"), (*settingsView).lookPage, always},
	}
	var there []chapter
	for _, one := range all {
		if one.there(s) {
			there = append(there, one)
		}
	}
	return there
}

func newSettingsView(w *Window, setup Setup, k keys) *settingsView {
	v := &settingsView{w: w, setup: setup, keys: k, back: &canvas.Rectangle{}, side: &canvas.Rectangle{}, line: &canvas.Rectangle{},
		title: label(lang.L("Settings"), colInk, theme.SizeNameSubHeadingText, true)}
	v.close = newIconButton(assets.Close, 36, true, k, v.hide)
	var names []string
	for i, s := range chapters(setup) {
		b := newIconButton("", 40, true, k, func() { v.turnTo(i) })
		b.leading = true
		b.say(s.name)
		v.nav = append(v.nav, b)
		names = append(names, s.name)
	}
	v.choose = newPick(names, 0, v.handling(), v.turnTo)
	v.scroll = container.NewVScroll(newColumn(0))
	v.box = &fyne.Container{Layout: settingsLayout{v}, Objects: []fyne.CanvasObject{v.back, v.side, v.line, v.title}}
	for _, b := range v.nav {
		v.box.Objects = append(v.box.Objects, b)
	}
	v.box.Objects = append(v.box.Objects, v.choose, v.scroll, v.close)
	v.box.Hidden = true
	return v
}

// handling is that of the view's controls.
func (v *settingsView) handling() handling {
	return handling{keys: v.keys, shortcut: v.w.shortcut, reveal: v.reveal}
}

func (v *settingsView) visible() bool { return v.box.Visible() }

// show opens the settings at the page that was last shown.
func (v *settingsView) show() {
	v.w.cover(v.box)
	v.restyle()
}

func (v *settingsView) hide() {
	v.ends()
	v.w.uncover(v.box)
}

// ends ends what the page has begun.
func (v *settingsView) ends() {
	if v.leave != nil {
		v.leave()
	}
	v.leave, v.look = nil, nil
}

// turnTo shows a page from its top.
func (v *settingsView) turnTo(i int) {
	v.at, v.controls = i, nil
	v.rebuild()
	v.scroll.ScrollToTop()
}

// turnToEngines shows the page of who does each stage's work.
func (v *settingsView) turnToEngines() {
	for i, one := range chapters(v.setup) {
		if one.name == lang.L("Engines") {
			v.turnTo(i)
		}
	}
}

// rebuild makes the page anew. Who has come to a control by keyboard stays there.
func (v *settingsView) rebuild() {
	v.ends()
	c := v.w.Canvas()
	place := -1
	for i, o := range v.controls {
		if o == c.Focused() {
			place = i
		}
	}
	if place >= 0 {
		c.Unfocus()
	}
	v.controls = nil
	all := chapters(v.setup)
	parts := all[v.at].build(v)
	v.page = newPage(false, parts...)
	v.scroll.Content = v.page
	v.choose.offer(v.choose.Options, v.at)
	for i, b := range v.nav {
		b.chosen = i == v.at
		b.restyle()
	}
	v.refit()
	v.update(v.w.shown.State)
	if place >= 0 && place < len(v.controls) {
		c.Focus(v.controls[place])
	}
}

// pageWidth is how wide a page is at most, at normal text.
const pageWidth = 640

// newPage sets cards below one another, with a margin, no wider than can be read;
// at the left, or in the middle.
func newPage(middle bool, cards ...fyne.CanvasObject) *panel {
	inside := newColumn(14, cards...)
	return newPanel(func(width float32) float32 {
		m := margin(width)
		w := min(width-2*m, pageWidth*textScale())
		if middle {
			w = min(width-2*m, 560*textScale())
			m = (width - w) / 2
		}
		h := inside.fit(w)
		put(inside, m, 20, w, h)
		return h + 20 + 28
	}, inside)
}

// add keeps a control in the page's order.
func (v *settingsView) add(o fyne.Focusable) { v.controls = append(v.controls, o) }

// refit lays the page out after something in it has changed its height.
func (v *settingsView) refit() {
	if v.page == nil {
		return
	}
	v.page.fit(v.scroll.Size().Width)
	v.page.Resize(fyne.NewSize(v.scroll.Size().Width, v.page.height))
	v.scroll.Refresh()
}

// update draws what the page shows of the session.
func (v *settingsView) update(s State) {
	if v.look != nil && v.visible() {
		v.look(s)
	}
}

// tell says something in the line below a setting.
func (v *settingsView) tell(r *panel, text string, failed bool) {
	ink := colMuted
	if failed {
		ink = colAttention
	}
	r.note.say(text, ink)
	v.refit()
}

// change asks for a change and says what came of it below r. Undo, if not nil,
// has the control show again what is in force, when it was refused.
func (v *settingsView) change(r *panel, undo func(), change func(*settings.Settings)) {
	v.w.changeSettings(change, func(note string, err error) {
		if err != nil {
			if undo != nil {
				undo()
			}
			note = plain(err)
		}
		v.tell(r, note, err != nil)
	})
}

// reveal scrolls to a control that is reached by keyboard.
func (v *settingsView) reveal(o fyne.CanvasObject) {
	driver := v.w.app.Driver()
	if v.page == nil || driver.CanvasForObject(o) == nil || !v.visible() {
		return
	}
	const air = 12
	top := driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(v.scroll).Y
	bottom := top + o.Size().Height
	at := v.scroll.Offset.Y
	switch {
	case top < 0:
		at += top - air
	case bottom > v.scroll.Size().Height:
		at += bottom - v.scroll.Size().Height + air
	default:
		return
	}
	v.scroll.ScrollToOffset(fyne.NewPos(0, max(0, at)))
}

// restyle draws all in the theme now in force.
func (v *settingsView) restyle() {
	v.back.FillColor, v.side.FillColor, v.line.FillColor = theme.Color(theme.ColorNameBackground), theme.Color(colSide), theme.Color(colLine)
	v.title.Color, v.title.TextSize = theme.Color(colInk), theme.Size(theme.SizeNameSubHeadingText)
	v.close.restyle()
	if !v.visible() {
		return
	}
	v.box.Refresh()
	v.rebuild()
}
