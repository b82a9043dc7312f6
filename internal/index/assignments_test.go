package index

import (
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/assignment"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/offer"
)

func TestAssignments(t *testing.T) {
	ix := New(Options{Now: time.Now})
	put := func(id string, by account.ID, pending audit.Log) {
		f := assignment.File{Kind: assignment.Offer, ID: id}
		ix.PutAssignment(&assignment.Assignment{ID: f.Assignment(), File: f, By: by, Pending: pending})
	}
	put("off_2", "acc_a", audit.Log{{ID: "aud_asg_off_2_1_0"}})
	put("off_1", "acc_a", nil)
	put("off_3", "acc_b", nil)
	mine := ix.AssignmentsOf("acc_a")
	if len(mine) != 2 || mine[0].File.ID != "off_1" || mine[1].File.ID != "off_2" {
		t.Errorf("%+v", mine)
	}
	if waiting := ix.PendingSubjects(); len(waiting) != 1 || waiting[0] != (Subject{Assignments, "asg_off_2"}) {
		t.Errorf("outboxes %+v", waiting)
	}
	put("off_2", "", nil)
	if a, known := ix.Assignment("asg_off_2"); !known || a.By != "" || len(ix.AssignmentsOf("acc_a")) != 1 || len(ix.PendingSubjects()) != 0 {
		t.Errorf("given back: %+v", a)
	}
	if _, known := ix.Assignment("asg_off_9"); known {
		t.Error("an assignment that never was")
	}
}

// TestCardsTellSinceWhenAFileWaits: a claim made before that is over.
func TestCardsTellSinceWhenAFileWaits(t *testing.T) {
	early, late := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	ix := New(Options{Now: time.Now})
	o := &offer.Offer{ID: "off_1", State: offer.Submitted, Current: offer.Version{Number: 1, State: offer.Submitted, SubmittedAt: early}}
	for _, tc := range []struct {
		name   string
		change func()
		want   time.Time
	}{
		{"submitted", func() {}, early},
		{"approved", func() {
			o.State, o.Current.State, o.Current.ApprovedAt = offer.Approved, offer.Approved, late
		}, late},
		{"published", func() { o.State, o.Current.State = offer.Published, offer.Published }, time.Time{}},
		{"next version", func() { o.Next = &offer.Version{Number: 2, State: offer.Submitted, SubmittedAt: late} }, late},
	} {
		tc.change()
		ix.PutOffer(o)
		if c, _ := ix.OfferCard("off_1"); !c.WaitsSince.Equal(tc.want) {
			t.Errorf("%s: waits since %s, want %s", tc.name, c.WaitsSince, tc.want)
		}
	}
	ix.PutAgency(&agency.Agency{ID: "agy_1", State: agency.Applied, Decisions: []agency.Decision{{At: early}, {Action: "refuse", At: late}}})
	if c, _ := ix.AgencyCard("agy_1"); !c.DecidedAt.Equal(late) {
		t.Errorf("the agency was decided on at %s", c.DecidedAt)
	}
	ix.PutIncident(&incident.Incident{ID: "inc_1", State: incident.Reopened, CreatedAt: early, History: []incident.Event{
		{State: incident.Received, At: early}, {State: incident.Reopened, At: late}, {Action: "follow_up", State: incident.Reopened, At: late.Add(time.Hour)}}})
	if c, _ := ix.IncidentCard("inc_1"); !c.Since.Equal(late) {
		t.Errorf("the case is reopened since %s", c.Since)
	}
}
