//go:build unix

package settings

import (
	"os"
	"syscall"
)

// lockFolder keeps other processes, and other goroutines, from changing the
// file in the meantime. It is held for as long as a small file takes to write.
// A file system that knows no such locks is used without.
func lockFolder(dir string) (unlock func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	for syscall.Flock(int(f.Fd()), syscall.LOCK_EX) == syscall.EINTR {
	}
	return func() { f.Close() }, nil
}
