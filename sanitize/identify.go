package sanitize

import (
	"io"
	"unicode/utf8"

	"github.com/h2non/filetype"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/formats"
)

// headSize is how much of a file is looked at to tell what it is.
const headSize = 4096

// identify returns the format of src by its content. What no format claims is named as far
// as possible and refused.
func identify(src container.Source) (container.Format, error) {
	head := make([]byte, min(src.Size(), headSize))
	if n, err := src.ReadAt(head, 0); n < len(head) {
		if err == nil || err == io.EOF {
			err = ErrChanged
		}
		return nil, err
	}
	for _, f := range formats.All() {
		if f.Match(head) {
			return f, nil
		}
	}
	return nil, &UnsupportedError{Kind: kindOf(head)}
}

// kinds names what filetype can tell, in an order of our own: asked for everything at once
// it answers differently from run to run when several types fit.
var kinds = []struct{ ext, name string }{
	{"png", "PNG picture"}, {"gif", "GIF picture"}, {"webp", "WebP picture"},
	{"cr2", "Canon raw photo"}, {"tif", "TIFF picture"}, {"bmp", "BMP picture"},
	{"jxr", "JPEG XR picture"}, {"psd", "Photoshop document"}, {"ico", "Windows icon"},
	{"dwg", "AutoCAD drawing"}, {"heif", "HEIF photo"},
	{"mp4", "MP4 video"}, {"m4v", "M4V video"}, {"mov", "QuickTime video"},
	{"webm", "WebM video"}, {"mkv", "Matroska video"}, {"avi", "AVI video"},
	{"wmv", "Windows Media video"}, {"mpg", "MPEG video"}, {"flv", "Flash video"}, {"3gp", "3GP video"},
	{"docx", "Word document"}, {"xlsx", "Excel workbook"}, {"pptx", "PowerPoint presentation"},
	{"doc", "Word, Excel or PowerPoint document of the old kind"},
	{"pdf", "PDF document"}, {"rtf", "rich text document"}, {"epub", "electronic book"},
	{"mid", "MIDI file"}, {"mp3", "MP3 sound file"}, {"m4a", "M4A sound file"}, {"ogg", "Ogg file"},
	{"flac", "FLAC sound file"}, {"wav", "WAV sound file"}, {"amr", "AMR sound file"}, {"aac", "AAC sound file"},
	{"zip", "ZIP archive"}, {"rar", "RAR archive"}, {"7z", "7-Zip archive"}, {"gz", "gzip archive"},
	{"tar", "tar archive"}, {"bz2", "bzip2 archive"}, {"xz", "xz archive"}, {"zst", "zstd archive"},
	{"exe", "Windows program"}, {"elf", "Linux program"}, {"sqlite", "SQLite database"},
	{"swf", "Flash file"}, {"woff", "font"}, {"woff2", "font"}, {"ttf", "font"}, {"otf", "font"},
}

// brands are the file type boxes (ISO/IEC 14496-12 section 4.3) that filetype does not know
// or tells differently from run to run.
var brands = map[string]string{
	"avif": "AVIF picture", "avis": "AVIF animation",
	"heic": "HEIC photo", "heix": "HEIC photo", "hevc": "HEIC sequence", "hevx": "HEIC sequence",
	"heim": "HEIC photo", "heis": "HEIC photo", "mif1": "HEIF photo", "msf1": "HEIF sequence",
	"jxl ": "JPEG XL picture", "jp2 ": "JPEG 2000 picture", "jpx ": "JPEG 2000 picture", "crx ": "Canon raw photo",
	"qt  ": "QuickTime video",
}

// kindOf names a type for people, "" when there is no name.
func kindOf(head []byte) (name string) {
	defer func() {
		if recover() != nil {
			name = ""
		}
	}()
	switch {
	case len(head) == 0:
		return "file of no bytes"
	case len(head) >= 12 && string(head[4:8]) == "ftyp" && brands[string(head[8:12])] != "":
		return brands[string(head[8:12])]
	case len(head) >= 2 && head[0] == 0xFF && head[1] == 0x0A, len(head) >= 8 && string(head[4:8]) == "JXL ":
		return "JPEG XL picture"
	case len(head) >= 8 && string(head[4:8]) == "jP  ":
		return "JPEG 2000 picture"
	}
	for _, k := range kinds {
		if filetype.Is(head, k.ext) {
			return k.name
		}
	}
	if isText(head) {
		return "text file"
	}
	return ""
}

// isText reports whether head is readable text. A character may be cut at its end.
func isText(head []byte) bool {
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		if r == utf8.RuneError && n == 1 && len(head) >= utf8.UTFMax || r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' {
			return false
		}
		head = head[n:]
	}
	return true
}
