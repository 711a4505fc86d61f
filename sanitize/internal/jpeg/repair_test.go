package jpeg_test

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/internal/container"
	"github.com/mediaveil/mediaveil/sanitize/internal/containertest"
	"github.com/mediaveil/mediaveil/sanitize/internal/jpeg"
)

// A file that was cut off inside its picture can be closed; decoders see what they saw.
func TestRepair(t *testing.T) {
	for _, name := range []string{"base-baseline", "base-progressive", "base-dnl", "everything", "between-scans"} {
		b := samples(t)[name]
		if b == nil {
			b = base(t, strings.TrimPrefix(name, "base-"))
		}
		step := 1
		if len(b) > 4096 || testing.Short() {
			step = 13
		}
		for n := 0; n < int(primaryEnd(t, b))-1; n += step {
			checkRepair(t, name, b, n)
		}
		var m *container.Malformed
		if _, err := (jpeg.Format{}).Repair(context.Background(), bytes.NewReader(b)); !errors.As(err, &m) {
			t.Errorf("%s: repairing what is whole gives %v", name, err)
		}
	}
}

func checkRepair(t *testing.T, name string, b []byte, n int) {
	t.Helper()
	ctx := context.Background()
	began := scanBegins(t, b)
	d, err := jpeg.Format{}.Repair(ctx, bytes.NewReader(b[:n]))
	if err != nil {
		if !container.IsVerdict(err) || n > began {
			t.Fatalf("%s cut off behind byte %d, scan at %d: %v", name, n, began, err)
		}
		return
	}
	if n < began {
		t.Fatalf("%s: repaired behind byte %d, before the first scan", name, n)
	}
	if !slices.Contains(d.Notes, "repaired") {
		t.Fatalf("%s: nothing says that it was repaired", name)
	}
	out, err := containertest.Clean(ctx, jpeg.Format{}, d, keeping())
	if err != nil && !strings.Contains(name, "dnl") {
		t.Fatalf("%s cut off behind byte %d cannot be cleaned: %v", name, n, err)
	}
	if contains(out, canary) {
		t.Fatalf("%s cut off behind byte %d keeps a secret", name, n)
	}
}

// What libjpeg shows of a file that was cut off is what it shows of the repaired one.
func TestRepairLooksTheSame(t *testing.T) {
	djpeg := containertest.Judge(t, "djpeg")
	decode := func(b []byte) []byte {
		cmd := exec.Command(djpeg, "-pnm")
		cmd.Stdin = bytes.NewReader(b)
		out, _ := cmd.Output() // warns of the missing data
		return out
	}
	compared := 0
	for _, name := range []string{"baseline", "progressive", "restart", "arithmetic"} {
		b := head(base(t, name), orientationSeg(6))
		for n := scanBegins(t, b) + 1; n < len(b); n += 37 {
			d, err := jpeg.Format{}.Repair(context.Background(), bytes.NewReader(b[:n]))
			if err != nil {
				t.Fatal(err)
			}
			out, err := containertest.Clean(context.Background(), jpeg.Format{}, d, keeping())
			if err != nil {
				t.Fatal(err)
			}
			// Behind half a table it shows nothing, where we show the scans before it.
			before, after := decode(b[:n]), decode(out)
			if len(before) > 0 && !bytes.Equal(before, after) || len(after) == 0 {
				t.Errorf("%s cut off behind byte %d of %d looks different", name, n, len(b))
			}
			compared += min(len(before), 1)
		}
	}
	if compared < 20 {
		t.Errorf("only %d pictures were compared", compared)
	}
}

// primaryEnd is where the first picture of b ends, by its spans.
func primaryEnd(t *testing.T, b []byte) int64 {
	t.Helper()
	spans, err := container.Map(context.Background(), jpeg.Format{}, bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range spans {
		if s.Tag == "eoi" {
			return s.End()
		}
	}
	t.Fatal("no end of image")
	return 0
}

// scanBegins is where the entropy-coded data of the first scan begins.
func scanBegins(t *testing.T, b []byte) int {
	t.Helper()
	spans, err := container.Map(context.Background(), jpeg.Format{}, bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range spans {
		if s.Role == container.Media && b[s.Off+1] == 0xDA {
			return int(s.End())
		}
	}
	t.Fatal("no scan")
	return 0
}
