package placement

import (
	"slices"

	"passerelle/internal/domain/account"
)

// shownTo gives a copy as far as the actor may know it. The person sees
// everything; the agency sees neither who read documents nor what officials
// noted among themselves; nobody but the person sees the account behind it.
func (p *Placement) shownTo(actor account.Actor) *Placement {
	shown := *p
	shown.Pending, shown.Outbox = nil, nil
	if actor.Role == account.Candidate {
		return &shown
	}
	shown.Candidate = ""
	if actor.Role == account.Agency {
		shown.Documents = slices.Clone(p.Documents)
		for i := range shown.Documents {
			shown.Documents[i].Readings = nil
		}
		shown.Claim = Claim{}
		shown.Ending.Case = nil
	}
	return &shown
}
