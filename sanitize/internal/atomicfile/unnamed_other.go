//go:build !linux

package atomicfile

import "errors"

// Other systems have no files without a name.
func (f *File) openUnnamed() bool { return false }

func (f *File) publishUnnamed() error { return errors.ErrUnsupported }
