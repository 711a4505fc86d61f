package atomicfile

import (
	"os"

	"golang.org/x/sys/windows"
)

// publishNew renames temp to name if there is nothing at name.
func publishNew(temp, name string) error { return move(temp, name, 0) }

// replace renames temp to name.
func replace(temp, name string) error { return move(temp, name, windows.MOVEFILE_REPLACE_EXISTING) }

// move never copies: without MOVEFILE_COPY_ALLOWED a move to another volume fails, and both
// names are in one folder. It returns when the move is on the disk, which is as near as
// Windows comes to syncing a folder.
func move(from, to string, flags uint32) error {
	f, err := windows.UTF16PtrFromString(from)
	if err != nil {
		return err
	}
	t, err := windows.UTF16PtrFromString(to)
	if err != nil {
		return err
	}
	return os.NewSyscallError("MoveFileEx", windows.MoveFileEx(f, t, flags|windows.MOVEFILE_WRITE_THROUGH))
}

func syncDir(string) error { return nil }
