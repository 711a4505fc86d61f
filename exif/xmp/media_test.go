package xmp_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// sharedMedia returns the folder of sample files that may lie beside the checkout.
func sharedMedia(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for parent := filepath.Dir(dir); parent != dir; dir, parent = parent, filepath.Dir(parent) {
		media := filepath.Join(parent, "shared", "media")
		if info, err := os.Stat(media); err == nil && info.IsDir() {
			return media
		}
	}
	t.Skip("no sample files beside the checkout")
	return ""
}

// packets returns the XMP packets in data, found by their first and last bytes.
func packets(data []byte) [][]byte {
	var all [][]byte
	for {
		_, rest, ok := bytes.Cut(data, []byte("<x:xmpmeta"))
		body, after, closed := bytes.Cut(rest, []byte("</x:xmpmeta>"))
		if !ok || !closed {
			return all
		}
		all = append(all, bytes.Join([][]byte{[]byte("<x:xmpmeta"), body, []byte("</x:xmpmeta>")}, nil))
		data = after
	}
}

func TestSampleFiles(t *testing.T) {
	read, broken, unknown, size := 0, 0, int64(0), int64(0)
	err := filepath.WalkDir(sharedMedia(t), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, p := range packets(data) {
			items, err := xmp.Read(p)
			if err != nil {
				t.Logf("%s: %v", filepath.Base(name), err)
				broken++
			}
			read++
			checkItems(t, p, items)
			for _, it := range items {
				size += it.Size
				if it.Category == metadata.Unknown {
					t.Log(filepath.Base(name), it.Path, it.Size)
					unknown += it.Size
				}
			}
			checkRoundTrip(t, items)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d packets, %d broken, %d of %d bytes unknown", read, broken, unknown, size)
	if broken*20 > read || unknown*20 > size {
		t.Error("more than one in twenty packets is broken, or of their bytes unknown")
	}
}
