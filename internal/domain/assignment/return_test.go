package assignment

import (
	"testing"
	"time"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/offer"
)

// comeBack has each file leave its step and come to it again at that time.
func (w *world) comeBack(at time.Time) {
	w.offers["off_1"] = offer.Card{ID: "off_1", State: offer.Submitted, WaitsSince: at}
	w.agencies["agy_1"] = agency.Card{ID: "agy_1", State: agency.Applied, DecidedAt: at}
	w.employers["emp_1"] = employer.Card{ID: "emp_1", State: employer.Declared, DecidedAt: at}
	w.incidents["inc_1"] = incident.Card{ID: "inc_1", State: incident.Received, Since: at}
}

// TestAFileThatCameBackIsAnybodys: what was given back to be corrected and is
// submitted again within the four hours is not the earlier holder's.
func TestAFileThatCameBackIsAnybodys(t *testing.T) {
	w := newWorld()
	w.comeBack(morning)
	for _, f := range files() {
		must[Holding](t)(w.Take(t.Context(), first, f))
		if w.Holder(second, f).By != "acc_a" {
			t.Errorf("%s: who took it as it came does not have it", f.Kind)
		}
	}
	w.now = morning.Add(2 * time.Hour)
	w.comeBack(morning.Add(time.Hour))
	mine := w.Mine(first)
	if len(mine.Offers)+len(mine.Agencies)+len(mine.Employers)+len(mine.Incidents) != 0 {
		t.Errorf("still among one's own: %+v", mine)
	}
	for _, f := range files() {
		if held := w.Holder(second, f); held != (Holding{}) || !w.Waits(second, f) {
			t.Errorf("%s: %+v", f.Kind, held)
		}
		if held := must[Holding](t)(w.Take(t.Context(), second, f)); held.By != "acc_b" || w.Holder(first, f) != held {
			t.Errorf("%s: %+v", f.Kind, held)
		}
	}
}
