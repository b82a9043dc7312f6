package app

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/incident"
)

// said is what a person reports; the end tells whether it is kept or given out.
const said = "Le salaire de trois mois n’est pas payé au chantier Almadies."

// TestPR01ReportsAreThePersonsOwn: the export holds the reports made from the
// account and no other's; an erasure takes the account out of them and keeps
// what was said, in the open case and sealed in the store. covers PR-01, PR-02
func TestPR01ReportsAreThePersonsOwn(t *testing.T) {
	s := newStage(t, openHouse(t))
	p, other := s.resident(), s.resident()
	report := object{"category": "wages", "description": said}
	id := p.must(http.StatusCreated, "POST", "/incidents", report).member("id")
	p.must(http.StatusCreated, "POST", "/incidents", object{"category": "fee", "description": "rapport 4711 non signé", "anonymous": true})
	r := p.must(http.StatusOK, "GET", "/me/export", nil)
	if text := string(r.body); !strings.Contains(text, said) || !strings.Contains(text, id) || strings.Contains(text, "rapport 4711 non signé") {
		t.Errorf("the export: %s", text)
	}
	if text := string(other.must(http.StatusOK, "GET", "/me/export", nil).body); strings.Contains(text, said) || strings.Contains(text, id) {
		t.Error("somebody else’s export holds the report")
	}
	p.must(http.StatusNoContent, "DELETE", "/me", nil)
	i, err := s.stores.incidents.Get(t.Context(), incident.ID(id))
	if err != nil || i.Reporter != "" || i.Next != "" || i.Description != said || i.History[0].By != "" {
		t.Errorf("after the erasure: %+v %v", i, err)
	}
	s.subjectsForgotten()
}

// TestPR03ClosedCasesLoseTheirWords five years after they were closed, and not
// while they are open or before. covers PR-03
func TestPR03ClosedCasesLoseTheirWords(t *testing.T) {
	a := quietHouse(t)
	now := a.clock.Now()
	cases := map[incident.ID]struct {
		state  incident.State
		closed time.Time
		gone   bool
	}{
		"inc_old": {incident.Resolved, now.AddDate(0, -61, 0), true}, "inc_dismissed": {incident.Unfounded, now.AddDate(0, -61, 0), true},
		"inc_young": {incident.Resolved, now.AddDate(0, -59, 0), false}, "inc_open": {incident.InProgress, now.AddDate(0, -90, 0), false},
	}
	for id, c := range cases {
		err := a.stores.incidents.Insert(t.Context(), &incident.Incident{ID: id, Rev: 1, State: c.state, Category: "wages", Reporter: "acc_p", Description: said,
			Entries: []incident.Entry{{By: "acc_p", Reporter: true, Text: said}}, CreatedAt: c.closed, UpdatedAt: account.Moment(c.closed)})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, dry := range []bool{true, false, false} {
		if _, err := a.services.privacy.Retain(t.Context(), dry); err != nil {
			t.Fatal(err)
		}
		for id, c := range cases {
			i, err := a.stores.incidents.Get(t.Context(), id)
			gone := c.gone && !dry
			if err != nil || i.Forgotten() != gone || (i.Entries[0].Text == "") != gone || (i.Reporter == "") != gone || i.Category != "wages" || gone && i.Rev != 2 {
				t.Errorf("%s, dry %t: %+v %v", id, dry, i, err)
			}
		}
	}
}
