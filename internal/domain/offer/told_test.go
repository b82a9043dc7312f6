package offer_test

import (
	"context"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
)

// TestToldByReference: what a reference tells anybody, and what it keeps back.
func TestToldByReference(t *testing.T) {
	ctx, anybody := context.Background(), account.Actor{}
	for name, c := range map[string]struct {
		change func(h *house, id offer.ID)
		state  offer.State
		open   bool
	}{
		"in force":         {func(*house, offer.ID) {}, offer.Published, true},
		"past the day":     {func(h *house, _ offer.ID) { h.now = h.now.AddDate(3, 0, 0) }, offer.Expired, false},
		"agency suspended": {func(h *house, _ offer.ID) { h.agencies["agy_1"] = agency.Card{ID: "agy_1", State: agency.Suspended} }, offer.Suspended, false},
		"corridor shut": {func(h *house, _ offer.ID) {
			h.corridors["ML-ES"] = &corridor.Corridor{Code: "ML-ES", Destination: "ES", Suspensions: []corridor.Suspension{{ID: "a", Act: "n° 1"}}}
		}, offer.Suspended, false},
		"closed":    {func(h *house, id offer.ID) { h.offers[id].State = offer.Closed }, offer.Closed, false},
		"withdrawn": {func(h *house, id offer.ID) { h.offers[id].State = offer.Withdrawn }, offer.Withdrawn, false},
	} {
		h := newHouse()
		terms := soundTerms()
		terms.Deadline = "2027-06-30"
		o := h.publish(t, terms)
		c.change(h, o.ID)
		got, err := h.Told(ctx, anybody, o.Reference)
		if err != nil || got.State != c.state || got.Open != c.open || got.Reference != o.Reference {
			t.Errorf("%s: %+v %v", name, got, err)
		}
		if hidden := !got.State.Shown(); hidden != (got.Title == "") {
			t.Errorf("%s: title %q", name, got.Title)
		}
	}
	h := newHouse()
	draft := ok(t)(h.Create(ctx, agent, soundTerms()))
	_, err := h.Told(ctx, anybody, draft.Reference)
	want(t, err, fault.NotFound, "offer.not_found")
	_, err = h.Told(ctx, anybody, "OFF-2026-AAAA")
	want(t, err, fault.Invalid, "offer.reference.malformed")
	wrong := []byte(draft.Reference)
	wrong[len(wrong)-2] ^= 1
	if _, err = h.Told(ctx, anybody, string(wrong)); !fault.Is(err, fault.Invalid) {
		t.Errorf("a wrong check character: %v", err)
	}
}
