package jpeg_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/exif/icc"
)

// appSegs holds a segment for every row of the table of apps but those with a structure of
// their own, by the path and the category under which a report names it.
var appSegs = []struct{ path, category, data string }{
	{"jpeg/app0/jfxx", "thumbnail", seg(0xE0, "JFXX\x00\x13", "\x02\x02", secret("jfxx"))},
	{"jpeg/app0/avi1", "software", seg(0xE0, "AVI1\x00", secret("avi1"))},
	{"jpeg/app0/ocad", "software", seg(0xE0, "Ocad$Rev: ", secret("ocad"))},
	{"jpeg/app0/ciff", "device", seg(0xE0, "II\x1a\x00\x00\x00HEAPJPGM", secret("ciff"))},
	{"jpeg/app1/xmp-extension", "thumbnail", seg(0xE1, "http://ns.adobe.com/xmp/extension/\x00", strings.Repeat("0A", 16), be32(100), be32(0), secret("gimage"))},
	{"jpeg/app1/flir", "device", seg(0xE1, "FLIR\x00\x01\x00\x00", secret("flir"))},
	{"jpeg/app1/qvci", "device", seg(0xE1, "QVCI\x00", secret("qvci"))},
	{"jpeg/app1/parrot", "device", seg(0xE1, "PARROT\x00", secret("parrot"))},
	{"jpeg/app1/unknown", "unknown", seg(0xE1, "http://example.org/other/\x00", secret("other"))},
	{"jpeg/app2/fpxr", "thumbnail", seg(0xE2, "FPXR\x00\x00\x01", utf16le(secret("fpxr")))},
	{"jpeg/app2/infiray", "device", seg(0xE2, "InfiRayVersion\x00", secret("infiray"))},
	{"jpeg/app2/unknown", "unknown", seg(0xE2, "PREVIEW", secret("app2"))},
	{"jpeg/app3/kodak-meta", "device", seg(0xE3, "Meta\x00\x00", tiff([]tag{ascii(0x10F, secret("kodak"))}))},
	{"jpeg/app3/stim", "device", seg(0xE3, "Stim\x00", secret("stim"))},
	{"jpeg/app3/jps", "description", seg(0xE3, "_JPSJPS_\x00\x10", secret("jps"))},
	{"jpeg/app4/scalado", "device", seg(0xE4, "SCALADO\x00", secret("scalado"))},
	{"jpeg/app4/qualcomm", "device", seg(0xE4, "Qualcomm Dual Camera Attributes", secret("dual"))},
	{"jpeg/app4/fpxr", "thumbnail", seg(0xE4, "FPXR\x00", secret("app4-fpxr"))},
	{"jpeg/app5/ricoh-rmeta", "description", seg(0xE5, "RMETA\x00MM\x00", secret("rmeta"))},
	{"jpeg/app5/samsung-unique-id", "device", seg(0xE5, "ssuniqueid\x00", secret("ssuniqueid"))},
	{"jpeg/app6/gopro", "location", seg(0xE6, "GoPro\x00DEVC", secret("gps5"))},
	{"jpeg/app6/toshiba-eppim", "device", seg(0xE6, "EPPIM\x00", secret("eppim"))},
	{"jpeg/app6/nitf", "location", seg(0xE6, "NITF\x00", secret("nitf"))},
	{"jpeg/app6/hp-tdhd", "device", seg(0xE6, "TDHD\x01\x00\x00\x00", secret("tdhd"))},
	{"jpeg/app7/pentax", "device", seg(0xE7, "PENTAX \x00MM", secret("pentax"))},
	{"jpeg/app7/ricoh", "device", seg(0xE7, "RICOH\x00II", secret("ricoh"))},
	{"jpeg/app7/huawei", "device", seg(0xE7, "HUAWEI\x00\x00", secret("huawei"))},
	{"jpeg/app7/qualcomm", "device", seg(0xE7, "\x1aQualcomm Camera Attributes", secret("qualcomm"))},
	{"jpeg/app7/dji", "device", seg(0xE7, "DJI-DBG\x00", secret("dji"))},
	{"jpeg/app8/spiff", "software", seg(0xE8, "SPIFF\x00\x01\x02", secret("spiff"))},
	{"jpeg/app8/seal", "software", seg(0xE8, "SEAL\x00<seal d=\"", secret("seal"))},
	{"jpeg/app9/media-jukebox", "software", seg(0xE9, "Media Jukebox\x00<MJMD>", secret("mjmd"))},
	{"jpeg/app9/seal", "software", seg(0xE9, "SEAL\x00<seal d=\"", secret("seal9"))},
	{"jpeg/app10/comment", "description", seg(0xEA, "UNICODE\x00", utf16be(secret("photostudio")))},
	{"jpeg/app10/hdr-info", "device", seg(0xEA, "AROT\x00\x00", secret("arot"))},
	{"jpeg/app11/c2pa", "software", c2pa()},
	{"jpeg/app11/jpeg-hdr", "thumbnail", seg(0xEB, "HDR_RI ver=11", secret("hdr-ri"))},
	{"jpeg/app12/ducky", "software", seg(0xEC, "Ducky\x00\x01\x00\x04\x00\x00\x00\x3c\x00\x02", be16(4+len(secret("ducky"))), be32(len(secret("ducky"))), secret("ducky"), "\x00\x00")},
	{"jpeg/app12/picture-info", "device", seg(0xEC, "[picture info]\r\nID=", secret("agfa"), "\r\n")},
	{"jpeg/app13/photoshop-2", "description", seg(0xED, "Adobe_Photoshop2.5:", secret("ps25"))},
	{"jpeg/app13/adobe-cm", "software", seg(0xED, "Adobe_CM\x00\x02", secret("cm"))},
	{"jpeg/app14/unknown", "unknown", seg(0xEE, "Nikon", secret("app14"))},
	{"jpeg/app15/quality", "software", seg(0xEF, "Q 85", secret("quality"))},
	{"jpeg/app15/unknown", "unknown", seg(0xEF, secret("app15"))},
	{"jpeg/marker-F0/unknown", "", ""}, // a reserved marker is refused: see the hostile files
	{"jpeg/com", "description", seg(0xFE, secret("comment"))},
}

// allApps are the segments of the table, one behind the other.
func allApps() string {
	var all strings.Builder
	for _, a := range appSegs {
		all.WriteString(a.data)
	}
	return all.String()
}

// fullExif is a block with a secret in every kind of place, and a picture in its IFD1.
func fullExif(orientation int, thumbnail []byte) string {
	note := "MVNote\x00\x00" + tiff([]tag{ascii(1, secret("maker-note"))})
	photo := []tag{
		undefined(0x9000, "0232"), ascii(0x9003, "2026:01:31 14:05:09"), ascii(0x9011, "+02:00"),
		undefined(0x927C, note), undefined(0x9286, "UNICODE\x00"+utf16be(secret("user-comment"))),
		ascii(0x9291, "123"), short(0xA001, 1), dir(0xA005, ascii(1, "R98"), undefined(2, "0100")),
		ascii(0xA420, secret("unique-id")), ascii(0xA430, secret("owner")), ascii(0xA431, secret("serial")),
		ascii(0xA434, secret("lens")), ascii(0xA436, secret("exif3-title")), octets(0xEA1C, secret("padding")),
	}
	gps := []tag{
		octets(0, "\x02\x03\x00\x00"), ascii(1, "S"), ratios(2, 36, 1, 12, 1, 756, 100),
		ascii(3, "W"), ratios(4, 37, 1, 8, 1, 3000, 100), ratios(6, 39512, 100),
		undefined(0x1B, "ASCII\x00\x00\x00"+secret("gps-method")), undefined(0x1C, "ASCII\x00\x00\x00"+secret("gps-area")),
		ascii(0x1D, "2026:01:31"),
	}
	ifd0 := []tag{
		ascii(0x010E, secret("description")), ascii(0x010F, secret("make")), ascii(0x0110, secret("model")),
		short(0x0112, orientation), ascii(0x0131, secret("software")), ascii(0x0132, "2026:01:31 14:05:09"),
		ascii(0x013B, secret("artist")), ascii(0x013C, secret("host")), ascii(0x8298, secret("copyright")),
		dir(0x8769, photo...), dir(0x8825, gps...), octets(0x9C9B, utf16le(secret("xp-title")+"\x00")),
		octets(0x9C9E, utf16le(secret("xp-keywords")+"\x00")), ascii(0xC62F, secret("camera-serial")),
	}
	ifd1 := []tag{short(0x0103, 6), {id: 0x0201, typ: 4, data: string(thumbnail)}, long(0x0202, len(thumbnail))}
	return exifSeg(ifd0, ifd1)
}

// fullXMP is a packet with persons, places, history and something that no table knows.
func fullXMP() string {
	return xmpSeg(`xmpMM:DocumentID="xmp.did:`+secret("document")+`" photoshop:City="`+secret("city")+`" xmlns:mv="http://example.org/mv/" mv:x="`+secret("own-namespace")+`"`,
		`<dc:creator><rdf:Seq><rdf:li>`+secret("xmp-creator")+`</rdf:li></rdf:Seq></dc:creator>`+
			`<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>`+secret("person")+`</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>`+
			`<!-- `+secret("xml-comment")+` --><photoshop:SidecarForExtension>`+secret("sidecar")+`</photoshop:SidecarForExtension>`)
}

// fullIRB is a Photoshop block with captions, a thumbnail, a path and blocks of its own.
func fullIRB(thumbnail []byte) string {
	iptc := "\x1C\x01\x5A\x00\x03\x1B%G" + iim(0, "\x00\x04") + iim(5, secret("object-name")) + iim(25, secret("keyword")) +
		iim(55, "20260131") + iim(80, secret("by-line")) + iim(90, secret("iptc-city")) + iim(118, secret("contact")) +
		iim(120, secret("caption")) + iim(199, secret("dataset-199"))
	thumb := be32(1) + be32(16) + be32(12) + be32(48) + be32(576) + be32(len(thumbnail)) + be16(24) + be16(1) + string(thumbnail)
	named := "8BIM\x07\xd0\x0b" + canary + "-p1" + be32(26) + strings.Repeat("\x00", 26)
	return irbSeg(resource(0x0404, iptc), resource(0x040C, thumb), resource(0x0422, tiff([]tag{ascii(0x10F, secret("irb-exif"))})),
		resource(0x0424, description(`photoshop:Country="`+secret("irb-xmp")+`"`, "")), resource(0x043E, `C:\Users\`+secret("user-name")),
		resource(0x0425, "0123456789ABCDEF"), named, resource(0x4321, secret("resource-4321")))
}

// everything is one picture with a secret in every place that is known.
func everything(t testing.TB) []byte {
	b := bare(base(t, "baseline"))
	// A small picture with secrets of its own serves as every thumbnail.
	small := head(b, exifSeg([]tag{ascii(0x10F, secret("thumbnail-make"))}), seg(0xFE, secret("thumbnail-comment")))
	profile := iccSegs(talkative(icc.Profile(icc.SRGB)), 2)

	b = before(b, 0xD9, 0, seg(0xFE, secret("before-eoi")), secret("junk-before-eoi"), exifSeg([]tag{ascii(0x10F, secret("late-exif"))}))
	b = before(b, 0xDA, 0, seg(0xFE, secret("before-sos")), "\xFF\xFF\xFF")
	b = before(b, 0xC0, 0, unusedQuant(), unusedHuffman(), seg(0xFE, secret("before-sof")), adobeSeg(1, secret("app14-rest")))
	b = before(b, 0xC4, 1, seg(0xDC, "\x00\x30"), seg(0xE8, secret("between-dht")))
	b = before(b, 0xDB, 0, "\x00\x01"+secret("junk"), seg(0xFE, utf16le(secret("comment-utf16"))))
	jfifThumb := (secret("jfif-thumbnail") + strings.Repeat(".", 48))[:48]
	b = head(b, seg(0xE0, "JFIF\x00\x01\x02\x01", be16(96), be16(96), "\x04\x04", jfifThumb), "\xFF\xFF",
		seg(0xE0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00", secret("second-jfif")),
		fullExif(6, small), fullXMP(), profile[0], fullIRB(small), profile[1], adobeSeg(0, secret("first-app14")), allApps(),
		seg(0xE2, mpf(1000, len(small), 5000)), seg(0xE2, "urn:iso:std:iso:ts:21496:-1\x00", secret("iso")))
	return behind(b, string(small), film(), secret("between-trailers"), samsung())
}

// betweenScans is a progressive picture with segments, fill and junk between all its scans.
func betweenScans(t testing.TB) []byte {
	b := base(t, "progressive")
	scans := bytes.Count(b, []byte("\xFF\xDA"))
	for n := scans - 1; n > 0; n-- {
		b = before(b, 0xDA, n, seg(0xFE, secret(fmt.Sprint("com-scan-", n))), exifSeg([]tag{ascii(0x10F, secret("exif-between-scans"))}),
			"\xFF\xFF", seg(0xE4, secret("app4")))
	}
	// Decoders look for the next marker, whatever stands before it.
	last := find(b, 0xD9, 0).off
	return append(append(b[:last:last], seg(0xFE, secret("com"))+"junk "+secret("junk-in-front-of-eoi")...), b[last:]...)
}

const isoPrefix = "urn:iso:std:iso:ts:21496:-1\x00"

// isoNumbers is the metadata of a gain map of one channel (ISO 21496-1 annex C) as cameras
// write it, and cleanNumbers the same as we do.
func isoNumbers() string {
	b := "\x00\x00\x00\x07\x40"
	for _, n := range []int{0, 1, 4, 1, 0, 1, 4, 1, 1, 1, 1, 64, 1, 64} {
		b += be32(n)
	}
	return b
}

func cleanNumbers() string {
	b := "\x00\x00\x00\x00\x40"
	for _, n := range []int{0, 4_000_000, 0, 4_000_000, 1_000_000, 15625, 15625} {
		b += be32(n) + be32(1_000_000)
	}
	return b
}

// hdr is a picture with a gain map behind it. What is said about the gain map comes in.
func hdr(t testing.TB, primary, second string) []byte {
	gain := head(bare(base(t, "gray")), jfifSeg(0, 1, 1), exifSeg([]tag{ascii(0x10F, secret("gain-make"))}), second,
		seg(0xFE, secret("gain-comment")), seg(0xE2, mpf(1, 2, 3)))
	gain = behind(before(gain, 0xDA, 0, unusedQuant(), "\x00"+secret("gain-junk")))
	b := head(bare(base(t, "baseline")), jfifSeg(1, 72, 72), exifSeg([]tag{short(0x112, 6), ascii(0x10F, secret("make"))}), primary)
	at := len(b)
	index := seg(0xE2, mpf(at, len(gain), 0))
	// Offsets count from the byte order mark in the segment, which comes before the tables.
	place := find(b, 0xDB, 0).off
	index = seg(0xE2, mpf(at+len(index), len(gain), at+len(index)-place-8))
	return behind(before(b, 0xDB, 0, index), string(gain), film())
}

func ultraHDR(t testing.TB) []byte {
	return hdr(t, xmpSeg(`hdrgm:Version="1.0" xmlns:Container="http://ns.google.com/photos/1.0/container/" xmlns:Item="http://ns.google.com/photos/1.0/container/item/"`,
		`<Container:Directory><rdf:Seq><rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="Primary" Item:Mime="image/jpeg"/></rdf:li>`+
			`<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="GainMap" Item:Mime="image/jpeg" Item:Length="`+secret("length")+`"/></rdf:li></rdf:Seq></Container:Directory>`),
		gainXMP())
}

// gainXMP says how a gain map is applied, and a few things that nobody needs for that.
func gainXMP() string {
	return xmpSeg(`hdrgm:Version="1.0" hdrgm:GainMapMin="-0.5" hdrgm:GainMapMax="3.25" hdrgm:HDRCapacityMax="3.25" hdrgm:Note="`+secret("hdrgm-note")+`" photoshop:City="`+secret("gain-city")+`"`,
		`<hdrgm:Gamma><rdf:Seq><rdf:li>1</rdf:li><rdf:li>1.5</rdf:li><rdf:li>2</rdf:li></rdf:Seq></hdrgm:Gamma>`)
}

func isoHDR(t testing.TB) []byte {
	return hdr(t, seg(0xE2, isoPrefix, "\x00\x00\x00\x00"), seg(0xE2, isoPrefix, isoNumbers()))
}

// adobeRGB is what a camera writes that was set to Adobe RGB.
func adobeRGB() string {
	return exifSeg([]tag{ascii(0x10F, secret("make")), dir(0x8769, short(0xA001, 0xFFFF), dir(0xA005, ascii(1, "R03"), undefined(2, "0100")))})
}

// samples are the dirty pictures, each composed of a base.
func samples(t testing.TB) map[string][]byte {
	baseline := bare(base(t, "baseline"))
	all := map[string][]byte{
		"everything":                     everything(t),
		"between-scans":                  betweenScans(t),
		"ultra-hdr":                      ultraHDR(t),
		"iso-hdr":                        isoHDR(t),
		"all-apps-and-no-jfif":           head(base(t, "odd-444"), allApps()),
		"exif-behind-xmp":                head(baseline, fullXMP(), orientationSeg(8)),
		"orientation-in-the-wrong-place": before(head(baseline, fullXMP()), 0xD9, 0, orientationSeg(3)),
		"two-exif-blocks":                head(baseline, orientationSeg(3), orientationSeg(6)),
		"icc-in-five-chunks":             head(baseline, iccSegs(talkative(icc.Profile(icc.DisplayP3)), 5)...),
		"icc-custom":                     head(baseline, iccSegs(custom(0), 1)...),
		"icc-chunk-missing":              head(baseline, iccSegs(talkative(icc.Profile(icc.SRGB)), 3)[1:]...),
		"icc-not-a-profile":              head(baseline, iccSegs(secret("profile"), 1)...),
		"icc-cmyk":                       head(base(t, "cmyk"), seg(0xFE, secret("cmyk")), fullIRB(baseline)),
		"adobe-rgb-without-icc":          head(baseline, adobeRGB()),
		"adobe-rgb-and-srgb-icc":         head(baseline, append([]string{adobeRGB()}, iccSegs(string(icc.Profile(icc.SRGB)), 1)...)...),
		"ycck-two-app14":                 head(base(t, "ycck"), adobeSeg(0, secret("long-app14"))),
		"dnl-and-comment":                before(base(t, "dnl"), 0xD9, 0, seg(0xFE, secret("behind-dnl")), seg(0xDC, "\x00\x08")),
		"restart-and-exif":               head(base(t, "restart"), fullExif(5, baseline)),
		"arithmetic-and-dac":             head(before(base(t, "arithmetic"), 0xDA, 0, seg(0xCC, "\x00\x10\x10\x05")), fullXMP()),
		"lossless-and-exif":              head(base(t, "lossless"), fullExif(1, baseline)),
		"twelve-bit-and-com":             head(base(t, "twelve-bit"), seg(0xFE, secret("com"))),
		"zeros-behind":                   behind(head(baseline, fullXMP()), strings.Repeat("\x00", 700)),
		"zip-behind":                     behind(baseline, "PK\x03\x04", secret("zip")),
		"motion-photo":                   behind(head(baseline, fullExif(6, baseline)), film()),
		"samsung":                        behind(head(baseline, fullExif(1, baseline)), samsung()),
	}
	for n := 1; n <= 8; n++ {
		all[fmt.Sprintf("orientation-%d", n)] = head(baseline, orientationSeg(n))
	}
	return all
}

// TestSamples checks that the committed files are the ones that this package composes, and
// writes them with -update.
func TestSamples(t *testing.T) {
	for name, want := range samples(t) {
		file := filepath.Join(samplesDir(t), name+".jpg")
		if *update {
			if err := os.WriteFile(file, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s.jpg is not what the test composes; run with -update", name)
		}
		if !contains(got, canary) {
			t.Errorf("%s.jpg holds no secret", name)
		}
	}
}
