package ui

import (
	"testing"

	"go.uber.org/goleak"
)

// Fyne starts a goroutine of its own when it is loaded; all others must end.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.IgnoreCurrent()) }
