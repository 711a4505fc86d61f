package exif_test

import (
	"encoding/binary"
	"errors"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/exif"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// One entry each: where it is listed, what it gives away, and what it says.
var listed = []struct {
	name     string
	dir      *dir
	path     string
	category metadata.Category
	value    string
	size     int64
}{
	{"maker", ifd(ascii(0x010F, "Maker")), "exif/ifd0/Make", metadata.Device, "Maker", 18},
	{"serial number", exifIFD(ascii(0xA431, "SN-1")), "exif/exif/BodySerialNumber", metadata.Device, "SN-1", 17},
	{"exposure", exifIFD(ratio(0x829A, 10, 1250)), "exif/exif/ExposureTime", metadata.Device, "1/125", 20},
	{"signed rational", exifIFD(ent{id: 0x9204, typ: 10, u32: []uint32{0xFFFFFFFF, 3}}), "exif/exif/ExposureBiasValue", metadata.Device, "-0.33333333", 20},
	{"double", ifd(float(0x830E, 0.25)), "exif/ifd0/ModelPixelScale", metadata.Location, "0.25", 20},
	{"float", ifd(ent{id: 0x9A00, typ: 11, u32: []uint32{0x3FC00000}}), "exif/ifd0/XiaomiModel", metadata.Device, "1.5", 12},
	{"scene type", exifIFD(undefined(0xA301, "\x01")), "exif/exif/SceneType", metadata.Device, "1", 12},
	{"firmware", exifIFD(ent{id: 0xA439, typ: 129, text: "1.2é\x00"}), "exif/exif/CameraFirmware", metadata.Device, "1.2é", 18},
	{"maker note", exifIFD(undefined(0x927C, "Apple iOS secret")), "exif/exif/MakerNote", metadata.Device, "", 28},
	{"gps time", gpsIFD(ratio(7, 12, 1, 5, 1, 9, 1)), "exif/gps/GPSTimeStamp", metadata.Time, "12 5 9", 36},
	{"gps date", gpsIFD(ascii(0x1D, "2026:01:31")), "exif/gps/GPSDateStamp", metadata.Time, "2026:01:31", 23},
	{"place name", gpsIFD(comment(0x1C, "ASCII", "Camp 4")), "exif/gps/GPSAreaInformation", metadata.Location, "Camp 4", 26},
	{"direction", gpsIFD(ratio(0x11, 2271, 10)), "exif/gps/GPSImgDirection", metadata.Location, "227.1", 20},
	{"zero by zero", gpsIFD(ratio(6, 0, 0)), "exif/gps/GPSAltitude", metadata.Location, "0/0", 20},
	{"geotiff", ifd(short(0x87AF, 1, 1, 0, 0)), "exif/ifd0/GeoKeyDirectory", metadata.Location, "1 1 0 0", 20},
	{"date", ifd(ascii(0x0132, "2026:01:31 14:05:09")), "exif/ifd0/DateTime", metadata.Time, "2026:01:31 14:05:09", 32},
	{"time zone", exifIFD(ascii(0x9010, "+02:00")), "exif/exif/OffsetTime", metadata.Time, "+02:00", 19},
	{"owner", exifIFD(ascii(0xA430, "Amina")), "exif/exif/CameraOwnerName", metadata.Person, "Amina", 18},
	{"windows author", ifd(wide(0x9C9D, "Amina Ł.")), "exif/ifd0/XPAuthor", metadata.Person, "Amina Ł.", 30},
	{"windows keywords", ifd(wide(0x9C9E, "camp;school")), "exif/ifd0/XPKeywords", metadata.Description, "camp;school", 36},
	{"comment", exifIFD(comment(0x9286, "ASCII", "hello")), "exif/exif/UserComment", metadata.Description, "hello", 25},
	{"comment in utf-16", exifIFD(comment(0x9286, "UNICODE", "\xFF\xFEh\x00i\x00")), "exif/exif/UserComment", metadata.Description, "hi", 26},
	{"comment in big-endian utf-16", exifIFD(comment(0x9286, "UNICODE", "\xFE\xFF\x00h\x00i")), "exif/exif/UserComment", metadata.Description, "hi", 26},
	{"comment in jis", exifIFD(comment(0x9286, "JIS", "$3$s")), "exif/exif/UserComment", metadata.Description, "", 24},
	{"comment without a code", exifIFD(undefined(0x9286, "plain words")), "exif/exif/UserComment", metadata.Description, "plain words", 23},
	{"title of exif 3.0", exifIFD(ascii(0xA436, "Title")), "exif/exif/ImageTitle", metadata.Description, "Title", 18},
	{"photographer", exifIFD(ascii(0xA437, "A. B.")), "exif/exif/Photographer", metadata.Rights, "A. B.", 18},
	{"program", ifd(ascii(0x0131, "Editor 1")), "exif/ifd0/Software", metadata.Software, "Editor 1", 21},
	{"computer", ifd(ascii(0x013C, "amina-laptop")), "exif/ifd0/HostComputer", metadata.Software, "amina-laptop", 25},
	{"behind a nul", ifd(ascii(0x0131, "Ed\x00\x00left over")), "exif/ifd0/Software", metadata.Software, "Ed; left over", 26},
	{"artist in the wrong place", exifIFD(ascii(0x013B, "A. B.")), "exif/exif/Artist", metadata.Rights, "A. B.", 18},
	{"xmp", ifd(ent{id: 700, typ: 1, text: "<x:xmpmeta/>"}), "exif/ifd0/XMP", metadata.Unknown, "", 24},
	{"unknown tag", ifd(short(0xC4A6, 7)), "exif/ifd0/0xC4A6", metadata.Unknown, "7", 12},
	{"small unknown tag", gpsIFD(short(0x99, 7)), "exif/gps/0x0099", metadata.Unknown, "7", 12},
	{"gps tag outside", ifd(short(2, 7)), "exif/ifd0/0x0002", metadata.Unknown, "7", 12},
	{"orientation", ifd(short(0x0112, 6)), "exif/ifd0/Orientation", metadata.Rendering, "6", 12},
	{"width", exifIFD(long(0xA002, 4032)), "exif/exif/PixelXDimension", metadata.Rendering, "4032", 12},
	{"pointer", gpsIFD(), "exif/ifd0/GPSInfoIFDPointer", metadata.Rendering, "", 12},
	{"version", exifIFD(undefined(0x9000, "0300")), "exif/exif/ExifVersion", metadata.Rendering, "0300", 12},
	{"interoperability", exifIFD(ptr(0xA005, ifd(ascii(1, "R98")))), "exif/interop/InteroperabilityIndex", metadata.Rendering, "R98", 12},
	{"second ifd", ifd().then(ifd(short(0x0112, 3))), "exif/ifd1/Orientation", metadata.Rendering, "3", 12},
	{"third ifd", ifd().then(ifd().then(ifd(short(0x0103, 6)))), "exif/ifd2/Compression", metadata.Rendering, "6", 12},
	{"sub-ifd", ifd(ptr(0x014A, ifd(), ifd(ascii(0x0110, "M")))), "exif/subifd1/Model", metadata.Device, "M", 12},
	{"second exif ifd", exifIFD().then(exifIFD(ascii(0xA430, "Bo"))), "exif/exif1/CameraOwnerName", metadata.Person, "Bo", 12},
	{"thumbnail", ifd().then(ifd(thumb(0x0201, make([]byte, 500)), long(0x0202, 500))), "exif/ifd1/thumbnail", metadata.Thumbnail, "", 500},
	{"strips", ifd().then(ifd(thumb(0x0111, make([]byte, 90)), short(0x0117, 90))), "exif/ifd1/thumbnail", metadata.Thumbnail, "", 90},
	{"layers", ifd(undefined(0x935C, "Adobe Photoshop")), "exif/ifd0/ImageSourceData", metadata.Thumbnail, "", 27},

	// A tag that should be harmless with a value that is not.
	{"text for a width", ifd(ascii(0x0100, "Amina")), "exif/ifd0/ImageWidth", metadata.Unknown, "Amina", 18},
	{"too many numbers", ifd(short(0x0102, make([]uint16, 33)...)), "exif/ifd0/BitsPerSample", metadata.Unknown, strings.Repeat("0 ", 32) + "0", 78},
	{"long version", exifIFD(undefined(0x9000, "0300 Amina")), "exif/exif/ExifVersion", metadata.Unknown, "0300 Amina", 22},
	{"odd interoperability", exifIFD(ptr(0xA005, ifd(ascii(1, "Bo")))), "exif/interop/InteroperabilityIndex", metadata.Unknown, "Bo", 12},
	{"text behind interoperability", exifIFD(ptr(0xA005, ifd(ascii(1, "R98\x00Bo")))), "exif/interop/InteroperabilityIndex", metadata.Unknown, "R98; Bo", 19},
	{"lengths of nothing", ifd(long(0x0117, make([]uint32, 17)...)), "exif/ifd0/StripByteCounts", metadata.Unknown, "", 80},
	{"text for strips", ifd(ascii(0x0144, "Amina")), "exif/ifd0/TileOffsets", metadata.Unknown, "", 18},
}

func TestReadLists(t *testing.T) {
	for _, c := range listed {
		for _, o := range bothOrders {
			items, err := exif.Read(block(o, c.dir))
			if err != nil && c.name != "text for strips" {
				t.Errorf("%s, %v: %v", c.name, o, err)
			}
			got, ok := find(items, c.path)
			if !ok {
				t.Errorf("%s, %v: no item %s", c.name, o, c.path)
				continue
			}
			if got.Category != c.category || got.Value.Reveal() != c.value || got.Size != c.size {
				t.Errorf("%s, %v: %v %q %d, want %v %q %d", c.name, o, got.Category, got.Value.Reveal(), got.Size, c.category, c.value, c.size)
			}
		}
	}
}

func gps(latRef string, lat []uint32, longRef string, long []uint32) *dir {
	return gpsIFD(ascii(1, latRef), ratio(2, lat...), ascii(3, longRef), ratio(4, long...))
}

func taken(date string, more ...ent) *dir { return exifIFD(append(more, ascii(0x9003, date))...) }

var fieldCases = []struct {
	name  string
	dir   *dir
	field metadata.Field
	want  []string
}{
	{"orientation", ifd(short(0x0112, 8)), metadata.Orientation, []string{"8"}},
	{"orientation 1", ifd(short(0x0112, 1)), metadata.Orientation, []string{"1"}},
	{"orientation as a long", ifd(long(0x0112, 3)), metadata.Orientation, []string{"3"}},
	{"orientation 0", ifd(short(0x0112, 0)), metadata.Orientation, nil},
	{"orientation 9", ifd(short(0x0112, 9)), metadata.Orientation, nil},
	{"two orientations in one", ifd(short(0x0112, 6, 6)), metadata.Orientation, nil},
	{"the first orientation counts", ifd(short(0x0112, 6), short(0x0112, 3)), metadata.Orientation, []string{"6"}},
	{"orientation of the thumbnail", ifd().then(ifd(short(0x0112, 6))), metadata.Orientation, nil},
	{"orientation in the exif ifd", exifIFD(short(0x0112, 6)), metadata.Orientation, nil},

	{"adobe rgb", exifIFD(short(0xA001, 2)), metadata.ColorSpace, []string{"adobe-rgb"}},
	{"adobe rgb of cameras", exifIFD(short(0xA001, 0xFFFF), ptr(0xA005, ifd(ascii(1, "R03")))), metadata.ColorSpace, []string{"adobe-rgb"}},
	{"uncalibrated", exifIFD(short(0xA001, 0xFFFF), ptr(0xA005, ifd(ascii(1, "R98")))), metadata.ColorSpace, nil},
	{"srgb with r03", exifIFD(short(0xA001, 1), ptr(0xA005, ifd(ascii(1, "R03")))), metadata.ColorSpace, nil},

	{"copyright", ifd(ascii(0x8298, " © Example Aid ")), metadata.Copyright, []string{"© Example Aid"}},
	{"copyright of two", ifd(ascii(0x8298, "A. B.\x00Example Aid")), metadata.Copyright, []string{"A. B.; Example Aid"}},
	{"copyright of the editor", ifd(ascii(0x8298, " \x00Example Aid")), metadata.Copyright, []string{"Example Aid"}},
	{"more behind the copyright", ifd(ascii(0x8298, "A\x00B\x00left over")), metadata.Copyright, []string{"A; B"}},
	{"copyright in latin-1", ifd(ascii(0x8298, "\xA9 Ren\xE9")), metadata.Copyright, []string{"© René"}},
	{"copyright in utf-8", ifd(ent{id: 0x8298, typ: 129, text: "© Łódź"}), metadata.Copyright, []string{"© Łódź"}},
	{"empty copyright", ifd(ascii(0x8298, "  \x00 ")), metadata.Copyright, nil},
	{"copyright as numbers", ifd(short(0x8298, 65, 66, 67)), metadata.Copyright, nil},

	{"artist", ifd(ascii(0x013B, "A. B.")), metadata.Creator, []string{"A. B."}},
	{"artists", ifd(ascii(0x013B, "C. D.;A. B. ; ;E\x00left over")), metadata.Creator, []string{"C. D.", "A. B.", "E"}},
	{"artist of control characters", ifd(ascii(0x013B, "\x01\x02\r\n ")), metadata.Creator, nil},
	{"too many artists", ifd(ascii(0x013B, strings.Repeat("x;", 100))), metadata.Creator, slices.Repeat([]string{"x"}, 64)},

	{"description", ifd(ascii(0x010E, "Two\r\nlines\x1B[0m")), metadata.Caption, []string{"Two\nlines[0m"}},
	{"description in the exif ifd", exifIFD(ascii(0x010E, "x")), metadata.Caption, nil},

	{"date", taken("2026:01:31 14:05:09"), metadata.DateTaken, []string{"2026-01-31T14:05:09"}},
	{"date with zone", taken("2026:01:31 14:05:09", ascii(0x9011, "+02:00")), metadata.DateTaken, []string{"2026-01-31T14:05:09+02:00"}},
	{"date with zone and fraction", taken("2026:01:31 14:05:09", ascii(0x9011, "-03:30"), ascii(0x9291, "042")), metadata.DateTaken, []string{"2026-01-31T14:05:09.042-03:30"}},
	{"date in utc", taken("2026:01:31 14:05:09", ascii(0x9011, "Z")), metadata.DateTaken, []string{"2026-01-31T14:05:09Z"}},
	{"date with nonsense", taken("2026:01:31 14:05:09", ascii(0x9011, "+2"), ascii(0x9291, "1a")), metadata.DateTaken, []string{"2026-01-31T14:05:09"}},
	{"date with impossible zone", taken("2026:01:31 14:05:09", ascii(0x9011, "+25:00")), metadata.DateTaken, []string{"2026-01-31T14:05:09"}},
	{"no date", taken("0000:00:00 00:00:00"), metadata.DateTaken, nil},
	{"blank date", taken("    :  :     :  :  "), metadata.DateTaken, nil},

	{"latitude", gps("N", []uint32{36, 1, 12, 1, 756, 100}, "E", []uint32{37, 1, 8, 1, 30, 1}), metadata.Latitude, []string{"36.2021"}},
	{"longitude", gps("N", []uint32{36, 1, 12, 1, 756, 100}, "E", []uint32{37, 1, 8, 1, 30, 1}), metadata.Longitude, []string{"37.1416667"}},
	{"south", gps("S", []uint32{36, 1, 12, 1, 756, 100}, "W", []uint32{37, 1}), metadata.Latitude, []string{"-36.2021"}},
	{"west", gps("S", []uint32{36, 1}, "w", []uint32{37, 1}), metadata.Longitude, []string{"-37"}},
	{"decimal minutes", gps("N", []uint32{36, 1, 12126, 1000}, "E", []uint32{37, 1}), metadata.Latitude, []string{"36.2021"}},
	{"null island", gps("S", []uint32{0, 1, 0, 1, 0, 1}, "W", []uint32{0, 1}), metadata.Latitude, []string{"0"}},
	{"zero by zero", gps("N", []uint32{0, 0, 0, 0, 0, 0}, "E", []uint32{0, 0}), metadata.Latitude, nil},
	{"beyond the pole", gps("N", []uint32{90, 1, 0, 1, 1, 1}, "E", []uint32{37, 1}), metadata.Latitude, nil},
	{"beyond the date line", gps("N", []uint32{90, 1}, "E", []uint32{181, 1}), metadata.Longitude, nil},
	{"no hemisphere", gps("", []uint32{36, 1}, "E", []uint32{37, 1}), metadata.Latitude, nil},
	{"wrong hemisphere", gps("E", []uint32{36, 1}, "N", []uint32{37, 1}), metadata.Longitude, nil},
	{"four numbers", gps("N", []uint32{36, 1, 1, 1, 1, 1, 1, 1}, "E", []uint32{37, 1}), metadata.Latitude, nil},
}

func TestReadFields(t *testing.T) {
	for _, c := range fieldCases {
		for _, o := range bothOrders {
			items, err := exif.Read(block(o, c.dir))
			if err != nil {
				t.Errorf("%s, %v: %v", c.name, o, err)
			}
			if got := fieldsOf(items, c.field); !slices.Equal(got, c.want) {
				t.Errorf("%s, %v: %s = %q, want %q", c.name, o, c.field, got, c.want)
			}
			for _, item := range items {
				if item.Field != "" && item.Field.Category() != item.Category {
					t.Errorf("%s: %s is %v, its field %v", c.name, item.Path, item.Category, item.Field.Category())
				}
			}
		}
	}
}

// A position without a usable value is still a position.
func TestReadListsBadPositions(t *testing.T) {
	items, _ := exif.Read(bigBlock(gps("N", []uint32{0, 0, 0, 0, 0, 0}, "E", []uint32{999, 1})))
	for _, path := range []string{"exif/gps/GPSLatitude", "exif/gps/GPSLongitude"} {
		if item, ok := find(items, path); !ok || item.Category != metadata.Location || item.Field != "" || item.Value == "" {
			t.Errorf("%s: %+v", path, item)
		}
	}
}

func TestReadWithin(t *testing.T) {
	for _, c := range []struct {
		name string
		dir  *dir
		path string
		want float64
	}{
		{"whole seconds", gps("N", []uint32{36, 1, 12, 1, 8, 1}, "E", []uint32{37, 1}), "exif/gps/GPSLatitude", 30.9},
		{"hundredths", gps("N", []uint32{36, 1, 12, 1, 756, 100}, "E", []uint32{37, 1}), "exif/gps/GPSLatitude", 0.309},
		{"whole degrees", gps("N", []uint32{36, 1}, "E", []uint32{37, 1}), "exif/gps/GPSLongitude", 111195},
		{"thousandths of minutes", gps("N", []uint32{36, 1, 12126, 1000, 0, 1}, "E", []uint32{37, 1}), "exif/gps/GPSLatitude", 1.853},
		{"nothing", gps("N", []uint32{0, 0}, "E", []uint32{37, 1}), "exif/gps/GPSLatitude", 0},
		{"receiver", gpsIFD(ratio(0x1F, 47, 10)), "exif/gps/GPSHPositioningError", 4.7},
		{"receiver says nothing", gpsIFD(ratio(0x1F, 47, 0)), "exif/gps/GPSHPositioningError", 0},
		{"altitude", gpsIFD(ratio(6, 47, 10)), "exif/gps/GPSAltitude", 0},
	} {
		items, err := exif.Read(bigBlock(c.dir))
		if err != nil {
			t.Error(err)
		}
		if got, _ := find(items, c.path); math.Abs(got.Within-c.want) > c.want/1000 {
			t.Errorf("%s: within %g m, want %g", c.name, got.Within, c.want)
		}
	}
}

func TestReadUnreferenced(t *testing.T) {
	clean := bigBlock(ifd(short(0x0112, 6)))
	gap := bigBlock(ifd(thumb(0xC4A6, make([]byte, 40)))) // a number that happens to be an offset
	spare := bigBlock(ifd(slices.Repeat([]ent{{id: 0x0112, typ: 3, text: "\x00\x06ab", count: 1}}, 9)...))
	for _, c := range []struct {
		name string
		data []byte
		want int64
	}{
		{"none", clean, 0},
		{"padding", append(slices.Clone(clean), make([]byte, 16)...), 0},
		{"trailer", append(slices.Clone(clean), make([]byte, 17)...), 17},
		{"gap", gap, 40},
		{"behind inline values", spare, 18},
	} {
		items, err := exif.Read(c.data)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		item, ok := find(items, "exif/unreferenced")
		if item.Size != c.want || ok != (c.want > 0) || item.Category != metadata.Unknown {
			t.Errorf("%s: %d bytes, want %d", c.name, item.Size, c.want)
		}
	}
}

func TestReadPrefix(t *testing.T) {
	data := bigBlock(phone())
	want, err := exif.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	got, err := exif.Read(append([]byte("Exif\x00\x00"), data...))
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%d items, %v; want %d", len(got), err, len(want))
	}
	for _, bad := range []string{"", "Exif\x00\x00", "II*", "MM*\x00\x00\x00\x00\x08", "II*\x00\x00\x00\x00\x00", "\xFF\xD8\xFF\xE1\x00\x10Exif"} {
		if _, err := exif.Read([]byte(bad)); !errors.Is(err, exif.ErrMalformed) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// Texts are capped: those that can be kept generously, all others for a line of a report.
func TestReadCapsTexts(t *testing.T) {
	long := strings.Repeat("é", 30000)
	items, err := exif.Read(bigBlock(ifd(ascii(0x0131, long), ascii(0x8298, long))))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"exif/ifd0/Software": 256, "exif/ifd0/Copyright": 32000} {
		item, _ := find(items, path)
		if got := item.Value.Reveal(); len(got) != want || strings.Trim(got, "é") != "" {
			t.Errorf("%s: %d bytes, want %d", path, len(got), want)
		}
	}
}

// mayRender are the only names that Read may call harmless.
var mayRender = strings.Fields(`NewSubfileType SubfileType ImageWidth ImageLength BitsPerSample Compression
PhotometricInterpretation FillOrder StripOffsets Orientation SamplesPerPixel RowsPerStrip StripByteCounts
XResolution YResolution PlanarConfiguration T4Options T6Options ResolutionUnit Predictor WhitePoint
PrimaryChromaticities ColorMap TileWidth TileLength TileOffsets TileByteCounts InkSet NumberOfInks ExtraSamples
SampleFormat JPEGTables JPEGProc JPEGInterchangeFormat JPEGInterchangeFormatLength JPEGRestartInterval
YCbCrCoefficients YCbCrSubSampling YCbCrPositioning ReferenceBlackWhite ExifVersion ComponentsConfiguration
FlashpixVersion ColorSpace PixelXDimension PixelYDimension
InteroperabilityIndex InteroperabilityVersion`)

var plainName = regexp.MustCompile(`^[A-Z][A-Za-z0-9]+$`)

// Every tag number there is, in each sort of directory: names are words, used once, and what
// no table knows is Unknown.
func TestTables(t *testing.T) {
	for path, wrap := range map[string]func(*dir) *dir{
		"exif/ifd0/":    func(d *dir) *dir { return d },
		"exif/gps/":     func(d *dir) *dir { return ifd(ptr(0x8825, d)) },
		"exif/interop/": func(d *dir) *dir { return exifIFD(ptr(0xA005, d)) },
	} {
		seen := map[string]bool{}
		for lo := 0; lo < 1<<16; lo += 4000 {
			d := &dir{}
			for id := lo; id < min(lo+4000, 1<<16); id++ {
				d.ents = append(d.ents, short(uint16(id), 1))
			}
			items, _ := exif.Read(block(binary.LittleEndian, wrap(d)))
			for _, item := range items {
				if strings.HasPrefix(item.Path, path) && !strings.HasSuffix(item.Path, "/thumbnail") {
					checkName(t, item, seen)
				}
			}
		}
		if len(seen) < 5 {
			t.Errorf("only %d names", len(seen))
		}
	}
}

// checkName holds a name to the rules.
func checkName(t *testing.T, item metadata.Item, seen map[string]bool) {
	t.Helper()
	name := item.Path[strings.LastIndex(item.Path, "/")+1:]
	if strings.HasPrefix(name, "0x") {
		if item.Category != metadata.Unknown {
			t.Errorf("%s is %v", item.Path, item.Category)
		}
		return
	}
	if !plainName.MatchString(name) || seen[name] {
		t.Errorf("bad or double name %s", item.Path)
	}
	seen[name] = true
	if item.Category == metadata.Rendering && !slices.Contains(mayRender, name) {
		t.Errorf("%s counts as harmless", item.Path)
	}
}
