package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"

	"parley/cmd/parley/citizen"
)

// noTray says that no icon is shown in the tray: the library would take the messages
// of the window's own thread.
const noTray = true

// hasDisplay says whether a window can be opened: there is no Windows without.
func hasDisplay() bool { return true }

// paintAlone has nothing to keep from painting.
func paintAlone() {}

// cannotOpen says why there is no window. Whoever has double-clicked sees no console.
func cannotOpen(cons console, err error) int {
	text, wrong := windows.UTF16PtrFromString(sentence(err))
	title, also := windows.UTF16PtrFromString("Parley")
	if wrong == nil && also == nil {
		_, _ = windows.MessageBox(0, text, title, windows.MB_OK|windows.MB_ICONERROR) // said below, too
	}
	return cons.fail(err)
}

// autostart is the user's list of what is started at login: the program without a
// console, whichever this is.
func autostart() (citizen.Autostart, error) {
	program, err := os.Executable()
	program = strings.TrimSuffix(program, filepath.Ext(program)) + ".exe"
	return citizen.Autostart{Name: "Parley", Program: program}, err
}

// desktopDark is nil: Fyne knows.
func desktopDark() func(context.Context) bool { return nil }
