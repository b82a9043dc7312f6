// Package agreement holds the treaties, conventions and memoranda that
// corridors cite: who concluded them, when they were signed, entered into
// force and end, and what their clauses say in a sentence. It summarises; the
// text itself is where the source says.
package agreement

import (
	"context"
	"time"

	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
)

// ID identifies an agreement ("agr_…").
type ID string

// Kind says what an agreement is about.
type Kind string

// The kinds of agreement.
const (
	Labour         Kind = "labour"          // employment and recruitment of workers
	SocialSecurity Kind = "social_security" // coordination of social insurance
	Movement       Kind = "movement"        // movement, residence and establishment of persons
	Readmission    Kind = "readmission"     // readmission, with mobility in return
	Memorandum     Kind = "memorandum"      // memorandum of understanding, without force of law
	Multilateral   Kind = "multilateral"    // of more than two parties
)

// Kinds lists every kind.
func Kinds() []Kind {
	return []Kind{Labour, SocialSecurity, Movement, Readmission, Memorandum, Multilateral}
}

// Text is a wording in the complete locales.
type Text struct{ FR, EN string }

// In gives the wording in a locale, French where it is missing.
func (t Text) In(l ref.Locale) string {
	if l == ref.English && t.EN != "" {
		return t.EN
	}
	return t.FR
}

// Clause says in a sentence what one article or chapter lays down.
type Clause struct {
	Number  string // as the text counts it: "article 3", "titre II"; empty = of the whole
	Topic   Text
	Summary Text
}

// Facts is what officials state about an agreement.
type Facts struct {
	Title     Text
	Kind      Kind
	Parties   []ref.Country // in force; of a multilateral one at least Mali
	SignedOn  ref.Date
	InForceOn ref.Date
	ExpiresOn ref.Date // last day; unknown = no end known
	Clauses   []Clause
	Source    string // where the facts were read, an address where there is one
	Confirmed bool   // by the ministry, or read at the source; else « à confirmer par le ministère »
}

// Agreement is the record.
type Agreement struct {
	ID  ID
	Rev int64
	Facts
	UpdatedAt time.Time
	Pending   audit.Log
}

// InForce reports whether the agreement binds on a day, as far as its dates
// tell: one without a date of entry into force does not.
func (a *Agreement) InForce(on ref.Date) bool {
	return a.InForceOn.Known() && a.InForceOn <= on && (!a.ExpiresOn.Known() || on <= a.ExpiresOn)
}

// Store keeps agreements. Every method may fail with Unavailable.
type Store interface {
	// Get reads one agreement; NotFound when there is none.
	Get(ctx context.Context, id ID) (*Agreement, error)
	// Insert adds a new one; Conflict when the id is taken.
	Insert(ctx context.Context, a *Agreement) error
	// Update reads the agreement under its lock, lets change alter it, and
	// replaces it. An error of change is returned and nothing is written.
	Update(ctx context.Context, id ID, change func(*Agreement) error) (*Agreement, error)
}

// Query asks for a page of agreements, ordered by first party abroad, then by
// day of signature, then id. Empty members mean "all".
type Query struct {
	Country ref.Country // a party
	Kind    Kind
	After   string
	Limit   int
}

// Reader answers from the read model; what it gives is not to be changed.
type Reader interface {
	// Agreement finds one agreement.
	Agreement(id ID) (*Agreement, bool)
	// SearchAgreements gives a page; a position that no page gave leads to an
	// empty one.
	SearchAgreements(q Query) listing.Result[*Agreement]
}
