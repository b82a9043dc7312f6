package locale_test

import (
	"slices"
	"strings"
	"testing"

	"passerelle/internal/domain/ref"
	"passerelle/internal/web/locale"
)

// FuzzNegotiate: whatever a browser says, the answer is a language we have.
func FuzzNegotiate(f *testing.F) {
	for _, seed := range []string{"fr-ML,fr;q=0.9,en;q=0.8", "en", "", "*", "bm", "en;q=0", "x-klingon", strings.Repeat("fr,", 400), "\x00", "fr;q=abc", "en-u-ca-" + strings.Repeat("a", 80)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if got := locale.Negotiate(header); !slices.Contains(ref.Locales(), got) {
			t.Fatalf("%q gives %q", header, got)
		}
	})
}
