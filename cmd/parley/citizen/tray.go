package citizen

import (
	"context"
	"sync"

	"fyne.io/fyne/v2/lang"
	"fyne.io/systray"

	"parley/assets"
)

// wish is what the user wants of the tray.
type wish int

const (
	wishShow wish = iota
	wishMute
	wishQuit
)

// bar is the tray, as Citizen sees it.
type bar interface {
	// show shows a face, in place of the last one.
	show(face)
	// wishes are what the user wants.
	wishes() <-chan wish
	// close takes the icon away.
	close()
}

// tray is the icon in the desktop's tray. There is one in a process, once, since
// the library has it so.
//
// It is Fyne's own tray library, and not Fyne's door to it: desktop.App must be
// given its menu before the first frame, opens a second window for it, and
// leaves goroutines behind with every change of the menu.
type tray struct {
	state, open, mute, quit *systray.MenuItem
	end                     func()
	asked                   chan wish
	done                    chan struct{}
	all                     sync.WaitGroup
	shown                   face
}

// openTray puts the icon into the tray, which there must be.
func openTray(f face) *tray {
	t := &tray{asked: make(chan wish, 8), done: make(chan struct{})}
	start, end := systray.RunWithExternalLoop(nil, nil)
	t.end = end
	systray.SetTitle("Parley")
	setIcon(f)
	systray.SetTooltip(tooltip(f))
	t.state = systray.AddMenuItem(f.words, "")
	t.state.Disable()
	systray.AddSeparator()
	t.open = systray.AddMenuItem(lang.L("Show Parley"), "")
	t.mute = systray.AddMenuItemCheckbox(lang.L("Mute"), "", f.muted)
	systray.AddSeparator()
	t.quit = systray.AddMenuItem(lang.L("Quit"), "")
	t.shown = f
	systray.SetOnTapped(func() { t.wish(wishShow) })
	start()
	t.all.Go(t.forward)
	return t
}

func tooltip(f face) string { return "Parley: " + f.words }

// forward turns clicks into wishes.
func (t *tray) forward() {
	for {
		select {
		case <-t.done:
			return
		case <-t.open.ClickedCh:
			t.wish(wishShow)
		case <-t.mute.ClickedCh:
			t.wish(wishMute)
		case <-t.quit.ClickedCh:
			t.wish(wishQuit)
		}
	}
}

func (t *tray) wish(w wish) {
	select {
	case t.asked <- w:
	default: // so many clicks at once are one
	}
}

func (t *tray) wishes() <-chan wish { return t.asked }

func (t *tray) show(f face) {
	before := t.shown
	t.shown = f
	if f.icon != before.icon {
		setIcon(f)
	}
	if f.words != before.words {
		systray.SetTooltip(tooltip(f))
		t.state.SetTitle(f.words)
	}
	if f.muted != before.muted {
		if f.muted {
			t.mute.Check()
		} else {
			t.mute.Uncheck()
		}
	}
}

// setIcon shows a face's icon. The library panics when the bus has gone, as it
// does at logout, when the conversation has still to be kept.
func setIcon(f face) {
	defer func() { _ = recover() }() // there is no tray any more to show it
	systray.SetIcon(assets.Tray(f.icon))
}

func (t *tray) close() {
	close(t.done)
	t.all.Wait()
	t.end()
}

// openBar waits for a tray and puts the icon into it; nil when ctx ended first.
func (b *Bus) openBar(ctx context.Context, f face) bar {
	if !b.awaitTray(ctx) {
		return nil
	}
	return openTray(f)
}
