package privacy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/profile"
)

// settling is how long an erasure is gone over again after it was done: a
// request that was under way may have written something behind its back.
const settling = time.Hour

// Erase erases everything about the actor, after a recent proof of the
// password. The account is closed first: from then on there is no way back,
// and Finish completes what is cut off. The last administrator stays: Conflict
// code "account.admin.last"; so does a person whose placement is under way,
// until it was cancelled or has ended: Conflict code "privacy.placement_open".
// Erasing twice is no error.
func (s *Service) Erase(ctx context.Context, actor account.Actor) error {
	if err := s.Fresh(ctx, actor, "me.delete"); err != nil {
		return err
	}
	if s.underWay(actor.Account) {
		return fault.New(fault.Conflict, "privacy.placement_open")
	}
	return s.eraseAccount(ctx, actor, actor.Account, ReasonRequest)
}

// underWay reports whether the person is about to leave, or abroad.
func (s *Service) underWay(id account.ID) bool {
	own, found := s.Model.ProfileOf(id)
	if !found {
		return false
	}
	return slices.ContainsFunc(s.Model.PlacementsOf(own), func(file placement.ID) bool {
		card, known := s.Model.PlacementCard(file)
		return known && card.State.Open()
	})
}

// eraseAccount closes an account, notes it in the ledger and takes the steps.
func (s *Service) eraseAccount(ctx context.Context, actor account.Actor, id account.ID, reason string) error {
	if err := s.Closer.Leave(ctx, actor, id, reason); err != nil {
		return err
	}
	e, err := s.enter(ctx, &Erasure{ID: "era_" + string(id), Account: id, Reason: reason})
	if err != nil {
		return err
	}
	return s.complete(ctx, e)
}

// eraseProfile erases a profile that belongs to no account.
func (s *Service) eraseProfile(ctx context.Context, id profile.ID, reason string) error {
	e, err := s.enter(ctx, &Erasure{ID: "era_" + string(id), Profile: id, Reason: reason})
	if err != nil {
		return err
	}
	return s.complete(ctx, e)
}

// enter notes an erasure in the ledger, once, and gives it as it is there.
func (s *Service) enter(ctx context.Context, e *Erasure) (*Erasure, error) {
	if e.At.IsZero() {
		e.At = account.Moment(s.Now())
	}
	if e.Profile == "" {
		own, err := s.profileOf(ctx, e.Account)
		if err != nil {
			return nil, err
		}
		e.Profile = own
	}
	err := s.Ledger.Insert(ctx, e)
	if fault.Is(err, fault.Conflict) {
		return s.Ledger.Get(ctx, e.ID)
	}
	if err != nil {
		return nil, err
	}
	return e, s.Keep(ctx)
}

// claimOf is the claim that binds an account to its profile.
func claimOf(id account.ID) string { return "profile:" + string(id) }

// profileOf finds the profile of an account, also one that was claimed and is
// being written.
func (s *Service) profileOf(ctx context.Context, id account.ID) (profile.ID, error) {
	if own, found := s.Model.ProfileOf(id); found {
		return own, nil
	}
	own, err := s.Claims.Owner(ctx, claimOf(id))
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return profile.ID(own), err
}

// complete takes the steps and notes that they are done. Each may be taken
// again, so after a failure at any of them all are.
func (s *Service) complete(ctx context.Context, e *Erasure) error {
	if err := s.findProfile(ctx, e); err != nil {
		return err
	}
	steps := []func(context.Context, *Erasure) error{s.forgetFiles, s.forgetProfile, s.forgetTraces, s.strip, s.forgetSubjects}
	for _, step := range steps {
		if err := step(ctx, e); err != nil {
			return fmt.Errorf("erasure %s: %w", e.ID, err)
		}
	}
	if !e.DoneAt.IsZero() {
		return nil
	}
	_, err := s.Ledger.Update(ctx, e.ID, func(have *Erasure) error {
		have.DoneAt = account.Moment(s.Now())
		return nil
	})
	return err
}

// findProfile notes in the ledger a profile that was not known before, while
// something still leads to it.
func (s *Service) findProfile(ctx context.Context, e *Erasure) error {
	if e.Profile != "" || e.Account == "" {
		return nil
	}
	own, err := s.profileOf(ctx, e.Account)
	if err != nil || own == "" {
		return err
	}
	e.Profile = own
	_, err = s.Ledger.Update(ctx, e.ID, func(have *Erasure) error {
		have.Profile = own
		return nil
	})
	return err
}

// forgetFiles withdraws what runs and takes the person out of all files.
func (s *Service) forgetFiles(ctx context.Context, e *Erasure) error {
	for _, id := range s.Model.ApplicationsOf(e.Profile) {
		if err := s.Applications.ForgetOne(ctx, account.SystemActor(), id, e.Reason); err != nil {
			return err
		}
	}
	for _, id := range s.Model.PlacementsOf(e.Profile) {
		if err := s.Placements.ForgetOne(ctx, account.SystemActor(), id, e.Reason); err != nil {
			return err
		}
	}
	for _, id := range s.reportedBy(e.Account) {
		if err := s.Incidents.Unlink(ctx, account.SystemActor(), id, e.Reason); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) forgetProfile(ctx context.Context, e *Erasure) error {
	if e.Profile == "" {
		return nil
	}
	err := s.Profiles.Erase(ctx, account.SystemActor(), e.Profile, e.Reason)
	if fault.Is(err, fault.NotFound) { // claimed, and never written
		err = nil
	}
	return err
}

// forgetTraces removes sessions, messages, codes and kept answers, and unbinds
// the profile from the account.
func (s *Service) forgetTraces(ctx context.Context, e *Erasure) error {
	if e.Account == "" {
		return nil
	}
	for _, forget := range []func(context.Context, account.ID) error{
		s.Sessions.ForgetSessions, s.Messages.ForgetMessages, s.Codes.DeleteOf, s.Replays.DeleteOf,
	} {
		if err := forget(ctx, e.Account); err != nil {
			return err
		}
	}
	if e.Profile == "" {
		return nil
	}
	return s.Claims.Release(ctx, claimOf(e.Account), string(e.Profile))
}

// strip takes the rest out of the account.
func (s *Service) strip(ctx context.Context, e *Erasure) error {
	if e.Account == "" {
		return nil
	}
	have, err := s.Accounts.Get(ctx, e.Account)
	if fault.Is(err, fault.NotFound) || err == nil && have.Stripped() {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = s.Accounts.Erase(ctx, e.Account, func(a *account.Account) error {
		a.Strip(s.Now())
		return nil
	})
	return err
}

// forgetSubjects destroys what ties audit entries to the records' contents.
func (s *Service) forgetSubjects(ctx context.Context, e *Erasure) error {
	subjects := []string{string(e.Account), string(e.Profile)}
	for _, id := range s.Model.ApplicationsOf(e.Profile) {
		subjects = append(subjects, string(id))
	}
	for _, id := range s.Model.PlacementsOf(e.Profile) {
		subjects = append(subjects, string(id))
	}
	for _, subject := range subjects {
		if subject == "" {
			continue
		}
		if err := s.Audit.Forget(ctx, subject); err != nil {
			return err
		}
	}
	return nil
}

// Finish completes every erasure that was cut off, and goes over those of the
// last hour once more. A job calls it; it says how many it took up.
func (s *Service) Finish(ctx context.Context) (taken int, err error) {
	if err := s.enterClosed(ctx); err != nil {
		return 0, err
	}
	var open []*Erasure
	now := s.Now()
	err = s.Ledger.LoadErasures(ctx, func(e *Erasure) error {
		if e.DoneAt.IsZero() || now.Before(e.At.Add(settling)) {
			open = append(open, e)
		}
		return nil
	})
	var failures []error
	for _, e := range open {
		failures = append(failures, s.complete(ctx, e))
	}
	return len(open), errors.Join(append(failures, err)...)
}

// enterClosed notes in the ledger the accounts that were closed just before
// the end of a process.
func (s *Service) enterClosed(ctx context.Context) error {
	q := account.Query{Scope: account.Scope{All: true}, State: account.Erased, Page: listing.Page{Limit: listing.MaxLimit}}
	for {
		page := s.Model.Accounts(q)
		for _, card := range page.Items {
			if card.Email == "" && card.Phone == "" {
				continue
			}
			if _, err := s.enter(ctx, &Erasure{ID: "era_" + string(card.ID), Account: card.ID, Reason: ReasonRequest}); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		q.Page.After = page.Next
	}
}

// Erasures lists the ledger, to be kept beside the backups.
func (s *Service) Erasures(ctx context.Context) (all []Erasure, err error) {
	err = s.Ledger.LoadErasures(ctx, func(e *Erasure) error {
		all = append(all, *e)
		return nil
	})
	return all, err
}

// Reapply erases again, in a state that was restored, what was erased after
// it: since is the ledger as it went on. What the restored ledger knows to be
// done is in its state already. It says how many were reapplied; one that
// fails does not hold up the rest.
func (s *Service) Reapply(ctx context.Context, since []Erasure) (reapplied int, err error) {
	var failures []error
	for i := range since {
		since[i].DoneAt = time.Time{}
		e, err := s.enter(ctx, &since[i])
		if err == nil && !e.DoneAt.IsZero() {
			continue
		}
		if err == nil {
			err = s.again(ctx, e)
		}
		if err != nil {
			failures = append(failures, err)
			continue
		}
		reapplied++
	}
	return reapplied, errors.Join(failures...)
}

// again closes the account, should it be there and open, and takes the steps.
func (s *Service) again(ctx context.Context, e *Erasure) error {
	if e.Account != "" {
		err := s.Closer.Leave(ctx, account.SystemActor(), e.Account, e.Reason)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return s.complete(ctx, e)
}
