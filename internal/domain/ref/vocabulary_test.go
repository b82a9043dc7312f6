package ref_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

func TestISCOIsComplete(t *testing.T) {
	for level, want := range map[int]int{0: 619, 1: 10, 2: 43, 3: 130, 4: 436, 5: 0} {
		if got := len(ref.Occupations(level)); got != want {
			t.Errorf("level %d has %d codes, want %d", level, got, want)
		}
	}
	for _, o := range ref.Occupations(0) {
		if o.Title(ref.French) == "" || o.Title(ref.English) == "" {
			t.Errorf("%s has no title", o)
		}
		for _, p := range o.Parents() {
			if p.Title(ref.French) == "" || !slices.Contains(p.Children(), o.Prefix(len(p)+1)) {
				t.Errorf("%s: parent %s is wrong", o, p)
			}
		}
		if len(o) < 4 && len(o.Children()) == 0 {
			t.Errorf("%s has no children", o)
		}
	}
	if ref.Occupation("0110").Parent() != "011" || ref.Occupation("7").Parent() != "" {
		t.Error("Parent is wrong")
	}
}

func TestTablesCannotBeChanged(t *testing.T) {
	first := ref.Occupations(4)
	first[0] = "9999"
	regions := ref.Regions()
	cercles := regions[0].Cercles()
	cercles[0] = "x"
	skills := ref.Skills()
	skills[0] = "x"
	if ref.Occupations(4)[0] == "9999" || ref.Regions()[0].Cercles()[0] == "x" || ref.Skills()[0] == "x" {
		t.Error("a caller can change a table")
	}
}

// parsers lists every Parse function with texts it accepts and refuses.
var parsers = []struct {
	name      string
	parse     func(string) error
	good, bad []string
}{
	{"occupation", erring(ref.ParseOccupation), []string{"", "0", "01", "0110", "7112"}, []string{"10", "711 ", "71123", "x", "0000"}},
	{"country", erring(ref.ParseCountry), []string{"", "ML", "FR", "YU"}, []string{"ml", "XX", "MLI", " ML"}},
	{"language", erring(ref.ParseLanguage), []string{"", "fr", "bm", "snk", "mwk"}, []string{"FR", "zzz", "xx"}},
	{"level", erring(ref.ParseLevel), []string{"", "A1", "c2", "native", "Native"}, []string{"A3", "D1", "B"}},
	{"education", erring(ref.ParseEducationLevel), []string{"0", "3", "9"}, []string{"", "10", "-1", "a"}},
	{"currency", erring(ref.ParseCurrency), []string{"", "XOF", "EUR", "FRF"}, []string{"eur", "XAU", "XXX", "ZZZ"}},
	{"region", erring(ref.ParseRegion), []string{"", "1", "10", "BKO", "NIO"}, []string{"0", "11", "bko"}},
	{"kind", erring(ref.ParseWorkKind), []string{"", "seasonal", "expert_mission"}, []string{"Seasonal", "cdi"}},
	{"period", erring(ref.ParsePeriod), []string{"hour", "year"}, []string{"", "hourly"}},
	{"basis", erring(ref.ParseBasis), []string{"gross", "net"}, []string{"", "brut"}},
	{"locale", erring(ref.ParseLocale), []string{"fr", "en"}, []string{"", "de", "FR"}},
	{"sector", erring(ref.ParseSector), []string{"", "A", "U", "01", "41", "99"}, []string{"V", "00", "04", "40", "a", "410"}},
	{"skill", erring(ref.ParseSkill), []string{"soudage-tig", "x1", strings.Repeat("a", 60)}, []string{"", "a", "A-b", "a--b", "-a", "a-", "é", "a b", strings.Repeat("a", 61)}},
	{"licence", erring(ref.ParseLicence), []string{"permis-b"}, []string{"", "permis b"}},
}

func erring[T any](parse func(string) (T, error)) func(string) error {
	return func(s string) error { _, err := parse(s); return err }
}

func TestParse(t *testing.T) {
	for _, p := range parsers {
		for _, s := range p.good {
			if err := p.parse(s); err != nil {
				t.Errorf("%s %q: %v", p.name, s, err)
			}
		}
		for _, s := range p.bad {
			if err := p.parse(s); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s %q: %v, want Invalid", p.name, s, err)
			}
		}
	}
}

func TestParseNeverEchoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[A-Za-z0-9_\-]{4,9}@secret`).Draw(t, "s")
		for _, p := range parsers {
			if err := p.parse(s); err == nil || strings.Contains(err.Error(), s) {
				t.Fatalf("%s: %v", p.name, err)
			}
		}
	})
}

func TestCountries(t *testing.T) {
	for code, want := range map[ref.Country][2]string{
		"SZ": {"Eswatini", "Eswatini"}, "MK": {"Macédoine du Nord", "North Macedonia"}, "TR": {"Turquie", "Türkiye"},
		"CV": {"Cabo Verde", "Cabo Verde"}, "CI": {"Côte d’Ivoire", "Côte d’Ivoire"}, "GB": {"Royaume-Uni", "United Kingdom"},
		"ML": {"Mali", "Mali"}, "CZ": {"Tchéquie", "Czechia"}, "": {"", ""},
	} {
		if got := [2]string{code.Name(ref.French), code.Name(ref.English)}; got != want {
			t.Errorf("%s: %q", code, got)
		}
	}
	for _, c := range ref.Countries(ref.English) {
		if c.Name(ref.French) == "" || c.Name(ref.English) == "" || c.DialCode() == "" && c != "AQ" {
			t.Errorf("%s lacks a name or a dial code", c)
		}
		if _, err := ref.ParseCurrency(string(c.Currency())); err != nil || c.Currency().Withdrawn() {
			t.Errorf("%s: currency %s", c, c.Currency())
		}
	}
	if ref.Mali.DialCode() != "223" || ref.Mali.Currency() != ref.XOF || ref.Mali.Alpha3() != "MLI" || ref.Mali.Retired() {
		t.Error("Mali is wrong")
	}
	if list := ref.Countries(ref.French); len(list) != 249 || list[0] != "AF" {
		t.Errorf("%d countries, first %s", len(list), list[0])
	}
}

func TestLanguages(t *testing.T) {
	if n := len(ref.NationalLanguages(ref.French)); n != 13 {
		t.Errorf("%d national languages of Mali", n)
	}
	for _, l := range ref.Languages(ref.French) {
		if l.Name(ref.French) == "" || l.Name(ref.English) == "" || len(l.Alpha3()) != 3 {
			t.Errorf("%s is incomplete", l)
		}
	}
	for i, want := range []string{"A1", "A2", "B1", "B2", "C1", "C2"} {
		l, err := ref.ParseLevel(want)
		if err != nil || l.String() != want || l != ref.Levels()[i] || l.Label(ref.French) == "" {
			t.Errorf("%s: %v %v", want, l, err)
		}
	}
	if native, err := ref.ParseLevel("native"); err != nil || native != ref.C2 {
		t.Error("a native language is not C2")
	}
	if ref.Level(7).String() != "" || ref.NoLevel.Label(ref.English) != "" {
		t.Error("levels outside the scale have names")
	}
}

func TestLabelsAreComplete(t *testing.T) {
	var all []func(ref.Locale) string
	for _, k := range ref.WorkKinds() {
		all = append(all, k.Label)
	}
	for _, l := range ref.EducationLevels() {
		all = append(all, l.Label)
	}
	for _, p := range ref.Periods() {
		all = append(all, p.Label)
	}
	for _, b := range ref.Bases() {
		all = append(all, b.Label)
	}
	for _, s := range ref.Sectors() {
		all = append(all, s.Label)
	}
	for _, s := range ref.Skills() {
		all = append(all, s.Label)
	}
	for _, l := range ref.Licences() {
		all = append(all, l.Label)
	}
	for i, label := range all {
		for _, locale := range ref.Locales() {
			if s := label(locale); s == "" || text.CleanName(s) != s || text.HasForbidden(s) {
				t.Errorf("label %d in %s: %q", i, locale, s)
			}
		}
	}
}

func TestEducationRank(t *testing.T) {
	for level, want := range map[ref.EducationLevel]int{0: 0, 3: 3, 8: 8, 9: 0, -1: 0, 12: 0} {
		if level.Rank() != want {
			t.Errorf("rank of %d is %d", level, level.Rank())
		}
	}
	if ref.EducationLevel(11).Label(ref.French) != "" || ref.EducationLevel(6).String() != "6" {
		t.Error("labels of levels are wrong")
	}
}

func TestRegions(t *testing.T) {
	if n := len(ref.Regions()); n != 20 {
		t.Fatalf("%d regions, want 19 and Bamako", n)
	}
	for name, want := range map[string]ref.Region{
		"Kayes": "1", "ségou": "4", "Région de Mopti": "5", "bamako": "BKO", "District de Bamako": "BKO", "Yélimané": "1",
		"cercle de Bankass": "BAN", "Dioila": "DIO", "taoudenit": "10", "Kati": "2",
	} {
		if got, ok := ref.RegionNamed(name); !ok || got != want {
			t.Errorf("%s: %q %v", name, got, ok)
		}
	}
	if _, ok := ref.RegionNamed("Paris"); ok {
		t.Error("Paris is found in Mali")
	}
	seen := map[string]bool{}
	for _, r := range ref.Regions() {
		if r.Name() == "" || len(r.Cercles()) == 0 {
			t.Errorf("%s is incomplete", r)
		}
		for _, c := range r.Cercles() {
			if seen[c] {
				t.Errorf("cercle %s is listed twice", c)
			}
			seen[c] = true
		}
	}
}

func TestSectors(t *testing.T) {
	for code, want := range map[ref.Sector]ref.Sector{"41": "F", "43": "F", "86": "Q", "01": "A", "F": "F", "98": "T"} {
		if code.Section() != want {
			t.Errorf("%s lies in %q", code, code.Section())
		}
	}
	divisions := 0
	for a := '0'; a <= '9'; a++ {
		for b := '0'; b <= '9'; b++ {
			if ref.Sector([]rune{a, b}).Section() != "" {
				divisions++
			}
		}
	}
	if divisions != 88 {
		t.Errorf("%d divisions, ISIC Rev. 4 has 88", divisions)
	}
}

func TestSkills(t *testing.T) {
	if len(ref.Skills()) < 250 || len(ref.Licences()) < 40 {
		t.Fatalf("%d skills, %d licences", len(ref.Skills()), len(ref.Licences()))
	}
	for _, s := range ref.Skills() {
		if _, err := ref.ParseSkill(string(s)); err != nil || !s.Known() {
			t.Errorf("%s: %v", s, err)
		}
		found := ref.FindSkills(s.Label(ref.French) + ".")
		if !slices.Contains(found, s) {
			t.Errorf("the label of %s mentions only %v", s, found)
		}
	}
	if got := ref.SkillLabel("tresse-de-paniers", ref.French); got != "Tresse de paniers" {
		t.Errorf("unknown skill: %q", got)
	}
}

func TestFindSkills(t *testing.T) {
	got := ref.FindSkills("Vous maîtrisez le SOUDAGE TIG et la lecture de plans ; travaux de maçonnerie, carrelages.")
	want := []ref.Skill{"carrelage", "lecture-de-plans", "maconnerie", "soudage-tig"}
	if !slices.Equal(got, want) {
		t.Errorf("French: %v", got)
	}
	got = ref.FindSkills("Experience in wound care, phlebotomy and report writing; team work")
	want = []ref.Skill{"communication-ecrite", "pansements", "prise-de-sang", "travail-en-equipe"}
	if !slices.Equal(got, want) {
		t.Errorf("English: %v", got)
	}
	if got := ref.FindSkills("rien de connu ici"); len(got) != 0 {
		t.Errorf("nothing: %v", got)
	}
	if got := ref.FindLicences("Permis CE et CACES 3 exigés, NMC registration"); !slices.Equal(got, []ref.Licence{"caces-r489-3", "inscription-infirmier", "permis-ce"}) {
		t.Errorf("licences: %v", got)
	}
}
