// Package atomicfile makes a file appear whole or not at all.
//
//	f, err := atomicfile.Create(name, atomicfile.Options{Sync: true})
//	if err != nil {
//		return err
//	}
//	defer f.Cleanup() // does nothing once Commit has succeeded
//	n, err := f.ReadFrom(src)
//	if err != nil {
//		return err
//	}
//	return f.Commit(n)
//
// Until Commit the bytes are in a file that has no name at all (Linux), so that a process
// that is killed leaves nothing behind, or in one with a random name in the same folder that
// nobody else may read. Without Replace, Commit never overwrites: of several that publish
// one name at the same time, one succeeds. A symbolic link at the name is never followed.
//
// No error of this package names a file: a path can be a child's name. The package never
// reads what it has written, and a File is for one goroutine at a time.
package atomicfile

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// ErrExists means that there is something at the name already. It is an fs.ErrExist.
var ErrExists = fmt.Errorf("atomicfile: target exists: %w", fs.ErrExist)

// defaultPerm is the mode of a file for which Options give none, less the umask.
const defaultPerm fs.FileMode = 0o644

// Options say how a file is published. With the zero value it takes no other's place, has
// mode 0644 less the umask, and reaches the disk when the system sees fit.
type Options struct {
	Replace bool        // take the place of a file, or of a symbolic link, that is there already
	Sync    bool        // Commit returns when file and name are on the disk
	Perm    fs.FileMode // permission bits, from which the umask takes; 0 is 0644
}

// A File is not there yet.
type File struct {
	file *os.File
	dir  string // where name and temp are, with its separator; may be empty
	name string // the path at which it will appear
	temp string // the path at which it is now; empty when it has none
	mode fs.FileMode
	opt  Options
	done bool
}

// Create starts a file that is to appear at name. The error is an ErrExists when there is
// something already and Replace is not set; Commit finds out for certain.
func Create(name string, opt Options) (*File, error) {
	if err := check(name, opt.Replace); err != nil {
		return nil, err
	}
	f := newFile(name, opt)
	if f.openUnnamed() {
		return f, nil
	}
	if err := f.openNamed(); err != nil {
		return nil, StripPath(err)
	}
	return f, nil
}

func newFile(name string, opt Options) *File {
	dir, _ := filepath.Split(name)
	return &File{dir: dir, name: name, mode: cmp.Or(opt.Perm.Perm(), defaultPerm), opt: opt}
}

// check refuses a name that cannot be that of a file, before anything is written.
func check(name string, replace bool) error {
	_, base := filepath.Split(name)
	if base == "" || base == "." || !filepath.IsLocal(base) {
		return fmt.Errorf("atomicfile: not the name of a file: %w", fs.ErrInvalid)
	}
	info, err := os.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil // the folder may be missing too; opening a file in it will tell
	case err != nil:
		return StripPath(err)
	case info.IsDir():
		return fmt.Errorf("atomicfile: target is a folder: %w", fs.ErrExist)
	case !replace:
		return ErrExists
	}
	return nil
}

// openNamed opens a file that only its owner may read until Commit gives it its mode.
func (f *File) openNamed() error {
	mode, err := f.withUmask()
	if err != nil {
		return err
	}
	file, err := f.exclusive(0o600)
	if err != nil {
		return err
	}
	f.file, f.temp, f.mode = file, file.Name(), mode
	return nil
}

// withUmask returns the mode less the umask. The umask can only be read by setting it, for
// all threads; so an empty file is made with the mode, looked at and removed. Opening the
// file to be written like that would let others open it and wait for what comes.
func (f *File) withUmask() (fs.FileMode, error) {
	if runtime.GOOS == "windows" || f.mode&^0o600 == 0 {
		return f.mode, nil
	}
	probe, err := f.exclusive(f.mode)
	if err != nil {
		return 0, err
	}
	info, err := probe.Stat()
	if err := errors.Join(err, probe.Close(), os.Remove(probe.Name())); err != nil {
		return 0, err
	}
	return info.Mode().Perm(), nil
}

// exclusive makes a file with a random name.
func (f *File) exclusive(mode fs.FileMode) (*os.File, error) {
	return os.OpenFile(f.randomName(), os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
}

// randomName does not depend on the name, which may be as long as names can be and may say
// who is in the picture.
func (f *File) randomName() string {
	var b [8]byte
	rand.Read(b[:]) // never fails
	return f.dir + ".mediaveil-" + hex.EncodeToString(b[:]) + ".tmp"
}

// File is the file being written, for what this type does not offer. Its errors hold a
// path: see StripPath. It must not be closed.
func (f *File) File() *os.File { return f.file }

// Write appends b.
func (f *File) Write(b []byte) (int, error) {
	n, err := f.file.Write(b)
	return n, StripPath(err)
}

// ReadAt reads back what has been written.
func (f *File) ReadAt(b []byte, off int64) (int, error) {
	n, err := f.file.ReadAt(b, off)
	return n, StripPath(err)
}

// ReadFrom appends all of r. When r is a file the system copies, or shares, the bytes.
func (f *File) ReadFrom(r io.Reader) (int64, error) {
	n, err := f.file.ReadFrom(r)
	return n, StripPath(err)
}

// Commit publishes the file if it is exactly size bytes long. The error is an ErrExists when
// there is something at the name and Replace is not set. After an error there is nothing new
// at the name, with one exception: when Sync is set and the folder cannot be synced, the file
// is there, whole, and may be gone after a power cut.
func (f *File) Commit(size int64) error {
	if f.done {
		return StripPath(fs.ErrClosed)
	}
	if err := f.settle(size); err != nil {
		return StripPath(err)
	}
	if err := f.publish(); err != nil {
		if errors.Is(err, fs.ErrExist) && !f.opt.Replace {
			return ErrExists
		}
		return StripPath(err)
	}
	f.done = true
	if f.temp == "" {
		f.file.Close() // what it could report, flush has reported
	}
	if f.opt.Sync {
		return StripPath(syncDir(cmp.Or(f.dir, ".")))
	}
	return nil
}

// settle brings the file into the state in which it is to appear.
func (f *File) settle(size int64) error {
	info, err := f.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() != size {
		return fmt.Errorf("atomicfile: %d bytes were written, not %d", info.Size(), size)
	}
	if info.Mode().Perm() != f.mode {
		if err := f.file.Chmod(f.mode); err != nil {
			return err
		}
	}
	if f.opt.Sync {
		return f.file.Sync()
	}
	return nil
}

func (f *File) publish() error {
	if f.temp == "" {
		return f.publishUnnamed()
	}
	if err := f.file.Close(); err != nil {
		return err
	}
	if f.opt.Replace {
		return replace(f.temp, f.name)
	}
	return publishNew(f.temp, f.name)
}

// Cleanup removes what was written. It does nothing after a Commit that succeeded, and may
// be called more than once.
func (f *File) Cleanup() {
	if f.done {
		return
	}
	f.done = true
	f.file.Close()
	if f.temp != "" {
		os.Remove(f.temp) // there is nobody to tell
	}
}
