package app

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"passerelle/internal/auth"
	"passerelle/internal/collect"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/assignment"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/idempotency"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/privacy"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/report"
	"passerelle/internal/domain/statistics"
	"passerelle/internal/domain/suspension"
	"passerelle/internal/index"
	"passerelle/internal/store"
)

// stores are the aggregates' stores; every acknowledged write is told to the
// index inside the write.
type stores struct {
	accounts     *store.AccountStore
	sessions     *store.SessionStore
	replays      *store.IdempotencyStore
	agencies     *store.AgencyStore
	employers    *store.EmployerStore
	corridors    *store.CorridorStore
	offers       *store.OfferStore
	profiles     *store.ProfileStore
	applications *store.ApplicationStore
	agreements   *store.AgreementStore
	suspensions  *store.SuspensionStore
	placements   *store.PlacementStore
	incidents    *store.IncidentStore
	assignments  *store.AssignmentStore
	imports      *store.IntakeStore
	audits       *store.AuditStore
	erasures     *store.ErasureStore
	statistics   *store.StatisticStore
	out          correspondence
}

func openStores(db *store.DB, ix *index.Index) stores {
	out := openCorrespondence(db)
	return stores{
		out:          out,
		accounts:     store.NewAccountStore(db, out.seeing(ix)),
		sessions:     store.NewSessionStore(db),
		replays:      store.NewIdempotencyStore(db),
		agencies:     store.NewAgencyStore(db, ix.PutAgency),
		employers:    store.NewEmployerStore(db, ix.PutEmployer),
		corridors:    store.NewCorridorStore(db, ix.PutCorridor),
		agreements:   store.NewAgreementStore(db, ix.PutAgreement),
		suspensions:  store.NewSuspensionStore(db, ix.PutAct),
		offers:       store.NewOfferStore(db, ix.PutOffer),
		profiles:     store.NewProfileStore(db, ix.PutProfile),
		applications: store.NewApplicationStore(db, ix.PutApplication),
		placements:   store.NewPlacementStore(db, out.seeingFiles(ix)),
		incidents:    store.NewIncidentStore(db, out.seeingCases(ix)),
		assignments:  store.NewAssignmentStore(db, ix.PutAssignment),
		imports:      store.NewIntakeStore(db, ix.PutImport),
		audits:       store.NewAuditStore(db),
		erasures:     store.NewErasureStore(db),
		statistics:   store.NewStatisticStore(db),
	}
}

// load fills the index from the store, registers first: standings of offers
// depend on them.
func (s stores) load(ctx context.Context, ix *index.Index) error {
	for _, load := range []func() error{
		func() error { return s.accounts.LoadAccounts(ctx, told(s.out.seeing(ix))) },
		func() error { return s.out.load(ctx) },
		func() error { return s.agencies.LoadAgencies(ctx, told(ix.PutAgency)) },
		func() error { return s.employers.LoadEmployers(ctx, told(ix.PutEmployer)) },
		func() error { return s.corridors.LoadCorridors(ctx, told(ix.PutCorridor)) },
		func() error { return s.agreements.LoadAgreements(ctx, told(ix.PutAgreement)) },
		func() error { return s.suspensions.LoadActs(ctx, told(ix.PutAct)) },
		func() error { return s.offers.LoadOffers(ctx, told(ix.PutOffer)) },
		func() error { return s.profiles.LoadProfiles(ctx, told(ix.PutProfile)) },
		func() error { return s.applications.LoadApplications(ctx, told(ix.PutApplication)) },
		func() error { return s.placements.LoadPlacements(ctx, told(s.out.seeingFiles(ix))) },
		func() error { return s.incidents.LoadIncidents(ctx, told(s.out.seeingCases(ix))) },
		func() error { return s.assignments.LoadAssignments(ctx, told(ix.PutAssignment)) },
		func() error { return s.imports.LoadImports(ctx, told(ix.PutImport)) },
	} {
		if err := load(); err != nil {
			return err
		}
	}
	ix.Loaded()
	return nil
}

func told[T any](put func(*T)) func(*T) error {
	return func(record *T) error {
		put(record)
		return nil
	}
}

// services are the rooms' services, lowest room first.
type services struct {
	accounts     *account.Service
	auth         *auth.Service
	keys         auth.KeyService
	agencies     *agency.Service
	employers    *employer.Service
	corridors    *corridor.Service
	offers       *offer.Service
	profiles     *profile.Service
	matches      *match.Service
	applications *application.Service
	agreements   *agreement.Service
	suspensions  *suspension.Service
	placements   *placement.Service
	incidents    *incident.Service
	assignments  *assignment.Service
	imports      *intake.Service
	quotas       *account.Quotas // nil where rates are off
	replays      *idempotency.Service
	reader       *collect.Reader
	audit        auditing
	privacy      *privacy.Service
	statistics   *statistics.Service
	reports      *report.Service
}

// build makes the services out of stores and index.
func (a *App) build(ctx context.Context, keys *auth.Keyring) (err error) {
	s, ix, now, log := a.stores, a.index, a.clock.Now, a.options.Log
	claims := a.db.Claims()
	passwords, err := auth.NewPasswords(a.hashing(), rand.Reader)
	if err != nil {
		return err
	}
	sv := &a.services
	sv.audit = newAuditing(s, ix, keys, now)
	if !a.options.RateLimitOff {
		sv.quotas = &account.Quotas{Recorder: sv.audit.recorder, Now: now}
	}
	sv.accounts = account.NewService(account.Ports{Recorder: sv.audit.recorder, Store: s.accounts, Reader: ix, Passwords: passwords, Phone: auth.ParsePhone, Now: now, NewID: newID})
	sv.offers = offer.NewService(offer.Deps{Store: s.offers, Reader: ix, Directory: ix, Now: now, NewID: newID})
	sv.agencies = agency.NewService(agency.Deps{Store: s.agencies, Reader: ix, Claims: claims, Members: agency.Accounts{Service: sv.accounts, Store: s.accounts, Phone: auth.ParsePhone}, Consequences: &a.acts, Log: log, Now: now, NewID: newID, Secret: rand.Text})
	sv.employers = employer.NewService(employer.Deps{Store: s.employers, Reader: ix, Claims: claims, Consequences: &a.acts, Log: log, Now: now, NewID: newID})
	sv.agreements = agreement.NewService(agreement.Deps{Store: s.agreements, Reader: ix, Now: now, NewID: newID})
	sv.corridors = corridor.NewService(corridor.Deps{Store: s.corridors, Reader: ix, Agreements: ix, Consequences: &a.acts, Log: log, Now: now, NewID: newID})
	sv.profiles = profile.NewService(profile.Deps{Store: s.profiles, Reader: ix, Claims: claims, Agencies: ix, Quotas: sv.quotas,
		Phone: auth.ParsePhone, Blind: auth.NewFields(keys).Blind, Now: now, NewID: newID})
	sv.matches = match.NewService(match.Deps{Reader: ix, Weights: a.options.Weights.match(), Now: now})
	sv.applications = application.NewService(application.Deps{Store: s.applications, Model: ix, Offers: s.offers, Places: sv.offers, Files: &a.files, Messages: s.out.messages, Announcements: sv.offers, Log: log, Now: now})
	sv.replays = idempotency.New(s.replays, now)
	if a.db.Embedded() {
		sv.replays = idempotency.NewAlone(s.replays, now)
	}
	sv.reader = collect.NewReader(ref.NewCoder())
	files, err := newSpool(a.options.DataDir, keys)
	if err != nil {
		return err
	}
	sv.imports = intake.NewService(intake.Deps{
		Store: s.imports, Reader: ix, Batches: sv.offers, Spool: files, Parser: sv.reader.Rows, Accounts: ix, Now: now,
		Keepers: map[intake.Kind]intake.Keeper{
			intake.Offers:   intake.OfferKeeper{Offers: sv.offers, Agencies: ix},
			intake.Profiles: intake.PersonKeeper{People: sv.profiles},
		},
	})
	sv.auth, err = auth.NewService(ctx, auth.Ports{
		Accounts: s.accounts, Lookup: ix, Logins: s.accounts, Sessions: s.sessions, Codes: s.out.codes, Keys: keys, Passwords: passwords, Now: now, NewID: newID,
		Recorder: sv.audit.recorder, Agencies: agencyKeys{ix, sv.agencies},
	}, a.signIn())
	if err != nil {
		return err
	}
	sv.keys = auth.KeyService{Ring: keys, Recorder: sv.audit.recorder}
	if err := a.buildPlacements(keys); err != nil {
		return err
	}
	a.buildActs()
	a.buildPrivacy()
	sv.assignments = assignment.NewService(assignment.Deps{Store: s.assignments, Reader: ix, Now: now})
	sv.reports = report.NewService(ix, now)
	return a.openDesk()
}

// buildPlacements makes the service of placements, and what it leans on.
func (a *App) buildPlacements(keys *auth.Keyring) (err error) {
	s, sv := a.stores, &a.services
	if a.blobs, err = newBlobs(a.options.DataDir, keys, a.clock.Now); err != nil {
		return err
	}
	sv.placements = placement.NewService(placement.Deps{
		Store: s.placements, Model: a.index, Offers: s.offers, Applications: applicationFiles{s.applications, sv.applications}, People: s.profiles,
		Codes: codes{sv.auth}, Blobs: a.blobs, Calendar: workingDays(), CoolingOff: coolingOff,
		Log: a.options.Log, Now: a.clock.Now, NewID: newID,
	})
	a.files = files{index: a.index, placements: sv.placements}
	a.buildIncidents()
	return nil
}

// applicationFiles reads applications as stored and releases them.
type applicationFiles struct {
	*store.ApplicationStore
	service *application.Service
}

// Release closes an application whose placement was cancelled.
func (f applicationFiles) Release(ctx context.Context, id application.ID) error {
	return f.service.Release(ctx, id)
}

func (a *App) hashing() auth.Hashing {
	if a.options.Fast {
		return auth.Hashing{MemoryKiB: 64, Passes: 1, Lanes: 1, AtOnce: 4}
	}
	return auth.DefaultHashing()
}

func (a *App) signIn() auth.Options {
	o := auth.DefaultOptions()
	o.Issuer, o.Audience = a.publicURL(), a.publicURL()
	o.Throttled = !a.options.RateLimitOff
	o.FactorRequired = !a.options.Demo // the demonstration alone goes without
	if a.options.Fast {
		o.Floor, o.Settle = time.Millisecond, time.Millisecond
	}
	return o
}

func newID(prefix string) string { return prefix + strings.ToLower(ulid.Make().String()) }

// ready says why the service cannot answer, or nil.
func (a *App) ready(ctx context.Context) error {
	if !a.index.Ready() {
		return errors.New("the read model is loading")
	}
	return a.db.Ping(ctx)
}
