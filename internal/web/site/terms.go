package site

import (
	"strings"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// monthlyPay is the pay brought to a gross month in EUR cents, as on a day.
type monthlyPay struct {
	cents int64
	known bool
	on    ref.Date
	from  ref.Date // day from which the rate used was in force
}

// frozenPay is what was computed when the offer was published.
func frozenPay(s *offer.Snapshot) monthlyPay {
	return monthlyPay{s.PayCents, s.PayKnown, ref.DateOf(s.PublishedAt), s.RateFrom}
}

// payToday computes it for terms that are not published.
func (v *visit) payToday(t offer.Terms) monthlyPay {
	m := monthlyPay{on: v.today()}
	m.cents, m.known = ref.NormalisedPay(t.Pay, t.HoursPerWeek, t.DaysPerWeek, m.on)
	if rate, ok := ref.RateOn(t.Pay.Currency, m.on); ok {
		m.from = rate.From
	}
	return m
}

// headline gives the four things people look for first.
func (v *visit) headline(t offer.Terms, m monthlyPay) []fact {
	pay := fact{Label: v.t("term.pay"), Value: v.pay(t.Pay)}
	if m.known && (t.Pay.Currency != ref.XOF || t.Pay.Period != ref.PerMonth) {
		pay.Note = v.t("pay.monthly", v.monthlyFrancs(t.Pay, m.cents, m.on))
	}
	return []fact{
		pay,
		{Label: v.t("term.place"), Value: v.place(t.City, t.Region, t.Country)},
		{Label: v.t("term.kind"), Value: t.Kind.Label(v.loc)},
		{Label: v.t("term.duration"), Value: v.duration(t)},
	}
}

func (v *visit) duration(t offer.Terms) string {
	if t.DurationMonths == 0 && t.Kind == ref.Permanent {
		return v.t("term.unlimited")
	}
	return v.months(t.DurationMonths)
}

// termFacts gives every term of an offer.
func (v *visit) termFacts(t offer.Terms, m monthlyPay) []factGroup {
	return []factGroup{
		{v.t("terms.work"), v.workFacts(t)},
		{v.t("terms.pay"), v.payFacts(t, m)},
		{v.t("terms.benefits"), v.benefitFacts(t.Benefits)},
		{v.t("terms.costs"), v.costFacts(t)},
		{v.t("terms.profile"), v.profileFacts(t)},
	}
}

func (v *visit) workFacts(t offer.Terms) []fact {
	hours, days := "", ""
	if t.HoursPerWeek > 0 {
		hours = v.t("term.hours.value", v.hundredths(t.HoursPerWeek))
	}
	if t.DaysPerWeek > 0 {
		days = v.t("term.days.value", v.hundredths(t.DaysPerWeek))
	}
	trade := t.Occupation.Title(v.loc)
	if trade != "" {
		trade += " (" + string(t.Occupation) + ")"
	}
	return []fact{
		{Label: v.t("term.trade"), Value: trade},
		{Label: v.t("term.employer"), Value: t.EmployerName},
		{Label: v.t("term.place"), Value: v.place(t.City, t.Region, t.Country)},
		{Label: v.t("term.kind"), Value: t.Kind.Label(v.loc)},
		{Label: v.t("term.duration"), Value: v.duration(t)},
		{Label: v.t("term.start"), Value: v.date(t.Start)},
		{Label: v.t("term.hours"), Value: hours},
		{Label: v.t("term.days"), Value: days},
		{Label: v.t("term.places"), Value: v.number(t.Places)},
	}
}

func (v *visit) payFacts(t offer.Terms, m monthlyPay) []fact {
	stated := v.pay(t.Pay)
	if stated == "" {
		stated = t.PayText
	}
	facts := []fact{{Label: v.t("term.pay"), Value: stated}}
	if m.known {
		facts = append(facts, v.monthly(t.Pay, m))
		if cents, ok := hourly(t, m); ok {
			facts = append(facts, fact{Label: v.t("term.hourly"), Value: v.both(cents, t.Pay.Currency, m.on), Note: v.t("pay.hourly", v.hundredths(t.HoursPerWeek))})
		}
	}
	if t.Pay.PaymentsPerYear > 0 {
		facts = append(facts, fact{Label: v.t("term.payments"), Value: v.number(t.Pay.PaymentsPerYear)})
	}
	for _, d := range t.Deductions {
		facts = append(facts, fact{Label: v.t("term.deduction", d.Label), Value: ref.Money{Amount: d.Amount, Currency: t.Pay.Currency}.Display(v.loc)})
	}
	return facts
}

// monthly gives the gross pay of a month in CFA francs and in the currency in
// which it is paid. Euro and CFA franc are tied to each other; for other
// currencies the day of the rate is told.
func (v *visit) monthly(paid ref.Pay, m monthlyPay) fact {
	f := fact{Label: v.t("term.monthly"), Value: v.both(m.cents, paid.Currency, m.on)}
	if paid.Period == ref.PerMonth && paid.PaymentsPerYear != 13 && paid.Currency != ref.XOF {
		low, _ := paid.Range() // as stated, without the rounding of the way there and back
		f.Value = v.t("pay.both", v.monthlyFrancs(paid, m.cents, m.on), low.Display(v.loc))
	}
	switch {
	case paid.Currency == ref.EUR:
		f.Note = v.t("pay.pegged")
	case paid.Currency != ref.XOF && m.from.Known():
		f.Note = v.t("pay.normalised", v.date(m.from))
	}
	return f
}

// monthlyFrancs writes the gross pay of a month in CFA francs: as it is stated
// where it is stated so, in the francs of West or of Central Africa, which are
// at par; else from its EUR cents.
func (w words) monthlyFrancs(p ref.Pay, cents int64, on ref.Date) string {
	low, _ := p.Range()
	if (p.Currency == ref.XOF || p.Currency == "XAF") && p.Period == ref.PerMonth && p.Basis == ref.Gross && p.PaymentsPerYear != 13 {
		return ref.Money{Amount: low.Amount, Currency: ref.XOF}.Display(w.loc)
	}
	return w.francs(cents, on)
}

// both writes EUR cents in CFA francs and in the currency of the pay.
func (v *visit) both(cents int64, paid ref.Currency, on ref.Date) string {
	if paid == ref.XOF {
		return v.francs(cents, on)
	}
	return v.t("pay.both", v.francs(cents, on), v.inCurrency(cents, paid, on))
}

// hourly gives the gross pay of an hour in EUR cents, over 52 weeks a year.
func hourly(t offer.Terms, m monthlyPay) (cents int64, ok bool) {
	if !m.known || t.HoursPerWeek <= 0 {
		return 0, false
	}
	weekly := int64(t.HoursPerWeek) * 52
	return (m.cents*1200 + weekly/2) / weekly, true
}

// benefit and cost are one line each of what is provided and who pays.
type (
	benefit struct {
		name  string
		value offer.Benefit
	}
	cost struct {
		name  string
		payer offer.Payer
	}
)

func benefitsOf(b offer.Benefits) []benefit {
	return []benefit{{"housing", b.Housing}, {"meals", b.Meals}, {"transport", b.Transport}, {"insurance", b.Insurance}, {"flight", b.Flight}}
}

func costsOf(t offer.Terms) []cost {
	return []cost{{"visa", t.Costs.Visa}, {"flight", t.Costs.Flight}, {"medical", t.Costs.Medical}, {"training", t.Costs.Training}}
}

func (v *visit) benefitFacts(b offer.Benefits) []fact {
	var facts []fact
	for _, each := range benefitsOf(b) {
		f := fact{Label: v.code("compared", "benefits."+each.name)}
		if each.value != "" {
			f.Value = v.code("benefit.answer", each.value)
		}
		facts = append(facts, f)
	}
	return facts
}

// costFacts begins with what the law says: recruitment costs the worker nothing.
func (v *visit) costFacts(t offer.Terms) []fact {
	fee := fact{Label: v.t("term.fee"), Value: v.t("term.fee.none")}
	if t.Costs.WorkerFee > 0 {
		fee.Value = ref.Money{Amount: t.Costs.WorkerFee, Currency: t.Pay.Currency}.Display(v.loc)
	}
	facts := []fact{fee}
	for _, each := range costsOf(t) {
		f := fact{Label: v.code("compared", "costs."+each.name)}
		if each.payer != "" {
			f.Value = v.code("party", each.payer)
		}
		facts = append(facts, f)
	}
	return facts
}

func (v *visit) profileFacts(t offer.Terms) []fact {
	education := ""
	if t.Education > 0 {
		education = t.Education.Label(v.loc)
	}
	age := ""
	if t.MinAge > 0 {
		age = v.count("years", t.MinAge)
	}
	facts := []fact{
		{Label: v.t("term.languages"), Value: v.needs(t.Languages)},
		{Label: v.t("term.education"), Value: education},
		{Label: v.t("term.experience"), Value: v.months(t.ExperienceMonths)},
		{Label: v.t("term.skills"), Value: joined(t.RequiredSkills, func(s ref.Skill) string { return s.Label(v.loc) })},
		{Label: v.t("term.welcome"), Value: joined(t.OptionalSkills, func(s ref.Skill) string { return s.Label(v.loc) })},
		{Label: v.t("term.licences"), Value: joined(t.Licences, func(l ref.Licence) string { return l.Label(v.loc) })},
		{Label: v.t("term.age"), Value: age},
	}
	if t.Regulated {
		facts = append(facts, fact{Label: v.t("term.regulated"), Value: v.t("term.regulated.yes")})
	}
	return facts
}

func (v *visit) needs(needs []offer.LanguageNeed) string {
	parts := make([]string, len(needs))
	for i, n := range needs {
		parts[i] = n.Language.Name(v.loc) + " " + n.Level.String()
	}
	return strings.Join(parts, ", ")
}

func joined[T any](values []T, label func(T) string) string {
	parts := make([]string, len(values))
	for i, value := range values {
		parts[i] = label(value)
	}
	return strings.Join(parts, ", ")
}
