package heif

// paramLimit is how many bytes of coded parameters a configuration may hold: profiles and
// sizes of a picture take about a hundred, tables for quantisation two thousand.
const paramLimit = 8 << 10

// isConfig reports whether a property is a decoder configuration.
func isConfig(typ string) bool { return typ == "hvcC" || typ == "avcC" || typ == "av1C" }

// configParts returns what of a decoder configuration goes: arrays of messages.
func configParts(typ string, b []byte) []extent {
	switch typ {
	case "hvcC":
		_, _, parts := hevcArrays(b)
		return parts
	case "av1C":
		_, parts := av1Parts(b)
		return parts
	}
	return nil
}

// NAL unit types of HEVC, ITU-T H.265 table 7-1.
const (
	hevcVPS    = 32
	hevcPPS    = 34
	hevcEOB    = 37
	hevcPrefix = 39
	hevcSuffix = 40
)

// hevcArrays reads the decoder configuration of HEVC, ISO/IEC 14496-15 section 8.3.2.1.2. It
// returns the arrays of parameter sets, how many they are, and where the others lie.
func hevcArrays(b []byte) (kept []byte, count int, parts []extent) {
	const fields = 23
	if len(b) < fields || b[0] != 1 || len(b) > paramLimit {
		return nil, 0, nil
	}
	at := fields
	for range b[fields-1] {
		begin := at
		if at+3 > len(b) {
			return nil, 0, nil
		}
		typ, units := b[at]&0x3F, int(b[at+1])<<8|int(b[at+2])
		at += 3
		for range units {
			if at+2 > len(b) {
				return nil, 0, nil
			}
			at += 2 + int(b[at])<<8 + int(b[at+1])
			if at > len(b) {
				return nil, 0, nil
			}
		}
		if typ >= hevcVPS && typ <= hevcPPS {
			count++
			kept = append(append(kept, b[begin]&^0x40), b[begin+1:at]...)
		} else {
			parts = append(parts, extent{int64(begin), int64(at - begin)})
		}
	}
	if at < len(b) {
		parts = append(parts, extent{int64(at), int64(len(b) - at)})
	}
	return kept, count, parts
}

func hevcConfig(p *property, b []byte) []byte {
	kept, count, _ := hevcArrays(b)
	if count == 0 {
		return nil
	}
	p.nal = int(b[21]&3) + 1
	return append(append(append([]byte(nil), b[:22]...), byte(count)), kept...)
}

// avcConfig reads the decoder configuration of AVC, ISO/IEC 14496-15 section 5.3.3.1.2.
func avcConfig(p *property, b []byte) []byte {
	if len(b) < 7 || b[0] != 1 || len(b) > paramLimit {
		return nil
	}
	sets := func(at, count int) int {
		for range count {
			if at+2 > len(b) {
				return len(b) + 1
			}
			at += 2 + int(b[at])<<8 + int(b[at+1])
		}
		return at
	}
	at := sets(6, int(b[5]&31))
	if at >= len(b) {
		return nil
	}
	at = sets(at+1, int(b[at]))
	// High profiles say more about samples, and may have sets that extend others.
	if high := b[1] == 100 || b[1] == 110 || b[1] == 122 || b[1] == 144; high && at+4 <= len(b) {
		at = sets(at+4, int(b[at+3]))
	}
	if at != len(b) {
		return nil
	}
	p.nal = int(b[4]&3) + 1
	return b
}

// av1Parts reads the decoder configuration of AV1, AV1-ISOBMFF section 2.3. It returns the
// sequence header that may stand in it, and where other units lie.
func av1Parts(b []byte) (kept []byte, parts []extent) {
	const fields = 4
	if len(b) < fields || len(b) > paramLimit {
		return nil, nil
	}
	for at := int64(fields); at < int64(len(b)); {
		u, ok := readOBU(b[at:], int64(len(b))-at)
		if !ok {
			return kept, append(parts, extent{at, int64(len(b)) - at})
		}
		if u.typ == obuSequence {
			kept = append(kept, b[at:at+u.n]...)
		} else {
			parts = append(parts, extent{at, u.n})
		}
		at += u.n
	}
	return kept, parts
}

func av1Config(_ *property, b []byte) []byte {
	if len(b) < 4 || b[0] != 0x81 || len(b) > paramLimit {
		return nil
	}
	kept, _ := av1Parts(b)
	return append(append([]byte(nil), b[:4]...), kept...)
}

// Types of open bitstream units, AV1 section 6.2.2.
const (
	obuSequence = 1
	obuDelim    = 2
	obuMetadata = 5
	obuTileList = 8
)

// An obu is the header of an open bitstream unit.
type obu struct {
	typ  byte
	head int64
	n    int64 // of the whole unit
}

// readOBU reads the header of the unit at the beginning of b, of which left bytes are left.
func readOBU(b []byte, left int64) (obu, bool) {
	if len(b) == 0 || b[0]&0x80 != 0 {
		return obu{}, false
	}
	u := obu{typ: b[0] >> 3 & 15, head: 1}
	if b[0]&4 != 0 {
		u.head++
	}
	if b[0]&2 == 0 {
		u.n = left
		return u, u.head <= left
	}
	size, shift := int64(0), 0
	for {
		if u.head >= int64(len(b)) || shift > 28 {
			return obu{}, false
		}
		c := b[u.head]
		u.head++
		size |= int64(c&0x7F) << shift
		if shift += 7; c < 0x80 {
			break
		}
	}
	u.n = u.head + size
	return u, u.n <= left
}
