package sanitize_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/mediaveil/mediaveil/"

// mayImport holds every arrow between packages of the module. What a package needs beyond it
// is a decision about the design, to be made here first.
var mayImport = map[string][]string{
	"sanitize/metadata": {},
	"sanitize/policy":   {"sanitize/metadata"},

	"exif":      {"sanitize/metadata"},
	"exif/icc":  {"sanitize/metadata"},
	"exif/iptc": {"sanitize/metadata"},
	"exif/xmp":  {"sanitize/metadata"},

	"sanitize/internal/atomicfile": {},
	"sanitize/internal/container":  {"sanitize/metadata"},
	"sanitize/internal/gainmap":    {},
	"sanitize/internal/irb":        {"exif", "exif/iptc", "exif/xmp", "sanitize/metadata"},
	"sanitize/internal/jpeg": {
		"exif", "exif/icc", "exif/xmp", "sanitize/internal/container",
		"sanitize/internal/gainmap", "sanitize/internal/irb", "sanitize/metadata",
	},
	"sanitize/internal/bmp": {
		"exif/icc", "sanitize/internal/container", "sanitize/internal/dib", "sanitize/internal/profile", "sanitize/metadata",
	},
	"sanitize/internal/dib": {"sanitize/internal/container", "sanitize/metadata"},
	"sanitize/internal/ico": {"sanitize/internal/container", "sanitize/internal/dib", "sanitize/metadata"},

	"sanitize/internal/profile": {"exif/icc", "sanitize/internal/container", "sanitize/metadata"},
	"sanitize/internal/riff":    {"sanitize/internal/container"},
	"sanitize/internal/webp": {
		"exif", "exif/icc", "exif/xmp", "sanitize/internal/container",
		"sanitize/internal/profile", "sanitize/internal/riff", "sanitize/metadata",
	},
	"sanitize/internal/gif": {
		"exif", "exif/iptc", "exif/xmp", "sanitize/internal/container",
		"sanitize/internal/irb", "sanitize/metadata",
	},
	"sanitize/internal/png": {
		"exif", "exif/icc", "exif/iptc", "exif/xmp", "sanitize/internal/container",
		"sanitize/internal/irb", "sanitize/metadata",
	},
	"sanitize/internal/tiff": {
		"exif", "exif/icc", "exif/iptc", "exif/xmp", "sanitize/internal/container",
		"sanitize/internal/irb", "sanitize/internal/jpeg", "sanitize/metadata",
	},
	"sanitize/internal/box": {"sanitize/internal/container"},
	"sanitize/internal/heif": {
		"exif", "exif/icc", "exif/iptc", "exif/xmp", "sanitize/internal/box", "sanitize/internal/container",
		"sanitize/internal/gainmap", "sanitize/metadata",
	},
	"sanitize/internal/formats": {
		"sanitize/internal/bmp", "sanitize/internal/container", "sanitize/internal/gif", "sanitize/internal/ico",
		"sanitize/internal/jpeg", "sanitize/internal/png", "sanitize/internal/webp",
		"sanitize/internal/tiff",
		"sanitize/internal/heif",
	},
	"sanitize/internal/containertest": {"sanitize/internal/container", "sanitize/metadata"},

	"sanitize": {
		"sanitize/internal/atomicfile", "sanitize/internal/container", "sanitize/internal/formats",
		"sanitize/metadata", "sanitize/policy",
	},
	"sanitize/consent":       {},
	"sanitize/consent/cases": {"sanitize/consent"},
	"sanitize/consent/sheet": {"sanitize/consent"},

	"cmd/mediaveil": {
		"sanitize", "sanitize/consent", "sanitize/consent/cases", "sanitize/consent/sheet",
		"sanitize/metadata", "sanitize/policy",
	},
}

// standardOnly are the packages that import nothing from outside the standard library.
var standardOnly = []string{
	"sanitize/metadata", "sanitize/policy", "sanitize/internal/container", "sanitize/internal/gainmap",
	"sanitize/internal/bmp", "sanitize/internal/dib", "sanitize/internal/gif", "sanitize/internal/ico",
	"sanitize/internal/jpeg", "sanitize/internal/png", "sanitize/internal/profile", "sanitize/internal/riff",
	"sanitize/internal/webp", "exif/icc", "exif/iptc", "exif/xmp", "sanitize/internal/tiff", "sanitize/internal/box", "sanitize/internal/heif",
}

// topLevel are the folders that may hold Go packages.
var topLevel = []string{"cmd", "detect", "exif", "sanitize"}

// forbidden are packages that would let something out, or state that outlives a call in.
var forbidden = []string{"net", "net/http", "log", "log/slog", "os/exec", "plugin", "unsafe"}

// exempt are the program, which talks to people, and what only tests import.
var exempt = []string{"cmd/mediaveil", "sanitize/internal/containertest"}

func TestImportsPointOneWay(t *testing.T) {
	seen := make(map[string]bool)
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && d.Name() != "..") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel("..", filepath.Dir(name))
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(rel)
		seen[pkg] = true
		checkImports(t, name, pkg)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range mayImport {
		if !seen[pkg] {
			t.Errorf("%s stands in the table and does not exist", pkg)
		}
	}
}

func checkImports(t *testing.T, name, pkg string) {
	t.Helper()
	if !slices.Contains(topLevel, strings.Split(pkg, "/")[0]) {
		t.Errorf("%s: no Go package belongs there", name)
	}
	allowed, ok := mayImport[pkg]
	if !ok {
		t.Errorf("%s: package %s is not in the table", name, pkg)
		return
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
	if err != nil {
		t.Error(err)
		return
	}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Error(err)
			continue
		}
		own, inModule := strings.CutPrefix(imported, module)
		external := strings.Contains(strings.Split(imported, "/")[0], ".")
		switch {
		case inModule && !slices.Contains(allowed, own):
			t.Errorf("%s imports %s, which its layer may not", name, own)
		case !inModule && external && slices.Contains(standardOnly, pkg):
			t.Errorf("%s imports %s; package %s lives on the standard library", name, imported, path.Base(pkg))
		case !slices.Contains(exempt, pkg) && slices.Contains(forbidden, imported):
			t.Errorf("%s imports %s, which the library never does", name, imported)
		}
	}
}
