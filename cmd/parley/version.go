package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
)

// version and commit are set by the Makefile.
var (
	version = "dev"
	commit  = ""
)

// printVersion says which Parley this is, as a report of a fault needs it.
func printVersion(out io.Writer) {
	info, _ := debug.ReadBuildInfo()
	fmt.Fprintf(out, "parley %s\ncommit %s\n%s %s/%s\n", version, builtFrom(commit, info), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// builtFrom is the commit: the one given at build time, else the one that the Go
// command has left in the program.
func builtFrom(given string, info *debug.BuildInfo) string {
	if given != "" {
		return given
	}
	found, changed := "unknown", ""
	if info != nil {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				found = s.Value
			case s.Key == "vcs.modified" && s.Value == "true":
				changed = " with changes"
			}
		}
	}
	return found + changed
}
