package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"passerelle/internal/auth"
	"passerelle/internal/demo"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
)

// The claim that marks a database as made by serve --demo.
const (
	demoClaim = "database:demo"
	demoOwner = "serve --demo"
	demoSeed  = 20211201
)

// seed fills an empty database: always with the first set of corridors, in
// the demonstration with the sample. A demonstration refuses a database it
// did not make, and the service one that is a demonstration.
func (a *App) seed(ctx context.Context) error {
	isDemo, err := a.isDemo(ctx)
	if err != nil {
		return err
	}
	empty := len(a.index.Accounts(account.Query{Scope: account.Scope{All: true}}).Items) == 0
	switch {
	case a.options.Offline && isDemo:
		return nil
	case isDemo && !a.options.Demo:
		return fault.New(fault.Conflict, "demo.database")
	case !isDemo && a.options.Demo && !empty:
		return fault.New(fault.Conflict, "demo.foreign")
	}
	if _, err := a.services.agreements.Seed(ctx); err != nil {
		return fmt.Errorf("seed agreements: %w", err)
	}
	if _, err := a.services.corridors.Seed(ctx); err != nil {
		return fmt.Errorf("seed corridors: %w", err)
	}
	if !a.options.Demo {
		return nil
	}
	if err := a.seedDemo(ctx); err != nil {
		return fmt.Errorf("seed demonstration: %w", err)
	}
	return nil
}

func (a *App) isDemo(ctx context.Context) (bool, error) {
	owner, err := a.db.Claims().Owner(ctx, demoClaim)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return owner == demoOwner, err
}

// seedDemo makes the sample once. The last demo account is written last, so
// that a sample that was cut off is begun again.
func (a *App) seedDemo(ctx context.Context) error {
	if err := a.db.Claims().Claim(ctx, demoClaim, demoOwner); err != nil {
		return err
	}
	const last = "candidate@demo.test"
	if _, done := a.index.AccountByLogin(last); done {
		return nil
	}
	sample, err := demo.Make(a.clock.Now(), demoSeed, corridor.Defaults())
	if err != nil {
		return err
	}
	group, keeping := errgroup.WithContext(ctx)
	for _, part := range []func() error{
		func() error { return a.keepRegisters(keeping, sample) },
		func() error { return insertAll(keeping, sample.Offers, a.stores.offers.InsertMany) },
		func() error { return insertAll(keeping, sample.Profiles, a.stores.profiles.InsertMany) },
		func() error { return insertAll(keeping, sample.Applications, a.stores.applications.InsertMany) },
		func() error { return a.keepFiles(keeping, sample) },
	} {
		group.Go(func() error { return patiently(keeping, part) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return patiently(ctx, func() error { return a.keepAccounts(ctx, sample) })
}

// How often a part of the sample is begun again, and after how long.
const (
	seedTries = 20
	seedPause = 250 * time.Millisecond
)

// patiently begins work again that leaves alone what is there already, while
// the database has no time for it. On a slow machine the parts wait for each
// other at the one connection longer than a caller may, and nobody calls yet.
func patiently(ctx context.Context, work func() error) (err error) {
	for range seedTries {
		if err = work(); !fault.Is(err, fault.Unavailable) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(seedPause):
		}
	}
	return err
}

// keepFiles adds the placements, the contents of their documents first.
func (a *App) keepFiles(ctx context.Context, sample *demo.Sample) error {
	for key, content := range sample.Contents {
		if err := a.blobs.Put(ctx, key, content); err != nil {
			return err
		}
	}
	return insertAll(ctx, sample.Placements, a.stores.placements.InsertMany)
}

// insertAll adds records in commands of at most 200; those that are there
// already are left as they are.
func insertAll[T any, I ~string](ctx context.Context, records []*T, insert func(context.Context, []*T) ([]I, error)) error {
	for len(records) > 0 {
		n := min(len(records), 200)
		if _, err := insert(ctx, records[:n]); err != nil {
			return err
		}
		records = records[n:]
	}
	return nil
}

func (a *App) keepRegisters(ctx context.Context, sample *demo.Sample) error {
	claims := a.db.Claims()
	for _, r := range sample.Agencies {
		if err := claims.Claim(ctx, agency.LicenceKey(r.Facts), string(r.ID)); err != nil {
			return err
		}
	}
	for _, e := range sample.Employers {
		if err := claims.Claim(ctx, employer.RegistrationKey(e.Facts), string(e.ID)); err != nil {
			return err
		}
	}
	if err := insertAll(ctx, sample.Agencies, a.stores.agencies.InsertMany); err != nil {
		return err
	}
	if err := insertAll(ctx, sample.Employers, a.stores.employers.InsertMany); err != nil {
		return err
	}
	for _, p := range sample.Profiles {
		if p.Owner == "" {
			continue
		}
		if err := claims.Claim(ctx, "profile:"+string(p.Owner), string(p.ID)); err != nil && !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return nil
}

// keepAccounts adds the accounts; only the demo accounts get a password, the
// one of the demonstration, and the candidate who marks the end comes last.
func (a *App) keepAccounts(ctx context.Context, sample *demo.Sample) error {
	passwords, err := auth.NewPasswords(a.hashing(), rand.Reader)
	if err != nil {
		return err
	}
	hash, err := passwords.Hash(ctx, a.options.DemoPassword)
	if err != nil {
		return err
	}
	meant := map[account.ID]bool{}
	for _, id := range sample.Demo {
		meant[id] = true
	}
	for i := len(sample.Accounts) - 1; i >= 0; i-- {
		acc := sample.Accounts[i]
		if meant[acc.ID] {
			acc.PasswordHash = hash
		}
		if err := a.stores.accounts.Insert(ctx, acc); err != nil && !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return nil
}
