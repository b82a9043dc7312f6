package api

import (
	"time"

	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// profileView is a profile as far as the caller may see it. Members the caller
// may not see are absent.
type profileView struct {
	ID                string               `json:"id"`
	Rev               int64                `json:"rev"`
	CreatedAt         time.Time            `json:"createdAt,omitzero"`
	UpdatedAt         time.Time            `json:"updatedAt,omitzero"`
	Visible           *bool                `json:"visible,omitempty" doc:"agencies may find the profile"`
	Collected         *bool                `json:"collected,omitempty" doc:"entered by an official for a person without account"`
	Identity          *profileIdentity     `json:"identity,omitempty"`
	AgeBand           string               `json:"ageBand,omitempty" doc:"five completed years" example:"25-29"`
	Residence         *profileResidence    `json:"residence,omitempty"`
	HighestEducation  int                  `json:"highestEducation" doc:"ISCED 2011, 0 to 8"`
	Education         []profileEducation   `json:"education,omitzero"`
	Experience        []profileExperience  `json:"experience,omitzero"`
	Months            *int                 `json:"months,omitempty" doc:"counted months of experience"`
	MonthsByGroup     []profileMonths      `json:"monthsByGroup" doc:"counted months by 2-digit group of ISCO-08"`
	Spells            []profileSpell       `json:"spells,omitzero"`
	Occupations       []string             `json:"occupations,omitzero" doc:"stated beyond the experience entries"`
	OccupationsWorked []string             `json:"occupationsWorked" doc:"all occupations worked or trained in"`
	Skills            []string             `json:"skills"`
	Languages         []profileLanguage    `json:"languages"`
	Licences          []string             `json:"licences"`
	Recognitions      []profileRecognition `json:"recognitions,omitzero"`
	Wishes            profileWishes        `json:"wishes"`
	AvailableMonth    string               `json:"availableMonth,omitempty" example:"2027-02"`
	Interests         *profileInterests    `json:"interests,omitempty"`
	Summary           string               `json:"summary,omitempty"`
	Consents          []profileConsent     `json:"consents,omitzero" doc:"decisions, oldest first; the last one of a purpose counts"`
}

type profileMonths struct {
	Group  string `json:"group" example:"72"`
	Months int    `json:"months"`
}

type profileConsent struct {
	Purpose string    `json:"purpose" example:"matching"`
	Given   bool      `json:"given"`
	Version string    `json:"version" doc:"of the wording agreed to"`
	At      time.Time `json:"at"`
	Channel string    `json:"channel" doc:"web, api, agent or import"`
}

// profileOf shows a view. What the domain left out of it stays out.
func profileOf(v profile.View) profileView {
	sees := v.Relation.Sees
	out := profileView{
		ID: string(v.ID), Rev: v.Rev, CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
		AgeBand: v.AgeBand, Residence: residenceOf(v.Residence), HighestEducation: int(v.HighestEducation),
		MonthsByGroup: mapped(v.MonthsByGroup, func(g profile.GroupMonths) profileMonths {
			return profileMonths{Group: string(g.Group), Months: g.Months}
		}),
		OccupationsWorked: textsOf(v.Worked), Skills: textsOf(v.Skills), Licences: textsOf(v.Licences),
		Languages: mapped(v.Languages, languageOf), Wishes: wishesOf(v.Wishes),
		AvailableMonth: string(v.AvailableMonth), Summary: v.Summary,
		Education:    seen(sees("education"), mapped(v.Education, educationOf)),
		Experience:   seen(sees("experience"), mapped(v.Experience, experienceOf)),
		Spells:       seen(sees("spells"), mapped(v.Spells, spellOf)),
		Occupations:  seen(sees("occupations"), textsOf(v.Occupations)),
		Recognitions: seen(sees("recognitions"), mapped(v.Recognitions, recognitionOf)),
		Consents:     seen(sees("consents"), mapped(v.Consents, consentOf)),
		Visible:      seenValue(sees("visible"), v.Visible),
		Collected:    seenValue(sees("collected"), v.Collected),
		Months:       seenValue(sees("months"), v.Months),
		Interests:    seenValue(sees("interests"), profileInterests(v.Interests)),
	}
	if sees("identity/givenNames") {
		out.Identity = identityOf(v.Identity)
	}
	return out
}

// seen keeps a list, or leaves it out.
func seen[T any](may bool, items []T) []T {
	if !may {
		return nil
	}
	return items
}

// seenValue keeps a value, or leaves it out.
func seenValue[T any](may bool, value T) *T {
	if !may {
		return nil
	}
	return &value
}

func identityOf(i profile.Identity) *profileIdentity {
	return &profileIdentity{
		GivenNames: i.GivenNames, FamilyName: i.FamilyName, Sex: string(i.Sex), BirthDate: string(i.BirthDate),
		BirthPlace: i.BirthPlace, Nationalities: textsOf(i.Nationality), NINA: i.NINA, Email: i.Email,
		Phone: i.Phone, ConsularCard: i.ConsularCard,
	}
}

func residenceOf(r profile.Residence) *profileResidence {
	return &profileResidence{Country: string(r.Country), City: r.City, Region: string(r.Region), Cercle: r.Cercle, Commune: r.Commune}
}

func educationOf(e profile.Education) profileEducation {
	return profileEducation{
		Level: int(e.Level), Field: e.Field, Title: e.Title, Institution: e.Institution,
		Country: string(e.Country), Year: e.Year, RecognisedIn: textsOf(e.RecognisedIn),
	}
}

func experienceOf(e profile.Experience) profileExperience {
	return profileExperience{
		Occupation: string(e.Occupation), Title: e.Title, Employer: e.Employer, Country: string(e.Country),
		From: string(e.From), Until: string(e.Until), Months: e.Months,
	}
}

func spellOf(s profile.Spell) profileSpell {
	return profileSpell{Country: string(s.Country), From: string(s.From), Until: string(s.Until), Purpose: s.Purpose}
}

func languageOf(l profile.LanguageSkill) profileLanguage {
	return profileLanguage{Language: string(l.Language), Level: l.Level.String(), Native: l.Native}
}

func recognitionOf(r profile.Recognition) profileRecognition {
	return profileRecognition{Occupation: string(r.Occupation), Country: string(r.Country), Authority: r.Authority, Date: string(r.Date)}
}

func wishesOf(w profile.Wishes) profileWishes {
	out := profileWishes{
		Occupations: textsOf(w.Occupations), Countries: textsOf(w.Countries), Kinds: textsOf(w.Kinds),
		AvailableFrom: string(w.AvailableFrom),
	}
	if w.MinPayCents > 0 {
		least := ref.Money{Amount: w.MinPayCents, Currency: "EUR"}
		out.MinPay = &profilePay{Amount: least.Format(), Currency: "EUR", Period: string(ref.PerMonth), Basis: string(ref.Gross)}
	}
	return out
}

func consentOf(c profile.Consent) profileConsent {
	return profileConsent{Purpose: c.Purpose, Given: c.Given, Version: c.Version, At: c.At, Channel: c.Channel}
}
