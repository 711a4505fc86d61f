//go:build !unix

package main

import (
	"errors"
	"syscall"
)

const nonBlocking = 0

// Windows has two codes for a full disk: ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL.
func diskFull(err error) bool {
	return errors.Is(err, syscall.Errno(39)) || errors.Is(err, syscall.Errno(112))
}
