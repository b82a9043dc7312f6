package index

import (
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/assignment"
	"passerelle/internal/domain/audit"
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
