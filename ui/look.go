package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// setTheme draws all as the settings have it.
func (w *Window) setTheme() {
	p := newPaper(w.settings)
	p.guess = w.guess
	w.app.Settings().SetTheme(p) // and so restyle
}

// followDesktop draws all anew whenever the desktop changes. Until it is known to be
// dark, because it says so or because Fyne, which begins dark, has once found it
// light, dark is not believed.
func (w *Window) followDesktop() {
	w.app.Settings().AddListener(func(s fyne.Settings) {
		if w.guess && s.ThemeVariant() == theme.VariantLight {
			w.believe()
			return
		}
		w.restyle()
	})
}

// askDesktop asks it whether it is dark.
func (w *Window) askDesktop() {
	if w.dark == nil {
		return
	}
	w.bridge.apart(func(ctx context.Context) func() {
		if !w.dark(ctx) {
			return nil
		}
		return w.believe
	})
}

// believe believes what Fyne says of the desktop.
func (w *Window) believe() {
	if w.guess {
		w.guess = false
		w.setTheme()
	}
}

// restyle draws all in the theme now in force.
func (w *Window) restyle() {
	w.frame.restyle()
	w.side.restyle()
	w.centre.restyle()
	w.lesson.restyle()
	if w.memory != nil {
		w.memory.restyle()
	}
	if w.adjust != nil {
		w.adjust.restyle()
	}
	if w.first != nil {
		w.first.restyle()
	}
	w.content.Refresh()
}
