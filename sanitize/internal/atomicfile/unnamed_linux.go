package atomicfile

import (
	"cmp"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// openUnnamed opens a file that has no name yet, and reports whether the file system can do
// that and a name can be given later. Nobody else can open such a file, so it has its mode,
// less the umask, from the start. By BenchmarkCommit this takes half the time of the form
// with a name, which has to make a second file to learn the umask.
func (f *File) openUnnamed() bool {
	var fd int
	err := retry(func() (err error) {
		fd, err = unix.Open(cmp.Or(f.dir, "."), unix.O_TMPFILE|unix.O_RDWR|unix.O_CLOEXEC, uint32(f.mode))
		return err
	})
	if err != nil {
		return false // whatever the reason is, a file with a name will meet it or do without
	}
	file := os.NewFile(uintptr(fd), "unnamed")
	info, err := file.Stat()
	if err != nil || unix.Access(procPath(fd), unix.F_OK) != nil {
		file.Close()
		return false
	}
	f.file, f.mode = file, info.Mode().Perm()
	return true
}

// procPath is the only way to name an unnamed file that needs no privilege.
func procPath(fd int) string { return "/proc/self/fd/" + strconv.Itoa(fd) }

// publishUnnamed gives the file its name. A link never takes the place of another, so to
// replace, the file gets a temporary name first.
func (f *File) publishUnnamed() error {
	if err := f.flush(); err != nil {
		return err
	}
	if !f.opt.Replace {
		return f.link(f.name)
	}
	temp := f.randomName()
	if err := f.link(temp); err != nil {
		return err
	}
	if err := replace(temp, f.name); err != nil {
		os.Remove(temp)
		return err
	}
	return nil
}

// flush has a network file system report late errors, as closing would, while the file can
// still be withheld.
func (f *File) flush() error {
	fd, err := unix.FcntlInt(f.file.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return os.NewSyscallError("dup", err)
	}
	if err := unix.Close(fd); err != nil && err != unix.EINTR {
		return os.NewSyscallError("close", err)
	}
	return nil
}

func (f *File) link(name string) error {
	err := retry(func() error {
		return unix.Linkat(unix.AT_FDCWD, procPath(int(f.file.Fd())), unix.AT_FDCWD, name, unix.AT_SYMLINK_FOLLOW)
	})
	return os.NewSyscallError("linkat", err)
}

func retry(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}
