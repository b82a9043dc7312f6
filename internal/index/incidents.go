package index

import (
	"fmt"
	"slices"
	"strconv"

	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/listing"
)

// PutIncident takes in an incident as it was stored.
func (ix *Index) PutIncident(i *incident.Incident) {
	row := &line[incident.Card]{place{foremost(i), string(i.ID)}, i.Card()}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.incidents.put(i.ID, row)
	ix.outbox(Incidents, string(i.ID), i.Pending)
}

// foremost orders incidents: open before closed, by priority, what nobody has
// looked at first, then the oldest.
func foremost(i *incident.Incident) string {
	closed, seen := "0", "1"
	if i.State.Closed() {
		closed = "1"
	}
	if i.State.Untriaged() {
		seen = "0"
	}
	return closed + strconv.Itoa(i.Priority()) + seen + fmt.Sprintf("%016x", uint64(i.CreatedAt.UnixMicro())^1<<63)
}

// IncidentCard finds one card.
func (ix *Index) IncidentCard(id incident.ID) (incident.Card, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if row, ok := ix.incidents.get(id); ok {
		return row.card, true
	}
	return incident.Card{}, false
}

// EachIncident shows every card, in no particular order, until see says no.
// What it sees may not call the index back.
func (ix *Index) EachIncident(see func(*incident.Card) bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	for _, row := range ix.incidents.rows {
		card := row.card
		if !see(&card) {
			return
		}
	}
}

// SearchIncidents gives a page of the incidents the query's scope sees: open
// ones first, by priority, then the oldest. A position that no page gave leads
// to an empty one.
func (ix *Index) SearchIncidents(q incident.Query) listing.Result[incident.Card] {
	now := ix.now()
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return pageOrNone(ix.incidents.rows, listing.Page{Limit: q.Limit, After: q.After}, func(c *incident.Card) bool {
		return q.Scope.Seen(c) && (q.Category == "" || q.Category == c.Category) && (q.Placement == "" || q.Placement == c.Placement) &&
			(q.Country == "" || q.Country == c.Country) && (!q.SafetyOnly || c.Safety) &&
			(len(q.States) == 0 || slices.Contains(q.States, c.State)) &&
			(!q.Late || c.State.Untriaged() && now.After(c.TriageDue))
	})
}
