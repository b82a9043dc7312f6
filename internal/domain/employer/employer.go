// Package employer holds those who will employ people abroad, vetted once per
// employer and country.
package employer

import (
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/ref"
)

// ID identifies an employer ("emp_…").
type ID string

// State is where the employer stands; see transitions.go.
type State string

// The states.
const (
	Declared   State = "declared"
	Accredited State = "accredited"
	Refused    State = "refused"
	Barred     State = "barred"
)

// Facts is what is stated about the employer.
type Facts struct {
	Name         string // legal name
	Country      ref.Country
	Registration string // number in the destination's register; unique per country when stated
	Sector       string // ISIC Rev. 4 section or division
	Sites        []Site
	Website      string
}

// Site is a place where people will work.
type Site struct {
	Name   string
	City   string
	Region string
}

// Decision is what an official decided.
type Decision struct {
	Action string // "accredit", "refuse", "bar", "reopen", and "propose-bar", "propose-reopen" for the first of two
	By     account.ID
	At     time.Time
	Reason string
	Note   string
	// Act and Evidence are the legal act of a bar or reopening (and of its
	// proposal), and why or where it is published; decisions of earlier
	// versions lack them.
	Act      string
	Evidence string
}

// Employer is one employer's file.
type Employer struct {
	ID        ID
	Rev       int64
	Facts     Facts
	State     State
	CreatedBy account.ID
	Agency    string       // agency that declared it; empty when an official did
	Editors   []account.ID // everybody who wrote these facts; none of them may decide
	Decisions []Decision   // oldest first
	CreatedAt time.Time
	UpdatedAt time.Time
	Pending   audit.Log
}

// LookAlike is an employer with a like-sounding name, shown to the reviewer.
type LookAlike struct {
	ID         ID
	Name       string
	Country    ref.Country
	State      State
	Similarity int // 0–100
}

// Query asks for a page of employers.
type Query struct {
	Text    string
	Country ref.Country
	State   State
	Pending bool          // those of which a bar or a reopening waits for a second official
	Scope   account.Scope // All, or Agency: those it declared plus accredited ones
	After   string
	Limit   int
}

// Card is the line of an employer in lists.
type Card struct {
	ID        ID
	Name      string
	Country   ref.Country
	Sector    string
	State     State
	Agency    string
	UpdatedAt time.Time
	// Pending is what one official proposed (ActBar or ActReopen), who it was and
	// when; for officials only.
	Pending   string
	PendingBy account.ID
	PendingAt time.Time
	DecidedAt time.Time // when an official last decided on it; zero = never
}
