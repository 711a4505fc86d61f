package consent

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// maxFiles bounds how many manifests one folder may hold.
const maxFiles = 20000

// maxSignature bounds a signature file; real ones take about 300 bytes.
const maxSignature = 4 << 10

// manifestEndings are the endings of manifests. Upper case counts too: a manifest that is
// overlooked may hold a withdrawal.
var manifestEndings = []struct {
	ending string
	syntax Syntax
}{
	{".consent.yaml", YAML}, {".consent.yml", YAML}, {".consent.json", JSON},
}

// A Loader finds the manifests of a folder and below, with their signatures.
type Loader struct {
	Trust *Trust    // nil trusts nobody
	At    time.Time // keys are judged at this instant

	// Decrypt opens manifests that end in .age; without it they count as malformed, and
	// hold everything.
	Decrypt func(ciphertext []byte) ([]byte, error)
}

// Load reads every manifest below the root of fsys. It never fails: whatever cannot be read
// is in the list with its reason, and a register then holds everything.
func (l Loader) Load(fsys fs.FS) []Found {
	var found []Found
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if len(found) >= maxFiles {
			return errors.New("too many manifests")
		}
		if err != nil {
			found = append(found, Found{Name: name, Err: malformed(0, 0, "cannot be read")})
			return nil
		}
		if _, _, ok := manifestSyntax(name); ok && !entry.IsDir() {
			found = append(found, l.LoadFile(fsys, name))
		}
		return nil
	})
	if err != nil {
		found = append(found, Found{Name: ".", Err: malformed(0, 0, "cannot be read to the end")})
	}
	return found
}

// IsManifest reports whether a file is a manifest, by its name.
func IsManifest(name string) bool {
	_, _, ok := manifestSyntax(name)
	return ok
}

// SyntaxOf returns the syntax that a file name stands for; YAML if it stands for none.
func SyntaxOf(name string) Syntax {
	if s, _, ok := manifestSyntax(name); ok {
		return s
	}
	if strings.HasSuffix(strings.ToLower(name), ".json") {
		return JSON
	}
	return YAML
}

func manifestSyntax(name string) (s Syntax, encrypted, ok bool) {
	name = strings.ToLower(path.Base(name))
	name, encrypted = strings.CutSuffix(name, ".age")
	for _, e := range manifestEndings {
		if strings.HasSuffix(name, e.ending) {
			return e.syntax, encrypted, true
		}
	}
	return YAML, false, false
}

// LoadFile reads one manifest and the signatures beside it.
func (l Loader) LoadFile(fsys fs.FS, name string) Found {
	f := Found{Name: name}
	data, err := readLimited(fsys, name, maxBytes+64<<10)
	if err != nil {
		f.Err = malformed(0, 0, "cannot be read")
		return f
	}
	syntax, encrypted, ok := manifestSyntax(name)
	if !ok {
		syntax = SyntaxOf(name)
	}
	if encrypted {
		if data, err = l.decrypt(data); err != nil {
			f.Err = malformed(0, 0, "cannot be decrypted")
			return f
		}
	}
	f.Manifest, f.Err = Read(bytes.NewReader(data), syntax)
	if f.Err == nil {
		f.Signatures = l.signatures(fsys, name, f.Manifest.Name, data)
	}
	return f
}

func (l Loader) decrypt(data []byte) ([]byte, error) {
	if l.Decrypt == nil {
		return nil, errors.New("no key")
	}
	return l.Decrypt(data)
}

// signatures verifies NAME.minisig and NAME.2.minisig to NAME.9.minisig. One that is there
// and cannot be read counts as bad.
func (l Loader) signatures(fsys fs.FS, name, manifest string, data []byte) []Signature {
	var list []Signature
	for _, file := range SignatureNames(name) {
		sig, err := readLimited(fsys, file, maxSignature)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil || len(sig) > maxSignature:
			list = append(list, Signature{State: StateBad})
		default:
			list = append(list, l.Trust.Verify(manifest, data, sig, l.At))
		}
	}
	return list
}

// SignatureNames lists the names under which signatures of a file are looked for.
func SignatureNames(name string) []string {
	names := []string{name + ".minisig"}
	for i := 2; i <= 9; i++ {
		names = append(names, fmt.Sprintf("%s.%d.minisig", name, i))
	}
	return names
}

// readLimited reads a regular file, up to one byte more than the limit.
func readLimited(fsys fs.FS, name string, limit int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	return io.ReadAll(io.LimitReader(f, limit+1))
}

const reviewFormat = "mediaveil-review/1"

// ReadReview reads the word of a reviewer and verifies its signatures. A review without a
// valid one is returned all the same, and lifts nothing.
func ReadReview(data []byte, signatures [][]byte, trust *Trust, at time.Time) (*Review, error) {
	src, err := readSource(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	root, err := parse(src, YAML)
	if err != nil {
		return nil, err
	}
	fields := []string{"format", "sha256", "by", "role", "at", "release"}
	wrong := &Error{ManifestSchema, []Fault{{Problem: "is not a review"}}}
	if unknownField(root, fields...) != nil || root.text1("format", "") != reviewFormat {
		return nil, wrong
	}
	r := &Review{SHA256: root.text1("sha256", ""), By: root.text1("by", ""), Role: Role(root.text1("role", ""))}
	var ok bool
	if r.At, ok = ParseInstant(root.text1("at", "")); !ok || !isID(r.By, 's') || !isSHA256(r.SHA256) {
		return nil, wrong
	}
	for _, name := range root.texts("release") {
		code, ok := ParseCode(name)
		if !ok {
			return nil, wrong
		}
		r.Release = append(r.Release, code)
	}
	for _, sig := range signatures {
		r.Signatures = append(r.Signatures, trust.Verify("", data, sig, at))
	}
	slices.Sort(r.Release)
	return r, nil
}
