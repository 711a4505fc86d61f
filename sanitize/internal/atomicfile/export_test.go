package atomicfile

// CreateNamed is Create on a file system without unnamed files.
func CreateNamed(name string, opt Options) (*File, error) {
	if err := check(name, opt.Replace); err != nil {
		return nil, err
	}
	f := newFile(name, opt)
	if err := f.openNamed(); err != nil {
		return nil, StripPath(err)
	}
	return f, nil
}

// Unnamed reports whether f has no name before Commit.
func Unnamed(f *File) bool { return f.temp == "" }
