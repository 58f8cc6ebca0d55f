//go:build unix

package citizen

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Autostart is the desktop's list of what is started at login, with regard to
// one program (https://specifications.freedesktop.org/autostart-spec/latest/).
type Autostart struct {
	// Dir is the user's list, $XDG_CONFIG_HOME/autostart.
	Dir string
	// ID names the program, as its desktop entry is named, without the suffix.
	ID string
	// Name is what the desktop's settings show.
	Name string
	// Program is the program's absolute path.
	Program string
}

func (a Autostart) path() string { return filepath.Join(a.Dir, a.ID+".desktop") }

// Set has the program started at login, or no longer. The entry appears and goes
// in one step. An error, one line, leaves it as it was.
func (a Autostart) Set(on bool) error {
	if !on {
		if err := os.Remove(a.path()); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("citizen: start at login stays on: %w", err)
		}
		return nil
	}
	entry, err := a.entry()
	if err == nil {
		err = a.write(entry)
	}
	if err != nil {
		return fmt.Errorf("citizen: start at login stays off: %w", err)
	}
	return nil
}

// On says whether the program is started at login. The desktop's own settings
// turn an entry off without removing it.
func (a Autostart) On() bool {
	text, err := os.ReadFile(a.path())
	if err != nil {
		return false
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	group, has := "", false
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if strings.HasPrefix(line, "[") {
			group = line
			continue
		}
		key, value, _ := strings.Cut(line, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		switch {
		case group != "[Desktop Entry]":
		case key == "Hidden" && value == "true", key == "X-GNOME-Autostart-enabled" && value == "false":
			return false
		case key == "Exec":
			has = value != ""
		}
	}
	return has
}

// entry is the desktop entry.
func (a Autostart) entry() ([]byte, error) {
	if !filepath.IsAbs(a.Program) || strings.ContainsAny(a.Program, "\n\r=") {
		return nil, fmt.Errorf("a desktop cannot start a program called %q", a.Program)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "[Desktop Entry]\nType=Application\nName=%s\nExec=%s\nTryExec=%s\nIcon=%s\nX-GNOME-Autostart-enabled=true\n",
		a.Name, quoteExec(a.Program), quoteValue(a.Program), a.ID)
	return b.Bytes(), nil
}

// write replaces the entry.
func (a Autostart) write(entry []byte) (err error) {
	if err := os.MkdirAll(a.Dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(a.Dir, "."+a.ID+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if _, err := f.Write(entry); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), a.path())
}

// quoteExec writes a program's path as the key Exec has it: an argument in
// double quotes, its special characters after a backslash and percent signs
// doubled, and all of that once more as a value
// (https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html).
func quoteExec(program string) string {
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", `$`, `\$`, `%`, `%%`).Replace(program)
	return quoteValue(`"` + quoted + `"`)
}

// quoteValue writes a string as a value of a desktop entry.
func quoteValue(s string) string { return strings.NewReplacer(`\`, `\\`, "\t", `\t`).Replace(s) }
