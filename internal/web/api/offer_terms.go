package api

import (
	"strconv"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// offerTerms is what an offer promises, as sent and as shown. A member that is
// absent is unknown, never "none".
type offerTerms struct {
	Title            string           `json:"title" validate:"required,min=2,max=200,line" example:"Maçon coffreur"`
	Description      string           `json:"description,omitempty" validate:"max=20000" doc:"plain text, without contact details" example:"Construction de logements collectifs, en équipe."`
	Occupation       string           `json:"occupation,omitempty" validate:"omitempty,occupation" doc:"ISCO-08; four digits for submission" example:"7112"`
	Kind             string           `json:"kind,omitempty" validate:"omitempty,kind" example:"fixed_term"`
	Employer         string           `json:"employer,omitempty" validate:"max=64,line" doc:"id of an accredited employer"`
	EmployerName     string           `json:"employerName,omitempty" validate:"max=200,line" doc:"as advertised; the registered name when left out"`
	Country          string           `json:"country,omitempty" validate:"omitempty,country" doc:"where the work is" example:"ES"`
	Region           string           `json:"region,omitempty" validate:"max=100,line" example:"Andalucía"`
	City             string           `json:"city,omitempty" validate:"max=200,line" example:"Almería"`
	Places           int              `json:"places,omitempty" validate:"min=0,max=10000" doc:"1 when left out" example:"12"`
	Start            string           `json:"start,omitempty" validate:"omitempty,date" example:"2027-03-01"`
	DurationMonths   int              `json:"durationMonths,omitempty" validate:"min=0,max=600" doc:"permanent work has none" example:"9"`
	HoursPerWeek     string           `json:"hoursPerWeek,omitempty" doc:"decimal, at most two decimals" example:"37.5"`
	DaysPerWeek      string           `json:"daysPerWeek,omitempty" doc:"decimal, at most two decimals" example:"5"`
	Pay              *offerPay        `json:"pay,omitempty"`
	PayText          string           `json:"payText,omitempty" validate:"max=500,line" doc:"pay as worded in the source, where it could not be read"`
	Benefits         *offerBenefits   `json:"benefits,omitempty"`
	Deductions       []offerDeduction `json:"deductions,omitempty" validate:"max=50,dive" doc:"taken from pay each period"`
	Languages        []offerLanguage  `json:"languages,omitempty" validate:"max=50,dive" doc:"required"`
	Education        int              `json:"education,omitempty" validate:"min=0,max=9" doc:"least level, ISCED 2011; 0 = not stated" example:"3"`
	ExperienceMonths int              `json:"experienceMonths,omitempty" validate:"min=0,max=600" example:"12"`
	RequiredSkills   []string         `json:"requiredSkills,omitempty" validate:"max=50,dive,skill" example:"[\"maconnerie\"]"`
	OptionalSkills   []string         `json:"optionalSkills,omitempty" validate:"max=50,dive,skill"`
	Licences         []string         `json:"licences,omitempty" validate:"max=50,dive,licence" doc:"required" example:"[\"permis-b\"]"`
	MinAge           int              `json:"minAge,omitempty" validate:"min=0,max=99" doc:"18 applies when left out"`
	Regulated        bool             `json:"regulated,omitempty" doc:"needs a recognised qualification"`
	Costs            *offerCosts      `json:"costs,omitempty" doc:"who pays what before departure"`
	Deadline         string           `json:"deadline,omitempty" validate:"omitempty,date" doc:"last day to apply" example:"2027-01-31"`
}

type offerPay struct {
	Amount          string `json:"amount" validate:"required,amount" doc:"or the lower end of a range" example:"1500.00"`
	AmountMax       string `json:"amountMax,omitempty" validate:"omitempty,amount" example:"1700.00"`
	Currency        string `json:"currency" validate:"required,currency" example:"EUR"`
	Period          string `json:"period" validate:"required,period" example:"month"`
	Basis           string `json:"basis" validate:"required,basis" example:"gross"`
	PaymentsPerYear int    `json:"paymentsPerYear,omitempty" validate:"min=0,max=24" example:"12"`
}

type offerBenefits struct {
	Housing   string `json:"housing,omitempty" validate:"omitempty,oneof=yes no"`
	Meals     string `json:"meals,omitempty" validate:"omitempty,oneof=yes no"`
	Transport string `json:"transport,omitempty" validate:"omitempty,oneof=yes no"`
	Insurance string `json:"insurance,omitempty" validate:"omitempty,oneof=yes no"`
	Flight    string `json:"flight,omitempty" validate:"omitempty,oneof=yes no"`
}

type offerCosts struct {
	Visa      string `json:"visa,omitempty" validate:"omitempty,oneof=employer worker"`
	Flight    string `json:"flight,omitempty" validate:"omitempty,oneof=employer worker"`
	Medical   string `json:"medical,omitempty" validate:"omitempty,oneof=employer worker"`
	Training  string `json:"training,omitempty" validate:"omitempty,oneof=employer worker"`
	WorkerFee string `json:"workerFee,omitempty" validate:"omitempty,amount" doc:"any fee or deposit asked of the worker, in the currency of the pay"`
}

type offerDeduction struct {
	Label  string `json:"label" validate:"required,max=100,line" example:"Logement"`
	Amount string `json:"amount" validate:"required,amount" doc:"in the currency of the pay" example:"120.00"`
}

type offerLanguage struct {
	Language string `json:"language" validate:"required,language" example:"es"`
	Level    string `json:"level" validate:"required,level" example:"A2"`
}

// terms reads what was sent; Invalid for amounts without the decimals of their
// currency, and for hours that are no decimal number.
func (b *offerTerms) terms() (offer.Terms, error) {
	var bad fault.List
	t := offer.Terms{
		Title: b.Title, Description: b.Description, Occupation: ref.Occupation(b.Occupation), Kind: ref.WorkKind(b.Kind),
		Employer: b.Employer, EmployerName: b.EmployerName, Country: ref.Country(b.Country), Region: b.Region, City: b.City,
		Places: b.Places, Start: ref.Date(b.Start), DurationMonths: b.DurationMonths, PayText: b.PayText,
		HoursPerWeek: hundredths(&bad, "/hoursPerWeek", b.HoursPerWeek), DaysPerWeek: hundredths(&bad, "/daysPerWeek", b.DaysPerWeek),
		Education: ref.EducationLevel(b.Education), ExperienceMonths: b.ExperienceMonths,
		RequiredSkills: typed[ref.Skill](b.RequiredSkills), OptionalSkills: typed[ref.Skill](b.OptionalSkills), Licences: typed[ref.Licence](b.Licences),
		MinAge: b.MinAge, Regulated: b.Regulated, Deadline: ref.Date(b.Deadline),
		Languages: mapped(b.Languages, offerLanguage.need),
	}
	if b.Benefits != nil {
		t.Benefits = b.Benefits.benefits()
	}
	b.readAmounts(&bad, &t)
	return t, bad.Err("offer.invalid")
}

func hundredths(bad *fault.List, pointer, text string) int {
	n, ok := offer.ParseHundredths(text)
	bad.Check(ok, pointer, "number")
	return n
}

// readAmounts reads everything that is money, in the currency of the pay.
func (b *offerTerms) readAmounts(bad *fault.List, t *offer.Terms) {
	var currency ref.Currency
	if b.Pay != nil {
		currency = ref.Currency(b.Pay.Currency)
		t.Pay = ref.Pay{
			Min: minor(bad, "/pay/amount", b.Pay.Amount, currency), Max: minor(bad, "/pay/amountMax", b.Pay.AmountMax, currency),
			Currency: currency, Period: ref.Period(b.Pay.Period), Basis: ref.Basis(b.Pay.Basis), PaymentsPerYear: b.Pay.PaymentsPerYear,
		}
	}
	for i, d := range b.Deductions {
		pointer := "/deductions/" + strconv.Itoa(i) + "/amount"
		t.Deductions = append(t.Deductions, offer.Deduction{Label: d.Label, Amount: minor(bad, pointer, d.Amount, currency)})
	}
	if c := b.Costs; c != nil {
		t.Costs = offer.Costs{
			Visa: offer.Payer(c.Visa), Flight: offer.Payer(c.Flight), Medical: offer.Payer(c.Medical), Training: offer.Payer(c.Training),
			WorkerFee: minor(bad, "/costs/workerFee", c.WorkerFee, currency),
		}
	}
}

// minor reads an amount into minor units; nothing stated is zero.
func minor(bad *fault.List, pointer, text string, currency ref.Currency) int64 {
	if text == "" {
		return 0
	}
	m, err := ref.ParseMoney(text, currency)
	switch f := fault.Of(err); {
	case err == nil:
	case currency == "":
		bad.Add("/pay/currency", "required")
	case f != nil:
		bad.Add(pointer, f.Code)
	}
	return m.Amount
}

func (b *offerBenefits) benefits() offer.Benefits {
	return offer.Benefits{
		Housing: offer.Benefit(b.Housing), Meals: offer.Benefit(b.Meals), Transport: offer.Benefit(b.Transport),
		Insurance: offer.Benefit(b.Insurance), Flight: offer.Benefit(b.Flight),
	}
}

// need reads a required language; the rules have checked the level.
func (l offerLanguage) need() offer.LanguageNeed {
	level, _ := ref.ParseLevel(l.Level)
	return offer.LanguageNeed{Language: ref.Language(l.Language), Level: level}
}

// offerTermsOf shows terms.
func offerTermsOf(t offer.Terms) offerTerms {
	out := offerTerms{
		Title: t.Title, Description: t.Description, Occupation: string(t.Occupation), Kind: string(t.Kind), Employer: t.Employer,
		EmployerName: t.EmployerName, Country: string(t.Country), Region: t.Region, City: t.City, Places: t.Places, Start: string(t.Start),
		DurationMonths: t.DurationMonths, HoursPerWeek: offer.Hundredths(t.HoursPerWeek), DaysPerWeek: offer.Hundredths(t.DaysPerWeek),
		Pay: offerPayOf(t.Pay), PayText: t.PayText, Education: int(t.Education), ExperienceMonths: t.ExperienceMonths,
		Deductions: mapped(t.Deductions, func(d offer.Deduction) offerDeduction {
			return offerDeduction{Label: d.Label, Amount: money(d.Amount, t.Pay.Currency)}
		}),
		Languages: mapped(t.Languages, offerLanguageOf), RequiredSkills: textsOf(t.RequiredSkills), OptionalSkills: textsOf(t.OptionalSkills),
		Licences: textsOf(t.Licences), MinAge: t.MinAge, Regulated: t.Regulated, Deadline: string(t.Deadline),
	}
	if b := t.Benefits; b != (offer.Benefits{}) {
		out.Benefits = &offerBenefits{
			Housing: string(b.Housing), Meals: string(b.Meals), Transport: string(b.Transport), Insurance: string(b.Insurance), Flight: string(b.Flight),
		}
	}
	if c := t.Costs; c != (offer.Costs{}) {
		out.Costs = &offerCosts{Visa: string(c.Visa), Flight: string(c.Flight), Medical: string(c.Medical), Training: string(c.Training)}
		if c.WorkerFee > 0 {
			out.Costs.WorkerFee = money(c.WorkerFee, t.Pay.Currency)
		}
	}
	return out
}

func offerLanguageOf(l offer.LanguageNeed) offerLanguage {
	return offerLanguage{Language: string(l.Language), Level: l.Level.String()}
}

func offerPayOf(p ref.Pay) *offerPay {
	if !p.Known() {
		return nil
	}
	out := &offerPay{Amount: money(p.Min, p.Currency), Currency: string(p.Currency), Period: string(p.Period), Basis: string(p.Basis), PaymentsPerYear: p.PaymentsPerYear}
	if p.Max != 0 {
		out.AmountMax = money(p.Max, p.Currency)
	}
	return out
}

func money(minorUnits int64, currency ref.Currency) string {
	return ref.Money{Amount: minorUnits, Currency: currency}.Format()
}
