//go:build !windows

package atomicfile

var (
	PublishNew = publishNew
	LinkNew    = linkNew
	RenameNew  = renameNew
)
