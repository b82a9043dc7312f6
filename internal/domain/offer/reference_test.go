package offer_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
)

func anyReference(t *rapid.T) string {
	return offer.MakeReference(offer.ID(rapid.StringN(1, 20, 40).Draw(t, "id")), rapid.IntRange(2000, 2999).Draw(t, "year"), rapid.IntRange(0, 5).Draw(t, "attempt"))
}

func TestReferenceReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyReference(t)
		for _, spelling := range []string{r, strings.ToLower(r), strings.ReplaceAll(r, "-", " "), strings.ReplaceAll(r, "-", ""), " " + r + " ",
			strings.ReplaceAll(strings.ReplaceAll(r, "0", "O"), "1", "l"), strings.ReplaceAll(r, "1", "I")} {
			if got, err := offer.ParseReference(spelling); err != nil || got != r {
				t.Fatalf("%q read as %q, %v; want %q", spelling, got, err, r)
			}
		}
	})
}

func TestReferenceDetectsEverySubstitution(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyReference(t)
		for i := 4; i < len(r); i++ {
			for _, c := range "0123456789ABCDEFGHJKMNPQRSTVWXYZ" {
				wrong := r[:i] + string(c) + r[i+1:]
				if got, err := offer.ParseReference(wrong); wrong != r && err == nil {
					t.Fatalf("%q passes for %q (read from %q)", wrong, r, got)
				}
			}
		}
	})
}

func TestReferenceDetectsSwappedNeighbours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyReference(t)
		for i := 10; i < len(r); i++ {
			swapped := r[:i-1] + string(r[i]) + string(r[i-1]) + r[i+1:]
			if got, err := offer.ParseReference(swapped); r[i] != r[i-1] && err == nil {
				t.Fatalf("%q passes for %q (read as %q)", swapped, r, got)
			}
		}
	})
}

func TestReferenceIsStable(t *testing.T) {
	a, b := offer.MakeReference("off_1", 2026, 0), offer.MakeReference("off_1", 2026, 0)
	if a != b || a == offer.MakeReference("off_1", 2026, 1) || a == offer.MakeReference("off_2", 2026, 0) {
		t.Errorf("references %q %q", a, b)
	}
}

func TestMalformedReferences(t *testing.T) {
	for _, s := range []string{"", "OFF-2026", "OFF-2026-7K3Q9", "OFF-1026-000000", "AFF-2026-7K3Q9D", "OFF-2026-7K3Q9U", "OFF-2026-7K3Q9DD", strings.Repeat("O", 10_000)} {
		if _, err := offer.ParseReference(s); fault.Of(err) == nil || fault.Of(err).Code != "offer.reference.malformed" {
			t.Errorf("%.20q: %v", s, err)
		}
	}
}

func FuzzParseReference(f *testing.F) {
	f.Add("OFF-2026-7K3Q9D")
	f.Add("off 2026 0iloz")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := offer.ParseReference(s)
		if err != nil {
			return
		}
		if again, err := offer.ParseReference(r); err != nil || again != r {
			t.Errorf("%q read as %q, then %q, %v", s, r, again, err)
		}
	})
}
