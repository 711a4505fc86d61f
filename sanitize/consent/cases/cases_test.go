package cases_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/consent"
	"github.com/mediaveil/mediaveil/sanitize/consent/cases"
)

// run decides every case of a file, and returns the codes that came up as a reason.
func run(t *testing.T, name string) map[consent.Code]bool {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	list, err := cases.Read(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	first := map[consent.Code]bool{}
	for i := range list {
		c := &list[i]
		got := c.Run()
		first[got.Reason] = true
		if !got.Pass {
			t.Errorf("%s %s: got %v %v, recheck %v, missing %v, conditions %v; want %+v",
				c.ID, c.Title, got.Verdict, got.Reasons, got.RecheckAt, got.Missing, got.Conditions, c.Expect)
		}
	}
	t.Logf("%d cases", len(list))
	return first
}

// shared returns a folder of shared material, found beside the checkout.
func shared(t *testing.T, elements ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		name := filepath.Join(append([]string{filepath.Dir(dir), "shared"}, elements...)...)
		if _, err := os.Stat(name); err == nil {
			return name
		}
	}
	t.Skip("no shared folder beside the checkout")
	return ""
}

func TestSharedCases(t *testing.T) {
	run(t, shared(t, "consent", "cases-dev.json"))
}

// TestOwnCases runs the cases of this project, which know every code as a first reason.
func TestOwnCases(t *testing.T) {
	first := run(t, filepath.Join("..", "testdata", "cases.json"))
	for _, code := range consent.Codes() {
		onlyBeside := code == consent.ReviewInvalid || code == consent.ReviewSelf
		if !first[code] && !onlyBeside { // those two never come without the code they keep
			t.Errorf("no case has the reason %v", code)
		}
	}
}
