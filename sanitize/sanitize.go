// Package sanitize removes identifying metadata from photos and videos without touching the
// picture: position, device, time, persons, hidden copies, and everything it does not know.
//
// Most programs need only [CleanFile] or, in a service, [CleanReader]:
//
//	report, err := sanitize.CleanFile(ctx, "clean.jpg", "photo.jpg", sanitize.Options{})
//
// [Inspect] says what a file carries and changes nothing. What may stay is decided by a
// [policy.Policy]; the zero [Options] keep orientation and colour only.
//
// # What is promised
//
// Picture and sound are ranges of the source, never re-encoded; what has been found to be
// coded picture or sound once is not looked at again. Everything else in a result is read
// back and checked before it appears: a file that the package cannot take apart to the last
// byte, or whose result it does not find clean, gives an error and no output. The source is
// only read. Memory is bounded whatever a file says of itself, no panic reaches the caller, and
// everything stops soon after its context ends. All functions may be called by several
// goroutines at once.
//
// Errors name no file and quote no content. The package writes no log, keeps no state,
// starts no process and uses no network.
//
// # What is not promised
//
// What can be seen or heard stays: faces, signs, voices. So do traces in the picture itself,
// such as sensor noise and the tables it was compressed with.
package sanitize

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mediaveil/mediaveil/sanitize/internal/atomicfile"
	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/formats"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
	"github.com/mediaveil/mediaveil/sanitize/policy"
)

// Options say how to clean and what to report. The zero value is the strictest.
type Options struct {
	// Policy says what may stay.
	Policy policy.Policy
	// Set holds texts to write, in place of what the file says: an organisation's own
	// credit line. They need no policy; an empty one only takes away. A text that cannot be
	// written gives an *EntryError.
	Set []metadata.Entry
	// MaxBytes refuses larger inputs with ErrTooLarge; 0 is no limit.
	MaxBytes int64
	// Values lets the report say what an item said, not only that it was there.
	Values bool
	// Repair closes a picture that was cut off. Without it such a file is refused.
	Repair bool
	// Existing says what CleanFile does when its target exists.
	Existing Existing
	// TempDir is where CleanReader keeps what does not fit in memory, until it returns; ""
	// is the directory of os.TempDir.
	TempDir string
}

// Existing says what to do with a target that exists.
type Existing uint8

const (
	// KeepExisting leaves it alone and fails with fs.ErrExist.
	KeepExisting Existing = iota
	// ReplaceCopy replaces it, but never the source itself.
	ReplaceCopy
	// ReplaceOriginal lets the target be the source. The result is on the disk before it
	// takes the place of the original, and keeps its permissions.
	ReplaceOriginal
)

// Info describes a supported format.
type Info struct {
	Name       string   // "jpeg"
	Title      string   // "JPEG photo"
	MediaType  string   // "image/jpeg"
	Extensions []string // ".jpg", ".jpeg", the usual one first
}

// Formats lists what can be cleaned.
func Formats() []Info {
	var all []Info
	for _, f := range formats.All() {
		all = append(all, publicInfo(f.Info()))
	}
	return all
}

func publicInfo(i container.Info) Info {
	return Info{Name: i.Name, Title: i.Title, MediaType: i.MediaType, Extensions: slices.Clone(i.Extensions)}
}

// Identify says what a file is by its content. It returns an *UnsupportedError when it is
// nothing that can be cleaned.
func Identify(src io.ReaderAt, size int64) (Info, error) {
	f, err := identify(section(src, size))
	if err != nil {
		return Info{}, err
	}
	return publicInfo(f.Info()), nil
}

// Inspect says what a file of the given size carries, and what Clean would keep of it with
// the same options. src must not change meanwhile.
func Inspect(ctx context.Context, src io.ReaderAt, size int64, opt Options) (_ *Report, err error) {
	defer guard(&err)
	return inspect(ctx, section(src, size), opt)
}

// Clean writes a clean copy of src, of the given size, to dst. dst receives nothing before
// the result has been checked. src must not change meanwhile; when that cannot be ruled out,
// use CleanReader, which works on a copy, or CleanFile, which checks what it has written.
func Clean(ctx context.Context, dst io.Writer, src io.ReaderAt, size int64, opt Options) (_ *Report, err error) {
	defer guard(&err)
	return cleanTo(ctx, dst, section(src, size), opt)
}

// section shows size bytes of src as a Source. A negative size reads as empty.
func section(src io.ReaderAt, size int64) container.Source {
	return io.NewSectionReader(src, 0, max(size, 0))
}

func cleanTo(ctx context.Context, dst io.Writer, src container.Source, opt Options) (*Report, error) {
	job, report, err := prepare(ctx, src, opt)
	if err != nil {
		return nil, err
	}
	if _, err := job.Verify(ctx, job.Draft); err != nil {
		return nil, publicError(job.Format, err)
	}
	if err := job.Draft.Write(ctx, dst); err != nil {
		return nil, err
	}
	return report, nil
}

// CleanFile writes a clean copy of the file src to dst, which appears whole or not at all.
// Everything but picture and sound is checked in what was written, not only in what was meant
// to be. Times, extended attributes
// and, unless it replaces the original, permissions are those of a new file. Only regular
// files are read; a link is followed.
func CleanFile(ctx context.Context, dst, src string, opt Options) (_ *Report, err error) {
	defer guard(&err)
	in, err := openFile(src)
	if err != nil {
		return nil, err
	}
	defer in.f.Close()
	if err := in.mayWriteTo(dst, opt.Existing); err != nil {
		return nil, err
	}
	job, report, err := prepare(ctx, in, opt)
	if err != nil {
		return nil, err
	}
	report.checkName(src, job.Format.Info())
	return report, writeFile(ctx, dst, in, job, opt.Existing)
}

func writeFile(ctx context.Context, dst string, in *fileSource, job *container.Job, existing Existing) error {
	to := atomicfile.Options{Replace: existing != KeepExisting}
	if existing == ReplaceOriginal {
		to.Sync, to.Perm = true, in.info.Mode().Perm()
	}
	out, err := atomicfile.Create(dst, to)
	if err != nil {
		return err
	}
	defer out.Cleanup()
	if err := job.Draft.Write(ctx, out.File()); err != nil {
		return atomicfile.StripPath(err)
	}
	if _, err := job.Verify(ctx, &fileSource{f: out.File(), size: job.Draft.Size()}); err != nil {
		return publicError(job.Format, err)
	}
	if err := in.unchanged(); err != nil {
		return err
	}
	return out.Commit(job.Draft.Size())
}

// InspectFile says what the file of that name carries, as Inspect.
func InspectFile(ctx context.Context, name string, opt Options) (_ *Report, err error) {
	defer guard(&err)
	in, err := openFile(name)
	if err != nil {
		return nil, err
	}
	defer in.f.Close()
	report, err := inspect(ctx, in, opt)
	if err != nil {
		return nil, err
	}
	f, err := identify(in)
	if err != nil {
		return nil, err
	}
	report.checkName(name, f.Info())
	return report, nil
}

// CleanReader writes a clean copy of what src holds to dst. It keeps up to 8 MiB in memory
// and more in a temporary file, which it removes before it returns.
func CleanReader(ctx context.Context, dst io.Writer, src io.Reader, opt Options) (_ *Report, err error) {
	defer guard(&err)
	spool, err := spoolReader(ctx, src, opt)
	if err != nil {
		return nil, err
	}
	defer spool.close()
	return cleanTo(ctx, dst, spool.source, opt)
}

// prepare identifies src and plans its clean copy.
func prepare(ctx context.Context, src container.Source, opt Options) (*container.Job, *Report, error) {
	f, err := admit(ctx, src, opt)
	if err != nil {
		return nil, nil, err
	}
	job, err := container.Prepare(ctx, f, src, opt.keeps, opt.Set)
	var repaired *container.Draft
	if err != nil && opt.Repair {
		if repaired, err = repair(ctx, f, src, err); err == nil {
			job, err = container.Prepare(ctx, f, repaired, opt.keeps, opt.Set)
		}
	}
	if err != nil {
		return nil, nil, publicError(f, err)
	}
	report := newReport(f.Info(), src.Size(), job.Spans, opt)
	report.OutputBytes = job.Draft.Size()
	report.wrote(job.Plan.Write)
	report.Notes = append(report.Notes, job.Draft.Notes...)
	for _, e := range opt.Set {
		if e.Value != "" && !slices.Contains(report.Written, e.Field) {
			report.Notes = append(report.Notes, "text-not-written")
			break
		}
	}
	if repaired != nil {
		report.Notes = append(report.Notes, repaired.Notes...)
	}
	return job, report, nil
}

// repair closes a file that was cut off; any other fault stays what it was.
func repair(ctx context.Context, f container.Format, src container.Source, fault error) (*container.Draft, error) {
	var m *container.Malformed
	r, ok := f.(container.Repairer)
	if !ok || !errors.As(fault, &m) || !m.CutOff {
		return nil, fault
	}
	return r.Repair(ctx, src)
}

func inspect(ctx context.Context, src container.Source, opt Options) (*Report, error) {
	f, err := admit(ctx, src, opt)
	if err != nil {
		return nil, err
	}
	spans, err := container.Map(ctx, f, src)
	if err != nil && opt.Repair {
		var repaired *container.Draft
		if repaired, err = repair(ctx, f, src, err); err == nil {
			spans, err = container.Map(ctx, f, repaired)
		}
	}
	if err != nil {
		return nil, publicError(f, err)
	}
	return newReport(f.Info(), src.Size(), spans, opt), nil
}

func admit(ctx context.Context, src container.Source, opt Options) (container.Format, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if opt.MaxBytes > 0 && src.Size() > opt.MaxBytes {
		return nil, ErrTooLarge
	}
	return identify(src)
}

func (opt Options) keeps(it metadata.Item) bool { return opt.Policy.Keeps(it.Category) }

// fileSource is an open file as a container.Source.
type fileSource struct {
	f    *os.File
	size int64
	info os.FileInfo
}

func (s *fileSource) ReadAt(b []byte, off int64) (int, error) {
	n, err := s.f.ReadAt(b, off)
	return n, atomicfile.StripPath(err)
}

func (s *fileSource) Size() int64 { return s.size }

// CopyRange lets the kernel move bytes from file to file.
func (s *fileSource) CopyRange(w io.Writer, off, n int64) error {
	if _, err := s.f.Seek(off, io.SeekStart); err != nil {
		return atomicfile.StripPath(err)
	}
	switch got, err := io.CopyN(w, s.f, n); {
	case err == io.EOF || err == nil && got < n:
		return ErrChanged
	default:
		return atomicfile.StripPath(err)
	}
}

// openFile opens a regular file. It asks before it opens, so that a pipe cannot make it
// wait and a device does not notice.
func openFile(name string) (*fileSource, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, atomicfile.StripPath(err)
	}
	if !info.Mode().IsRegular() {
		return nil, ErrNotFile
	}
	f, err := os.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, atomicfile.StripPath(err)
	}
	if info, err = f.Stat(); err == nil && !info.Mode().IsRegular() {
		err = ErrNotFile
	}
	if err != nil {
		f.Close()
		return nil, atomicfile.StripPath(err)
	}
	return &fileSource{f: f, size: info.Size(), info: info}, nil
}

// mayWriteTo refuses a target that is the source, unless that is what was asked for.
func (s *fileSource) mayWriteTo(dst string, existing Existing) error {
	info, err := os.Lstat(dst)
	if err != nil {
		return nil // it does not exist, or creating it will say what is wrong
	}
	if existing == KeepExisting {
		return atomicfile.ErrExists
	}
	if info.Mode()&os.ModeSymlink != 0 && existing == ReplaceOriginal {
		return ErrNotFile
	}
	if os.SameFile(info, s.info) && existing != ReplaceOriginal {
		return ErrSameFile
	}
	return nil
}

// unchanged reports whether the file is still what was opened.
func (s *fileSource) unchanged() error {
	info, err := s.f.Stat()
	if err != nil {
		return atomicfile.StripPath(err)
	}
	if info.Size() != s.info.Size() || !info.ModTime().Equal(s.info.ModTime()) {
		return ErrChanged
	}
	return nil
}

// checkName notes when the name says something else than the content.
func (r *Report) checkName(name string, info container.Info) {
	if !slices.Contains(info.Extensions, strings.ToLower(filepath.Ext(name))) {
		r.Notes = append(r.Notes, "extension-mismatch")
	}
}
