//go:build unix

package keys

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// ours says whether a file is the user's, and nobody else may read it.
func ours(info fs.FileInfo, path string) error {
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%w: %s is not used; run chmod 600 on it, and if others may have read it, get a new key", ErrExposed, path)
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok && int(owner.Uid) != os.Geteuid() {
		return fmt.Errorf("%w: %s belongs to somebody else and is not used; make it yours", ErrExposed, path)
	}
	return nil
}
