package consent

import (
	"crypto/sha256"
	"io"
	"time"
)

// A Manifest is one checked version of a record of people, answers and media (FORMAT.md,
// sections 2 to 5). It holds pseudonyms only.
type Manifest struct {
	Name        string
	Sequence    int64
	IssuedAt    time.Time
	Zone        *time.Location // in which all dates of the manifest are read
	People      []Person
	Consents    []Consent
	Media       []Entry
	Withdrawals []Withdrawal

	content [sha256.Size]byte // of the parsed value, whatever the syntax
}

// A Person is somebody who can be recognised (section 3).
type Person struct {
	ID   string
	Age  string // adult, 16-17, 13-15, 6-12, 0-5 or unknown
	Risk string // standard, elevated or high
	// AdultOn is the first day as an adult; no day for people not in a child band.
	AdultOn Date
}

// A Consent is one person's answer on one occasion (section 4).
type Consent struct {
	ID, Person, Status string
	GivenOn            Date
	Self               Answer
	Caregiver          Answer // the zero Answer if nobody is recorded
	Told               []string
	Method             string
	RecordedBy         string
	Witness            string
	Evidence           string
	Purposes           []string
	Channels           []string
	Territories        []string
	NotIn              []string
	ValidFrom          Date
	ValidUntil         Date      // inclusive; no day if not given
	Embargo            time.Time // zero if none
	Conditions         []string
	Supersedes         []string
	Media              []string // none: all media of the manifest that list the person
}

// An Answer is what the person or a caregiver said.
type Answer struct {
	Answer    string
	Capacity  string // of the person
	Role      string // of the caregiver
	Authority string // of the caregiver
}

// An Entry lists who can be recognised in a medium, or in several (section 5).
type Entry struct {
	ID         string
	Level      Level
	SHA256     []string // at LevelSHA256
	Pattern    string   // path, glob or folder at the other levels
	Kind       string
	People     []string
	Others     string // none, not-identifiable, crowd or unknown
	Crowd      Crowd
	DeclaredBy string
}

// Crowd says what kind of crowd an entry shows.
type Crowd struct {
	Event        string
	NoticePosted bool
	Prominent    string
	Children     string
}

// A Withdrawal takes consent back: for a person, for one answer, or for one picture.
type Withdrawal struct {
	ID         string   `json:"id,omitempty"`
	Person     string   `json:"person,omitempty"`
	Consent    string   `json:"consent,omitempty"`
	SHA256     string   `json:"sha256,omitempty"`
	On         Date     `json:"on,omitzero"`
	Channels   []string `json:"channels,omitempty"` // none: everything
	Takedown   bool     `json:"takedown"`
	RecordedBy string   `json:"recorded_by,omitempty"`
}

// A Level says how an entry names its media. Smaller is more specific.
type Level uint8

// The levels of section 5.
const (
	LevelSHA256 Level = iota
	LevelPath
	LevelGlob
	LevelFolder
)

var levelNames = [...]string{"sha256", "path", "glob", "folder"}

// Read reads one manifest. Whatever is wrong with it is an [*Error], whose Faults lists
// everything of the first kind that was found: form, then schema, then the rest.
func Read(r io.Reader, syntax Syntax) (*Manifest, error) {
	src, err := readSource(r)
	if err != nil {
		return nil, err
	}
	root, err := parse(src, syntax)
	if err != nil {
		return nil, err
	}
	if err := checkSchema(root); err != nil {
		return nil, err
	}
	return decode(root)
}

func parse(src []byte, syntax Syntax) (*node, error) {
	if err := checkText(src, syntax); err != nil {
		return nil, err
	}
	if syntax == JSON {
		return readJSON(src)
	}
	return readYAML(src)
}
