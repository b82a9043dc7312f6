package site

import (
	"strings"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// jobPosting is the offer for search engines: schema.org JobPosting.
type jobPosting struct {
	Context            string        `json:"@context"`
	Type               string        `json:"@type"`
	Identifier         propertyValue `json:"identifier"`
	URL                string        `json:"url"`
	Title              string        `json:"title"`
	Description        string        `json:"description"`
	DatePosted         ref.Date      `json:"datePosted"`
	ValidThrough       string        `json:"validThrough,omitempty"`
	EmploymentType     string        `json:"employmentType"`
	HiringOrganization organization  `json:"hiringOrganization"`
	JobLocation        place         `json:"jobLocation"`
	BaseSalary         *salary       `json:"baseSalary,omitempty"`
	WorkHours          string        `json:"workHours,omitempty"`
	TotalJobOpenings   int           `json:"totalJobOpenings"`
	OccupationCode     string        `json:"occupationalCategory,omitempty"`
	DirectApply        bool          `json:"directApply"`
}

type propertyValue struct {
	Type  string `json:"@type"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

type organization struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

type place struct {
	Type    string        `json:"@type"`
	Address postalAddress `json:"address"`
}

type postalAddress struct {
	Type     string      `json:"@type"`
	Country  ref.Country `json:"addressCountry"`
	Region   string      `json:"addressRegion,omitempty"`
	Locality string      `json:"addressLocality,omitempty"`
}

type salary struct {
	Type     string       `json:"@type"`
	Currency ref.Currency `json:"currency"`
	Value    quantity     `json:"value"`
}

type quantity struct {
	Type string `json:"@type"`
	Min  string `json:"minValue"`
	Max  string `json:"maxValue"`
	Unit string `json:"unitText"`
}

// posting describes a published offer to machines. The organisation is the
// employer where it is named, else the agency.
func (s *Site) posting(o offer.View, box agencyBox) jobPosting {
	t := o.Snapshot.Terms
	p := jobPosting{
		Context: "https://schema.org", Type: "JobPosting", Identifier: propertyValue{"PropertyValue", "Passerelle", o.Reference},
		URL: strings.TrimSuffix(s.opts.PublicURL, "/") + "/offres/" + o.Reference, Title: t.Title, Description: t.Description,
		DatePosted: ref.DateOf(o.Snapshot.PublishedAt), EmploymentType: employmentType(t.Kind),
		HiringOrganization: organization{"Organization", t.EmployerName}, TotalJobOpenings: t.Places,
		JobLocation: place{"Place", postalAddress{"PostalAddress", t.Country, t.Region, t.City}}, OccupationCode: string(t.Occupation), DirectApply: true,
	}
	if t.EmployerName == "" {
		p.HiringOrganization.Name = box.Name
	}
	if t.Deadline.Known() {
		p.ValidThrough = string(t.Deadline) + "T23:59:59Z"
	}
	if t.HoursPerWeek > 0 {
		p.WorkHours = offer.Hundredths(t.HoursPerWeek)
	}
	if low, high := t.Pay.Range(); t.Pay.Known() {
		p.BaseSalary = &salary{"MonetaryAmount", t.Pay.Currency, quantity{"QuantitativeValue", low.Format(), high.Format(), strings.ToUpper(string(t.Pay.Period))}}
	}
	return p
}

func employmentType(k ref.WorkKind) string {
	switch k {
	case ref.Internship:
		return "INTERN"
	case ref.FixedTerm, ref.Seasonal, ref.Circular, ref.Posted, ref.ExpertMission:
		return "TEMPORARY"
	case ref.Permanent:
		return "FULL_TIME"
	default:
		return "OTHER"
	}
}
