// Package posting shows a published offer as a schema.org JobPosting, with the
// values that search engines ask for. It is the one builder for both faces:
// the pages embed what the JSON API answers.
//
// What the offer does not say is left out, never guessed.
package posting

import (
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// JobPosting is an offer as https://schema.org/JobPosting: only what is
// published. Dates are ISO 8601, amounts are numbers in major units.
type JobPosting struct {
	Context      string       `json:"@context"`
	Type         string       `json:"@type"`
	Identifier   Value        `json:"identifier"`
	URL          string       `json:"url"` // of the page with the application form
	Title        string       `json:"title"`
	Description  string       `json:"description"`
	DatePosted   ref.Date     `json:"datePosted"`
	ValidThrough string       `json:"validThrough,omitempty"` // RFC 3339; absent while open-ended
	Employment   []string     `json:"employmentType,omitempty"`
	Organization Organization `json:"hiringOrganization"`
	Location     Place        `json:"jobLocation"`
	Salary       *Salary      `json:"baseSalary,omitempty"` // before deductions; absent where only net pay is stated
	Occupation   string       `json:"occupationalCategory,omitempty"`
	Openings     int          `json:"totalJobOpenings"` // places still free
	Start        ref.Date     `json:"jobStartDate,omitempty"`
	Hours        string       `json:"workHours,omitempty"`
	DirectApply  bool         `json:"directApply"` // people may apply on the page today
}

// Value is a schema.org PropertyValue: the reference and whose it is.
type Value struct {
	Type  string `json:"@type"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Organization is the employer where it is named, else the agency.
type Organization struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

// Place is where the work is.
type Place struct {
	Type    string  `json:"@type"`
	Address Address `json:"address"`
}

// Address is a schema.org PostalAddress, as far as the offer states it.
type Address struct {
	Type     string      `json:"@type"`
	Country  ref.Country `json:"addressCountry"`
	Region   string      `json:"addressRegion,omitempty"`
	Locality string      `json:"addressLocality,omitempty"`
}

// Salary is a schema.org MonetaryAmount.
type Salary struct {
	Type     string       `json:"@type"`
	Currency ref.Currency `json:"currency"`
	Value    Quantity     `json:"value"`
}

// Quantity is one amount, or a range of two, for each HOUR, DAY, WEEK, MONTH
// or YEAR.
type Quantity struct {
	Type string      `json:"@type"`
	Unit string      `json:"unitText"`
	One  json.Number `json:"value,omitempty"`
	Min  json.Number `json:"minValue,omitempty"`
	Max  json.Number `json:"maxValue,omitempty"`
}

// fullTime is the number of hours a week, in hundredths, from which work
// counts as full-time.
const fullTime = 3500

// AddressOf gives where the page of an offer stands; base is the public address
// of the service.
func AddressOf(base, reference string) string {
	return strings.TrimSuffix(base, "/") + "/offres/" + url.PathEscape(reference)
}

// Of shows an offer; nil for one that was never published. base is the public
// address of the service.
func Of(v offer.View, base string) *JobPosting {
	if v.Snapshot == nil {
		return nil
	}
	t := v.Snapshot.Terms
	organization := t.EmployerName
	if organization == "" {
		organization = v.AgencyName
	}
	p := &JobPosting{
		Context: "https://schema.org", Type: "JobPosting", Identifier: Value{"PropertyValue", "Passerelle", v.Reference},
		URL: AddressOf(base, v.Reference), Title: t.Title, Description: t.Description, DatePosted: ref.DateOf(v.Snapshot.PublishedAt),
		ValidThrough: validThrough(v), Employment: employmentTypes(t), Organization: Organization{"Organization", organization},
		Location: Place{"Place", Address{"PostalAddress", t.Country, t.Region, t.City}}, Salary: salaryOf(t.Pay),
		Occupation: string(t.Occupation), Openings: v.FreePlaces, Start: t.Start, DirectApply: v.Open,
	}
	if t.HoursPerWeek > 0 {
		p.Hours = offer.Hundredths(t.HoursPerWeek) + " hours per week"
	}
	return p
}

// validThrough is the end of the last day to apply, in UTC, which is the time
// of Bamako. An offer that ended before its day was valid until it ended:
// that is how a search engine learns that it is over.
func validThrough(v offer.View) string {
	last := ""
	if day := v.Snapshot.Terms.Deadline; day.Known() {
		last = string(day) + "T23:59:59Z"
	}
	switch v.State {
	case offer.Filled, offer.Closed, offer.Withdrawn:
		if ended := v.UpdatedAt.UTC().Format(time.RFC3339); last == "" || ended < last {
			return ended
		}
	}
	return last
}

// employmentTypes gives what Google's JobPosting knows of hours and legal
// form; nothing for permanent work of unknown hours.
func employmentTypes(t offer.Terms) (types []string) {
	switch {
	case t.HoursPerWeek >= fullTime:
		types = append(types, "FULL_TIME")
	case t.HoursPerWeek > 0:
		types = append(types, "PART_TIME")
	}
	switch t.Kind {
	case ref.FixedTerm, ref.Seasonal, ref.Circular, ref.Posted, ref.ExpertMission:
		types = append(types, "TEMPORARY")
	case ref.Internship:
		types = append(types, "INTERN")
	}
	return types
}

// salaryOf shows gross pay: a base salary is before deductions, and net pay
// read as one would promise too little.
func salaryOf(p ref.Pay) *Salary {
	if !p.Known() || p.Basis != ref.Gross {
		return nil
	}
	low, high := p.Range()
	value := Quantity{Type: "QuantitativeValue", Unit: strings.ToUpper(string(p.Period))}
	if low == high {
		value.One = json.Number(low.Format())
	} else {
		value.Min, value.Max = json.Number(low.Format()), json.Number(high.Format())
	}
	return &Salary{Type: "MonetaryAmount", Currency: p.Currency, Value: value}
}
