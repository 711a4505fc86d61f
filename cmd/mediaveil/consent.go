package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/spf13/pflag"

	"github.com/mediaveil/mediaveil/sanitize/consent"
)

// consentVerbs are what can be done with consent manifests, in the order of the help.
func consentVerbs() []verb {
	return []verb{
		{"check", "may this file be published, and if not, why", consentCheck},
		{"lint", "what is wrong with a manifest, with line and column", consentLint},
		{"new", "start a manifest for a folder of media", consentNew},
		{"bind", "tie entries to files by their digests", consentBind},
		{"import", "make a manifest from a spreadsheet", consentImport},
		{"template", "write an empty spreadsheet to fill in", consentTemplate},
		{"keygen", "make a key pair for signing", consentKeygen},
		{"sign", "sign a manifest", consentSign},
		{"verify", "say whose signatures a manifest bears", consentVerify},
		{"expiring", "which consents end soon, and who turns adult", consentExpiring},
		{"cases", "run a file of cases and compare the decisions", consentCases},
	}
}

// What a verb returns when it has said everything already.
var (
	errHeld    = errors.New("not cleared")
	errRefused = errors.New("refused")
)

func consentOverview() string {
	var b strings.Builder
	b.WriteString("Nobody is shown without a recorded, valid yes.\n\nUsage: mediaveil consent VERB [flags] [files]\n\n")
	for _, v := range consentVerbs() {
		fmt.Fprintf(&b, "  %-9s %s\n", v.name, v.summary)
	}
	b.WriteString("\nExamples:\n" +
		"  mediaveil consent check photo.jpg --consent consent/ --trust trust.yaml --purpose awareness --channel website\n" +
		"  mediaveil consent lint consent/*.yaml\n\n" +
		"mediaveil consent VERB --help explains each.\n")
	return b.String()
}

func consentVerb(ctx context.Context, e env, args []string) error {
	if len(args) == 0 {
		fmt.Fprint(e.err, consentOverview())
		return usagef("say what to do: mediaveil consent check or mediaveil consent lint")
	}
	switch args[0] {
	case "-h", "--help", "-help", "help":
		return writeText(e, consentOverview())
	}
	var names []string
	for _, v := range consentVerbs() {
		if v.name == args[0] {
			return v.run(ctx, e, args[1:])
		}
		names = append(names, v.name)
	}
	return usagef("there is no verb consent %s; %s", quote(args[0]), suggest(args[0], names, "mediaveil consent --help lists them"))
}

// An instantFlag is --at: an instant with an offset, since a day alone is another instant in
// every country.
type instantFlag struct{ time.Time }

func (i *instantFlag) Type() string   { return "INSTANT" }
func (i *instantFlag) String() string { return "" }
func (i *instantFlag) Set(s string) error {
	t, ok := consent.ParseInstant(s)
	if !ok {
		return usagef("write an instant with an offset, such as 2026-03-20T09:00:00+03:00")
	}
	i.Time = t
	return nil
}

func (i *instantFlag) orNow() time.Time {
	if i.IsZero() {
		return time.Now()
	}
	return i.Time
}

// A register holds the flags that say which manifests count.
type registerFlags struct {
	paths       []string
	trust       string
	trustFolder bool
	identity    string
}

func (r *registerFlags) add(set *pflag.FlagSet) {
	set.StringArrayVar(&r.paths, "consent", nil, "the `FOLDER` or file that holds the manifests; may be repeated")
	set.StringVar(&r.trust, "trust", "", "the `FILE` that lists the keys of officers")
	set.StringVar(&r.identity, "identity", "", "the age identity (`FILE`) that opens manifests ending in .age")
	set.BoolVar(&r.trustFolder, "trust-folder", false, "count unsigned manifests: nobody else can write to that folder")
}

// found reads the manifests that the flags name.
func (r *registerFlags) found(at time.Time) ([]consent.Found, error) {
	if len(r.paths) == 0 {
		return nil, usagef("say where the manifests are: --consent FOLDER")
	}
	trust, err := readTrust(r.trust)
	if err != nil {
		return nil, err
	}
	loader := consent.Loader{Trust: trust, At: at}
	if loader.Decrypt, err = ageDecrypter(r.identity); err != nil {
		return nil, err
	}
	var all []consent.Found
	for _, p := range r.paths {
		info, err := os.Stat(p)
		switch {
		case err != nil:
			return nil, fmt.Errorf("--consent: %s", withoutPath(err))
		case info.IsDir():
			all = append(all, loader.Load(os.DirFS(p))...)
		default:
			all = append(all, loader.LoadFile(os.DirFS(filepath.Dir(p)), filepath.Base(p)))
		}
	}
	return all, nil
}

// ageDecrypter opens what was encrypted to the gate, in memory. Without an identity nothing is
// opened, and an encrypted manifest holds everything.
func ageDecrypter(name string) (func([]byte) ([]byte, error), error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("--identity: %s", withoutPath(err))
	}
	defer f.Close()
	identities, err := age.ParseIdentities(f)
	if err != nil {
		return nil, errors.New("--identity: this is no identity of age") // the error may quote it
	}
	return func(ciphertext []byte) ([]byte, error) {
		plain, err := age.Decrypt(bytes.NewReader(ciphertext), identities...)
		if err != nil {
			return nil, err
		}
		return io.ReadAll(io.LimitReader(plain, maxDocument))
	}, nil
}

func readTrust(name string) (*consent.Trust, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("--trust: %s", withoutPath(err))
	}
	defer f.Close()
	return consent.ReadTrust(f)
}

// maxDocument bounds what is read into memory at a time; manifests are smaller.
const maxDocument = 32 << 20

func readDocument(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", safe(name), withoutPath(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %s", safe(name), withoutPath(err))
	}
	if len(data) > maxDocument {
		return nil, fmt.Errorf("%s: the file is too large", safe(name))
	}
	return data, nil
}

// writeNew writes a file that was not there before, or prints it when there is no name.
func writeNew(e env, name string, data []byte, mode fs.FileMode) error {
	if name == "" {
		return writeText(e, string(data))
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already, and nothing is written over; choose another name", safe(name))
	}
	if err != nil {
		return fmt.Errorf("%s: %s", safe(name), withoutPath(err))
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		os.Remove(name)
		return fmt.Errorf("%s: %s", safe(name), withoutPath(err))
	}
	return nil
}

// one returns the only argument.
func (f *flags) one(what string) (string, error) {
	if len(f.args) != 1 || f.args[0] == "" {
		return "", usagef("name one %s; mediaveil %s --help says more", what, f.verb)
	}
	return f.args[0], nil
}
