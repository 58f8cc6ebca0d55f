package ui

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"parley/engine"
	"parley/engine/settings"
)

// captionSize is that of small type.
const captionSize = theme.SizeNameCaptionText

// What the button that clears everything says at first, and when it was pressed.
func clearText() string    { return lang.L("Clear everything…") }
func clearForSure() string { return lang.L("Yes, delete it all") }

// privacyPage is what is kept and what leaves this computer.
func (v *settingsView) privacyPage() []fyne.CanvasObject {
	kept := []fyne.CanvasObject{
		chooser(v, keeps(), func(s *settings.Settings) *settings.Keep { return &s.Keep },
			lang.L("Keep conversations"), lang.L("“Not at all” writes nothing of what is said to disk, from now on.")),
	}
	if v.w.memory != nil {
		open := v.handling().action(lang.L("Show"), v.w.memory.open)
		v.add(open)
		kept = append(kept, newRow(memoryTitle(), lang.L("What you asked me to remember. Each of it can be forgotten."), open))
	}
	if v.setup.Clear != nil {
		kept = append(kept, v.clearRow())
	}
	return []fyne.CanvasObject{
		newCard(lang.L("What leaves this computer"), newWording(leaving(v.w.settings), colInk, theme.SizeNameText, false)),
		newCard(lang.L("What is kept"), kept...),
	}
}

// lastFolder is under which name Fyne's dialog keeps where a file was last saved.
const lastFolder string = "fyne:fileDialogLastFolder"

// clearRow deletes everything when its button is pressed twice.
func (v *settingsView) clearRow() *panel {
	asking := false
	b := v.handling().action(clearText(), nil)
	b.ink = colAttention
	b.restyle()
	r := newRow(lang.L("Clear everything"), lang.L("Everything said, lessons and reviews, what I remember, how you pause, what I learnt of your voice and your room, which way led to another computer, and the folder you last saved a lesson in. Settings and keys stay."), b)
	b.onTap = func() {
		if !asking {
			asking = true
			b.say(clearForSure())
			v.tell(r, lang.L("This can’t be undone."), true)
			return
		}
		asking = false
		b.say(clearText())
		v.tell(r, lang.L("Deleting…"), false)
		v.w.bridge.dispatch(func() func() {
			err := v.setup.Clear(context.Background())
			return func() {
				// Also where something could not be deleted: what was said may be.
				v.w.app.Preferences().RemoveValue(lastFolder)
				v.w.send(engine.NewConversation{})
				if err != nil {
					v.tell(r, plain(err), true)
					return
				}
				v.tell(r, lang.L("Everything is deleted."), false)
			}
		})
	}
	v.add(b)
	return r
}

// lookPage is how the window themes and what the desktop does.
func (v *settingsView) lookPage() []fyne.CanvasObject {
	cards := []fyne.CanvasObject{newCard(lang.L("Look"),
		chooser(v, themes(), func(s *settings.Settings) *settings.Theme { return &s.Theme }, lang.L("Colours"), ""),
		slider(v, settings.MinText, settings.MaxText, 10, func(s *settings.Settings) *int { return &s.TextSize },
			func(n float64) string { return fmt.Sprintf("%.0f %%", n) }, lang.L("Text size"), ""),
	)}
	if d := v.setup.Desktop; d != nil {
		rows := []fyne.CanvasObject{
			v.desktopRow(func(s *settings.Settings) *bool { return &s.StartAtLogin }, d.StartAtLogin, lang.L("Start at login"), lang.L("I begin to listen when you log in.")),
		}
		if !v.setup.NoTray {
			rows = append(rows, v.desktopRow(func(s *settings.Settings) *bool { return &s.Tray }, d.ShowTray, lang.L("Tray icon"), lang.L("Closing the window then only hides it; the icon shows it again.")))
		}
		cards = append(cards, newCard(lang.L("Desktop"), rows...))
	}
	sheet := v.handling().action(lang.L("Show"), v.w.showShortcuts)
	v.add(sheet)
	return append(cards, newCard(lang.L("Keyboard"), newRow(lang.L("Shortcuts"), lang.L("Everything can be done by keyboard."), sheet)))
}

// desktopRow is a setting that the desktop carries out: it is kept once that is
// done.
func (v *settingsView) desktopRow(of func(*settings.Settings) *bool, carry func(bool) error, title, help string) *panel {
	t := newTick(*of(&v.w.settings), v.handling())
	v.add(t)
	r := newRow(title, help, t)
	t.OnChanged = func(on bool) {
		v.w.bridge.dispatch(func() func() {
			err := carry(on)
			return func() {
				if err != nil {
					t.set(*of(&v.w.settings))
					v.tell(r, plain(err), true)
					return
				}
				v.change(r, nil, func(s *settings.Settings) { *of(s) = on })
			}
		})
	}
	return r
}
