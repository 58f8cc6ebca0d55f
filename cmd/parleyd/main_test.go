package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// program is the built parleyd.
var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "parleyd-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	program = filepath.Join(dir, "parleyd")
	if out, err := exec.Command("go", "build", "-o", program, "parley/cmd/parleyd").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "parleyd does not build: %v\n%s", err, out)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		_ = os.RemoveAll(dir)
		os.Exit(code)
	}))
}

// env is an environment of these variables.
func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

// parleyd runs a subcommand in this process.
func parleyd(t *testing.T, environment func(string) string, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = dispatch(t.Context(), args, console{&stdout, &stderr, environment})
	return code, stdout.String(), stderr.String()
}

// Neither the window's libraries nor the sound devices' are in the program.
func TestImports(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "parley/cmd/parleyd").Output()
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range strings.Lines(string(out)) {
		pkg = strings.TrimSpace(pkg)
		for _, not := range []string{"fyne.io/", "github.com/go-gl/", "github.com/gen2brain/malgo", "github.com/ebitengine/oto", "modernc.org/sqlite"} {
			if strings.HasPrefix(pkg, not) {
				t.Errorf("parleyd imports %s", pkg)
			}
		}
		if pkg == "parley/ui" || pkg == "parley/audio" || pkg == "parley/assets" {
			t.Errorf("parleyd imports %s", pkg)
		}
	}
}

func TestDispatch(t *testing.T) {
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"version", 0, "parleyd dev"}, {"--version", 0, "parleyd dev"}, {"help", 0, "usage:"}, {"", 2, "usage:"}, {"dance", 2, `unknown command "dance"`},
		{"serve -h", 0, "--behind-proxy"}, {"serve --lisen x", 2, "lisen"}, {"serve x", 2, `unexpected "x"`}, {"serve --sessions 0", 2, "from 1"},
		{"serve --drain soon", 2, `want a time`}, {"serve --voice bob", 2, "rms"}, {"serve --config /nowhere", 2, "/nowhere"},
		{"load -h", 0, "--sessions"}, {"load --url http://x", 2, "ws://"}, {"token -h", 0, "remove NAME"}, {"token", 2, "usage:"}, {"token add", 2, "usage:"},
		{"token list --tokens /dev/null/x", 1, "/dev/null/x"},
	} {
		code, out, errs := parleyd(t, env(), strings.Fields(c.args)...)
		if code != c.code || !strings.Contains(out+errs, c.says) {
			t.Errorf("parleyd %s: %d\n%s%s", c.args, code, out, errs)
		}
	}
}

func TestToken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "tokens")
	code, secret, _ := parleyd(t, env(), "token", "add", "phone", "--tokens", path)
	if code != 0 || !strings.HasPrefix(secret, "parley_") {
		t.Fatalf("add: %d %q", code, secret)
	}
	if code, _, errs := parleyd(t, env(), "token", "--tokens", path, "add", "phone"); code != 1 || !strings.Contains(errs, "already") {
		t.Errorf("add again: %d %q", code, errs)
	}
	if code, out, _ := parleyd(t, env(), "token", "list", "--tokens", path); code != 0 || !strings.HasPrefix(out, "phone ") || strings.Contains(out, strings.TrimSpace(secret)) {
		t.Errorf("list: %d %q", code, out)
	}
	if code, _, errs := parleyd(t, env(), "token", "remove", "phone", "--tokens", path); code != 0 {
		t.Errorf("remove: %d %q", code, errs)
	}
	if code, out, _ := parleyd(t, env(), "token", "list", "--tokens", path); code != 0 || out != "" {
		t.Errorf("list after it: %d %q", code, out)
	}
	code, out, _ := parleyd(t, env(), "token", "add", "hosted", "--print")
	if lines := strings.Split(strings.TrimSpace(out), "\n"); code != 0 || len(lines) != 2 || !strings.HasPrefix(lines[1], "hosted ") {
		t.Errorf("add --print: %d %q", code, out)
	}
}
