package placement_test

import (
	"slices"
	"testing"

	"passerelle/internal/domain/placement"
)

// told lists what the file's outbox has asked for of these templates.
func (d *desk) told(id placement.ID, templates ...string) (all []string) {
	for _, n := range d.file(id).Outbox {
		if slices.Contains(templates, n.Template) {
			all = append(all, n.Template+" "+n.Recipient)
		}
	}
	return all
}

// TestADueCheckInIsToldOnce on the day it is due and not before, and the next
// one again.
func TestADueCheckInIsToldOnce(t *testing.T) {
	d := newDesk(t)
	id := d.arrived()
	ask := func() []string {
		t.Helper()
		_, err := d.AskDue(t.Context())
		d.ok(err)
		return d.told(id, "placement.check_in")
	}
	if got := ask(); len(got) > 0 {
		t.Errorf("on arrival: %v", got)
	}
	d.now = d.file(id).Journey.CheckIns[0].Due.Time()
	one := []string{"placement.check_in " + string(person.Account)}
	if got := ask(); !slices.Equal(got, one) {
		t.Errorf("on the day: %v", got)
	}
	rev := d.file(id).Rev
	d.days(1)
	if got := ask(); !slices.Equal(got, one) || d.file(id).Rev != rev {
		t.Errorf("the day after: %v", got)
	}
	_, err := d.CheckIn(t.Context(), person, id, placement.Contact{Channel: "web", Well: true, PaidAs: true})
	d.ok(err)
	d.now = d.file(id).Journey.CheckIns[1].Due.Time()
	if got := ask(); len(got) != 2 {
		t.Errorf("the second one: %v", got)
	}
}

// TestALateArrivalIsToldToBothSides, once each.
func TestALateArrivalIsToldToBothSides(t *testing.T) {
	d := newDesk(t)
	id := d.departed()
	d.now = d.file(id).Journey.DueOn.AddDays(1).Time()
	for range 2 {
		_, err := d.NoteAllOverdue(t.Context())
		d.ok(err)
	}
	want := []string{"placement.overdue " + string(person.Account), "placement.overdue.agency acc_m1", "placement.overdue.agency acc_m2"}
	if got := d.told(id, "placement.overdue", "placement.overdue.agency"); !slices.Equal(got, want) {
		t.Errorf("told %v", got)
	}
}
