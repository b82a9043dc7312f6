package employer

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/idempotency"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
)

// Deps are the ports a Service is made of.
type Deps struct {
	Store        Store
	Reader       Reader
	Claims       Claims
	Consequences Consequences
	Log          *slog.Logger // takes what failed after a change was stored
	Now          func() time.Time
	NewID        func(prefix string) string
}

// Service is what people do with employers.
type Service struct{ Deps }

// NewService makes the service.
func NewService(deps Deps) *Service { return &Service{Deps: deps} }

// Scope gives what an actor may list: officials all, an agency those it
// declared and the accredited ones, observers the accredited ones.
func Scope(actor account.Actor) account.Scope {
	switch actor.Role {
	case account.Official, account.System:
		return account.Scope{All: true}
	case account.Agency:
		return account.Scope{Public: true, Agency: actor.Agency}
	case account.Observer:
		return account.Scope{Public: true}
	default:
		return account.Scope{}
	}
}

// Inside reports whether the actor sees the decisions on the file: officials
// and the agency that declared it do.
func (e *Employer) Inside(actor account.Actor) bool {
	return actor.Role == account.Official || actor.Role == account.System ||
		actor.Role == account.Agency && actor.Agency != "" && actor.Agency == e.Agency
}

// Create declares an employer. An applicant without agency cannot: Conflict
// "agency.required". Conflict "employer.registration.taken" when another
// employer of that country has the register number.
func (s *Service) Create(ctx context.Context, actor account.Actor, facts Facts) (*Employer, error) {
	if err := actor.Require("employer.create"); err != nil {
		return nil, err
	}
	if actor.Role == account.Agency && actor.Agency == "" {
		return nil, fault.New(fault.Conflict, "agency.required")
	}
	facts = facts.clean()
	if err := facts.check(); err != nil {
		return nil, err
	}
	now := account.Moment(s.Now())
	e := &Employer{ID: s.chooseID(ctx), Facts: facts, State: Declared, CreatedBy: actor.Account,
		Agency: actor.Agency, Editors: []account.ID{actor.Account}, CreatedAt: now}
	e.record(actor, now, "employer.create", "", Facts{}.changed(facts)...)
	if err := s.claim(ctx, RegistrationKey(facts), e.ID); err != nil {
		return nil, err
	}
	err := s.Store.Insert(ctx, e)
	if fault.Is(err, fault.Conflict) { // the same request ran before
		return s.Store.Get(ctx, e.ID)
	}
	if err != nil {
		return nil, err
	}
	return e, nil
}

// chooseID gives the new employer's id, from the request's idempotency key
// where there is one, so that the same request run twice makes one record.
func (s *Service) chooseID(ctx context.Context) ID {
	if key, ok := idempotency.From(ctx); ok {
		return ID("emp_" + strings.TrimPrefix(key.ID(), "idm_"))
	}
	return ID(s.NewID("emp_"))
}

// Get reads one employer the actor may see; any other one is NotFound.
func (s *Service) Get(ctx context.Context, actor account.Actor, id ID) (*Employer, error) {
	if err := actor.Require("employer.read"); err != nil {
		return nil, err
	}
	e, err := s.Store.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if !e.Inside(actor) && e.State != Accredited {
		return nil, notFound()
	}
	return e, nil
}

// Alike lists the employers that sound like a name in a country, as far as the
// actor may see them: officials all, an agency the accredited ones and its own.
// It is asked before an employer is declared, so that none is declared twice.
func (s *Service) Alike(actor account.Actor, name string, country ref.Country) ([]LookAlike, error) {
	if err := actor.Require("employer.create"); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(s.Reader.LookAlikes(name, country)), func(l LookAlike) bool {
		card, known := s.Reader.EmployerCard(l.ID)
		own := actor.Agency != "" && card.Agency == actor.Agency
		return !known || actor.Role == account.Agency && l.State != Accredited && !own
	}), nil
}

// LookAlikes lists the other employers with a like-sounding name, for
// officials; everybody else gets none.
func (s *Service) LookAlikes(actor account.Actor, e *Employer) []LookAlike {
	if actor.Role != account.Official && actor.Role != account.System {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.Reader.LookAlikes(e.Facts.Name, e.Facts.Country)),
		func(l LookAlike) bool { return l.ID == e.ID })
}

// List gives a page of employers as far as the actor may see them.
func (s *Service) List(_ context.Context, actor account.Actor, q Query) (listing.Result[Card], error) {
	if err := actor.Require("employer.read"); err != nil {
		return listing.Result[Card]{}, err
	}
	if q.Scope = Scope(actor); q.Pending && actor.Role != account.Official {
		return listing.Result[Card]{}, nil
	}
	page := s.Reader.Employers(q)
	for i := range page.Items {
		page.Items[i].cut(actor)
	}
	return page, nil
}

// Update corrects the statements about an employer; rev is the revision the
// caller saw. A refused one is thereby declared anew. Of an accredited one
// only the sites and the web address can change; of a barred one nothing.
// Agencies change what they declared, officials any.
func (s *Service) Update(ctx context.Context, actor account.Actor, id ID, rev int64, change func(*Facts)) (*Employer, error) {
	if err := actor.Require("employer.update"); err != nil {
		return nil, err
	}
	old, err := s.Store.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if !old.Inside(actor) {
		return nil, notFound()
	}
	if old.Rev != rev {
		return nil, fault.New(fault.Stale, "stale")
	}
	facts := old.Facts
	facts.Sites = slices.Clone(facts.Sites)
	change(&facts)
	facts = facts.clean()
	if err := facts.check(); err != nil {
		return nil, err
	}
	return s.store(ctx, actor, old, facts)
}

// store claims a changed register number, replaces the facts, and gives the
// number back that is no longer used.
func (s *Service) store(ctx context.Context, actor account.Actor, old *Employer, facts Facts) (*Employer, error) {
	before, key := RegistrationKey(old.Facts), RegistrationKey(facts)
	if key != before {
		if err := s.claim(ctx, key, old.ID); err != nil {
			return nil, err
		}
	}
	now := account.Moment(s.Now())
	e, err := s.Store.Update(ctx, old.ID, func(e *Employer) error { return e.correct(actor, now, old.Rev, facts) })
	switch {
	case err == nil && key != before:
		s.release(ctx, before, old.ID)
	case key != before && (fault.Is(err, fault.Stale) || fault.Is(err, fault.Conflict)):
		s.releaseUnused(ctx, key, old.ID)
	}
	return e, err
}

// correct applies corrected facts.
func (e *Employer) correct(actor account.Actor, now time.Time, rev int64, facts Facts) error {
	if e.Rev != rev {
		return fault.New(fault.Stale, "stale")
	}
	if e.State == Barred || e.State == Accredited && e.Facts.differs(facts) {
		return fault.New(fault.Conflict, "employer.facts.locked")
	}
	if e.State == Refused {
		next, err := Transitions().Next(ActCorrect, e.State, actor.Role)
		if err != nil {
			return err
		}
		e.State = next
	}
	fields := e.Facts.changed(facts)
	e.Facts = facts
	if !slices.Contains(e.Editors, actor.Account) {
		e.Editors = append(e.Editors, actor.Account)
	}
	e.record(actor, now, "employer.update", "", fields...)
	return nil
}

func (s *Service) claim(ctx context.Context, key string, id ID) error {
	if key == "" {
		return nil
	}
	err := s.Claims.Claim(ctx, key, string(id))
	if fault.Is(err, fault.Conflict) {
		return fault.New(fault.Conflict, "employer.registration.taken",
			fault.Field{Pointer: "/registration", Code: "employer.registration.taken"}).Because(err)
	}
	return err
}

// release gives a number back; a failure leaves it reserved for this
// employer, which harms nobody but a later holder, and is logged.
func (s *Service) release(ctx context.Context, key string, id ID) {
	if key == "" {
		return
	}
	if err := s.Claims.Release(ctx, key, string(id)); err != nil {
		s.Log.WarnContext(ctx, "employer registration claim not released", "employer", string(id), "error", err)
	}
}

// releaseUnused gives back a number claimed for a change that did not happen.
func (s *Service) releaseUnused(ctx context.Context, key string, id ID) {
	if e, err := s.Store.Get(ctx, id); err == nil && RegistrationKey(e.Facts) != key {
		s.release(ctx, key, id)
	}
}

// record bumps the revision and leaves the audit entry.
func (e *Employer) record(actor account.Actor, now time.Time, action, reason string, fields ...string) {
	e.Rev++
	e.UpdatedAt = now
	e.Pending.Add(audit.Entry{At: now, Actor: string(actor.Account), Role: string(actor.Role), Origin: actor.Origin, Action: action,
		Subject: string(e.ID), Rev: e.Rev, Reason: reason, Fields: fields})
}

func notFound() error { return fault.New(fault.NotFound, "employer.not_found") }
