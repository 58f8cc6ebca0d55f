package history

import (
	"context"
	"time"
)

const (
	// lockWait is how long Open waits for another process that is in its own Open.
	lockWait = 2 * time.Second
	lockPoll = 5 * time.Millisecond
)

// lockFolder keeps other processes out of Open, so that two that start at once
// do not both set a damaged file aside, the second one the new file of the
// first. The lock goes with the process, however it ends. A file system that
// knows no such locks is used without.
func lockFolder(ctx context.Context, dir string) (unlock func(), err error) {
	for deadline := time.Now().Add(lockWait); ; {
		unlock, busy, err := tryLock(dir)
		switch {
		case err != nil:
			return nil, err
		case !busy:
			return unlock, nil
		case time.Now().After(deadline):
			return func() {}, nil
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(lockPoll):
		}
	}
}
