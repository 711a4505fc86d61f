//go:build !linux && !darwin && !windows

package atomicfile

func publishNew(temp, name string) error { return linkNew(temp, name) }
