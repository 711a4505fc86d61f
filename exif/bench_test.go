package exif_test

import (
	"testing"

	"github.com/mediaveil/mediaveil/exif"
)

func BenchmarkRead(b *testing.B) {
	data := bigBlock(phone())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := exif.Read(data); err != nil {
			b.Fatal(err)
		}
	}
}

// The most that a block can ask for: every entry that is read at all, each with eight numbers.
func BenchmarkReadFull(b *testing.B) {
	full := &dir{}
	for i := range 4096 {
		full.ents = append(full.ents, short(uint16(i+0x1000), 1, 2, 3, 4, 5, 6, 7, 8))
	}
	data := bigBlock(full)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := exif.Read(data); err != nil {
			b.Fatal(err)
		}
	}
}
