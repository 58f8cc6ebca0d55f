//go:build unix

package settings

import "os"

// open and rename are what package os has: a file that is open can be replaced.
func open(path string) (*os.File, error) { return os.Open(path) }

func rename(from, to string) error { return os.Rename(from, to) }
