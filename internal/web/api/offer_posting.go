package api

import (
	"bytes"
	"encoding/json"
	"strings"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

const linkedData = "application/ld+json"

// wantsPosting reports whether the caller asks for linked data.
func (c *Call) wantsPosting() bool {
	c.gin.Writer.Header().Add("Vary", "Accept")
	return strings.Contains(c.gin.Request.Header.Get("Accept"), linkedData)
}

// jobPosting is an offer as a schema.org JobPosting: only what is published.
type jobPosting struct {
	Context      string         `json:"@context"`
	Type         string         `json:"@type"`
	Identifier   postingValue   `json:"identifier"`
	Title        string         `json:"title"`
	Description  string         `json:"description"`
	DatePosted   string         `json:"datePosted"`
	ValidThrough string         `json:"validThrough,omitempty"`
	Employment   []string       `json:"employmentType"`
	Organization postingThing   `json:"hiringOrganization"`
	Location     postingPlace   `json:"jobLocation"`
	Salary       *postingSalary `json:"baseSalary,omitempty"`
	Occupation   string         `json:"occupationalCategory,omitempty"`
	Openings     int            `json:"totalJobOpenings"`
	Start        string         `json:"jobStartDate,omitempty"`
	Hours        string         `json:"workHours,omitempty"`
	DirectApply  bool           `json:"directApply"`
}

type postingThing struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

type postingValue struct {
	Type  string `json:"@type"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

type postingPlace struct {
	Type    string         `json:"@type"`
	Address postingAddress `json:"address"`
}

type postingAddress struct {
	Type     string `json:"@type"`
	Country  string `json:"addressCountry"`
	Region   string `json:"addressRegion,omitempty"`
	Locality string `json:"addressLocality,omitempty"`
}

type postingSalary struct {
	Type     string          `json:"@type"`
	Currency string          `json:"currency"`
	Value    postingQuantity `json:"value"`
}

type postingQuantity struct {
	Type string      `json:"@type"`
	Unit string      `json:"unitText"`
	One  json.Number `json:"value,omitempty"`
	Min  json.Number `json:"minValue,omitempty"`
	Max  json.Number `json:"maxValue,omitempty"`
}

// fullTime is the number of hours a week, in hundredths, from which work
// counts as full-time.
const fullTime = 3500

// postingOf shows a published offer; nil for one that never was.
func postingOf(v offer.View) *jobPosting {
	if v.Snapshot == nil {
		return nil
	}
	t := v.Snapshot.Terms
	organization := t.EmployerName
	if organization == "" {
		organization = v.AgencyName
	}
	return &jobPosting{
		Context: "https://schema.org", Type: "JobPosting", Identifier: postingValue{"PropertyValue", "Passerelle", v.Reference},
		Title: t.Title, Description: t.Description, DatePosted: string(ref.DateOf(v.Snapshot.PublishedAt)), ValidThrough: string(t.Deadline),
		Employment: employmentTypes(t), Organization: postingThing{"Organization", organization},
		Location: postingPlace{"Place", postingAddress{"PostalAddress", string(t.Country), t.Region, t.City}},
		Salary:   postingSalaryOf(t.Pay), Occupation: string(t.Occupation), Openings: v.FreePlaces, Start: string(t.Start),
		Hours: offer.Hundredths(t.HoursPerWeek), DirectApply: v.Open,
	}
}

func employmentTypes(t offer.Terms) []string {
	types := []string{}
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
	if len(types) == 0 {
		types = append(types, "OTHER")
	}
	return types
}

func postingSalaryOf(p ref.Pay) *postingSalary {
	if !p.Known() {
		return nil
	}
	value := postingQuantity{Type: "QuantitativeValue", Unit: strings.ToUpper(string(p.Period))}
	if p.Max == 0 {
		value.One = json.Number(money(p.Min, p.Currency))
	} else {
		value.Min, value.Max = json.Number(money(p.Min, p.Currency)), json.Number(money(p.Max, p.Currency))
	}
	return &postingSalary{Type: "MonetaryAmount", Currency: string(p.Currency), Value: value}
}

// MarshalJSON writes the posting in place of the offer where it was asked for.
func (o offerJSON) MarshalJSON() ([]byte, error) {
	type plain offerJSON
	var what any = plain(o)
	if o.posting != nil {
		what = o.posting
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(what)
	return b.Bytes(), err
}
