package atomicfile_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/atomicfile"
)

func TestStripPath(t *testing.T) {
	const name = "/home/amina/photo.jpg"
	path := &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	link := &os.LinkError{Op: "rename", Old: name, New: name, Err: fs.ErrExist}
	for _, tt := range []struct {
		in     error
		want   string
		reason error
	}{
		{path, "open: permission denied", fs.ErrPermission},
		{link, "rename: file already exists", fs.ErrExist},
		{os.NewSyscallError("linkat", fs.ErrExist), "linkat: file already exists", fs.ErrExist},
		{fmt.Errorf("cannot clean %s: %w", name, path), "open: permission denied", fs.ErrPermission},
		{errors.Join(link, path), "open: permission denied", fs.ErrPermission},
		{&fs.PathError{Op: "copy", Path: name, Err: path}, "copy: open: permission denied", fs.ErrPermission},
		{&fs.PathError{Op: "copy", Path: name, Err: link}, "copy: rename: file already exists", fs.ErrExist},
	} {
		got := atomicfile.StripPath(tt.in)
		if got.Error() != tt.want || !errors.Is(got, tt.reason) {
			t.Errorf("StripPath(%v) = %v", tt.in, got)
		}
	}
	if atomicfile.StripPath(nil) != nil || atomicfile.StripPath(fs.ErrClosed) != fs.ErrClosed {
		t.Error("an error without a path was changed")
	}
}
