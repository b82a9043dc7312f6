package api

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/suspension"
)

// agencyLine is an agency in lists: what the public register shows.
type agencyLine struct {
	ID           string    `json:"id"`
	Name         string    `json:"name" example:"Sahel Emploi SARL"`
	Country      string    `json:"country" example:"ML"`
	City         string    `json:"city,omitempty"`
	Kind         string    `json:"kind" example:"private"`
	Licence      string    `json:"licence,omitempty"`
	LicenceUntil string    `json:"licenceUntil,omitempty"`
	State        string    `json:"state" example:"active"`
	OpenOffers   int       `json:"openOffers" doc:"offers that people can apply to today"`
	UpdatedAt    time.Time `json:"updatedAt"`
}

func agencyLineOf(card agency.Card) agencyLine {
	return agencyLine{
		ID: string(card.ID), Name: card.Name, Country: string(card.Country), City: card.City, Kind: string(card.Kind),
		Licence: card.Licence, LicenceUntil: string(card.LicenceUntil), State: string(card.State),
		OpenOffers: card.OpenOffers, UpdatedAt: card.UpdatedAt,
	}
}

// agencyJSON is one agency as far as the caller may see it: the line of the
// register, and for officials and the agency itself the whole file.
type agencyJSON struct {
	ID           string `json:"id"`
	Rev          int64  `json:"rev"`
	Name         string `json:"name" example:"Sahel Emploi SARL"`
	TradeName    string `json:"tradeName,omitempty"`
	Country      string `json:"country" example:"ML"`
	City         string `json:"city,omitempty" example:"Bamako"`
	Kind         string `json:"kind" example:"private"`
	Licence      string `json:"licence,omitempty"`
	LicenceFrom  string `json:"licenceFrom,omitempty"`
	LicenceUntil string `json:"licenceUntil,omitempty"`
	State        string `json:"state" example:"active"`

	Email     string         `json:"email,omitempty"`
	Phone     string         `json:"phone,omitempty"`
	Address   string         `json:"address,omitempty"`
	Website   string         `json:"website,omitempty"`
	Members   []string       `json:"members,omitzero" doc:"account ids"`
	Decisions []decisionJSON `json:"decisions,omitzero" doc:"oldest first"`
	Acts      []actJSON      `json:"acts,omitzero" doc:"every suspension and reopening and how far it has been carried, oldest first; for officials only"`
	Training  []trainingJSON `json:"training,omitzero"`
	CreatedAt time.Time      `json:"createdAt,omitzero"`
	UpdatedAt time.Time      `json:"updatedAt,omitzero"`
}

// decisionJSON is one decision on a file. By is for officials only.
type decisionJSON struct {
	Action string    `json:"action" example:"vet"`
	At     time.Time `json:"at"`
	By     string    `json:"by,omitempty" doc:"account id; for officials only"`
	Reason string    `json:"reason,omitempty"`
	Note   string    `json:"note,omitempty"`
	// Act and Evidence are of suspensions, bars and reopenings.
	Act      string `json:"act,omitempty" doc:"number of the legal act"`
	Evidence string `json:"evidence,omitempty"`
}

type trainingJSON struct {
	Title string `json:"title"`
	On    string `json:"on,omitempty"`
	Hours int    `json:"hours"`
}

// answer shows what a service call gave to the caller of c; officials also see
// how far the acts about the agency have been carried.
func (h *agencyOperations) answer(ctx context.Context, c *Call) func(*agency.Agency, error) (agencyJSON, error) {
	return func(a *agency.Agency, err error) (agencyJSON, error) {
		if err != nil {
			return agencyJSON{}, err
		}
		out := agencyOf(c.Actor, a)
		out.Acts, err = actsAbout(ctx, c, h.acts, suspension.Target{Kind: suspension.Agency, ID: string(a.ID)})
		return out, err
	}
}

func agencyOf(actor account.Actor, a *agency.Agency) agencyJSON {
	f := a.Facts
	out := agencyJSON{
		ID: string(a.ID), Rev: a.Rev, Name: f.Name, TradeName: f.TradeName, Country: string(f.Country), City: f.City,
		Kind: string(f.Kind), Licence: f.Licence, LicenceFrom: string(f.LicenceFrom), LicenceUntil: string(f.LicenceUntil),
		State: string(a.State),
	}
	if !a.Inside(actor) {
		return out
	}
	out.Email, out.Phone, out.Address, out.Website = f.Email, f.Phone, f.Address, f.Website
	out.Members, out.CreatedAt, out.UpdatedAt = textsOf(a.Members), a.CreatedAt, a.UpdatedAt
	out.Decisions = mapped(a.Decisions, func(d agency.Decision) decisionJSON {
		return decisionOf(actor, decisionJSON{Action: d.Action, At: d.At, By: string(d.By), Reason: d.Reason, Note: d.Note, Act: d.Act, Evidence: d.Evidence})
	})
	out.Training = mapped(a.Training, func(t agency.Training) trainingJSON {
		return trainingJSON{Title: t.Title, On: string(t.On), Hours: t.Hours}
	})
	return out
}

// decisionOf leaves out who decided, except for officials.
func decisionOf(actor account.Actor, d decisionJSON) decisionJSON {
	d.By = officialOnly(actor, account.ID(d.By))
	return d
}
