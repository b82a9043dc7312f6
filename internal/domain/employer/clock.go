package employer

import (
	"time"

	"passerelle/internal/domain/account"
)

// ProposalDays is within how many working days a second official answers a bar
// or a reopening that a first one proposed. To be confirmed by the ministry.
const ProposalDays = 5

// DecisionDays says within how many working days officials decide on an
// employer in that state; 0 = nobody waits for them. To be confirmed by the
// ministry.
func DecisionDays(s State) int {
	if s == Declared {
		return 10
	}
	return 0
}

// CardOf gives the line of an employer in lists.
func CardOf(e *Employer) Card {
	f := &e.Facts
	c := Card{ID: e.ID, Name: f.Name, Country: f.Country, Sector: f.Sector, State: e.State, Agency: e.Agency, UpdatedAt: e.UpdatedAt}
	if n := len(e.Decisions); n > 0 {
		c.DecidedAt = e.Decisions[n-1].At
	}
	if c.Pending = e.PendingAction(); c.Pending != "" {
		first := e.Decisions[len(e.Decisions)-1]
		c.PendingBy, c.PendingAt = first.By, first.At
	}
	return c
}

// cut takes out of a card what only officials know: what one of them proposed.
func (c *Card) cut(actor account.Actor) {
	if actor.Role != account.Official && actor.Role != account.System {
		c.Pending, c.PendingBy, c.PendingAt, c.DecidedAt = "", "", time.Time{}, time.Time{}
	}
}
