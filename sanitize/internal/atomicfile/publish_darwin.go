package atomicfile

import (
	"os"

	"golang.org/x/sys/unix"
)

// publishNew renames temp to name if there is nothing at name.
func publishNew(temp, name string) error {
	err := unix.RenamexNp(temp, name, unix.RENAME_EXCL)
	if unsupported(err) {
		return linkNew(temp, name)
	}
	return os.NewSyscallError("renamex_np", err)
}
