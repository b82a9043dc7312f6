package app

import (
	"context"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/privacy"
	"passerelle/internal/domain/profile"
)

// The ports of an erasure, each with its writes counted by a killer.
type (
	dyingLedger struct {
		privacy.Ledger
		*killer
	}
	dyingCloser struct {
		privacy.Closer
		*killer
	}
	dyingAccounts struct {
		privacy.Accounts
		*killer
	}
	dyingProfiles struct {
		privacy.Profiles
		*killer
	}
	dyingApplications struct {
		privacy.Applications
		*killer
	}
	dyingPlacements struct {
		privacy.Placements
		*killer
	}
	dyingSessions struct {
		privacy.Sessions
		*killer
	}
	dyingMessages struct {
		privacy.Messages
		*killer
	}
	dyingTraces struct {
		privacy.Traces
		*killer
	}
	dyingClaims struct {
		privacy.Claims
		*killer
	}
	dyingAudit struct {
		privacy.Forgetter
		*killer
	}
)

func (d dyingLedger) Insert(ctx context.Context, e *privacy.Erasure) error {
	return d.write(func() error { return d.Ledger.Insert(ctx, e) })
}

func (d dyingLedger) Update(ctx context.Context, id string, change func(*privacy.Erasure) error) (e *privacy.Erasure, err error) {
	err = d.write(func() error {
		e, err = d.Ledger.Update(ctx, id, change)
		return err
	})
	return e, err
}

func (d dyingCloser) Leave(ctx context.Context, actor account.Actor, id account.ID, reason string) error {
	return d.write(func() error { return d.Closer.Leave(ctx, actor, id, reason) })
}

func (d dyingAccounts) Erase(ctx context.Context, id account.ID, change func(*account.Account) error) (a *account.Account, err error) {
	err = d.write(func() error {
		a, err = d.Accounts.Erase(ctx, id, change)
		return err
	})
	return a, err
}

func (d dyingProfiles) Erase(ctx context.Context, actor account.Actor, id profile.ID, reason string) error {
	return d.write(func() error { return d.Profiles.Erase(ctx, actor, id, reason) })
}

func (d dyingApplications) ForgetOne(ctx context.Context, actor account.Actor, id application.ID, reason string) error {
	return d.write(func() error { return d.Applications.ForgetOne(ctx, actor, id, reason) })
}

func (d dyingPlacements) ForgetOne(ctx context.Context, actor account.Actor, id placement.ID, reason string) error {
	return d.write(func() error { return d.Placements.ForgetOne(ctx, actor, id, reason) })
}

func (d dyingSessions) ForgetSessions(ctx context.Context, owner account.ID) error {
	return d.write(func() error { return d.Sessions.ForgetSessions(ctx, owner) })
}

func (d dyingMessages) ForgetMessages(ctx context.Context, recipient account.ID) error {
	return d.write(func() error { return d.Messages.ForgetMessages(ctx, recipient) })
}

func (d dyingTraces) DeleteOf(ctx context.Context, owner account.ID) error {
	return d.write(func() error { return d.Traces.DeleteOf(ctx, owner) })
}

func (d dyingClaims) Release(ctx context.Context, value, owner string) error {
	return d.write(func() error { return d.Claims.Release(ctx, value, owner) })
}

func (d dyingAudit) Forget(ctx context.Context, subject string) error {
	return d.write(func() error { return d.Forgetter.Forget(ctx, subject) })
}
