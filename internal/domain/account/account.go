// Package account holds people who can sign in, their roles, the one table of
// permissions, and the Actor that every service method takes.
package account

import (
	"time"

	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/ref"
)

// ID identifies an account ("acc_…").
type ID string

// Role is what a person may do in general; see permission.go.
type Role string

// The five roles, and the two stand-ins that are never stored.
const (
	Anonymous Role = ""          // nobody signed in
	Candidate Role = "candidate" // a person in Mali or of the diaspora
	Agency    Role = "agency"    // member or applicant of a recruitment agency
	Official  Role = "official"  // ministry, ANPE, mission abroad
	Admin     Role = "admin"     // users, keys, configuration, health; decides no file
	Observer  Role = "observer"  // union, employers' body, civil society
	System    Role = "system"    // a job, or a consequence
)

// Roles lists the five roles an account can have.
func Roles() []Role { return []Role{Candidate, Agency, Official, Admin, Observer} }

// ParseRole reads one of the five stored roles.
func ParseRole(s string) (Role, error) {
	for _, r := range Roles() {
		if string(r) == s {
			return r, nil
		}
	}
	return "", fault.New(fault.Invalid, "account.role")
}

// State says whether the account can be used.
type State string

// The states of an account.
const (
	Active   State = "active"
	Proposed State = "proposed" // opened with a privileged role that another administrator has to confirm
	Disabled State = "disabled"
	Erased   State = "erased" // for good; nothing but the id and the role is left, or soon will be
)

// Account is one person who can sign in. Exactly one of Email and Phone may
// be empty. The password is held only as a PHC string.
type Account struct {
	ID           ID
	Rev          int64
	Email        string // normal form: lower case, NFC
	Phone        string // E.164
	PasswordHash string // argon2id, PHC string format
	Role         Role
	Agency       string // agency id, for members of one
	Institution  string // for officials: "ministry", "anpe", "mission"
	Collector    bool   // an official who may enter profiles of others
	Locale       ref.Locale
	State        State
	CreatedAt    time.Time
	UpdatedAt    time.Time
	LastLoginAt  time.Time
	// SessionsFrom voids every session begun before it, with its access
	// tokens (sign-out everywhere; change of password, role or state).
	SessionsFrom time.Time
	// TemporaryUntil is set while the password is one that somebody else
	// gave: it is good until then, for choosing an own one and nothing else.
	TemporaryUntil time.Time
	// EmailVerifiedAt and PhoneVerifiedAt are when a code that was sent there
	// came back; zero = never.
	EmailVerifiedAt time.Time
	PhoneVerifiedAt time.Time
	Factor          Factor
	Grant           Grant // post that waits for a second signature
	// ResetBy and ResetAt tell on which administrator's word the password or
	// the second factor was last replaced, and when; zero = never.
	ResetBy ID
	ResetAt time.Time
	// Devices are digests of the devices that signed in, the latest last.
	Devices []string
	// WarnedAt is when the owner was told that the account will be erased for
	// want of a sign-in; zero = not since the last one.
	WarnedAt time.Time
	Pending  audit.Log
	Outbox   message.Outbox // messages this document's changes cause
}

// Actor is who does something: taken from a verified token, a command line
// flag or a job, never from a request body.
type Actor struct {
	Account     ID
	Role        Role
	Agency      string // the tenant: only ever from the account
	Institution string
	Collector   bool
	Session     string // session family of the token; empty for commands and jobs
	Origin      string // network the request came from, see audit.OriginOf; empty for commands and jobs
	Restricted  bool   // may only choose an own password, or with Enrol a second factor
	Enrol       bool   // restricted for want of the second factor the role must have
	Key         string // API key by which a program acts in the account's name; empty for people
	Scopes      string // of the key, see JoinScopes
}

// SystemActor is the actor of jobs and consequences.
func SystemActor() Actor { return Actor{Account: "system", Role: System} }

// Actor gives the actor this account acts as.
func (a *Account) Actor() Actor {
	return Actor{Account: a.ID, Role: a.Role, Agency: a.Agency, Institution: a.Institution, Collector: a.Collector}
}

// SignedIn reports whether the actor is a person with an account.
func (a Actor) SignedIn() bool { return a.Role != Anonymous && a.Account != "" }

// Scope bounds what a list may show. The zero value sees nothing.
type Scope struct {
	All     bool   // officials: every record
	Public  bool   // published records only
	Agency  string // records of that agency
	Account ID     // records of that person
}

// Sees reports whether anything at all is visible in the scope.
func (s Scope) Sees() bool { return s.All || s.Public || s.Agency != "" || s.Account != "" }
