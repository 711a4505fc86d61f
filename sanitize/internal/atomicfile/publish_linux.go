package atomicfile

import (
	"os"

	"golang.org/x/sys/unix"
)

// publishNew renames temp to name if there is nothing at name.
func publishNew(temp, name string) error {
	err := retry(func() error {
		return unix.Renameat2(unix.AT_FDCWD, temp, unix.AT_FDCWD, name, unix.RENAME_NOREPLACE)
	})
	if unsupported(err) {
		return linkNew(temp, name)
	}
	return os.NewSyscallError("renameat2", err)
}
