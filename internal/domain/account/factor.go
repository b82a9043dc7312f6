package account

import (
	"bytes"
	"slices"
	"time"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/message"
)

// Factor is the second factor of an account: a TOTP secret (RFC 6238) and the
// recovery codes that stand in for it. The zero value is none.
type Factor struct {
	Secret    []byte    // sealed; empty = not enrolled
	Since     time.Time // confirmed at
	LastStep  int64     // time step of the code used last: no code counts twice
	Recovery  [][]byte  // SHA-256 of the recovery codes not used yet
	Offered   []byte    // sealed secret of an enrolment that waits for its first code
	OfferedAt time.Time
}

// Enrolled reports whether signing in takes a code.
func (f Factor) Enrolled() bool { return len(f.Secret) > 0 }

// EnrolmentFor is how long an offered secret may be confirmed.
const EnrolmentFor = 15 * time.Minute

// Confirm puts the offered secret in force. Conflict code
// "auth.mfa.not_offered" when there is none, or it has run out.
func (f *Factor) Confirm(now time.Time, step int64, recovery [][]byte) error {
	if len(f.Offered) == 0 || !now.Before(f.OfferedAt.Add(EnrolmentFor)) {
		return fault.New(fault.Conflict, "auth.mfa.not_offered")
	}
	*f = Factor{Secret: f.Offered, Since: Moment(now), LastStep: step, Recovery: recovery}
	return nil
}

// Spend takes a step's code; false when a code of that step or a later one
// was used already.
func (f *Factor) Spend(step int64) bool {
	if step <= f.LastStep {
		return false
	}
	f.LastStep = step
	return true
}

// Recover takes a recovery code by its hash; false when it is none of those
// left.
func (f *Factor) Recover(hash []byte) bool {
	at := slices.IndexFunc(f.Recovery, func(h []byte) bool { return bytes.Equal(h, hash) })
	if at < 0 {
		return false
	}
	f.Recovery = slices.Delete(slices.Clone(f.Recovery), at, at+1)
	return true
}

// Tell leaves a notice for the account's owner on the channel that is there:
// e-mail, else SMS. Call it after Record, whose revision is the cause.
func (a *Account) Tell(now time.Time, template string, args map[string]string) {
	channel := message.Email
	switch {
	case a.Email != "":
	case a.Phone != "":
		channel = message.SMS
	default:
		return
	}
	a.Outbox.Add(string(a.ID), a.Rev, message.Notice{
		Channel: channel, Recipient: string(a.ID), Template: template, Args: args, At: Moment(now),
	})
}

// Verify notes that the owner of the account has read what was sent to that
// identifier; one the account does not have is left alone.
func (a *Account) Verify(login Identifier, now time.Time) {
	switch {
	case login.Kind == ByEmail && a.Email == login.Value:
		a.EmailVerifiedAt = Moment(now)
	case login.Kind == ByPhone && a.Phone == login.Value:
		a.PhoneVerifiedAt = Moment(now)
	}
}

// TakeLogin gives the account a proved e-mail address or phone number in place
// of the one of that kind; changed is false when it was that one already.
func (a *Account) TakeLogin(login Identifier, now time.Time) (changed bool) {
	held := &a.Email
	if login.Kind == ByPhone {
		held = &a.Phone
	}
	changed = *held != login.Value
	*held = login.Value
	a.Verify(login, now)
	return changed
}
