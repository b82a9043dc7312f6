package api

import (
	"context"
	"time"

	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/ref"
)

// RegisterAgreements adds the operations on agreements.
func RegisterAgreements(a *API, service *agreement.Service) {
	h := &agreementOperations{service}
	Register(a, Op[listAgreements, List[agreementJSON]]{
		Method: "GET", Path: "/agreements", ID: "listAgreements", Summary: "List the agreements that corridors rest on",
		Permission: "corridor.read", Handle: h.list,
	})
	Register(a, Op[createAgreement, agreementJSON]{
		Method: "POST", Path: "/agreements", ID: "createAgreement", Summary: "Add an agreement",
		Description: "Facts count as confirmed only with their source. Clauses are summaries, never the text.",
		Permission:  "corridor.update", Status: 201, MaxBody: 256 << 10, Handle: h.create,
	})
	Register(a, Op[showAgreement, agreementJSON]{
		Method: "GET", Path: "/agreements/{id}", ID: "showAgreement", Summary: "Read one agreement: parties, dates, clauses",
		Permission: "corridor.read", Handle: h.show,
	})
	Register(a, Op[putAgreement, agreementJSON]{
		Method: "PUT", Path: "/agreements/{id}", ID: "putAgreement", Summary: "Replace an agreement's facts",
		Permission: "corridor.update", MaxBody: 256 << 10, Handle: h.put,
	})
}

type agreementOperations struct{ service *agreement.Service }

type listAgreements struct {
	Page
	Country string `query:"country" validate:"omitempty,country" doc:"a party"`
	Kind    string `query:"kind" validate:"omitempty,oneof=labour social_security movement readmission memorandum multilateral"`
}

func (h *agreementOperations) list(ctx context.Context, c *Call, in *listAgreements) (List[agreementJSON], error) {
	page := in.Listing()
	result, err := h.service.List(ctx, c.Actor, agreement.Query{Country: ref.Country(in.Country), Kind: agreement.Kind(in.Kind), Limit: page.Limit, After: page.After})
	if err != nil {
		return List[agreementJSON]{}, err
	}
	return NewList(c, result, agreementOf), nil
}

type createAgreement struct{ Body agreementFacts }

func (h *agreementOperations) create(ctx context.Context, c *Call, in *createAgreement) (agreementJSON, error) {
	return agreementAnswer(h.service.Create(ctx, c.Actor, in.Body.facts()))
}

type showAgreement struct {
	ID string `path:"id" validate:"max=64"`
}

func (h *agreementOperations) show(ctx context.Context, c *Call, in *showAgreement) (agreementJSON, error) {
	return agreementAnswer(h.service.Get(ctx, c.Actor, agreement.ID(in.ID)))
}

type putAgreement struct {
	ID   string `path:"id" validate:"max=64"`
	Body agreementFacts
}

func (h *agreementOperations) put(ctx context.Context, c *Call, in *putAgreement) (agreementJSON, error) {
	return agreementAnswer(h.service.Put(ctx, c.Actor, agreement.ID(in.ID), c.Rev, in.Body.facts()))
}

// agreementFacts is what officials state about an agreement, as sent and as
// shown.
type agreementFacts struct {
	Title     localisedText `json:"title"`
	Kind      string        `json:"kind" validate:"required,oneof=labour social_security movement readmission memorandum multilateral"`
	Parties   []string      `json:"parties" validate:"required,max=100,dive,country" doc:"Mali is always one; of a multilateral one not all need be named"`
	SignedOn  string        `json:"signedOn,omitempty" validate:"omitempty,date" example:"1979-06-12"`
	InForceOn string        `json:"inForceOn,omitempty" validate:"omitempty,date" example:"1983-06-01"`
	ExpiresOn string        `json:"expiresOn,omitempty" validate:"omitempty,date" doc:"last day; absent = no end known"`
	Clauses   []clauseJSON  `json:"clauses" validate:"max=100,dive" doc:"what they lay down, in a sentence each"`
	Source    string        `json:"source,omitempty" validate:"omitempty,max=400,line"`
	Confirmed bool          `json:"confirmed" doc:"by the ministry, or read at the source"`
}

type clauseJSON struct {
	Number  string           `json:"number,omitempty" validate:"omitempty,max=60,line" example:"article 3"`
	Topic   localisedText    `json:"topic"`
	Summary localisedPassage `json:"summary"`
}

type localisedPassage struct {
	FR string `json:"fr" validate:"required,max=1500"`
	EN string `json:"en,omitempty" validate:"max=1500"`
}

func (b *agreementFacts) facts() agreement.Facts {
	return agreement.Facts{
		Title: agreement.Text(b.Title), Kind: agreement.Kind(b.Kind),
		Parties:  mapped(b.Parties, func(s string) ref.Country { return ref.Country(s) }),
		SignedOn: ref.Date(b.SignedOn), InForceOn: ref.Date(b.InForceOn), ExpiresOn: ref.Date(b.ExpiresOn),
		Clauses: mapped(b.Clauses, func(x clauseJSON) agreement.Clause {
			return agreement.Clause{Number: x.Number, Topic: agreement.Text(x.Topic), Summary: agreement.Text(x.Summary)}
		}),
		Source: b.Source, Confirmed: b.Confirmed,
	}
}

// agreementJSON is one agreement. Its data members can be sent back by PUT.
type agreementJSON struct {
	ID  string `json:"id"`
	Rev int64  `json:"rev"`
	agreementFacts
	UpdatedAt time.Time `json:"updatedAt"`
}

func agreementOf(x *agreement.Agreement) agreementJSON {
	return agreementJSON{ID: string(x.ID), Rev: x.Rev, UpdatedAt: x.UpdatedAt, agreementFacts: agreementFacts{
		Title: localisedText(x.Title), Kind: string(x.Kind),
		Parties:  mapped(x.Parties, func(c ref.Country) string { return string(c) }),
		SignedOn: string(x.SignedOn), InForceOn: string(x.InForceOn), ExpiresOn: string(x.ExpiresOn),
		Clauses: mapped(x.Clauses, func(k agreement.Clause) clauseJSON {
			return clauseJSON{Number: k.Number, Topic: localisedText(k.Topic), Summary: localisedPassage(k.Summary)}
		}),
		Source: x.Source, Confirmed: x.Confirmed,
	}}
}

func agreementAnswer(x *agreement.Agreement, err error) (agreementJSON, error) {
	if err != nil {
		return agreementJSON{}, err
	}
	return agreementOf(x), nil
}
