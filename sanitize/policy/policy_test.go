package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/metadata"
	"github.com/mediaveil/mediaveil/sanitize/policy"
)

func ExampleParse() {
	p, err := policy.Parse("credited,time")
	if err != nil {
		panic(err)
	}
	fmt.Println(p.Keeps(metadata.Rights), p.Keeps(metadata.Time), p.Keeps(metadata.Location))
	// Output: true true false
}

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want policy.Policy
	}{
		{"", policy.Strict()},
		{"strict", policy.Strict()},
		{"credited", policy.Credited()},
		{" Archive ", policy.Archive()},
		{"archive,-time", policy.Policy{Keep: policy.Archive().Keep.Without(metadata.Time)}},
		{"gain-map", policy.Policy{Keep: metadata.SetOf(metadata.GainMap)}},
		{"time,-time", policy.Strict()},
	} {
		got, err := policy.Parse(tt.in)
		if err != nil || got != tt.want {
			t.Errorf("Parse(%q) = %v, %v; want %v", tt.in, got, err, tt.want)
		}
		if again, err := policy.Parse(got.String()); err != nil || again != got {
			t.Errorf("Parse(String()) of %q = %v, %v", tt.in, again, err)
		}
	}
}

// A mistyped word must not weaken or quietly lose a policy, and the message must help
// without repeating what was typed.
func TestParseRefuses(t *testing.T) {
	for _, in := range []string{"credit", "credited,,time", "all", "device", "thumbnail", "unknown", "rendering", "-", "Zaatari"} {
		p, err := policy.Parse(in)
		if err == nil {
			t.Errorf("Parse(%q) = %v, want an error", in, p)
			continue
		}
		if p != (policy.Policy{}) {
			t.Errorf("Parse(%q) returned %v beside its error", in, p)
		}
		if !strings.Contains(err.Error(), "credited") || strings.Contains(err.Error(), "Zaatari") {
			t.Errorf("Parse(%q): unhelpful error %q", in, err)
		}
	}
}

func TestZeroPolicyKeepsOnlyRendering(t *testing.T) {
	for _, c := range metadata.Categories() {
		if got := (policy.Policy{}).Keeps(c); got != (c == metadata.Rendering) {
			t.Errorf("the zero policy: Keeps(%v) = %v", c, got)
		}
	}
}

// What has no canonical form stays out whatever a caller puts into the set.
func TestNoPolicyKeepsWhatCannotBeWritten(t *testing.T) {
	all := policy.Policy{Keep: metadata.SetOf(metadata.Categories()...)}
	for _, c := range []metadata.Category{metadata.Unknown, metadata.Device, metadata.Software, metadata.Thumbnail} {
		if all.Keeps(c) {
			t.Errorf("%v can be kept", c)
		}
	}
}
