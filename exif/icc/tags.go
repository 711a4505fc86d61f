package icc

import (
	"strings"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// A knownTag says what a tag gives away. Tags with a rebuild function are colour and stay;
// all others go.
type knownTag struct {
	sig      string
	category metadata.Category
	rebuild  func(header, []byte) ([]byte, error)
}

// word is the tag's name in paths and errors: "CxF".
func (k knownTag) word() string { return strings.TrimSpace(k.sig) }

// knownTags lists the tags of ICC.1:2001-04 clause 6.4 and ICC.1:2022 clause 9, and the
// private ones seen in pictures. Colour tags come in the order in which they are written.
var knownTags = []knownTag{
	{"wtpt", metadata.Rendering, rebuildXYZ},
	{"bkpt", metadata.Rendering, rebuildXYZ},
	{"chad", metadata.Rendering, rebuildMatrix},
	{"rXYZ", metadata.Rendering, rebuildXYZ},
	{"gXYZ", metadata.Rendering, rebuildXYZ},
	{"bXYZ", metadata.Rendering, rebuildXYZ},
	{"rTRC", metadata.Rendering, rebuildTRC},
	{"gTRC", metadata.Rendering, rebuildTRC},
	{"bTRC", metadata.Rendering, rebuildTRC},
	{"kTRC", metadata.Rendering, rebuildTRC},
	{"A2B0", metadata.Rendering, rebuildToPCS},
	{"A2B1", metadata.Rendering, rebuildToPCS},
	{"A2B2", metadata.Rendering, rebuildToPCS},
	{"B2A0", metadata.Rendering, rebuildFromPCS},
	{"B2A1", metadata.Rendering, rebuildFromPCS},
	{"B2A2", metadata.Rendering, rebuildFromPCS},
	{"gamt", metadata.Rendering, rebuildGamut},
	{"lumi", metadata.Rendering, rebuildXYZ},
	{"cicp", metadata.Rendering, rebuildCICP},
	{"clrt", metadata.Rendering, rebuildColorants},

	{"desc", metadata.Description, nil}, // Rendering when it is ours, see Read
	{"cprt", metadata.Description, nil}, // the same
	{"dscm", metadata.Description, nil}, // Apple: desc in many languages
	{"vued", metadata.Description, nil},
	{"scrd", metadata.Description, nil},
	{"bfd ", metadata.Description, nil},

	{"calt", metadata.Time, nil},

	{"dmnd", metadata.Device, nil},
	{"dmdd", metadata.Device, nil},
	{"mmod", metadata.Device, nil}, // Apple: make and model of the display, with its serial number
	{"ndin", metadata.Device, nil}, // Apple: measured response of the display
	{"vcgt", metadata.Device, nil}, // Apple: curves loaded into the graphics card
	{"vcgp", metadata.Device, nil},
	{"aarg", metadata.Device, nil},
	{"aagg", metadata.Device, nil},
	{"aabg", metadata.Device, nil},
	{"targ", metadata.Device, nil}, // measured patches
	{"meta", metadata.Device, nil}, // dictionary: display serial number, tool, place
	{"CxF ", metadata.Device, nil},
	{"DevD", metadata.Device, nil},
	{"CIED", metadata.Device, nil},
	{"MSBN", metadata.Device, nil}, // Windows: device model
	{"MS00", metadata.Device, nil},
	{"MS01", metadata.Device, nil},
	{"MS02", metadata.Device, nil},
	{"MS03", metadata.Device, nil},
	{"chrm", metadata.Device, nil}, // says again what the colorants say
	{"meas", metadata.Device, nil},
	{"view", metadata.Device, nil},
	{"tech", metadata.Device, nil},
	{"devs", metadata.Device, nil},
	{"resp", metadata.Device, nil},
	{"scrn", metadata.Device, nil},
	{"clro", metadata.Device, nil},
	{"clot", metadata.Device, nil},
	{"rig0", metadata.Device, nil},
	{"rig2", metadata.Device, nil},
	{"ciis", metadata.Device, nil},
	{"pre0", metadata.Device, nil},
	{"pre1", metadata.Device, nil},
	{"pre2", metadata.Device, nil},
	// Tables in floating point. A profile that has them has A2B0 as well, which stays.
	{"D2B0", metadata.Device, nil},
	{"D2B1", metadata.Device, nil},
	{"D2B2", metadata.Device, nil},
	{"D2B3", metadata.Device, nil},
	{"B2D0", metadata.Device, nil},
	{"B2D1", metadata.Device, nil},
	{"B2D2", metadata.Device, nil},
	{"B2D3", metadata.Device, nil},

	{"psid", metadata.Software, nil}, // the chain of profiles that it was made from
	{"pseq", metadata.Software, nil},
	{"ncol", metadata.Software, nil},
	{"ncl2", metadata.Software, nil},
	{"crdi", metadata.Software, nil},
	{"psd0", metadata.Software, nil},
	{"psd1", metadata.Software, nil},
	{"psd2", metadata.Software, nil},
	{"psd3", metadata.Software, nil},
	{"ps2s", metadata.Software, nil},
	{"ps2i", metadata.Software, nil},
}

func lookup(sig string) (knownTag, bool) {
	for _, k := range knownTags {
		if k.sig == sig {
			return k, true
		}
	}
	return knownTag{}, false
}
