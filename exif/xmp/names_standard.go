package xmp

import "github.com/mediaveil/mediaveil/sanitize/metadata"

// The categories under short names, for the tables.
const (
	unknown     = metadata.Unknown
	location    = metadata.Location
	device      = metadata.Device
	when        = metadata.Time
	person      = metadata.Person
	description = metadata.Description
	altText     = metadata.AltText
	rights      = metadata.Rights
	software    = metadata.Software
	thumbnail   = metadata.Thumbnail
	gainMap     = metadata.GainMap
	rendering   = metadata.Rendering
)

type byCategory = map[metadata.Category]string

// standardSchemas are those of the XMP specification (parts 1 and 2), the IPTC Photo
// Metadata Standard 2023.2, PLUS 2.0 and the Metadata Working Group.
//
// A category with a name that Write can write is that of its field. Where a name could
// stand in two, the table has the one that does more harm.
var standardSchemas = []schema{
	{uri: nsMeta, prefix: "x", names: byCategory{software: "xmptk xaptk"}},
	{uri: nsRDF, prefix: "rdf", names: byCategory{software: "about ID nodeID bagID type datatype parseType aboutEach"}},
	{uri: nsDC, prefix: "dc", names: byCategory{
		rights:      "rights creator publisher rightsHolder",
		person:      "contributor",
		description: "title description subject language type",
		location:    "coverage",
		when:        "date",
		software:    "format identifier source relation Format",
	}},
	{uri: "http://purl.org/dc/terms/", prefix: "dcterms", names: byCategory{
		software:    "provenance identifier references isVersionOf hasVersion replaces isReplacedBy isPartOf hasPart source conformsTo",
		when:        "created modified date available issued dateAccepted dateCopyrighted dateSubmitted valid temporal",
		location:    "spatial coverage",
		rights:      "rights rightsHolder license accessRights publisher creator",
		person:      "contributor audience mediator",
		description: "title alternative abstract description subject tableOfContents type",
	}},
	{uri: "http://ns.adobe.com/xap/1.0/", prefix: "xmp", names: byCategory{
		when:        "CreateDate ModifyDate MetadataDate",
		software:    "CreatorTool Identifier BaseURL Nickname Advisory Rating RatingPercent Label",
		description: "Title Description Keywords",
		person:      "Author",
		thumbnail:   "Thumbnails PageInfo",
	}},
	{uri: "http://ns.adobe.com/xap/1.0/g/img/", prefix: "xmpGImg", category: thumbnail, names: byCategory{
		thumbnail: "image format width height"}},
	{uri: nsRights, prefix: "xmpRights", names: byCategory{
		rights: "Certificate Marked Owner UsageTerms WebStatement"}},
	{uri: nsCC, prefix: "cc", category: rights, names: byCategory{
		rights: "license attributionName attributionURL morePermissions useGuidelines permits requires prohibits jurisdiction legalcode"}},
	{uri: "http://web.resource.org/cc/", prefix: "ccOld", category: rights},
	{uri: "http://ns.adobe.com/xap/1.0/mm/", prefix: "xmpMM", category: software, names: byCategory{
		software: "DocumentID InstanceID OriginalDocumentID VersionID VersionTag DerivedFrom History Ingredients Pantry " +
			"Versions RenditionClass RenditionParams RenditionOf ManagedFrom Manager ManageTo ManageUI ManagerVariant " +
			"Manifest SaveID subject LastURL",
		person: "PreservedFileName"}},
	{uri: "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#", prefix: "stEvt", category: software, names: byCategory{
		software: "action changed instanceID parameters softwareAgent", when: "when"}},
	{uri: "http://ns.adobe.com/xap/1.0/sType/ResourceRef#", prefix: "stRef", category: software, names: byCategory{
		software: "documentID instanceID originalDocumentID versionID renditionClass renditionParams alternatePaths " +
			"manager managerVariant manageTo manageUI maskMarkers partMapping toPart fromPart",
		when: "lastModifyDate", person: "filePath"}},
	{uri: "http://ns.adobe.com/xap/1.0/sType/Version#", prefix: "stVer", category: software, names: byCategory{
		software: "event version", when: "modifyDate", person: "modifier", description: "comments"}},
	{uri: "http://ns.adobe.com/xap/1.0/sType/ManifestItem#", prefix: "stMfs", category: software, names: byCategory{
		software: "linkForm placedResolutionUnit placedXResolution placedYResolution reference"}},
	{uri: "http://ns.adobe.com/xap/1.0/sType/Job#", prefix: "stJob", category: description, names: byCategory{
		description: "name id url"}},
	{uri: "http://ns.adobe.com/xap/1.0/bj/", prefix: "xmpBJ", category: description, names: byCategory{description: "JobRef"}},
	{uri: "http://ns.adobe.com/xap/1.0/sType/Dimensions#", prefix: "stDim", category: software, names: byCategory{
		software: "w h unit"}},
	{uri: "http://ns.adobe.com/xmp/sType/Area#", prefix: "stArea", category: person, names: byCategory{
		person: "x y w h d unit"}},
	{uri: "http://ns.adobe.com/xap/1.0/sType/Font#", prefix: "stFnt", category: software, names: byCategory{
		software: "fontName fontFamily fontFace fontType versionString composite fontFileName childFontFiles"}},
	{uri: "http://ns.adobe.com/xap/1.0/g/", prefix: "xmpG", category: software, names: byCategory{
		software: "Colorants swatchName mode type groupName groupType red green blue cyan magenta yellow black L A B tint gray"}},
	{uri: "http://ns.adobe.com/xap/1.0/t/pg/", prefix: "xmpTPg", category: software, names: byCategory{
		software: "MaxPageSize NPages Fonts Colorants PlateNames SwatchGroups HasVisibleOverprint HasVisibleTransparency"}},
	{uri: "http://ns.adobe.com/xap/1.0/t/", prefix: "xmpT", category: software},
	{uri: "http://ns.adobe.com/xmp/Identifier/qual/1.0/", prefix: "xmpidq", names: byCategory{software: "Scheme"}},
	{uri: "http://ns.adobe.com/xmp/note/", prefix: "xmpNote", names: byCategory{software: "HasExtendedXMP"}},
	{uri: "http://ns.adobe.com/iX/1.0/", prefix: "iX", category: software, names: byCategory{software: "changes"}},
	{uri: "http://ns.adobe.com/xmp/1.0/DynamicMedia/", prefix: "xmpDM", category: software, names: byCategory{
		person:      "artist engineer cameraOperator director directorPhotography speakerPlacement composer client",
		rights:      "copyright",
		location:    "shotLocation",
		when:        "shotDate releaseDate audioModDate videoModDate metadataModDate startTimecode altTimecode timeValue timeFormat",
		description: "album comment genre logComment projectName scene shotName shotNumber takeNumber lyrics key tempo instrument trackNumber discNumber",
		device:      "cameraAngle cameraLabel cameraModel cameraMove shotSize tapeName altTapeName",
		software: "Tracks markers good pick duration videoFrameRate videoFrameSize videoFieldOrder videoPixelAspectRatio " +
			"videoPixelDepth videoColorSpace videoAlphaMode videoCompressor audioSampleRate audioSampleType " +
			"audioChannelType audioCompressor projectRef contributedMedia fileDataRate introTime outCue"}},
	{uri: nsPhotoshop, prefix: "photoshop", category: software, names: byCategory{
		rights:      "Credit Source",
		description: "Headline Category SupplementalCategories Instructions TransmissionReference TextLayers LayerName LayerText",
		when:        "DateCreated",
		location:    "City Country State",
		person:      "AuthorsPosition CaptionWriter",
		software: "Urgency ColorMode ICCProfile History DocumentAncestors LegacyIPTCDigest SidecarForExtension " +
			"EmbeddedXMPDigest CameraProfiles"}},
	{uri: "http://ns.adobe.com/pdf/1.3/", prefix: "pdf", category: software, names: byCategory{
		description: "Keywords Title Subject", person: "Author", rights: "Copyright Marked",
		when: "CreationDate ModDate", software: "PDFVersion Producer Creator Trapped"}},
	{uri: "http://ns.adobe.com/pdfx/1.3/", prefix: "pdfx"},
	{uri: nsIPTC, prefix: "Iptc4xmpCore", names: byCategory{
		altText:     "AltTextAccessibility ExtDescrAccessibility",
		location:    "Location CountryCode",
		description: "IntellectualGenre Scene SubjectCode",
		person: "CreatorContactInfo CiAdrCity CiAdrCtry CiAdrExtadr CiAdrPcode CiAdrRegion CiEmailWork " +
			"CiTelWork CiUrlWork"}},
	{uri: nsIPTCExt, prefix: "Iptc4xmpExt", names: byCategory{
		location: "LocationShown LocationCreated City CountryCode CountryName ProvinceState Sublocation WorldRegion " +
			"LocationId LocationName",
		person: "PersonInImage PersonInImageWDetails PersonName PersonId PersonDescription PersonCharacteristic " +
			"PersonHeard AddlModelInfo ModelAge Contributor Role OrganisationInImageCode OrganisationInImageName " +
			"ImageRegion RegionBoundary rbShape rbUnit rbX rbY rbW rbH rbRx rbVertices rId rCtype rRole Name Identifier",
		description: "Event EventId EventExt Headline ArtworkOrObject AOTitle AOContentDescription AOContributionDescription " +
			"AOPhysicalDescription AOStylePeriod AOCreator AOCreatorId AOSource AOSourceInvNo AOSourceInvURL " +
			"AOCircaDateCreated ProductInImage ProductName ProductDescription ProductGTIN ProductId Genre AboutCvTerm " +
			"CvTermId CvTermName CvId CvTermRefinedAbout ControlledVocabularyTerm Keywords",
		when: "AODateCreated IptcLastEdited ReleaseDate DateRecReleased",
		rights: "AOCopyrightNotice AOCurrentCopyrightOwnerId AOCurrentCopyrightOwnerName AOCurrentLicensorId " +
			"AOCurrentLicensorName Creator CopyrightYear UsageRights EmbdEncRightsExpr LinkedEncRightsExpr " +
			"EncRightsExpr RightsExprEncType RightsExprLangId LinkedRightsExpr DataMining OtherConstraints ImageRating",
		software: "DigImageGUID DigitalSourceFileType DigitalSourceType MaxAvailHeight MaxAvailWidth RegistryId RegItemId " +
			"RegOrgId RegEntryRole AISystemUsed AISystemVersionUsed AIPromptInformation AIPromptWriterName Transcript"}},
	{uri: "http://ns.useplus.org/ldf/xmp/1.0/", prefix: "plus", category: rights, names: byCategory{
		person: "Licensor LicensorName LicensorID LicensorURL LicensorEmail LicensorCity LicensorRegion LicensorCountry " +
			"LicensorPostalCode LicensorStreetAddress LicensorExtendedAddress LicensorTelephone1 LicensorTelephone2 " +
			"LicensorTelephoneType1 LicensorTelephoneType2 LicensorNotes LicensorImageID LicensorTransactionID " +
			"ModelReleaseID ModelReleaseStatus MinorModelAgeDisclosure Licensee LicenseeName LicenseeID LicenseeImageID " +
			"LicenseeImageNotes LicenseeProjectReference LicenseeTransactionID EndUser EndUserID EndUserName " +
			"AdultContentWarning",
		rights: "CopyrightOwner CopyrightOwnerID CopyrightOwnerName CopyrightOwnerImageID CopyrightStatus " +
			"CopyrightRegistrationNumber CreditLineRequired CreditLineText ImageCreator ImageCreatorID ImageCreatorName " +
			"ImageCreatorImageID ImageSupplier ImageSupplierID ImageSupplierName ImageSupplierImageID LicenseID " +
			"LicenseStartDate LicenseEndDate LicenseTransactionDate MediaConstraints MediaSummaryCode OtherConditions " +
			"OtherConstraints OtherLicenseInfo OtherLicenseDocuments OtherLicenseRequirements " +
			"OtherLicenseConditions PropertyReleaseID PropertyReleaseStatus ProductOrServiceConstraints RegionConstraints " +
			"Reuse TermsAndConditionsText TermsAndConditionsURL DataMining Version ImageAlterationConstraints " +
			"ImageDuplicationConstraints ImageFileConstraints",
		description: "OtherImageInfo ImageType FileNameAsDelivered ImageFileFormatAsDelivered ImageFileSizeAsDelivered " +
			"FirstPublicationDate"}},
	{uri: "http://www.metadataworkinggroup.com/schemas/regions/", prefix: "mwg-rs", category: person, names: byCategory{
		person: "Regions RegionList AppliedToDimensions Name Type Area Description FocusUsage BarCodeValue Extensions " +
			"Rotation seeAlso"}},
	{uri: "http://www.metadataworkinggroup.com/schemas/keywords/", prefix: "mwg-kw", category: description, names: byCategory{
		description: "Keywords Hierarchy Keyword Applied Children"}},
	{uri: "http://www.metadataworkinggroup.com/schemas/collections/", prefix: "mwg-coll", category: description, names: byCategory{
		description: "Collections CollectionName CollectionURI"}},
	{uri: "http://ns.adobe.com/DICOM/", prefix: "DICOM", category: person, names: byCategory{
		person: "PatientName PatientID PatientSex PatientDOB StudyID StudyPhysician StudyDateTime StudyDescription " +
			"SeriesNumber SeriesModality SeriesDateTime SeriesDescription EquipmentInstitution EquipmentManufacturer"}},
}
