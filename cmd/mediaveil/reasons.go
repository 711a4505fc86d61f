package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"syscall"

	"github.com/mediaveil/mediaveil/sanitize"
)

// A reason says why a file was not done: for programs, for the person who waits for this
// file, and for the summary.
type reason struct {
	code  string
	text  string
	group string
}

// Errors of the program itself.
var (
	errTaken      = errors.New("another file of this run has a copy of that name")
	errOriginal   = errors.New("its copy would replace one of the originals of this run")
	errIntoInput  = errors.New("its copy would land in the folder that is cleaned")
	errOutInInput = errors.New("the output folder lies in this folder")
	errLink       = errors.New("this is a link")
	errFolder     = errors.New("a folder has the name of its copy")
)

// A targetError says which output is in the way.
type targetError struct {
	path string
	err  error
}

func (e *targetError) Error() string { return e.err.Error() }
func (e *targetError) Unwrap() error { return e.err }

// reasons is looked at from top to bottom; the first that fits counts. A text with %s names
// the output.
var reasons = []struct {
	is    error
	code  string
	text  string
	group string // "" is text
}{
	{context.Canceled, "cancelled", "stopped before it was done", ""},
	{context.DeadlineExceeded, "cancelled", "stopped before it was done", ""},
	{errNoMatch, "not-found", "nothing matches this pattern; check how it is written", ""},
	{errNothing, "not-found", "there is no file to work on in this folder; check whether it is the right one", ""},
	{errDangling, "not-found", "this is a link to something that does not exist; name the file itself", ""},
	{errOutInInput, "same-file", "the output folder lies inside this folder; choose one outside of it with -o", ""},
	{errIntoInput, "same-file", "its copy would land inside the folder that is being cleaned; choose another folder with -o", ""},
	{errOriginal, "same-file", "its copy %s would replace another original of this run; choose another folder with -o", "the copy would replace another original; choose another folder with -o"},
	{sanitize.ErrSameFile, "same-file", "its copy would replace the original; choose another folder with -o, or use --replace-originals", ""},
	{errTaken, "exists", "another file of this run has the same output %s; clean it on its own", "another file of this run has the same output; clean them one by one"},
	{errFolder, "exists", "its copy cannot be written: %s is a folder; choose another name with -o", "a folder has the name of the copy; choose another folder with -o"},
	{fs.ErrExist, "exists", "%s already exists; use --overwrite to replace it", "the copy already exists; use --overwrite to replace it"},
	{errLink, "not-a-file", "this is a link, and --replace-originals replaces files only; name the file itself", ""},
	{sanitize.ErrTooLarge, "too-large", "larger than --max-size allows; raise it", ""},
	{sanitize.ErrChanged, "changed", "the file changed while it was read; try again when it is complete", ""},
	{sanitize.ErrNotFile, "not-a-file", "this is not a regular file; give a photo", ""},
	{fs.ErrNotExist, "not-found", "there is no such file; check the name", ""},
	{fs.ErrPermission, "permission", "the system does not allow it; check the permissions of the file and of the output folder", ""},
	{syscall.EROFS, "permission", "the output folder cannot be written to; choose another one with -o", ""},
	{syscall.ENAMETOOLONG, "other", "the name is too long; choose another folder with -o, or rename the file", ""},
	{syscall.ENOTDIR, "other", "a file stands where a folder should be; choose another folder with -o", ""},
	{syscall.EIO, "other", "the disk or card cannot be read; copy the file to another disk first", ""},
	{sanitize.ErrUnsupported, "unsupported", "this kind of file cannot be cleaned; leave it out", ""},
}

// reasonFor puts an error into words. None of them quotes a file.
func reasonFor(err error) reason {
	var (
		unsupported *sanitize.UnsupportedError
		feature     *sanitize.FeatureError
		format      *sanitize.FormatError
		verify      *sanitize.VerifyError
		special     *notFileError
	)
	switch {
	case errors.As(err, &unsupported):
		text, group := unsupportedText(unsupported.Kind)
		return reason{"unsupported", text, group}
	case errors.As(err, &feature):
		text := fmt.Sprintf("it uses %s, which cannot be cleaned; save it anew with a photo program", feature.Feature)
		return reason{"feature", text, text}
	case errors.As(err, &format) && format.CutOff && !format.Repairable:
		return reason{"cut-off", fmt.Sprintf("the file is cut off (%v); fetch it again from where it came from", format.Err),
			"the file is cut off; fetch it again from where it came from"}
	case errors.As(err, &format) && format.CutOff:
		return reason{"cut-off", fmt.Sprintf("the file is cut off (%v); fetch it again, or use --repair to close the picture", format.Err),
			"the file is cut off; fetch it again, or use --repair to close the picture"}
	case errors.As(err, &format):
		return reason{"damaged", fmt.Sprintf("the file is damaged (%v); fetch it again from where it came from", format.Err),
			"the file is damaged; fetch it again from where it came from"}
	case errors.As(err, &verify):
		return reason{"verify", fmt.Sprintf("the copy did not pass its check and was thrown away (%v); please report this", verify.Err),
			"the copy did not pass its check and was thrown away; please report this"}
	case errors.As(err, &special):
		text := special.Error() + "; give a photo"
		return reason{"not-a-file", text, text}
	case diskFull(err):
		text := "the disk is full; make room, or choose another one with -o"
		return reason{"disk-full", text, text}
	}
	return listedReason(err)
}

func listedReason(err error) reason {
	for _, r := range reasons {
		if !errors.Is(err, r.is) {
			continue
		}
		text, group := r.text, r.group
		if group == "" {
			group = text
		}
		if strings.Contains(text, "%s") {
			name := "the output"
			var target *targetError
			if errors.As(err, &target) {
				name = target.path
			}
			text = fmt.Sprintf(text, name)
		}
		return reason{r.code, text, group}
	}
	text := withoutPath(err)
	return reason{"other", text, text}
}

// withoutPath is what the system says, without the name that the line begins with anyway.
func withoutPath(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// unsupportedText says what a file is and what to do about it: in a line of its own, and
// behind a count. kind comes from a table of package sanitize.
func unsupportedText(kind string) (text, group string) {
	ends := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.HasSuffix(kind, w) })
	}
	advice := ", not a photo; leave it out"
	switch {
	case kind == "":
		return "this is not a photo; leave it out", "not a photo; leave it out"
	case kind == "file of no bytes":
		text = "the file is empty; fetch it again from where it came from"
		return text, text
	case ends("photo", "picture"):
		advice = ", which cannot be cleaned yet; publish a JPEG made from it"
	case ends("video", "sequence", "animation"):
		advice = ", which cannot be cleaned yet; do not publish it as it is"
	}
	return "this is " + article(kind) + advice, kind + advice
}

// article puts a or an before a kind of file, as it is spoken.
func article(kind string) string {
	for _, p := range []string{"AVI", "Auto", "HEI", "M4", "MP", "Excel", "AMR", "AAC", "Ogg", "electronic", "xz"} {
		if strings.HasPrefix(kind, p) {
			return "an " + kind
		}
	}
	if kind == "font" || !strings.ContainsAny(kind[:1], "aeio") {
		return "a " + kind
	}
	return "an " + kind
}
