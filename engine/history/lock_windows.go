package history

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// What Windows calls them (winbase.h, winerror.h); package syscall does not.
const (
	flagDeleteOnClose     = 0x04000000
	errorAccessDenied     = syscall.Errno(5) // the file is just being deleted
	errorSharingViolation = syscall.Errno(32)
)

// tryLock locks the folder; busy says that another process has it. Folders cannot
// be locked here: a file in it that nobody else may open, and that goes with its
// handle, stands for it.
func tryLock(dir string) (unlock func(), busy bool, err error) {
	name, err := syscall.UTF16PtrFromString(filepath.Join(dir, "history.lock"))
	if err != nil {
		return nil, false, err
	}
	handle, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL|flagDeleteOnClose, 0)
	switch {
	case err == nil:
		return func() { _ = syscall.CloseHandle(handle) }, false, nil // it is ours, and open
	case errors.Is(err, errorSharingViolation), errors.Is(err, errorAccessDenied):
		return nil, true, nil
	}
	return nil, false, os.NewSyscallError("CreateFile", err)
}
