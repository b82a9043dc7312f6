package placement

import (
	"slices"

	"passerelle/internal/domain/account"
)

// cutAbroad takes out of a copy what only the person may know of the time
// abroad, and for an agency what was said past it.
func (shown *Placement) cutAbroad(p *Placement, actor account.Actor) {
	shown.Ending.Insurance = slices.Clone(p.Ending.Insurance)
	for i := range shown.Ending.Insurance {
		shown.Ending.Insurance[i].Number = ""
	}
	if actor.Role != account.Agency {
		return
	}
	shown.Holds = withoutSafety(p.Holds)
	shown.Journey.CheckIns = slices.Clone(p.Journey.CheckIns)
	for i := range shown.Journey.CheckIns {
		if c := &shown.Journey.CheckIns[i]; c.Role != account.Agency {
			c.Channel, c.Well, c.PaidAs, c.Concerns, c.Note, c.By = "", false, false, nil, "", ""
		}
	}
	if p.Ending.Role != account.Agency {
		shown.Ending.Note = ""
	}
	shown.History = slices.DeleteFunc(slices.Clone(shown.History), func(e Event) bool {
		return e.Reason == string(HoldSafety) && (e.Action == "hold" || e.Action == "release_hold")
	})
}

// withoutSafety leaves out the holds for a person's safety: an agency is not
// told of the cases behind them.
func withoutSafety(holds []Hold) []Hold {
	return slices.DeleteFunc(slices.Clone(holds), func(h Hold) bool { return h.Kind == HoldSafety })
}

// cutCard takes out of a card what the actor may not know.
func cutCard(c *Card, actor account.Actor) {
	if actor.Role != account.Candidate {
		c.Candidate = ""
	}
	if actor.Role != account.Official {
		c.Step, c.StepBy = "", ""
	}
	if actor.Role == account.Agency {
		c.Abroad.Alerts = nil
		c.Holds = slices.DeleteFunc(slices.Clone(c.Holds), func(k HoldKind) bool { return k == HoldSafety })
	}
}

// askable keeps a question from telling what the answer does not: an agency
// finds nothing by the safety hold it is not shown, and only officials get the
// order of risk, of which that hold is a part.
func (q *Query) askable(actor account.Actor) bool {
	if actor.Role != account.Official {
		q.Order = Newest
	}
	return actor.Role != account.Agency || q.Held != HoldSafety
}
