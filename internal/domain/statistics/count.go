package statistics

import (
	"context"
	"maps"
	"slices"

	"passerelle/internal/domain/application"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// homeCode is the country whose regions are counted.
const homeCode = string(ref.Mali)

// Unknown is the code of what was not said.
const Unknown = "unknown"

// The codes of sex in tables.
const (
	female   = string(profile.Female)
	male     = string(profile.Male)
	unstated = Unknown
)

// Pending is the outcome of applications that still run without a selection.
const Pending = "pending"

// Outcomes lists the outcomes in the order shown.
func Outcomes() []string {
	return []string{
		string(application.Selected), string(application.Refused), Pending, string(application.Withdrawn), string(application.Closed),
	}
}

// tally counts one quarter.
type tally struct {
	offersByCountry, offersByOccupation, outcomes map[string]int
	people                                        map[person]int
}

// person is what is counted of somebody; the region is empty outside Mali.
type person struct{ country, region, sex string }

func newTally() *tally {
	return &tally{map[string]int{}, map[string]int{}, map[string]int{}, map[person]int{}}
}

// count goes through all records once and counts the quarters asked for.
func (s *Service) count(ctx context.Context, quarters []Quarter) (map[Quarter]*tally, error) {
	counts := map[Quarter]*tally{}
	for _, q := range quarters {
		counts[q] = newTally()
	}
	err := s.Source.Offers(ctx, func(o *offer.Offer) error {
		if o.Frozen != nil {
			if t := counts[QuarterOf(o.Frozen.PublishedAt)]; t != nil {
				t.addOffer(o)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	agreed := map[string]bool{}
	err = s.Source.Profiles(ctx, func(p *profile.Profile) error {
		if p.Erased() || !p.Consented(profile.PurposeStatistics) {
			return nil
		}
		agreed[string(p.ID)] = true
		if t := counts[QuarterOf(p.CreatedAt)]; t != nil {
			t.people[personOf(p)]++
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return counts, s.Source.Applications(ctx, func(a *application.Application) error {
		at, ok := firstSubmitted(a)
		if t := counts[at]; ok && t != nil && agreed[a.Profile] {
			t.outcomes[outcomeOf(a.State)]++
		}
		return nil
	})
}

// addOffer counts an offer in the quarter in which its terms were published.
func (t *tally) addOffer(o *offer.Offer) {
	terms := o.Frozen.Terms
	t.offersByCountry[known(string(terms.Country))]++
	t.offersByOccupation[known(string(terms.Occupation.Prefix(2)))]++
}

func known(code string) string {
	if code == "" {
		return Unknown
	}
	return code
}

func personOf(p *profile.Profile) person {
	who := person{country: known(string(p.Facts.Residence.Country)), sex: known(string(p.Facts.Identity.Sex))}
	if who.country == homeCode {
		who.region = known(string(p.Facts.Residence.Region))
	}
	return who
}

// firstSubmitted gives the quarter in which the person first applied.
func firstSubmitted(a *application.Application) (Quarter, bool) {
	for _, e := range a.History {
		if e.State == application.Submitted {
			return QuarterOf(e.At), true
		}
	}
	return "", false
}

func outcomeOf(s application.State) string {
	if slices.Contains(Outcomes(), string(s)) {
		return string(s)
	}
	return Pending
}

// tree makes a one-level tree of counts, in the order given or, without one,
// by code.
func tree(counts map[string]int, order []string) Cell {
	if order == nil {
		order = slices.Sorted(maps.Keys(counts))
	}
	var c Cell
	for _, code := range order {
		c.Count += counts[code]
		c.Parts = append(c.Parts, Cell{Code: code, Count: counts[code]})
	}
	return c
}

// peopleTree makes the tree of people: country, in Mali region, then sex. Mali
// comes first, because most people live there.
func (t *tally) peopleTree() Cell {
	countries := map[string]map[string]map[string]int{}
	for who, n := range t.people {
		regions := countries[who.country]
		if regions == nil {
			regions = map[string]map[string]int{}
			countries[who.country] = regions
		}
		if regions[who.region] == nil {
			regions[who.region] = map[string]int{}
		}
		regions[who.region][who.sex] += n
	}
	codes := slices.Sorted(maps.Keys(countries))
	if at := slices.Index(codes, homeCode); at > 0 {
		codes = append([]string{homeCode}, slices.Delete(codes, at, at+1)...)
	}
	var all Cell
	for _, code := range codes {
		all.add(countryCell(code, countries[code]))
	}
	return all
}

// add puts a part under the cell.
func (c *Cell) add(part Cell) {
	c.Count += part.Count
	c.Parts = append(c.Parts, part)
}

// countryCell counts a country; only Mali is told by region.
func countryCell(code string, regions map[string]map[string]int) Cell {
	cell := Cell{Code: code}
	for _, region := range slices.Sorted(maps.Keys(regions)) {
		cell.add(bySex(region, regions[region]))
	}
	if code != homeCode {
		cell.Parts = nil
	}
	return cell
}

// bySex counts women and men, both guarded, and those who did not say.
func bySex(region string, counts map[string]int) Cell {
	cell := Cell{Code: region}
	cell.add(Cell{Code: female, Count: counts[female], Guarded: true})
	cell.add(Cell{Code: male, Count: counts[male], Guarded: true})
	cell.add(Cell{Code: unstated, Count: counts[unstated]})
	return cell
}
