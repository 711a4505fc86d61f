package main

import (
	"sync"

	"github.com/schollz/progressbar/v3"
)

// A bar shows on a terminal how far the work is. The nil bar shows nothing.
type bar struct {
	mu  sync.Mutex
	bar *progressbar.ProgressBar
}

// newBar counts the files first, so that the bar knows where it ends. It returns nil when
// nobody looks.
func newBar(e env, c common, w *walker) *bar {
	if !e.errTerminal || c.quiet || c.json || c.noProgress {
		return nil
	}
	total := 0
	for range w.all() {
		total++
	}
	if total < 2 {
		return nil
	}
	return &bar{bar: progressbar.NewOptions(total,
		progressbar.OptionSetWriter(e.err),
		progressbar.OptionShowCount(),
		progressbar.OptionSetWidth(30),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionThrottle(65_000_000),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetRenderBlankState(true),
	)}
}

// step counts one file.
func (b *bar) step() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	_ = b.bar.Add(1) // a bar that cannot be shown is no reason to stop
}

// aside hides the bar while f prints.
func (b *bar) aside(f func()) {
	if b == nil {
		f()
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	_ = b.bar.Clear()
	f()
}

// end removes the bar.
func (b *bar) end() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	_ = b.bar.Clear()
}
