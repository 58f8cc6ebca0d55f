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

func TestEnvironment(t *testing.T) {
	for _, name := range []string{"OPENAI_API_KEY", "GH_TOKEN", "aws_secret_x", "PGPASSWORD"} {
		t.Setenv(name, "hidden")
	}
	t.Setenv("PARLEY_PLAIN", "shown=hidden?")
	got := "\n" + strings.Join(Environment(), "\n")
	if strings.Contains(got, "=hidden\n") || strings.HasSuffix(got, "=hidden") || !strings.Contains(got, "\nPARLEY_PLAIN=shown=hidden?") {
		t.Errorf("got %s", got)
	}
	if OpenAIKey() != "hidden" {
		t.Error("the key is not read")
	}
}
