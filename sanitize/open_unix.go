//go:build unix

package sanitize

import "syscall"

// nonBlocking keeps the opening of a pipe, should a file have become one, from waiting.
const nonBlocking = syscall.O_NONBLOCK
