//go:build unix

package citizen

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAutostart(t *testing.T) {
	a := Autostart{Dir: filepath.Join(t.TempDir(), "config", "autostart"), ID: "org.parley.Parley", Name: "Parley", Program: "/usr/bin/parley"}
	if a.On() {
		t.Error("on from the beginning")
	}
	if err := a.Set(false); err != nil {
		t.Errorf("off twice: %v", err)
	}
	for range 2 {
		if err := a.Set(true); err != nil || !a.On() {
			t.Fatalf("not on: %v", err)
		}
	}
	text, err := os.ReadFile(filepath.Join(a.Dir, "org.parley.Parley.desktop"))
	if err != nil || !strings.HasPrefix(string(text), "[Desktop Entry]\n") || !strings.Contains(string(text), "\nExec=\"/usr/bin/parley\"\n") {
		t.Errorf("%q, %v", text, err)
	}
	if err := a.Set(false); err != nil || a.On() {
		t.Errorf("not off: %v", err)
	}
	if left, err := os.ReadDir(a.Dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestAutostartOn(t *testing.T) {
	a := Autostart{Dir: t.TempDir(), ID: "x"}
	for _, c := range []struct {
		entry string
		on    bool
	}{
		{"", false},
		{"[Desktop Entry]\nExec=x\n", true},
		{"[Desktop Entry]\nExec = x\nHidden = false", true},
		{"[Desktop Entry]\nExec=x\nHidden=true\n", false}, // as the specification has it
		{"[Desktop Entry]\nExec=x\nX-GNOME-Autostart-enabled=false\n", false},
		{"[Desktop Entry]\nExec=\n", false},
		{"[Desktop Action]\nExec=x\n", false},
		{"[Desktop Entry]\nExec=x\n[Desktop Action y]\nHidden=true\n", true},
		{"\x00\xff=", false},
	} {
		if err := os.WriteFile(a.path(), []byte(c.entry), 0o600); err != nil {
			t.Fatal(err)
		}
		if a.On() != c.on {
			t.Errorf("%q: on is %v", c.entry, !c.on)
		}
	}
}

func TestQuoteExec(t *testing.T) {
	for program, want := range map[string]string{
		"/usr/bin/parley":   `"/usr/bin/parley"`,
		"/a b/parley":       `"/a b/parley"`,
		"/100%/parley":      `"/100%%/parley"`,
		`/a"b/parley`:       `"/a\\"b/parley"`, // the spec's example: quoted, and escaped again
		`/a$b/parley`:       `"/a\\$b/parley"`,
		`/a\b/parley`:       `"/a\\\\b/parley"`,
		"/a`b/parley":       "\"/a\\\\`b/parley\"",
		"/größe/\u202ex/py": "\"/größe/\u202ex/py\"",
	} {
		if got := quoteExec(program); got != want {
			t.Errorf("%s: %s, want %s", program, got, want)
		}
	}
}

func TestAutostartErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, a := range map[string]Autostart{
		"a path that is not whole":    {Dir: t.TempDir(), ID: "x", Program: "parley"},
		"a path of two lines":         {Dir: t.TempDir(), ID: "x", Program: "/a\nb"},
		"a path with an equals sign":  {Dir: t.TempDir(), ID: "x", Program: "/a=b"},
		"a folder that cannot be":     {Dir: filepath.Join(file, "x"), ID: "x", Program: "/parley"},
		"a folder in the entry's way": {Dir: filepath.Dir(inTheWay(t)), ID: "x", Program: "/parley"},
	} {
		err := a.Set(true)
		if err == nil || !strings.HasPrefix(err.Error(), "citizen: ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
		if a.On() {
			t.Errorf("%s: on", name)
		}
	}
}

// inTheWay is a folder that is called as an entry.
func inTheWay(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.desktop")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}
