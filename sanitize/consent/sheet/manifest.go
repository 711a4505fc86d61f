package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/mediaveil/mediaveil/sanitize/consent"
)

// Options are what a sheet does not hold.
type Options struct {
	Name     string // of the manifest
	Sequence int64
	IssuedAt time.Time
	Timezone string // IANA name; empty is UTC
}

type object = map[string]any

// A builder puts rows together. Each list has the rows that its items came from.
type builder struct {
	*Table
	people, consents, media          []object
	peopleRow, consentsRow, mediaRow []row
	personAt, consentAt, fileAt      map[string]int
}

// Manifest makes the canonical YAML of a manifest, and checks it like any other. Rows that
// share a file become one entry; rows that contradict each other stop the import.
func (t *Table) Manifest(opt Options) ([]byte, error) {
	b := &builder{Table: t, personAt: map[string]int{}, consentAt: map[string]int{}, fileAt: map[string]int{}}
	for _, r := range t.rows {
		if err := b.addRow(r); err != nil {
			return nil, err
		}
	}
	out := b.yaml(opt)
	if _, err := consent.Read(bytes.NewReader(out), consent.YAML); err != nil {
		return nil, b.explain(err)
	}
	return out, nil
}

func (b *builder) addRow(r row) error {
	for column := range dates {
		if text := r.cells[column]; text != "" && !dateText(column, text) {
			return b.fail(r, column, "write a day as YYYY-MM-DD")
		}
	}
	if r.cells["person"] == "" && r.cells["consent"] != "" {
		return b.fail(r, "person", "a consent without a person")
	}
	files, err := b.addFiles(r)
	if err != nil {
		return err
	}
	if r.cells["person"] == "" {
		return nil
	}
	if err := b.addPerson(r); err != nil {
		return err
	}
	if r.cells["consent"] == "" {
		for _, column := range []string{"status", "given_on", "self_answer", "purposes", "channels"} {
			if r.cells[column] != "" {
				return b.fail(r, "consent", "an answer without the id of a consent")
			}
		}
		return nil
	}
	return b.addConsent(r, files)
}

func dateText(column, text string) bool {
	if _, ok := consent.ParseDate(text); ok {
		return true
	}
	if column == "embargo_until" {
		_, ok := consent.ParseInstant(text)
		return ok
	}
	if column == "adult_from" {
		_, ok := consent.ParseDate(text + "-01")
		return ok
	}
	return false
}

// set takes the filled cells of the columns, under the names of the format.
func (r row) set(o object, names ...string) {
	for _, name := range names {
		column, field, ok := strings.Cut(name, "=")
		if !ok {
			field = column
		}
		if text := r.cells[column]; text != "" {
			o[field] = text
		}
	}
}

func (b *builder) addPerson(r row) error {
	p := object{}
	r.set(p, "person=id", "age", "age_on", "adult_from", "risk")
	id := r.cells["person"]
	if i, ok := b.personAt[id]; ok {
		if !maps.Equal(stringsOf(b.people[i]), stringsOf(p)) {
			return b.fail(r, "person", "another row says something else about this person: "+b.peopleRow[i].String())
		}
		return nil
	}
	b.personAt[id] = len(b.people)
	b.people, b.peopleRow = append(b.people, p), append(b.peopleRow, r)
	return nil
}

func stringsOf(o object) map[string]string {
	out := map[string]string{}
	for k, v := range o {
		out[k] = fmt.Sprint(v)
	}
	return out
}

// addFiles adds the files of a row, with its person, and returns the ids of their entries.
func (b *builder) addFiles(r row) ([]string, error) {
	files, sums := r.list("files"), r.list("file_sha256")
	if len(files) == 0 {
		if len(sums) > 0 {
			return nil, b.fail(r, "files", "hashes without files")
		}
		return nil, nil
	}
	if len(sums) > 0 && len(sums) != len(files) {
		return nil, b.fail(r, "file_sha256", "not as many hashes as files")
	}
	if slices.Contains([]string{"crowd"}, r.cells["others"]) {
		return nil, b.fail(r, "others", "a sheet cannot describe a crowd; add this medium to the manifest by hand")
	}
	var ids []string
	for i, file := range files {
		sum := ""
		if len(sums) > 0 {
			sum = sums[i]
		}
		id, err := b.addFile(r, file, sum)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func (b *builder) addFile(r row, file, sum string) (string, error) {
	match := object{"path": file}
	if sum != "" {
		match = object{"sha256": []string{sum}}
	}
	i, known := b.fileAt[file]
	if !known {
		i = len(b.media)
		b.fileAt[file] = i
		m := object{"id": "m-" + strconv.Itoa(i+1), "match": match, "people": []string{}}
		r.set(m, "kind", "others", "declared_by")
		b.media, b.mediaRow = append(b.media, m), append(b.mediaRow, r)
	}
	m := b.media[i]
	if fmt.Sprint(m["match"]) != fmt.Sprint(match) {
		return "", b.fail(r, "file_sha256", "another row says something else about this file: "+b.mediaRow[i].String())
	}
	for _, column := range []string{"kind", "others", "declared_by"} {
		if text, _ := m[column].(string); text != r.cells[column] {
			return "", b.fail(r, column, "another row says something else about this file: "+b.mediaRow[i].String())
		}
	}
	people := m["people"].([]string)
	if p := r.cells["person"]; p != "" && !slices.Contains(people, p) {
		m["people"] = append(people, p)
	}
	return m["id"].(string), nil
}

func (b *builder) addConsent(r row, files []string) error {
	c := object{}
	r.set(c, "consent=id", "person", "status", "given_on", "notice", "language", "method",
		"recorded_by", "witness", "valid_from", "valid_until", "embargo_until")
	nested := func(field string, names ...string) {
		o := object{}
		r.set(o, names...)
		if len(o) > 0 {
			c[field] = o
		}
	}
	nested("self", "self_answer=answer", "capacity")
	nested("caregiver", "caregiver_answer=answer", "caregiver_role=role", "caregiver_authority=authority")
	nested("evidence", "evidence=ref")
	for _, column := range []string{"told", "purposes", "channels", "territories", "not_in", "conditions", "supersedes"} {
		if list := r.list(column); len(list) > 0 {
			c[column] = list
		}
	}
	switch r.cells["interpreter"] {
	case "":
	case "true", "false":
		c["interpreter"] = r.cells["interpreter"] == "true"
	default:
		return b.fail(r, "interpreter", "write true or false")
	}
	return b.placeConsent(r, c, files)
}

// placeConsent adds an answer, limited to the files of its rows.
func (b *builder) placeConsent(r row, c object, files []string) error {
	id := r.cells["consent"]
	i, known := b.consentAt[id]
	if known {
		old := maps.Clone(b.consents[i])
		had, _ := old["media"].([]string)
		delete(old, "media")
		if !maps.Equal(stringsOf(old), stringsOf(c)) {
			return b.fail(r, "consent", "another row says something else about this consent: "+b.consentsRow[i].String())
		}
		if (len(had) == 0) != (len(files) == 0) {
			return b.fail(r, "files", "one row limits this consent to files, another does not: "+b.consentsRow[i].String())
		}
		for _, f := range files {
			if !slices.Contains(had, f) {
				had = append(had, f)
			}
		}
		files = had
	} else {
		i = len(b.consents)
		b.consentAt[id] = i
		b.consents, b.consentsRow = append(b.consents, c), append(b.consentsRow, r)
	}
	if len(files) > 0 {
		b.consents[i]["media"] = slices.Compact(slices.Clone(files))
	}
	return nil
}

// yaml writes the manifest in the order of the format.
func (b *builder) yaml(opt Options) []byte {
	root := &yaml.Node{Kind: yaml.MappingNode}
	add := func(key string, value any) {
		root.Content = append(root.Content, text(key), encode(key, value))
	}
	add("format", "mediaveil-consent/1")
	add("manifest", opt.Name)
	root.Content = append(root.Content, text("sequence"), &yaml.Node{Kind: yaml.ScalarNode, Value: strconv.FormatInt(opt.Sequence, 10)})
	add("issued_at", opt.IssuedAt.Format(time.RFC3339))
	if opt.Timezone != "" {
		add("timezone", opt.Timezone)
	}
	add("people", b.people)
	add("consents", b.consents)
	add("media", b.media)
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	_ = enc.Encode(root) // a buffer does not fail, and the result is read back
	return out.Bytes()
}

// order is that of the tables of FORMAT.md.
var order = []string{"id", "person", "status", "given_on", "age", "age_on", "adult_from", "risk",
	"match", "kind", "people", "others", "declared_by", "self", "caregiver", "answer", "capacity",
	"role", "authority", "told", "notice", "language", "interpreter", "method", "recorded_by",
	"witness", "evidence", "purposes", "channels", "territories", "not_in", "valid_from",
	"valid_until", "embargo_until", "conditions", "supersedes", "media"}

func encode(key string, value any) *yaml.Node {
	switch v := value.(type) {
	case string:
		return text(v)
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: strconv.FormatBool(v)}
	case []string:
		n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
		for _, s := range v {
			n.Content = append(n.Content, text(s))
		}
		return n
	case []object:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		for _, o := range v {
			n.Content = append(n.Content, encode(key, o))
		}
		return n
	}
	n := &yaml.Node{Kind: yaml.MappingNode}
	o := value.(object)
	names := slices.Collect(maps.Keys(o))
	slices.SortFunc(names, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) })
	for _, name := range names {
		n.Content = append(n.Content, text(name), encode(name, o[name]))
	}
	return n
}

// plain are texts that stay strings without quotes under every reader's rules.
var plain = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_/.-]*$`)

func text(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Value: s, Tag: "!!str"}
	if !plain.MatchString(s) {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

var faultPlace = regexp.MustCompile(`^(people|consents|media)\[(\d+)\]\.?([a-z_]*)\.?([a-z0-9_]*)`)

// explain turns a fault of the manifest into one of the sheet.
func (b *builder) explain(err error) error {
	var e *consent.Error
	if !errors.As(err, &e) {
		return err
	}
	f := e.Faults[0]
	problem := f.Problem
	if f.Suggestion != "" {
		problem += ": did you mean `" + f.Suggestion + "`?"
	}
	m := faultPlace.FindStringSubmatch(f.Where)
	if m == nil {
		return &CellError{Problem: f.Where + " " + problem}
	}
	i, _ := strconv.Atoi(m[2])
	rows := map[string][]row{"people": b.peopleRow, "consents": b.consentsRow, "media": b.mediaRow}[m[1]]
	if i >= len(rows) {
		return &CellError{Problem: problem}
	}
	return b.fail(rows[i], columnOf(m[1], m[3], m[4]), problem)
}

// columnOf names the column that a field came from.
func columnOf(block, field, inner string) string {
	names := map[string]string{
		"people.id": "person", "consents.id": "consent", "consents.self.answer": "self_answer",
		"consents.self.capacity": "capacity", "consents.caregiver.answer": "caregiver_answer",
		"consents.caregiver.role": "caregiver_role", "consents.caregiver.authority": "caregiver_authority",
		"consents.evidence.ref": "evidence", "media.match.path": "files", "media.match.sha256": "file_sha256",
		"media.people": "person",
	}
	if name := names[strings.TrimSuffix(block+"."+field+"."+inner, ".")]; name != "" {
		return name
	}
	return field
}
