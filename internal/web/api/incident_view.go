package api

import (
	"context"
	"time"

	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
)

// incidentCard is an incident in lists: nothing that was said.
type incidentCard struct {
	ID        string    `json:"id"`
	Rev       int64     `json:"rev"`
	Reference string    `json:"reference" example:"INC-2026-7K3Q9D"`
	Placement string    `json:"placement,omitempty"`
	Agency    string    `json:"agency,omitempty"`
	Country   string    `json:"country,omitempty"`
	Category  string    `json:"category" example:"wages"`
	Safety    bool      `json:"safety" doc:"a person’s safety is at stake"`
	Priority  int       `json:"priority" doc:"1 safety, 2 urgent, 3 other"`
	State     string    `json:"state" example:"received"`
	TriageDue time.Time `json:"triageDue" doc:"end of the 24 hours for a first look"`
	Held      bool      `json:"held" doc:"the placement was held for it"`
	Mine      bool      `json:"mine" doc:"the caller reported it"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
}

func incidentCardOf(c incident.Card) incidentCard {
	return incidentCard{
		ID: string(c.ID), Rev: c.Rev, Reference: c.Reference, Placement: string(c.Placement), Agency: c.Agency, Country: string(c.Country),
		Category: c.Category, Safety: c.Safety, Priority: c.Priority, State: string(c.State), TriageDue: c.TriageDue, Held: c.Held,
		Mine: c.Reporter != "", CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
	}
}

// incidentView is one incident, cut to what the caller may know.
type incidentView struct {
	incidentCard
	Source         string             `json:"source,omitempty" doc:"person, anonymous, check_in or system"`
	Offer          string             `json:"offer,omitempty"`
	KeepFromAgency bool               `json:"keepFromAgency"`
	Indicators     []string           `json:"indicators"`
	Description    string             `json:"description,omitempty"`
	Owner          string             `json:"owner,omitempty" doc:"official in charge; for officials"`
	Entries        []incidentEntry    `json:"entries" doc:"what was said, oldest first"`
	Referrals      []incidentReferral `json:"referrals"`
	History        []incidentEvent    `json:"history" doc:"oldest first"`
	Outcome        string             `json:"outcome,omitempty"`
	Closing        string             `json:"closing,omitempty"`
}

type incidentEntry struct {
	At       time.Time `json:"at"`
	Role     string    `json:"role,omitempty" doc:"empty for a reporter"`
	Reporter bool      `json:"reporter"`
	Audience string    `json:"audience" example:"all"`
	Text     string    `json:"text"`
}

type incidentReferral struct {
	Partner   string    `json:"partner" example:"consulate"`
	Country   string    `json:"country" example:"ES"`
	Consented bool      `json:"consented"`
	Note      string    `json:"note,omitempty"`
	At        time.Time `json:"at"`
}

type incidentEvent struct {
	Action string    `json:"action" example:"triage"`
	State  string    `json:"state"`
	At     time.Time `json:"at"`
	By     string    `json:"by,omitempty" doc:"role"`
	Reason string    `json:"reason,omitempty"`
}

func incidentOf(i *incident.Incident) incidentView {
	return incidentView{
		incidentCard: incidentCardOf(i.Card()), Source: string(i.Source), Offer: i.Offer, KeepFromAgency: i.Discreet,
		Indicators: textsOf(i.Indicators), Description: i.Description, Owner: string(i.Owner), Outcome: i.Outcome, Closing: i.Closing,
		Entries: mapped(i.Entries, func(e incident.Entry) incidentEntry {
			return incidentEntry{At: e.At, Role: string(e.Role), Reporter: e.Reporter, Audience: string(e.Audience), Text: e.Text}
		}),
		Referrals: mapped(i.Referrals, func(r incident.Referral) incidentReferral {
			return incidentReferral{Partner: r.Partner, Country: string(r.Country), Consented: r.Consented, Note: r.Note, At: r.At}
		}),
		History: mapped(i.History, func(e incident.Event) incidentEvent {
			return incidentEvent{Action: e.Action, State: string(e.State), At: e.At, By: string(e.Role), Reason: e.Reason}
		}),
	}
}

func shownIncident(i *incident.Incident, err error) (incidentView, error) {
	if err != nil {
		return incidentView{}, err
	}
	return incidentOf(i), nil
}

// givenIncident is a case with the code to come back with.
type givenIncident struct {
	incidentView
	Code string `json:"code,omitempty" doc:"to follow the case with; shown once"`
}

func shownGiven(g incident.Given, err error) (givenIncident, error) {
	if err != nil {
		return givenIncident{}, err
	}
	return givenIncident{incidentOf(g.Incident), g.Code}, nil
}

// incidentVocabulary lists the closed lists a report is made of.
type incidentVocabulary struct {
	Categories []string `json:"categories"`
	Indicators []string `json:"indicators" doc:"of forced labour (ILO, 2012)"`
}

func (h *incidentOperations) vocabulary(context.Context, *Call, *struct{}) (incidentVocabulary, error) {
	return incidentVocabulary{Categories: incident.Categories(), Indicators: incident.Indicators()}, nil
}

type listPartners struct {
	Country string `query:"country" validate:"required,country" example:"ES"`
}

type incidentPartner struct {
	Kind      string `json:"kind" example:"consulate"`
	Country   string `json:"country" example:"ES"`
	Name      string `json:"name"`
	Confirmed bool   `json:"confirmed" doc:"false = to be confirmed by the ministry"`
}

func (h *incidentOperations) partners(_ context.Context, c *Call, in *listPartners) (List[incidentPartner], error) {
	all := incident.Partners(ref.Country(in.Country))
	return NewList(c, listing.Result[incident.Partner]{Items: all, Total: len(all)}, func(p incident.Partner) incidentPartner {
		name := p.Name.FR
		if c.Locale == ref.English {
			name = p.Name.EN
		}
		return incidentPartner{Kind: p.Kind, Country: string(p.Country), Name: name, Confirmed: p.Confirmed}
	}), nil
}
