package ref_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"passerelle/internal/domain/ref"
)

// advertised are titles as they are advertised, with the minor group that is
// right for each; all must reach the limit.
var advertised = []struct {
	title string
	lang  ref.Locale
	want  ref.Occupation
}{
	{"Maçon coffreur H/F – chantier à Séville", ref.French, "711"}, {"MAÇONNE (h/f)", ref.French, "711"},
	{"Infirmier(e) diplômé(e) d’État de nuit", ref.French, "222"}, {"Aide-soignante en EHPAD (H/F)", ref.French, "532"},
	{"Ouvrier agricole saisonnier - récolte des fraises", ref.French, "921"}, {"Cueilleuses de fruits rouges", ref.French, "921"},
	{"Chauffeur / Chauffeuse de poids lourd", ref.French, "833"}, {"Employée de maison logée", ref.French, "911"},
	{"Soudeur TIG qualifié, Abidjan", ref.French, "721"}, {"Agent de sécurité incendie SSIAP 1", ref.French, "541"},
	{"Pêcheur côtier", ref.French, "622"}, {"Professeure de mathématiques", ref.French, "233"}, {"Cuisinier(ère)", ref.French, "512"},
	{"Conductrice d’engins de chantier", ref.French, "834"}, {"Électricien du bâtiment CDI", ref.French, "741"},
	{"Développeur Java confirmé", ref.French, "251"}, {"Foreur de puits", ref.French, "811"}, {"Médecin anesthésiste", ref.French, "221"},
	{"Kinésithérapeute (temps partiel)", ref.French, "226"}, {"Opératrice de machine à coudre", ref.French, "815"},
	{"Femme de chambre – hôtel 4 étoiles", ref.French, "911"}, {"Tractoriste", ref.French, "834"},
	{"Band 5 Staff Nurse – Surgical Ward", ref.English, "222"}, {"Healthcare Assistant (Nights)", ref.English, "532"},
	{"Health Care Support Worker", ref.English, "532"}, {"Consultant in Emergency Medicine", ref.English, "221"},
	{"Band 6 Occupational Therapist - Rotational", ref.English, "226"}, {"Bank Radiographer", ref.English, "321"},
	{"Speech &amp; Language Therapist", ref.English, "226"}, {"Physiotherapy Assistant", ref.English, "325"},
	{"Pharmacy Technician, Full Time", ref.English, "321"}, {"Senior Medical Secretary", ref.English, "334"},
	{"Fruit pickers wanted", ref.English, "921"}, {"HGV Class 1 Driver", ref.English, "833"}, {"Dental Nurse", ref.English, "325"},
	{"Domestic Assistant", ref.English, "911"}, {"Bricklayers", ref.English, "711"}, {"Live-in carer", ref.English, "532"},
	{"Clinical Psychologist, Band 8a", ref.English, "263"}, {"Community Midwife", ref.English, "222"}, {"Specialty Doctor in Urology", ref.English, "221"},
	{"Fork lift truck driver", ref.English, "834"}, {"Staff Nurse Surgery", ref.English, "222"}, {"Nurse", "", "222"}, {"maçon", "", "711"},
}

func TestCodeAdvertisedTitles(t *testing.T) {
	coder := ref.NewCoder()
	for _, a := range advertised {
		coded := coder.CodeTitle(a.title, a.lang)
		if len(coded) == 0 || coded[0].Occupation.Prefix(3) != a.want || coded[0].Confidence < ref.ConfidenceLimit {
			t.Errorf("%q: %+v, want %s", a.title, coded, a.want)
		}
	}
}

func TestVagueTitlesWaitForAClerk(t *testing.T) {
	for _, title := range []string{"Team Leader", "Consultant", "Clinical Lead", "Mental Health Practitioner", "Manager", "Associate", "zzqx wvut", "Band 6", "H/F"} {
		if coded := ref.CodeTitle(title, ref.English); len(coded) > 0 && coded[0].Confidence >= ref.ConfidenceLimit {
			t.Errorf("%q is coded %+v", title, coded[0])
		}
	}
}

func TestHeadDecides(t *testing.T) {
	for title, not := range map[string]ref.Occupation{
		"Nurse Recruitment Administrator": "222", "Physiotherapy Administrator": "226", "Dental Receptionist": "226", "Aide-maçon": "711", "Pharmacy Porter": "226",
	} {
		if coded := ref.CodeTitle(title, ""); len(coded) > 0 && coded[0].Confidence >= ref.ConfidenceLimit && coded[0].Occupation.Prefix(3) == not {
			t.Errorf("%q is coded %+v", title, coded[0])
		}
	}
}

func TestCodingProperties(t *testing.T) {
	coder, again := ref.NewCoder(), ref.NewCoder()
	word := rapid.SampledFrom(strings.Fields("nurse staff senior manager aide maçon infirmier soudeur driver assistant consultant in de ( ) - / , band 5 chef agent ward of l’ H/F"))
	rapid.Check(t, func(t *rapid.T) {
		title := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOfN(word, 0, 9), func(w []string) string { return strings.Join(w, " ") })).Draw(t, "title")
		lang := rapid.SampledFrom([]ref.Locale{"", ref.French, ref.English}).Draw(t, "lang")
		got := coder.CodeTitle(title, lang)
		if !reflect.DeepEqual(got, again.CodeTitle(title, lang)) || !reflect.DeepEqual(got, coder.CodeTitle(title, lang)) {
			t.Fatalf("%q is coded differently each time", title)
		}
		seen := map[ref.Occupation]bool{}
		for i, c := range got {
			if !c.Occupation.IsUnitGroup() || c.Confidence < 0 || c.Confidence > 100 || c.Via == "" || seen[c.Occupation] || i > 4 {
				t.Fatalf("%q: %+v", title, got)
			}
			seen[c.Occupation] = true
			if i > 0 && got[i-1].Confidence < c.Confidence {
				t.Fatalf("%q is out of order: %+v", title, got)
			}
		}
	})
}

func TestNoiseChangesNothing(t *testing.T) {
	coder := ref.NewCoder()
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SampledFrom(advertised).Draw(t, "title")
		noise := rapid.SampledFrom([]string{" (H/F)", " - full time", ", CDI", " (Band 6)", " – temps plein", " (M/F)"}).Draw(t, "noise")
		plain, noisy := coder.CodeTitle(a.title, a.lang), coder.CodeTitle(strings.ToUpper(a.title)+noise, a.lang)
		if plain[0].Occupation != noisy[0].Occupation {
			t.Fatalf("%q %+v, with %q %+v", a.title, plain[0], noise, noisy[0])
		}
	})
}

func TestLongTitleIsBounded(t *testing.T) {
	if got := ref.CodeTitle("maçon "+strings.Repeat("staff nurse driver x1y2 ", 50_000), ref.French); len(got) > 5 {
		t.Errorf("%d codings", len(got))
	}
}

func TestSuggestOccupations(t *testing.T) {
	for _, c := range []struct {
		q      string
		locale ref.Locale
		want   ref.Occupation
	}{
		{"maço", ref.French, "7112"}, {"MACON", ref.French, "7112"}, {"infirm", ref.French, "2221"}, {"elec", ref.French, "7411"}, {"soud", ref.French, "7212"},
		{"staff nur", ref.English, "2221"}, {"welder", ref.English, "7212"}, {"711", ref.French, "7111"}, {"7112", ref.English, "7112"}, {"cueill", ref.French, "9211"},
	} {
		got := ref.SuggestOccupations(c.q, c.locale, 5)
		if len(got) == 0 || len(got) > 5 || got[0].Occupation != c.want || got[0].Label == "" {
			t.Errorf("%q: %+v, want %s", c.q, got, c.want)
		}
	}
	for _, q := range []string{"", "  ", "—", "zzqx"} {
		if got := ref.SuggestOccupations(q, ref.French, 5); len(got) != 0 {
			t.Errorf("%q: %+v", q, got)
		}
	}
	if n := len(ref.SuggestOccupations("a", ref.French, 1000)); n != 10 {
		t.Errorf("a limit out of range gives %d", n)
	}
}

func TestSuggestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zé]{1,4}( [a-z]{1,3})?`)).Draw(t, "q")
		limit := rapid.IntRange(1, 50).Draw(t, "limit")
		got := ref.SuggestOccupations(q, ref.English, limit)
		ordered := slices.IsSortedFunc(got, func(a, b ref.Suggestion) int { return b.Score - a.Score })
		if len(got) > limit || !ordered || !reflect.DeepEqual(got, ref.SuggestOccupations(q, ref.English, limit)) {
			t.Fatalf("%q: %+v", q, got)
		}
	})
}

func BenchmarkCodeTitle(b *testing.B) {
	coder := ref.NewCoder()
	for i := 0; b.Loop(); i++ {
		a := advertised[i%len(advertised)]
		coder.CodeTitle(a.title, a.lang)
	}
}
