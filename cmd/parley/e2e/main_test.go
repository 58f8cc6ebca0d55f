package e2e

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// How much is measured; `make test` takes the defaults.
var (
	bargeIns = flag.Int("barge-ins", 8, "how many barge-ins are measured")
	echoTime = flag.Duration("echo", 3*time.Minute, "how long the speaker is fed back into the microphone")
	soakTime = flag.Duration("soak", 0, "how long the window is talked to; 0: only briefly")
	strict   = flag.Bool("strict", false, "asks of the program what it does on a quiet machine, as make bench does")
	shots    = flag.String("shots", "", "the folder in which screenshots are left; default: none are")
)

// program is the built parley, and daemon the built parleyd.
var program, daemon string

func TestMain(m *testing.M) {
	flag.Parse()
	dir, err := os.MkdirTemp("", "parley-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	program, daemon = filepath.Join(dir, "parley"), filepath.Join(dir, "parleyd")
	build := exec.Command("go", "build", "-o", dir, "parley/cmd/parley", "parley/cmd/parleyd")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "e2e: parley does not build:", err)
		os.Exit(1)
	}
	model := exec.Command("go", "run", "parley/cmd/parley-lm", filepath.Join(dir, "lm"))
	model.Stderr = os.Stderr
	if err := model.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "e2e: no language model:", err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}
