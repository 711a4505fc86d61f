package xmp

// programSchemas are what editors, viewers and archives write of their own.
var programSchemas = []schema{
	{uri: "http://ns.adobe.com/camera-raw-settings/1.0/", prefix: "crs", category: software, names: byCategory{
		software: "Version ProcessVersion WhiteBalance Temperature Tint Exposure2012 Contrast2012 Highlights2012 Shadows2012 " +
			"Whites2012 Blacks2012 Texture Clarity2012 Dehaze Vibrance Saturation ToneCurve ToneCurvePV2012 HasSettings " +
			"HasCrop AlreadyApplied CropTop CropLeft CropBottom CropRight CropAngle CameraProfile CameraProfileDigest " +
			"LensProfileName LensProfileFilename LensProfileDigest Look Parameters Preset Group SupportsAmount",
		description: "Name ShortName SortName Description",
		person:      "RawFileName MaskGroupBasedCorrections CorrectionMasks RetouchInfo RetouchAreas RedEyeInfo FaceMasks",
		device:      "CameraModelRestriction", rights: "Copyright ContactInfo"}},
	{uri: "http://ns.adobe.com/camera-raw-defaults/1.0/", prefix: "crd", category: software},
	{uri: "http://ns.adobe.com/camera-raw-saved-settings/1.0/", prefix: "crss", category: software},
	{uri: "http://ns.adobe.com/camera-raw-embedded-lens-profile/1.0/", prefix: "crlcp", category: software},
	{uri: "http://ns.adobe.com/photoshop/1.0/camera-profile", prefix: "stCamera", category: device},
	{uri: "http://ns.adobe.com/lightroom/1.0/", prefix: "lr", category: description, names: byCategory{
		description: "hierarchicalSubject weightedFlatSubject", software: "privateRTKInfo"}},
	{uri: "http://ns.adobe.com/illustrator/1.0/", prefix: "illustrator", category: software, names: byCategory{
		software: "StartupProfile CreatorSubTool Type"}},
	{uri: "http://ns.adobe.com/creatorAtom/1.0/", prefix: "creatorAtom", category: software},
	{uri: "http://ns.adobe.com/xmp/transient/1.0/", prefix: "xmpx", category: software},
	{uri: "http://ns.adobe.com/album/1.0/", prefix: "album", category: description},
	{uri: "http://ns.adobe.com/bridge/1.0/", prefix: "bridge", category: software},
	{uri: "http://ns.adobe.com/png/1.0/", prefix: "png", category: software},
	{uri: "http://ns.adobe.com/StockPhoto/1.0/", prefix: "bmsp", category: rights},
	{uri: "http://ns.microsoft.com/photo/1.0", prefix: "MicrosoftPhoto", names: microsoftPhoto},
	{uri: "http://ns.microsoft.com/photo/1.0/", prefix: "MicrosoftPhoto", names: microsoftPhoto},
	{uri: "http://ns.microsoft.com/photo/1.1", prefix: "MicrosoftPhoto", names: microsoftPhoto},
	{uri: "http://ns.microsoft.com/photo/1.2/", prefix: "MP", category: person, names: byCategory{person: "RegionInfo"}},
	{uri: "http://ns.microsoft.com/photo/1.2/t/RegionInfo#", prefix: "MPRI", category: person, names: byCategory{
		person: "Regions DateRegionsValid"}},
	{uri: "http://ns.microsoft.com/photo/1.2/t/Region#", prefix: "MPReg", category: person, names: byCategory{
		person: "Rectangle PersonDisplayName PersonEmailDigest PersonLiveIdCID PersonSourceID"}},
	{uri: "http://ns.acdsee.com/iptc/1.0/", prefix: "acdsee", category: description, names: byCategory{
		person: "author", when: "datetime", software: "rating tagged collections rawrppused rpp dpp snapshots",
		description: "caption categories notes keywords"}},
	{uri: "http://ns.acdsee.com/regions/", prefix: "acdsee-rs", category: person, names: byCategory{
		person: "Regions RegionList AppliedToDimensions Name Type NameAssignType DLYArea ALGArea"}},
	{uri: "http://ns.acdsee.com/sType/Area#", prefix: "acdsee-stArea", category: person},
	{uri: "http://www.digikam.org/ns/1.0/", prefix: "digiKam", category: software, names: byCategory{
		description: "TagsList CaptionsAuthorNames", when: "CaptionsDateTimeStamps", person: "PersonRegions",
		software: "ImageHistory ImageUniqueID ColorLabel PickLabel LensCorrectionSettings"}},
	{uri: "http://www.digikam.org/ns/kipi/1.0/", prefix: "kipi", category: software},
	{uri: "http://darktable.sf.net/", prefix: "darktable", category: software, names: byCategory{
		software: "xmp_version raw_params auto_presets_applied history history_end modversion enabled operation params " +
			"multi_name multi_priority blendop_version blendop_params masks_history iop_order_version colorlabels",
		when: "import_timestamp change_timestamp export_timestamp print_timestamp"}},
	{uri: "http://www.gimp.org/xmp/", prefix: "GIMP", category: software, names: byCategory{
		software: "API Platform Version", when: "TimeStamp"}},
	{uri: "http://ns.camerabits.com/photomechanic/1.0/", prefix: "photomech", category: software, names: byCategory{
		location: "CountryCode", when: "TimeCreated", software: "Prefs PMVersion ColorClass Tagged", person: "EditStatus"}},
	{uri: "http://ns.iview-multimedia.com/mediapro/1.0/", prefix: "mediapro", names: byCategory{
		person: "People", location: "Location", description: "Event CatalogSets UserFields", software: "Status"}},
	{uri: "http://ns.iview-multimedia.com/expressionmedia/1.0/", prefix: "expressionmedia", names: byCategory{
		person: "People", location: "Location", description: "Event CatalogSets", software: "Status"}},
	{uri: "http://www.fstopapp.com/xmp/", prefix: "fstop", category: software, names: byCategory{software: "favorite"}},
	{uri: "http://ns.fotoware.com/iptcxmp-custom/1.0/", prefix: "fwc", category: description},
	{uri: "http://ns.extensis.com/extensis/1.0/", prefix: "extensis", names: byCategory{
		person: "Approved ApprovedBy ClientName JobName PhotoName Status WorkToDo"}},
	{uri: "http://ns.nikon.com/sdc/1.0/", prefix: "sdc", category: device},
	{uri: "http://ns.nikon.com/nine/1.0/", prefix: "nine", category: device},
	{uri: "http://ns.nikon.com/asteroid/1.0/", prefix: "ast", category: device},
	{uri: "http://ns.prismstandard.org/prism/2.0/", prefix: "prism", category: description},
	{uri: "http://prismstandard.org/namespaces/basic/2.0/", prefix: "prism", category: description},
	{uri: "http://www.communicatingastronomy.org/avm/1.0/", prefix: "avm", category: description},
	{uri: "http://rs.tdwg.org/dwc/index.htm", prefix: "dwc", category: location},
	{uri: "http://ns.attribution.com/ads/1.0/", prefix: "Attrib", category: software, names: byCategory{
		software: "Ads TouchType FbId", when: "Created", person: "ExtId"}},
	{uri: "http://www.calligra.org/krita/xmp/MakerNote/1.0/", prefix: "kritaMakerNote", category: device, names: byCategory{
		device: "RawData"}},
	{uri: "http://xmp.gettyimages.com/gift/1.0/", prefix: "GettyImagesGIFT", names: byCategory{
		rights: "AssetID Composition CallForImage Personality OriginalFilename ParentMEID"}},
	{uri: "http://ns.thinkingdog.com/", prefix: "tdog", category: software},
	{uri: "http://ns.exiftool.org/1.0/", prefix: "et", category: software},
	{uri: "http://ns.exiftool.ca/1.0/", prefix: "et", category: software},
}

// microsoftPhoto is one schema under three URIs.
var microsoftPhoto = byCategory{
	software:    "Rating RatingPercent CameraSerialNumberDigest DateImported",
	description: "LastKeywordXMP LastKeywordIPTC",
	when:        "DateAcquired",
	device:      "CameraSerialNumber FlashManufacturer FlashModel LensManufacturer LensModel",
	person:      "CreatorAppId CreatorOpenWithUIOptions ItemSubType",
}
