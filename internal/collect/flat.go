package collect

import (
	"strings"

	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// OfferColumns are the columns of a CSV of offers, and the members of a flat
// JSON record. Lists are parted by semicolons; languages read "fr:B1;en:A2".
func OfferColumns() []string {
	return []string{
		"key", "title", "description", "occupation", "kind", "employer", "country", "region", "city", "places", "start",
		"durationMonths", "hoursPerWeek", "daysPerWeek", "payAmount", "payAmountMax", "payCurrency", "payPeriod", "payBasis",
		"paymentsPerYear", "housing", "meals", "transport", "insurance", "flight", "languages", "education", "experienceMonths",
		"requiredSkills", "optionalSkills", "licences", "minAge", "regulated", "visaPaidBy", "flightPaidBy", "medicalPaidBy",
		"trainingPaidBy", "workerFee", "deadline", "datePosted",
	}
}

// fields reads the members of a flat record and collects the faults.
type fields struct {
	n      node
	faults []intake.RowFault
}

func (f *fields) fail(name, code string) {
	f.faults = append(f.faults, intake.RowFault{Pointer: "/" + name, Code: code})
}

func (f *fields) text(name string) string { return f.n.get(name).text() }

// parsed reads one member with a parser; an absent member is the zero value.
func parsed[T any](f *fields, name string, parse func(string) (T, error), code string) (out T) {
	s := f.text(name)
	if s == "" {
		return out
	}
	v, err := parse(s)
	if err != nil {
		f.fail(name, code)
		return out
	}
	return v
}

// parsedList reads a list of codes.
func parsedList[T any](f *fields, name string, parse func(string) (T, error), code string) (out []T) {
	for _, s := range f.n.get(name).texts() {
		v, err := parse(s)
		if err != nil {
			f.fail(name, code)
			return nil
		}
		out = append(out, v)
	}
	return out
}

func (f *fields) int(name string, most int) int {
	s := f.text(name)
	if s == "" {
		return 0
	}
	n, ok := whole(s, most)
	if !ok {
		f.fail(name, "number")
	}
	return n
}

func (f *fields) hundredths(name string, most int) int {
	s := f.text(name)
	if s == "" {
		return 0
	}
	n, ok := hundredths(s)
	if !ok || n > most {
		f.fail(name, "number")
		return 0
	}
	return n
}

func (f *fields) day(name string) ref.Date {
	s := f.text(name)
	if s == "" {
		return ""
	}
	d, ok := date(s)
	if !ok {
		f.fail(name, "ref.date")
	}
	return d
}

func (f *fields) amount(name string, currency ref.Currency) int64 {
	s := f.text(name)
	if s == "" {
		return 0
	}
	n, ok := minor(s, currency)
	if !ok {
		f.fail(name, "ref.amount")
	}
	return n
}

// yesNo reads an answer in French or English.
func (f *fields) yesNo(name string) (yes, said bool) {
	switch strings.ToLower(f.text(name)) {
	case "":
		return false, false
	case "oui", "yes", "true", "1":
		return true, true
	case "non", "no", "false", "0":
		return false, true
	}
	f.fail(name, "boolean")
	return false, false
}

func (f *fields) benefit(name string) offer.Benefit {
	switch yes, said := f.yesNo(name); {
	case !said:
		return ""
	case yes:
		return offer.Provided
	default:
		return offer.NotProvided
	}
}

func (f *fields) payer(name string) offer.Payer {
	switch strings.ToLower(f.text(name)) {
	case "":
		return ""
	case "employer", "employeur":
		return offer.ByEmployer
	case "worker", "travailleur":
		return offer.ByWorker
	}
	f.fail(name, "offer.payer")
	return ""
}

// flat translates one of our own flat records.
func (p *Posting) flat(n node) *draft {
	f := &fields{n: n}
	for _, name := range unknownMembers(n, OfferColumns()) {
		f.fail(name, "unknown")
	}
	d := &draft{key: f.text("key")}
	d.terms = f.terms()
	d.terms.Pay = f.pay()
	d.terms.Costs.WorkerFee = f.amount("workerFee", d.terms.Pay.Currency)
	d.source.Posted = f.day("datePosted")
	d.faults = f.faults
	if d.terms.Title == "" {
		d.fault("/title", "required")
	}
	if d.terms.Occupation == "" {
		p.code(d, node{})
	} else {
		d.source.Confidence = 100
	}
	return d
}

func (f *fields) terms() offer.Terms {
	t := offer.Terms{
		Title: oneLine(f.text("title")), Description: PlainText(f.text("description")),
		Occupation:   parsed(f, "occupation", ref.ParseOccupation, "ref.occupation"),
		Kind:         parsed(f, "kind", ref.ParseWorkKind, "ref.kind"),
		EmployerName: oneLine(f.text("employer")), Country: f.country("country"),
		Region: oneLine(f.text("region")), City: oneLine(f.text("city")),
		Places: max(1, f.int("places", 10000)), Start: f.day("start"), DurationMonths: f.int("durationMonths", 600),
		HoursPerWeek: f.hundredths("hoursPerWeek", 16800), DaysPerWeek: f.hundredths("daysPerWeek", 700),
		Benefits: offer.Benefits{
			Housing: f.benefit("housing"), Meals: f.benefit("meals"), Transport: f.benefit("transport"),
			Insurance: f.benefit("insurance"), Flight: f.benefit("flight"),
		},
		Education:        parsed(f, "education", ref.ParseEducationLevel, "ref.education_level"),
		ExperienceMonths: f.int("experienceMonths", 600),
		RequiredSkills:   parsedList(f, "requiredSkills", ref.ParseSkill, "ref.skill"),
		OptionalSkills:   parsedList(f, "optionalSkills", ref.ParseSkill, "ref.skill"),
		Licences:         parsedList(f, "licences", ref.ParseLicence, "ref.licence"),
		MinAge:           f.int("minAge", 99),
		Costs: offer.Costs{
			Visa: f.payer("visaPaidBy"), Flight: f.payer("flightPaidBy"),
			Medical: f.payer("medicalPaidBy"), Training: f.payer("trainingPaidBy"),
		},
		Deadline: f.day("deadline"),
	}
	t.Regulated, _ = f.yesNo("regulated")
	for _, l := range f.languages("languages") {
		t.Languages = append(t.Languages, offer.LanguageNeed{Language: l.code, Level: l.level})
	}
	return t
}

func (f *fields) country(name string) ref.Country {
	s := f.text(name)
	if s == "" {
		return ""
	}
	c, ok := countryOf(s)
	if !ok {
		f.fail(name, "ref.country")
	}
	return c
}

func (f *fields) pay() ref.Pay {
	p := ref.Pay{
		Currency:        parsed(f, "payCurrency", ref.ParseCurrency, "ref.currency"),
		Period:          parsed(f, "payPeriod", ref.ParsePeriod, "ref.period"),
		Basis:           parsed(f, "payBasis", ref.ParseBasis, "ref.basis"),
		PaymentsPerYear: f.int("paymentsPerYear", 24),
	}
	p.Min, p.Max = f.amount("payAmount", p.Currency), f.amount("payAmountMax", p.Currency)
	if p.Min == 0 && p.Max == 0 {
		return ref.Pay{}
	}
	return p
}

type language struct {
	code  ref.Language
	level ref.Level
}

// languages reads "fr:B1;en:native"; a code alone is refused, a level is
// never guessed.
func (f *fields) languages(name string) (out []language) {
	for _, s := range f.n.get(name).texts() {
		code, level, ok := strings.Cut(s, ":")
		l, err := ref.ParseLanguage(strings.TrimSpace(code))
		v, err2 := ref.ParseLevel(strings.TrimSpace(level))
		if !ok || err != nil || err2 != nil {
			f.fail(name, "ref.language_level")
			return nil
		}
		out = append(out, language{l, v})
	}
	return out
}
