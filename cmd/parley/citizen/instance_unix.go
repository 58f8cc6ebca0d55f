//go:build unix

package citizen

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// errLocked is returned by lockFile where another program has the lock.
var errLocked = errors.New("citizen: locked")

// lockFile locks the file at path, made if it is missing, until it is closed or
// the program ends. The file stays: removing it would let two have it.
func lockFile(path string) (io.Closer, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err == nil {
		return f, nil
	}
	f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errLocked
	}
	return nil, &os.PathError{Op: "lock", Path: path, Err: err}
}
