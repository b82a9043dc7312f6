package account

import (
	"context"
	"sync"
	"time"

	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
)

// TemporaryFor is how long a temporary password is good.
const TemporaryFor = 7 * 24 * time.Hour

// FirstAdminID is the id of the account FirstAdmin makes: a chosen id, so that
// of two attempts at once only one succeeds, whatever the store.
const FirstAdminID ID = "acc_00000000000000000000000001"

// Passwords is what the service needs to know of passwords; package auth has it.
type Passwords interface {
	// Check refuses, with Invalid, a password that breaks the policy;
	// personal holds what the password may not contain.
	Check(password string, personal ...string) error
	// Hash gives the PHC string of a password; Unavailable when too many are
	// being hashed.
	Hash(ctx context.Context, password string) (string, error)
	// Generate makes a password that nobody can guess and a person can type.
	Generate() (string, error)
}

// Ports are what a Service is made of.
type Ports struct {
	Store     Store
	Reader    Reader
	Passwords Passwords
	Phone     func(string) (string, error) // E.164 form of a phone number, or Invalid
	Now       func() time.Time
	NewID     func(prefix string) string // prefix and a new ULID: "acc_" → "acc_01J…"
	Recorder  audit.Recorder             // of readings of others' contact data; nil = they are not recorded
}

// Service is what administrators do with accounts. Signing in and one's own
// password are package auth's.
type Service struct {
	Ports
	admins sync.Mutex // held while the number of administrators may shrink
}

// NewService makes the service.
func NewService(ports Ports) *Service { return &Service{Ports: ports} }

// NewAccount describes an account an administrator opens. Exactly one of
// Email and Phone may be empty. Without Password one is generated.
type NewAccount struct {
	Email    string
	Phone    string
	Password string
	Locale   string
	Post     Post
}

// Issued is an account and the password it was given, to be handed over once;
// Password is empty when the caller chose it.
type Issued struct {
	Account  *Account
	Password string
}

// Create opens an account of any role; with a privileged one nobody can sign in
// before another administrator confirms it, see Confirm. Its password is
// temporary unless the system itself (demonstration data) brought one, which is
// then taken as it is. Conflict code "account.taken" when the e-mail address or
// the phone number has an account.
func (s *Service) Create(ctx context.Context, actor Actor, in NewAccount) (Issued, error) {
	return s.create(ctx, actor, in, actor.Role == System)
}

func (s *Service) create(ctx context.Context, actor Actor, in NewAccount, atOnce bool) (Issued, error) {
	if err := actor.Require("user.manage"); err != nil {
		return Issued{}, err
	}
	a, err := s.draft(in)
	if err != nil {
		return Issued{}, err
	}
	if actor.Role != System {
		if err := s.vet(in.Password, a); err != nil {
			return Issued{}, err
		}
	}
	a.ID = ID(s.NewID("acc_"))
	if !atOnce && grants(Post{}, a.Post()) {
		a.State = Proposed
		a.Grant = Grant{Post: a.Post(), By: actor.Account, At: Moment(s.Now())}
	}
	return s.insert(ctx, actor, a, in.Password)
}

// vet checks a chosen password.
func (s *Service) vet(password string, a *Account) error {
	if password == "" {
		return nil
	}
	return s.Passwords.Check(password, a.Email, a.Phone)
}

func (s *Service) insert(ctx context.Context, actor Actor, a *Account, password string) (Issued, error) {
	issued, err := s.issue(ctx, a, password, actor.Role == System)
	if err != nil {
		return Issued{}, err
	}
	a.CreatedAt = Moment(s.Now())
	a.Record(actor, a.CreatedAt, "user.create", "")
	if err := s.Store.Insert(ctx, a); err != nil {
		return Issued{}, err
	}
	return issued, nil
}

// draft checks what is asked for and gives it in normal form.
func (s *Service) draft(in NewAccount) (*Account, error) {
	var faults fault.List
	a := &Account{Role: in.Post.Role, Agency: in.Post.Agency, Institution: in.Post.Institution, Collector: in.Post.Collector, State: Active}
	collect := func(err error) {
		if f := fault.Of(err); f != nil {
			faults = append(faults, f.Fields...)
		}
	}
	var err error
	if in.Email != "" {
		a.Email, err = ParseEmail(in.Email)
		collect(err)
	}
	if in.Phone != "" {
		a.Phone, err = s.Phone(in.Phone)
		collect(err)
	}
	a.Locale, err = ParseLocale(in.Locale)
	collect(err)
	collect(in.Post.Check())
	faults.Check(in.Email != "" || in.Phone != "", "/email", "account.identifier.required")
	return a, faults.Err("account.invalid")
}

// issue gives the account a password, generated unless chosen. It is temporary
// unless it is the person's own choice.
func (s *Service) issue(ctx context.Context, a *Account, chosen string, own bool) (Issued, error) {
	issued := Issued{Account: a}
	var err error
	if chosen == "" {
		if issued.Password, err = s.Passwords.Generate(); err != nil {
			return Issued{}, err
		}
		chosen, own = issued.Password, false
	}
	if a.PasswordHash, err = s.Passwords.Hash(ctx, chosen); err != nil {
		return Issued{}, err
	}
	if !own {
		a.TemporaryUntil = Moment(s.Now()).Add(TemporaryFor)
	}
	return issued, nil
}

// FirstAdmin opens the first administrator's account, on the word of whoever
// runs the command on the server. Conflict code "account.admin.exists" as
// soon as an administrator can sign in. An unused password that has run out
// is replaced.
func (s *Service) FirstAdmin(ctx context.Context, in NewAccount) (Issued, error) {
	s.admins.Lock()
	defer s.admins.Unlock()
	if s.usableAdmins("") > 0 {
		return Issued{}, fault.New(fault.Conflict, "account.admin.exists")
	}
	in.Post = Post{Role: Admin}
	a, err := s.draft(in)
	if err != nil {
		return Issued{}, err
	}
	if err := s.vet(in.Password, a); err != nil {
		return Issued{}, err
	}
	a.ID = FirstAdminID
	issued, err := s.insert(ctx, SystemActor(), a, in.Password)
	if !fault.Is(err, fault.Conflict) {
		return issued, err
	}
	return s.reissueFirst(ctx, a, in.Password, err)
}

// reissueFirst replaces the password of a first administrator who let it run
// out; any other conflict is the caller's.
func (s *Service) reissueFirst(ctx context.Context, wanted *Account, password string, conflict error) (Issued, error) {
	issued, err := s.issue(ctx, wanted, password, true)
	if err != nil {
		return Issued{}, err
	}
	issued.Account, err = s.Store.Update(ctx, FirstAdminID, func(a *Account) error {
		now := s.Now()
		if a.Email != wanted.Email || a.Phone != wanted.Phone || a.Role != Admin || a.Card().CanSignIn(now) {
			return conflict
		}
		a.State, a.PasswordHash, a.TemporaryUntil = Active, wanted.PasswordHash, wanted.TemporaryUntil
		a.EndSessions(now)
		a.Record(SystemActor(), now, "user.reset", "", "password", "state")
		return nil
	})
	if fault.Is(err, fault.NotFound) {
		err = conflict
	}
	return issued, err
}

// usableAdmins counts the administrators who can sign in, without one.
func (s *Service) usableAdmins(without ID) int {
	count, now := 0, s.Now()
	q := Query{Scope: Scope{All: true}, Role: Admin, State: Active, Page: listing.Page{Limit: listing.MaxLimit}}
	for {
		page := s.Reader.Accounts(q)
		for _, c := range page.Items {
			if c.ID != without && c.CanSignIn(now) {
				count++
			}
		}
		if page.Next == "" {
			return count
		}
		q.Page.After = page.Next
	}
}
