package main

import (
	"bytes"
	"log/slog"
	"regexp"
	"runtime/debug"
	"testing"
)

func TestVersion(t *testing.T) {
	for _, spelling := range []string{"version", "--version", "-version"} {
		var out, complaints bytes.Buffer
		code := dispatch(t.Context(), []string{spelling}, console{&out, &complaints}, slog.New(slog.DiscardHandler))
		want := `^parley \S+\ncommit .+\ngo1\.\S+ [a-z0-9]+/[a-z0-9]+\n$`
		if code != exitOK || !regexp.MustCompile(want).MatchString(out.String()) || complaints.Len() > 0 {
			t.Errorf("parley %s: exit code %d, %q, %q", spelling, code, out.String(), complaints.String())
		}
	}
}

func TestBuiltFrom(t *testing.T) {
	info := func(settings ...debug.BuildSetting) *debug.BuildInfo { return &debug.BuildInfo{Settings: settings} }
	revision := debug.BuildSetting{Key: "vcs.revision", Value: "abc"}
	for _, c := range []struct {
		given string
		info  *debug.BuildInfo
		want  string
	}{
		{"def", info(revision), "def"},
		{"", info(revision), "abc"},
		{"", info(revision, debug.BuildSetting{Key: "vcs.modified", Value: "true"}), "abc with changes"},
		{"", info(revision, debug.BuildSetting{Key: "vcs.modified", Value: "false"}), "abc"},
		{"", info(), "unknown"},
		{"", nil, "unknown"},
	} {
		if got := builtFrom(c.given, c.info); got != c.want {
			t.Errorf("given %q and %v: %q, want %q", c.given, c.info, got, c.want)
		}
	}
}
