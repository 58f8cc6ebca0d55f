package citizen

import (
	"errors"
	"fmt"

	"golang.org/x/sys/windows/registry"
)

// runKey is the user's list of what is started at login
// (https://learn.microsoft.com/windows/win32/setupapi/run-and-runonce-registry-keys).
const runKey = `Software\Microsoft\Windows\CurrentVersion\Run`

// Autostart is the desktop's list of what is started at login, with regard to
// one program.
type Autostart struct {
	// Name is what the desktop's settings show.
	Name string
	// Program is the program's absolute path.
	Program string
}

// Set has the program started at login, or no longer. An error, one line, leaves
// the list as it was.
func (a Autostart) Set(on bool) error {
	err := a.set(on)
	switch {
	case err == nil:
		return nil
	case on:
		return fmt.Errorf("citizen: start at login stays off: %w", err)
	}
	return fmt.Errorf("citizen: start at login stays on: %w", err)
}

func (a Autostart) set(on bool) error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return err
	}
	if on {
		err = key.SetStringValue(a.Name, `"`+a.Program+`"`)
	} else if err = key.DeleteValue(a.Name); errors.Is(err, registry.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, key.Close())
}

// On says whether the program is started at login.
func (a Autostart) On() bool {
	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	if err != nil {
		return false
	}
	command, _, err := key.GetStringValue(a.Name)
	return errors.Join(err, key.Close()) == nil && command != ""
}
