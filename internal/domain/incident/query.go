package incident

import (
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// Query asks for a page of incidents in the order of their priority, the oldest
// first. Empty members mean "all".
type Query struct {
	States     []State
	Category   string
	Placement  placement.ID
	Country    ref.Country
	SafetyOnly bool
	Late       bool // the triage clock has run out
	Scope      Scope
	After      string
	Limit      int
}

// Scope bounds what a list may show: all, or the reports of a person and, for
// an agency, those about its placements that are not kept from it.
type Scope struct {
	All      bool
	Agency   string
	Reporter account.ID
}

// Card is an incident in lists: nothing that was said.
type Card struct {
	ID        ID
	Rev       int64
	Reference string
	Placement placement.ID
	Agency    string
	Country   ref.Country
	Source    Source
	Reporter  account.ID
	Category  string
	Safety    bool
	Priority  int
	State     State
	TriageDue time.Time
	Owner     account.ID
	Held      bool // the placement was held for it
	Forgotten bool // its time is over: nothing that was said is left
	CreatedAt time.Time
	UpdatedAt time.Time
	Since     time.Time // when it came to its state
}

// Seen reports whether the scope sees the card.
func (s Scope) Seen(c *Card) bool {
	return s.All || s.Reporter != "" && s.Reporter == c.Reporter ||
		s.Agency != "" && !c.Safety && c.Placement != "" && s.Agency == c.Agency
}

// Card gives the incident as lists show it.
func (i *Incident) Card() Card {
	return Card{ID: i.ID, Rev: i.Rev, Reference: i.Reference, Placement: i.Placement, Agency: i.Agency, Country: i.Country,
		Source: i.Source, Reporter: i.Reporter, Category: i.Category, Safety: i.Safety, Priority: i.Priority(), State: i.State,
		TriageDue: i.TriageDue, Owner: i.Owner, Held: !i.HeldAt.IsZero(), Forgotten: i.Forgotten(), CreatedAt: i.CreatedAt, UpdatedAt: i.UpdatedAt, Since: i.since()}
}

// since is when the incident came to its state: at its beginning, where nothing
// tells of another.
func (i *Incident) since() time.Time {
	at := i.CreatedAt
	for n, e := range i.History {
		if n == 0 || e.State != i.History[n-1].State {
			at = e.At
		}
	}
	return at
}

// Reader answers from the read model, in memory.
type Reader interface {
	SearchIncidents(q Query) listing.Result[Card]
	IncidentCard(id ID) (Card, bool)
	// EachIncident shows every card, in no particular order, until see says no.
	EachIncident(see func(*Card) bool)
}
