package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"fyne.io/fyne/v2"

	"parley/cmd/parley/citizen"
	"parley/engine/settings"
	"parley/ui"
)

// claimDesktop makes this the one window on the user's conversations. The claim
// is nil where another has it, which is shown then (running), and where no claim
// can be made, which is no reason not to start.
func claimDesktop(log *slog.Logger) (claim *citizen.Instance, running bool) {
	dir, name, err := claimPlace()
	if err == nil {
		claim, err = citizen.Claim(dir, name)
	}
	if errors.Is(err, citizen.ErrRunning) {
		if err.Error() != citizen.ErrRunning.Error() {
			log.Error("the window that is open does not come forward", "err", err)
		}
		return nil, true
	}
	if err != nil {
		log.Warn("whether Parley is running already is not known", "err", err)
	}
	return claim, false
}

// claimPlace is where the claim is made: where the system has such things, else
// beside the conversations. Its name is that of the conversations' folder, since
// programs with different ones do not disturb each other.
func claimPlace() (dir, name string, err error) {
	data, err := settings.DataDir()
	if err != nil {
		return "", "", err
	}
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(filepath.Clean(data))) // never fails
	name = fmt.Sprintf("window-%08x", hash.Sum32())
	if runtimeDir := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(runtimeDir) {
		return filepath.Join(runtimeDir, "parley"), name, nil
	}
	return data, name, nil
}

// startAtLogin has Parley started at login, or no longer.
func startAtLogin(on bool) error {
	a, err := autostart()
	if err != nil {
		return err
	}
	return a.Set(on)
}

// onDesktop is the window as [citizen.Citizen] wants it, and the desktop as the window
// does.
type onDesktop struct {
	live    *live
	window  fyne.Window
	quit    func()
	hidden  atomic.Bool
	citizen atomic.Pointer[citizen.Citizen] // nil until the window is up
}

// Show implements [citizen.Desktop].
func (d *onDesktop) Show() {
	fyne.Do(func() {
		d.hidden.Store(false)
		d.window.Show()
		d.window.RequestFocus()
	})
}

// Quit implements [citizen.Desktop].
func (d *onDesktop) Quit() { fyne.Do(func() { d.quit() }) }

// Hidden implements [citizen.Desktop].
func (d *onDesktop) Hidden() bool { return d.hidden.Load() }

// hides says whether the window that the user closes is to be hidden only.
func (d *onDesktop) hides() bool {
	c := d.citizen.Load()
	hide := c != nil && c.Closing()
	d.hidden.Store(hide)
	return hide
}

// StartAtLogin implements [ui.Desktop].
func (*onDesktop) StartAtLogin(on bool) error { return startAtLogin(on) }

// ShowTray implements [ui.Desktop]. The citizen asks the settings whenever it matters.
func (*onDesktop) ShowTray(bool) error { return nil }

// settle makes the window that is open a citizen of its desktop, until ctx ends.
// It is called on the window's thread.
func (d *onDesktop) settle(ctx context.Context, all *sync.WaitGroup, claim *citizen.Instance, quit func()) {
	d.window, d.quit = fyne.CurrentApp().Driver().AllWindows()[0], quit
	o := citizen.Options{Session: d.live, Desktop: d, App: ui.AppID, Tray: d.live.wantsTray, Log: d.live.p.log}
	if claim != nil {
		o.Raised = claim.Raised()
	}
	c := citizen.New(o)
	d.citizen.Store(c)
	all.Go(func() { c.Run(ctx) })
}
