//go:build !windows

package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// replace renames temp to name. A symbolic link at name is replaced, not followed.
func replace(temp, name string) error { return os.Rename(temp, name) }

// linkNew gives the file at temp the name as well, which fails when there is something at
// name, and then removes temp. When temp cannot be removed the file has two names for good;
// it is published all the same.
func linkNew(temp, name string) error {
	err := os.Link(temp, name)
	if unsupported(err) {
		return renameNew(temp, name)
	}
	if err != nil {
		return err
	}
	os.Remove(temp)
	return nil
}

// renameNew is for file systems that know neither links nor exclusive renames (some network
// and memory card drivers). Two that publish one name at the same instant may both succeed;
// no file is ever half written.
func renameNew(temp, name string) error {
	switch _, err := os.Lstat(name); {
	case err == nil:
		return fs.ErrExist
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return os.Rename(temp, name)
}

// unsupported reports whether the system or the file system lacks a call. Linux reports a
// lack of links as EPERM, and a lack of flags as EINVAL.
func unsupported(err error) bool {
	for _, e := range []syscall.Errno{syscall.ENOSYS, syscall.EINVAL, syscall.ENOTSUP, syscall.EOPNOTSUPP, syscall.EPERM} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// syncDir writes the folder's list of names to the disk, where the file system can.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !unsupported(err) {
		return err
	}
	return nil
}
