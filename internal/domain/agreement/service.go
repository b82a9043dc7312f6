package agreement

import (
	"context"
	"fmt"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
)

// Deps are the ports a Service is made of.
type Deps struct {
	Store  Store
	Reader Reader
	Now    func() time.Time
	NewID  func(prefix string) string
}

// Service is what people do with agreements.
type Service struct{ Deps }

// NewService makes the service.
func NewService(deps Deps) *Service { return &Service{Deps: deps} }

// List gives a page of the agreements; it is public. What it gives is not to
// be changed.
func (s *Service) List(_ context.Context, actor account.Actor, q Query) (listing.Result[*Agreement], error) {
	if err := actor.Require("corridor.read"); err != nil {
		return listing.Result[*Agreement]{}, err
	}
	return s.Reader.SearchAgreements(q), nil
}

// Get reads one agreement; it is public.
func (s *Service) Get(ctx context.Context, actor account.Actor, id ID) (*Agreement, error) {
	if err := actor.Require("corridor.read"); err != nil {
		return nil, err
	}
	return s.Store.Get(ctx, id)
}

// Create adds an agreement.
func (s *Service) Create(ctx context.Context, actor account.Actor, facts Facts) (*Agreement, error) {
	if err := actor.Require("corridor.update"); err != nil {
		return nil, err
	}
	return s.create(ctx, actor, ID(s.NewID("agr_")), facts)
}

func (s *Service) create(ctx context.Context, actor account.Actor, id ID, facts Facts) (*Agreement, error) {
	if err := facts.Check(); err != nil {
		return nil, err
	}
	a := &Agreement{ID: id, Facts: facts}
	a.record(actor, account.Moment(s.Now()), "agreement.create", Facts{}.changed(facts)...)
	return a, s.Store.Insert(ctx, a)
}

// Put replaces an agreement's facts; rev is the revision the caller saw.
func (s *Service) Put(ctx context.Context, actor account.Actor, id ID, rev int64, facts Facts) (*Agreement, error) {
	if err := actor.Require("corridor.update"); err != nil {
		return nil, err
	}
	if err := facts.Check(); err != nil {
		return nil, err
	}
	return s.Store.Update(ctx, id, func(a *Agreement) error {
		if a.Rev != rev {
			return fault.New(fault.Stale, "stale")
		}
		fields := a.Facts.changed(facts)
		a.Facts = facts
		a.record(actor, account.Moment(s.Now()), "agreement.update", fields...)
		return nil
	})
}

// Seed adds the agreements of Defaults that do not exist yet, in the name of
// the system, and gives their number. It may be run at every start.
func (s *Service) Seed(ctx context.Context) (int, error) {
	added := 0
	for _, d := range Defaults() {
		_, err := s.create(ctx, account.SystemActor(), d.ID, d.Facts)
		switch {
		case err == nil:
			added++
		case !fault.Is(err, fault.Conflict):
			return added, fmt.Errorf("seed agreement %s: %w", d.ID, err)
		}
	}
	return added, nil
}

// record bumps the revision and leaves the audit entry.
func (a *Agreement) record(actor account.Actor, now time.Time, action string, fields ...string) {
	a.Rev++
	a.UpdatedAt = now
	a.Pending.Add(audit.Entry{At: now, Actor: string(actor.Account), Role: string(actor.Role), Origin: actor.Origin, Action: action,
		Subject: string(a.ID), Rev: a.Rev, Fields: fields})
}
