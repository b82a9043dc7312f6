package assignment

import (
	"maps"
	"slices"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/lifecycle/lifecycletest"
	"passerelle/internal/domain/offer"
)

var (
	morning = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	first   = account.Actor{Account: "acc_a", Role: account.Official, Origin: "203.0.113.0/24"}
	second  = account.Actor{Account: "acc_b", Role: account.Official}
)

// world is a service over memory; it is its own read model.
type world struct {
	lifecycletest.Shelf[ID, Assignment]
	now       time.Time
	offers    map[offer.ID]offer.Card
	agencies  map[agency.ID]agency.Card
	employers map[employer.ID]employer.Card
	incidents map[incident.ID]incident.Card
	*Service
}

func newWorld() *world {
	w := &world{Shelf: lifecycletest.NewShelf(func(a *Assignment) ID { return a.ID }), now: morning,
		offers: map[offer.ID]offer.Card{"off_1": {ID: "off_1", State: offer.Submitted}}, agencies: map[agency.ID]agency.Card{"agy_1": {ID: "agy_1", State: agency.Applied}},
		employers: map[employer.ID]employer.Card{"emp_1": {ID: "emp_1", State: employer.Declared}},
		incidents: map[incident.ID]incident.Card{"inc_1": {ID: "inc_1", State: incident.Received, Reporter: "acc_c"}}}
	w.Service = NewService(Deps{Store: w.Shelf, Reader: w, Now: func() time.Time { return w.now }})
	return w
}

func (w *world) Assignment(id ID) (*Assignment, bool) {
	a, err := w.Shelf.Get(nil, id)
	return a, err == nil
}

func (w *world) AssignmentsOf(by account.ID) (mine []*Assignment) {
	for _, id := range slices.Sorted(maps.Keys(w.Docs)) {
		if a, _ := w.Assignment(id); a.By == by {
			mine = append(mine, a)
		}
	}
	return mine
}

func (w *world) OfferCard(id offer.ID) (offer.Card, bool) { c, ok := w.offers[id]; return c, ok }

func (w *world) AgencyCard(id agency.ID) (agency.Card, bool) { c, ok := w.agencies[id]; return c, ok }

func (w *world) EmployerCard(id employer.ID) (employer.Card, bool) {
	c, ok := w.employers[id]
	return c, ok
}

func (w *world) IncidentCard(id incident.ID) (incident.Card, bool) {
	c, ok := w.incidents[id]
	return c, ok
}

func files() []File {
	return []File{{Offer, "off_1"}, {Agency, "agy_1"}, {Employer, "emp_1"}, {Incident, "inc_1"}}
}

// goOn takes each file one step further, to where another official decides.
func (w *world) goOn() {
	w.offers["off_1"] = offer.Card{ID: "off_1", State: offer.Approved}
	w.agencies["agy_1"] = agency.Card{ID: "agy_1", State: agency.Vetted}
	w.employers["emp_1"] = employer.Card{ID: "emp_1", State: employer.Accredited, Pending: employer.ActBar}
	w.incidents["inc_1"] = incident.Card{ID: "inc_1", State: incident.Reopened}
}

// rest takes each file to where it waits for nobody.
func (w *world) rest() {
	w.offers["off_1"] = offer.Card{ID: "off_1", State: offer.Published}
	w.agencies["agy_1"] = agency.Card{ID: "agy_1", State: agency.Active}
	w.employers["emp_1"] = employer.Card{ID: "emp_1", State: employer.Accredited}
	w.incidents["inc_1"] = incident.Card{ID: "inc_1", State: incident.Triaged}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}
