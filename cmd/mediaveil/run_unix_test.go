//go:build unix

package main

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Signals reach the context, and a second one does no more.
func TestSignals(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		const n = 600
		in, out := album(t, n, "gps"), filepath.Join(t.TempDir(), "out")
		c := &console{onOut: func() {
			for range 2 {
				if err := syscall.Kill(syscall.Getpid(), sig); err != nil {
					t.Error(err)
				}
				time.Sleep(20 * time.Millisecond) // the signal takes its time to arrive
			}
		}}
		if code := run(t.Context(), []string{"clean", "--json", "-o", out, in}, c.env(false)); code != exitInterrupted {
			t.Errorf("%v: exit code %d", sig, code)
		}
		checkWhole(t, out, n)
	}
}
