package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// acceptID names the request of a code by the person and by what is accepted:
// there is one at a time, and a code for one matter is found for no other.
func acceptID(person account.ID, matter string) account.CodeID {
	sum := sha256.Sum256([]byte("accept\x00" + string(person) + "\x00" + matter))
	return account.CodeID("cod_" + hex.EncodeToString(sum[:16]))
}

// SendAcceptCode sends six digits, good for ten minutes, with which the person
// accepts the matter; an earlier code for it is void from then on. They go to
// the phone or the e-mail address the account signs in with: to a verified one
// first, and to the phone before the e-mail address. NotFound code
// "account.not_found" without an account in use; Exhausted code
// "auth.throttled" when it is asked for too often.
func (s *Service) SendAcceptCode(ctx context.Context, person account.ID, matter string) error {
	if _, err := s.try("accept", string(person), Client{}); err != nil {
		return err
	}
	a, err := s.Accounts.Get(ctx, person)
	if fault.Is(err, fault.NotFound) || err == nil && (a.State != account.Active || len(a.Logins()) == 0) {
		return fault.New(fault.NotFound, "account.not_found")
	}
	if err != nil {
		return err
	}
	id := acceptID(person, matter)
	fresh, err := s.makeCode(ctx, id, 1, account.AcceptCode, person, primaryLogin(a))
	if err != nil {
		return err
	}
	err = s.Codes.Insert(ctx, fresh)
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	return s.replaceCode(ctx, fresh, primaryLogin(a))
}

// replaceCode puts a new code in the place of the one that was sent before.
func (s *Service) replaceCode(ctx context.Context, c *account.Code, to account.Identifier) error {
	_, err := s.Codes.Update(ctx, c.ID, func(have *account.Code) error {
		fresh, err := s.makeCode(ctx, c.ID, have.Rev+1, c.Purpose, c.Account, to)
		if err != nil {
			return err
		}
		*have = *fresh
		return nil
	})
	return err
}

// primaryLogin chooses where a code goes.
func primaryLogin(a *account.Account) account.Identifier {
	phone, email := account.Identifier{Kind: account.ByPhone, Value: a.Phone}, account.Identifier{Kind: account.ByEmail, Value: a.Email}
	switch {
	case phone.Value != "" && !a.PhoneVerifiedAt.IsZero():
		return phone
	case email.Value != "" && !a.EmailVerifiedAt.IsZero():
		return email
	case phone.Value != "":
		return phone
	}
	return email
}

// SpendAcceptCode uses up the code that was sent to the person for that
// matter. Invalid code "auth.code.wrong" for any other, for one that was used
// or has run out, and after five wrong tries.
func (s *Service) SpendAcceptCode(ctx context.Context, person account.ID, matter, code string) error {
	id := acceptID(person, matter)
	attempt, err := s.try("code", string(id), Client{})
	if err != nil {
		return err
	}
	c, err := s.weigh(ctx, id, account.AcceptCode, onlyDigits(code))
	if err != nil {
		return err
	}
	if c.Account != person {
		return account.BadCode()
	}
	if err := s.use(ctx, id); err != nil {
		return err
	}
	attempt.succeed()
	return nil
}
