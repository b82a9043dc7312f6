package api

import (
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// profileFacts is everything a person states, as sent and as shown. Nothing
// is mandatory.
type profileFacts struct {
	Identity     profileIdentity      `json:"identity"`
	Residence    profileResidence     `json:"residence"`
	Education    []profileEducation   `json:"education" validate:"max=100,dive"`
	Experience   []profileExperience  `json:"experience" validate:"max=100,dive" doc:"overlapping entries are merged by calendar month: no month counts twice"`
	Spells       []profileSpell       `json:"spells" validate:"max=100,dive" doc:"stays in countries: out, in, return"`
	Occupations  []string             `json:"occupations" validate:"max=100,dive,occupation" doc:"worked or trained in, beyond the experience entries"`
	Skills       []string             `json:"skills" validate:"max=100,dive,skill" example:"[\"soudage-tig\"]"`
	Languages    []profileLanguage    `json:"languages" validate:"max=100,dive"`
	Licences     []string             `json:"licences" validate:"max=100,dive,licence" example:"[\"permis-b\"]"`
	Recognitions []profileRecognition `json:"recognitions" validate:"max=100,dive"`
	Wishes       profileWishes        `json:"wishes"`
	Interests    profileInterests     `json:"interests"`
	Summary      string               `json:"summary" validate:"max=4000" doc:"free text"`
}

type profileIdentity struct {
	GivenNames    string   `json:"givenNames,omitempty" validate:"omitempty,max=200,name" example:"Awa Binta"`
	FamilyName    string   `json:"familyName,omitempty" validate:"omitempty,max=200,name" example:"Traoré"`
	Sex           string   `json:"sex,omitempty" validate:"omitempty,oneof=female male"`
	BirthDate     string   `json:"birthDate,omitempty" validate:"omitempty,date" example:"1994-03-07"`
	BirthPlace    string   `json:"birthPlace,omitempty" validate:"omitempty,max=200,name"`
	Nationalities []string `json:"nationalities,omitempty" validate:"max=100,dive,country" example:"[\"ML\"]"`
	NINA          string   `json:"nina,omitempty" validate:"max=40" doc:"national number; optional"`
	Email         string   `json:"email,omitempty" validate:"max=254" example:"awa@example.ml"`
	Phone         string   `json:"phone,omitempty" validate:"max=40" doc:"E.164, or as written in Mali" example:"+22376123456"`
	ConsularCard  string   `json:"consularCard,omitempty" validate:"max=200"`
}

type profileResidence struct {
	Country string `json:"country,omitempty" validate:"omitempty,country" example:"ML"`
	City    string `json:"city,omitempty" validate:"omitempty,max=200,name"`
	Region  string `json:"region,omitempty" validate:"omitempty,region" doc:"in Mali"`
	Cercle  string `json:"cercle,omitempty" validate:"omitempty,max=200,name"`
	Commune string `json:"commune,omitempty" validate:"omitempty,max=200,name"`
}

type profileEducation struct {
	Level        int      `json:"level" validate:"min=0,max=9" doc:"ISCED 2011" example:"5"`
	Field        string   `json:"field,omitempty" validate:"max=4" doc:"ISCED-F 2013 code"`
	Title        string   `json:"title,omitempty" validate:"max=200"`
	Institution  string   `json:"institution,omitempty" validate:"max=200"`
	Country      string   `json:"country,omitempty" validate:"omitempty,country"`
	Year         int      `json:"year,omitempty" doc:"of completion" example:"2016"`
	RecognisedIn []string `json:"recognisedIn,omitempty" validate:"max=100,dive,country"`
}

type profileExperience struct {
	Occupation string `json:"occupation,omitempty" validate:"omitempty,occupation" example:"7212"`
	Title      string `json:"title,omitempty" validate:"max=200"`
	Employer   string `json:"employer,omitempty" validate:"max=200"`
	Country    string `json:"country,omitempty" validate:"omitempty,country"`
	From       string `json:"from,omitempty" validate:"omitempty,month" example:"2019-02"`
	Until      string `json:"until,omitempty" validate:"omitempty,month" doc:"absent = still going on" example:"2022-08"`
	Months     int    `json:"months,omitempty" validate:"min=0,max=720" doc:"counted months; what is sent counts only for an entry without dates"`
}

type profileSpell struct {
	Country string `json:"country" validate:"required,country" example:"CI"`
	From    string `json:"from" validate:"required,month" example:"2019-06"`
	Until   string `json:"until,omitempty" validate:"omitempty,month" doc:"absent = still there"`
	Purpose string `json:"purpose,omitempty" validate:"omitempty,oneof=work study family return"`
}

type profileLanguage struct {
	Language string `json:"language" validate:"required,language" example:"fr"`
	Level    string `json:"level,omitempty" validate:"omitempty,level" doc:"required unless native" example:"B2"`
	Native   bool   `json:"native" doc:"counts as C2"`
}

type profileRecognition struct {
	Occupation string `json:"occupation" validate:"required,occupation" doc:"three digits or four" example:"2221"`
	Country    string `json:"country" validate:"required,country" example:"FR"`
	Authority  string `json:"authority,omitempty" validate:"max=200"`
	Date       string `json:"date,omitempty" validate:"omitempty,date"`
}

type profileWishes struct {
	Occupations   []string    `json:"occupations,omitempty" validate:"max=100,dive,occupation" doc:"sought"`
	Countries     []string    `json:"countries,omitempty" validate:"max=100,dive,country" doc:"none = anywhere"`
	Kinds         []string    `json:"kinds,omitempty" validate:"max=100,dive,kind" doc:"none = any"`
	MinPay        *profilePay `json:"minPay,omitempty" doc:"least monthly gross pay; kept and shown in EUR"`
	AvailableFrom string      `json:"availableFrom,omitempty" validate:"omitempty,date"`
}

type profilePay struct {
	Amount   string `json:"amount" validate:"required,amount" example:"1500.00"`
	Currency string `json:"currency" validate:"required,currency" example:"EUR"`
	Period   string `json:"period,omitempty" validate:"omitempty,oneof=month"`
	Basis    string `json:"basis,omitempty" validate:"omitempty,oneof=gross"`
}

type profileInterests struct {
	Mentoring      bool `json:"mentoring"`
	ExpertMissions bool `json:"expertMissions"`
	Investment     bool `json:"investment"`
}

// facts reads what was sent; today is the day whose exchange rate turns the
// least pay into EUR.
func (b *profileFacts) facts(today ref.Date) (profile.Facts, error) {
	pay, err := b.Wishes.MinPay.cents(today)
	if err != nil {
		return profile.Facts{}, err
	}
	return profile.Facts{
		Identity:     b.Identity.facts(),
		Residence:    b.Residence.facts(),
		Education:    mapped(b.Education, profileEducation.facts),
		Experience:   mapped(b.Experience, profileExperience.facts),
		Spells:       mapped(b.Spells, profileSpell.facts),
		Occupations:  typed[ref.Occupation](b.Occupations),
		Skills:       typed[ref.Skill](b.Skills),
		Languages:    mapped(b.Languages, profileLanguage.facts),
		Licences:     typed[ref.Licence](b.Licences),
		Recognitions: mapped(b.Recognitions, profileRecognition.facts),
		Wishes: profile.Wishes{
			Occupations: typed[ref.Occupation](b.Wishes.Occupations), Countries: typed[ref.Country](b.Wishes.Countries),
			Kinds: typed[ref.WorkKind](b.Wishes.Kinds), MinPayCents: pay, AvailableFrom: ref.Date(b.Wishes.AvailableFrom),
		},
		Interests: profile.Interests(b.Interests),
		Summary:   b.Summary,
	}, nil
}

func (i profileIdentity) facts() profile.Identity {
	return profile.Identity{
		GivenNames: i.GivenNames, FamilyName: i.FamilyName, Sex: profile.Sex(i.Sex),
		BirthDate: ref.Date(i.BirthDate), BirthPlace: i.BirthPlace, Nationality: typed[ref.Country](i.Nationalities),
		NINA: i.NINA, Email: i.Email, Phone: i.Phone, ConsularCard: i.ConsularCard,
	}
}

func (r profileResidence) facts() profile.Residence {
	return profile.Residence{Country: ref.Country(r.Country), City: r.City, Region: ref.Region(r.Region), Cercle: r.Cercle, Commune: r.Commune}
}

func (e profileEducation) facts() profile.Education {
	return profile.Education{
		Level: ref.EducationLevel(e.Level), Field: e.Field, Title: e.Title, Institution: e.Institution,
		Country: ref.Country(e.Country), Year: e.Year, RecognisedIn: typed[ref.Country](e.RecognisedIn),
	}
}

func (e profileExperience) facts() profile.Experience {
	return profile.Experience{
		Occupation: ref.Occupation(e.Occupation), Title: e.Title, Employer: e.Employer, Country: ref.Country(e.Country),
		From: ref.Month(e.From), Until: ref.Month(e.Until), Months: e.Months,
	}
}

func (s profileSpell) facts() profile.Spell {
	return profile.Spell{Country: ref.Country(s.Country), From: ref.Month(s.From), Until: ref.Month(s.Until), Purpose: s.Purpose}
}

func (l profileLanguage) facts() profile.LanguageSkill {
	level, err := ref.ParseLevel(l.Level)
	if err != nil {
		level = ref.NoLevel // the tag's rule has refused it already
	}
	return profile.LanguageSkill{Language: ref.Language(l.Language), Level: level, Native: l.Native}
}

func (r profileRecognition) facts() profile.Recognition {
	return profile.Recognition{Occupation: ref.Occupation(r.Occupation), Country: ref.Country(r.Country), Authority: r.Authority, Date: ref.Date(r.Date)}
}

// cents gives the least monthly pay in EUR cents; 0 when not said.
func (p *profilePay) cents(today ref.Date) (int64, error) {
	if p == nil {
		return 0, nil
	}
	money, err := ref.ParseMoney(p.Amount, ref.Currency(p.Currency))
	if err != nil {
		return 0, invalidPay("/wishes/minPay/amount", fault.Of(err).Code)
	}
	cents, known := ref.NormalisedPay(ref.Pay{Min: money.Amount, Currency: money.Currency, Period: ref.PerMonth, Basis: ref.Gross}, 0, 0, today)
	if !known && money.Amount > 0 {
		return 0, invalidPay("/wishes/minPay/currency", "ref.rate")
	}
	return cents, nil
}

func invalidPay(pointer, code string) error {
	return fault.New(fault.Invalid, "profile.invalid", fault.Field{Pointer: pointer, Code: code})
}
