package citizen

import (
	"errors"
	"io"
	"os"

	"golang.org/x/sys/windows"
)

// errLocked is returned by lockFile where another program has the lock.
var errLocked = errors.New("citizen: locked")

// lockFile locks the file at path, made if it is missing, until it is closed or
// the program ends, by letting nobody else open it.
func lockFile(path string) (io.Closer, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	handle, err := windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE, 0, nil,
		windows.OPEN_ALWAYS, windows.FILE_ATTRIBUTE_NORMAL, 0)
	switch {
	case err == nil:
		return os.NewFile(uintptr(handle), path), nil
	case errors.Is(err, windows.ERROR_SHARING_VIOLATION):
		return nil, errLocked
	}
	return nil, &os.PathError{Op: "lock", Path: path, Err: err}
}
