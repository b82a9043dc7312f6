package store_test

import (
	"testing"
	"time"

	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/assignment"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/suspension"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

// fullAgreement has every member set.
func fullAgreement() *agreement.Agreement {
	return &agreement.Agreement{
		ID: "agr_1", Rev: 4, UpdatedAt: registerDay, Pending: registerLog("agr_1"),
		Facts: agreement.Facts{Title: agreement.Text{FR: "Convention", EN: "Convention"}, Kind: agreement.SocialSecurity, Parties: []ref.Country{"ML", "FR"},
			SignedOn: "1979-06-12", InForceOn: "1983-06-01", ExpiresOn: "2033-06-01", Source: "https://example.org/a", Confirmed: true,
			Clauses: []agreement.Clause{{Number: "article 3", Topic: agreement.Text{FR: "Totalisation", EN: "Totalisation"}, Summary: agreement.Text{FR: "r", EN: "s"}}}},
	}
}

// fullAct has every member set.
func fullAct() *suspension.Act {
	track := suspension.Track{After: "pla_9", Done: 3, Total: 7, Finished: true}
	return &suspension.Act{
		ID: "sus_1", Rev: 4, Direction: suspension.Opening, Number: "Arrêté 2", Evidence: "JO", By: "acc_a", At: registerDay, Lifts: []suspension.ID{"sus_0"},
		Scope:  suspension.Scope{Target: suspension.Target{Kind: suspension.Corridor, ID: "ML-ES"}, Work: ref.Seasonal, Occupation: "92"},
		Offers: track, Files: track, People: track, Silent: 2, FinishedAt: registerDay, UpdatedAt: registerDay.Add(time.Hour), Pending: registerLog("sus_1"),
	}
}

func TestAgreementStore(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		heard := &heardOf[agreement.Agreement]{}
		s := store.NewAgreementStore(db, heard.watch)
		var _ agreement.Store = s
		keepsContract(t, s, heard, contractOf[agreement.Agreement, agreement.ID]{noun: "agreement", id: "agr_1", full: fullAgreement,
			empty: func() *agreement.Agreement { return &agreement.Agreement{ID: "agr_1", Rev: 1} },
			rev:   func(a *agreement.Agreement) *int64 { return &a.Rev }, load: s.LoadAgreements})
	})
}

func TestSuspensionStore(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		heard := &heardOf[suspension.Act]{}
		s := store.NewSuspensionStore(db, heard.watch)
		var _ suspension.Store = s
		keepsContract(t, s, heard, contractOf[suspension.Act, suspension.ID]{noun: "suspension", id: "sus_1", full: fullAct,
			empty: func() *suspension.Act { return &suspension.Act{ID: "sus_1", Rev: 1} },
			rev:   func(a *suspension.Act) *int64 { return &a.Rev }, load: s.LoadActs})
	})
}

// fullAssignment has every member set.
func fullAssignment() *assignment.Assignment {
	return &assignment.Assignment{ID: "asg_off_1", Rev: 4, File: assignment.File{Kind: assignment.Offer, ID: "off_1"}, Step: "submitted", By: "acc_a",
		At: registerDay, Until: registerDay.Add(assignment.For), UpdatedAt: registerDay, Pending: registerLog("asg_off_1")}
}

func TestAssignmentStore(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		heard := &heardOf[assignment.Assignment]{}
		s := store.NewAssignmentStore(db, heard.watch)
		var _ assignment.Store = s
		keepsContract(t, s, heard, contractOf[assignment.Assignment, assignment.ID]{noun: "assignment", id: "asg_off_1", full: fullAssignment,
			empty: func() *assignment.Assignment { return &assignment.Assignment{ID: "asg_off_1", Rev: 1} },
			rev:   func(a *assignment.Assignment) *int64 { return &a.Rev }, load: s.LoadAssignments})
	})
}
