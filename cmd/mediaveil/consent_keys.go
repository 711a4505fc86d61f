package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/mediaveil/mediaveil/sanitize/consent"
	"github.com/mediaveil/mediaveil/sanitize/consent/cases"
)

func consentKeygen(_ context.Context, e env, args []string) error {
	f := newFlags("consent keygen", "mediaveil consent keygen NAME")
	f.after = "\nExamples:\n  mediaveil consent keygen officer-1\n\n" +
		"Writes NAME.key, which stays with its owner, and NAME.pub, which goes into the trust file.\nBoth are files of minisign.\n"
	set := f.group("Password")
	file := set.String("password-file", "", "take the password from the first line of a `FILE`")
	none := set.Bool("no-password", false, "leave the key unprotected")
	if done, err := f.parse(e, args); done || err != nil {
		return err
	}
	name, err := f.one("key")
	if err != nil {
		return err
	}
	password := ""
	if !*none {
		if password, err = askPassword(e, *file); err != nil {
			return err
		}
	}
	public, private, err := consent.GenerateKey(rand.Reader, password)
	if err != nil {
		return err
	}
	if err := writeNew(e, name+".key", append(private, '\n'), 0o600); err != nil {
		return err
	}
	if err := writeNew(e, name+".pub", append(public, '\n'), 0o666); err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSpace(string(public)), "\n")
	return writeText(e, "For the trust file, with the role that this person has:\n\n"+
		"  - key: "+safe(filepath.Base(name))+"\n    minisign: "+lines[len(lines)-1]+"\n    role: consent-officer\n")
}

// askPassword takes a password from a file, or from whoever sits at the terminal.
func askPassword(e env, file string) (string, error) {
	if file != "" {
		data, err := readDocument(file)
		if err != nil {
			return "", err
		}
		line, _, _ := strings.Cut(string(data), "\n")
		if line = strings.TrimSuffix(line, "\r"); line == "" {
			return "", usagef("--password-file: the first line is empty")
		}
		return line, nil
	}
	stdin := int(os.Stdin.Fd())
	if !term.IsTerminal(stdin) {
		return "", usagef("a password is needed: use --password-file, or a terminal")
	}
	fmt.Fprint(e.err, "Password: ")
	data, err := term.ReadPassword(stdin)
	fmt.Fprintln(e.err)
	if err != nil {
		return "", fmt.Errorf("reading the password: %w", err)
	}
	if len(data) == 0 {
		return "", usagef("the password is empty; --no-password leaves a key unprotected")
	}
	return string(data), nil
}

func consentSign(_ context.Context, e env, args []string) error {
	f := newFlags("consent sign", "mediaveil consent sign MANIFEST --key NAME.key")
	f.after = "\nExamples:\n  mediaveil consent sign consent/visit-2026-03.consent.yaml --key officer-1.key\n\n" +
		"Writes MANIFEST.minisig, or MANIFEST.2.minisig for a second officer. Read what you sign:\nmediaveil consent lint comes first, and refuses here, too.\n"
	set := f.group("Key")
	key := set.String("key", "", "the private key (`FILE`)")
	passwordFile := set.String("password-file", "", "take the password from the first line of a `FILE`")
	if done, err := f.parse(e, args); done || err != nil {
		return err
	}
	name, err := f.one("manifest")
	if err != nil {
		return err
	}
	if *key == "" {
		return usagef("say which key: --key NAME.key")
	}
	data, err := readDocument(name)
	if err != nil {
		return err
	}
	if consent.IsManifest(name) {
		if _, err := consent.Read(bytes.NewReader(data), consent.SyntaxOf(name)); err != nil {
			return err
		}
	}
	private, err := readDocument(*key)
	if err != nil {
		return err
	}
	password := ""
	if consent.KeyEncrypted(private) {
		if password, err = askPassword(e, *passwordFile); err != nil {
			return err
		}
	}
	signature, err := consent.Sign(private, password, data, time.Now())
	if err != nil {
		return err
	}
	return writeSignature(e, name, append(signature, '\n'))
}

// writeSignature takes the first free name.
func writeSignature(e env, name string, signature []byte) error {
	for _, file := range consent.SignatureNames(name) {
		if _, err := os.Lstat(file); errors.Is(err, fs.ErrNotExist) {
			if err := writeNew(e, file, signature, 0o666); err != nil {
				return err
			}
			return writeText(e, safe(file)+"\n")
		}
	}
	return errors.New("the manifest has nine signatures already; remove those that no longer fit")
}

func consentVerify(_ context.Context, e env, args []string) error {
	f := newFlags("consent verify", "mediaveil consent verify MANIFEST... --trust FILE")
	f.after = "\nExamples:\n  mediaveil consent verify consent/*.consent.yaml --trust trust.yaml\n\n" +
		"Exit codes: 0 every manifest counts, 3 one does not, 1 a file could not be read, 2 wrong usage.\n"
	set := f.group("Keys")
	trustFile := set.String("trust", "", "the `FILE` that lists the keys of officers")
	var at instantFlag
	set.Var(&at, "at", "judge the keys as of this instant; without it, now")
	if done, err := f.parse(e, args); done || err != nil {
		return err
	}
	if err := f.checkFiles(); err != nil {
		return err
	}
	trust, err := readTrust(*trustFile)
	if err != nil {
		return err
	}
	bad := false
	for _, name := range f.args {
		found := consent.Loader{Trust: trust, At: at.orNow()}.LoadFile(os.DirFS(filepath.Dir(name)), filepath.Base(name))
		code, wrong := found.Problem(false)
		bad = bad || wrong
		text := safe(name) + ": counts\n"
		if wrong {
			text = fmt.Sprintf("%s: %s: %s\n", safe(name), code, consentWords[code].means)
		}
		for _, s := range found.Signatures {
			text += strings.TrimRight(fmt.Sprintf("  %-14s %s %s", s.State, safe(s.Key), s.Role), " ") + "\n"
		}
		if err := writeText(e, text); err != nil {
			return err
		}
	}
	if bad {
		return errFound
	}
	return nil
}

type endingJSON struct {
	Schema string `json:"schema"`
	consent.Ending
}

// endingWords say what ends.
var endingWords = map[string]string{
	"ends": "consent ends", "reaches-the-limit": "consent reaches the longest time allowed", "turns-adult": "turns adult; ask anew",
}

func consentExpiring(_ context.Context, e env, args []string) error {
	f := newFlags("consent expiring", "mediaveil consent expiring --within 30d --consent FOLDER --trust FILE")
	f.after = "\nExamples:\n  mediaveil consent expiring --within 30d --consent consent/ --trust trust.yaml\n\n" +
		"Exit codes: 0 nothing ends, 3 something does, 1 a manifest could not be read, 2 wrong usage.\n"
	r := registerFlags{}
	r.add(f.group("Which records count"))
	set := f.group("When")
	within := daysFlag(30)
	set.Var(&within, "within", "how far to look ahead, such as 30d or 8w")
	var at instantFlag
	set.Var(&at, "at", "from this instant on; without it, now")
	asJSON := f.group("What is printed").Bool("json", false, "print one JSON document for each ending and line")
	if done, err := f.parse(e, args); done || err != nil {
		return err
	}
	found, err := r.found(at.orNow())
	if err != nil {
		return err
	}
	reg := consent.NewRegister(found, consent.Options{TrustFolder: r.trustFolder})
	from := at.orNow()
	endings := reg.Endings(from, from.AddDate(0, 0, int(within)), consent.Policy{})
	for _, end := range endings {
		if *asJSON {
			err = writeJSON(e.out, endingJSON{"mediaveil.consent-ending/1", end})
		} else {
			err = writeText(e, strings.TrimRight(fmt.Sprintf("%s  %s  %s: %s %s", end.At.Format(time.RFC3339), end.Manifest, end.Person, endingWords[end.What], end.Consent), " ")+"\n")
		}
		if err != nil {
			return err
		}
	}
	return tellUnread(e, found, r.trustFolder, len(endings) > 0)
}

// tellUnread names the manifests that do not count: what they say may end, too.
func tellUnread(e env, found []consent.Found, trustFolder, some bool) error {
	failed := false
	for i := range found {
		if code, wrong := found[i].Problem(trustFolder); wrong {
			failed = true
			fmt.Fprintf(e.err, "%s: left out: %s\n", safe(found[i].Name), consentWords[code].means)
		}
	}
	switch {
	case failed:
		return errFailed
	case some:
		return errFound
	}
	return nil
}

// A daysFlag is a number of days as people write it: 30d, 8w.
type daysFlag int

func (d *daysFlag) Type() string   { return "TIME" }
func (d *daysFlag) String() string { return fmt.Sprintf("%dd", int(*d)) }
func (d *daysFlag) Set(s string) error {
	n, unit := 0, ""
	if _, err := fmt.Sscanf(s, "%d%s", &n, &unit); err != nil || n < 0 || n > 40000 || unit != "d" && unit != "w" {
		return usagef("write a time such as 30d or 8w")
	}
	if unit == "w" {
		n *= 7
	}
	*d = daysFlag(n)
	return nil
}

func consentCases(_ context.Context, e env, args []string) error {
	f := newFlags("consent cases", "mediaveil consent cases [--json] FILE")
	f.after = "\nExamples:\n  mediaveil consent cases our-rules.json\n\nExit codes: 0 every decision is as expected, 1 one differs or the file cannot be read, 2 wrong usage.\n"
	asJSON := f.group("What is printed").Bool("json", false, "print one JSON document for each case and line")
	if done, err := f.parse(e, args); done || err != nil {
		return err
	}
	name, err := f.one("case file")
	if err != nil {
		return err
	}
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("%s: %s", safe(name), withoutPath(err))
	}
	defer file.Close()
	list, err := cases.Read(file)
	if err != nil {
		return err
	}
	failed := 0
	for i := range list {
		got := list[i].Run()
		if !got.Pass {
			failed++
		}
		if *asJSON {
			err = writeJSON(e.out, got)
		} else {
			err = writeText(e, caseText(&list[i], got))
		}
		if err != nil {
			return err
		}
	}
	if !*asJSON {
		if err := writeText(e, fmt.Sprintf("%s, %d as expected, %d not.\n", plural(len(list), "case", "cases"), len(list)-failed, failed)); err != nil {
			return err
		}
	}
	if failed > 0 {
		return errFailed
	}
	return nil
}

func caseText(c *cases.Case, got cases.Result) string {
	mark, detail := "ok  ", ""
	if !got.Pass {
		mark = "FAIL"
		detail = fmt.Sprintf("     expected %s %s, got %v\n", safe(c.Expect.Decision), safe(c.Expect.Reason), got.Reasons)
	}
	return fmt.Sprintf("%s %s  %s  %s %s\n%s", mark, safe(c.ID), safe(c.Title), got.Verdict, got.Reason, detail)
}
