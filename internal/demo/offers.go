package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// ends says how many of the sample's last offers stop in which state; all
// others are published.
func ends() []offer.State {
	var out []offer.State
	for _, e := range []struct {
		state offer.State
		n     int
	}{
		{offer.Draft, 8}, {offer.Submitted, 12}, {offer.Refused, 4}, {offer.Approved, 8}, {offer.Suspended, 5},
		{offer.Closed, 6}, {offer.Withdrawn, 4}, {offer.Expired, 8},
	} {
		out = append(out, slices.Repeat([]offer.State{e.state}, e.n)...)
	}
	return out
}

func (m *maker) offers() error {
	unfinished := ends()
	all := trades()
	for n := range Offers {
		end := offer.Published
		if k := n - (Offers - len(unfinished)); k >= 0 {
			end = unfinished[k]
		}
		if err := m.offer(n, all[n%len(all)], end); err != nil {
			return fmt.Errorf("offer %d: %w", n, err)
		}
	}
	return nil
}

// where draws a destination that takes the trade: harvests are in Europe and
// the Maghreb, and Mali itself looks for skills of its diaspora.
func (m *maker) where(t trade) destination {
	all := destinations()
	for {
		n := m.r.IntN(104)
		for _, d := range all {
			if n -= d.weight; n >= 0 {
				continue
			}
			if t.season && !slices.Contains([]ref.Country{"ES", "FR", "IT", "PT", "MA", "MR", "SN"}, d.country) {
				break
			}
			return d
		}
	}
}

// bureauFor gives the agency that posts: foreign services for their own
// country, otherwise one of the active ones of Mali.
func (m *maker) bureauFor(d destination) *agency.Agency {
	if d.country == "ES" && m.chance(40) {
		return m.Agencies[6]
	}
	return m.Agencies[[]int{0, 0, 0, 1, 1, 3, 4, 5, 7}[m.r.IntN(9)]]
}

func (m *maker) employerFor(t trade, d destination, city string, by *agency.Agency) *employer.Employer {
	name := fmt.Sprintf(pick(m, employerNames()[t.field]), city)
	if e, ok := m.employers[name]; ok {
		return e
	}
	n := len(m.Employers)
	e := &employer.Employer{
		ID: employer.ID(id("emp_", n, name)), Rev: 2, State: employer.Accredited, CreatedBy: by.CreatedBy, Agency: string(by.ID),
		Facts:     employer.Facts{Name: name, Country: d.country, Registration: fmt.Sprintf("DEMO-%s-%04d", d.country, n), Sites: []employer.Site{{Name: "Site principal", City: city}}},
		Decisions: []employer.Decision{{Action: "accredit", By: m.official(n).Account, At: m.ago(200)}},
		CreatedAt: m.ago(210), UpdatedAt: m.ago(200),
	}
	m.employers[name] = e
	m.Employers = append(m.Employers, e)
	return e
}

// offer makes one offer and walks it to its state.
func (m *maker) offer(n int, t trade, end offer.State) error {
	d := m.where(t)
	by := m.bureauFor(d)
	city := pick(m, d.cities)
	e := m.employerFor(t, d, city, by)
	made := m.ago(5 + m.r.IntN(60))
	key := offer.ID(id("off_", n, t.title))
	o := &offer.Offer{
		ID: key, Rev: 1, Reference: offer.MakeReference(key, made.Year(), 0), Agency: string(by.ID), AgencyKind: string(by.Facts.Kind),
		CreatedBy: by.CreatedBy, State: offer.Draft, Source: offer.Source{Confidence: 100}, CreatedAt: made, UpdatedAt: made,
	}
	o.Current = offer.Version{Number: 1, State: offer.Draft, Terms: m.terms(t, d, city, e, end), Editors: []account.ID{by.CreatedBy}}
	if err := m.floor(o, e, made); err != nil {
		return err
	}
	if err := m.walk(o, e, by, made, end); err != nil {
		return err
	}
	m.Offers = append(m.Offers, o)
	return nil
}

func (m *maker) terms(t trade, d destination, city string, e *employer.Employer, end offer.State) offer.Terms {
	out := offer.Terms{
		Title: t.title + " (F/H)", Occupation: t.occupation, Kind: m.kind(t, d), Employer: string(e.ID), EmployerName: e.Facts.Name,
		Country: d.country, City: city, Places: 1 + m.r.IntN(12), Start: m.date(30 + m.r.IntN(150)),
		HoursPerWeek: pick(m, []int{3500, 3900, 4000, 4000}), DaysPerWeek: pick(m, []int{500, 500, 600}),
		Education: max(0, t.education-1), ExperienceMonths: t.months, RequiredSkills: t.required, OptionalSkills: t.optional,
		Licences: t.licences, Regulated: t.regulated && d.country != ref.Mali, Deadline: m.date(10 + m.r.IntN(80)),
		Costs: offer.Costs{Visa: offer.ByEmployer, Flight: offer.ByEmployer, Medical: offer.ByEmployer, Training: offer.ByEmployer},
		Benefits: offer.Benefits{
			Housing: pick(m, []offer.Benefit{offer.Provided, offer.NotProvided, ""}), Meals: pick(m, []offer.Benefit{offer.Provided, "", ""}),
			Transport: pick(m, []offer.Benefit{offer.Provided, ""}), Insurance: offer.Provided, Flight: offer.Provided,
		},
	}
	if end == offer.Expired {
		out.Deadline = m.date(-2 - m.r.IntN(4)) // two days: an hour ago may have been yesterday
	}
	if out.Kind != ref.Permanent {
		out.DurationMonths = pick(m, []int{3, 4, 6, 9, 12, 24})
	}
	if d.language != "" {
		out.Languages = []offer.LanguageNeed{{Language: d.language, Level: d.level}}
	}
	if d.country != ref.Mali && d.language == "" {
		out.Languages = []offer.LanguageNeed{{Language: "fr", Level: ref.A2}}
	}
	out.Pay = m.pay(t.wage*d.wage/100, d.currency)
	out.Description = describe(t, d, city, out)
	out.Normalise()
	return out
}

func (m *maker) kind(t trade, d destination) ref.WorkKind {
	switch {
	case t.season:
		return pick(m, []ref.WorkKind{ref.Seasonal, ref.Seasonal, ref.Circular})
	case d.country == ref.Mali && t.education >= 6:
		return ref.ExpertMission
	case t.occupation == "2310":
		return ref.Academic
	case m.chance(5):
		return ref.Internship
	case m.chance(4):
		return ref.Posted
	default:
		return pick(m, []ref.WorkKind{ref.FixedTerm, ref.FixedTerm, ref.Permanent, ref.Circular})
	}
}

// pay turns a monthly wage in EUR cents into a round local amount.
func (m *maker) pay(cents int64, currency ref.Currency) ref.Pay {
	rate, _ := ref.RateOn(currency, ref.DateOf(m.now)) // every currency of the sample has one
	unit := int64(1)
	for range currency.Decimals() {
		unit *= 10
	}
	major := cents * rate.Den / rate.Num / 100
	step := max(5, pow10(len(fmt.Sprint(major))-2)/2)
	return ref.Pay{Min: (major/step + 1) * step * unit, Currency: currency, Period: ref.PerMonth, Basis: ref.Gross, PaymentsPerYear: 12}
}

// roundUp gives the next amount an employer would write: a multiple of ten
// major units.
func roundUp(minor int64, currency ref.Currency) int64 {
	step := 10 * pow10(currency.Decimals())
	return (minor + step - 1) / step * step
}

func pow10(n int) int64 {
	p := int64(1)
	for range max(0, n) {
		p *= 10
	}
	return p
}

// floor raises the pay until the corridor's floor is met: the sample shows
// offers that were corrected before publication.
func (m *maker) floor(o *offer.Offer, e *employer.Employer, at time.Time) error {
	for range 60 {
		first, blocked := offer.Blocking(m.lint(o, e, at))
		if !blocked {
			return nil
		}
		if !strings.HasPrefix(first.Pointer, "/pay") {
			return fmt.Errorf("%s: the linter blocks %s %s %v", o.Current.Terms.Title, first.Code, first.Pointer, first.Args)
		}
		pay := &o.Current.Terms.Pay
		pay.Min = roundUp(pay.Min+pay.Min/10, pay.Currency)
	}
	return fmt.Errorf("%s: no pay satisfies the linter", o.Current.Terms.Title)
}

func (m *maker) lint(o *offer.Offer, e *employer.Employer, at time.Time) []offer.Finding {
	return offer.Lint(offer.Facts{
		Terms: o.Working().Terms, AgencyKind: agency.Kind(o.AgencyKind), Corridor: m.corridors[o.Working().Terms.Country],
		Employer: e.State, EmployerCountry: e.Facts.Country, Today: ref.DateOf(at),
	})
}

// walk takes the offer to its state, step by step, by the right people.
func (m *maker) walk(o *offer.Offer, e *employer.Employer, by *agency.Agency, made time.Time, end offer.State) error {
	member := account.Actor{Account: by.CreatedBy, Role: account.Agency, Agency: string(by.ID)}
	n := m.r.IntN(3)
	findings := m.lint(o, e, made)
	steps := []struct {
		to offer.State
		do func(at time.Time) error
	}{
		{offer.Submitted, func(at time.Time) error { return o.Submit(offer.Act{By: member, At: at}, findings) }},
		{offer.Approved, func(at time.Time) error { return o.Approve(offer.Act{By: m.official(n), At: at}, findings) }},
		{offer.Published, func(at time.Time) error { return o.Publish(offer.Act{By: m.official(n + 1), At: at}, findings) }},
	}
	act := func(actor account.Actor) offer.Act { return offer.Act{By: actor, At: m.now.Add(-time.Hour)} }
	switch end {
	case offer.Draft:
		steps = nil
	case offer.Submitted, offer.Refused:
		steps = steps[:1]
	case offer.Approved:
		steps = steps[:2]
	}
	at := made
	for _, s := range steps {
		if at = at.Add(25 * time.Hour); at.After(m.now) {
			at = m.now.Add(-time.Minute)
		}
		if err := s.do(at); err != nil {
			return err
		}
		o.Rev, o.UpdatedAt = o.Rev+1, at
	}
	switch end {
	case offer.Refused:
		return o.Refuse(act(m.official(n)), offer.Decision{Reason: "pay_too_low", Note: "Le salaire proposé est inférieur à l’usage du secteur. Merci de le revoir avec l’employeur."})
	case offer.Suspended:
		return o.Suspend(act(m.official(n)))
	case offer.Closed:
		return o.Close(act(member))
	case offer.Withdrawn:
		return o.Withdraw(act(member))
	case offer.Expired:
		return o.Expire(act(account.SystemActor()))
	}
	return nil
}

// describe writes the advertisement's text.
func describe(t trade, d destination, city string, terms offer.Terms) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s recrute pour son site de %s (%s) : %s.\n\nVos tâches :\n", terms.EmployerName, city, d.country.Name(ref.French), lowerFirst(t.title))
	for _, task := range t.tasks {
		fmt.Fprintf(&b, "- %s ;\n", task)
	}
	fmt.Fprintf(&b, "\nProfil recherché : %s.\n", t.profile)
	if terms.Kind == ref.ExpertMission {
		b.WriteString("\nCette mission s’adresse en priorité aux Maliennes et aux Maliens établis à l’extérieur, pour un séjour d’appui au pays.\n")
	}
	b.WriteString("\nUne formation à la sécurité est donnée à l’arrivée. Le recrutement est gratuit pour le travailleur.")
	return b.String()
}

func lowerFirst(s string) string {
	r := []rune(s)
	return strings.ToLower(string(r[:1])) + string(r[1:])
}
