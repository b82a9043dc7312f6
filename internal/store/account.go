package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// accountDoc is one account.
type accountDoc struct {
	Header          `bson:",inline"`
	Email           string      `bson:"email"`
	Phone           string      `bson:"phone"`
	PasswordHash    string      `bson:"passwordHash"`
	Role            string      `bson:"role"`
	Agency          string      `bson:"agency"`
	Institution     string      `bson:"institution"`
	Collector       bool        `bson:"collector"`
	Locale          string      `bson:"locale"`
	State           string      `bson:"state"`
	CreatedAt       time.Time   `bson:"createdAt"`
	UpdatedAt       time.Time   `bson:"updatedAt"`
	LastLoginAt     time.Time   `bson:"lastLoginAt"`
	SessionsFrom    time.Time   `bson:"sessionsFrom"`
	TemporaryUntil  time.Time   `bson:"temporaryUntil"`
	EmailVerifiedAt time.Time   `bson:"emailVerifiedAt"`
	PhoneVerifiedAt time.Time   `bson:"phoneVerifiedAt"`
	Factor          factorDoc   `bson:"factor"`
	Grant           grantDoc    `bson:"grant"`
	ResetBy         account.ID  `bson:"resetBy"`
	ResetAt         time.Time   `bson:"resetAt"`
	Devices         []string    `bson:"devices"`
	WarnedAt        time.Time   `bson:"warnedAt"`
	Pending         []entryDoc  `bson:"pending"`
	Outbox          []noticeDoc `bson:"outbox"`
}

// factorDoc is a second factor; its secrets are sealed.
type factorDoc struct {
	Secret    []byte    `bson:"secret"`
	Since     time.Time `bson:"since"`
	LastStep  int64     `bson:"lastStep"`
	Recovery  [][]byte  `bson:"recovery"`
	Offered   []byte    `bson:"offered"`
	OfferedAt time.Time `bson:"offeredAt"`
}

// grantDoc is a post that waits for a second signature.
type grantDoc struct {
	Role        account.Role `bson:"role"`
	Agency      string       `bson:"agency"`
	Institution string       `bson:"institution"`
	Collector   bool         `bson:"collector"`
	By          account.ID   `bson:"by"`
	At          time.Time    `bson:"at"`
}

// staleClaim is the age from which a claim whose account does not exist is
// what a crash left behind: no write takes that long.
const staleClaim = time.Minute

// AccountStore keeps accounts, with a claim on each e-mail address and
// telephone number. It implements account.Store.
type AccountStore struct {
	accounts *aggregate[account.Account, accountDoc, account.ID]
	claims   *Claims
	// alone is since when no other process can be making accounts; zero where
	// other processes share the store. Earlier claims were left or are in use.
	alone time.Time
}

// NewAccountStore gives access to the accounts; watch is told of every
// acknowledged write.
func NewAccountStore(db *DB, watch func(*account.Account)) *AccountStore {
	docs := newCollection[accountDoc](db, nameAccount)
	s := &AccountStore{
		accounts: newAggregate[account.Account, accountDoc, account.ID](docs, toAccountDoc, fromAccountDoc, watch).sealing(personalOfAccount),
		claims:   db.Claims(),
	}
	if db.Embedded() {
		s.alone = account.Moment(s.claims.now())
	}
	return s
}

func personalOfAccount(d *accountDoc) []personal {
	return []personal{{name: "email", text: &d.Email}, {name: "phone", text: &d.Phone}}
}

// key gives the claim on an identifier: blinded, where there is a cipher, so
// that a copy of the database does not list telephone numbers.
func (s *AccountStore) key(ctx context.Context, login account.Identifier) (string, error) {
	cipher := s.accounts.sealer.cipher
	if cipher == nil {
		return login.Key(), nil
	}
	blinded, err := cipher.Blind(ctx, login.Key())
	return string(login.Kind) + ":" + blinded, err
}

// holds reports whether the account signs in with what the claim is on.
func (s *AccountStore) holds(ctx context.Context, a *account.Account, value string) (bool, error) {
	for _, login := range a.Logins() {
		if key, err := s.key(ctx, login); err != nil || key == value {
			return err == nil, err
		}
	}
	return false, nil
}

// Get reads one account; fault.NotFound when there is none.
func (s *AccountStore) Get(ctx context.Context, id account.ID) (*account.Account, error) {
	return s.accounts.Get(ctx, id)
}

// ByLogin reads the account that holds the claim on that identifier and signs
// in with it; a claim left behind by a change that was cut short leads nowhere.
func (s *AccountStore) ByLogin(ctx context.Context, login account.Identifier) (*account.Account, error) {
	key, err := s.key(ctx, login)
	if err != nil {
		return nil, err
	}
	owner, err := s.claims.Owner(ctx, key)
	if err != nil {
		return nil, err
	}
	a, err := s.accounts.Get(ctx, account.ID(owner))
	if err == nil && !slices.Contains(a.Logins(), login) {
		return nil, fault.New(fault.NotFound, "store.not_found")
	}
	return a, err
}

// ChangeLogin lets change give the account the identifier to in place of
// another, whose claim is then given up. Conflict code "account.taken" when to
// belongs to another account. It implements auth.Identifiers.
func (s *AccountStore) ChangeLogin(ctx context.Context, id account.ID, to account.Identifier, change func(*account.Account) error) (*account.Account, error) {
	key, err := s.key(ctx, to)
	if err != nil {
		return nil, err
	}
	fresh, err := s.claim(ctx, key, string(id))
	if fault.Is(err, fault.Conflict) {
		return nil, fault.New(fault.Conflict, "account.taken").Because(err)
	}
	if err != nil {
		return nil, err
	}
	if !fresh {
		if err := s.renewClaim(ctx, key, string(id)); err != nil {
			return nil, err
		}
	}
	var before []account.Identifier
	a, err := s.accounts.Update(ctx, id, func(a *account.Account) error {
		before = a.Logins()
		return change(a)
	})
	if err != nil {
		if fresh && !fault.Is(err, fault.Unavailable) && !fault.Is(err, fault.Internal) {
			err = errors.Join(err, s.claims.Release(ctx, key, string(id)))
		}
		return nil, err
	}
	return a, s.releaseAll(ctx, id, slices.DeleteFunc(before, func(l account.Identifier) bool { return slices.Contains(a.Logins(), l) }))
}

// releaseAll gives claims on identifiers up.
func (s *AccountStore) releaseAll(ctx context.Context, id account.ID, logins []account.Identifier) error {
	for _, login := range logins {
		key, err := s.key(ctx, login)
		if err == nil {
			err = s.claims.Release(ctx, key, string(id))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Erase gives up the claims on the account's identifiers and then lets change
// take them, and whatever else names a person, out of it. What was cut off in
// between is done by calling it again. fault.NotFound without the account.
func (s *AccountStore) Erase(ctx context.Context, id account.ID, change func(*account.Account) error) (*account.Account, error) {
	a, err := s.accounts.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.releaseAll(ctx, id, a.Logins()); err != nil {
		return nil, err
	}
	return s.accounts.Update(ctx, id, change)
}

// Reseal seals what was read in the clear or under an earlier key, and blinds
// the claims of such accounts; it says how many there were.
func (s *AccountStore) Reseal(ctx context.Context) (int, error) {
	for _, id := range s.accounts.sealer.staleIDs() {
		a, err := s.accounts.Get(ctx, account.ID(id))
		if err != nil {
			return 0, err
		}
		for _, login := range a.Logins() {
			key, err := s.key(ctx, login)
			if err == nil {
				_, err = s.claim(ctx, key, id)
			}
			if err == nil && key != login.Key() {
				err = s.claims.Release(ctx, login.Key(), id)
			}
			if err != nil {
				return 0, err
			}
		}
	}
	return s.accounts.Reseal(ctx)
}

// renewClaim makes an own claim fresh, so that nobody takes it for one that
// was left behind.
func (s *AccountStore) renewClaim(ctx context.Context, value, owner string) error {
	_, err := s.claims.claims.update(ctx, value, func(have claimDoc) (claimDoc, error) {
		if have.Owner != owner {
			return have, fault.New(fault.Conflict, "account.taken")
		}
		have.ClaimedAt = s.claims.now()
		return have, nil
	})
	return err
}

// Insert claims the account's identifiers and adds it. fault.Conflict, code
// "account.taken", when an identifier or the id belongs to another account;
// then nothing is added, and what was claimed here is given back.
func (s *AccountStore) Insert(ctx context.Context, a *account.Account) error {
	var taken []string
	for _, login := range a.Logins() {
		key, err := s.key(ctx, login)
		if err != nil {
			return s.giveBack(ctx, a.ID, taken, err)
		}
		fresh, err := s.claim(ctx, key, string(a.ID))
		if fresh {
			taken = append(taken, key)
		}
		if err != nil {
			return s.giveBack(ctx, a.ID, taken, err)
		}
	}
	if err := s.accounts.Insert(ctx, a); err != nil {
		return s.giveBack(ctx, a.ID, taken, err)
	}
	return nil
}

// giveBack releases claims after a refusal. After any other failure the
// account may exist, so the claims stay; should it not, they grow stale.
func (s *AccountStore) giveBack(ctx context.Context, id account.ID, taken []string, err error) error {
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	for _, value := range taken {
		if err := s.claims.Release(ctx, value, string(id)); err != nil {
			return err
		}
	}
	return fault.New(fault.Conflict, "account.taken").Because(err)
}

// claim takes a value; fresh says that it was nobody's before.
func (s *AccountStore) claim(ctx context.Context, value, owner string) (fresh bool, err error) {
	doc := claimDoc{Owner: owner, ClaimedAt: s.claims.now()}
	doc.ID, doc.Rev = value, 1
	_, err = s.claims.claims.insert(ctx, doc)
	if !fault.Is(err, fault.Conflict) {
		return err == nil, err
	}
	have, err := s.claims.claims.get(ctx, value)
	switch {
	case err == nil && have.Owner == owner:
		return false, nil
	case err == nil && (s.claims.now().Sub(have.ClaimedAt) > staleClaim || have.ClaimedAt.Before(s.alone)):
		return s.takeStale(ctx, value, have.Owner, owner)
	case err == nil:
		return false, s.awaitHolder(ctx, have.Owner)
	case fault.Is(err, fault.NotFound): // released just now: let the caller try again
		return false, fault.New(fault.Conflict, "store.claimed")
	}
	return false, err
}

// awaitHolder gives Conflict once the account a claim was made for is there. It
// gives Unavailable when it does not appear: its insert is under way or was cut
// short, and nobody may be told yet that the identifier is in use.
func (s *AccountStore) awaitHolder(ctx context.Context, owner string) error {
	for range 20 {
		_, err := s.accounts.Get(ctx, account.ID(owner))
		if err == nil {
			return fault.New(fault.Conflict, "store.claimed")
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		select {
		case <-ctx.Done():
			return unavailable(ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
	return unavailable(errors.New("the account that holds the claim is not there yet"))
}

// takeStale takes over a claim whose account was never inserted, or does not
// sign in with that value: a change of identifiers was cut short.
func (s *AccountStore) takeStale(ctx context.Context, value, former, owner string) (fresh bool, err error) {
	claimed := fault.New(fault.Conflict, "store.claimed")
	holder, err := s.accounts.Get(ctx, account.ID(former))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return false, err
	}
	if err == nil {
		if held, err := s.holds(ctx, holder, value); err != nil {
			return false, err
		} else if held {
			return false, claimed
		}
	}
	_, err = s.claims.claims.update(ctx, value, func(have claimDoc) (claimDoc, error) {
		if have.Owner != former {
			return have, claimed
		}
		have.Owner, have.ClaimedAt = owner, s.claims.now()
		have.Rev++
		return have, nil
	})
	return err == nil, err
}

// Update changes an account under its lock. The identifiers are claimed
// elsewhere and cannot be changed here.
func (s *AccountStore) Update(ctx context.Context, id account.ID, change func(*account.Account) error) (*account.Account, error) {
	return s.accounts.Update(ctx, id, func(a *account.Account) error {
		before := a.Logins()
		if err := change(a); err != nil {
			return err
		}
		if !slices.Equal(before, a.Logins()) {
			return fmt.Errorf("update of account %s changed its identifiers", id)
		}
		return nil
	})
}

// LoadAccounts gives every account to fn, in no particular order.
func (s *AccountStore) LoadAccounts(ctx context.Context, fn func(*account.Account) error) error {
	return s.accounts.load(ctx, fn)
}

func toAccountDoc(a *account.Account) accountDoc {
	return accountDoc{
		Header: Header{ID: string(a.ID), Rev: a.Rev},
		Email:  a.Email, Phone: a.Phone, PasswordHash: a.PasswordHash,
		Role: string(a.Role), Agency: a.Agency, Institution: a.Institution, Collector: a.Collector,
		Locale: string(a.Locale), State: string(a.State),
		CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt, LastLoginAt: a.LastLoginAt,
		SessionsFrom: a.SessionsFrom, TemporaryUntil: a.TemporaryUntil, EmailVerifiedAt: a.EmailVerifiedAt,
		PhoneVerifiedAt: a.PhoneVerifiedAt, Factor: factorDoc(a.Factor),
		Grant: toGrantDoc(a.Grant), ResetBy: a.ResetBy, ResetAt: a.ResetAt, Devices: a.Devices, WarnedAt: a.WarnedAt,
		Pending: toPending(a.Pending), Outbox: toOutbox(a.Outbox),
	}
}

func fromAccountDoc(d *accountDoc) *account.Account {
	return &account.Account{
		ID: account.ID(d.ID), Rev: d.Rev,
		Email: d.Email, Phone: d.Phone, PasswordHash: d.PasswordHash,
		Role: account.Role(d.Role), Agency: d.Agency, Institution: d.Institution, Collector: d.Collector,
		Locale: ref.Locale(d.Locale), State: account.State(d.State),
		CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, LastLoginAt: d.LastLoginAt,
		SessionsFrom: d.SessionsFrom, TemporaryUntil: d.TemporaryUntil, EmailVerifiedAt: d.EmailVerifiedAt,
		PhoneVerifiedAt: d.PhoneVerifiedAt, Factor: fromFactorDoc(d.Factor),
		Grant: fromGrantDoc(d.Grant), ResetBy: d.ResetBy, ResetAt: d.ResetAt, Devices: orNil(d.Devices), WarnedAt: d.WarnedAt,
		Pending: fromPending(d.Pending), Outbox: fromOutbox(d.Outbox),
	}
}

func toGrantDoc(g account.Grant) grantDoc {
	p := g.Post
	return grantDoc{p.Role, p.Agency, p.Institution, p.Collector, g.By, g.At}
}

func fromGrantDoc(d grantDoc) account.Grant {
	return account.Grant{Post: account.Post{Role: d.Role, Agency: d.Agency, Institution: d.Institution, Collector: d.Collector}, By: d.By, At: d.At}
}

func fromFactorDoc(d factorDoc) account.Factor {
	return account.Factor{Secret: orNil(d.Secret), Since: d.Since, LastStep: d.LastStep, Recovery: orNil(d.Recovery),
		Offered: orNil(d.Offered), OfferedAt: d.OfferedAt}
}
