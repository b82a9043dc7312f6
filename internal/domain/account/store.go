package account

import (
	"context"
	"time"

	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
)

// Store keeps accounts. Every method may fail with Unavailable.
type Store interface {
	// Get reads one account; NotFound when there is none.
	Get(ctx context.Context, id ID) (*Account, error)
	// ByLogin reads the account that holds the claim on that identifier;
	// NotFound when there is none.
	ByLogin(ctx context.Context, login Identifier) (*Account, error)
	// Insert claims every identifier of a.Logins() by inserting its Key, then
	// adds the account. Conflict, and nothing added, when an identifier
	// belongs to another account or the id is taken.
	Insert(ctx context.Context, a *Account) error
	// Update reads the account under its lock, lets change alter it, and
	// replaces it. An error of change is returned and nothing is written.
	Update(ctx context.Context, id ID, change func(*Account) error) (*Account, error)
}

// Reader answers from the read model, in memory: it costs nothing to ask, and
// it has seen every acknowledged write of this process.
type Reader interface {
	// AccountCard finds one card, whatever its state.
	AccountCard(id ID) (Card, bool)
	// Accounts lists the cards the query's scope sees, ordered by id, with
	// the exact total.
	Accounts(q Query) listing.Result[Card]
}

// Query asks for a page of accounts. Empty members do not filter.
type Query struct {
	Scope  Scope
	Text   string // part of the e-mail address or of the phone number
	Role   Role
	State  State
	Agency string
	Page   listing.Page
}

// Card is what lists, and the check of each request, know about an account:
// everything but the password.
type Card struct {
	ID             ID
	Rev            int64
	Email          string
	Phone          string
	Role           Role
	Agency         string
	Institution    string
	Collector      bool
	Locale         ref.Locale
	State          State
	CreatedAt      time.Time
	LastLoginAt    time.Time
	SessionsFrom   time.Time
	TemporaryUntil time.Time
	Factor         bool // a second factor is enrolled
	Grant          Grant
	WarnedAt       time.Time
}

// Card gives the account's card.
func (a *Account) Card() Card {
	return Card{
		ID: a.ID, Rev: a.Rev, Email: a.Email, Phone: a.Phone, Role: a.Role, Agency: a.Agency,
		Institution: a.Institution, Collector: a.Collector, Locale: a.Locale, State: a.State,
		CreatedAt: a.CreatedAt, LastLoginAt: a.LastLoginAt, SessionsFrom: a.SessionsFrom, TemporaryUntil: a.TemporaryUntil,
		Factor: a.Factor.Enrolled(), Grant: a.Grant, WarnedAt: a.WarnedAt,
	}
}

// MustEnrol reports whether the role takes a second factor the account does
// not have.
func (c Card) MustEnrol() bool { return !c.Factor && (c.Role == Official || c.Role == Admin) }

// Actor gives the actor this account acts as in one session. Whoever still
// has a temporary password is Restricted to choosing his own.
func (c Card) Actor(session SessionID) Actor {
	return Actor{
		Account: c.ID, Role: c.Role, Agency: c.Agency, Institution: c.Institution, Collector: c.Collector,
		Session: string(session), Restricted: !c.TemporaryUntil.IsZero(),
	}
}

// CanSignIn reports whether the account is active and its password, where it
// is a temporary one, is still good at that moment.
func (c Card) CanSignIn(now time.Time) bool {
	return c.State == Active && (c.TemporaryUntil.IsZero() || now.Before(c.TemporaryUntil))
}

// Matches reports whether the query's filters, its scope included, keep the
// card; the read model and its test oracle share it.
func (q Query) Matches(c Card) bool {
	return q.sees(c) &&
		(q.Role == "" || q.Role == c.Role) &&
		(q.State == "" || q.State == c.State) &&
		(q.Agency == "" || q.Agency == c.Agency) &&
		(q.Text == "" || containsFold(c.Email, q.Text) || containsFold(c.Phone, q.Text))
}

func (q Query) sees(c Card) bool {
	return q.Scope.All || q.Scope.Account != "" && q.Scope.Account == c.ID || q.Scope.Agency != "" && q.Scope.Agency == c.Agency
}
