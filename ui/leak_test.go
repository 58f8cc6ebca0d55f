package ui

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// The tests read English, whoever runs them. Fyne starts a goroutine of its own
// when it is loaded; all others must end.
func TestMain(m *testing.M) {
	for _, name := range localeVariables {
		os.Unsetenv(name)
	}
	os.Setenv("LANG", "en_US.UTF-8")
	if err := learn(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m, goleak.IgnoreCurrent())
}
