package profile

import (
	"slices"
	"strings"
	"testing"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

const today ref.Date = "2026-11-21"

func TestNormalise(t *testing.T) {
	f := Facts{
		Identity: Identity{GivenNames: "  Awa \t Binta ", Nationality: []ref.Country{"ML", "FR", "ML", ""}},
		Skills:   []ref.Skill{"soudage-tig", "soudage", "soudage-tig"},
		Languages: []LanguageSkill{
			{Language: "fr", Level: ref.A2}, {Language: "bm", Native: true}, {Language: "fr", Level: ref.B2}, {Language: "fr", Level: ref.A1},
		},
		Wishes: Wishes{Countries: []ref.Country{}},
	}
	f.Normalise(present)
	if f.Identity.GivenNames != "Awa Binta" {
		t.Errorf("names: %q", f.Identity.GivenNames)
	}
	if !slices.Equal(f.Identity.Nationality, []ref.Country{"FR", "ML"}) {
		t.Errorf("nationalities: %v", f.Identity.Nationality)
	}
	if !slices.Equal(f.Skills, []ref.Skill{"soudage", "soudage-tig"}) {
		t.Errorf("skills: %v", f.Skills)
	}
	want := []LanguageSkill{{Language: "bm", Level: ref.C2, Native: true}, {Language: "fr", Level: ref.B2}}
	if !slices.Equal(f.Languages, want) {
		t.Errorf("languages: %v", f.Languages)
	}
	if f.Wishes.Countries != nil {
		t.Errorf("an empty set is not nil")
	}
}

func TestAcceptRefuses(t *testing.T) {
	long := strings.Repeat("é", MaxLine+1)
	cases := []struct {
		pointer string
		change  func(*Facts)
	}{
		{"/identity/givenNames", func(f *Facts) { f.Identity.GivenNames = long }},
		{"/identity/familyName", func(f *Facts) { f.Identity.FamilyName = "Tra\u202eoré" }},
		{"/identity/sex", func(f *Facts) { f.Identity.Sex = "x" }},
		{"/identity/birthDate", func(f *Facts) { f.Identity.BirthDate = "2013-01-01" }},
		{"/identity/birthDate", func(f *Facts) { f.Identity.BirthDate = "1920-01-01" }},
		{"/identity/birthDate", func(f *Facts) { f.Identity.BirthDate = "2027-01-01" }},
		{"/identity/birthDate", func(f *Facts) { f.Identity.BirthDate = "1990-02-30" }},
		{"/identity/nationalities/0", func(f *Facts) { f.Identity.Nationality = []ref.Country{"XX"} }},
		{"/identity/nina", func(f *Facts) { f.Identity.NINA = "12-34" }},
		{"/identity/email", func(f *Facts) { f.Identity.Email = "nobody" }},
		{"/identity/phone", func(f *Facts) { f.Identity.Phone = "76 12 34 56" }},
		{"/residence/country", func(f *Facts) { f.Residence.Country = "ml" }},
		{"/residence/region", func(f *Facts) { f.Residence.Region = "nowhere" }},
		{"/residence/region", func(f *Facts) { f.Residence = Residence{Country: "FR", Cercle: "Kati"} }},
		{"/education/0/level", func(f *Facts) { f.Education = []Education{{Level: 10}} }},
		{"/education/1/year", func(f *Facts) { f.Education = []Education{{}, {Year: 1800}} }},
		{"/education/0/field", func(f *Facts) { f.Education = []Education{{Field: "law"}} }},
		{"/experience/0/occupation", func(f *Facts) { f.Experience = []Experience{{Occupation: "9999"}} }},
		{"/experience/0/from", func(f *Facts) { f.Experience = []Experience{{From: "2026-12"}} }},
		{"/experience/0/from", func(f *Facts) { f.Experience = []Experience{{Until: "2020-01"}} }},
		{"/experience/0/until", func(f *Facts) { f.Experience = []Experience{{From: "2020-02", Until: "2020-01"}} }},
		{"/experience/0/until", func(f *Facts) { f.Experience = []Experience{{From: "2020-02", Until: "2020-13"}} }},
		{"/experience/0/months", func(f *Facts) { f.Experience = []Experience{{Months: 9000}} }},
		{"/experience", func(f *Facts) { f.Experience = make([]Experience, MaxList+1) }},
		{"/spells/0/country", func(f *Facts) { f.Spells = []Spell{{From: "2020-01"}} }},
		{"/spells/0/purpose", func(f *Facts) { f.Spells = []Spell{{Country: "FR", From: "2020-01", Purpose: "x"}} }},
		{"/occupations/0", func(f *Facts) { f.Occupations = []ref.Occupation{"77777"} }},
		{"/skills/0", func(f *Facts) { f.Skills = []ref.Skill{"Soudage"} }},
		{"/licences/0", func(f *Facts) { f.Licences = []ref.Licence{"-b"} }},
		{"/languages/0/language", func(f *Facts) { f.Languages = []LanguageSkill{{Language: "zz", Level: ref.A1}} }},
		{"/languages/0/level", func(f *Facts) { f.Languages = []LanguageSkill{{Language: "fr"}} }},
		{"/languages/0/level", func(f *Facts) { f.Languages = []LanguageSkill{{Language: "fr", Level: 7}} }},
		{"/recognitions/0/occupation", func(f *Facts) { f.Recognitions = []Recognition{{Occupation: "22", Country: "FR"}} }},
		{"/recognitions/0/country", func(f *Facts) { f.Recognitions = []Recognition{{Occupation: "2221"}} }},
		{"/recognitions/0/date", func(f *Facts) {
			f.Recognitions = []Recognition{{Occupation: "2221", Country: "FR", Date: "2030-01-01"}}
		}},
		{"/wishes/kinds/0", func(f *Facts) { f.Wishes.Kinds = []ref.WorkKind{"any"} }},
		{"/wishes/minPay", func(f *Facts) { f.Wishes.MinPayCents = -1 }},
		{"/wishes/availableFrom", func(f *Facts) { f.Wishes.AvailableFrom = "soon" }},
		{"/summary", func(f *Facts) { f.Summary = "a\x00b" }},
		{"/summary", func(f *Facts) { f.Summary = strings.Repeat("a", MaxSummary+1) }},
	}
	for _, c := range cases {
		f := fullFacts()
		c.change(&f)
		err := f.Accept(today)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", c.pointer, err)
			continue
		}
		if !slices.ContainsFunc(fault.Of(err).Fields, func(x fault.Field) bool { return x.Pointer == c.pointer }) {
			t.Errorf("%s not among %v", c.pointer, fault.Of(err).Fields)
		}
	}
}

func TestAcceptTakes(t *testing.T) {
	empty := Facts{}
	if err := empty.Accept(today); err != nil {
		t.Errorf("nothing stated: %v", err)
	}
	full := fullFacts()
	if err := full.Accept(today); err != nil {
		t.Errorf("everything stated: %v", err)
	}
	again := full
	if err := again.Accept(today); err != nil || len(changedFacts(&full, &again)) > 0 {
		t.Errorf("accepting twice changes %v, %v", changedFacts(&full, &again), err)
	}
	for _, birth := range []ref.Date{"2012-11-21", "1925-11-22"} {
		f := Facts{Identity: Identity{BirthDate: birth}}
		if err := f.Accept(today); err != nil {
			t.Errorf("born %s: %v", birth, err)
		}
	}
}

// fullFacts states something in every member.
func fullFacts() Facts {
	return Facts{
		Identity: Identity{
			GivenNames: "Awa Binta", FamilyName: "Traoré", Sex: Female, BirthDate: "1994-03-07", BirthPlace: "Sikasso",
			Nationality: []ref.Country{"ML"}, NINA: "19403071234567A", Email: "awa@example.ml", Phone: "+22376123456", ConsularCard: "C-123",
		},
		Residence: Residence{Country: "ML", City: "Sikasso", Region: ref.Regions()[2], Cercle: "Sikasso", Commune: "Sikasso"},
		Education: []Education{{Level: 5, Field: "0913", Title: "BTS", Institution: "Institut", Country: "ML", Year: 2016, RecognisedIn: []ref.Country{"FR"}}},
		Experience: []Experience{
			{Occupation: "2221", Title: "Infirmière", Employer: "Centre de santé", Country: "ML", From: "2017-01", Until: "2019-12"},
			{Occupation: "5321", Title: "Aide", Employer: "Clinique", Country: "CI", From: "2019-06", Until: ""},
		},
		Spells:       []Spell{{Country: "CI", From: "2019-06", Until: "2021-01", Purpose: "work"}},
		Occupations:  []ref.Occupation{"3221"},
		Skills:       []ref.Skill{"soins-infirmiers"},
		Languages:    []LanguageSkill{{Language: "bm", Level: ref.C2, Native: true}, {Language: "fr", Level: ref.C1}},
		Licences:     []ref.Licence{"permis-b"},
		Recognitions: []Recognition{{Occupation: "2221", Country: "FR", Authority: "Ordre", Date: "2024-01-01"}},
		Wishes: Wishes{Occupations: []ref.Occupation{"2221"}, Countries: []ref.Country{"FR"}, Kinds: []ref.WorkKind{ref.Permanent},
			MinPayCents: 150000, AvailableFrom: "2027-02-15"},
		Interests: Interests{Mentoring: true, ExpertMissions: true, Investment: true},
		Summary:   "Je cherche un poste stable.",
	}
}
