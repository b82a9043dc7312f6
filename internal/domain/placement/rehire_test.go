package placement_test

import (
	"testing"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/placement"
)

// TestNobodyIsWantedBackByWhoHarmedThem: an employer’s wish to have a person
// back counts once the work has ended, and never after a breach, unpaid work,
// abuse or a death; that nobody is wanted can always be said.
func TestNobodyIsWantedBackByWhoHarmedThem(t *testing.T) {
	d := newDesk(t)
	running := d.inPost()
	_, err := d.WishBack(t.Context(), bureau, running, placement.Wish{Wanted: true})
	d.want(err, fault.Conflict, "transition")
	for cause, allowed := range map[string]bool{"employer_breach": false, "non_payment": false, "abuse": false, "death": false, "accident": true, "resignation": true} {
		d := newDesk(t)
		id := d.inPost()
		_, err := d.End(t.Context(), person, id, placement.End{On: d.today(), Early: true, Cause: cause})
		d.ok(err)
		_, err = d.WishBack(t.Context(), bureau, id, placement.Wish{Wanted: true, From: d.today()})
		if allowed {
			d.ok(err)
		} else {
			d.want(err, fault.Conflict, "transition")
		}
		if p := d.file(id); p.Ending.Rehire != allowed {
			t.Errorf("%s: wanted back is %v", cause, p.Ending.Rehire)
		}
		p, err := d.WishBack(t.Context(), bureau, id, placement.Wish{From: d.today()})
		d.ok(err)
		if p.Ending.Rehire || p.Ending.RehireFrom != "" {
			t.Errorf("%s: not wanted back is kept as %+v", cause, p.Ending)
		}
	}
}
