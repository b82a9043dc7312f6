package collect

import (
	"regexp"
	"strings"

	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// Posting translates schema.org JobPosting into the terms of an offer. What
// the advertisement does not say stays unknown; what it says wrongly is a
// fault of the row.
type Posting struct {
	coder titleCoder
}

// titleCoder finds the occupation behind a job title.
type titleCoder interface {
	CodeTitle(title string, locale ref.Locale) []ref.Coded
}

// NewPosting makes a translator that codes titles with coder.
func NewPosting(coder titleCoder) *Posting { return &Posting{coder: coder} }

// draft is a row in the making.
type draft struct {
	terms  offer.Terms
	source offer.Source
	key    string
	faults []intake.RowFault
}

func (d *draft) fault(pointer, code string) {
	d.faults = append(d.faults, intake.RowFault{Pointer: pointer, Code: code})
}

// translate reads one JobPosting object.
func (p *Posting) translate(n node) *draft {
	d := &draft{terms: offer.Terms{Places: 1}, key: keyOf(n)} // an advertisement is for one place at least
	if kind := n.get("@type").text(); kind != "" && kind != "JobPosting" && !strings.HasSuffix(kind, "/JobPosting") {
		d.fault("/@type", "import.not_job_posting")
		return d
	}
	d.words(n)
	d.place(n.get("jobLocation"))
	d.dates(n)
	d.pay(n.get("baseSalary"))
	d.conditions(n)
	d.demands(n)
	p.code(d, n.get("occupationalCategory"))
	return d
}

func (d *draft) words(n node) {
	t := &d.terms
	t.Title = oneLine(n.get("title").text())
	t.Description = PlainText(n.get("description").text())
	t.EmployerName = oneLine(n.get("hiringOrganization").text())
	if t.Title == "" {
		d.fault("/title", "required")
	}
	if t.Description == "" {
		d.fault("/description", "required")
	}
}

// keyOf gives the source's own key of the advertisement, empty without one.
func keyOf(n node) string {
	for _, member := range []string{"identifier", "url", "@id"} {
		if s := n.get(member).text(); s != "" {
			return s
		}
	}
	return ""
}

func (d *draft) place(n node) {
	address := n.get("address")
	if address.missing() {
		address = n
	}
	d.terms.City = oneLine(address.get("addressLocality").text())
	d.terms.Region = oneLine(address.get("addressRegion").text())
	name := address.get("addressCountry").text()
	if name == "" {
		return
	}
	country, ok := countryOf(name)
	if !ok {
		d.fault("/jobLocation/address/addressCountry", "ref.country")
	}
	d.terms.Country = country
}

// countryOf reads a country by code or by its French or English name.
func countryOf(s string) (ref.Country, bool) {
	if c, err := ref.ParseCountry(strings.ToUpper(s)); err == nil && c != "" {
		return c, true
	}
	for _, locale := range ref.Locales() {
		for _, c := range ref.Countries(locale) {
			if strings.EqualFold(c.Name(locale), s) {
				return c, true
			}
		}
	}
	return "", false
}

func (d *draft) dates(n node) {
	for _, member := range []struct {
		name string
		to   *ref.Date
	}{{"datePosted", &d.source.Posted}, {"validThrough", &d.terms.Deadline}, {"jobStartDate", &d.terms.Start}} {
		s := n.get(member.name).text()
		if s == "" {
			continue
		}
		day, ok := date(s)
		if !ok {
			d.fault("/"+member.name, "ref.date")
		}
		*member.to = day
	}
}

// payPeriods maps schema.org unit texts to periods.
var payPeriods = map[string]ref.Period{"HOUR": ref.PerHour, "DAY": ref.PerDay, "WEEK": ref.PerWeek, "MONTH": ref.PerMonth, "YEAR": ref.PerYear}

// pay reads baseSalary, which schema.org defines as pay before deductions.
// An amount that is words ("Band 6") is kept as worded and stays unknown.
func (d *draft) pay(n node) {
	value := n.get("value")
	quantity := value
	if _, isObject := value.v.(map[string]any); !isObject {
		quantity = n
	}
	d.terms.PayText = oneLine(quantity.get("value").text())
	low, high := quantity.get("minValue").text(), quantity.get("maxValue").text()
	if low == "" {
		low = d.terms.PayText
	}
	currency, err := ref.ParseCurrency(strings.ToUpper(n.get("currency").text()))
	period, ok := payPeriods[strings.ToUpper(quantity.get("unitText").text())]
	if err != nil || currency == "" || !ok {
		return
	}
	lowest, ok := minor(low, currency)
	if !ok || lowest == 0 {
		return
	}
	highest, ok := minor(high, currency)
	if !ok || highest <= lowest {
		highest = 0
	}
	d.terms.Pay = ref.Pay{Min: lowest, Max: highest, Currency: currency, Period: period, Basis: ref.Gross}
}

// workKinds maps schema.org employment types; FULL_TIME and PART_TIME say
// nothing about the legal form and leave it unknown.
var workKinds = map[string]ref.WorkKind{
	"TEMPORARY": ref.FixedTerm, "CONTRACTOR": ref.FixedTerm, "FIXED_TERM": ref.FixedTerm, "SEASONAL": ref.Seasonal,
	"INTERN": ref.Internship, "INTERNSHIP": ref.Internship, "PERMANENT": ref.Permanent,
}

var weeklyHours = regexp.MustCompile(`(?i)^(\d{1,2}(?:[.,]\d{1,2})?)\s*(?:h|hrs?|hours?|heures?)?\s*(?:/|per|a|par)?\s*(?:week|semaine)?$`)

func (d *draft) conditions(n node) {
	for _, s := range n.get("employmentType").texts() {
		if kind, ok := workKinds[strings.ToUpper(s)]; ok && d.terms.Kind == "" {
			d.terms.Kind = kind
		}
	}
	if m := weeklyHours.FindStringSubmatch(n.get("workHours").text()); m != nil {
		if hours, ok := hundredths(m[1]); ok && hours <= 16800 {
			d.terms.HoursPerWeek = hours
		}
	}
	if s := n.get("totalJobOpenings").text(); s != "" {
		places, ok := whole(s, 10000)
		if !ok || places == 0 {
			d.fault("/totalJobOpenings", "number")
			return
		}
		d.terms.Places = places
	}
}

// educationLevels maps schema.org credential categories to ISCED 2011.
var educationLevels = map[string]ref.EducationLevel{
	"high school": 3, "professional certificate": 4, "associate degree": 5, "bachelor degree": 6, "postgraduate degree": 7,
}

func (d *draft) demands(n node) {
	category := n.get("educationRequirements").get("credentialCategory").text()
	d.terms.Education = educationLevels[strings.ToLower(category)]
	if months, ok := whole(n.get("experienceRequirements").get("monthsOfExperience").text(), 600); ok {
		d.terms.ExperienceMonths = months
	}
	d.terms.OptionalSkills = ref.FindSkills(strings.Join(n.get("skills").texts(), ". "))
}

var iscoCode = regexp.MustCompile(`(?i)^(?:ISCO(?:-08)?\s*:?\s*|http://data\.europa\.eu/esco/isco/C)?(\d{4})$`)

// code finds the occupation: a code given by the source counts as it is,
// otherwise the title is looked up and its confidence kept.
func (p *Posting) code(d *draft, category node) {
	for _, c := range category.list() {
		s := c.get("codeValue").text()
		if s == "" {
			s = c.text()
		}
		if m := iscoCode.FindStringSubmatch(s); m != nil {
			if o, err := ref.ParseOccupation(m[1]); err == nil {
				d.terms.Occupation, d.source.Confidence = o, 100
				return
			}
		}
	}
	found := p.coder.CodeTitle(d.terms.Title, ref.English)
	if len(found) == 0 {
		return
	}
	d.source.Coding, d.source.Confidence = "title: "+found[0].Via, found[0].Confidence
	if found[0].Confidence >= ref.ConfidenceLimit {
		d.terms.Occupation = found[0].Occupation
	}
}
