package auth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// The second factor: TOTP as RFC 6238 has it by default, which every
// authenticator application reads.
const (
	stepSeconds   = 30
	stepsAround   = 1 // clocks of telephones are off by that many steps
	factorBytes   = 20
	recoveryCodes = 10
	factorName    = "Passerelle"
)

// Enrolment is what a person puts into an authenticator.
type Enrolment struct {
	Secret string    // base32, for typing
	URI    string    // otpauth://…, for a QR code
	Until  time.Time // has to be confirmed by then
}

// Enrol offers a new second factor; it is in force once Confirm proves that
// the authenticator has it. Asks for a recent proof of the password.
func (s *Service) Enrol(ctx context.Context, actor account.Actor) (Enrolment, error) {
	if err := s.fresh(ctx, actor, "auth.mfa"); err != nil {
		return Enrolment{}, err
	}
	card, _ := s.Lookup.AccountCard(actor.Account)
	secret := make([]byte, factorBytes)
	if _, err := io.ReadFull(s.Random, secret); err != nil {
		return Enrolment{}, fmt.Errorf("auth: random source: %w", err)
	}
	made, err := totp.Generate(totp.GenerateOpts{
		Issuer: factorName, AccountName: firstOf(card.Email, card.Phone, string(actor.Account)), Period: stepSeconds, Secret: secret,
	})
	if err != nil {
		return Enrolment{}, fmt.Errorf("auth: second factor: %w", err)
	}
	sealed, err := s.Keys.Encrypt(ctx, MFA, factorPlace(actor.Account), []byte(made.Secret()))
	if err != nil {
		return Enrolment{}, err
	}
	now := account.Moment(s.Now())
	_, err = s.Accounts.Update(ctx, actor.Account, func(a *account.Account) error {
		a.Factor.Offered, a.Factor.OfferedAt = sealed, now
		return nil
	})
	return Enrolment{Secret: made.Secret(), URI: otpauth(made), Until: now.Add(account.EnrolmentFor)}, err
}

// otpauth writes the address with spaces as %20, which all authenticators read.
func otpauth(key *otp.Key) string { return strings.ReplaceAll(key.URL(), "+", "%20") }

// Confirm puts the offered second factor in force, given a code of it, and
// gives the recovery codes, which are shown this once. The other sessions of
// the account end.
func (s *Service) Confirm(ctx context.Context, actor account.Actor, code string, from Client) (recovery []string, err error) {
	if err := s.fresh(ctx, actor, "auth.mfa"); err != nil {
		return nil, err
	}
	attempt, err := s.try("mfa", string(actor.Account), from)
	if err != nil {
		return nil, err
	}
	recovery, hashes, err := s.drawRecovery()
	if err != nil {
		return nil, err
	}
	now, begun := s.Now(), time.Time{}
	_, err = s.Accounts.Update(ctx, actor.Account, func(a *account.Account) error {
		if len(a.Factor.Offered) == 0 {
			return fault.New(fault.Conflict, "auth.mfa.not_offered")
		}
		step, err := s.stepOf(a.ID, a.Factor.Offered, code)
		if err != nil {
			return err
		}
		if err := a.Factor.Confirm(now, step, hashes); err != nil {
			return err
		}
		begun = a.EndSessions(now)
		a.Record(actor, now, "auth.mfa.confirm", "", "factor")
		a.Tell(now, "mfa.enabled", told(now))
		return nil
	})
	if err != nil {
		return nil, err
	}
	attempt.succeed()
	return recovery, s.keepOnly(ctx, actor, begun, account.RevokedByAccount)
}

// RemoveFactor takes the second factor away, given a code of it and a recent
// proof of the password; an official or administrator has to enrol another.
func (s *Service) RemoveFactor(ctx context.Context, actor account.Actor, code string, from Client) error {
	if err := s.fresh(ctx, actor, "auth.mfa"); err != nil {
		return err
	}
	begun := time.Time{}
	err := s.withFactor(ctx, actor.Account, code, from, func(a *account.Account) {
		now := s.Now()
		a.Factor = account.Factor{}
		begun = a.EndSessions(now)
		a.Record(actor, now, "auth.mfa.remove", "", "factor")
		a.Tell(now, "mfa.removed", told(now))
	})
	if err != nil {
		return err
	}
	return s.keepOnly(ctx, actor, begun, account.RevokedByAccount)
}

// withFactor checks a code of the account's second factor, or a recovery
// code, spends it, and lets then change the account in the same write.
// Invalid code "auth.mfa.wrong" for any code that does not count.
func (s *Service) withFactor(ctx context.Context, id account.ID, code string, from Client, then func(*account.Account)) error {
	attempt, err := s.try("mfa", string(id), from)
	if err != nil {
		return err
	}
	_, err = s.Accounts.Update(ctx, id, func(a *account.Account) error {
		if err := s.spend(a, code); err != nil {
			return err
		}
		then(a)
		return nil
	})
	if err == nil {
		attempt.succeed()
	}
	return err
}

// spend takes one code of the account's second factor under the account's
// lock, so that of two who present it only one is let in.
func (s *Service) spend(a *account.Account, code string) error {
	if !a.Factor.Enrolled() {
		return fault.New(fault.Conflict, "auth.mfa.not_enrolled")
	}
	if digits := onlyDigits(code); len(digits) == int(otp.DigitsSix) {
		step, err := s.stepOf(a.ID, a.Factor.Secret, digits)
		if err != nil {
			return err
		}
		if !a.Factor.Spend(step) {
			return wrongFactor()
		}
		return nil
	}
	if !a.Factor.Recover(recoveryHash(code)) {
		return wrongFactor()
	}
	now := s.Now()
	a.Record(a.Actor(), now, "auth.mfa.recovery", "", "factor")
	args := told(now)
	args["left"] = fmt.Sprint(len(a.Factor.Recovery))
	a.Tell(now, "mfa.recovery", args)
	return nil
}

// stepOf finds the time step a code belongs to, the latest first.
func (s *Service) stepOf(id account.ID, sealed []byte, code string) (step int64, err error) {
	secret, err := s.Keys.Decrypt(MFA, factorPlace(id), sealed)
	if err != nil {
		return 0, err
	}
	now, digits := s.Now(), onlyDigits(code)
	for around := stepsAround; around >= -stepsAround; around-- {
		moment := now.Add(time.Duration(around*stepSeconds) * time.Second)
		want, err := totp.GenerateCodeCustom(string(secret), moment, totp.ValidateOpts{Period: stepSeconds, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, fmt.Errorf("auth: second factor: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(digits)) == 1 {
			return moment.Unix() / stepSeconds, nil
		}
	}
	return 0, wrongFactor()
}

func wrongFactor() *fault.Error {
	return fault.New(fault.Invalid, "auth.mfa.wrong", fault.Field{Pointer: "/code", Code: "auth.mfa.wrong"})
}

// drawRecovery makes recovery codes of 80 bits, and their hashes.
func (s *Service) drawRecovery() (codes []string, hashes [][]byte, err error) {
	for range recoveryCodes {
		code, err := s.Passwords.Generate()
		if err != nil {
			return nil, nil, err
		}
		codes = append(codes, code)
		hashes = append(hashes, recoveryHash(code))
	}
	return codes, hashes, nil
}

// recoveryHash needs no salt: nobody can go through 2^80 codes.
func recoveryHash(code string) []byte {
	sum := sha256.Sum256([]byte("recovery\x00" + typed(code)))
	return sum[:]
}

// typed reads a code as people type it: in capitals, with the letters that
// the alphabet leaves out, with or without separators.
func typed(code string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'o':
			return '0'
		case r == 'i' || r == 'l':
			return '1'
		case strings.ContainsRune(typable, r):
			return r
		}
		return -1
	}, strings.ToLower(code))
}

// onlyDigits drops the spaces in which applications group codes; anything
// else makes it no code of digits.
func onlyDigits(code string) string {
	digits := strings.Join(strings.Fields(code), "")
	if strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) >= 0 {
		return ""
	}
	return digits
}

func factorPlace(id account.ID) string { return "account/" + string(id) + "/factor" }

func told(now time.Time) map[string]string {
	return map[string]string{"at": account.Moment(now).Format(time.RFC3339)}
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
