// Package assignment says which official works on a file that waits for a
// decision: an offer, an agency, an employer or an incident. Whoever takes a
// file has it for four hours, or until it goes on, or until he gives it back.
// It keeps two officials from doing the same work and nothing more: the
// decision of another one stands all the same, because nobody may have to wait
// for an official who has gone home. Placements keep their own claims, which
// their decisions heed.
package assignment

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
)

// For is how long an official has a file to himself, as with placements.
const For = placement.ClaimFor

// ID identifies an assignment: "asg_" and the id of the file, so that a file
// has one at most.
type ID string

// Kind says what a file is.
type Kind string

// The kinds of file.
const (
	Offer    Kind = "offer"
	Agency   Kind = "agency"
	Employer Kind = "employer"
	Incident Kind = "incident"
)

// Kinds lists every kind.
func Kinds() []Kind { return []Kind{Offer, Agency, Employer, Incident} }

// Permission is what somebody must be allowed to do with files of the kind to
// take one: to decide on it. Empty for a kind that is unknown.
func (k Kind) Permission() account.Permission {
	switch k {
	case Offer:
		return "offer.review"
	case Agency:
		return "agency.vet"
	case Employer:
		return "employer.decide"
	case Incident:
		return "incident.decide"
	}
	return ""
}

// File names one file.
type File struct {
	Kind Kind
	ID   string
}

// Assignment gives the id of the file's assignment.
func (f File) Assignment() ID { return ID("asg_" + f.ID) }

// Assignment is the record: the last time somebody took the file.
type Assignment struct {
	ID   ID
	Rev  int64
	File File
	// Step is where the file stood when it was taken. Once it stands elsewhere,
	// or has come back there since, the assignment is over: the next step is
	// anybody's.
	Step      string
	By        account.ID // empty once it was given back
	At, Until time.Time
	UpdatedAt time.Time
	Pending   audit.Log
}

// step is where a file stands, as its decisions see it. The zero value waits for
// nobody.
type step struct {
	name  string
	since time.Time // no later than this it came there
}

// holds reports whether somebody has the file that stands at a step: it was
// taken there, and has not left since.
func (a *Assignment) holds(at step, now time.Time) bool {
	return a.By != "" && a.Step == at.name && !a.At.Before(at.since) && now.Before(a.Until)
}

// Holding says who has a file. The zero value is nobody.
type Holding struct {
	By        account.ID
	At, Until time.Time
}

func (a *Assignment) holding() Holding { return Holding{a.By, a.At, a.Until} }

// Store keeps assignments. Every method may fail with Unavailable.
type Store interface {
	// Insert adds a new one; Conflict when the id is taken.
	Insert(ctx context.Context, a *Assignment) error
	// Update reads the assignment under its lock, lets change alter it, and
	// replaces it. An error of change is returned and nothing is written;
	// NotFound when there is none.
	Update(ctx context.Context, id ID, change func(*Assignment) error) (*Assignment, error)
}

// Reader answers from the read model, in memory; what it gives is not to be
// changed.
type Reader interface {
	// Assignment finds one assignment, whether it still counts or not.
	Assignment(id ID) (*Assignment, bool)
	// AssignmentsOf lists those last noted for an account, by id.
	AssignmentsOf(by account.ID) []*Assignment
	OfferCard(id offer.ID) (offer.Card, bool)
	AgencyCard(id agency.ID) (agency.Card, bool)
	EmployerCard(id employer.ID) (employer.Card, bool)
	IncidentCard(id incident.ID) (incident.Card, bool)
}
