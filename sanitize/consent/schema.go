package consent

import (
	"bytes"
	_ "embed" // the schema is part of the package
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	fault "github.com/santhosh-tekuri/jsonschema/v6/kind"
)

//go:embed manifest.schema.json
var schemaText []byte

// Schema returns the JSON Schema of the format, for editors and other programs.
func Schema() []byte { return bytes.Clone(schemaText) }

// schema compiles the embedded schema once. It is the same for everybody and never changes.
var schema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaText))
	if err != nil {
		return nil, err
	}
	const id = "urn:mediaveil:consent:manifest:1"
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.UseRegexpEngine(compilePattern)
	if err := c.AddResource(id, doc); err != nil {
		return nil, err
	}
	return c.Compile(id)
})

var versionForm = regexp.MustCompile(`^mediaveil-consent/[0-9]+$`)

// checkSchema holds a value against the schema.
func checkSchema(root *node) error {
	f := root.get("format")
	if f != nil && f.kind == isString && f.text != formatName && versionForm.MatchString(f.text) {
		return &Error{ManifestVersion, []Fault{{Line: int(f.line), Column: int(f.col), Where: "format",
			Problem: "a version of the format that this program does not know"}}}
	}
	s, err := schema()
	if err != nil {
		return fmt.Errorf("consent: schema: %w", err)
	}
	if s.Validate(pruned(root).any()) == nil {
		return nil
	}
	err = s.Validate(root.any()) // again and in full, for the places
	var invalid *jsonschema.ValidationError
	if errors.As(err, &invalid) {
		x := explainer{root: root, schema: s}
		x.explain(invalid)
		return &Error{ManifestSchema, x.sorted()}
	}
	return err
}

// any returns n in the form that the schema library takes.
func (n *node) any() any {
	switch n.kind {
	case isBool:
		return n.text == "true"
	case isNumber:
		return json.Number(tame(n.text))
	case isString:
		return n.text
	case isList:
		list := make([]any, len(n.kids))
		for i := range n.kids {
			list[i] = n.kids[i].any()
		}
		return list
	case isMap:
		m := make(map[string]any, len(n.kids)/2)
		for i := 0; i+1 < len(n.kids); i += 2 {
			m[n.kids[i].text] = n.kids[i+1].any()
		}
		return m
	}
	return nil
}

// tame replaces a number that would take the schema library ages, such as 1e999999999, with
// one that is as wrong: the only number of the format is at most ten digits long.
func tame(number string) string {
	i := strings.IndexAny(number, "eE")
	if len(number) > 40 || i >= 0 && len(number)-i > 4 {
		return "-1"
	}
	return number
}

// An explainer turns the errors of the schema library into faults with places and without
// content.
type explainer struct {
	root   *node
	schema *jsonschema.Schema
	faults []Fault
}

func (x *explainer) explain(e *jsonschema.ValidationError) {
	switch k := e.ErrorKind.(type) {
	case *fault.AnyOf, *fault.OneOf:
		x.choice(e)
	case *fault.AdditionalProperties:
		for _, name := range k.Properties {
			x.unknownField(e.InstanceLocation, name)
		}
	case *fault.Required:
		for _, name := range k.Missing {
			x.add(e.InstanceLocation, "field `"+name+"` is missing", "")
		}
	default:
		for _, cause := range e.Causes {
			x.explain(cause)
		}
		if len(e.Causes) == 0 {
			x.add(e.InstanceLocation, problemOf(e.ErrorKind), x.suggest(e))
		}
	}
}

// choice explains a value that fits none of its forms: by what is wrong further inside, when
// one form got that far, and otherwise as one fault.
func (x *explainer) choice(e *jsonschema.ValidationError) {
	if k, ok := e.ErrorKind.(*fault.OneOf); ok && len(k.Subschemas) != 1 {
		x.add(e.InstanceLocation, "exactly one of `person`, `consent` and `sha256` is needed", "")
		return
	}
	for _, leaf := range leaves(e) {
		if len(leaf.InstanceLocation) > len(e.InstanceLocation) {
			x.explain(leaf)
			return
		}
	}
	for _, leaf := range leaves(e) {
		if _, ok := leaf.ErrorKind.(*fault.Enum); ok {
			x.add(e.InstanceLocation, problemOf(leaf.ErrorKind), x.suggest(leaf))
			return
		}
	}
	x.add(e.InstanceLocation, "has none of the forms that are allowed here", "")
}

func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	var all []*jsonschema.ValidationError
	for _, cause := range e.Causes {
		all = append(all, leaves(cause)...)
	}
	return all
}

// problemOf says what is wrong in words of ours.
func problemOf(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *fault.Type:
		return "must be " + strings.Join(k.Want, " or ")
	case *fault.Enum:
		return "must be one of " + words(k.Want)
	case *fault.Const:
		return "must be " + words([]any{k.Want})
	case *fault.Pattern:
		return "has the wrong form; it must match " + k.Want
	case *fault.Format:
		return "is not a " + k.Want
	case *fault.FalseSchema:
		return "has no place here"
	case *fault.UniqueItems:
		return "holds the same item twice"
	case *fault.MinItems, *fault.MinProperties, *fault.MinLength:
		return "holds too little"
	case *fault.MaxItems, *fault.MaxProperties, *fault.MaxLength:
		return "holds too much"
	case *fault.Minimum, *fault.Maximum:
		return "is out of range"
	}
	return "is not allowed"
}

func words(list []any) string {
	texts := make([]string, len(list))
	for i, w := range list {
		texts[i] = fmt.Sprint(w)
	}
	return strings.Join(texts, ", ")
}

// suggest returns the word of an enumeration that was probably meant.
func (x *explainer) suggest(e *jsonschema.ValidationError) string {
	k, ok := e.ErrorKind.(*fault.Enum)
	n, _ := x.find(e.InstanceLocation)
	if !ok || n == nil || n.kind != isString {
		return ""
	}
	var allowed []string
	for _, w := range k.Want {
		if s, ok := w.(string); ok {
			allowed = append(allowed, s)
		}
	}
	return nearest(n.text, allowed)
}

// unknownField points at a key that the format does not have.
func (x *explainer) unknownField(at []string, name string) {
	n, where := x.find(at)
	f := Fault{Where: where, Problem: "unknown field"}
	for i := 0; n != nil && n.kind == isMap && i < len(n.kids); i += 2 {
		if n.kids[i].text == name {
			f.Line, f.Column = int(n.kids[i].line), int(n.kids[i].col)
		}
	}
	var known []string
	if s := x.schemaAt(at); s != nil {
		for field := range s.Properties {
			known = append(known, field)
		}
	}
	slices.Sort(known)
	f.Suggestion = nearest(name, known)
	x.faults = append(x.faults, f)
}

// schemaAt follows a place in the document to the part of the schema that describes it.
func (x *explainer) schemaAt(at []string) *jsonschema.Schema {
	s := x.schema
	for _, token := range at {
		next := s.Properties[token]
		if _, err := strconv.Atoi(token); err == nil {
			next, _ = s.Items2020, err
		}
		for next != nil && next.Ref != nil {
			next = next.Ref
		}
		if next == nil {
			return nil
		}
		s = next
	}
	return s
}

func (x *explainer) add(at []string, problem, suggestion string) {
	n, where := x.find(at)
	f := Fault{Where: where, Problem: problem, Suggestion: suggestion}
	if n != nil {
		f.Line, f.Column = int(n.line), int(n.col)
	}
	x.faults = append(x.faults, f)
}

// find returns the value at a place and the place in words of ours; a part that is not a
// field of the format is left out.
func (x *explainer) find(at []string) (*node, string) {
	n, where := x.root, ""
	for i, token := range at {
		if n == nil {
			break
		}
		if n.kind == isList {
			j, err := strconv.Atoi(token)
			if err != nil || j < 0 || j >= len(n.kids) {
				return nil, where
			}
			n, where = &n.kids[j], where+"["+token+"]"
			continue
		}
		if s := x.schemaAt(at[:i]); s == nil || s.Properties[token] == nil {
			return nil, where
		}
		n, where = n.get(token), strings.TrimPrefix(where+"."+token, ".")
	}
	return n, where
}

// sorted returns the faults in the order of the file, without repetition.
func (x *explainer) sorted() []Fault {
	slices.SortStableFunc(x.faults, func(a, b Fault) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	x.faults = slices.Compact(x.faults)
	if len(x.faults) == 0 {
		return []Fault{{Problem: "does not follow the schema"}}
	}
	return x.faults[:min(len(x.faults), maxFaults)]
}
