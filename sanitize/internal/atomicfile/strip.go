package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// StripPath returns err without the paths that the os package puts into its errors: the
// operation and the system's reason remain, and errors.Is finds the latter. Text around such
// an error goes too, since it may repeat the path. Any other error is returned as it is.
func StripPath(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	var call *os.SyscallError
	switch {
	case errors.As(err, &path):
		return fmt.Errorf("%s: %w", path.Op, StripPath(path.Err))
	case errors.As(err, &link):
		return fmt.Errorf("%s: %w", link.Op, StripPath(link.Err))
	case errors.As(err, &call):
		return fmt.Errorf("%s: %w", call.Syscall, call.Err)
	}
	return err
}
