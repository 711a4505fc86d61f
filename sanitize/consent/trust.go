package consent

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"time"

	"aead.dev/minisign"
)

// A Trust says whose signatures count (section 7). The zero Trust knows nobody.
type Trust struct{ keys []trustedKey }

type trustedKey struct {
	id          string
	public      minisign.PublicKey
	role        Role
	manifests   []string // globs over manifest names; none: all
	from, until time.Time
	revoked     bool
}

const trustFormat = "mediaveil-trust/1"

// ErrTrust is wrapped by every error about a trust file. None quotes the file.
var ErrTrust = errors.New("trust file")

// ReadTrust reads a trust file, in YAML. It is as strict as [Read]: an unknown field, a key
// given twice or a role that does not exist is an error, and then nobody is trusted.
func ReadTrust(r io.Reader) (*Trust, error) {
	src, err := readSource(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTrust, err)
	}
	root, err := parse(src, YAML)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTrust, err)
	}
	if root.text1("format", "") != trustFormat {
		return nil, fmt.Errorf("%w: format is not %s", ErrTrust, trustFormat)
	}
	keys := root.get("keys")
	if unknown := unknownField(root, "format", "keys"); unknown != nil || keys == nil || keys.kind != isList {
		return nil, fmt.Errorf("%w: needs `format` and a list `keys`, and nothing else", ErrTrust)
	}
	t := new(Trust)
	for i := range keys.kids {
		if err := t.add(&keys.kids[i]); err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrTrust, keys.kids[i].line, err)
		}
	}
	return t, nil
}

func unknownField(n *node, known ...string) *node {
	if n.kind != isMap {
		return n
	}
	for i := 0; i < len(n.kids); i += 2 {
		if !slices.Contains(known, n.kids[i].text) {
			return &n.kids[i]
		}
	}
	return nil
}

var keyName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

func (t *Trust) add(n *node) error {
	if unknownField(n, "key", "minisign", "role", "manifests", "from", "until", "revoked_on") != nil {
		return errors.New("unknown field")
	}
	k := trustedKey{id: n.text1("key", ""), role: Role(n.text1("role", "")), manifests: n.texts("manifests")}
	if !keyName.MatchString(k.id) {
		return errors.New("`key` has the wrong form")
	}
	if !slices.Contains([]Role{Recorder, ConsentOfficer, Safeguarding, Reviewer}, k.role) {
		return errors.New("`role` is not one of recorder, consent-officer, safeguarding, reviewer")
	}
	if k.public.UnmarshalText([]byte(n.text1("minisign", ""))) != nil {
		return errors.New("`minisign` is not a public key")
	}
	for _, other := range t.keys { // one key under two names would count as two people
		if other.id == k.id || other.public.Equal(k.public) {
			return errors.New("a key that is given twice")
		}
	}
	if err := k.readScope(n); err != nil {
		return err
	}
	t.keys = append(t.keys, k)
	return nil
}

func (k *trustedKey) readScope(n *node) error {
	if list := n.get("manifests"); list != nil && (list.kind != isList || len(list.kids) == 0) {
		return errors.New("`manifests` is not a list of names")
	}
	for _, glob := range k.manifests {
		if _, err := path.Match(glob, ""); err != nil || glob == "" {
			return errors.New("`manifests` holds a wrong pattern")
		}
	}
	// A key that is marked as revoked is revoked, whatever the day.
	k.revoked = n.get("revoked_on") != nil
	var ok [3]bool
	k.from, ok[0] = bound(n, "from", 0)
	k.until, ok[1] = bound(n, "until", 1)
	_, ok[2] = bound(n, "revoked_on", 0)
	if ok != [3]bool{true, true, true} {
		return errors.New("a date that is neither a day nor an instant with an offset")
	}
	return nil
}

// bound reads a day, in UTC, or an instant. A day given as an end is included.
func bound(n *node, field string, plus int) (time.Time, bool) {
	if n.get(field) == nil {
		return time.Time{}, true
	}
	text := n.text1(field, "")
	if day, ok := ParseDate(text); ok {
		return day.AddDays(plus).Start(time.UTC), true
	}
	return ParseInstant(text)
}

// state returns what a good signature by k is worth for that manifest at that instant.
func (k *trustedKey) state(manifest string, at time.Time) KeyState {
	covered := len(k.manifests) == 0 || slices.ContainsFunc(k.manifests, func(glob string) bool {
		ok, _ := path.Match(glob, manifest)
		return ok
	})
	switch {
	case k.revoked:
		return StateRevokedKey
	case !covered:
		return StateOutOfScope
	case at.Before(k.from), !k.until.IsZero() && !at.Before(k.until):
		return StateExpiredKey
	}
	return StateValid
}

// Verify checks one detached signature over data. Only prehashed signatures count. The name
// is that of the manifest, as the file itself gives it; for a review it is empty, and keys
// that are limited to some manifests do not cover it.
func (t *Trust) Verify(name string, data, signature []byte, at time.Time) Signature {
	var parsed minisign.Signature
	if parsed.UnmarshalText(signature) != nil || parsed.Algorithm != minisign.HashEdDSA {
		return Signature{State: StateBad}
	}
	for i := range t.keysOf(parsed.KeyID) {
		k := t.keysOf(parsed.KeyID)[i]
		if minisign.Verify(k.public, data, signature) {
			return Signature{Key: k.id, State: k.state(name, at), Role: k.role}
		}
	}
	if known := t.keysOf(parsed.KeyID); len(known) > 0 {
		return Signature{Key: known[0].id, State: StateBad, Role: known[0].role}
	}
	return Signature{Key: KeyName(signature), State: StateUnknownKey}
}

func (t *Trust) keysOf(id uint64) []*trustedKey {
	var list []*trustedKey
	if t == nil {
		return nil
	}
	for i := range t.keys {
		if t.keys[i].public.ID() == id {
			list = append(list, &t.keys[i])
		}
	}
	return list
}

// KeyName returns the number that minisign shows for the key of a signature, or nothing.
func KeyName(signature []byte) string {
	var parsed minisign.Signature
	if parsed.UnmarshalText(signature) != nil {
		return ""
	}
	return fmt.Sprintf("%016X", parsed.KeyID)
}

// GenerateKey makes a key pair in the files of minisign. An empty password leaves the private
// key unencrypted.
func GenerateKey(random io.Reader, password string) (public, private []byte, err error) {
	pub, priv, err := minisign.GenerateKey(random)
	if err != nil {
		return nil, nil, fmt.Errorf("key: %w", err)
	}
	if public, err = pub.MarshalText(); err != nil {
		return nil, nil, fmt.Errorf("key: %w", err)
	}
	if password == "" {
		private, err = priv.MarshalText()
	} else {
		private, err = minisign.EncryptKey(password, priv)
	}
	return public, private, err
}

// ErrKey is returned for a private key that cannot be used: damaged, or a wrong password.
var ErrKey = errors.New("private key cannot be used; is the password right?")

// KeyEncrypted reports whether a private key needs a password.
func KeyEncrypted(private []byte) bool { return minisign.IsEncrypted(private) }

// Sign returns a detached, prehashed signature over data, with the instant in its signed
// comment and nothing else.
func Sign(private []byte, password string, data []byte, at time.Time) ([]byte, error) {
	var key minisign.PrivateKey
	var err error
	if minisign.IsEncrypted(private) {
		key, err = minisign.DecryptKey(password, private)
	} else {
		err = key.UnmarshalText(private)
	}
	if err != nil {
		return nil, ErrKey
	}
	r := minisign.NewReader(bytes.NewReader(data))
	if _, err := io.Copy(io.Discard, r); err != nil {
		return nil, err
	}
	id := make([]byte, 8)
	binary.BigEndian.PutUint64(id, key.ID())
	return r.SignWithComments(key, "timestamp:"+strconv.FormatInt(at.Unix(), 10)+"\thashed",
		fmt.Sprintf("signature from key %X", id)), nil
}
