package incident_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/lifecycle/lifecycletest"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/placement"
)

var (
	person    = account.Actor{Account: "acc_person", Role: account.Candidate, Origin: "203.0.113.0/24"}
	stranger  = account.Actor{Account: "acc_stranger", Role: account.Candidate}
	bureau    = account.Actor{Account: "acc_bureau", Role: account.Agency, Agency: "agy_1"}
	rival     = account.Actor{Account: "acc_rival", Role: account.Agency, Agency: "agy_2"}
	officialA = account.Actor{Account: "acc_a", Role: account.Official}
	nobody    = account.Actor{Origin: "203.0.113.0/24"}
)

// desk is the service over maps.
type desk struct {
	*incident.Service
	t      *testing.T
	now    time.Time
	made   int
	cases  lifecycletest.Shelf[incident.ID, incident.Incident]
	cards  map[placement.ID]placement.Card
	files  map[placement.ID]*placement.Placement
	held   []string
	broken bool // holding fails
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, now: time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC), cases: lifecycletest.NewShelf(func(i *incident.Incident) incident.ID { return i.ID }), files: map[placement.ID]*placement.Placement{}}
	d.cases.Aside = []string{"Next", "Last"} // a follow-up code turns over with each use
	d.cards = map[placement.ID]placement.Card{"pla_1": {ID: "pla_1", Agency: "agy_1", Offer: "off_1", Candidate: person.Account, Country: "ES", State: placement.InPost}}
	d.Service = incident.NewService(incident.Deps{
		Store: d.cases, Model: model{d}, Files: holder{d}, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return d.now },
		Secret: func() string { d.made++; return fmt.Sprintf("code-%d", d.made) },
		NewID:  func(prefix string) string { d.made++; return fmt.Sprintf("%s%04d", prefix, d.made) },
	})
	return d
}

func (d *desk) ok(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatalf("unexpected: %v", err)
	}
}

func (d *desk) want(err error, kind fault.Kind, code string) {
	d.t.Helper()
	if f := fault.Of(err); f == nil || f.Kind != kind || f.Code != code {
		d.t.Fatalf("got %v, want %s %s", err, kind, code)
	}
}

func (d *desk) file(actor account.Actor, change func(*incident.Report)) incident.Given {
	d.t.Helper()
	r := incident.Report{Category: "wages", Description: "Deux mois sans salaire.", Discreet: true}
	if change != nil {
		change(&r)
	}
	given, err := d.File(d.t.Context(), actor, r)
	d.ok(err)
	return given
}

func (d *desk) stored(id incident.ID) *incident.Incident {
	d.t.Helper()
	i, err := d.cases.Get(d.t.Context(), id)
	d.ok(err)
	return i
}

type model struct{ *desk }

func (m model) IncidentCard(id incident.ID) (incident.Card, bool) {
	i, err := m.cases.Get(context.Background(), id)
	if err != nil {
		return incident.Card{}, false
	}
	return i.Card(), true
}

func (m model) EachIncident(see func(*incident.Card) bool) {
	for id := range m.cases.Docs {
		if c, ok := m.IncidentCard(id); ok && !see(&c) {
			return
		}
	}
}

func (m model) SearchIncidents(q incident.Query) (page listing.Result[incident.Card]) {
	m.EachIncident(func(c *incident.Card) bool {
		if q.Scope.Seen(c) {
			page.Items = append(page.Items, *c)
			page.Total++
		}
		return true
	})
	return page
}

func (m model) PlacementCard(id placement.ID) (placement.Card, bool) {
	c, ok := m.cards[id]
	return c, ok
}

func (m model) EachPlacement(see func(*placement.Card) bool) {
	for _, c := range m.cards {
		if !see(&c) {
			return
		}
	}
}

func (m model) AgencyCard(id agency.ID) (agency.Card, bool) {
	return agency.Card{ID: id}, id == "agy_1"
}

// Accounts gives the officials of the ministry, a mission and the agency for
// employment.
func (m model) Accounts(q account.Query) (page listing.Result[account.Card]) {
	if q.Role != account.Official || q.State != account.Active || !q.Scope.All {
		return page
	}
	for id, institution := range map[account.ID]string{"acc_a": "ministry", "acc_b": "mission", "acc_c": "anpe"} {
		page.Items = append(page.Items, account.Card{ID: id, Role: account.Official, Institution: institution})
	}
	return page
}

type holder struct{ *desk }

var errBroken = errors.New("broken")

func (h holder) HoldForSafety(_ context.Context, id placement.ID, of string) error {
	if h.broken {
		return errBroken
	}
	h.desk.held = append(h.desk.held, string(id)+" "+of)
	return nil
}

// Get reads a file, for OpenOverdue.
func (h holder) Get(_ context.Context, id placement.ID) (*placement.Placement, error) {
	return h.desk.files[id], nil
}
