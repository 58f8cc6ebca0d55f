//go:build unix

package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"parley/cmd/parley/citizen"
	"parley/engine/settings"
	"parley/ui"
)

// noTray says that no icon is shown in the tray.
const noTray = false

// hasDisplay says whether a window can be opened.
func hasDisplay() bool { return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "" }

// paintAlone keeps Mesa's software GL, which paints where there is no graphics
// card, from having a thread for every core: waking them costs more than they
// paint in a window of this size. Who has chosen a number keeps it.
func paintAlone() {
	const threads = "LP_NUM_THREADS"
	if _, chosen := os.LookupEnv(threads); !chosen {
		_ = os.Setenv(threads, "0") // which only an ill-formed name makes fail
	}
}

// cannotOpen says why there is no window.
func cannotOpen(cons console, err error) int { return cons.fail(err) }

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

// desktopDark says whether the desktop asks programs to be dark, where Fyne does not
// know: there it begins dark. Nil: it knows.
func desktopDark() func(context.Context) bool {
	if os.Getenv("FYNE_THEME") != "" { // which Fyne goes by
		return nil
	}
	return citizen.PrefersDark
}
