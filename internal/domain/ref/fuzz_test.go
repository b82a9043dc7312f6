package ref_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"passerelle/internal/domain/ref"
)

// FuzzParseMoney: an amount that is taken is written again as it was read.
func FuzzParseMoney(f *testing.F) {
	for _, seed := range [][2]string{
		{"1500.00", "EUR"}, {"450000", "XOF"}, {"12.345", "TND"}, {"-1", "XOF"}, {"1e9", "XOF"}, {"", "EUR"}, {"007.00", "EUR"}, {"99999999999999999999", "XOF"}, {"1.", "EUR"}, {"٣", "XOF"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, amount, currency string) {
		m, err := ref.ParseMoney(amount, ref.Currency(currency))
		if err != nil {
			if m != (ref.Money{}) {
				t.Fatalf("%q %q: refused and %v", amount, currency, m)
			}
			return
		}
		if m.Format() != amount || m.Amount < 0 || m.Amount > ref.MaxAmount {
			t.Fatalf("%q %q is %d, written %q", amount, currency, m.Amount, m.Format())
		}
		if !utf8.ValidString(m.Display(ref.French)) || m.Display(ref.English) == "" {
			t.Fatalf("%v cannot be shown", m)
		}
	})
}

// FuzzParseDate: a date that is taken is the day the standard library reads.
func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2026-02-28", "2024-02-29", "2026-02-30", "", "1899-12-31", "2201-01-01", "2026-1-1", "2026-01", "９９９９-01-01", "2026-01-01T00:00:00Z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := ref.ParseDate(s); err == nil && s != "" {
			day, wrong := time.Parse(time.DateOnly, s)
			if wrong != nil || !d.Time().Equal(day) || ref.DateOf(day) != d || d.Month().Index() < 1900*12 {
				t.Fatalf("%q is %q", s, d)
			}
			if back := d.AddDays(1).AddDays(-1); back != d {
				t.Fatalf("%q, a day on and a day back, is %q", d, back)
			}
		}
		if m, err := ref.ParseMonth(s); err == nil && s != "" && (m.Index() < 1900*12 || len(s) != 7) {
			t.Fatalf("month %q", s)
		}
	})
}

// FuzzCodes: what is taken as a code is in the vocabulary, and a refusal
// never tells the value.
func FuzzCodes(f *testing.F) {
	for _, seed := range []string{"ML", "fr", "2221", "0110", "A2", "xyzzy", "", "ml", "XOF", "permis-b", "F", "ｍｌ", "BKO"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, parse := range map[string]func(string) (string, error){
			"country":    func(s string) (string, error) { v, err := ref.ParseCountry(s); return string(v), err },
			"currency":   func(s string) (string, error) { v, err := ref.ParseCurrency(s); return string(v), err },
			"language":   func(s string) (string, error) { v, err := ref.ParseLanguage(s); return string(v), err },
			"occupation": func(s string) (string, error) { v, err := ref.ParseOccupation(s); return string(v), err },
			"region":     func(s string) (string, error) { v, err := ref.ParseRegion(s); return string(v), err },
			"skill":      func(s string) (string, error) { v, err := ref.ParseSkill(s); return string(v), err },
			"licence":    func(s string) (string, error) { v, err := ref.ParseLicence(s); return string(v), err },
			"sector":     func(s string) (string, error) { v, err := ref.ParseSector(s); return string(v), err },
			"locale":     func(s string) (string, error) { v, err := ref.ParseLocale(s); return string(v), err },
			"kind":       func(s string) (string, error) { v, err := ref.ParseWorkKind(s); return string(v), err },
		} {
			v, err := parse(s)
			if err == nil && v != s {
				t.Fatalf("%s %q is read as %q", name, s, v)
			}
			if err != nil && len(s) > 12 && strings.Contains(err.Error(), s) {
				t.Fatalf("%s: the refusal tells %q", name, s)
			}
		}
	})
}

// FuzzTitles: no title makes the coder fail; its answers are groups of ISCO-08
// in falling order of certainty, and it finds what it found before.
func FuzzTitles(f *testing.F) {
	for _, seed := range []string{"Maçon coffreur H/F – Séville", "Band 5 Nurse", "", "(((", "&amp;&#0;", strings.Repeat("nurse ", 60), "\xff\xfe", "İnfirmière", "Ouvrier·e", "a'b'c", "- / - / -"} {
		f.Add(seed, "fr")
	}
	coder := ref.NewCoder()
	f.Fuzz(func(t *testing.T, title, lang string) {
		found := coder.CodeTitle(title, ref.Locale(lang))
		again := coder.CodeTitle(title, ref.Locale(lang))
		if len(found) != len(again) {
			t.Fatalf("%q is coded in %d ways, then in %d", title, len(found), len(again))
		}
		for i, c := range found {
			if _, err := ref.ParseOccupation(string(c.Occupation)); err != nil || c != again[i] || i > 0 && c.Confidence > found[i-1].Confidence {
				t.Fatalf("%q: answer %d is %v, before it %v", title, i, c, found[max(i-1, 0)])
			}
		}
		ref.FindSkills(title)
		ref.FindLicences(title)
		if s := ref.SuggestOccupations(title, ref.Locale(lang), 5); len(s) > 5 {
			t.Fatalf("%d suggestions", len(s))
		}
	})
}
