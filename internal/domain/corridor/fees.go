package corridor

import (
	"context"
	"strconv"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// paperKey names the i-th paper of a corridor without a checklist.
func paperKey(i int) string { return "paper_" + strconv.Itoa(i+1) }

// proposeFees makes of a statement that workers may be charged a proposal,
// unless it is so already: one official alone never lets a worker pay. The
// statement that they may not takes effect at once.
func (c *Corridor) proposeFees(f *Facts, actor account.Actor, at FeeProposal) {
	if !f.WorkerFees || c.WorkerFees {
		return
	}
	f.WorkerFees = false
	if !c.Proposal.Pending() {
		at.By = actor.Account
		c.Proposal = at
	}
}

// DecideFees is the second official's decision on a proposal to let workers be
// charged: confirmed, it takes effect; else the proposal ends, which its author
// may do as well. Conflict "corridor.fees.not_proposed" without a proposal,
// Forbidden "four_eyes.same" when its author confirms it.
func (s *Service) DecideFees(ctx context.Context, actor account.Actor, code Code, confirmed bool) (*Corridor, error) {
	if err := actor.Require("corridor.update"); err != nil {
		return nil, err
	}
	return s.Store.Update(ctx, code, func(c *Corridor) error {
		switch {
		case !c.Proposal.Pending():
			return fault.New(fault.Conflict, "corridor.fees.not_proposed")
		case confirmed && c.Proposal.By == actor.Account:
			return fault.New(fault.Forbidden, "four_eyes.same")
		}
		action := "corridor.reject_fees"
		if confirmed {
			action, c.WorkerFees = "corridor.confirm_fees", true
		}
		c.Proposal = FeeProposal{}
		c.record(actor, account.Moment(s.Now()), action, "workerFees")
		return nil
	})
}
