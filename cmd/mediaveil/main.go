// Mediaveil removes what identifies people from photos: position, device, time, persons and
// hidden copies, without touching the picture.
//
//	mediaveil clean -o clean/ photos/
//	mediaveil inspect photo.jpg
//
// This package is a thin shell around package sanitize: it finds the files, says what
// happened in plain words or as JSON Lines, and never prints what a file says unless --values
// asks for it. It writes nothing but the clean copies.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"golang.org/x/term"
)

// env is everything outside of the program that a verb touches, beside files.
type env struct {
	out, err                 io.Writer
	outTerminal, errTerminal bool
	plain                    bool // no colour, whoever looks
}

func std() env {
	return env{
		out:         os.Stdout,
		err:         os.Stderr,
		outTerminal: term.IsTerminal(int(os.Stdout.Fd())),
		errTerminal: term.IsTerminal(int(os.Stderr.Fd())),
		plain:       os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb",
	}
}

// The exit codes, which scripts rely on.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitFound       = 3
	exitRefused     = 4
	exitInterrupted = 130 // as shells report SIGINT; SIGTERM gives it too
)

// What a verb returns when it has said everything already.
var (
	errFailed = errors.New("a file could not be done")
	errFound  = errors.New("something that identifies was found")
)

// A usageError is a command line that makes no sense.
type usageError struct{ what string }

func (e *usageError) Error() string { return e.what }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

// Cleaning a batch leaves little to collect and much to copy: the collector may wait longer
// than usual, as long as all stays small.
const (
	gcPercent   = 400
	memoryLimit = 40 << 20 // bytes, past which it no longer waits
)

func main() {
	debug.SetGCPercent(gcPercent)
	debug.SetMemoryLimit(memoryLimit)
	os.Exit(run(context.Background(), os.Args[1:], std()))
}

// run runs one verb. A signal ends its context and nothing else: whoever is writing a file
// removes it, however often Ctrl-C is pressed. A reader that went away is an error of
// writing, not the end of the process, for the same reason.
func run(ctx context.Context, args []string, e env) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	signal.Ignore(syscall.SIGPIPE)
	err := dispatch(ctx, e, args)
	code := exitCode(err)
	if code == exitUsage || code == exitFailed && !errors.Is(err, errFailed) {
		fmt.Fprintln(e.err, "mediaveil: "+safe(err.Error()))
	}
	return code
}

func exitCode(err error) int {
	var usage *usageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage):
		return exitUsage
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.Is(err, errFound), errors.Is(err, errHeld):
		return exitFound
	case errors.Is(err, errRefused):
		return exitRefused
	default:
		return exitFailed
	}
}
