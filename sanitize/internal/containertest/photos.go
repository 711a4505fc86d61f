package containertest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Photos returns the real photos of a class ("valid", "raw") and of the given types or kinds,
// as the index of a collection beside the module calls them. It skips the test when there is
// no such collection.
func Photos(t *testing.T, class string, types ...string) []string {
	t.Helper()
	for dir := Root(t); ; dir = filepath.Dir(dir) {
		media := filepath.Join(dir, "shared", "media", "photos")
		index, err := os.ReadFile(filepath.Join(media, "INDEX.tsv"))
		if err == nil {
			return listed(media, string(index), class, types)
		}
		if dir == filepath.Dir(dir) {
			t.Skip("no shared/media/photos beside the module")
		}
	}
}

func listed(media, index, class string, types []string) (files []string) {
	column := map[string]int{}
	for i, line := range strings.Split(strings.TrimSpace(index), "\n") {
		cells := strings.Split(line, "\t")
		if i == 0 {
			for n, name := range cells {
				column[name] = n
			}
			continue
		}
		wanted := slices.Contains(types, cells[column["type"]]) || slices.Contains(types, cells[column["kind"]])
		if wanted && cells[column["class"]] == class {
			files = append(files, filepath.Join(media, filepath.FromSlash(cells[column["path"]])))
		}
	}
	return files
}
