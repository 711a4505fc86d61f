package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/mediaveil/mediaveil/sanitize/consent"
)

// choices are the words of columns that hold one of a few.
var choices = map[string][]string{
	"age":                 {"adult", "16-17", "13-15", "6-12", "0-5", "unknown"},
	"risk":                {"standard", "elevated", "high"},
	"status":              {"granted", "refused", "pending"},
	"self_answer":         {"agreed", "refused", "not-asked", "not-able"},
	"capacity":            {"full", "limited", "none", "not-assessed"},
	"caregiver_answer":    {"agreed", "refused", "not-asked", "unreachable"},
	"caregiver_role":      {"parent", "legal-guardian", "state-guardian", "kinship-carer", "institution"},
	"caregiver_authority": {"verified", "stated", "not-checked"},
	"interpreter":         {"true", "false"},
	"method":              {"written", "mark", "digital", "verbal-recorded", "verbal-witnessed"},
	"kind":                {"photo", "video", "audio"},
	"others":              {"none", "not-identifiable", "unknown"},
}

// hints say what to write where there is nothing to choose from, or several may be chosen.
func hints() map[string]string {
	return map[string]string{
		"person":      "a pseudonym such as p-7f3k, never a name",
		"consent":     "an id such as c-101",
		"told":        "with | between: purpose channels risks withdrawal aid-not-affected",
		"purposes":    "with | between: " + strings.Join(consent.Purposes(), " "),
		"channels":    "with | between: " + strings.Join(consent.Channels(), " "),
		"territories": "worldwide, or country codes with | between: KE|UG",
		"not_in":      "country codes with | between",
		"conditions":  "with | between: hide-face hide-marks change-name no-name no-location no-date no-voice no-audio no-ai-training prior-approval single-use",
		"files":       "paths with | between, as seen from the folder of the media",
		"file_sha256": "leave empty: mediaveil consent bind fills it in",
		"recorded_by": "a pseudonym of staff such as s-21",
		"witness":     "a pseudonym of staff such as s-22",
		"declared_by": "who looked at the files: s-21",
		"evidence":    "where the form is kept: box-3:form-17; never a link",
	}
}

// example is the row that the template shows.
var example = map[string]string{
	"person": "p-2c8d", "age": "6-12", "age_on": "2026-03-02", "risk": "elevated",
	"consent": "c-102", "status": "granted", "given_on": "2026-03-02", "self_answer": "agreed", "capacity": "limited",
	"caregiver_answer": "agreed", "caregiver_role": "parent", "caregiver_authority": "verified",
	"told": "purpose|channels|risks|withdrawal|aid-not-affected", "notice": "notice-2026-01-child",
	"language": "sw", "interpreter": "true", "method": "mark", "recorded_by": "s-21", "witness": "s-22",
	"evidence": "box-3:form-18", "purposes": "awareness", "channels": "website|print", "territories": "worldwide",
	"valid_until": "2027-03-01", "conditions": "change-name|no-location", "files": "visit/img-0001.jpg",
	"kind": "photo", "others": "none", "declared_by": "s-21",
}

// TemplateCSV writes the headers and one example row.
func TemplateCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	line := make([]string, len(columns))
	for i, c := range columns {
		line[i] = example[c]
	}
	if err := out.Write(columns); err != nil {
		return fmt.Errorf("template: %w", err)
	}
	if err := out.Write(line); err != nil {
		return fmt.Errorf("template: %w", err)
	}
	out.Flush()
	return out.Error()
}

// Template writes a workbook with the headers, one example row, lists to choose from, and
// every cell as text, so that no program turns 16-17 into a day in 2017.
func Template(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	const name = "Sheet1"
	err := fill(f, name)
	if err == nil {
		err = f.Write(w)
	}
	if err != nil {
		return fmt.Errorf("template: %w", err)
	}
	return nil
}

func fill(f *excelize.File, name string) error {
	asText, err := f.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	for i, c := range columns {
		col := letter(i)
		if err := f.SetColStyle(name, col, asText); err != nil {
			return err
		}
		if err := f.SetColWidth(name, col, col, float64(len(c)+6)); err != nil {
			return err
		}
		if err := f.SetCellStyle(name, col+"1", col+"1", bold); err != nil {
			return err
		}
		if err := f.SetCellStr(name, col+"1", c); err != nil {
			return err
		}
		if example[c] != "" {
			if err := f.SetCellStr(name, col+"2", example[c]); err != nil {
				return err
			}
		}
		if err := addHelp(f, name, c, col); err != nil {
			return err
		}
	}
	return f.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// addHelp gives a column its list, or its hint.
func addHelp(f *excelize.File, name, column, col string) error {
	v := excelize.NewDataValidation(true)
	v.SetSqref(fmt.Sprintf("%s2:%s%d", col, col, 2000))
	hint := hints()[column]
	switch {
	case choices[column] != nil:
		if err := v.SetDropList(choices[column]); err != nil {
			return err
		}
		v.SetError(excelize.DataValidationErrorStyleStop, "Not a word of the list", "Choose one from the list.")
	case dates[column]:
		v.SetInput(column, "a day as YYYY-MM-DD")
	case hint != "":
		v.SetInput(column, hint[:min(len(hint), 250)])
	default:
		return nil
	}
	return f.AddDataValidation(name, v)
}
