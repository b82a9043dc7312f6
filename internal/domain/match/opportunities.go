package match

import (
	"cmp"
	"slices"

	"passerelle/internal/domain/ref"
)

// ChangeKind names what a person could change.
type ChangeKind string

// The kinds of change, in the order in which they are listed.
const (
	LearnLanguage   ChangeKind = "language"    // Code: language; Level: CEFR level to reach
	RaiseEducation  ChangeKind = "education"   // Level: the next ISCED level
	AddCountry      ChangeKind = "country"     // Code: a further wanted country
	AddKind         ChangeKind = "kind"        // Code: a further accepted kind of work
	GetRecognition  ChangeKind = "recognition" // Code: 3-digit group; Country: where
	GainExperience  ChangeKind = "experience"  // Code: 2-digit group; Level: further months (12)
	GetLicence      ChangeKind = "licence"     // Code: licence
	monthsOfAChange            = 12
)

// ChangeKinds lists the kinds of change in their order.
func ChangeKinds() []ChangeKind {
	return []ChangeKind{LearnLanguage, RaiseEducation, AddCountry, AddKind, GetRecognition, GainExperience, GetLicence}
}

// Change is one single change of a profile.
type Change struct {
	Kind    ChangeKind
	Code    string
	Country ref.Country
	Level   int64
}

// Opportunity says how many offers, closed to the person now, one change
// would open.
type Opportunity struct {
	Change
	Count int
}

// Opportunities counts, for every single change considered, the open offers
// whose failing gates are all repaired by it. For one language a level is
// reported only if it opens more than the next lower one. Order: count
// descending, then kind of change, code, country, level.
//
// Each change repairs one gate only, so an offer counts where exactly one
// gate fails.
func Opportunities(p *Profile, offers []*Offer, today ref.Date) []Opportunity {
	opened := map[Change]int{}
	for _, o := range offers {
		if gate, single := onlyFailing(o, p, today); single {
			if change, ok := repair(gate, o, p); ok {
				opened[change]++
			}
		}
	}
	found := make([]Opportunity, 0, len(opened))
	for change, count := range opened {
		found = append(found, Opportunity{Change: change, Count: count + lowerLevels(change, opened)})
	}
	slices.SortFunc(found, compareOpportunities)
	return found
}

// lowerLevels counts the offers that lower levels of the same language open:
// a level opens all that these do.
func lowerLevels(change Change, opened map[Change]int) (count int) {
	if change.Kind != LearnLanguage {
		return 0
	}
	for change.Level--; change.Level > 0; change.Level-- {
		count += opened[change]
	}
	return count
}

// onlyFailing finds the gate that fails when exactly one does.
func onlyFailing(o *Offer, p *Profile, today ref.Date) (failing GateCode, single bool) {
	for _, code := range Gates() {
		if code == Visible || Holds(code, o, p, today) {
			continue
		}
		if single {
			return "", false
		}
		failing, single = code, true
	}
	return failing, single
}

// repair gives the smallest considered change that makes the failing gate
// hold, if there is one.
func repair(gate GateCode, o *Offer, p *Profile) (Change, bool) {
	switch gate {
	case Languages:
		return missingLanguage(o, p)
	case Education:
		return Change{Kind: RaiseEducation, Level: int64(o.Education)}, p.Education+1 == o.Education
	case Destination:
		return Change{Kind: AddCountry, Code: string(o.Country)}, true
	case Kind:
		return Change{Kind: AddKind, Code: string(o.Kind)}, true
	case Recognised:
		need := o.Recognition()
		return Change{Kind: GetRecognition, Code: string(need.Group), Country: need.Country}, len(need.Group) == 3
	case Months:
		group := o.Occupation.Prefix(2)
		enough := p.RelevantMonths(o.Occupation)+monthsOfAChange >= o.MinMonths
		return Change{Kind: GainExperience, Code: string(group), Level: monthsOfAChange}, enough && len(group) == 2
	case Licences:
		return missingLicence(o, p)
	}
	return Change{}, false
}

func missingLanguage(o *Offer, p *Profile) (change Change, single bool) {
	for _, need := range o.Languages {
		if p.LevelOf(need.Code) >= need.Level {
			continue
		}
		if single {
			return Change{}, false
		}
		change, single = Change{Kind: LearnLanguage, Code: string(need.Code), Level: int64(need.Level)}, true
	}
	return change, single
}

func missingLicence(o *Offer, p *Profile) (change Change, single bool) {
	for _, code := range o.Licences {
		if slices.Contains(p.Licences, code) {
			continue
		}
		if single {
			return Change{}, false
		}
		change, single = Change{Kind: GetLicence, Code: string(code)}, true
	}
	return change, single
}

func compareOpportunities(a, b Opportunity) int {
	order := ChangeKinds()
	return cmp.Or(cmp.Compare(b.Count, a.Count),
		cmp.Compare(slices.Index(order, a.Kind), slices.Index(order, b.Kind)),
		cmp.Compare(a.Code, b.Code), cmp.Compare(a.Country, b.Country), cmp.Compare(a.Level, b.Level))
}
