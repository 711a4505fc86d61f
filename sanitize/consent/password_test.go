//go:build !race

// Deriving a key from a password is slow on purpose, and a minute under the race detector.

package consent_test

import (
	"crypto/rand"
	"errors"
	"testing"

	"github.com/mediaveil/mediaveil/sanitize/consent"
)

func TestKeysWithPassword(t *testing.T) {
	if testing.Short() {
		t.Skip("deriving a key from a password takes seconds")
	}
	public, private, err := consent.GenerateKey(rand.Reader, "correct horse")
	if err != nil || !consent.KeyEncrypted(private) || len(public) == 0 {
		t.Fatal(err)
	}
	if _, err := consent.Sign(private[:len(private)/2], "", nil, noon); !errors.Is(err, consent.ErrKey) {
		t.Errorf("half a key: %v", err)
	}
	if _, err := consent.Sign(private, "correct horse", nil, noon); err != nil {
		t.Error(err)
	}
}
