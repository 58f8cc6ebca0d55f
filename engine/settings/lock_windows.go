package settings

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const (
	// lockWait is how long another process may take: one that hangs must not keep
	// settings from being changed for ever.
	lockWait = 5 * time.Second
	lockPoll = 5 * time.Millisecond
)

// What Windows calls them (winbase.h, winerror.h); package syscall does not.
const (
	flagDeleteOnClose     = 0x04000000
	errorAccessDenied     = syscall.Errno(5) // the file is just being deleted
	errorSharingViolation = syscall.Errno(32)
)

// lockFolder keeps other processes, and other goroutines, from changing the
// file in the meantime. Folders cannot be locked here: a file in it that nobody
// else may open, and that goes with its handle, stands for it.
func lockFolder(dir string) (unlock func(), err error) {
	name, err := syscall.UTF16PtrFromString(filepath.Join(dir, "settings.lock"))
	if err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(lockWait); ; time.Sleep(lockPoll) {
		handle, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil,
			syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL|flagDeleteOnClose, 0)
		switch {
		case err == nil:
			return func() { _ = syscall.CloseHandle(handle) }, nil // it is ours, and open
		case !errors.Is(err, errorSharingViolation) && !errors.Is(err, errorAccessDenied):
			return nil, os.NewSyscallError("CreateFile", err)
		case time.Now().After(deadline):
			return func() {}, nil
		}
	}
}
