package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"fyne.io/fyne/v2"

	"parley/cmd/parley/citizen"
	"parley/engine"
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

// autostart is the desktop's list of what is started at login.
func autostart() (citizen.Autostart, error) {
	config, err := settings.ConfigPath() // …/parley/settings.toml
	if err != nil {
		return citizen.Autostart{}, err
	}
	program, err := os.Executable()
	if err != nil {
		return citizen.Autostart{}, err
	}
	return citizen.Autostart{
		Dir: filepath.Join(filepath.Dir(filepath.Dir(config)), "autostart"), ID: ui.AppID, Name: "Parley",
		Program: strings.TrimSuffix(program, " (deleted)"), // as Linux says of one that was replaced
	}, nil
}

// startAtLogin has Parley started at login, or no longer.
func startAtLogin(on bool) error {
	a, err := autostart()
	if err != nil {
		return err
	}
	return a.Set(on)
}

// startsAtLogin says whether Parley is started at login.
func startsAtLogin() bool {
	a, err := autostart()
	return err == nil && a.On()
}

// onDesktop is the window as [citizen.Citizen] wants it.
type onDesktop struct {
	app    fyne.App
	window fyne.Window
	keep   func(width, height int) // keeps the window's size
	hidden atomic.Bool
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
func (d *onDesktop) Quit() {
	fyne.Do(func() {
		d.keepSize()
		d.app.Quit()
	})
}

// Hidden implements [citizen.Desktop].
func (d *onDesktop) Hidden() bool { return d.hidden.Load() }

func (d *onDesktop) keepSize() {
	size := d.window.Canvas().Size()
	d.keep(int(size.Width), int(size.Height))
}

// settle makes the window that is open a citizen of its desktop, until ctx ends.
// It is called on the window's thread.
func (p *pieces) settle(ctx context.Context, all *sync.WaitGroup, session engine.Session, claim *citizen.Instance) {
	app := fyne.CurrentApp()
	d := &onDesktop{app: app, window: app.Driver().AllWindows()[0], keep: p.keepSize}
	o := citizen.Options{Session: session, Desktop: d, App: ui.AppID, Log: p.log}
	if claim != nil {
		o.Raised = claim.Raised()
	}
	c := citizen.New(o)
	d.window.SetCloseIntercept(func() {
		d.keepSize()
		if !c.Closing() {
			d.window.Close()
			return
		}
		d.hidden.Store(true)
		d.window.Hide()
	})
	all.Go(func() { c.Run(ctx) })
}
