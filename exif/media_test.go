package exif_test

import (
	"bytes"
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mediaBlocks returns the Exif blocks of the JPEG files in the shared collection.
func mediaBlocks(t *testing.T) map[string][]byte {
	t.Helper()
	root := mediaRoot()
	if root == "" {
		t.Skip("no folder shared/media beside the checkout")
	}
	blocks := map[string][]byte{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		ext := strings.ToLower(filepath.Ext(path))
		if err != nil || d.IsDir() || ext != ".jpg" && ext != ".jpeg" {
			return err
		}
		data, err := os.ReadFile(path)
		if b := findBlock(data); b != nil {
			name, _ := filepath.Rel(root, path)
			blocks[name] = b
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return blocks
}

func mediaRoot() string {
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		root := filepath.Join(dir, "shared", "media", "photos")
		if info, err := os.Stat(root); err == nil && info.IsDir() {
			return root
		}
		dir = filepath.Dir(dir)
	}
	return ""
}

// findBlock returns the payload of the first Exif segment of a JPEG file, without its prefix.
func findBlock(data []byte) []byte {
	for at := 2; at+4 <= len(data) && data[at] == 0xFF && data[at+1] != 0xDA; {
		size := int(binary.BigEndian.Uint16(data[at+2:]))
		if size < 2 || at+2+size > len(data) {
			return nil
		}
		payload := data[at+4 : at+2+size]
		if data[at+1] == 0xE1 && bytes.HasPrefix(payload, []byte("Exif\x00\x00")) {
			return payload[6:]
		}
		at += 2 + size
	}
	return nil
}
