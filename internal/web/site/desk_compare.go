package site

import (
	"net/url"
	"strconv"

	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// sideLine is one term of work: as published, as in the contract, and the
// least the corridor's law asks for.
type sideLine struct {
	Label, Offered, Found, Law string
	Verdict, Word              string // code and words of the difference
	Blocking                   bool
	Unlawful                   bool // the contract is under the least
}

// addContracts shows the contract the address asks for, else the last one,
// beside the offer and the law.
func (v *visit) addContracts(page *departurePage, p *placement.Placement, c *corridor.Corridor) {
	if len(p.Contracts) == 0 {
		return
	}
	chosen := len(p.Contracts)
	if n, err := strconv.Atoi(v.query().Get("contrat")); err == nil && n >= 1 && n <= chosen {
		chosen = n
	}
	for _, k := range p.Contracts {
		label := v.t("desk.contract", k.Number, v.code("stage", k.Stage))
		page.Contracts = append(page.Contracts, tab{Href: address(departureHref(p.ID), url.Values{"contrat": {strconv.Itoa(k.Number)}}) + "#contrat", Label: label, Current: k.Number == chosen})
	}
	k := p.Contracts[chosen-1]
	page.Blocking = len(placement.Blocking(k.Lines))
	for _, l := range k.Lines {
		line := v.sideLine(l, p.Frozen.Terms, k.Terms, c)
		if line.Offered+line.Found+line.Law != "" { // else nobody says anything
			page.Sides = append(page.Sides, line)
		}
	}
	if c != nil {
		page.Law = corridorHref(c.Code)
	}
}

func (v *visit) sideLine(l placement.Line, offered, found offer.Terms, c *corridor.Corridor) sideLine {
	line := sideLine{Label: v.termLabel(l.Field), Offered: v.termValue(l.Field, offered), Found: v.termValue(l.Field, found), Verdict: string(l.Verdict), Word: v.code("verdict", l.Verdict), Blocking: l.Blocking()}
	if c != nil {
		line.Law, line.Unlawful = v.lawValue(c, found, l.Field)
	}
	return line
}

// lawValue gives the least the corridor asks for, and whether the contract
// stays under it.
func (v *visit) lawValue(c *corridor.Corridor, t offer.Terms, name string) (text string, under bool) {
	switch name {
	case "pay":
		floor, ok := c.Floor(t.Occupation, v.today())
		if !ok {
			return "", false
		}
		cents, known := ref.NormalisedPay(t.Pay, t.HoursPerWeek, t.DaysPerWeek, v.today())
		return v.t("desk.law.floor", v.both(floor, ref.EUR, v.today())), known && cents < floor
	case "hoursPerWeek":
		if c.MaxHours == 0 {
			return "", false
		}
		return v.t("desk.law.most", v.t("term.hours.value", v.hundredths(c.MaxHours))), t.HoursPerWeek > c.MaxHours
	case "occupation":
		if c.IsRegulated(t.Occupation) {
			return v.t("desk.law.regulated"), false
		}
	case "kind":
		if len(c.Kinds) > 0 && c.Accepts(t.Kind) {
			return v.t("desk.law.kind"), false
		} else if len(c.Kinds) > 0 {
			return joined(c.Kinds, v.kindName), true
		}
	}
	return v.costLaw(c, t, name)
}

// costLaw tells who may bear a cost.
func (v *visit) costLaw(c *corridor.Corridor, t offer.Terms, name string) (text string, under bool) {
	item, ok := map[string]corridor.Item{"costs.visa": corridor.Visa, "costs.flight": corridor.Travel, "costs.medical": corridor.Medical,
		"costs.training": corridor.Training, "costs.workerFee": corridor.Recruitment}[name]
	if !ok {
		return "", false
	}
	if most, charged := c.WorkerPays(item); charged && most > 0 {
		return v.t("corridor.fee.most", v.code("party", corridor.Worker), v.francs(most, v.today())), false
	} else if charged {
		return v.code("party", corridor.Worker), false
	}
	if name == "costs.workerFee" {
		return v.t("corridor.fee.never"), t.Costs.WorkerFee > 0
	}
	for _, each := range costsOf(t) {
		if "costs."+each.name == name {
			return v.t("corridor.fee.never"), each.payer == offer.ByWorker
		}
	}
	return "", false
}
