package irb_test

import (
	"bytes"
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/irb"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// sharedPhotos returns the folder of sample photos that may lie beside the checkout.
func sharedPhotos(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for parent := filepath.Dir(dir); parent != dir; dir, parent = parent, filepath.Dir(parent) {
		photos := filepath.Join(parent, "shared", "media", "photos")
		if info, err := os.Stat(photos); err == nil && info.IsDir() {
			return photos
		}
	}
	t.Skip("no sample photos beside the checkout")
	return ""
}

// block returns the resources in the APP13 segments of a JPEG file, put together.
func block(jpeg []byte) []byte {
	var all []byte
	for at := 2; at+4 < len(jpeg) && jpeg[at] == 0xFF && jpeg[at+1] != 0xDA; {
		end := min(at+2+int(binary.BigEndian.Uint16(jpeg[at+2:])), len(jpeg))
		if data, ok := bytes.CutPrefix(jpeg[at+4:max(end, at+4)], []byte("Photoshop 3.0\x00")); ok && jpeg[at+1] == 0xED {
			all = append(all, data...)
		}
		at = max(end, at+4)
	}
	return all
}

func TestSamplePhotos(t *testing.T) {
	read, broken, unknown, fields := 0, 0, 0, 0
	err := filepath.WalkDir(sharedPhotos(t), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil || !bytes.HasPrefix(data, []byte{0xFF, 0xD8}) {
			return err
		}
		b := block(data)
		if b == nil {
			return nil
		}
		items, err := irb.Read(b)
		if err != nil {
			t.Logf("%s: %v", filepath.Base(name), err)
			broken++
		}
		read++
		checkItems(t, b, items)
		for _, it := range items {
			if it.Category == metadata.Unknown && !strings.HasSuffix(it.Path, "/unreadable") {
				t.Log(filepath.Base(name), it.Path, it.Size)
				unknown++
			}
			if it.Field != "" {
				fields++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d blocks, %d broken, %d unknown items, %d fields", read, broken, unknown, fields)
	if broken*10 > read || unknown > read {
		t.Error("more than one in ten blocks is broken, or one item in each unknown")
	}
}
