package sanitize_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// TestExamplePhotos holds the photos of the examples, which are in the repository so that
// they can be tried by hand as well, to what this file says they are.
func TestExamplePhotos(t *testing.T) {
	packet := xmp.Write([]metadata.Entry{
		{Field: metadata.Credit, Value: "Photo: A. Photographer"},
		{Field: metadata.Caption, Value: "Amina in Zaatari"},
	})
	for name, photo := range map[string][]byte{
		"phone.jpg":    withSegments(picture(t, 320, 240), segment(0xE1, "Exif\x00\x00"+string(phoneExif()))),
		"credited.jpg": withSegments(picture(t, 320, 240), segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00"+string(packet))),
	} {
		file := filepath.Join("..", "testdata", "jpeg", name)
		if *update {
			if err := os.WriteFile(file, photo, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(mustRead(t, file), photo) {
			t.Errorf("%s is not what the test makes; go test ./sanitize -update writes it anew", file)
		}
	}
}

// A tag is one entry of an IFD: its number, TIFF type, count and value.
type tag struct {
	id, kind uint16
	count    uint32
	value    []byte
}

func ascii(id uint16, s string) tag { return tag{id, 2, uint32(len(s) + 1), append([]byte(s), 0)} }

func rationals(id uint16, v ...uint32) tag {
	var b []byte
	for _, n := range v {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	return tag{id, 5, uint32(len(v) / 2), b}
}

// phoneExif is what a phone writes: maker, model, serial number, date, and a position in the
// middle of the sea.
func phoneExif() []byte {
	camera := []tag{
		ascii(0x9003, "2026:01:31 14:05:09"), ascii(0x9011, "+02:00"), ascii(0xA431, "SN12345678"),
	}
	gps := []tag{
		ascii(1, "N"), rationals(2, 1, 1, 2, 1, 345, 100),
		ascii(3, "W"), rationals(4, 30, 1, 4, 1, 567, 100),
		rationals(31, 5, 1),
	}
	main := []tag{
		ascii(0x010F, "Example"), ascii(0x0110, "Phone 1"), ascii(0x0131, "Camera 2.0"),
		{0x8769, 4, 1, nil}, {0x8825, 4, 1, nil},
	}
	header := []byte("MM\x00\x2A\x00\x00\x00\x08")
	cameraAt := uint32(len(header) + len(directory(main, 0)))
	gpsAt := cameraAt + uint32(len(directory(camera, 0)))
	main[3].value = binary.BigEndian.AppendUint32(nil, cameraAt)
	main[4].value = binary.BigEndian.AppendUint32(nil, gpsAt)
	return bytes.Join([][]byte{
		header, directory(main, uint32(len(header))), directory(camera, cameraAt), directory(gps, gpsAt),
	}, nil)
}

// directory lays out an IFD that begins at the given offset.
func directory(tags []tag, at uint32) []byte {
	out := binary.BigEndian.AppendUint16(nil, uint16(len(tags)))
	var values []byte
	behind := at + 2 + uint32(len(tags))*12 + 4
	for _, t := range tags {
		out = binary.BigEndian.AppendUint16(out, t.id)
		out = binary.BigEndian.AppendUint16(out, t.kind)
		out = binary.BigEndian.AppendUint32(out, t.count)
		if len(t.value) <= 4 {
			out = append(out, append(t.value, make([]byte, 4-len(t.value))...)...)
			continue
		}
		out = binary.BigEndian.AppendUint32(out, behind+uint32(len(values)))
		values = append(values, t.value...)
		if len(values)%2 == 1 {
			values = append(values, 0)
		}
	}
	return append(append(out, 0, 0, 0, 0), values...)
}
