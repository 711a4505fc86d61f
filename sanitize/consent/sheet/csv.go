package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// ReadCSV reads UTF-8 text with commas, semicolons or tabs between the cells; which of them
// is told by the header.
func ReadCSV(r io.Reader) (*Table, error) {
	data, err := readAll(r)
	if err != nil {
		return nil, err
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		return nil, &CellError{Problem: "not UTF-8; save the sheet as CSV UTF-8"}
	}
	reader := csv.NewReader(bytes.NewReader(data))
	reader.Comma = separator(data)
	reader.FieldsPerRecord = -1
	lines, err := reader.ReadAll()
	var wrong *csv.ParseError
	if errors.As(err, &wrong) {
		return nil, &CellError{Row: wrong.StartLine, Problem: "not CSV"}
	}
	if err != nil {
		return nil, &CellError{Problem: "not CSV"}
	}
	return newTable("", lines)
}

func readAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, &CellError{Problem: "cannot be read"}
	}
	if len(data) > maxBytes {
		return nil, &CellError{Problem: "larger than 16 MiB"}
	}
	return data, nil
}

// separator returns the one that the first line holds most often; headers hold none.
func separator(data []byte) rune {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// Bind fills the column file_sha256 of a sheet in CSV from the column files, and returns the
// new text with the number of rows bound and left. hash returns no digest for a file that is
// not there; such a row is left as it was.
func Bind(src []byte, hash func(path string) (string, error)) (out []byte, bound, left int, err error) {
	if _, err := ReadCSV(bytes.NewReader(src)); err != nil {
		return nil, 0, 0, err
	}
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	reader := csv.NewReader(bytes.NewReader(src))
	reader.Comma = separator(src)
	reader.FieldsPerRecord = -1
	lines, err := reader.ReadAll()
	if err != nil {
		return nil, 0, 0, &CellError{Problem: "not CSV"}
	}
	files, sums := slices.Index(lines[0], "files"), slices.Index(lines[0], "file_sha256")
	if files < 0 {
		return nil, 0, 0, &CellError{Row: 1, Problem: "there is no column files"}
	}
	if sums < 0 {
		sums = len(lines[0])
		lines[0] = append(lines[0], "file_sha256")
	}
	for i := range lines[1:] {
		line := &lines[i+1]
		if files >= len(*line) || strings.TrimSpace((*line)[files]) == "" {
			continue
		}
		cell, err := sumsOf((*line)[files], hash)
		if err != nil {
			return nil, 0, 0, err
		}
		if cell == "" {
			left++
			continue
		}
		for len(*line) <= sums {
			*line = append(*line, "")
		}
		(*line)[sums] = cell
		bound++
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = reader.Comma
	err = w.WriteAll(lines)
	return b.Bytes(), bound, left, err
}

// sumsOf returns the digests of all files of a cell, or nothing if one is not there.
func sumsOf(cell string, hash func(path string) (string, error)) (string, error) {
	var all []string
	for path := range strings.SplitSeq(cell, "|") {
		sum, err := hash(strings.TrimSpace(path))
		if sum == "" || err != nil {
			return "", err
		}
		all = append(all, sum)
	}
	return strings.Join(all, "|"), nil
}
