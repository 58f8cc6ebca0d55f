package stock

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"parley/engine/npmtest"
)

// What is tested, and the clients: parleyd, the client in Go, and the folder of npm's
// packages.
var parleyd, golang, packages string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "parleyd-stock-")
	if err == nil {
		err = prepare(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		_ = os.RemoveAll(dir)
		os.Exit(code)
	}))
}

// prepare builds and installs.
func prepare(dir string) (err error) {
	parleyd, golang = filepath.Join(dir, "parleyd"), filepath.Join(dir, "openai-go")
	for _, build := range [][]string{
		{"build", "-o", parleyd, "parley/cmd/parleyd"},
		{"build", "-C", "../../../.ci/stock/openai-go", "-o", golang, "."},
	} {
		if out, err := exec.Command("go", build...).CombinedOutput(); err != nil {
			return fmt.Errorf("go %v: %w\n%s", build, err, out)
		}
	}
	packages, err = npmtest.Install(context.Background(), "stock")
	return err
}
