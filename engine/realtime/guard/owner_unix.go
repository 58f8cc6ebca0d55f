//go:build unix

package guard

import (
	"os"
	"syscall"
)

// giveTo gives a file that root made to whoever owns the folder: the tokens of a
// service that has a user of its own are added by root.
func giveTo(f *os.File, folder string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(folder)
	if err != nil {
		return err
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok {
		return f.Chown(int(owner.Uid), int(owner.Gid))
	}
	return nil
}
