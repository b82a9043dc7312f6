package agency

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"log/slog"
	"slices"
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
	Members      Members
	Consequences Consequences
	Log          *slog.Logger // takes what failed after a change was stored
	Now          func() time.Time
	NewID        func(prefix string) string
	Secret       func() string // letters and digits with at least 128 random bits
}

// Service is what people and jobs do with agencies.
type Service struct{ Deps }

// NewService makes the service.
func NewService(deps Deps) *Service { return &Service{Deps: deps} }

// MakeID gives the id of the agency an applicant founds. It is made from the
// account, so that "exactly one agency per applicant" is an insert of a chosen
// id, and so that trying again after a crash finds the same agency.
func MakeID(founder account.ID) ID {
	sum := sha256.Sum256([]byte("agency\x00" + founder))
	sum[0] &= 0x3f // a ULID's first character is 7 at most
	crockford := base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)
	return ID("agy_" + crockford.EncodeToString(sum[:16]))
}

// Create makes an applicant's agency in state applied; the applicant becomes
// its first member. Conflict "agency.exists" when the applicant has an agency,
// "agency.licence.taken" when another agency of that country has the number.
func (s *Service) Create(ctx context.Context, actor account.Actor, facts Facts) (*Agency, error) {
	if err := actor.Require("agency.create"); err != nil {
		return nil, err
	}
	id := MakeID(actor.Account)
	if actor.Agency != "" && actor.Agency != string(id) {
		return nil, fault.New(fault.Conflict, "agency.exists")
	}
	now := account.Moment(s.Now())
	facts = facts.clean()
	if err := facts.check(ref.DateOf(now)); err != nil {
		return nil, err
	}
	a := &Agency{ID: id, Facts: facts, State: Applied, CreatedBy: actor.Account,
		Members: []account.ID{actor.Account}, CreatedAt: now}
	a.record(actor, now, "agency.create", "", Facts{}.changed(facts)...)
	if err := s.insert(ctx, a); err != nil {
		return s.madeBefore(ctx, a, err)
	}
	return a, nil
}

// madeBefore finds the agency that the same request made before it could
// answer; any other conflict stays one.
func (s *Service) madeBefore(ctx context.Context, a *Agency, conflict error) (*Agency, error) {
	if _, keyed := idempotency.From(ctx); keyed && fault.Is(conflict, fault.Conflict) {
		if old, err := s.Store.Get(ctx, a.ID); err == nil && old.Rev == 1 && old.Facts == a.Facts {
			return old, nil
		}
	}
	return nil, conflict
}

// insert claims the licence number, ties the founder to the agency and adds
// it. Each step may be repeated: whoever retries after a failure finishes.
func (s *Service) insert(ctx context.Context, a *Agency) error {
	key := LicenceKey(a.Facts)
	if err := s.claim(ctx, key, a.ID); err != nil {
		return err
	}
	err := s.Members.Join(ctx, a.CreatedBy, string(a.ID))
	if err == nil {
		err = s.Store.Insert(ctx, a)
	}
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	if old, readErr := s.Store.Get(ctx, a.ID); readErr != nil || LicenceKey(old.Facts) != key {
		s.release(ctx, key, a.ID)
	}
	return fault.New(fault.Conflict, "agency.exists").Because(err)
}

// Get reads one agency: the register is public, a file that is not in it is
// for officials and its own members.
func (s *Service) Get(ctx context.Context, actor account.Actor, id ID) (*Agency, error) {
	if err := actor.Require("agency.read"); err != nil {
		return nil, err
	}
	a, err := s.Store.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if !a.Inside(actor) && !a.State.Registered() {
		return nil, notFound()
	}
	return a, nil
}

// Line gives one agency's line from the read model, for pages and answers about
// something else. Who may see it is as in Get.
func (s *Service) Line(actor account.Actor, id ID) (Card, error) {
	if err := actor.Require("agency.read"); err != nil {
		return Card{}, err
	}
	c, ok := s.Reader.AgencyCard(id)
	if !ok || !inside(actor, id) && !c.State.Registered() {
		return Card{}, notFound()
	}
	return c, nil
}

// LookAlikes lists the other agencies with a like-sounding name, in any state,
// for officials; everybody else gets none.
func (s *Service) LookAlikes(actor account.Actor, a *Agency) []LookAlike {
	if actor.Role != account.Official && actor.Role != account.System {
		return nil
	}
	return slices.DeleteFunc(s.Reader.AgencyLookAlikes(a.Facts.Name), func(l LookAlike) bool { return l.ID == a.ID })
}

// Registered reports whether the public register shows agencies in the state.
func (s State) Registered() bool { return s == Active || s == Suspended || s == Expired }

// Inside reports whether the actor sees the whole file rather than the line
// of the public register: officials and the agency's own members do.
func (a *Agency) Inside(actor account.Actor) bool { return inside(actor, a.ID) }

func inside(actor account.Actor, id ID) bool {
	return actor.Role == account.Official || actor.Role == account.System || owns(actor, id)
}

func (a *Agency) ownedBy(actor account.Actor) bool { return owns(actor, a.ID) }

func owns(actor account.Actor, id ID) bool {
	return actor.Role == account.Agency && actor.Agency != "" && actor.Agency == string(id)
}

// List gives a page of the register as far as the actor may see it.
func (s *Service) List(_ context.Context, actor account.Actor, q Query) (listing.Result[Card], error) {
	if err := actor.Require("agency.read"); err != nil {
		return listing.Result[Card]{}, err
	}
	q.Scope = Scope(actor)
	return s.Reader.Agencies(q), nil
}

// Update changes the agency's own statements; rev is the revision the caller
// saw. Changing a refused or expired file is the new application. Of a vetted
// one, new legal facts (name, country, kind, licence) start the vetting again;
// of an active or suspended one they cannot change, only contacts can.
func (s *Service) Update(ctx context.Context, actor account.Actor, id ID, rev int64, change func(*Facts)) (*Agency, error) {
	if err := actor.Require("agency.update"); err != nil {
		return nil, err
	}
	old, err := s.own(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	facts, now := old.Facts, account.Moment(s.Now())
	change(&facts)
	facts = facts.clean()
	before, key := LicenceKey(old.Facts), LicenceKey(facts)
	if err := s.mayUpdate(old, rev, facts); err != nil {
		return nil, err
	}
	if key != before {
		if err := s.claim(ctx, key, id); err != nil {
			return nil, err
		}
	}
	a, err := s.Store.Update(ctx, id, func(a *Agency) error { return a.revise(actor, now, rev, facts) })
	switch {
	case err == nil && key != before:
		s.release(ctx, before, id)
	case fault.Is(err, fault.Stale) || fault.Is(err, fault.Conflict):
		s.releaseUnused(ctx, key, id)
	}
	return a, err
}

// mayUpdate refuses a change before anything is claimed for it. The licence
// must be valid that day where the change is (part of) an application.
func (s *Service) mayUpdate(old *Agency, rev int64, facts Facts) error {
	if old.Rev != rev {
		return fault.New(fault.Stale, "stale")
	}
	today := ref.DateOf(s.Now())
	if old.State == Active || old.State == Suspended {
		today = "" // the licence is not under examination; the daily job ends it
	}
	return facts.check(today)
}

// revise applies changed facts and moves the file where that requires it.
func (a *Agency) revise(actor account.Actor, now time.Time, rev int64, facts Facts) error {
	if a.Rev != rev {
		return fault.New(fault.Stale, "stale")
	}
	fields := a.Facts.changed(facts)
	legal := a.Facts.legal() != facts.legal()
	action, err := "", error(nil)
	switch {
	case a.State == Refused || a.State == Expired:
		action = ActReapply
	case a.State == Vetted && legal:
		action = ActRevise
	case a.State == Withdrawn || legal && a.State != Applied:
		return fault.New(fault.Conflict, "agency.facts.locked")
	}
	if action != "" {
		if a.State, err = Transitions().Next(action, a.State, actor.Role); err != nil {
			return err
		}
	}
	a.Facts = facts
	a.record(actor, now, "agency.update", "", fields...)
	return nil
}

// AddMember adds the account with that e-mail address or phone to the actor's
// own agency. NotFound "account.not_found" unless it is an active account of
// role agency that belongs to no agency.
func (s *Service) AddMember(ctx context.Context, actor account.Actor, id ID, login string) (*Agency, error) {
	if err := actor.Require("agency.members"); err != nil {
		return nil, err
	}
	a, err := s.own(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if a.State == Withdrawn {
		return nil, fault.New(fault.Conflict, "agency.withdrawn")
	}
	member, err := s.Members.Applicant(ctx, login, string(id))
	if err == nil {
		err = s.Members.Join(ctx, member, string(id))
	}
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Conflict) {
		return nil, fault.New(fault.NotFound, "account.not_found").Because(err)
	}
	if err != nil {
		return nil, err
	}
	now := account.Moment(s.Now())
	return s.Store.Update(ctx, id, func(a *Agency) error {
		if !slices.Contains(a.Members, member) {
			a.Members = append(a.Members, member)
			a.record(actor, now, "agency.members", "", "members")
		}
		return nil
	})
}

// own reads an agency the actor is a member of; any other one is NotFound.
func (s *Service) own(ctx context.Context, actor account.Actor, id ID) (*Agency, error) {
	if actor.Role != account.System && actor.Agency != string(id) || id == "" {
		return nil, notFound()
	}
	return s.Store.Get(ctx, id)
}

func (s *Service) claim(ctx context.Context, key string, id ID) error {
	if key == "" {
		return nil
	}
	err := s.Claims.Claim(ctx, key, string(id))
	if fault.Is(err, fault.Conflict) {
		return fault.New(fault.Conflict, "agency.licence.taken", fault.Field{Pointer: "/licence", Code: "agency.licence.taken"}).Because(err)
	}
	return err
}

// release gives a number back; a failure leaves it reserved for this agency,
// which harms nobody else but a later holder, and is logged.
func (s *Service) release(ctx context.Context, key string, id ID) {
	if key == "" {
		return
	}
	if err := s.Claims.Release(ctx, key, string(id)); err != nil {
		s.Log.WarnContext(ctx, "agency licence claim not released", "agency", string(id), "error", err)
	}
}

// releaseUnused gives back a number claimed for a change that did not happen.
func (s *Service) releaseUnused(ctx context.Context, key string, id ID) {
	if a, err := s.Store.Get(ctx, id); err == nil && LicenceKey(a.Facts) != key {
		s.release(ctx, key, id)
	}
}

// record bumps the revision and leaves the audit entry.
func (a *Agency) record(actor account.Actor, now time.Time, action, reason string, fields ...string) {
	a.Rev++
	a.UpdatedAt = now
	a.Pending.Add(audit.Entry{At: now, Actor: string(actor.Account), Role: string(actor.Role), Origin: actor.Origin, Action: action,
		Subject: string(a.ID), Rev: a.Rev, Reason: reason, Fields: fields})
}

func notFound() error { return fault.New(fault.NotFound, "agency.not_found") }
