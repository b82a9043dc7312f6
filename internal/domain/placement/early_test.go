package placement_test

import (
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/placement"
)

// TestNothingComesBeforeItsTime: news, insurance abroad and the way back belong
// to a person who has arrived, whoever states them.
func TestNothingComesBeforeItsTime(t *testing.T) {
	d := newDesk(t)
	id := d.cleared()
	before := len(d.file(id).History)
	_, err := d.CheckIn(t.Context(), person, id, placement.Contact{Channel: placement.CheckInChannels()[0]})
	d.want(err, fault.Conflict, "transition")
	_, err = d.AddInsurance(t.Context(), officialA, id, placement.InsurancePeriod{Branch: placement.Branches()[0], From: d.today()})
	d.want(err, fault.Conflict, "transition")
	_, err = d.Conclude(t.Context(), officialA, id, placement.Outcome{State: "vanished"})
	d.wantField(err, "/outcome", "reason.unknown")
	if p := d.file(id); len(p.History) != before || p.State != placement.Cleared {
		t.Errorf("the file went on: %s, %+v", p.State, p.History)
	}
}

// TestOnlyTheSystemForgets: taking a person out of a file is the work of an
// erasure that was asked for, not of an official.
func TestOnlyTheSystemForgets(t *testing.T) {
	d := newDesk(t)
	id := d.cleared()
	for _, who := range []account.Actor{person, bureau, officialA, {}} {
		d.want(d.ForgetOne(t.Context(), who, id, "erasure"), fault.Forbidden, "auth.forbidden")
	}
	if p := d.file(id); p.Candidate == "" || p.State != placement.Cleared {
		t.Error("the person is gone from the file")
	}
	d.ok(d.ForgetOne(t.Context(), system, id, "erasure"))
	if d.file(id).Candidate != "" {
		t.Error("the person is still in the file")
	}
}

// TestFilesOpenOnPublishedTerms: without terms that were published there is
// nothing a contract could be held against.
func TestFilesOpenOnPublishedTerms(t *testing.T) {
	d := newDesk(t)
	d.offer.Frozen = nil
	_, err := d.Open(t.Context(), "app_1")
	d.want(err, fault.Conflict, "placement.offer.unpublished")
}

// TestContractsAreReadByTheirNumber: another number names none.
func TestContractsAreReadByTheirNumber(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	d.propose(id, nil)
	for _, number := range []int{-1, 0, 2, 1 << 30} {
		_, err := d.ReadContract(t.Context(), person, id, number)
		d.want(err, fault.NotFound, "placement.contract.not_found")
	}
	_, err := d.ReadContract(t.Context(), person, id, 1)
	d.ok(err)
}
