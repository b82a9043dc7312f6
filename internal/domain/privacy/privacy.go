// Package privacy keeps the promises about personal data: everything about a
// person is handed over on request, and erased on request or when its time is
// over. Its table of processing says what is kept, why, on which legal basis,
// for whom and how long; the retention job follows the same table.
package privacy

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/profile"
)

// Erasure is a line of the ledger of erasures. It holds ids and moments only,
// so that it can be kept for ever and beside every backup: whoever restores an
// older state erases again what was erased since.
type Erasure struct {
	ID      string // "era_" and the id of the account or, without one, of the profile
	Account account.ID
	Profile profile.ID // empty for an account without profile
	Reason  string     // "request" or the code of a class of retention
	At      time.Time
	DoneAt  time.Time // zero = steps are left
}

// ReasonRequest is the reason of an erasure the person asked for; others are
// codes of classes.
const ReasonRequest = "request"

// Ledger keeps erasures. Every method may fail with Unavailable.
type Ledger interface {
	// Get reads one erasure; NotFound when there is none.
	Get(ctx context.Context, id string) (*Erasure, error)
	// Insert adds one; Conflict when the id is taken.
	Insert(ctx context.Context, e *Erasure) error
	// Update reads one under its lock, lets change alter it, and replaces it.
	Update(ctx context.Context, id string, change func(*Erasure) error) (*Erasure, error)
	// LoadErasures gives every erasure to fn, in no particular order.
	LoadErasures(ctx context.Context, fn func(*Erasure) error) error
}

// Closer closes accounts for good.
type Closer interface {
	Leave(ctx context.Context, actor account.Actor, id account.ID, reason string) error
}

// Accounts keeps accounts.
type Accounts interface {
	Get(ctx context.Context, id account.ID) (*account.Account, error)
	// Update reads one account under its lock, lets change alter it, and
	// replaces it. An error of change is returned and nothing is written.
	Update(ctx context.Context, id account.ID, change func(*account.Account) error) (*account.Account, error)
	// Erase gives the claims on the identifiers up and then lets change strip
	// the account; NotFound without it.
	Erase(ctx context.Context, id account.ID, change func(*account.Account) error) (*account.Account, error)
}

// Profiles reads and erases profiles.
type Profiles interface {
	Mine(ctx context.Context, actor account.Actor) (profile.View, error)
	Erase(ctx context.Context, actor account.Actor, id profile.ID, reason string) error
}

// Applications reads applications and takes people out of them.
type Applications interface {
	Get(ctx context.Context, actor account.Actor, id application.ID) (*application.Application, error)
	ForgetOne(ctx context.Context, actor account.Actor, id application.ID, reason string) error
}

// Placements reads placements and takes people out of them.
type Placements interface {
	Get(ctx context.Context, actor account.Actor, id placement.ID) (*placement.Placement, error)
	ForgetOne(ctx context.Context, actor account.Actor, id placement.ID, reason string) error
}

// Incidents reads cases and takes people out of them.
type Incidents interface {
	Get(ctx context.Context, actor account.Actor, id incident.ID) (*incident.Incident, error)
	Unlink(ctx context.Context, actor account.Actor, id incident.ID, reason string) error
	ForgetOne(ctx context.Context, actor account.Actor, id incident.ID, reason string) error
}

// Model is what this room asks of the read model.
type Model interface {
	Accounts(q account.Query) listing.Result[account.Card]
	ProfileOf(owner account.ID) (profile.ID, bool)
	ProfileCards() []profile.Card
	ApplicationsOf(id profile.ID) []application.ID
	ApplicationCard(id application.ID) (application.Card, bool)
	SearchApplications(q application.Query) listing.Result[application.Card]
	PlacementsOf(id profile.ID) []placement.ID
	PlacementCard(id placement.ID) (placement.Card, bool)
	EachPlacement(see func(*placement.Card) bool)
	EachIncident(see func(*incident.Card) bool)
	ImportCard(id intake.ID) (intake.Import, bool)
}

// Sessions are what is kept of a person's sign-ins.
type Sessions interface {
	SessionsOf(ctx context.Context, owner account.ID) ([]account.Session, error)
	ForgetSessions(ctx context.Context, owner account.ID) error
}

// Messages are what was or will be sent to a person.
type Messages interface {
	MessagesTo(ctx context.Context, recipient account.ID) ([]message.Message, error)
	ForgetMessages(ctx context.Context, recipient account.ID) error
}

// Traces are small things kept for a short time under a person's account:
// requests for codes, answers for replay.
type Traces interface {
	DeleteOf(ctx context.Context, owner account.ID) error
}

// Claims binds an account to the one profile it may have.
type Claims interface {
	Owner(ctx context.Context, value string) (string, error)
	Release(ctx context.Context, value, owner string) error
}

// Forgetter destroys what ties the audit log to the content of a record.
type Forgetter interface {
	Forget(ctx context.Context, subject string) error
}

// Trail reads the audit log.
type Trail interface {
	Entries(ctx context.Context, actor account.Actor, q audit.Query, page listing.Page) (listing.Result[audit.Record], error)
}

// Rows are the rejected rows of imports.
type Rows interface {
	DeleteRowErrors(ctx context.Context, due func(intake.ID) bool, dry bool) (rows int, err error)
}

// Deps are what a Service is made of.
type Deps struct {
	Ledger Ledger
	// Keep keeps a copy of the ledger outside the database; it is called after
	// every line that is added.
	Keep         func(ctx context.Context) error
	Closer       Closer
	Accounts     Accounts
	Profiles     Profiles
	Applications Applications
	Placements   Placements
	Incidents    Incidents
	Model        Model
	Sessions     Sessions
	Messages     Messages
	Codes        Traces
	Replays      Traces
	Claims       Claims
	Audit        Forgetter
	Trail        Trail
	Rows         Rows
	Recorder     audit.Recorder
	Quotas       *account.Quotas // bounds exports by account and day; nil = none
	// EachProfile shows every profile as it is stored, in no particular order.
	EachProfile func(ctx context.Context, see func(*profile.Profile) error) error
	// Fresh asks the permission and for a recent proof of the password.
	Fresh func(ctx context.Context, actor account.Actor, p account.Permission) error
	Now   func() time.Time
}

// Service hands over and erases personal data.
type Service struct{ Deps }

// NewService makes the service.
func NewService(deps Deps) *Service { return &Service{deps} }
