package index

import (
	"fmt"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/incident"
)

// TestIncidentsInTheOrderOfTheirPriority: open before closed, safety first,
// what nobody has looked at first, then the oldest; every page has its place.
func TestIncidentsInTheOrderOfTheirPriority(t *testing.T) {
	at := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	ix := New(Options{Now: func() time.Time { return at.Add(25 * time.Hour) }})
	put := func(id incident.ID, category string, state incident.State, hours int) {
		i := &incident.Incident{ID: id, Category: category, Safety: incident.Safety(category, nil), State: state, Placement: "pla_1", Agency: "agy_1",
			Reporter: "acc_1", CreatedAt: at.Add(time.Duration(hours) * time.Hour)}
		i.TriageDue = i.CreatedAt.Add(24 * time.Hour)
		ix.PutIncident(i)
	}
	put("f", "violence", incident.Resolved, 0)
	put("e", "wages", incident.Received, 2)
	put("d", "wages", incident.Received, 0)
	put("c", incident.ArrivalOverdue, incident.Received, 5)
	put("b", "missing", incident.InProgress, 0)
	put("a", "violence", incident.Received, 9)
	listed := func(q incident.Query) (ids string) {
		for {
			page := ix.SearchIncidents(q)
			for _, c := range page.Items {
				ids += string(c.ID)
			}
			if page.Next == "" {
				return ids
			}
			q.After = page.Next
		}
	}
	all := incident.Scope{All: true}
	for want, q := range map[string]incident.Query{
		"abcdef": {Scope: all, Limit: 2}, "abf": {Scope: all, SafetyOnly: true}, "d": {Scope: all, Late: true}, "": {},
		"de": {Scope: all, Category: "wages"}, "cde": {Scope: incident.Scope{Agency: "agy_1"}},
		"abcdef ": {Scope: incident.Scope{Reporter: "acc_1"}}, " ": {Scope: incident.Scope{Agency: "agy_2", Reporter: account.ID("acc_2")}},
	} {
		if got := listed(q); got != want && got+" " != want {
			t.Errorf("%+v lists %q, want %q", q, got, want)
		}
	}
	put("a", "violence", incident.Resolved, 9)
	if got := listed(incident.Query{Scope: all}); got != "bcdefa" {
		t.Errorf("after a was closed: %q", got)
	}
	card, known := ix.IncidentCard("a")
	if !known || card.State != incident.Resolved {
		t.Errorf("card %+v", card)
	}
	seen := 0
	ix.EachIncident(func(*incident.Card) bool { seen++; return seen < 3 })
	if seen != 3 {
		t.Error(fmt.Sprint("saw ", seen))
	}
}
