package jpeg

import (
	"bytes"
	"strings"

	"github.com/mediaveil/mediaveil/exif"
	"github.com/mediaveil/mediaveil/exif/xmp"
	"github.com/mediaveil/mediaveil/sanitize/internal/irb"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// Identifiers at the beginning of APPn payloads that the package writes as well as reads.
const (
	idJFIF  = "JFIF\x00"
	idExif  = "Exif\x00\x00"
	idXMP   = "http://ns.adobe.com/xap/1.0/\x00"
	idICC   = "ICC_PROFILE\x00"
	idMPF   = "MPF\x00"
	idISO   = "urn:iso:std:iso:ts:21496:-1\x00"
	idAdobe = "Adobe"
)

// An app is a kind of segment that has been seen in the wild. What is not in the table is
// removed as well, as unknown; the table is for reports.
type app struct {
	marker   byte
	id       string // what the payload begins with
	name     string // in item paths
	category metadata.Category
	read     func([]byte) ([]metadata.Item, error) // what stands behind the identifier
}

// apps lists the segments by marker; the first that fits counts.
var apps = []app{
	{app0, "JFXX\x00", "app0/jfxx", metadata.Thumbnail, nil},
	{app0, "AVI1", "app0/avi1", metadata.Software, nil},
	{app0, "Ocad", "app0/ocad", metadata.Software, nil},
	{app0, "II\x1a\x00\x00\x00HEAP", "app0/ciff", metadata.Device, nil},
	{app1, "Exif\x00", "app1", metadata.Unknown, readExif},
	{app1, idXMP, "app1", metadata.Unknown, xmp.Read},
	{app1, "http://ns.adobe.com/xmp/extension/\x00", "app1/xmp-extension", metadata.Thumbnail, nil},
	{app1, "FLIR\x00", "app1/flir", metadata.Device, nil},
	{app1, "QVCI\x00", "app1/qvci", metadata.Device, nil},
	{app1, "PARROT\x00", "app1/parrot", metadata.Device, nil},
	{app2, idICC, "app2/icc/unusable", metadata.Unknown, nil},
	{app2, idMPF, "app2/mpf", metadata.Thumbnail, nil},
	{app2, "FPXR\x00", "app2/fpxr", metadata.Thumbnail, nil},
	{app2, "InfiRayVersion", "app2/infiray", metadata.Device, nil},
	{0xE3, "Meta\x00", "app3/kodak-meta", metadata.Device, nil},
	{0xE3, "META\x00", "app3/kodak-meta", metadata.Device, nil},
	{0xE3, "Stim\x00", "app3/stim", metadata.Device, nil},
	{0xE3, "_JPSJPS_", "app3/jps", metadata.Description, nil},
	{0xE4, "SCALADO\x00", "app4/scalado", metadata.Device, nil},
	{0xE4, "Qualcomm Dual Camera", "app4/qualcomm", metadata.Device, nil},
	{0xE4, "FPXR\x00", "app4/fpxr", metadata.Thumbnail, nil},
	{0xE5, "RMETA\x00", "app5/ricoh-rmeta", metadata.Description, nil},
	{0xE5, "ssuniqueid\x00", "app5/samsung-unique-id", metadata.Device, nil},
	{0xE6, "GoPro\x00", "app6/gopro", metadata.Location, nil},
	{0xE6, "EPPIM\x00", "app6/toshiba-eppim", metadata.Device, nil},
	{0xE6, "NITF\x00", "app6/nitf", metadata.Location, nil},
	{0xE6, "TDHD\x01", "app6/hp-tdhd", metadata.Device, nil},
	{0xE7, "PENTAX \x00", "app7/pentax", metadata.Device, nil},
	{0xE7, "RICOH\x00", "app7/ricoh", metadata.Device, nil},
	{0xE7, "HUAWEI\x00", "app7/huawei", metadata.Device, nil},
	{0xE7, "\x1aQualcomm Camera Attributes", "app7/qualcomm", metadata.Device, nil},
	{0xE7, "DJI-DBG\x00", "app7/dji", metadata.Device, nil},
	{0xE8, "SPIFF\x00", "app8/spiff", metadata.Software, nil},
	{0xE8, "SEAL\x00", "app8/seal", metadata.Software, nil},
	{0xE9, "Media Jukebox\x00", "app9/media-jukebox", metadata.Software, nil},
	{0xE9, "SEAL\x00", "app9/seal", metadata.Software, nil},
	{0xEA, "UNICODE\x00", "app10/comment", metadata.Description, nil},
	{0xEA, "AROT", "app10/hdr-info", metadata.Device, nil},
	{0xEB, "JP", "app11/c2pa", metadata.Software, nil},
	{0xEB, "HDR_RI", "app11/jpeg-hdr", metadata.Thumbnail, nil},
	{0xEC, "Ducky", "app12/ducky", metadata.Software, nil},
	{0xEC, "[picture info]", "app12/picture-info", metadata.Device, nil},
	{appD, "Photoshop 3.0\x00", "app13", metadata.Unknown, irb.Read},
	{appD, "Adobe_Photoshop2.5:", "app13/photoshop-2", metadata.Description, nil},
	{appD, "Adobe_CM", "app13/adobe-cm", metadata.Software, nil},
	{appF, "Q ", "app15/quality", metadata.Software, nil},
	{com, "", "com", metadata.Description, nil},
}

// readExif skips the second byte that follows the identifier, which some cameras set.
func readExif(b []byte) ([]metadata.Item, error) {
	return exif.Read(b[min(1, len(b)):])
}

// appItems says what a segment carries, one item at least. prefix is "jpeg/".
func appItems(prefix string, marker byte, payload []byte) []metadata.Item {
	for _, a := range apps {
		if a.marker != marker || !bytes.HasPrefix(payload, []byte(a.id)) {
			continue
		}
		whole := metadata.Item{Path: prefix + a.name, Category: a.category, Size: int64(len(payload))}
		if a.read == nil {
			if a.category == metadata.Description {
				whole.Value = text(payload[len(a.id):])
			}
			return []metadata.Item{whole}
		}
		items, err := a.read(payload[len(a.id):])
		for i := range items {
			items[i].Path = prefix + a.name + "/" + items[i].Path
		}
		if err != nil || len(items) == 0 {
			whole.Path += "/unreadable"
			items = append(items, whole)
		}
		return items
	}
	return []metadata.Item{{Path: prefix + markerName(marker) + "/unknown", Size: int64(len(payload))}}
}

// maxComment is how much of a comment a report can show, in bytes.
const maxComment = 256

// text returns the beginning of a comment, what is no UTF-8 left out.
func text(b []byte) metadata.Secret {
	s := strings.ToValidUTF8(string(b[:min(len(b), maxComment)]), "")
	return metadata.Secret(strings.Trim(s, "\x00 \r\n\t"))
}

const hex = "0123456789ABCDEF"

// markerName is "app7" or, for what is no APPn, "marker-F0".
func markerName(marker byte) string {
	switch n := marker - app0; {
	case marker < app0 || marker > appF:
		return "marker-" + string([]byte{hex[marker>>4], hex[marker&15]})
	case n < 10:
		return "app" + string('0'+rune(n))
	default:
		return "app1" + string('0'+rune(n-10))
	}
}
