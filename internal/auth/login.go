package auth

import (
	"context"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
)

// Credentials are what a person signs in with.
type Credentials struct {
	Login    string // e-mail address or phone number
	Password string
	Code     string // of the second factor, or a recovery code; may wait for the ticket
	Ticket   string // of a login that lacked the code, in place of Login and Password
	From     Client
}

// ParseLogin reads an e-mail address (it holds an @) or a phone number.
func ParseLogin(s string) (account.Identifier, error) {
	if strings.Contains(s, "@") {
		email, err := account.ParseEmail(s)
		return account.Identifier{Kind: account.ByEmail, Value: email}, err
	}
	phone, err := ParsePhone(s)
	return account.Identifier{Kind: account.ByPhone, Value: phone}, err
}

// failed is the one answer to every login that does not succeed.
func failed() *fault.Error { return fault.New(fault.Unauthenticated, "auth.login.failed") }

// Login opens a session. Unauthenticated code "auth.login.failed", after the
// same work and time, whether the account is unknown or disabled, the
// password wrong, or a temporary one has run out. Exhausted code
// "auth.throttled" after too many tries. With a second factor enrolled and no
// code given: Unauthenticated code "auth.mfa.required", with a ticket that
// stands for Login and Password in the next call; "auth.mfa.failed" for a code
// that does not count, "auth.mfa.ticket" for a ticket that is void.
func (s *Service) Login(ctx context.Context, in Credentials) (TokenPair, error) {
	if in.Ticket != "" {
		return s.loginByTicket(ctx, in)
	}
	began := s.Now()
	login, err := ParseLogin(in.Login)
	if err != nil {
		login = account.Identifier{} // nobody's; the work is done all the same
	}
	attempt, err := s.try("login", login.Value, in.From)
	if err != nil {
		return TokenPair{}, err
	}
	a, rehash, err := s.prove(ctx, login, in.Password)
	if err != nil {
		if fault.Is(err, fault.Unauthenticated) {
			s.level(ctx, began)
		}
		return TokenPair{}, err
	}
	if a.Factor.Enrolled() {
		attempt.release()
		return s.secondStep(ctx, a, in, rehash)
	}
	attempt.succeed()
	return s.enter(ctx, a, in, rehash)
}

// prove finds the account and checks the password.
func (s *Service) prove(ctx context.Context, login account.Identifier, password string) (a *account.Account, rehash bool, err error) {
	if !login.IsZero() {
		if a, err = s.Accounts.ByLogin(ctx, login); err != nil && !fault.Is(err, fault.NotFound) {
			return nil, false, err
		}
	}
	if a == nil || a.PasswordHash == "" || err != nil {
		if err := s.Passwords.VerifyNone(ctx, password); err != nil {
			return nil, false, err
		}
		return nil, false, failed()
	}
	ok, rehash, err := s.Passwords.Verify(ctx, password, a.PasswordHash)
	if err != nil {
		return nil, false, err
	}
	if !ok || !a.Card().CanSignIn(s.Now()) {
		return nil, false, failed()
	}
	return a, rehash, nil
}

// enter notes the login in the account, under its lock, and opens the session.
func (s *Service) enter(ctx context.Context, a *account.Account, in Credentials, rehash bool) (TokenPair, error) {
	replacement := a.PasswordHash
	if rehash {
		var err error
		if replacement, err = s.Passwords.Hash(ctx, in.Password); err != nil {
			return TokenPair{}, err
		}
	}
	proved := a.PasswordHash
	at := s.Now()
	_, err := s.Accounts.Update(ctx, a.ID, func(a *account.Account) error {
		if a.PasswordHash != proved || a.Factor.Enrolled() || !a.Card().CanSignIn(s.Now()) {
			return failed() // changed since it was checked
		}
		s.greet(a, in.From)
		at = a.Enter(s.Now())
		if rehash {
			a.PasswordHash = replacement
			a.Record(a.Actor(), s.Now(), "auth.password.rehash", "", "password")
		}
		return nil
	})
	if err != nil {
		return TokenPair{}, err
	}
	return s.begin(ctx, a, in, at)
}

// begin opens the session of a login at that moment. A login that cannot be
// recorded does not take place.
func (s *Service) begin(ctx context.Context, a *account.Account, in Credentials, at time.Time) (TokenPair, error) {
	if s.Recorder != nil {
		err := s.Recorder.Record(ctx, audit.Entry{
			Actor: string(a.ID), Role: string(a.Role), Origin: audit.OriginOf(in.From.Address), Action: "auth.login", Subject: string(a.ID),
		})
		if err != nil {
			return TokenPair{}, err
		}
	}
	family, refresh, err := s.sessions.open(ctx, a.ID, in.From.Label, at)
	if err != nil {
		return TokenPair{}, err
	}
	return s.grant(ctx, family, refresh)
}

// Registration is what a person says to open an account; exactly one of Email
// and Phone may be empty.
type Registration struct {
	Applicant account.Role // Candidate or Agency, nothing else
	Email     string
	Phone     string
	Password  string
	Locale    string
	From      Client
}

// Register opens a candidate's or an agency applicant's account. It gives nil
// whether or not an account with that e-mail address or phone number exists,
// after the same work and time; where one exists nothing changes. Invalid
// with the fields for what breaks a rule.
func (s *Service) Register(ctx context.Context, in Registration) error {
	began := s.Now()
	a, err := s.applicant(in)
	if err != nil {
		return err
	}
	if _, err := s.try("register", a.Logins()[0].Value, in.From); err != nil {
		return err
	}
	if a.PasswordHash, err = s.Passwords.Hash(ctx, in.Password); err != nil {
		return err
	}
	if err := s.Accounts.Insert(ctx, a); err != nil && !fault.Is(err, fault.Conflict) {
		return err
	}
	s.level(ctx, began)
	return nil
}

// applicant checks a registration and gives the account to be.
func (s *Service) applicant(in Registration) (*account.Account, error) {
	var faults fault.List
	collect := func(err error) {
		if f := fault.Of(err); f != nil {
			faults = append(faults, f.Fields...)
		}
	}
	a := &account.Account{ID: account.ID(s.NewID("acc_")), Role: in.Applicant, State: account.Active, CreatedAt: account.Moment(s.Now())}
	faults.Check(in.Applicant == account.Candidate || in.Applicant == account.Agency, "/applicant", "account.applicant")
	faults.Check(in.Email != "" || in.Phone != "", "/email", "account.identifier.required")
	var err error
	if in.Email != "" {
		a.Email, err = account.ParseEmail(in.Email)
		collect(err)
	}
	if in.Phone != "" {
		a.Phone, err = ParsePhone(in.Phone)
		collect(err)
	}
	a.Locale, err = account.ParseLocale(in.Locale)
	collect(err)
	collect(s.Passwords.Check(in.Password, a.Email, a.Phone))
	a.Record(a.Actor(), s.Now(), "auth.register", "")
	return a, faults.Err("auth.register.invalid")
}

// PasswordChange is one's own new password, with proof of the present one.
type PasswordChange struct {
	Current string
	New     string
	Code    string // of the second factor, where one is enrolled and was not used within FreshFor
	From    Client
}

// ChangePassword replaces the actor's password and ends the other sessions of
// the account at once; the actor's own goes on. Invalid code
// "auth.password.wrong" when the present password is not right.
func (s *Service) ChangePassword(ctx context.Context, actor account.Actor, in PasswordChange) error {
	if err := actor.Require("auth.password.change"); err != nil {
		return err
	}
	attempt, err := s.try("password", string(actor.Account), in.From)
	if err != nil {
		return err
	}
	proved, err := s.proveCurrent(ctx, actor, in.Current, "/currentPassword")
	if err != nil {
		return err
	}
	attempt.succeed()
	if err := s.proveFactor(ctx, actor, proved, in); err != nil {
		return err
	}
	if err := s.newPassword(in, proved); err != nil {
		return err
	}
	hash, err := s.Passwords.Hash(ctx, in.New)
	if err != nil {
		return err
	}
	return s.replacePassword(ctx, actor, proved.PasswordHash, hash)
}

// proveFactor asks for a code where the account has a second factor and the
// session has not proved it lately.
func (s *Service) proveFactor(ctx context.Context, actor account.Actor, a *account.Account, in PasswordChange) error {
	if !a.Factor.Enrolled() {
		return nil
	}
	ok, err := s.isFresh(ctx, actor)
	if err != nil || ok && in.Code == "" {
		return err
	}
	return s.withFactor(ctx, a.ID, in.Code, in.From, func(*account.Account) {})
}

func (s *Service) proveCurrent(ctx context.Context, actor account.Actor, current, pointer string) (*account.Account, error) {
	a, err := s.Accounts.Get(ctx, actor.Account)
	if err != nil {
		return nil, err
	}
	ok, _, err := s.Passwords.Verify(ctx, current, a.PasswordHash)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fault.New(fault.Invalid, "auth.password.wrong", fault.Field{Pointer: pointer, Code: "auth.password.wrong"})
	}
	return a, nil
}

// newPassword checks the new password; it must be another one.
func (s *Service) newPassword(in PasswordChange, a *account.Account) error {
	err := s.Passwords.Check(in.New, a.Email, a.Phone)
	f := fault.Of(err)
	if err == nil && in.New == in.Current {
		f = fault.New(fault.Invalid, "auth.password.policy", fault.Field{Code: "auth.password.same"})
	}
	if f == nil {
		return err
	}
	for i := range f.Fields {
		f.Fields[i].Pointer = "/newPassword"
	}
	return f
}

// replacePassword writes the new password, which voids every session, then
// lets the actor's own go on and tidies the others away.
func (s *Service) replacePassword(ctx context.Context, actor account.Actor, proved, hash string) error {
	from := s.Now()
	_, err := s.Accounts.Update(ctx, actor.Account, func(a *account.Account) error {
		if a.PasswordHash != proved {
			return fault.New(fault.Conflict, "auth.password.changed")
		}
		a.PasswordHash, a.TemporaryUntil = hash, time.Time{}
		from = a.EndSessions(s.Now())
		a.Record(actor, s.Now(), "auth.password.change", "", "password")
		a.Tell(s.Now(), "password.changed", told(s.Now()))
		return nil
	})
	if err != nil {
		return err
	}
	return s.keepOnly(ctx, actor, from, account.RevokedByPassword)
}
