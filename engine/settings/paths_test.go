package settings

import (
	"strings"
	"testing"
)

func TestPlaces(t *testing.T) {
	for _, c := range []struct {
		home, config, data                string
		wantConfig, wantData, wantHistory string // empty: an error
	}{
		{"/home/anna", "", "", "/home/anna/.config/parley/settings.toml", "/home/anna/.local/share/parley", "/home/anna/.local/share/parley/history.db"},
		{"/home/anna", "/c", "/d/", "/c/parley/settings.toml", "/d/parley", "/d/parley/history.db"},
		{"/home/anna", "rel", "./d", "/home/anna/.config/parley/settings.toml", "/home/anna/.local/share/parley", "/home/anna/.local/share/parley/history.db"},
		{"", "/c", "/d", "/c/parley/settings.toml", "/d/parley", "/d/parley/history.db"},
		{"", "", "", "", "", ""},
		{"anna", "c", "d", "", "", ""},
	} {
		t.Setenv("HOME", c.home)
		t.Setenv("XDG_CONFIG_HOME", c.config)
		t.Setenv("XDG_DATA_HOME", c.data)
		for name, place := range map[string]struct {
			ask  func() (string, error)
			want string
		}{"config": {ConfigPath, c.wantConfig}, "data": {DataDir, c.wantData}, "history": {HistoryPath, c.wantHistory}, "keys": {KeysPath, strings.Replace(c.wantConfig, "settings.toml", "keys", 1)}} {
			got, err := place.ask()
			if got != place.want || (err != nil) != (place.want == "") {
				t.Errorf("%+v: %s is %q, %v", c, name, got, err)
			}
		}
	}
}
