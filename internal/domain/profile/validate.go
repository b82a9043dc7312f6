package profile

import (
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// Bounds of what a person can state.
const (
	MinAge     = 14   // youngest person with a profile, in completed years
	MaxAge     = 100  // oldest
	MaxList    = 100  // entries in any list
	MaxLine    = 200  // characters in a name or title
	MaxSummary = 4000 // characters of free text
)

var (
	ninaForm  = regexp.MustCompile(`^[0-9A-Z]{6,20}$`)
	iscedForm = regexp.MustCompile(`^[0-9]{2,4}$`)
)

// Validate reports every member that breaks a rule, with pointers into the
// facts ("/identity/birthDate"). Nothing is mandatory: nobody is excluded for
// lack of papers. Today is the day of the request.
func (f *Facts) Validate(today ref.Date) error {
	v := &validation{today: today}
	v.identity(&f.Identity)
	v.residence(&f.Residence)
	v.education(f.Education)
	v.experience(f.Experience)
	v.spells(f.Spells)
	v.abilities(f)
	v.recognitions(f.Recognitions)
	v.wishes(&f.Wishes)
	v.bad.Check(utf8.RuneCountInString(f.Summary) <= MaxSummary, "/summary", "too_long", strconv.Itoa(MaxSummary))
	v.bad.Check(!text.HasForbidden(f.Summary), "/summary", "text.forbidden")
	return v.bad.Err("profile.invalid")
}

// validation collects what is wrong.
type validation struct {
	bad   fault.List
	today ref.Date
}

func (v *validation) identity(i *Identity) {
	v.line("/identity/givenNames", i.GivenNames)
	v.line("/identity/familyName", i.FamilyName)
	v.line("/identity/birthPlace", i.BirthPlace)
	v.line("/identity/consularCard", i.ConsularCard)
	v.bad.Check(i.Sex == "" || i.Sex == Female || i.Sex == Male, "/identity/sex", "profile.sex")
	if v.date("/identity/birthDate", i.BirthDate) && i.BirthDate.Known() {
		age, ok := i.BirthDate.AgeOn(v.today)
		v.bad.Check(ok && age >= MinAge && age <= MaxAge, "/identity/birthDate", "profile.age", strconv.Itoa(MinAge), strconv.Itoa(MaxAge))
	}
	countries(v, "/identity/nationalities", i.Nationality)
	v.bad.Check(i.NINA == "" || ninaForm.MatchString(i.NINA), "/identity/nina", "profile.nina")
	if i.Email != "" {
		_, err := account.ParseEmail(i.Email)
		v.bad.Check(err == nil, "/identity/email", "account.email")
	}
	v.bad.Check(i.Phone == "" || account.IsE164(i.Phone), "/identity/phone", "account.phone")
}

func (v *validation) residence(r *Residence) {
	country(v, "/residence/country", r.Country)
	v.line("/residence/city", r.City)
	v.line("/residence/cercle", r.Cercle)
	v.line("/residence/commune", r.Commune)
	_, err := ref.ParseRegion(string(r.Region))
	v.bad.Check(err == nil, "/residence/region", "ref.region")
	inMali := r.Country == "" || r.Country == ref.Mali
	v.bad.Check(inMali || r.Region == "" && r.Cercle == "" && r.Commune == "", "/residence/region", "profile.region.country")
}

func (v *validation) education(entries []Education) {
	v.list("/education", len(entries))
	for i, e := range entries {
		at := "/education/" + strconv.Itoa(i)
		v.bad.Check(e.Level.Valid(), at+"/level", "ref.education")
		v.bad.Check(e.Field == "" || iscedForm.MatchString(e.Field), at+"/field", "profile.education.field")
		v.line(at+"/title", e.Title)
		v.line(at+"/institution", e.Institution)
		country(v, at+"/country", e.Country)
		v.bad.Check(e.Year == 0 || e.Year >= 1930 && e.Year <= v.today.Time().Year()+10, at+"/year", "profile.education.year")
		countries(v, at+"/recognisedIn", e.RecognisedIn)
	}
}

func (v *validation) experience(entries []Experience) {
	v.list("/experience", len(entries))
	for i, e := range entries {
		at := "/experience/" + strconv.Itoa(i)
		occupation(v, at+"/occupation", e.Occupation)
		v.line(at+"/title", e.Title)
		v.line(at+"/employer", e.Employer)
		country(v, at+"/country", e.Country)
		v.period(at, e.From, e.Until)
		v.bad.Check(e.Months >= 0 && e.Months <= maxUndatedMonths, at+"/months", "profile.months", strconv.Itoa(maxUndatedMonths))
	}
}

func (v *validation) spells(spells []Spell) {
	v.list("/spells", len(spells))
	for i, s := range spells {
		at := "/spells/" + strconv.Itoa(i)
		v.bad.Check(s.Country != "", at+"/country", "required")
		country(v, at+"/country", s.Country)
		v.bad.Check(s.From != "", at+"/from", "required")
		v.period(at, s.From, s.Until)
		v.bad.Check(s.Purpose == "" || slices.Contains(SpellPurposes(), s.Purpose), at+"/purpose", "profile.spell.purpose")
	}
}

// period checks the two months of an entry: known forms, in order, neither
// after the present month.
func (v *validation) period(at string, from, until ref.Month) {
	present := v.today.Month()
	_, fromErr := ref.ParseMonth(string(from))
	_, untilErr := ref.ParseMonth(string(until))
	v.bad.Check(fromErr == nil, at+"/from", "ref.month")
	v.bad.Check(untilErr == nil, at+"/until", "ref.month")
	if fromErr != nil || untilErr != nil {
		return
	}
	v.bad.Check(from <= present, at+"/from", "date.future")
	v.bad.Check(until <= present, at+"/until", "date.future")
	v.bad.Check(until == "" || from != "", at+"/from", "required")
	v.bad.Check(until == "" || from <= until, at+"/until", "date.order")
}

func (v *validation) abilities(f *Facts) {
	occupations(v, "/occupations", f.Occupations)
	codes(v, "/skills", f.Skills, ref.ParseSkill, "ref.skill")
	codes(v, "/licences", f.Licences, ref.ParseLicence, "ref.licence")
	v.list("/languages", len(f.Languages))
	for i, l := range f.Languages {
		at := "/languages/" + strconv.Itoa(i)
		_, err := ref.ParseLanguage(string(l.Language))
		v.bad.Check(l.Language != "" && err == nil, at+"/language", "ref.language")
		v.bad.Check(l.Native || l.Level >= ref.A1 && l.Level <= ref.C2, at+"/level", "ref.level")
	}
}

func (v *validation) recognitions(recognitions []Recognition) {
	v.list("/recognitions", len(recognitions))
	for i, r := range recognitions {
		at := "/recognitions/" + strconv.Itoa(i)
		v.bad.Check(len(r.Occupation) >= 3, at+"/occupation", "profile.recognition.occupation")
		occupation(v, at+"/occupation", r.Occupation)
		v.bad.Check(r.Country != "", at+"/country", "required")
		country(v, at+"/country", r.Country)
		v.line(at+"/authority", r.Authority)
		if v.date(at+"/date", r.Date) {
			v.bad.Check(r.Date <= v.today, at+"/date", "date.future")
		}
	}
}

func (v *validation) wishes(w *Wishes) {
	occupations(v, "/wishes/occupations", w.Occupations)
	countries(v, "/wishes/countries", w.Countries)
	v.list("/wishes/kinds", len(w.Kinds))
	for i, k := range w.Kinds {
		_, err := ref.ParseWorkKind(string(k))
		v.bad.Check(k != "" && err == nil, "/wishes/kinds/"+strconv.Itoa(i), "ref.kind")
	}
	v.bad.Check(w.MinPayCents >= 0 && w.MinPayCents <= ref.MaxAmount, "/wishes/minPay", "ref.amount")
	v.date("/wishes/availableFrom", w.AvailableFrom)
}

// line checks a text that stands on one line.
func (v *validation) line(pointer, s string) {
	v.bad.Check(utf8.RuneCountInString(s) <= MaxLine, pointer, "too_long", strconv.Itoa(MaxLine))
	v.bad.Check(text.Printable(s), pointer, "text.forbidden")
}

func (v *validation) list(pointer string, n int) {
	v.bad.Check(n <= MaxList, pointer, "too_many", strconv.Itoa(MaxList))
}

func (v *validation) date(pointer string, d ref.Date) bool {
	_, err := ref.ParseDate(string(d))
	v.bad.Check(err == nil, pointer, "ref.date")
	return err == nil
}

func country(v *validation, pointer string, c ref.Country) {
	_, err := ref.ParseCountry(string(c))
	v.bad.Check(err == nil, pointer, "ref.country")
}

func countries(v *validation, pointer string, list []ref.Country) {
	v.list(pointer, len(list))
	for i, c := range list {
		at := pointer + "/" + strconv.Itoa(i)
		v.bad.Check(c != "", at, "ref.country")
		country(v, at, c)
	}
}

func occupation(v *validation, pointer string, o ref.Occupation) {
	_, err := ref.ParseOccupation(string(o))
	v.bad.Check(err == nil, pointer, "ref.occupation")
}

func occupations(v *validation, pointer string, list []ref.Occupation) {
	v.list(pointer, len(list))
	for i, o := range list {
		at := pointer + "/" + strconv.Itoa(i)
		v.bad.Check(o != "", at, "ref.occupation")
		occupation(v, at, o)
	}
}

// codes checks each code of a list with its parser.
func codes[T ~string](v *validation, pointer string, list []T, parse func(string) (T, error), fail string) {
	v.list(pointer, len(list))
	for i, c := range list {
		_, err := parse(string(c))
		v.bad.Check(err == nil, pointer+"/"+strconv.Itoa(i), fail)
	}
}
