package match

import (
	"math/big"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"passerelle/internal/domain/ref"
)

// The second formulation of the definition: rational numbers, sets as maps,
// dates as instants. It shares no code with the first.

func floor(r *big.Rat) int64 {
	return new(big.Int).Div(r.Num(), r.Denom()).Int64()
}

func frac(a, b int64) *big.Rat { return big.NewRat(a, b) }

// line gives floor(base + slope × part ÷ whole).
func line(base, slope, part, whole int64) int64 {
	r := new(big.Rat).Mul(frac(slope, 1), frac(part, whole))
	return floor(r.Add(r, frac(base, 1)))
}

func atMost(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func inSet[T comparable](list []T) map[T]bool {
	m := map[T]bool{}
	for _, x := range list {
		m[x] = true
	}
	return m
}

func speech(list []Language) map[ref.Language]int64 {
	m := map[ref.Language]int64{}
	for _, l := range list {
		m[l.Code] = int64(l.Level)
	}
	return m
}

func secondMonths(o *Offer, p *Profile) (m int64) {
	for _, e := range p.Experience {
		if len(o.Occupation) >= 2 && strings.HasPrefix(string(e.Occupation), string(o.Occupation[:2])) {
			m += e.Months
		}
	}
	return m
}

func secondOfAge(o *Offer, p *Profile, today ref.Date) bool {
	if p.BirthDate == "" {
		return false
	}
	day := today
	if o.Start != "" {
		day = o.Start
	}
	years := 18
	if o.MinAge > years {
		years = o.MinAge
	}
	born, err := time.Parse(time.DateOnly, string(p.BirthDate))
	// AddDate turns 29 February of a common year into 1 March.
	return err == nil && born.AddDate(years, 0, 0).Format(time.DateOnly) <= string(day)
}

func secondGates(o *Offer, p *Profile, today ref.Date) map[GateCode]bool {
	g := map[GateCode]bool{
		OfferOpen:    o.Open && !(o.Deadline != "" && o.Deadline < today),
		CorridorOpen: o.CorridorOpen || o.Country == "ML",
		Languages:    true, Licences: true,
		Education:    !(p.Education < o.Education),
		Months:       !(secondMonths(o, p) < o.MinMonths),
		Destination:  len(p.Countries) == 0 || inSet(p.Countries)[o.Country],
		Kind:         len(p.Kinds) == 0 || inSet(p.Kinds)[o.Kind],
		Availability: o.Start == "" || p.AvailableFrom == "" || !(p.AvailableFrom > o.Start),
		Age:          secondOfAge(o, p, today),
		Recognised:   !o.Regulated,
		Visible:      p.Visible,
	}
	for _, need := range o.Languages {
		g[Languages] = g[Languages] && speech(p.Languages)[need.Code] >= int64(need.Level)
	}
	for _, need := range o.Licences {
		g[Licences] = g[Licences] && inSet(p.Licences)[need]
	}
	for _, r := range p.Recognitions {
		if r.Country == o.Country && string(r.Group) == string(o.Occupation[:3]) {
			g[Recognised] = true
		}
	}
	return g
}

func secondOccupation(o *Offer, p *Profile) int64 {
	all := append(append([]ref.Occupation{}, p.Worked...), p.Sought...)
	for digits := 4; digits > 0; digits-- {
		for _, have := range all {
			if len(have) >= digits && len(o.Occupation) >= digits && have[:digits] == o.Occupation[:digits] {
				return map[int]int64{4: 10000, 3: 7000, 2: 4000, 1: 1500}[digits]
			}
		}
	}
	return 0
}

func secondSkills(o *Offer, p *Profile) int64 {
	r, opt, h := inSet(o.RequiredSkills), inSet(o.OptionalSkills), inSet(p.Skills)
	var rh, oh, on int64
	for s := range r {
		if h[s] {
			rh++
		}
	}
	for s := range opt {
		if r[s] {
			continue
		}
		on++
		if h[s] {
			oh++
		}
	}
	if len(r) == 0 && on == 0 {
		return 5000
	}
	return line(0, 10000, 2*rh+oh, 2*int64(len(r))+on)
}

func secondLanguages(o *Offer, p *Profile) int64 {
	if len(o.Languages) == 0 {
		return 5000
	}
	had, s, used, met := speech(p.Languages), int64(0), int64(0), true
	for code, required := range speech(o.Languages) {
		h := atMost(2, 6-required)
		s += h
		if over := had[code] - required; over > 0 {
			used += atMost(over, h)
		} else if over < 0 {
			met = false
		}
	}
	switch {
	case s == 0 && met:
		return 10000
	case s == 0:
		return 0
	}
	return line(5000, 5000, used, s)
}

func secondSalary(o *Offer, p *Profile) int64 {
	switch {
	case !o.PayKnown:
		return 0
	case p.MinPayCents == 0:
		return 5000
	case o.PayCents < p.MinPayCents:
		return line(0, 5000, o.PayCents, p.MinPayCents)
	}
	return line(5000, 5000, atMost(o.PayCents-p.MinPayCents, p.MinPayCents), p.MinPayCents)
}

func secondEducation(o *Offer, p *Profile) int64 {
	h := atMost(2, int64(8-o.Education))
	if h == 0 {
		return 10000
	}
	above := int64(p.Education - o.Education)
	if above < 0 {
		above = 0
	}
	return line(5000, 5000, atMost(above, h), h)
}

func secondShares(o *Offer, p *Profile) [6]int64 {
	q := o.MinMonths + 60
	return [6]int64{secondOccupation(o, p), secondSkills(o, p), secondLanguages(o, p),
		line(0, 10000, atMost(secondMonths(o, p), q), q), secondSalary(o, p), secondEducation(o, p)}
}

// agree compares both formulations on one pair.
func agree(t *rapid.T, o *Offer, p *Profile, w Weights) {
	got, gates, shares := Evaluate(o, p, w, someDay), secondGates(o, p, someDay), secondShares(o, p)
	eligible := true
	for _, g := range got.Gates {
		if g.Holds != gates[g.Code] {
			t.Fatalf("gate %s: %v, second formulation %v\n%+v\n%+v", g.Code, g.Holds, gates[g.Code], o, p)
		}
		eligible = eligible && (g.Holds || g.Code == Visible)
	}
	weights, score := [6]int64{w.Occupation, w.Skills, w.Languages, w.Experience, w.Salary, w.Education}, int64(0)
	for i, c := range got.Components {
		contribution := floor(new(big.Rat).Mul(frac(weights[i], 100), frac(shares[i], 1)))
		score += contribution
		if c.Share != shares[i] || c.Contribution != contribution || c.Weight != weights[i] {
			t.Fatalf("%s: %+v, second formulation share %d contribution %d\n%+v\n%+v", c.Code, c, shares[i], contribution, o, p)
		}
	}
	if got.Score != score || got.Eligible != eligible || got.EligibleIn(ToProfiles) != (eligible && p.Visible) {
		t.Fatalf("score %d eligible %v, second formulation %d %v", got.Score, got.Eligible, score, eligible)
	}
	if Eligible(o, p, ToOffers, someDay) != eligible || Eligible(o, p, ToProfiles, someDay) != (eligible && p.Visible) || Score(o, p, w) != score {
		t.Fatal("the short forms disagree with Evaluate")
	}
}

// ease takes away what most often keeps two that were drawn apart; languages,
// licences and months still decide.
func ease(o *Offer, p *Profile) {
	o.Open, o.CorridorOpen, o.Deadline, o.Regulated, o.Education = true, true, "", false, 0
	o.MinMonths = min(o.MinMonths, 6)
	o.Licences = o.Licences[:min(1, len(o.Licences))]
	o.Languages = o.Languages[:min(1, len(o.Languages))]
	p.BirthDate, p.AvailableFrom, p.Countries, p.Kinds = "1990-07-14", "", nil, nil
}

// TestSecondFormulation compares 2 000 random pairs: 20 in each of 100 draws.
func TestSecondFormulation(t *testing.T) {
	eligible, pairs := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		w := drawWeights(t)
		for range 20 {
			o, p := drawOffer(t), drawProfile(t)
			if rapid.Bool().Draw(t, "easy") {
				ease(&o, p)
			}
			agree(t, &o, p, w)
			pairs++
			if Eligible(&o, p, ToOffers, someDay) {
				eligible++
			}
		}
	})
	t.Logf("%d of %d pairs are eligible", eligible, pairs)
	if pairs < 2000 || eligible == 0 || eligible == pairs {
		t.Fatalf("%d pairs, %d eligible: the draw decides nothing", pairs, eligible)
	}
}
