//go:build unix

package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// startsAtLogin says whether Parley is started at login.
func startsAtLogin() bool {
	a, err := autostart()
	return err == nil && a.On()
}

func TestStartAtLogin(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", "")
	if startsAtLogin() {
		t.Error("on from the beginning")
	}
	if err := startAtLogin(true); err != nil || !startsAtLogin() {
		t.Errorf("not on: %v", err)
	}
	if _, err := os.Stat(filepath.Join(home, ".config/autostart/org.parley.Parley.desktop")); err != nil {
		t.Error(err)
	}
	if err := startAtLogin(false); err != nil || startsAtLogin() {
		t.Errorf("not off: %v", err)
	}
	t.Setenv("HOME", "")
	if err := startAtLogin(true); err == nil || startsAtLogin() {
		t.Errorf("without a home: %v", err)
	}
}

func TestClaimDesktop(t *testing.T) {
	quiet := slog.New(slog.DiscardHandler)
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_DATA_HOME", "")
	for _, runtimeDir := range []string{"", t.TempDir()} {
		t.Setenv("XDG_RUNTIME_DIR", runtimeDir)
		first, running := claimDesktop(quiet)
		if first == nil || running {
			t.Fatalf("in %q: no claim", runtimeDir)
		}
		if second, running := claimDesktop(quiet); second != nil || !running {
			t.Errorf("in %q: claimed twice", runtimeDir)
		}
		if err := first.Close(); err != nil {
			t.Error(err)
		}
	}
	_, before, _ := claimPlace()
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	if _, after, err := claimPlace(); err != nil || before == after {
		t.Errorf("other conversations have the same claim: %v", err)
	}
	t.Setenv("HOME", "")
	t.Setenv("XDG_DATA_HOME", "")
	if claim, running := claimDesktop(quiet); claim != nil || running {
		t.Error("a claim without a place for it")
	}
	t.Setenv("HOME", filepath.Join(t.TempDir(), strings.Repeat("x", 120))) // where no socket can be
	t.Setenv("XDG_RUNTIME_DIR", "")
	if claim, running := claimDesktop(quiet); claim != nil || running {
		t.Error("a claim in a place that cannot be")
	}
}
