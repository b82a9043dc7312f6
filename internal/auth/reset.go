package auth

import (
	"context"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/message"
)

// ResetRequest is the answer to a forgotten password, the same whether or not
// there is an account.
type ResetRequest struct {
	ID       account.CodeID // to be sent back with a code of digits; a link holds it already
	ByDigits bool           // a code goes to a phone; else a link by e-mail
}

// Forgot asks for a new password. Whoever has the e-mail address or phone
// number as login is sent a link or a code; the account is looked up by the job
// that sends it, so that nothing here depends on whether there is one. Invalid
// code "account.email" or "account.phone" for what is neither.
func (s *Service) Forgot(ctx context.Context, login string, from Client) (ResetRequest, error) {
	began := s.Now()
	to, err := ParseLogin(login)
	if err != nil {
		return ResetRequest{}, err
	}
	if _, err := s.try("forgot", to.Value, from); err != nil {
		return ResetRequest{}, err
	}
	if err := s.recordRequest(ctx, from); err != nil {
		return ResetRequest{}, err
	}
	c, err := s.ask(ctx, account.ResetCode, "", to)
	if err != nil {
		return ResetRequest{}, err
	}
	s.level(ctx, began)
	return ResetRequest{ID: c.ID, ByDigits: to.Kind == account.ByPhone}, nil
}

// recordRequest remembers that a new password was asked for, and from where;
// for whom it was, and whether there is such an account, the log does not say.
func (s *Service) recordRequest(ctx context.Context, from Client) error {
	if s.Recorder == nil {
		return nil
	}
	const action = "auth.password.forgot"
	return s.Recorder.Record(ctx, audit.Entry{Action: action, Subject: action, Origin: audit.OriginOf(from.Address)})
}

// PasswordReset is a new password with a code that proves who sets it: the
// token of a link, the request's id with six digits, or a code on paper alone.
type PasswordReset struct {
	Token   string
	Request account.CodeID
	Code    string
	New     string
	From    Client
}

// code takes the reset apart: which request, what it is for, and its secret.
func (r PasswordReset) code() (id account.CodeID, purpose account.CodePurpose, secret string) {
	switch {
	case r.Token != "":
		request, secret, _ := strings.Cut(r.Token, ".")
		return account.CodeID(request), account.ResetCode, secret
	case r.Request != "":
		return r.Request, account.ResetCode, onlyDigits(r.Code)
	default:
		return paperID(r.Code), account.InPersonCode, typed(r.Code)
	}
}

// Reset sets a new password. It ends every session of the account and tells
// the owner. Invalid code "auth.code.wrong" for any code that does not count,
// "auth.password.policy" for a password that may not be; the code is then
// still good.
func (s *Service) Reset(ctx context.Context, in PasswordReset) error {
	id, purpose, secret := in.code()
	if len(id) > 64 || !strings.HasPrefix(string(id), "cod_") {
		return account.BadCode()
	}
	attempt, err := s.try("code", string(id), in.From)
	if err != nil {
		return err
	}
	c, err := s.weigh(ctx, id, purpose, secret)
	if err != nil {
		return err
	}
	a, via, err := s.ownerOf(ctx, c)
	if err != nil {
		return err
	}
	if err := s.newPassword(PasswordChange{New: in.New}, a); err != nil {
		return err
	}
	hash, err := s.Passwords.Hash(ctx, in.New)
	if err != nil {
		return err
	}
	if err := s.use(ctx, c.ID); err != nil {
		return err
	}
	attempt.succeed()
	return s.setPassword(ctx, a.ID, c, hash, via)
}

// ownerOf finds whose password the code resets; via is the identifier it was
// sent to, or zero on paper. Without an account that can be used the code is
// like any wrong one.
func (s *Service) ownerOf(ctx context.Context, c *account.Code) (a *account.Account, via account.Identifier, err error) {
	if c.Purpose == account.InPersonCode {
		a, err = s.Accounts.Get(ctx, c.Account)
	} else {
		if via, err = s.loginOf(c); err != nil {
			return nil, via, err
		}
		a, err = s.Accounts.ByLogin(ctx, via)
	}
	if fault.Is(err, fault.NotFound) || err == nil && !resettable(a, c) {
		return nil, via, account.BadCode()
	}
	return a, via, err
}

// resettable reports whether the account is in use and has not ended its
// sessions since the code was asked for: a reset, a change of password or a
// sign-out everywhere voids the codes that are still under way.
func resettable(a *account.Account, c *account.Code) bool {
	return a.State == account.Active && !c.CreatedAt.Before(a.SessionsFrom)
}

// setPassword writes the new password, which voids every session.
func (s *Service) setPassword(ctx context.Context, id account.ID, c *account.Code, hash string, via account.Identifier) error {
	_, err := s.Accounts.Update(ctx, id, func(a *account.Account) error {
		if !resettable(a, c) {
			return account.BadCode()
		}
		now := s.Now()
		a.PasswordHash, a.TemporaryUntil = hash, time.Time{}
		reason := "in_person"
		if !via.IsZero() {
			reason = string(via.Kind)
			a.Verify(via, now)
		}
		a.EndSessions(now)
		a.Record(a.Actor(), now, "auth.password.reset", reason, "password")
		a.Tell(now, "password.changed", told(now))
		return nil
	})
	if err != nil {
		return err
	}
	return s.sessions.revokeAll(ctx, id, "", account.RevokedByPassword)
}

// PaperCode is a one-use code to be printed and handed to a person who was
// seen; it is shown this once.
type PaperCode struct {
	Code    string
	Expires time.Time
}

// ResetInPerson makes a code for the owner of the account with that e-mail
// address, phone number or id, whom the actor has seen. The owner is told.
// NotFound code "account.not_found" without such an account; Forbidden code
// "account.reset.role" for accounts the actor may not touch.
func (s *Service) ResetInPerson(ctx context.Context, actor account.Actor, login, reason string, from Client) (PaperCode, error) {
	if err := actor.Require("account.reset_in_person"); err != nil {
		return PaperCode{}, err
	}
	if _, err := s.try("in_person", string(actor.Account), from); err != nil {
		return PaperCode{}, err
	}
	card, err := s.cardOf(login)
	if err != nil {
		return PaperCode{}, err
	}
	if err := account.MayResetInPerson(actor, card, reason); err != nil {
		return PaperCode{}, err
	}
	now := account.Moment(s.Now())
	_, err = s.Accounts.Update(ctx, card.ID, func(a *account.Account) error {
		if err := account.MayResetInPerson(actor, a.Card(), reason); err != nil {
			return err
		}
		a.Reissue(actor.Account, now)
		a.Record(actor, now, "account.reset_in_person", reason)
		a.Tell(now, "reset.in_person", told(now))
		return nil
	})
	if err != nil {
		return PaperCode{}, err
	}
	return s.printCode(ctx, card.ID, now)
}

func (s *Service) printCode(ctx context.Context, owner account.ID, now time.Time) (PaperCode, error) {
	code, err := s.Passwords.Generate()
	if err != nil {
		return PaperCode{}, err
	}
	c := &account.Code{ID: paperID(code), Rev: 1, Purpose: account.InPersonCode, Account: owner, CreatedAt: now, ExpiresAt: now.Add(account.InPersonFor)}
	if c.KID, c.MAC, err = s.Keys.MAC(ctx, Code, codeText(c.ID, typed(code))); err != nil {
		return PaperCode{}, err
	}
	return PaperCode{Code: code, Expires: c.ExpiresAt}, s.Codes.Insert(ctx, c)
}

// cardOf finds an account by id or identifier.
func (s *Service) cardOf(login string) (account.Card, error) {
	card, found := s.Lookup.AccountCard(account.ID(login))
	if !found {
		if id, err := ParseLogin(login); err == nil {
			card, found = s.Lookup.AccountByLogin(id.Value)
		}
	}
	if !found {
		return card, fault.New(fault.NotFound, "account.not_found")
	}
	return card, nil
}

// ChangeIdentifier asks to sign in with another e-mail address or phone
// number, or to prove the present one: a code goes there, and whoever sends it
// back with ConfirmIdentifier has it. Whether another account has it is told
// to nobody who cannot read what is sent there. Asks for a recent proof of the
// password.
func (s *Service) ChangeIdentifier(ctx context.Context, actor account.Actor, to account.Identifier, from Client) (account.CodeID, error) {
	if err := s.fresh(ctx, actor, "me.identifiers"); err != nil {
		return "", err
	}
	for _, subject := range []string{string(actor.Account), to.Value} {
		if _, err := s.try("identifier", subject, from); err != nil {
			return "", err
		}
	}
	c, err := s.ask(ctx, account.LoginCode, actor.Account, to)
	if err != nil {
		return "", err
	}
	return c.ID, nil
}

// ConfirmIdentifier takes the code that was sent to a new e-mail address or
// phone number, signs the account in with it from now on, tells the owner at
// the old one, and ends the other sessions. Invalid code "auth.code.wrong";
// Conflict code "account.taken" when another account has it.
func (s *Service) ConfirmIdentifier(ctx context.Context, actor account.Actor, id account.CodeID, code string, from Client) error {
	if err := actor.Require("me.identifiers"); err != nil {
		return err
	}
	attempt, err := s.try("code", string(id), from)
	if err != nil {
		return err
	}
	c, err := s.weigh(ctx, id, account.LoginCode, onlyDigits(code))
	if err != nil {
		return err
	}
	if c.Account != actor.Account {
		return account.BadCode()
	}
	to, err := s.loginOf(c)
	if err != nil {
		return err
	}
	if err := s.use(ctx, c.ID); err != nil {
		return err
	}
	attempt.succeed()
	return s.takeIdentifier(ctx, actor, to)
}

func (s *Service) takeIdentifier(ctx context.Context, actor account.Actor, to account.Identifier) error {
	card, found := s.Lookup.AccountCard(actor.Account)
	if !found {
		return fault.New(fault.NotFound, "account.not_found")
	}
	notice, err := s.noticeTo(ctx, card, to.Kind)
	if err != nil {
		return err
	}
	begun := time.Time{}
	_, err = s.Logins.ChangeLogin(ctx, actor.Account, to, func(a *account.Account) error {
		now := s.Now()
		if !a.TakeLogin(to, now) {
			a.Record(actor, now, "me.identifiers", "verified", string(to.Kind))
			return nil
		}
		begun = a.EndSessions(now)
		a.Record(actor, now, "me.identifiers", "", string(to.Kind))
		if notice != nil {
			a.Outbox.Add(string(a.ID), a.Rev, *notice)
		}
		return nil
	})
	if err != nil || begun.IsZero() {
		return err
	}
	return s.keepOnly(ctx, actor, begun, account.RevokedByAccount)
}

// noticeTo makes the notice of a change for the address that is there now: the
// one that is replaced, or else the other.
func (s *Service) noticeTo(ctx context.Context, card account.Card, kind account.IdentifierKind) (*message.Notice, error) {
	old := account.Identifier{Kind: account.ByEmail, Value: card.Email}
	if phone := (account.Identifier{Kind: account.ByPhone, Value: card.Phone}); old.Value == "" || kind == account.ByPhone && phone.Value != "" {
		old = phone
	}
	if old.IsZero() {
		return nil, nil
	}
	now := account.Moment(s.Now())
	n := &message.Notice{Channel: channelOf(old), Recipient: string(card.ID), Template: "login.changed", Args: told(now), At: now}
	var err error
	n.Sealed, err = s.sealNotice(ctx, n.Channel, Private{To: old.Value})
	return n, err
}
