package api

import (
	"context"
	"time"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// contractTerms is what a contract states, as sent and as shown: of an offer's
// terms those that bind the two sides.
type contractTerms struct {
	Title          string           `json:"title,omitempty" validate:"max=200,line" doc:"that of the offer when left out" example:"Maçon coffreur"`
	Occupation     string           `json:"occupation,omitempty" validate:"omitempty,occupation" example:"7112"`
	Kind           string           `json:"kind,omitempty" validate:"omitempty,kind" example:"fixed_term"`
	Employer       string           `json:"employer,omitempty" validate:"max=64,line" doc:"id of a registered employer"`
	EmployerName   string           `json:"employerName,omitempty" validate:"max=200,line"`
	Country        string           `json:"country,omitempty" validate:"omitempty,country" example:"ES"`
	Region         string           `json:"region,omitempty" validate:"max=100,line"`
	City           string           `json:"city,omitempty" validate:"max=200,line" example:"Almería"`
	Start          string           `json:"start,omitempty" validate:"omitempty,date" example:"2027-03-01"`
	DurationMonths int              `json:"durationMonths,omitempty" validate:"min=0,max=600" doc:"permanent work has none" example:"9"`
	HoursPerWeek   string           `json:"hoursPerWeek,omitempty" doc:"decimal, at most two decimals" example:"37.5"`
	DaysPerWeek    string           `json:"daysPerWeek,omitempty" doc:"decimal, at most two decimals" example:"5"`
	Pay            *offerPay        `json:"pay,omitempty"`
	Benefits       *offerBenefits   `json:"benefits,omitempty"`
	Deductions     []offerDeduction `json:"deductions,omitempty" validate:"max=50,dive" doc:"taken from pay each period"`
	Costs          *offerCosts      `json:"costs,omitempty" doc:"who pays what before departure"`
}

// terms reads what was sent, as offerTerms.terms does.
func (b *contractTerms) terms() (offer.Terms, error) {
	whole := offerTerms{
		Title: b.Title, Occupation: b.Occupation, Kind: b.Kind, Employer: b.Employer, EmployerName: b.EmployerName, Country: b.Country,
		Region: b.Region, City: b.City, Start: b.Start, DurationMonths: b.DurationMonths, HoursPerWeek: b.HoursPerWeek,
		DaysPerWeek: b.DaysPerWeek, Pay: b.Pay, Benefits: b.Benefits, Deductions: b.Deductions, Costs: b.Costs,
	}
	return whole.terms()
}

func contractTermsOf(t offer.Terms) contractTerms {
	o := offerTermsOf(t)
	return contractTerms{
		Title: o.Title, Occupation: o.Occupation, Kind: o.Kind, Employer: o.Employer, EmployerName: o.EmployerName, Country: o.Country,
		Region: o.Region, City: o.City, Start: o.Start, DurationMonths: o.DurationMonths, HoursPerWeek: o.HoursPerWeek,
		DaysPerWeek: o.DaysPerWeek, Pay: o.Pay, Benefits: o.Benefits, Deductions: o.Deductions, Costs: o.Costs,
	}
}

type proposeContract struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		contractTerms
		Language string `json:"language" validate:"required,language" doc:"the contract is written in" example:"es"`
		SignedOn string `json:"signedOn,omitempty" validate:"omitempty,date" doc:"by both sides"`
		Document string `json:"document,omitempty" validate:"max=64" doc:"id of the signed paper among the file's documents"`
	}
}

func (h *placementOperations) propose(ctx context.Context, c *Call, in *proposeContract) (placementJSON, error) {
	terms, err := in.Body.terms()
	if err != nil {
		return placementJSON{}, err
	}
	p, err := h.service.Propose(ctx, c.Actor, placement.ID(in.ID), placement.Draft{
		Terms: terms, Language: ref.Language(in.Body.Language), SignedOn: ref.Date(in.Body.SignedOn), Document: in.Body.Document,
	})
	return h.done(c, p, err)
}

type oneContract struct {
	ID     string `path:"id" validate:"max=64"`
	Number int    `path:"number" validate:"min=1,max=1000" doc:"of the contract, from 1"`
}

// contractLine is the comparison of one field.
type contractLine struct {
	Field     string `json:"field" example:"pay"`
	Verdict   string `json:"verdict" validate:"oneof=same better worse missing unclear"`
	Equal     bool   `json:"equal"`
	Protected bool   `json:"protected" doc:"worse, missing or unclear on it holds the file"`
	Blocking  bool   `json:"blocking"`
	Offered   string `json:"offered,omitempty" doc:"as the published offer says; absent = not stated" example:"1500.00 EUR month gross"`
	Found     string `json:"found,omitempty" doc:"as the contract says"`
}

func contractLineOf(l placement.Line) contractLine {
	return contractLine{Field: l.Field, Verdict: string(l.Verdict), Equal: l.Equal(), Protected: l.Protected, Blocking: l.Blocking(),
		Offered: l.Offered, Found: l.Found}
}

// contractDiff is a contract with its comparison.
type contractDiff struct {
	Number         int            `json:"number"`
	Stage          string         `json:"stage" example:"proposed"`
	Equal          bool           `json:"equal" doc:"every line is the same"`
	Blocking       int            `json:"blocking" doc:"lines that hold the file"`
	Lines          []contractLine `json:"lines"`
	ShownAt        time.Time      `json:"shownAt,omitzero" doc:"when the person opened it"`
	AcceptableFrom time.Time      `json:"acceptableFrom,omitzero" doc:"end of the cooling-off period"`
}

func (h *placementOperations) diff(ctx context.Context, c *Call, in *oneContract) (contractDiff, error) {
	d, err := h.service.Diff(ctx, c.Actor, placement.ID(in.ID), in.Number)
	if err != nil {
		return contractDiff{}, err
	}
	out := contractDiff{Number: d.Contract.Number, Stage: string(d.Contract.Stage), Equal: true, Blocking: len(placement.Blocking(d.Contract.Lines)),
		Lines: mapped(d.Contract.Lines, contractLineOf), ShownAt: d.Contract.ShownAt, AcceptableFrom: d.AcceptableFrom}
	for _, l := range d.Contract.Lines {
		out.Equal = out.Equal && l.Equal()
	}
	return out, nil
}

func (h *placementOperations) read(ctx context.Context, c *Call, in *oneContract) (placementJSON, error) {
	p, err := h.service.ReadContract(ctx, c.Actor, placement.ID(in.ID), in.Number)
	return h.done(c, p, err)
}

type acceptContract struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Code string `json:"code" validate:"required,max=40,line" doc:"as it was sent" example:"482913"`
	}
}

func (h *placementOperations) accept(ctx context.Context, c *Call, in *acceptContract) (placementJSON, error) {
	p, err := h.service.Accept(ctx, c.Actor, placement.ID(in.ID), in.Body.Code)
	return h.done(c, p, err)
}

type declineContract struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Reason string `json:"reason" validate:"required,oneof=pay hours duration place costs unclear_terms changed_mind other" example:"pay"`
		Note   string `json:"note" validate:"max=2000"`
	}
}

func (h *placementOperations) decline(ctx context.Context, c *Call, in *declineContract) (placementJSON, error) {
	p, err := h.service.Decline(ctx, c.Actor, placement.ID(in.ID), placement.Grounds(in.Body))
	return h.done(c, p, err)
}
