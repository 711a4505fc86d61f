package xmp

// cameraSchemas are what cameras, phones and drones write: the XMP forms of TIFF and Exif
// (XMP specification part 2, CIPA DC-010), and makers' own.
//
// Rendering is only what says how to show a picture, and only when its value is numbers.
var cameraSchemas = []schema{
	{uri: "http://ns.adobe.com/tiff/1.0/", prefix: "tiff", names: byCategory{
		rendering: "Orientation XResolution YResolution ResolutionUnit BitsPerSample SamplesPerPixel Compression " +
			"PhotometricInterpretation PlanarConfiguration YCbCrPositioning YCbCrSubSampling",
		device:      "Make Model",
		software:    "Software NativeDigest ImageWidth ImageLength TransferFunction WhitePoint PrimaryChromaticities YCbCrCoefficients ReferenceBlackWhite HostComputer DocumentName",
		when:        "DateTime",
		description: "ImageDescription",
		rights:      "Artist Copyright"}},
	{uri: nsExif, prefix: "exif", category: device, names: byCategory{
		rendering: "ColorSpace",
		location: "GPSVersionID GPSLatitude GPSLatitudeRef GPSLongitude GPSLongitudeRef GPSAltitude GPSAltitudeRef " +
			"GPSTimeStamp GPSDateStamp GPSDateTime GPSSatellites GPSStatus GPSMeasureMode GPSDOP GPSSpeed GPSSpeedRef " +
			"GPSTrack GPSTrackRef GPSImgDirection GPSImgDirectionRef GPSMapDatum GPSDestLatitude GPSDestLatitudeRef " +
			"GPSDestLongitude GPSDestLongitudeRef GPSDestBearing GPSDestBearingRef GPSDestDistance GPSDestDistanceRef " +
			"GPSProcessingMethod GPSAreaInformation GPSDifferential GPSHPositioningError GPSInfo",
		when: "DateTimeOriginal DateTimeDigitized SubSecTime SubSecTimeOriginal SubSecTimeDigitized OffsetTime " +
			"OffsetTimeOriginal OffsetTimeDigitized",
		description: "UserComment",
		thumbnail:   "RelatedSoundFile",
		software:    "ExifVersion FlashpixVersion NativeDigest PixelXDimension PixelYDimension ImageUniqueID ComponentsConfiguration Gamma",
		device: "MakerNote ExposureTime FNumber ExposureProgram SpectralSensitivity ISOSpeedRatings OECF " +
			"ShutterSpeedValue ApertureValue BrightnessValue ExposureBiasValue MaxApertureValue SubjectDistance " +
			"MeteringMode LightSource Flash Fired Return Mode Function RedEyeMode FocalLength SubjectArea FlashEnergy " +
			"SpatialFrequencyResponse FocalPlaneXResolution FocalPlaneYResolution FocalPlaneResolutionUnit " +
			"SubjectLocation ExposureIndex SensingMethod FileSource SceneType CFAPattern CustomRendered ExposureMode " +
			"WhiteBalance DigitalZoomRatio FocalLengthIn35mmFilm SceneCaptureType GainControl Contrast Saturation " +
			"Sharpness DeviceSettingDescription SubjectDistanceRange CompressedBitsPerPixel CompositeImage Columns Rows " +
			"Values Names Settings"}},
	{uri: "http://cipa.jp/exif/1.0/", prefix: "exifEX", category: device, names: byCategory{
		device: "PhotographicSensitivity SensitivityType StandardOutputSensitivity RecommendedExposureIndex ISOSpeed " +
			"ISOSpeedLatitudeyyy ISOSpeedLatitudezzz BodySerialNumber LensSpecification LensMake LensModel " +
			"LensSerialNumber InteroperabilityIndex Gamma CompositeImage CompositeImageCount " +
			"CompositeImageExposureTimes Acceleration AmbientTemperature CameraElevationAngle CameraFirmware Humidity " +
			"Pressure WaterDepth",
		software: "ImageEditingSoftware MetadataEditingSoftware RAWDevelopingSoftware RelatedImageFileFormat " +
			"RelatedImageHeight RelatedImageWidth ImageUniqueID",
		person: "CameraOwnerName OwnerName ImageEditor", rights: "Photographer", description: "ImageTitle",
		when: "OffsetTime OffsetTimeOriginal OffsetTimeDigitized"}},
	{uri: "http://cipa.jp/exif/2.32/", prefix: "exifEX232", category: device},
	{uri: "http://ns.adobe.com/exif/1.0/aux/", prefix: "aux", category: device, names: byCategory{
		device: "Lens LensID LensInfo LensSerialNumber SerialNumber Firmware FlashCompensation ImageNumber " +
			"ApproximateFocusDistance LensDistortInfo NeutralDensityFactor IsMergedHDR IsMergedPanorama " +
			"EnhanceDetailsVersion EnhanceDenoiseVersion DistortionCorrectionAlreadyApplied " +
			"LateralChromaticAberrationCorrectionAlreadyApplied VignetteCorrectionAlreadyApplied FujiRatingAlreadyApplied",
		person: "OwnerName"}},
	{uri: "http://ns.google.com/photos/1.0/camera/", prefix: "GCamera", category: device, names: byCategory{
		thumbnail: "MotionPhoto MotionPhotoVersion MotionPhotoPresentationTimestampUs MicroVideo MicroVideoVersion " +
			"MicroVideoOffset MicroVideoPresentationTimestampUs",
		device: "hdrp_makernote HdrPlusMakernote shot_log_data SpecialTypeID SpecialType DisableAutoCreation " +
			"DisableSuggestedAction PortraitVersion PortraitRequest PortraitNote",
		software: "BurstID BurstPrimary CreationsType"}},
	{uri: "http://ns.google.com/photos/1.0/container/", prefix: "Container", names: byCategory{gainMap: "Directory Item"}},
	{uri: "http://ns.google.com/photos/1.0/container/item/", prefix: "Item", names: byCategory{
		gainMap: "Mime Semantic Length Padding", unknown: "Label URI"}},
	{uri: "http://ns.adobe.com/hdr-gain-map/1.0/", prefix: "hdrgm", names: byCategory{
		gainMap: "Version BaseRenditionIsHDR GainMapMin GainMapMax Gamma OffsetSDR OffsetHDR HDRCapacityMin HDRCapacityMax"}},
	{uri: "http://ns.apple.com/HDRGainMap/1.0/", prefix: "HDRGainMap", names: byCategory{
		gainMap: "HDRGainMapVersion HDRGainMapHeadroom"}},
	{uri: "http://ns.adobe.com/hdr-metadata/1.0/", prefix: "hdr_metadata", category: software, names: byCategory{
		software: "ccv_primaries_xy ccv_white_xy ccv_min_luminance_nits ccv_max_luminance_nits ccv_avg_luminance_nits scene_referred"}},
	{uri: "http://ns.google.com/photos/1.0/depthmap/", prefix: "GDepth", category: thumbnail, names: byCategory{
		thumbnail: "Data Mime Format Near Far Units MeasureType Confidence ConfidenceMime ImageWidth ImageHeight",
		device:    "Manufacturer Model Software"}},
	{uri: "http://ns.google.com/photos/1.0/image/", prefix: "GImage", category: thumbnail, names: byCategory{thumbnail: "Data Mime"}},
	{uri: "http://ns.google.com/photos/1.0/audio/", prefix: "GAudio", category: thumbnail, names: byCategory{thumbnail: "Data Mime"}},
	{uri: "http://ns.google.com/photos/1.0/focus/", prefix: "GFocus", category: device},
	{uri: "http://ns.google.com/photos/1.0/creations/", prefix: "GCreations", category: software},
	{uri: "http://ns.google.com/photos/dd/1.0/device/", prefix: "Device", category: thumbnail},
	{uri: "http://ns.google.com/photos/dd/1.0/camera/", prefix: "Camera", category: thumbnail},
	{uri: "http://ns.google.com/photos/dd/1.0/image/", prefix: "Image", category: thumbnail},
	{uri: "http://ns.google.com/photos/dd/1.0/depthmap/", prefix: "DepthMap", category: thumbnail},
	{uri: "http://ns.google.com/photos/dd/1.0/container/", prefix: "DDContainer", category: thumbnail},
	{uri: "http://ns.google.com/photos/dd/1.0/item/", prefix: "DDItem", category: thumbnail},
	{uri: "http://ns.google.com/photos/dd/1.0/profile/", prefix: "Profile", category: thumbnail},
	{uri: "http://ns.google.com/photos/1.0/panorama/", prefix: "GPano", category: device, names: byCategory{
		location: "PoseHeadingDegrees PosePitchDegrees PoseRollDegrees InitialViewHeadingDegrees InitialViewPitchDegrees InitialViewRollDegrees",
		when:     "FirstPhotoDate LastPhotoDate",
		software: "StitchingSoftware SourcePhotosCount ExposureLockUsed UsePanoramaViewer ProjectionType " +
			"CroppedAreaImageHeightPixels CroppedAreaImageWidthPixels CroppedAreaLeftPixels CroppedAreaTopPixels " +
			"FullPanoHeightPixels FullPanoWidthPixels LargestValidInteriorRectHeight LargestValidInteriorRectLeft " +
			"LargestValidInteriorRectTop LargestValidInteriorRectWidth InitialHorizontalFOVDegrees InitialCameraDolly"}},
	{uri: "http://ns.google.com/videos/1.0/spherical/", prefix: "GSpherical", category: device},
	{uri: "http://ns.apple.com/faceinfo/1.0/", prefix: "apple-fi", category: person, names: byCategory{
		person: "Timestamp FaceID AngleInfoRoll AngleInfoYaw ConfidenceLevel"}},
	{uri: "http://ns.apple.com/pixeldatainfo/1.0/", prefix: "apple-px", category: thumbnail, names: byCategory{
		thumbnail: "AuxiliaryImageType NativeFormat StoredFormat"}},
	{uri: "http://ns.apple.com/adjustment-settings/1.0/", prefix: "aas", category: software},
	{uri: "http://ns.apple.com/depthData/1.0/", prefix: "depthData", category: thumbnail},
	{uri: "http://ns.apple.com/portraitEffectsMatte/1.0/", prefix: "portraitEffectsMatte", category: thumbnail},
	{uri: "http://ns.apple.com/depthBlurEffect/1.0/", prefix: "depthBlurEffect", category: thumbnail},
	{uri: "http://www.dji.com/drone-dji/1.0/", prefix: "drone-dji", category: device, names: byCategory{
		location: "GpsLatitude GpsLongitude GpsLongtitude GPSLatitude GPSLongitude GpsStatus AltitudeType " +
			"AbsoluteAltitude RelativeAltitude LRFTargetLat LRFTargetLon LRFTargetAlt LRFTargetAbsAlt LRFTargetDistance " +
			"RtkFlag RtkStdLat RtkStdLon RtkStdHgt RtkDiffAge FlightXSpeed FlightYSpeed FlightZSpeed GimbalYawDegree " +
			"GimbalPitchDegree GimbalRollDegree FlightYawDegree FlightPitchDegree FlightRollDegree SelfData",
		when: "UTCAtExposure CreateDate",
		device: "CamReverse GimbalReverse SensorTemperature ProductName DroneModel DroneSerialNumber CameraSerialNumber " +
			"CaptureUUID PictureQuality ShutterType ShutterCount CalibratedFocalLength CalibratedOpticalCenterX " +
			"CalibratedOpticalCenterY DewarpData DewarpFlag Version WhiteBalanceCCT SensorFPS SensorID LensTemperature",
		software: "NtripMountPoint NtripPort NtripHost RecommendedExposureIndex"}},
	{uri: "http://www.parrot.com/drone-parrot/1.0/", prefix: "drone-parrot", category: device},
	{uri: "http://pix4d.com/camera/1.0", prefix: "pix4d", category: device},
	{uri: "http://pix4d.com/camera/1.0/", prefix: "pix4d", category: device},
	{uri: "http://ns.flir.com/xmp/1.0/", prefix: "FLIR", category: device},
	{uri: "http://ns.leiainc.com/photos/1.0/image/", prefix: "LImage", category: thumbnail, names: byCategory{
		thumbnail: "Data Mime", software: "MajorVersion MinorVersion"}},
	{uri: "http://www.geotate.com/Geotate/1.0/", prefix: "Geotate", category: location, names: byCategory{
		location: "GeotateGRL GeotatePOI GeotateRGCVersion"}},
	{uri: "http://ns.xiaomi.com/photos/1.0/camera/", prefix: "MiCamera", category: device},
	{uri: "http://ns.oplus.com/photos/1.0/camera/", prefix: "OpCamera", category: device},
}
