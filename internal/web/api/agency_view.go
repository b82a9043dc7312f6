package api

import (
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
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
}

type trainingJSON struct {
	Title string `json:"title"`
	On    string `json:"on,omitempty"`
	Hours int    `json:"hours"`
}

// agencyAnswer shows what a service call gave to the caller of c.
func agencyAnswer(c *Call) func(*agency.Agency, error) (agencyJSON, error) {
	return func(a *agency.Agency, err error) (agencyJSON, error) {
		if err != nil {
			return agencyJSON{}, err
		}
		return agencyOf(c.Actor, a), nil
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
		return decisionOf(actor, d.Action, d.At, d.By, d.Reason, d.Note)
	})
	out.Training = mapped(a.Training, func(t agency.Training) trainingJSON {
		return trainingJSON{Title: t.Title, On: string(t.On), Hours: t.Hours}
	})
	return out
}

func decisionOf(actor account.Actor, action string, at time.Time, by account.ID, reason, note string) decisionJSON {
	d := decisionJSON{Action: action, At: at, Reason: reason, Note: note}
	if actor.Role == account.Official {
		d.By = string(by)
	}
	return d
}
