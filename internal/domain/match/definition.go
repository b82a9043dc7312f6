package match

import (
	"slices"

	"passerelle/internal/domain/ref"
)

// GateCode names a condition of eligibility.
type GateCode string

// The gates, all of which must hold.
const (
	OfferOpen    GateCode = "offer_open"    // published, not past its deadline, a place free
	CorridorOpen GateCode = "corridor_open" // for this kind and occupation
	Languages    GateCode = "language"      // every required one at the required level
	Education    GateCode = "education"     // highest level ≥ minimum
	Months       GateCode = "experience"    // relevant months ≥ minimum
	Licences     GateCode = "licence"       // every required one is held
	Destination  GateCode = "destination"   // the country is wanted, or any
	Kind         GateCode = "kind"          // the kind is accepted, or any
	Availability GateCode = "availability"  // available by the start, when both are known
	Age          GateCode = "age"           // of age on the start date
	Recognised   GateCode = "recognition"   // where the occupation is regulated
	Visible      GateCode = "visible"       // consents to be found; only from offer to profiles
)

// GateCount is the number of gates.
const GateCount = 12

// Gates lists the gates in the order of the definition; visible is last.
func Gates() [GateCount]GateCode {
	return [GateCount]GateCode{OfferOpen, CorridorOpen, Languages, Education, Months, Licences,
		Destination, Kind, Availability, Age, Recognised, Visible}
}

// Direction says who looks for whom. It matters for the visible gate only.
type Direction int

// The directions.
const (
	ToOffers   Direction = iota // a person looks for offers
	ToProfiles                  // an offer looks for people: they must consent to be found
)

// GateResult is the outcome of one gate.
type GateResult struct {
	Code  GateCode
	Holds bool
}

// Result is what the definition says of one pair. Eligible is the person's
// direction: every gate but visible holds. Score and shares are defined for
// ineligible pairs too.
type Result struct {
	Eligible   bool
	Gates      [GateCount]GateResult
	Components [ComponentCount]Component
	Score      int64 // 0–10 000
}

// EligibleIn reports whether the pair is a match in that direction.
func (r *Result) EligibleIn(d Direction) bool {
	return r.Eligible && (d == ToOffers || r.Gates[GateCount-1].Holds)
}

// Evaluate applies the whole definition to one pair on the day today.
func Evaluate(o *Offer, p *Profile, w Weights, today ref.Date) Result {
	result := Result{Eligible: true}
	for i, code := range Gates() {
		holds := Holds(code, o, p, today)
		result.Gates[i] = GateResult{Code: code, Holds: holds}
		if !holds && code != Visible {
			result.Eligible = false
		}
	}
	result.Components = components(o, p, w)
	for _, c := range result.Components {
		result.Score += c.Contribution
	}
	return result
}

// Eligible applies the gates only, and stops at the first that fails.
func Eligible(o *Offer, p *Profile, d Direction, today ref.Date) bool {
	if d == ToProfiles && !p.Visible {
		return false
	}
	for _, code := range Gates() {
		if code != Visible && !Holds(code, o, p, today) {
			return false
		}
	}
	return true
}

// Score computes the score only.
func Score(o *Offer, p *Profile, w Weights) (score int64) {
	for _, c := range components(o, p, w) {
		score += c.Contribution
	}
	return score
}

// Holds applies one gate. An unknown code does not hold.
func Holds(code GateCode, o *Offer, p *Profile, today ref.Date) bool {
	switch code {
	case OfferOpen:
		return o.OpenOn(today)
	case CorridorOpen:
		return o.CorridorOpen || o.Country == ref.Mali
	case Languages:
		return speaksAll(o, p)
	case Education:
		return p.Education >= o.Education
	case Months:
		return p.RelevantMonths(o.Occupation) >= o.MinMonths
	case Licences:
		return holdsAll(o.Licences, p.Licences)
	case Destination:
		return len(p.Countries) == 0 || slices.Contains(p.Countries, o.Country)
	case Kind:
		return len(p.Kinds) == 0 || slices.Contains(p.Kinds, o.Kind)
	case Availability:
		return !p.AvailableFrom.Known() || !o.Start.Known() || p.AvailableFrom <= o.Start
	case Age:
		years, known := p.BirthDate.AgeOn(o.ageDay(today))
		return known && years >= o.requiredAge()
	case Recognised:
		return !o.Regulated || slices.Contains(p.Recognitions, o.Recognition())
	case Visible:
		return p.Visible
	}
	return false
}

// OpenOn reports whether people can apply that day; the deadline day itself
// is open.
func (o *Offer) OpenOn(today ref.Date) bool {
	return o.Open && (!o.Deadline.Known() || today <= o.Deadline)
}

// ageDay gives the day on which age counts: the start, or today when the
// start is unknown.
func (o *Offer) ageDay(today ref.Date) ref.Date {
	if o.Start.Known() {
		return o.Start
	}
	return today
}

func (o *Offer) requiredAge() int { return max(AdultAge, o.MinAge) }

// Recognition gives the recognised qualification that opens the offer where
// its occupation is regulated.
func (o *Offer) Recognition() Recognition {
	return Recognition{Group: o.Occupation.Prefix(3), Country: o.Country}
}

// RelevantMonths sums the months of work in occupations that share the first
// two digits with the given one.
func (p *Profile) RelevantMonths(occupation ref.Occupation) (months int64) {
	for _, e := range p.Experience {
		if sharedDigits(e.Occupation, occupation) >= 2 {
			months += e.Months
		}
	}
	return months
}

// LevelOf gives the person's level in a language; none when not stated.
func (p *Profile) LevelOf(code ref.Language) ref.Level {
	for _, l := range p.Languages {
		if l.Code == code {
			return l.Level
		}
	}
	return ref.NoLevel
}

func speaksAll(o *Offer, p *Profile) bool {
	for _, need := range o.Languages {
		if p.LevelOf(need.Code) < need.Level {
			return false
		}
	}
	return true
}

// holdsAll reports whether every needed code is had.
func holdsAll[T comparable](needed, had []T) bool {
	for _, n := range needed {
		if !slices.Contains(had, n) {
			return false
		}
	}
	return true
}

// sharedDigits counts the leading digits two occupations have in common.
func sharedDigits(a, b ref.Occupation) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
