package sanitize_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/mediaveil/mediaveil/sanitize"
)

// archive is a ZIP archive with parts of the given names; a mimetype is stored with its text.
func archive(t *testing.T, names ...string) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range names {
		name, text, _ := strings.Cut(name, "=")
		part, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err == nil {
			_, err = io.WriteString(part, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func wideText(s string) string {
	b := []byte("\xFF\xFE")
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

// What cannot be cleaned is named by its content, with what to do instead.
func TestKindsThatAreRefused(t *testing.T) {
	pad := strings.Repeat("\x00", 200)
	for _, test := range []struct{ data, kind string }{
		{"FUJIFILMCCD-RAW 0201" + pad, "Fujifilm RAF raw photo"},
		{"IIRO\x08\x00\x00\x00" + pad, "Olympus ORF raw photo"},
		{"MMOR\x00\x00\x00\x08" + pad, "Olympus ORF raw photo"},
		{"IIU\x00\x08\x00\x00\x00" + pad, "Panasonic RW2 raw photo"},
		{"\x00MRM\x00\x00" + pad, "Minolta MRW raw photo"},
		{"FOVb\x00\x00" + pad, "Sigma X3F raw photo"},
		{"II\x1A\x00\x00\x00HEAPCCDR" + pad, "Canon CRW raw photo"},
		{"\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01" + pad, "Canon CR3 raw photo"},
		{"II*\x00\x10\x00\x00\x00CR\x02\x00" + pad, "Canon CR2 raw photo"},
		{"II*\x00\x0C\x00\x00\x00IIII" + pad, "Phase One IIQ raw photo"},
		{"8BPS\x00\x01" + pad, "Photoshop picture"},
		{"gimp xcf v011\x00" + pad, "GIMP XCF picture"},
		{"%PDF-1.7\n" + pad, "PDF document"},
		{"junk before\n%PDF-1.4\n" + pad, "PDF document"},
		{"%!PS-Adobe-3.0 EPSF-3.0\n", "PostScript document"},
		{"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "SVG picture"},
		{"\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- Created by -->\n<svg:svg/>\n<svg/>", "SVG picture"},
		{wideText("<?xml version=\"1.0\"?><svg/>"), "SVG picture"},
		{"<!DOCTYPE html><html><body><svg></svg>", "web page"},
		{"<html><body>", "web page"},
		{"a line about <svg", "text file"},
		{archive(t, "[Content_Types].xml=x", "_rels/.rels=x", "word/document.xml=x"), "Word document"},
		{archive(t, "[Content_Types].xml=x", "xl/workbook.xml=x"), "Excel workbook"},
		{archive(t, "[Content_Types].xml=x", "ppt/presentation.xml=x"), "PowerPoint presentation"},
		{archive(t, "[Content_Types].xml=x", "docProps/app.xml=x"), "Office document"},
		{archive(t, "mimetype=application/vnd.oasis.opendocument.text"), "OpenDocument text"},
		{archive(t, "mimetype=application/vnd.oasis.opendocument.graphics"), "OpenDocument file"},
		{archive(t, "mimetype=application/epub+zip"), "electronic book"},
		{archive(t, "mimetype=image/openraster"), "OpenRaster picture"},
		{archive(t, "photos/one.jpg=x"), "ZIP archive"},
		{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + pad + strings.Repeat("\x00", 600), "Word, Excel or PowerPoint document of the old kind"},
		{"{\\rtf1\\ansi", "rich text document"},
		{strings.Repeat("\x00", 128) + "DICM" + pad, "DICOM medical picture"},
	} {
		src := strings.NewReader(test.data)
		var out bytes.Buffer
		_, err := sanitize.Clean(context.Background(), &out, src, src.Size(), sanitize.Options{})
		var u *sanitize.UnsupportedError
		if !errors.As(err, &u) || u.Kind != test.kind || !errors.Is(err, sanitize.ErrUnsupported) || out.Len() > 0 {
			t.Errorf("%.24q: %v, want a %s", test.data, err, test.kind)
			continue
		}
		if !strings.HasSuffix(err.Error(), test.kind+"; publish a JPEG made from it") {
			t.Errorf("%s: %q does not say what to do", test.kind, err)
		}
	}
}
