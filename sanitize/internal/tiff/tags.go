package tiff

// Tags that the code speaks of by name.
const (
	tagNewSubfileType  = 254
	tagSubfileType     = 255
	tagImageWidth      = 256
	tagImageLength     = 257
	tagBitsPerSample   = 258
	tagCompression     = 259
	tagPhotometric     = 262
	tagFillOrder       = 266
	tagMake            = 271
	tagStripOffsets    = 273
	tagOrientation     = 274
	tagSamplesPerPixel = 277
	tagRowsPerStrip    = 278
	tagStripByteCounts = 279
	tagPlanar          = 284
	tagTransfer        = 301
	tagArtist          = 315
	tagColorMap        = 320
	tagTileWidth       = 322
	tagTileLength      = 323
	tagTileOffsets     = 324
	tagTileByteCounts  = 325
	tagSubIFDs         = 330
	tagJPEGTables      = 347
	tagGlobalIFD       = 400
	tagOldJPEG         = 513
	tagOldJPEGLength   = 514
	tagYCbCrSampling   = 530
	tagStripRowCounts  = 559
	tagXMP             = 700
	tagImageDepth      = 32997
	tagCFARepeat       = 33421
	tagCFAPattern      = 33422
	tagCopyright       = 33432
	tagIPTC            = 33723
	tagPhotoshop       = 34377
	tagExifIFD         = 34665
	tagICC             = 34675
	tagGPSIFD          = 34853
	tagInteropIFD      = 40965
	tagDNGVersion      = 50706
)

// form is which field types a tag may have. Decoders take any that can hold such a value.
type form uint8

const (
	whole form = iota // BYTE, SHORT, LONG, LONG8; written as found
	equal             // the same whole number for every sample
	ratio             // RATIONAL, FLOAT, DOUBLE, and whole ones; written as RATIONAL
)

// perSample stands for as many values as a pixel has samples.
const perSample = -1

// A rule says what a tag that stays may hold.
type rule struct {
	name   string
	form   form
	count  int64 // the most values that it may have
	needed bool  // without it, or with a wrong one, the picture would be another
}

// structure holds the tags that stay: what a decoder needs and the specifications define.
// All others go. Where the picture data stands is written anew and not in the table, nor are
// the large values, which are copied: see bulk.
//
// Sources: TIFF 6.0 (Adobe, 1992); its supplement 1 and technical notes; TIFF-FX (RFC 3949);
// the tags of libtiff for SGI LogLuv, LERC and old SGI files.
var structure = map[uint16]rule{
	tagNewSubfileType:  {"NewSubfileType", whole, 1, true},
	tagSubfileType:     {"SubfileType", whole, 1, false},
	tagImageWidth:      {"ImageWidth", whole, 1, true},
	tagImageLength:     {"ImageLength", whole, 1, true},
	tagBitsPerSample:   {"BitsPerSample", whole, perSample, true},
	tagCompression:     {"Compression", whole, 1, true},
	tagPhotometric:     {"PhotometricInterpretation", whole, 1, true},
	263:                {"Threshholding", whole, 1, false},
	tagFillOrder:       {"FillOrder", whole, 1, true},
	tagOrientation:     {"Orientation", whole, 1, false},
	tagSamplesPerPixel: {"SamplesPerPixel", whole, 1, true},
	tagRowsPerStrip:    {"RowsPerStrip", whole, 1, true},
	280:                {"MinSampleValue", equal, perSample, false},
	281:                {"MaxSampleValue", equal, perSample, false},
	282:                {"XResolution", ratio, 1, false},
	283:                {"YResolution", ratio, 1, false},
	tagPlanar:          {"PlanarConfiguration", whole, 1, true},
	292:                {"T4Options", whole, 1, true},
	293:                {"T6Options", whole, 1, true},
	296:                {"ResolutionUnit", whole, 1, false},
	317:                {"Predictor", whole, 1, true},
	318:                {"WhitePoint", ratio, 2, false},
	319:                {"PrimaryChromaticities", ratio, 6, false},
	321:                {"HalftoneHints", whole, 2, false},
	tagTileWidth:       {"TileWidth", whole, 1, true},
	tagTileLength:      {"TileLength", whole, 1, true},
	332:                {"InkSet", whole, 1, true},
	334:                {"NumberOfInks", whole, 1, true},
	336:                {"DotRange", whole, 2, false},
	338:                {"ExtraSamples", whole, perSample, true},
	339:                {"SampleFormat", whole, perSample, true},
	346:                {"Indexed", whole, 1, true},
	529:                {"YCbCrCoefficients", ratio, 3, true},
	tagYCbCrSampling:   {"YCbCrSubSampling", whole, 2, true},
	531:                {"YCbCrPositioning", whole, 1, false},
	532:                {"ReferenceBlackWhite", ratio, 6, false},
	32995:              {"Matteing", whole, 1, false},
	32996:              {"DataType", whole, perSample, false},
	50674:              {"LercParameters", whole, 8, true},
}

// masks are the bits that mean something in tags which are sets of bits.
var masks = map[uint16]uint64{tagNewSubfileType: 6, 292: 7, 293: 3}

// most is the largest value of tags of which the values are numbered.
var most = map[uint16]uint64{
	tagSubfileType: 3, tagOrientation: 8, 263: 3, 266: 2, 296: 3, 338: 999, 339: 6, 346: 1, 531: 2,
	32995: 1, 32996: 6, 50674: 65535, 321: 255, 336: 65535,
}

// bulk are tags whose values are part of the picture and are copied to the byte.
var bulk = map[uint16]string{
	tagTransfer:   "TransferFunction",
	tagColorMap:   "ColorMap",
	tagJPEGTables: "JPEGTables",
}

// places are the tags that say where the picture data stands.
var places = []uint16{tagStripOffsets, tagStripByteCounts, tagTileOffsets, tagTileByteCounts}

// pointers are the tags that lead to another directory, by the name of what is there.
var pointers = map[uint16]string{
	tagSubIFDs: "subifd", tagGlobalIFD: "global", tagExifIFD: "exif", tagGPSIFD: "gps", tagInteropIFD: "interop",
}

// coding is how the strips and tiles of a page are looked at.
type coding uint8

const (
	opaque  coding = iota // a stream that says nothing but the picture
	plain                 // no compression: the size follows from the page
	jpegged               // JPEG streams with segments of their own
	webp                  // WebP files, which may hold only a picture
)

// codings lists the compressions that are understood: TIFF 6.0, its supplements, and those
// that libtiff registers.
var codings = map[uint64]coding{
	1: plain, 2: opaque, 3: opaque, 4: opaque, 5: opaque, 7: jpegged, 8: opaque,
	9: opaque, 10: opaque, // JBIG, T.85 and T.43
	32771: opaque, // CCITT runs, rows on words
	32773: opaque, 32809: opaque, 32766: opaque, 32908: opaque, 32909: opaque, 32946: opaque,
	32895: opaque, 32896: opaque, 32897: opaque, 32898: opaque,
	34661: opaque, 34676: opaque, 34677: opaque, 34887: opaque, 34925: opaque,
	50000: opaque, 50001: webp,
}

// refused names compressions that can hide things which are not looked for.
var refused = map[uint64]string{
	6:     "JPEG compression of the old style (6)",
	33003: "JPEG 2000 inside TIFF", 33004: "JPEG 2000 inside TIFF", 33005: "JPEG 2000 inside TIFF",
	34712: "JPEG 2000 inside TIFF", 34715: "JBIG 2 inside TIFF", 34892: "lossy JPEG of DNG",
	34718: "MDI compression", 34719: "MDI compression", 34720: "MDI compression",
	22610: "JPEG XR inside TIFF", 34934: "JPEG XR inside TIFF",
	50002: "JPEG XL inside TIFF", 52546: "JPEG XL inside TIFF",
}
