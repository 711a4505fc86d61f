//go:build !unix

package sanitize

const nonBlocking = 0
