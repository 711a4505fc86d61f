//go:build unix

package main

import (
	"errors"
	"syscall"
)

// nonBlocking keeps the opening of a pipe, should a file have become one, from waiting.
const nonBlocking = syscall.O_NONBLOCK

func diskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
