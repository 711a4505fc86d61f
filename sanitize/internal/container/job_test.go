package container_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/metadata"
)

// lines is a format for the tests: each line is a span, its first letter says what it is. P
// is picture, G a picture that belongs to a gain map, "field=value" in path says something,
// X is a device name, U is unknown, and F frame. Each lie breaks one promise.
type lines struct {
	lie string
}

func (lines) Info() container.Info {
	return container.Info{Name: "lines", Writes: []metadata.Field{metadata.Orientation, metadata.Credit, metadata.Creator, metadata.Copyright}}
}

func (lines) Match([]byte) bool { return true }

var kinds = map[byte]metadata.Item{
	'o': {Path: "lines/exif/x", Category: metadata.Rendering, Field: metadata.Orientation},
	'e': {Path: "lines/exif/x", Category: metadata.Rights, Field: metadata.Credit},
	'i': {Path: "lines/irb/iptc/x", Category: metadata.Rights, Field: metadata.Credit},
	'x': {Path: "lines/xmp/x", Category: metadata.Rights, Field: metadata.Credit},
	'c': {Path: "lines/exif/x", Category: metadata.Rights, Field: metadata.Creator},
	'C': {Path: "lines/xmp/x", Category: metadata.Rights, Field: metadata.Creator},
	'r': {Path: "lines/xmp/x", Category: metadata.Rights, Field: metadata.Copyright},
	't': {Path: "lines/xmp/x", Category: metadata.Description, Field: metadata.Title},
	'X': {Path: "lines/device", Category: metadata.Device},
	'G': {Path: "lines/gain-map", Category: metadata.GainMap},
	'R': {Path: "lines/density", Category: metadata.Rendering},
}

func (f lines) Map(ctx context.Context, src container.Source) ([]container.Span, error) {
	whole, err := container.ReadPayload(src, 0, src.Size())
	if err != nil {
		return nil, err
	}
	var spans []container.Span
	at := int64(0)
	for line := range bytes.Lines(whole) {
		s := container.Span{Off: at, Len: int64(len(line))}
		switch line[0] {
		case '!':
			return nil, &container.Malformed{Off: at, What: "a line of no kind"}
		case 'P':
			s.Role = container.Media
		case 'F':
			s.Role = container.Frame
		case 'U':
		default:
			it := kinds[line[0]]
			if it.Field != "" {
				it.Value = metadata.Secret(strings.TrimSuffix(string(line[1:]), "\n"))
			}
			s.Items = []metadata.Item{it}
			if line[0] == 'G' {
				s.Role = container.Media
			}
		}
		at = s.End()
		spans = append(spans, s)
	}
	switch f.lie {
	case "gap":
		spans[1].Off++
	case "overlap":
		spans[1].Off--
	case "short":
		spans = spans[:len(spans)-1]
	case "negative":
		spans[0].Len, spans[1].Off = -1, -1
	}
	return spans, nil
}

var writes = map[metadata.Field]string{metadata.Orientation: "o", metadata.Credit: "x", metadata.Creator: "C", metadata.Copyright: "r"}

func (f lines) Edit(_ context.Context, src container.Source, spans []container.Span, plan container.Plan) (*container.Draft, error) {
	d := container.NewDraft(src)
	for _, e := range plan.Write {
		if f.lie == "loses text" {
			continue
		}
		d.Put([]byte(writes[e.Field] + e.Value.Reveal() + "\n"))
	}
	for i, s := range spans {
		switch {
		case f.lie == "keeps all", s.Role == container.Frame:
			d.Copy(s.Off, s.Len)
		case s.Role != container.Media || plan.Drops(s.Items):
		case f.lie == "retypes picture":
			b, err := container.ReadPayload(src, s.Off, s.Len)
			if err != nil {
				return nil, err
			}
			d.Put(b)
		case f.lie == "halves picture":
			d.Copy(s.Off, 1)
			d.Put([]byte("\n"))
		case f.lie == "loses picture" && i > 0:
		default:
			d.Copy(s.Off, s.Len)
		}
	}
	switch f.lie {
	case "swaps pictures":
		d = container.NewDraft(src)
		d.Copy(spans[1].Off, spans[1].Len)
		d.Copy(spans[0].Off, spans[0].Len)
	case "doubles picture":
		d.Copy(spans[0].Off, spans[0].Len)
	case "adds unknown":
		d.Put([]byte("Usomething\n"))
	case "adds text":
		d.Put([]byte("ianother credit\n"))
	case "adds device":
		d.Put([]byte("X\n"))
	case "adds density":
		d.Put([]byte("R\n"))
	case "breaks":
		d.Put([]byte("!\n"))
	}
	return d, nil
}

func strict(it metadata.Item) bool { return it.Category == metadata.Rendering }

func credited(it metadata.Item) bool {
	return strict(it) || it.Category == metadata.Rights
}

func verify(lie, file string, keep func(metadata.Item) bool) error {
	ctx := context.Background()
	job, err := container.Prepare(ctx, lines{lie: lie}, strings.NewReader(file), keep, nil)
	if err != nil {
		return err
	}
	_, err = job.Verify(ctx, job.Draft)
	return err
}

// Verify catches a format that does something else than it says.
func TestVerifyCatchesLies(t *testing.T) {
	const file = "Pone\nPtwo\no6\nxcredit\nX\nUhidden\nFrame\n"
	for _, test := range []struct {
		lie, file, want string // want is the beginning of the error
		path            string // of the first item of a Leftover
	}{
		{lie: ""},
		{lie: "adds density"}, // what a viewer needs may be added
		{lie: "keeps all", want: "the result still carries something", path: "lines/device"},
		{lie: "keeps all", file: "Pone\nUhidden\n", want: "the result still carries something", path: "lines/unknown"},
		{lie: "adds unknown", want: "the result still carries something", path: "lines/unknown"},
		{lie: "adds text", want: "the result still carries something", path: "lines/irb/iptc/x"},
		{lie: "adds device", want: "the result still carries something", path: "lines/device"},
		{lie: "loses text", want: "the result lacks something", path: "orientation"},
		{lie: "loses picture", want: "the picture in the result is not that of the source"},
		{lie: "retypes picture", want: "the picture in the result is not that of the source"},
		{lie: "halves picture", want: "the picture in the result is not that of the source"},
		{lie: "swaps pictures", file: "Pone\nPtwo\n", want: "the picture in the result is not that of the source"},
		{lie: "doubles picture", want: "the picture in the result is not that of the source"},
		{lie: "breaks", want: "reading the result back: a line of no kind"},
		{lie: "gap", want: "lines: a span begins at byte"},
		{lie: "overlap", want: "lines: a span begins at byte"},
		{lie: "negative", want: "lines: a span begins at byte"},
		{lie: "short", want: "lines: the spans end at byte"},
		{lie: "", file: "xcredit\n", want: "the picture in the result is not that of the source"}, // no picture at all
	} {
		if test.file == "" {
			test.file = file
		}
		err := verify(test.lie, test.file, credited)
		if test.want == "" && err == nil {
			continue
		}
		if err == nil || test.want == "" || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%q over %q: %v, want %q", test.lie, test.file, err, test.want)
		}
		var left *container.Leftover
		var back *container.ReadBackError
		if !errors.As(err, &left) && !errors.As(err, &back) {
			t.Errorf("%q: %T does not say that the fault is ours", test.lie, err)
		}
		if errors.As(err, &left) && test.path != "" && left.Items[0].Path != test.path {
			t.Errorf("%q: the first item is %s, want %s", test.lie, left.Items[0].Path, test.path)
		}
	}
}

// The text of what is left does not stand in the error.
func TestLeftoverQuotesNothing(t *testing.T) {
	err := verify("adds text", "Pone\nxmy secret\n", strict)
	if err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "another credit") {
		t.Errorf("%v", err)
	}
}

func TestVerifyOtherOutput(t *testing.T) {
	ctx := context.Background()
	job, err := container.Prepare(ctx, lines{}, strings.NewReader("Pone\nX\n"), strict, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := job.Verify(ctx, strings.NewReader("Pone\n")); err != nil {
		t.Errorf("what was written from the draft: %v", err)
	}
	for name, out := range map[string]string{"longer": "Pone\n\x00", "shorter": "Pone", "empty": ""} {
		var left *container.Leftover
		if _, err := job.Verify(ctx, strings.NewReader(out)); !errors.As(err, &left) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := job.Verify(ctx, shrunk{strings.NewReader("P"), 5}); err != io.ErrUnexpectedEOF {
		t.Errorf("a file that cannot be read back: %v", err)
	}
}

// A gain map is media that goes and stays with its items.
func TestMediaWithItems(t *testing.T) {
	keepMap := func(it metadata.Item) bool { return strict(it) || it.Category == metadata.GainMap }
	for _, keep := range []func(metadata.Item) bool{strict, keepMap} {
		if err := verify("", "Pone\nGmap\n", keep); err != nil {
			t.Error(err)
		}
	}
	if err := verify("keeps all", "Pone\nGmap\n", strict); err == nil {
		t.Error("a gain map that should have gone is still there, and nobody says so")
	}
}

// What is written comes from the best place, each field in its order, nothing twice.
func TestWrite(t *testing.T) {
	set := func(pairs ...string) (all []metadata.Entry) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, metadata.Entry{Field: metadata.Field(pairs[i]), Value: metadata.Secret(pairs[i+1])})
		}
		return all
	}
	for _, test := range []struct {
		name, file string
		keep       func(metadata.Item) bool
		set, want  []metadata.Entry
	}{
		{"nothing", "P\n", credited, nil, nil},
		{"orientation", "P\no6\n", strict, nil, set("orientation", "6")},
		{"the usual orientation", "P\no1\n", strict, nil, nil},
		{"the first of two", "P\no6\no3\n", strict, nil, set("orientation", "6")},
		{"the usual one first", "P\no1\no3\n", strict, nil, set("orientation", "3")},
		{"not kept", "P\nxcredit\n", strict, nil, nil},
		{"XMP before IPTC", "P\nione\nxtwo\n", credited, nil, set("credit", "two")},
		{"XMP before EXIF", "P\nxtwo\neone\n", credited, nil, set("credit", "two")},
		{"IPTC before EXIF", "P\neone\nitwo\n", credited, nil, set("credit", "two")},
		{"an empty text says nothing", "P\nx\nione\n", credited, nil, set("credit", "one")},
		{"several creators", "P\ncA\ncB\ncA\n", credited, nil, set("creator", "A", "creator", "B")},
		{"creators of the best place only", "P\ncA\nCX\nCY\ncB\n", credited, nil, set("creator", "X", "creator", "Y")},
		{"the order of fields", "P\ncA\nxcredit\no8\n", credited, nil, set("orientation", "8", "credit", "credit", "creator", "A")},
		{"set", "P\nxcredit\ncA\n", strict, set("credit", "ours"), set("credit", "ours")},
		{"set in place of", "P\nxcredit\ncA\n", credited, set("credit", "ours"), set("credit", "ours", "creator", "A")},
		{"set to nothing", "P\nxcredit\ncA\n", credited, set("credit", ""), set("creator", "A")},
		{"several set", "P\nCX\n", credited, set("creator", "A", "creator", "B"), set("creator", "A", "creator", "B")},
		{"what the format cannot write", "P\ntitle\n", func(metadata.Item) bool { return true }, set("headline", "x"), nil},
	} {
		job, err := container.Prepare(context.Background(), lines{}, strings.NewReader(test.file), test.keep, test.set)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if !slices.Equal(job.Plan.Write, test.want) {
			t.Errorf("%s: %s, want %s", test.name, reveal(job.Plan.Write), reveal(test.want))
		}
	}
}

func reveal(entries []metadata.Entry) string {
	var all []string
	for _, e := range entries {
		all = append(all, string(e.Field)+"="+e.Value.Reveal())
	}
	return strings.Join(all, " ")
}

func TestPlan(t *testing.T) {
	p := container.Plan{
		Drop:  func(it metadata.Item) bool { return it.Category == metadata.Device },
		Write: []metadata.Entry{{Field: metadata.Creator, Value: "A"}, {Field: metadata.Creator, Value: "B"}},
	}
	if p.Value(metadata.Creator) != "A" || p.Value(metadata.Credit) != "" {
		t.Error("Value is wrong")
	}
	if p.Drops(nil) || !p.Drops([]metadata.Item{{Category: metadata.Rights}, {Category: metadata.Device}}) {
		t.Error("Drops is wrong")
	}
}

func TestIsVerdict(t *testing.T) {
	for err, want := range map[error]bool{
		&container.Malformed{}: true, &container.Feature{}: true, io.ErrUnexpectedEOF: false, context.Canceled: false,
		fmt.Errorf("map: %w", &container.Malformed{}): true, &container.Leftover{}: false,
	} {
		if container.IsVerdict(err) != want {
			t.Errorf("%v: want %v", err, want)
		}
	}
	if container.IsVerdict(nil) {
		t.Error("no error is no verdict")
	}
}

// The zero span goes.
func TestZeroRole(t *testing.T) {
	if (container.Span{}).Role != container.Metadata {
		t.Error("a span that nobody classified would stay")
	}
	if (container.Span{Off: 5, Len: 7}).End() != 12 {
		t.Error("End is wrong")
	}
}
