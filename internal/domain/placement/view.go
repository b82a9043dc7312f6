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
	if p.Decision.Refused.By == "" {
		shown.Decision = Decision{Answered: p.Decision.Answered, Answer: p.Decision.Answer, AnsweredBy: p.Decision.AnsweredBy}
	}
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

// internalAct tells the events that are the officials' own.
func internalAct(action string) bool {
	switch action {
	case actReview, actProposeRefuse, actClaim, actUnclaim, actProposeRelease:
		return true
	}
	return false
}
