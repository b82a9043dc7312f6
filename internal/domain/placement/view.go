package placement

import (
	"slices"

	"passerelle/internal/domain/account"
)

// shownTo gives a copy as far as the actor may know it. The person sees
// everything; the agency sees neither who read documents, nor which official
// did what, nor what officials have not yet decided between two of them;
// nobody but the person sees the account behind it.
func (p *Placement) shownTo(actor account.Actor) *Placement {
	shown := *p
	shown.Pending, shown.Outbox = nil, nil
	if actor.Role == account.Candidate {
		return &shown
	}
	shown.Candidate = ""
	if actor.Role == account.Agency {
		shown.cutForAgency(p)
	}
	shown.cutAbroad(p, actor)
	return &shown
}

func (shown *Placement) cutForAgency(p *Placement) {
	shown.Documents = slices.Clone(p.Documents)
	for i := range shown.Documents {
		shown.Documents[i].Readings = nil
	}
	shown.Claim = Claim{}
	shown.Ending.Case = nil
	shown.cutSignatures(p)
	shown.History = nil
	for _, e := range p.History {
		if internalAct(e.Action) {
			continue
		}
		if e.Role == account.Official {
			e.By = ""
		}
		shown.History = append(shown.History, e)
	}
}

// cutSignatures leaves when the officials signed, and takes out who they are,
// and what only one of them has signed.
func (shown *Placement) cutSignatures(p *Placement) {
	if d := &shown.Decision; p.Decision.Refused.By == "" {
		*d = Decision{Answered: d.Answered, Answer: d.Answer, AnsweredBy: d.AnsweredBy}
	} else {
		d.Reviewed.By, d.RefusalBy.By, d.Refused.By = "", "", ""
	}
	shown.Clearances = slices.Clone(p.Clearances)
	for i := range shown.Clearances {
		c := &shown.Clearances[i]
		c.First.By, c.Second.By, c.RevokedBy = "", "", ""
	}
}

// internalAct tells the events that are the officials' own.
func internalAct(action string) bool {
	switch action {
	case actReview, actProposeRefuse, actClaim, actUnclaim, actProposeRelease:
		return true
	}
	return false
}
