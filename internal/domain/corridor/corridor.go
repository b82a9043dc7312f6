// Package corridor holds the legal frame of one direction of migration: what
// is agreed with the destination, which floors, ceilings and fees hold, which
// occupations are regulated, and whether the corridor is open.
package corridor

import (
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/ref"
)

// Code names a corridor, "ML-ES": origin Mali, destination Spain.
type Code string

// CodeFor gives the code of the corridor from Mali to a destination.
func CodeFor(destination ref.Country) Code { return Code("ML-" + string(destination)) }

// Text is a wording in the complete locales.
type Text struct{ FR, EN string }

// In gives the wording in a locale, French where it is missing.
func (t Text) In(l ref.Locale) string {
	if l == ref.English && t.EN != "" {
		return t.EN
	}
	return t.FR
}

// Basis is one agreement, law or memorandum the corridor rests on.
type Basis struct {
	Title     Text
	Date      ref.Date // signature or entry into force
	Source    string   // where the fact was read, or empty
	Confirmed bool     // false = « à confirmer par le ministère »
}

// Floor is the lowest admissible pay for an occupation prefix.
type Floor struct {
	Prefix    ref.Occupation // "" = every occupation; the longest prefix wins
	From      ref.Date       // first day in force; unknown = always. Of one prefix the latest counts
	EURCents  int64          // gross, per month
	Source    string
	Confirmed bool
}

// Suspension closes the corridor for a kind and an occupation prefix; empty
// members mean "all". It always names its legal act.
type Suspension struct {
	ID         string // see ActID
	Kind       ref.WorkKind
	Occupation ref.Occupation // prefix
	Act        string         // number of the legal act
	Evidence   string
	By         account.ID
	At         time.Time
}

// Reopening is the act that lifted suspensions; it keeps what it lifted, so
// that the corridor's history stays readable.
type Reopening struct {
	Kind       ref.WorkKind
	Occupation ref.Occupation // prefix
	Act        string         // number of the legal act
	Evidence   string
	By         account.ID
	At         time.Time
	Lifted     []Suspension
}

// Corridor is the frame for one destination.
type Corridor struct {
	Code        Code
	Rev         int64
	Destination ref.Country
	Bases       []Basis        // laws, and agreements without a record of their own
	Agreements  []agreement.ID // that it rests on
	Floors      []Floor
	MaxHours    int  // hours a week in hundredths (4800 = 48 h); 0 = no ceiling known
	WorkerFees  bool // true only where the law lets a worker be charged; default zero fee
	Kinds       []ref.WorkKind
	Regulated   []ref.Occupation // prefixes that need recognition there
	Documents   []Text           // papers a worker needs
	Notice      Text             // rights and duties
	Checklist   []Paper          // what a file must hold before it is reviewed; see Papers
	Fees        []Fee            // who may be charged what; see WorkerPays
	Social      []Coordination   // social insurance, by branch
	Recognised  []Recognition    // of qualifications, by occupation
	Arrival     []Help           // services on arrival
	Proposal    FeeProposal      // that workers may be charged; waits for a second official
	Suspensions []Suspension     // in force
	Reopenings  []Reopening      // history, oldest first
	UpdatedAt   time.Time
	Pending     audit.Log
}

// Open reports whether the corridor is open for that kind and occupation.
// Destination Mali (returning diaspora, expert missions) is always open; the
// caller treats an absent corridor as closed.
func (c *Corridor) Open(kind ref.WorkKind, occupation ref.Occupation) bool {
	if c.Destination == ref.Mali {
		return true
	}
	for _, s := range c.Suspensions {
		if (s.Kind == "" || s.Kind == kind) && strings.HasPrefix(string(occupation), string(s.Occupation)) {
			return false
		}
	}
	return true
}

// Floor gives the lowest admissible monthly gross pay in EUR cents for an
// occupation on a day: of the floors in force, the latest of the longest
// matching prefix.
func (c *Corridor) Floor(occupation ref.Occupation, on ref.Date) (cents int64, ok bool) {
	var best Floor
	for _, f := range c.Floors {
		if f.From > on || !strings.HasPrefix(string(occupation), string(f.Prefix)) {
			continue
		}
		if !ok || len(f.Prefix) > len(best.Prefix) || len(f.Prefix) == len(best.Prefix) && f.From >= best.From {
			best, ok = f, true
		}
	}
	return best.EURCents, ok
}

// IsRegulated reports whether the occupation needs a recognised qualification.
func (c *Corridor) IsRegulated(occupation ref.Occupation) bool {
	for _, p := range c.Regulated {
		if p != "" && strings.HasPrefix(string(occupation), string(p)) {
			return true
		}
	}
	return false
}
