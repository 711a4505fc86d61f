// Package sheet turns spreadsheets into consent manifests (FORMAT.md, section 12), for teams
// that collect answers in a table. The gate itself never reads a sheet: an officer reads the
// manifest that comes out of it, and signs that.
//
// [ReadCSV] and [ReadXLSX] read a table, [Table.Manifest] makes the manifest, [Template]
// writes an empty sheet with lists to choose from. Nothing is guessed: whatever can be read in
// two ways, such as 03/04/2026, stops the import with the place, and no error quotes a cell.
//
// It is a package of its own so that programs which only decide carry no spreadsheet library.
package sheet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// columns are the headers, in the order of the template.
var columns = []string{
	"person", "age", "age_on", "adult_from", "risk", "consent", "status", "given_on", "self_answer",
	"capacity", "caregiver_answer", "caregiver_role", "caregiver_authority", "told", "notice",
	"language", "interpreter", "method", "recorded_by", "witness", "evidence", "purposes",
	"channels", "territories", "not_in", "valid_from", "valid_until", "embargo_until", "conditions",
	"supersedes", "files", "file_sha256", "kind", "others", "declared_by",
}

// Columns lists the headers of a sheet.
func Columns() []string { return slices.Clone(columns) }

// dates are the columns that hold a day.
var dates = map[string]bool{
	"age_on": true, "adult_from": true, "given_on": true, "valid_from": true,
	"valid_until": true, "embargo_until": true,
}

// Limits of a sheet. A manifest holds less.
const (
	maxBytes = 16 << 20
	maxRows  = 20000
	maxCell  = 8 << 10
)

// A CellError says what is wrong and where. It quotes no cell.
type CellError struct {
	Sheet   string // empty for CSV
	Row     int    // from 1, the header is row 1; 0 for the whole sheet
	Column  string // header, or letter where there is none
	Problem string
}

// Error returns the place and the problem.
func (e *CellError) Error() string {
	var where []string
	if e.Sheet != "" {
		where = append(where, "sheet "+e.Sheet)
	}
	if e.Row > 0 {
		where = append(where, "row "+strconv.Itoa(e.Row))
	}
	if e.Column != "" {
		where = append(where, "column "+e.Column)
	}
	if len(where) == 0 {
		return e.Problem
	}
	return strings.Join(where, ", ") + ": " + e.Problem
}

// A Table is a sheet that was read: the cells of each row by header.
type Table struct {
	sheet string
	rows  []row
}

type row struct {
	number int
	cells  map[string]string
}

func (t *Table) fail(r row, column, problem string) error {
	return &CellError{t.sheet, r.number, column, problem}
}

// newTable checks the headers and takes the rows that are not empty.
func newTable(name string, lines [][]string) (*Table, error) {
	t := &Table{sheet: name}
	if len(lines) == 0 {
		return nil, &CellError{name, 0, "", "is empty"}
	}
	if len(lines) > maxRows {
		return nil, &CellError{name, maxRows + 1, "", "too many rows"}
	}
	header := lines[0]
	for i, h := range header {
		header[i] = strings.TrimSpace(h)
		if !slices.Contains(columns, header[i]) {
			return nil, &CellError{name, 1, letter(i), "unknown header"}
		}
		if slices.Contains(header[:i], header[i]) {
			return nil, &CellError{name, 1, letter(i), "header that occurs twice"}
		}
	}
	for i, line := range lines[1:] {
		if err := t.addRow(header, line, i+2); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *Table) addRow(header, line []string, number int) error {
	r := row{number, map[string]string{}}
	for i, cell := range line {
		cell = strings.TrimSpace(cell)
		switch {
		case cell == "":
			continue
		case i >= len(header):
			return t.fail(r, letter(i), "cell without a header")
		case len(cell) > maxCell:
			return t.fail(r, header[i], "too long")
		case strings.ContainsFunc(cell, func(c rune) bool { return c < ' ' || c == 0x7f }):
			return t.fail(r, header[i], "control character or line break")
		}
		r.cells[header[i]] = cell
	}
	if len(r.cells) > 0 {
		t.rows = append(t.rows, r)
	}
	return nil
}

// letter returns the name that spreadsheets give a column.
func letter(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// list splits a cell.
func (r row) list(column string) []string {
	if r.cells[column] == "" {
		return nil
	}
	parts := strings.Split(r.cells[column], "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

func (r row) String() string { return fmt.Sprintf("row %d", r.number) }
