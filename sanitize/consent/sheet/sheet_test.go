package sheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/mediaveil/mediaveil/sanitize/consent"
	"github.com/mediaveil/mediaveil/sanitize/consent/sheet"
)

var options = sheet.Options{Name: "visit", Sequence: 1, IssuedAt: time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC), Timezone: "Africa/Kampala"}

// read makes a manifest of a sheet and reads it back.
func read(t *testing.T, table *sheet.Table, err error) *consent.Manifest {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	out, err := table.Manifest(options)
	if err != nil {
		t.Fatal(err)
	}
	m, err := consent.Read(bytes.NewReader(out), consent.YAML)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return m
}

func TestTemplatesImport(t *testing.T) {
	var text, book bytes.Buffer
	if err := sheet.TemplateCSV(&text); err != nil {
		t.Fatal(err)
	}
	if err := sheet.Template(&book); err != nil {
		t.Fatal(err)
	}
	fromText, err := sheet.ReadCSV(&text)
	a := read(t, fromText, err)
	fromBook, err := sheet.ReadXLSX(bytes.NewReader(book.Bytes()))
	b := read(t, fromBook, err)
	for _, m := range []*consent.Manifest{a, b} {
		if len(m.People) != 1 || len(m.Consents) != 1 || len(m.Media) != 1 || m.Media[0].Pattern != "visit/img-0001.jpg" ||
			m.Consents[0].Witness != "s-22" || m.Consents[0].Media[0] != "m-1" {
			t.Errorf("%+v", m)
		}
	}
	lists := validations(t, book.Bytes())
	for _, word := range []string{"16-17", "kinship-carer", "verbal-witnessed", "not-identifiable"} {
		if !strings.Contains(lists, word) {
			t.Errorf("no list offers %s", word)
		}
	}
}

func validations(t *testing.T, book []byte) string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	list, err := f.GetDataValidations("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, v := range list {
		all += v.Formula1 + "\n"
	}
	return all
}

const headers = "person;age;consent;status;given_on;self_answer;told;notice;language;method;recorded_by;evidence;purposes;channels;territories;valid_until;files;kind;others;declared_by\n"

func line(person, consent, files string) string {
	return person + ";adult;" + consent + ";granted;2026-03-01;agreed;purpose|withdrawal|aid-not-affected;n-1;en;written;s-1;b-1;awareness;website|print;worldwide;2027-03-01;" + files + ";photo;none;s-1\n"
}

// TestRowsShareFiles: two people in one picture become one entry that lists both, and a
// consent reaches the files of its rows only.
func TestRowsShareFiles(t *testing.T) {
	text := headers + line("p-1", "c-1", "a b.jpg|c.jpg") + line("p-2", "c-2", "c.jpg") + ";;;;;;;;;;;;;;;;well.jpg;photo;none;s-1\n"
	table, err := sheet.ReadCSV(strings.NewReader(text))
	m := read(t, table, err)
	if len(m.Media) != 3 || fmt.Sprint(m.Media[1].People) != "[p-1 p-2]" || len(m.Media[2].People) != 0 {
		t.Errorf("media: %+v", m.Media)
	}
	if fmt.Sprint(m.Consents[0].Media) != "[m-1 m-2]" || fmt.Sprint(m.Consents[1].Media) != "[m-2]" {
		t.Errorf("consents: %+v", m.Consents)
	}
}

func TestImportStops(t *testing.T) {
	const canary = "Zanzibar"
	ok := headers + line("p-1", "c-1", "a.jpg")
	for name, tc := range map[string]struct{ text, want string }{
		"unknown header":       {"person," + canary + "\n", "row 1, column B: unknown header"},
		"repeated header":      {"person,person\n", "row 1, column B: header that occurs twice"},
		"date in another form": {strings.Replace(ok, "2026-03-01", "03/04/2026", 1), "row 2, column given_on: write a day"},
		"day that is not":      {strings.Replace(ok, "2026-03-01", "2026-02-30", 1), "row 2, column given_on"},
		"mistyped word":        {strings.Replace(ok, "website", "web-site", 1), "row 2, column channels: must be one of"},
		"name as id":           {strings.Replace(ok, "p-1", canary, 1), "row 2, column"},
		"person contradicts":   {ok + strings.Replace(line("p-1", "c-1", "a.jpg"), "adult", "unknown", 1), "row 3, column person: another row"},
		"file contradicts":     {ok + strings.Replace(line("p-2", "c-2", "a.jpg"), ";none;", ";unknown;", 1), "row 3, column others: another row"},
		"consent contradicts":  {ok + strings.Replace(line("p-1", "c-1", "b.jpg"), "awareness", "training", 1), "row 3, column consent: another row"},
		"answer without id":    {strings.Replace(ok, "c-1", "", 1), "row 2, column consent: an answer without"},
		"crowd":                {strings.Replace(ok, ";none;", ";crowd;", 1), "column others: a sheet cannot describe a crowd"},
		"missing notice":       {strings.Replace(ok, ";n-1;", ";;", 1), "field `notice` is missing"},
		"climbing path":        {strings.Replace(ok, "a.jpg", "../"+canary+".jpg", 1), "row 2, column files"},
		"latin-1":              {ok + "\xe9", "not UTF-8"},
		"too wide":             {ok[:len(ok)-1] + ";" + canary + "\n", "row 2, column U: cell without a header"},
		"empty":                {"", "is empty"},
		"open quote":           {ok + "\"" + canary, "not CSV"},
	} {
		table, err := sheet.ReadCSV(strings.NewReader(tc.text))
		if err == nil {
			_, err = table.Manifest(options)
		}
		var cell *sheet.CellError
		if !errors.As(err, &cell) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %s", name, err, tc.want)
		} else if strings.Contains(err.Error(), canary) {
			t.Errorf("%s: quotes the sheet: %v", name, err)
		}
	}
}

// book writes a workbook with one good row, changed.
func book(t *testing.T, change func(f *excelize.File) error) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, text := range strings.Split(strings.TrimSpace(headers), ";") {
		cell, _ := excelize.CoordinatesToCellName(i+1, 1)
		if err := f.SetCellStr("Sheet1", cell, text); err != nil {
			t.Fatal(err)
		}
	}
	for i, text := range strings.Split(strings.TrimSpace(line("p-1", "c-1", "a.jpg")), ";") {
		cell, _ := excelize.CoordinatesToCellName(i+1, 2)
		if err := f.SetCellStr("Sheet1", cell, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := change(f); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWorkbooks(t *testing.T) {
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	date := func(f *excelize.File, cell string, when time.Time, format int) error {
		if err := f.SetCellValue("Sheet1", cell, when); err != nil {
			return err
		}
		style, err := f.NewStyle(&excelize.Style{NumFmt: format})
		if err != nil {
			return err
		}
		return f.SetCellStyle("Sheet1", cell, cell, style)
	}
	for name, tc := range map[string]struct {
		change func(f *excelize.File) error
		want   string
	}{
		"as it is":        {func(*excelize.File) error { return nil }, ""},
		"true date":       {func(f *excelize.File) error { return date(f, "E2", day, 14) }, ""},
		"date with time":  {func(f *excelize.File) error { return date(f, "E2", day.Add(time.Hour), 22) }, "row 2, column E: a time"},
		"date as age":     {func(f *excelize.File) error { return date(f, "B2", day, 14) }, "row 2, column B: a date where none belongs"},
		"number as date":  {func(f *excelize.File) error { return f.SetCellInt("Sheet1", "E2", 46082) }, "column given_on: write a day"},
		"formula":         {func(f *excelize.File) error { return f.SetCellFormula("Sheet1", "A2", `="p-1"`) }, "row 2, column A: formula"},
		"hidden row":      {func(f *excelize.File) error { return f.SetRowVisible("Sheet1", 2, false) }, "row 2: hidden row"},
		"hidden column":   {func(f *excelize.File) error { return f.SetColVisible("Sheet1", "C", false) }, "column C: hidden column"},
		"merged cells":    {func(f *excelize.File) error { return f.MergeCell("Sheet1", "A2", "B2") }, "merged cells"},
		"a second sheet":  {func(f *excelize.File) error { _, err := f.NewSheet("more"); return err }, "more than one sheet"},
		"cell far away":   {func(f *excelize.File) error { return f.SetCellStr("Sheet1", "AZ2", "x") }, "column AZ: cell without a header"},
		"macros by name":  {func(f *excelize.File) error { f.Pkg.Store("xl/vbaProject.bin", []byte("x")); return nil }, "holds macros"},
		"unpacks too far": {func(f *excelize.File) error { f.Pkg.Store("xl/media/a.xml", make([]byte, 65<<20)); return nil }, "too large when unpacked"},
	} {
		table, err := sheet.ReadXLSX(bytes.NewReader(book(t, tc.change)))
		var out []byte
		if err == nil {
			out, err = table.Manifest(options)
		}
		switch {
		case tc.want == "" && (err != nil || !bytes.Contains(out, []byte(`given_on: "2026-03-01"`))):
			t.Errorf("%s: %v\n%s", name, err, out)
		case tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
			t.Errorf("%s: got %v, want %s", name, err, tc.want)
		}
	}
	if _, err := sheet.ReadXLSX(strings.NewReader("no workbook")); err == nil {
		t.Error("text was taken for a workbook")
	}
}

// FuzzSheet: no text panics, and what becomes a manifest is one.
func FuzzSheet(f *testing.F) {
	f.Add(headers + line("p-1", "c-1", "a b.jpg|c.jpg"))
	f.Add("person,age\np-1,adult\n")
	f.Add("person\tage\n\"p-1\"\t\"16-17\n")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := sheet.ReadCSV(strings.NewReader(text))
		if err != nil {
			return
		}
		out, err := table.Manifest(options)
		if err != nil {
			return
		}
		if _, err := consent.Read(bytes.NewReader(out), consent.YAML); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	})
}
