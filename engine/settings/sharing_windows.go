package settings

import (
	"errors"
	"os"
	"time"
)

// A file that somebody reads cannot be replaced here, nor one be read that is just
// being replaced; either is over in a moment.
const sharingWait = time.Second

// open opens a file to be read.
func open(path string) (f *os.File, err error) {
	patiently(func() error { f, err = os.Open(path); return err })
	return f, err
}

// rename puts a file in the place of another.
func rename(from, to string) (err error) {
	patiently(func() error { err = os.Rename(from, to); return err })
	return err
}

// patiently does so again while somebody else has the file.
func patiently(do func() error) {
	for deadline := time.Now().Add(sharingWait); time.Now().Before(deadline); time.Sleep(lockPoll) {
		if err := do(); !errors.Is(err, errorSharingViolation) && !errors.Is(err, errorAccessDenied) {
			return
		}
	}
}
