package ui

import (
	"fyne.io/fyne/v2"

	"parley/engine/settings"
)

// settingsLayout sets the list of pages beside the page or, in a narrow window,
// above it.
type settingsLayout struct{ v *settingsView }

func (l settingsLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	v := l.v
	put(v.back, 0, 0, size.Width, size.Height)
	put(v.close, size.Width-v.close.side-12, (headerHeight-v.close.side)/2, v.close.side, v.close.side)
	t := v.title.MinSize()
	nav := float32(0)
	for _, b := range v.nav {
		nav = max(nav, b.MinSize().Width)
	}
	nav = max(nav+2*14, sideWidth)
	wide := size.Width >= narrowBelow && size.Width-nav > 440
	v.side.Hidden, v.choose.Hidden = !wide, wide
	y := float32(headerHeight)
	for _, b := range v.nav {
		b.Hidden = !wide
		h := max(b.side, b.label.MinSize().Height+10)
		put(b, 14, y, nav-2*14, h)
		y += h + 2
	}
	if wide {
		put(v.title, 26, (headerHeight-t.Height)/2, t.Width, t.Height)
		put(v.side, 0, 0, nav, size.Height)
		put(v.line, nav, 0, 1, size.Height)
		// The first card stands level with the list's first line.
		put(v.scroll, nav+1, headerHeight-20, size.Width-nav-1, size.Height-headerHeight+20)
	} else {
		m := margin(size.Width)
		put(v.title, m, (headerHeight-t.Height)/2, t.Width, t.Height)
		h := v.choose.MinSize().Height
		put(v.choose, m, headerHeight, size.Width-2*m, h)
		put(v.line, 0, headerHeight+h+12, size.Width, 1)
		top := headerHeight + h + 13
		put(v.scroll, 0, top, size.Width, size.Height-top)
	}
	v.refit()
}

func (settingsLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(320, 400) }

// changeSettings has the settings changed and applied, and then says what came of it, on
// the window's thread. What the window itself does about it is done.
func (w *Window) changeSettings(change func(*settings.Settings), then func(note string, err error)) {
	if w.setup.Keeper == nil {
		return
	}
	w.bridge.dispatch(func() func() {
		now, note, err := w.setup.Keeper.Change(change)
		return func() {
			if err == nil {
				w.apply(now)
			} else {
				w.log.Warn("ui: settings not changed", "err", err)
			}
			then(note, err)
		}
	})
}

// apply shows the settings that are now in force.
func (w *Window) apply(s settings.Settings) {
	before := w.settings
	w.settings = s
	w.centre.header.setPlace(w.place())
	if s.Theme != before.Theme || s.TextSize != before.TextSize {
		w.setTheme()
	}
}
