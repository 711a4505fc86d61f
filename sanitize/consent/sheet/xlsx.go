package sheet

import (
	"archive/zip"
	"bytes"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// What a workbook may unpack to, before anything is unpacked.
const (
	maxUnzipped = 64 << 20
	maxParts    = 1000
)

// ReadXLSX reads a workbook with one sheet. Formulas, macros, hidden rows and columns, merged
// cells and further sheets stop the import: what an officer sees must be what is read.
func ReadXLSX(r io.Reader) (t *Table, err error) {
	data, err := readAll(r)
	if err != nil {
		return nil, err
	}
	if err := checkParts(data); err != nil {
		return nil, err
	}
	defer func() { // the library is not ours, and a sheet must not stop the program
		if recover() != nil {
			t, err = nil, &CellError{Problem: "not a workbook that can be read"}
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped,
	})
	if err != nil {
		return nil, &CellError{Problem: "not a workbook that can be read"}
	}
	defer f.Close()
	names := f.GetSheetList()
	if len(names) != 1 {
		return nil, &CellError{Problem: "more than one sheet; remove the others"}
	}
	b := book{File: f, name: names[0]}
	if err := b.checkLayout(); err != nil {
		return nil, err
	}
	lines, err := b.lines()
	if err != nil {
		return nil, err
	}
	return newTable("1", lines)
}

// checkParts looks at the archive before the library does: its size when unpacked, and
// whether it holds programs.
func checkParts(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil || len(z.File) > maxParts {
		return &CellError{Problem: "not a workbook that can be read; a password must be removed first"}
	}
	total := uint64(0)
	for _, part := range z.File {
		if part.UncompressedSize64 > maxUnzipped {
			return &CellError{Problem: "too large when unpacked"}
		}
		total += part.UncompressedSize64
		name := strings.ToLower(part.Name)
		if strings.Contains(name, "vbaproject") || strings.Contains(name, "macrosheets") || strings.HasSuffix(name, ".bin") && strings.Contains(name, "vba") {
			return &CellError{Problem: "holds macros; save it as a plain workbook"}
		}
		if strings.Contains(name, "externallinks") {
			return &CellError{Problem: "refers to other files"}
		}
	}
	if total > maxUnzipped {
		return &CellError{Problem: "too large when unpacked"}
	}
	return nil
}

// A book is one sheet of a workbook.
type book struct {
	*excelize.File
	name string
}

func (b book) fail(row int, column, problem string) error {
	return &CellError{"1", row, column, problem}
}

func (b book) checkLayout() error {
	if visible, err := b.GetSheetVisible(b.name); err != nil || !visible {
		return b.fail(0, "", "the sheet is hidden")
	}
	merged, err := b.GetMergeCells(b.name)
	if err != nil || len(merged) > 0 {
		return b.fail(0, "", "merged cells; split them")
	}
	for i := range columns {
		if visible, err := b.GetColVisible(b.name, letter(i)); err != nil || !visible {
			return b.fail(0, letter(i), "hidden column")
		}
	}
	return nil
}

func (b book) lines() ([][]string, error) {
	rows, err := b.GetRows(b.name)
	if err != nil {
		return nil, b.fail(0, "", "cannot be read")
	}
	if len(rows) > maxRows {
		return nil, b.fail(maxRows+1, "", "too many rows")
	}
	for i := range rows {
		if visible, err := b.GetRowVisible(b.name, i+1); err != nil || !visible {
			return nil, b.fail(i+1, "", "hidden row")
		}
		for j := range rows[i] {
			if j >= len(columns) && rows[i][j] != "" {
				return nil, b.fail(i+1, letter(j), "cell without a header")
			}
			header := ""
			if i > 0 && j < len(rows[0]) {
				header = strings.TrimSpace(rows[0][j])
			}
			if rows[i][j], err = b.cell(i+1, j, header, rows[i][j]); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}

// cell returns the text of a cell; a true date becomes YYYY-MM-DD.
func (b book) cell(row, col int, header, raw string) (string, error) {
	at := letter(col) + strconv.Itoa(row)
	if formula, err := b.GetCellFormula(b.name, at); err != nil || formula != "" {
		return "", b.fail(row, letter(col), "formula; put its result there as text")
	}
	kind, err := b.GetCellType(b.name, at)
	switch {
	case err != nil || kind == excelize.CellTypeError:
		return "", b.fail(row, letter(col), "cannot be read")
	case raw == "":
		return "", nil
	case kind == excelize.CellTypeBool:
		return map[string]string{"1": "true", "0": "false"}[raw], nil
	case kind == excelize.CellTypeSharedString, kind == excelize.CellTypeInlineString:
		return raw, nil
	case !b.isDate(at):
		return raw, nil
	case !dates[header]:
		return "", b.fail(row, letter(col), "a date where none belongs; make the column text")
	}
	days, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return raw, nil
	}
	day, err := excelize.ExcelDateToTime(days, b.date1904())
	if err != nil || !day.Equal(day.Truncate(24*time.Hour)) {
		return "", b.fail(row, letter(col), "a time where only a day belongs")
	}
	return day.Format(time.DateOnly), nil
}

func (b book) date1904() bool {
	props, err := b.GetWorkbookProps()
	return err == nil && props.Date1904 != nil && *props.Date1904
}

// isDate reports whether a number is shown as a date.
func (b book) isDate(at string) bool {
	id, err := b.GetCellStyle(b.name, at)
	if err != nil || id == 0 {
		return false
	}
	style, err := b.GetStyle(id)
	if err != nil || style == nil {
		return false
	}
	if style.CustomNumFmt != nil {
		return strings.ContainsAny(strings.ToLower(*style.CustomNumFmt), "yd")
	}
	n := style.NumFmt // the built-in formats of ECMA-376, 18.8.30
	return n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 45 && n <= 47 || n >= 50 && n <= 58
}
