package text_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"passerelle/internal/domain/text"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Électricien": "electricien", "ÀÂÄÇÈÉÊËÎÏÔÖÙÛÜŸŒÆÑ": "aaaceeeeiioouuuyoeaen", "Bɛ̀ Ɔlɔ ɲɛ Ŋana": "be olo ne nana",
		"l’œuvre": "l'oeuvre", "aide–soignant": "aide-soignant", "a\u00a0b\u202fc\td": "a b c d", "Straße": "strasse",
		"«\u00a0été\u00a0»": "\" ete \"", "e\u0301te\u0301": "ete", "ＡＢＣ１": "abc1", "": "", "déjà\nvu": "deja\nvu", "日本": "日本",
	} {
		if got := text.Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTokens(t *testing.T) {
	got := text.Tokens("Aide-soignant(e) H/F – 35 h, l’Hôpital n°2")
	want := []string{"aide", "soignant", "e", "h", "f", "35", "h", "l", "hopital", "n", "2"}
	if !slices.Equal(got, want) {
		t.Fatalf("got %q", got)
	}
	if got := text.Tokens(" –– "); len(got) != 0 {
		t.Fatalf("got %q", got)
	}
}

func TestFoldProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		once := text.Fold(s)
		if text.Fold(once) != once {
			t.Fatalf("%q folds to %q, then to %q", s, once, text.Fold(once))
		}
		if !utf8.ValidString(once) {
			t.Fatalf("%q folds to invalid UTF-8", s)
		}
		for _, w := range text.Tokens(s) {
			if w == "" || strings.ContainsAny(w, " '-") {
				t.Fatalf("%q: token %q", s, w)
			}
		}
	})
}

// covers IN-10
func TestForbidden(t *testing.T) {
	for _, bad := range []string{"a\x00b", "a\x1bb", "a\u202eb", "a\u2066b", "a\u200bb", "a\ufeffb", "a\U000e0041b", "a\xffb", "a\u0085b", "a\uffffb", "\u200f", "\u00ad"} {
		if !text.HasForbidden(bad) || text.Printable(bad) {
			t.Errorf("%q passes", bad)
		}
	}
	for _, good := range []string{"", "Aïssata Koné", "ligne 1\nligne 2\tfin\r\n", "N’Ko ߒߞߏ", "\u00a0\u202f"} {
		if text.HasForbidden(good) {
			t.Errorf("%q is refused", good)
		}
	}
	if text.Printable("a\nb") || !text.Printable("Bɛ ɲɛ") {
		t.Error("Printable is wrong about line ends or letters")
	}
	if got := text.CleanName("  Awa \t Traoré\n"); got != "Awa Traoré" {
		t.Errorf("CleanName = %q", got)
	}
}

func TestSimilar(t *testing.T) {
	for _, c := range []struct {
		a, b     string
		low, top int
	}{
		{"Sahel Emploi SARL", "SAHEL EMPLOI", 100, 100},
		{"Société Générale de Travaux SA", "Societe generale des travaux", 95, 100},
		{"Müller Bau GmbH", "Muller Bau AG", 100, 100},
		{"Agrofresa S.L.", "Agrofressa", 85, 99},
		{"Phenix Bâtiment", "Fénix Batiment", 90, 99},
		{"Emploi Sahel", "Sahel Emploi", 100, 100},
		{"Sahel Emploi", "Sahel Emploi International", 80, 99},
		{"Huerta Nueva", "Boulangerie Martin", 0, 40},
		{"Frutas del Sur", "Hôpital Saint-Louis", 0, 45},
		{"", "Sahel", 0, 0},
		{"SARL", "SARL", 100, 100},
		{"SARL", "Ltd", 0, 40},
	} {
		if got := text.Similar(c.a, c.b); got < c.low || got > c.top {
			t.Errorf("Similar(%q, %q) = %d, want %d to %d", c.a, c.b, got, c.low, c.top)
		}
	}
}

// TestSimilarCountsWords: a word said twice is not found in a name that says it
// once, whichever of the two is asked about first.
func TestSimilarCountsWords(t *testing.T) {
	if one, other := text.Similar("Sahel Sahel", "Sahel Emploi"), text.Similar("Sahel Emploi", "Sahel Sahel"); one != other || one >= 80 {
		t.Errorf("%d, other way %d", one, other)
	}
}

func TestSimilarProperties(t *testing.T) {
	name := rapid.OneOf(rapid.String(), rapid.StringMatching(`[A-Za-zé]{1,9}( [A-Za-z&.]{1,9}){0,3}`))
	rapid.Check(t, func(t *rapid.T) {
		a, b := name.Draw(t, "a"), name.Draw(t, "b")
		ab := text.Similar(a, b)
		if ab < 0 || ab > 100 || ab != text.Similar(b, a) {
			t.Fatalf("Similar(%q, %q) = %d, other way %d", a, b, ab, text.Similar(b, a))
		}
		if len(text.Tokens(a)) > 0 && text.Similar(a, a) != 100 {
			t.Fatalf("Similar(%q, itself) = %d", a, text.Similar(a, a))
		}
	})
}

func FuzzFold(f *testing.F) {
	f.Add("Œuvre ɲɛ\xff")
	f.Fuzz(func(t *testing.T, s string) {
		if once := text.Fold(s); text.Fold(once) != once {
			t.Fatalf("folding %q twice differs", s)
		}
	})
}
