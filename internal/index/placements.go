package index

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/profile"
)

// placementRow is what the index holds of a placement, in its place among the
// newest. How urgent it is changes with the clock; see byUrgency.
type placementRow struct {
	newest line[placement.Card]
}

// PutPlacement takes in a placement as it was stored.
func (ix *Index) PutPlacement(p *placement.Placement) {
	card := placement.CardOf(p, ix.calendar, ix.now())
	row := &placementRow{line[placement.Card]{place{newestFirst(card.UpdatedAt), string(card.ID)}, card}}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if _, known := ix.placements.get(p.ID); !known {
		person := profile.ID(p.Profile)
		ix.journeys[person] = append(ix.journeys[person], p.ID)
	}
	ix.placements.put(p.ID, row)
	ix.outbox(Placements, string(p.ID), p.Pending)
}

// DropPlacement forgets a placement.
func (ix *Index) DropPlacement(id placement.ID) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if row, ok := ix.placements.get(id); ok {
		person := profile.ID(row.newest.card.Profile)
		ix.journeys[person] = slices.DeleteFunc(ix.journeys[person], func(have placement.ID) bool { return have == id })
		if len(ix.journeys[person]) == 0 {
			delete(ix.journeys, person)
		}
		ix.placements.drop(id)
	}
	ix.outbox(Placements, string(id), nil)
}

// mostUrgentFirst writes risk and clock so that the greater risk comes first
// and then what runs out first; a file without a clock comes last.
func mostUrgentFirst(c *placement.Card) string {
	due := int64(math.MaxInt64)
	if !c.Due.IsZero() {
		due = c.Due.UnixMicro()
	}
	return fmt.Sprintf("%03d%016x", 100-min(max(c.Risk, 0), 100), uint64(due)^1<<63)
}

// PlacementCard finds one card.
func (ix *Index) PlacementCard(id placement.ID) (placement.Card, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if row, ok := ix.placements.get(id); ok {
		return row.newest.card, true
	}
	return placement.Card{}, false
}

// SearchPlacements gives a page of the placements the query's scope sees, in
// the query's order. A clock that has run out and a claim that has are judged
// now, not when the file was written. A position that no page of that order
// gave leads to an empty one.
func (ix *Index) SearchPlacements(q placement.Query) listing.Result[placement.Card] {
	now := ix.now()
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	keep := func(c *placement.Card) bool {
		return seesPlacement(q.Scope, c) && isAsked(&q, c) && isPressing(&q, c, now)
	}
	known := ix.agenciesKnown()
	page := listing.Page{Limit: q.Limit, After: q.After}
	if q.Order == placement.Urgent {
		return pageOrNone(ix.byUrgency(known, now, keep), page, func(*placement.Card) bool { return true })
	}
	rows := make([]*line[placement.Card], len(ix.placements.rows))
	for i, row := range ix.placements.rows {
		rows[i] = &row.newest
	}
	result := pageOrNone(rows, page, keep)
	for i := range result.Items {
		c := &result.Items[i]
		c.Risk = c.RiskAt(known(c.Agency), now)
	}
	return result
}

// byUrgency gives the rows that keep lets through with their risk of now, in
// places that go by it. The caller holds the lock.
func (ix *Index) byUrgency(known func(agency string) placement.Known, now time.Time, keep func(*placement.Card) bool) (rows []*line[placement.Card]) {
	for _, row := range ix.placements.rows {
		if keep(&row.newest.card) {
			c := row.newest.card
			c.Risk = c.RiskAt(known(c.Agency), now)
			rows = append(rows, &line[placement.Card]{place{mostUrgentFirst(&c), string(c.ID)}, c})
		}
	}
	return rows
}

// agenciesKnown gives what the risk takes from each agency. The caller holds
// the lock as long as it asks.
func (ix *Index) agenciesKnown() func(id string) placement.Known {
	carried := map[string]bool{}
	for _, row := range ix.placements.rows {
		if row.newest.card.Carried() {
			carried[row.newest.card.Agency] = true
		}
	}
	known := map[string]placement.Known{}
	return func(id string) placement.Known {
		k, ok := known[id]
		if !ok {
			var card agency.Card
			if row, found := ix.agencies.get(agency.ID(id)); found {
				card = row.card
			}
			k = placement.KnownOf(card, carried[id])
			known[id] = k
		}
		return k
	}
}

// AgencyKnown is what the risk of an agency's files takes from the agency.
func (ix *Index) AgencyKnown(id agency.ID) placement.Known {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.agenciesKnown()(string(id))
}

func seesPlacement(s account.Scope, c *placement.Card) bool {
	return s.All || s.Agency != "" && s.Agency == c.Agency || s.Account != "" && s.Account == c.Candidate
}

// isAsked answers the members of a query that do not depend on the time.
func isAsked(q *placement.Query, c *placement.Card) bool {
	return (len(q.States) == 0 || slices.Contains(q.States, c.State)) &&
		(q.Offer == "" || q.Offer == c.Offer) && (q.Country == "" || q.Country == c.Country) &&
		(q.Held == "" || slices.Contains(c.Holds, q.Held)) && (q.Agency == "" || q.Agency == c.Agency) && (q.Step == "" || q.Step == c.Step) &&
		strings.HasPrefix(string(c.Occupation), string(q.Occupation)) && (q.From == "" || c.OpenedOn() >= q.From) && (q.Until == "" || c.OpenedOn() <= q.Until)
}

// isPressing answers those that do.
func isPressing(q *placement.Query, c *placement.Card, now time.Time) bool {
	claimed := c.ClaimBy != "" && now.Before(c.ClaimUntil)
	return (!q.Overdue || !c.Due.IsZero() && !now.Before(c.Due)) &&
		(q.ClaimedBy == "" || claimed && q.ClaimedBy == c.ClaimBy) && (!q.Unclaimed || !claimed)
}

// EachPlacement shows every card, in no particular order, until see says no.
// The cards are read only; see must not ask the index anything.
func (ix *Index) EachPlacement(see func(*placement.Card) bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	for _, row := range ix.placements.rows {
		if !see(&row.newest.card) {
			return
		}
	}
}

// PlacementsAffected gives the cards that match, ordered by id: those that a
// suspension of a country, an occupation, an employer or an agency touches.
func (ix *Index) PlacementsAffected(match func(*placement.Card) bool) []placement.Card {
	var found []placement.Card
	ix.EachPlacement(func(c *placement.Card) bool {
		if match(c) {
			found = append(found, *c)
		}
		return true
	})
	slices.SortFunc(found, func(a, b placement.Card) int { return place{id: string(a.ID)}.compare(place{id: string(b.ID)}) })
	return found
}

// PlacementsOf lists the placements of a profile, in no particular order.
func (ix *Index) PlacementsOf(id profile.ID) []placement.ID {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return slices.Clone(ix.journeys[id])
}

// PlacementFor tells whether the round of an application has its placement.
func (ix *Index) PlacementFor(id application.ID, round int) (placement.Card, bool) {
	return ix.PlacementCard(placement.MakeID(string(id), round))
}
