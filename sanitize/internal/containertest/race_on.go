//go:build race

package containertest

// Race reports whether the race detector watches, under which reading is twenty times as slow.
const Race = true
