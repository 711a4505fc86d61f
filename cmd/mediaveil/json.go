package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/mediaveil/mediaveil/sanitize"
)

// resultSchema names the form of a line of --json, which docs/json.md describes.
const resultSchema = "mediaveil.result/1"

type resultJSON struct {
	Schema string           `json:"schema"`
	File   string           `json:"file"`
	Status string           `json:"status"`
	Output string           `json:"output,omitempty"`
	Reason string           `json:"reason,omitempty"`
	Error  *errorJSON       `json:"error,omitempty"`
	Report *sanitize.Report `json:"report,omitempty"`
	// FileBytes is the name when it is not UTF-8, which JSON cannot hold.
	FileBytes []byte `json:"file_bytes,omitempty"`
}

type errorJSON struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (r result) document(done string) resultJSON {
	doc := resultJSON{Schema: resultSchema, File: r.name, Status: done, Report: r.report}
	if !utf8.ValidString(r.name) {
		doc.FileBytes = []byte(r.name)
	}
	switch {
	case r.skip != "":
		doc.Status, doc.Reason = "left-out", r.skip
	case r.err != nil:
		why := reasonFor(r.err)
		doc.Status, doc.Report = "failed", nil
		doc.Error = &errorJSON{why.code, why.text}
	default:
		doc.Output = r.output
	}
	return doc
}

// writeJSON writes v as one line. What a terminal might obey is escaped.
func writeJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	line := escapeJSON(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	if _, err := w.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("writing the output: %s", withoutPath(err))
	}
	return nil
}

// escapeJSON escapes the runes that do not show. In a document they stand in strings only.
func escapeJSON(b []byte) []byte {
	out := make([]byte, 0, len(b)+1)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case shows(r):
			out = append(out, b[:n]...)
		case r > 0xFFFF:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xD800+r>>10, 0xDC00+r&0x3FF)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		b = b[n:]
	}
	return out
}
