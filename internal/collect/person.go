package collect

import (
	"strings"

	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// ProfileColumns are the columns of a CSV of profiles, and the members of a
// flat JSON record. Experience reads "7212 2015-01/2018-06; 7212 2019-01/"
// (ISCO-08 code, from, until; no until = still going on).
func ProfileColumns() []string {
	return []string{
		"key", "givenNames", "familyName", "sex", "birthDate", "nationalities", "nina", "email", "phone", "country", "city", "region",
		"education", "occupations", "experience", "skills", "languages", "licences", "soughtOccupations", "wantedCountries",
		"acceptedKinds", "minPayAmount", "minPayCurrency", "availableFrom", "mentoring", "expertMissions", "investment",
		"consentMatching", "consentVersion", "summary",
	}
}

func (r *Reader) person(row intake.Row, n node) intake.Row {
	f := &fields{n: n}
	for _, name := range unknownMembers(n, ProfileColumns()) {
		f.fail(name, "unknown")
	}
	row.Key = cut(f.text("key"), 500)
	if row.Key == "" {
		row.Key = "sha256:" + row.Hash
	}
	facts := f.facts()
	if facts.Identity.FamilyName == "" {
		f.fail("familyName", "required")
	}
	row.Consent, _ = f.yesNo("consentMatching")
	row.ConsentVersion = f.text("consentVersion")
	row.Person, row.Faults = &facts, f.faults
	return row
}

func (f *fields) facts() profile.Facts {
	facts := profile.Facts{
		Identity: profile.Identity{
			GivenNames: oneLine(f.text("givenNames")), FamilyName: oneLine(f.text("familyName")), Sex: f.sex(),
			BirthDate: f.day("birthDate"), Nationality: parsedList(f, "nationalities", ref.ParseCountry, "ref.country"),
			NINA: f.text("nina"), Email: f.text("email"), Phone: strings.ReplaceAll(f.text("phone"), " ", ""),
		},
		Residence: profile.Residence{
			Country: f.country("country"), City: oneLine(f.text("city")),
			Region: parsed(f, "region", ref.ParseRegion, "ref.region"),
		},
		Occupations: parsedList(f, "occupations", ref.ParseOccupation, "ref.occupation"),
		Skills:      parsedList(f, "skills", ref.ParseSkill, "ref.skill"),
		Licences:    parsedList(f, "licences", ref.ParseLicence, "ref.licence"),
		Wishes: profile.Wishes{
			Occupations:   parsedList(f, "soughtOccupations", ref.ParseOccupation, "ref.occupation"),
			Countries:     parsedList(f, "wantedCountries", ref.ParseCountry, "ref.country"),
			Kinds:         parsedList(f, "acceptedKinds", ref.ParseWorkKind, "ref.kind"),
			AvailableFrom: f.day("availableFrom"),
			MinPayCents:   f.minPay(),
		},
		Summary: PlainText(f.text("summary")),
	}
	facts.Interests.Mentoring, _ = f.yesNo("mentoring")
	facts.Interests.ExpertMissions, _ = f.yesNo("expertMissions")
	facts.Interests.Investment, _ = f.yesNo("investment")
	if level := parsed(f, "education", ref.ParseEducationLevel, "ref.education_level"); f.text("education") != "" {
		facts.Education = []profile.Education{{Level: level}}
	}
	for _, l := range f.languages("languages") {
		facts.Languages = append(facts.Languages, profile.LanguageSkill{Language: l.code, Level: l.level})
	}
	facts.Experience = f.experience()
	return facts
}

func (f *fields) sex() profile.Sex {
	switch strings.ToLower(f.text("sex")) {
	case "":
		return ""
	case "f", "female", "femme":
		return profile.Female
	case "m", "male", "homme":
		return profile.Male
	}
	f.fail("sex", "profile.sex")
	return ""
}

// minPay reads the person's minimum, which is kept in EUR cents a month.
func (f *fields) minPay() int64 {
	currency := parsed(f, "minPayCurrency", ref.ParseCurrency, "ref.currency")
	amount := f.amount("minPayAmount", currency)
	if amount == 0 {
		return 0
	}
	if currency != "EUR" && currency != "XOF" {
		f.fail("minPayCurrency", "profile.min_pay_currency")
		return 0
	}
	cents, ok := ref.NormalisedPay(ref.Pay{Min: amount, Currency: currency, Period: ref.PerMonth, Basis: ref.Gross}, 0, 0, "2020-01-01")
	if !ok {
		f.fail("minPayAmount", "ref.amount")
	}
	return cents
}

func (f *fields) experience() (out []profile.Experience) {
	for _, s := range f.n.get("experience").texts() {
		e, ok := experience(s)
		if !ok {
			f.fail("experience", "profile.experience")
			return nil
		}
		out = append(out, e)
	}
	return out
}

// experience reads "7212 2015-01/2018-06".
func experience(s string) (e profile.Experience, ok bool) {
	code, months, ok := strings.Cut(strings.TrimSpace(s), " ")
	from, until, ok2 := strings.Cut(strings.TrimSpace(months), "/")
	if !ok || !ok2 || from == "" {
		return e, false
	}
	var errs [3]error
	e.Occupation, errs[0] = ref.ParseOccupation(code)
	e.From, errs[1] = ref.ParseMonth(from)
	e.Until, errs[2] = ref.ParseMonth(until)
	return e, errs == [3]error{} && (e.Until == "" || e.Until >= e.From)
}
