// Package suspension carries the acts that close a corridor, an employer or an
// agency, or open them again, to everybody they touch. The act itself takes
// effect at once, where it is decided: the corridor, employer or agency says
// so and the read model knows. What follows for the offers, the files and the
// people is carried on by a job, in batches, with its progress on the act's
// record; it may be killed anywhere and repeated, and doubles nothing.
package suspension

import (
	"context"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/ref"
)

// ID identifies an act's record; it is made from target, part, number and
// direction, see corridor.ActID.
type ID string

// Direction says what an act does.
type Direction string

// The directions.
const (
	Closing Direction = "suspension"
	Opening Direction = "reopening"
)

// TargetKind says what an act is about.
type TargetKind string

// The targets.
const (
	Corridor TargetKind = "corridor"
	Agency   TargetKind = "agency"
	Employer TargetKind = "employer"
)

// Target is one corridor (by code), agency or employer (by id).
type Target struct {
	Kind TargetKind
	ID   string
}

// require asks the permission to close and open such a target.
func (t Target) require(actor account.Actor) error {
	switch t.Kind {
	case Agency:
		return actor.Require("agency.suspend")
	case Employer:
		return actor.Require("employer.decide")
	}
	return actor.Require("corridor.suspend")
}

// Scope is the part of the world an act is about: all files of the target, of
// that kind of work and occupation prefix; empty members mean "all".
type Scope struct {
	Target
	Work       ref.WorkKind
	Occupation ref.Occupation
}

// Subject is what a file is about, as far as acts are concerned.
type Subject struct {
	Country    ref.Country
	Work       ref.WorkKind
	Occupation ref.Occupation
	Agency     string
	Employer   string
}

// Covers reports whether the subject lies within the scope.
func (s Scope) Covers(x Subject) bool {
	hit := false
	switch s.Kind {
	case Corridor:
		hit = x.Country != ref.Mali && string(corridor.CodeFor(x.Country)) == s.ID
	case Agency:
		hit = x.Agency == s.ID
	case Employer:
		hit = x.Employer == s.ID
	}
	return hit && s.ID != "" && (s.Work == "" || s.Work == x.Work) && strings.HasPrefix(string(x.Occupation), string(s.Occupation))
}

// Track is how far one kind of consequence has been carried. After is where
// the next batch begins; it returns to the start when something failed.
type Track struct {
	After    string
	Done     int
	Total    int
	Finished bool
}

// Act is the record of one act.
type Act struct {
	ID        ID
	Rev       int64
	Direction Direction
	Scope     Scope
	Number    string // of the legal act
	Evidence  string
	By        account.ID
	At        time.Time
	Lifts     []ID  // of a reopening: the acts it lifts
	Offers    Track // offers that were looked at again
	Files     Track // placements that were held, or released
	People    Track // accounts that were told
	// Silent counts the live files of people without an account, whom somebody
	// has to tell in another way.
	Silent     int
	FinishedAt time.Time // zero while something is to be carried
	UpdatedAt  time.Time
	Pending    audit.Log
}

// Finished reports whether all has been carried.
func (a *Act) Finished() bool { return !a.FinishedAt.IsZero() }

// Carried and Total sum up the tracks.
func (a *Act) Carried() int { return a.Offers.Done + a.Files.Done + a.People.Done }

// Total is what there was to carry when each track was last begun.
func (a *Act) Total() int { return a.Offers.Total + a.Files.Total + a.People.Total }

// NewID gives the id of an act's record.
func NewID(d Direction, s Scope, number string) ID {
	return ID(corridor.ActID(string(d), string(s.Kind)+"/"+s.ID, s.Work, s.Occupation, number))
}

// record bumps the revision and leaves the audit entry.
func (a *Act) record(now time.Time, action string, fields ...string) {
	a.Rev++
	a.UpdatedAt = now
	system := account.SystemActor()
	a.Pending.Add(audit.Entry{At: now, Actor: string(system.Account), Role: string(system.Role), Action: action,
		Subject: string(a.ID), Rev: a.Rev, Fields: fields})
}

// Store keeps the acts. Every method may fail with Unavailable.
type Store interface {
	// Get reads one act; NotFound when there is none.
	Get(ctx context.Context, id ID) (*Act, error)
	// Insert adds a new one; Conflict when the id is taken.
	Insert(ctx context.Context, a *Act) error
	// Update reads the act under its lock, lets change alter it, and replaces
	// it. An error of change is returned and nothing is written.
	Update(ctx context.Context, id ID, change func(*Act) error) (*Act, error)
}
