package settings

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ConfigPath is where the settings file is:
// $XDG_CONFIG_HOME/parley/settings.toml, by default under ~/.config; on Windows
// under %AppData%.
func ConfigPath() (string, error) { return place(config, "settings.toml") }

// DataDir is where what the program keeps is: $XDG_DATA_HOME/parley, by
// default under ~/.local/share; on Windows under %LocalAppData%. It need not exist
// yet.
func DataDir() (string, error) { return place(data, "") }

// HistoryPath is where the history is, in DataDir.
func HistoryPath() (string, error) { return place(data, "history.db") }

// KeysPath is where keys are kept that no keyring keeps, beside the settings.
func KeysPath() (string, error) { return place(config, "keys") }

// OpenAIKey is OPENAI_API_KEY's value; empty where it is not set.
func OpenAIKey() string { return os.Getenv("OPENAI_API_KEY") }

// RemoteToken is PARLEY_TOKEN's value, which lets this program in at another
// computer's Parley; empty where it is not set.
func RemoteToken() string { return os.Getenv("PARLEY_TOKEN") }

// Environment is what a program that Parley starts gets of its environment: all of it
// but what sounds like a secret.
func Environment() []string {
	return slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(strings.ToUpper(entry), "=")
		return slices.ContainsFunc([]string{"KEY", "TOKEN", "SECRET", "PASS"}, func(word string) bool { return strings.Contains(name, word) })
	})
}

// base is where one kind of file is: in what variable names, else below what home
// does.
type base struct{ variable, home, below string }

// place follows the XDG base directory specification: a variable that is unset,
// empty or not absolute counts as its default.
// (https://specifications.freedesktop.org/basedir-spec/latest/)
func place(b base, name string) (string, error) {
	dir := os.Getenv(b.variable)
	if !filepath.IsAbs(dir) {
		home := os.Getenv(b.home)
		if !filepath.IsAbs(home) {
			return "", fmt.Errorf("settings: no place for files: set %s or %s to an absolute path", b.home, b.variable)
		}
		dir = filepath.Join(home, b.below)
	}
	return filepath.Join(dir, "parley", name), nil
}
