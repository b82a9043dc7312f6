package auth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// TicketFor is how long a login may wait for its code.
const TicketFor = 5 * time.Minute

// ticket is what stands for a proved password until the code comes. It is
// sealed, so that its holder learns nothing from it, and void as soon as the
// password changes.
type ticket struct {
	Account  account.ID
	Password []byte // SHA-256 of the stored hash that was proved
	Until    time.Time
}

const ticketPlace = "login/ticket"

// maxTicket bounds a ticket, in octets; ours have about 300.
const maxTicket = 1024

// secondStep goes on with the code where one was given, else hands a ticket.
func (s *Service) secondStep(ctx context.Context, a *account.Account, in Credentials, rehash bool) (TokenPair, error) {
	if rehash {
		if err := s.rehash(ctx, a, in.Password); err != nil {
			return TokenPair{}, err
		}
	}
	if in.Code != "" {
		return s.enterWithCode(ctx, a, a.PasswordHash, in)
	}
	sealed, err := s.issueTicket(ctx, a)
	if err != nil {
		return TokenPair{}, err
	}
	return TokenPair{}, fault.New(fault.Unauthenticated, "auth.mfa.required").With(sealed)
}

// rehash stores the password at today's cost.
func (s *Service) rehash(ctx context.Context, a *account.Account, password string) error {
	hash, err := s.Passwords.Hash(ctx, password)
	if err != nil {
		return err
	}
	proved := a.PasswordHash
	_, err = s.Accounts.Update(ctx, a.ID, func(stored *account.Account) error {
		if stored.PasswordHash != proved {
			return failed()
		}
		stored.PasswordHash = hash
		stored.Record(stored.Actor(), s.Now(), "auth.password.rehash", "", "password")
		return nil
	})
	a.PasswordHash = hash
	return err
}

func (s *Service) issueTicket(ctx context.Context, a *account.Account) (string, error) {
	plain, err := json.Marshal(ticket{Account: a.ID, Password: passwordMark(a.PasswordHash), Until: s.Now().Add(TicketFor)})
	if err != nil {
		return "", fmt.Errorf("auth: ticket: %w", err)
	}
	sealed, err := s.Keys.Encrypt(ctx, Ticket, ticketPlace, plain)
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

func passwordMark(phc string) []byte {
	sum := sha256.Sum256([]byte(phc))
	return sum[:]
}

// loginByTicket goes on with a login whose password was proved before.
func (s *Service) loginByTicket(ctx context.Context, in Credentials) (TokenPair, error) {
	attempt, err := s.try("ticket", "", in.From)
	if err != nil {
		return TokenPair{}, err
	}
	t, err := s.openTicket(in.Ticket)
	if err != nil {
		return TokenPair{}, err
	}
	a, err := s.Accounts.Get(ctx, t.Account)
	if fault.Is(err, fault.NotFound) {
		return TokenPair{}, voidTicket()
	}
	if err != nil {
		return TokenPair{}, err
	}
	if subtle.ConstantTimeCompare(t.Password, passwordMark(a.PasswordHash)) != 1 || !a.Factor.Enrolled() {
		return TokenPair{}, voidTicket()
	}
	pair, err := s.enterWithCode(ctx, a, a.PasswordHash, in)
	if err == nil {
		attempt.succeed()
	}
	return pair, err
}

func (s *Service) openTicket(text string) (t ticket, err error) {
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(text) > maxTicket {
		return t, voidTicket()
	}
	plain, err := s.Keys.Decrypt(Ticket, ticketPlace, sealed)
	if err != nil || json.Unmarshal(plain, &t) != nil || !s.Now().Before(t.Until) {
		return t, voidTicket()
	}
	return t, nil
}

func voidTicket() *fault.Error { return fault.New(fault.Unauthenticated, "auth.mfa.ticket") }

// enterWithCode spends the code and notes the login in one write, then opens
// the session.
func (s *Service) enterWithCode(ctx context.Context, a *account.Account, proved string, in Credentials) (TokenPair, error) {
	at, changed := s.Now(), false
	err := s.withFactor(ctx, a.ID, in.Code, in.From, func(a *account.Account) {
		if changed = a.PasswordHash != proved || !a.Card().CanSignIn(s.Now()); !changed {
			s.greet(a, in.From)
			at = a.Enter(s.Now())
		}
	})
	switch f := fault.Of(err); {
	case f != nil && f.Code == "auth.mfa.wrong":
		return TokenPair{}, fault.New(fault.Unauthenticated, "auth.mfa.failed")
	case err != nil:
		return TokenPair{}, err
	case changed:
		return TokenPair{}, failed()
	}
	return s.begin(ctx, a, in, at)
}
