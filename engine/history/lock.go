package history

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"
)

// lockWait is how long Open waits for another process that is in its own Open.
const lockWait = 2 * time.Second

// lockFolder keeps other processes out of Open, so that two that start at once
// do not both set a damaged file aside, the second one the new file of the
// first. The lock goes with the process, however it ends. A file system that
// knows no such locks is used without.
func lockFolder(ctx context.Context, dir string) (unlock func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(lockWait); ; {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) || time.Now().After(deadline) {
			return func() { f.Close() }, nil
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, context.Cause(ctx)
		case <-time.After(5 * time.Millisecond):
		}
	}
}
