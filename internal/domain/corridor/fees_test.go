package corridor

import (
	"context"
	"testing"

	"passerelle/internal/domain/fault"
)

// TestTwoOfficialsLetWorkersPay: one official proposes, another decides;
// nobody does both, and until then no worker is charged.
func TestTwoOfficialsLetWorkersPay(t *testing.T) {
	ctx := context.Background()
	refused := func(err error, kind fault.Kind, code string) {
		t.Helper()
		if !fault.Is(err, kind) || fault.Of(err).Code != code {
			t.Errorf("got %v, want %v %s", err, kind, code)
		}
	}
	propose := func(s *Service, rev int64) *Corridor {
		f := sound()
		f.WorkerFees = true
		return must[*Corridor](t)(s.Put(ctx, official("acc_a"), "ML-ES", rev, f))
	}
	s, _, _ := newTestService()
	must[*Corridor](t)(s.Create(ctx, official("acc_a"), "ML-ES", sound()))
	_, err := s.DecideFees(ctx, official("acc_b"), "ML-ES", true)
	refused(err, fault.Conflict, "corridor.fees.not_proposed")

	if c := propose(s, 1); c.WorkerFees || c.Proposal.By != "acc_a" {
		t.Errorf("one official alone lets workers pay: %+v", c.Proposal)
	}
	_, err = s.DecideFees(ctx, official("acc_a"), "ML-ES", true)
	refused(err, fault.Forbidden, "four_eyes.same")
	if c := must[*Corridor](t)(s.Get(ctx, official("acc_a"), "ML-ES")); c.WorkerFees || !c.Proposal.Pending() {
		t.Errorf("after the author’s confirmation: %v, %+v", c.WorkerFees, c.Proposal)
	}
	c := must[*Corridor](t)(s.DecideFees(ctx, official("acc_a"), "ML-ES", false))
	if c.WorkerFees || c.Proposal.Pending() {
		t.Errorf("after its author gave it up: %v, %+v", c.WorkerFees, c.Proposal)
	}

	c = must[*Corridor](t)(s.DecideFees(ctx, official("acc_b"), "ML-ES", propose(s, c.Rev).Proposal.Pending()))
	if last := c.Pending[len(c.Pending)-1]; !c.WorkerFees || c.Proposal.Pending() || last.Action != "corridor.confirm_fees" || last.Actor != "acc_b" {
		t.Errorf("after the second official: %v, %+v", c.WorkerFees, last)
	}
}
