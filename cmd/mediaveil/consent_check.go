package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mediaveil/mediaveil/sanitize/consent"
)

// A checker is one run of consent check.
type checker struct {
	registerFlags
	purpose, channel, uploader     string
	territories, applied           []string
	at                             instantFlag
	geofenced, fourEyes, weakMatch bool
	root, kind, review             string
	observed                       int
	json                           bool
}

const checkExamples = `
Examples:
  mediaveil consent check photo.jpg --consent consent/ --trust trust.yaml \
      --purpose awareness --channel website
  mediaveil consent check film.mp4 --consent consent/ --trust trust.yaml \
      --purpose advocacy --channel event --territory BE --territory FR

The path of a file, as manifests name it, is taken from --root. What earlier versions of the
manifests said is not known to this command: a manifest that was deleted or put back to an
older version goes unnoticed.

Exit codes: 0 clear, 3 hold, 4 refuse, 1 a file could not be read, 2 wrong usage.
`

func (c *checker) flags() *flags {
	f := newFlags("consent check", "mediaveil consent check [flags] FILE... --consent FOLDER --purpose WORD --channel WORD")
	f.after = checkExamples
	c.add(f.group("Which records count"))
	use := f.group("What it is for")
	use.StringVar(&c.purpose, "purpose", "", "the `WORD` for what it is used for: "+strings.Join(consent.Purposes(), " "))
	use.StringVar(&c.channel, "channel", "", "the `WORD` for where it appears: "+strings.Join(consent.Channels(), " "))
	use.StringArrayVar(&c.territories, "territory", nil, "a country `CODE` such as BE; without one, worldwide")
	use.BoolVar(&c.geofenced, "geofenced", false, "the channel shows it in these countries only")
	use.Var(&c.at, "at", "the instant of publication; without it, now")
	use.StringArrayVar(&c.applied, "applied", nil, "a `TREATMENT` that was done: face-hidden, face-hidden:p-7f3k, location-removed, name-removed")
	use.StringVar(&c.uploader, "uploader", "", "who brings it, as a pseudonym such as s-21")
	about := f.group("About the file")
	about.StringVar(&c.root, "root", ".", "the `FOLDER` from which manifests name files")
	about.StringVar(&c.kind, "kind", "", "photo, video or audio, where the name does not say it")
	about.IntVar(&c.observed, "observed-people", -1, "how many people somebody counted in it")
	about.StringVar(&c.review, "review", "", "a signed review of it")
	rules := f.group("Rules")
	rules.BoolVar(&c.fourEyes, "four-eyes", false, "children and high risk need a second signature, by safeguarding")
	rules.BoolVar(&c.weakMatch, "weak-match-adults", false, "adults at standard risk may be listed by path alone")
	f.group("What is printed").BoolVar(&c.json, "json", false, "print one JSON document for each file and line")
	return f
}

func consentCheck(ctx context.Context, e env, args []string) error {
	c := &checker{}
	f := c.flags()
	if done, err := f.parse(e, args); done || err != nil {
		return err
	}
	if err := f.checkFiles(); err != nil {
		return err
	}
	if c.purpose == "" || c.channel == "" {
		return usagef("say what it is for: --purpose and --channel")
	}
	for _, folder := range c.paths {
		for _, name := range f.args {
			if c.trustFolder && pathBelow(folder, name) != "" {
				return usagef("--trust-folder: the file lies in the folder of the manifests, so others can write there")
			}
		}
	}
	found, err := c.found(time.Now())
	if err != nil {
		return err
	}
	reg := consent.NewRegister(found, consent.Options{TrustFolder: c.trustFolder})
	worst, failed := consent.Clear, false
	for _, name := range f.args {
		if err := errCancelled(ctx); err != nil {
			return err
		}
		d, err := c.decide(reg, name)
		if err != nil {
			failed = true
			fmt.Fprintf(e.err, "%s: %s\n", safe(name), safe(withoutPath(err)))
			continue
		}
		worst = min(worst, d.Verdict)
		if err := c.print(e, name, d); err != nil {
			return err
		}
	}
	return verdictError(worst, failed)
}

func verdictError(worst consent.Verdict, failed bool) error {
	switch {
	case failed:
		return errFailed
	case worst == consent.Refuse:
		return errRefused
	case worst == consent.Hold:
		return errHeld
	}
	return nil
}

func (c *checker) decide(reg *consent.Register, name string) (consent.Decision, error) {
	sum, err := fileSum(name)
	if err != nil {
		return consent.Decision{}, err
	}
	medium := consent.Medium{SHA256: sum, Path: pathBelow(c.root, name), Kind: c.kind}
	if medium.Kind == "" {
		medium.Kind = kindOf(name)
	}
	if c.observed >= 0 {
		medium.Observed = &c.observed
	}
	q := consent.Query{
		Medium: medium,
		Request: consent.Request{Purpose: c.purpose, Channel: c.channel, Territories: c.territories, At: c.at.orNow(),
			Geofenced: c.geofenced, Applied: c.applied, Uploader: c.uploader},
		State:  consent.State{Now: time.Now()},
		Policy: consent.Policy{FourEyes: c.fourEyes},
	}
	if !c.at.IsZero() {
		q.State.Now = c.at.Time // a question about another day, as the clock of that day answers it
	}
	if c.weakMatch {
		q.Policy.WeakMatch = "adults"
	}
	if c.review != "" {
		if q.Review, err = c.readReview(); err != nil {
			return consent.Decision{}, err
		}
	}
	return reg.Decide(q), nil
}

func (c *checker) readReview() (*consent.Review, error) {
	data, err := readDocument(c.review)
	if err != nil {
		return nil, err
	}
	trust, err := readTrust(c.trust)
	if err != nil {
		return nil, err
	}
	var signatures [][]byte
	for _, name := range consent.SignatureNames(c.review) {
		if sig, err := os.ReadFile(name); err == nil {
			signatures = append(signatures, sig)
		}
	}
	return consent.ReadReview(data, signatures, trust, time.Now())
}

type checkJSON struct {
	Schema string `json:"schema"`
	File   string `json:"file"`
	consent.Decision
}

func (c *checker) print(e env, name string, d consent.Decision) error {
	if c.json {
		return writeJSON(e.out, checkJSON{"mediaveil.consent/1", name, d})
	}
	s := style(e.outTerminal && !e.plain)
	head := map[consent.Verdict]string{consent.Clear: s.bold("clear"), consent.Hold: s.bold("hold"), consent.Refuse: s.red("refuse")}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", safe(name), head[d.Verdict])
	for _, code := range d.Reasons {
		w := consentWords[code]
		fmt.Fprintf(&b, "  %-22s %s\n", code, w.means)
		if w.todo != "" {
			fmt.Fprintf(&b, "  %-22s %s\n", "", s.dim("→ "+w.todo))
		}
	}
	for _, line := range []struct {
		title string
		words []string
	}{{"Still to be done", d.Missing}, {"Keep in the copy", d.Conditions}} {
		if len(line.words) > 0 {
			fmt.Fprintf(&b, "  %-22s %s\n", line.title, strings.Join(line.words, ", "))
		}
	}
	if !d.RecheckAt.IsZero() {
		fmt.Fprintf(&b, "  %-22s %s\n", "Ask again by", d.RecheckAt.Format(time.RFC3339))
	}
	for range d.Notes {
		fmt.Fprintf(&b, "  %-22s %s\n", consent.NoteTrustFolder, "this rests on who can write to the consent folder, not on signatures")
	}
	return writeText(e, b.String())
}

func fileSum(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return "", fmt.Errorf("not a file; give a photo, film or recording")
	}
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// pathBelow returns how manifests name a file: by its path from the root, or not at all.
func pathBelow(root, name string) string {
	absRoot, err := filepath.Abs(root)
	if err != nil {
		return ""
	}
	absName, err := filepath.Abs(name)
	if err != nil {
		return ""
	}
	rel, err := filepath.Rel(absRoot, absName)
	if err != nil || !filepath.IsLocal(rel) {
		return ""
	}
	return filepath.ToSlash(rel)
}

// mediaKinds tells media by their names, as people do who make lists of them.
var mediaKinds = map[string]string{
	".jpg": "photo", ".jpeg": "photo", ".png": "photo", ".gif": "photo", ".webp": "photo", ".heic": "photo",
	".heif": "photo", ".avif": "photo", ".jxl": "photo", ".tif": "photo", ".tiff": "photo", ".dng": "photo",
	".mp4": "video", ".mov": "video", ".m4v": "video", ".mkv": "video", ".webm": "video", ".avi": "video", ".3gp": "video",
	".mp3": "audio", ".m4a": "audio", ".wav": "audio", ".ogg": "audio", ".opus": "audio", ".flac": "audio", ".amr": "audio", ".aac": "audio",
}

// kindOf returns nothing where the name does not tell: then nothing is trivially satisfied.
func kindOf(name string) string { return mediaKinds[strings.ToLower(filepath.Ext(name))] }
