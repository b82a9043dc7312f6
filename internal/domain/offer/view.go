package offer

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/ref"
)

// View is an offer as far as one person may see it. Members that are not for
// that person are zero.
type View struct {
	ID         ID
	Rev        int64
	Reference  string
	Agency     string
	AgencyName string
	AgencyKind string
	Employer   employer.State // standing of the employer named; empty when none is
	State      State
	Version    int   // of Terms
	Terms      Terms // in force, or of the only version there is
	FreePlaces int
	Open       bool      // people may apply today
	Snapshot   *Snapshot // nil until first published
	Findings   []Finding // of the version under work; of the published one for the public
	UpdatedAt  time.Time

	// For its agency and officials.
	Managed     bool
	Review      *Version // the version under work; nil for one that is in force
	Causes      []Cause
	FirstReopen bool // one of two officials has agreed to reopen
	Objections  []Objection
	Source      Source // Original for officials only
	CreatedBy   account.ID
	CreatedAt   time.Time
	ClosedAt    time.Time
}

// Get reads one offer as the actor may see it: its agency and officials all of
// it, everybody else what is published. A draft, a suspended or a withdrawn
// offer is NotFound for the public.
func (s *Service) Get(ctx context.Context, actor account.Actor, id ID) (View, error) {
	if err := actor.Require("offer.read"); err != nil {
		return View{}, err
	}
	o, err := s.read(ctx, id)
	if err != nil {
		return View{}, err
	}
	managed := mayManage(actor, o)
	if !managed && !s.shown(o) {
		return View{}, errNotFound()
	}
	v := s.publicView(o)
	if managed {
		v.addManaged(o)
	}
	if actor.Role == account.Official {
		v.Source.Original = o.Source.Original
	}
	return v, nil
}

// shown reports whether the public may see the offer. One that is in force is
// hidden as soon as its agency, employer or corridor is not in order, though
// its own record is told of that later.
func (s *Service) shown(o *Offer) bool {
	if o.Frozen == nil || !o.State.Shown() {
		return false
	}
	return !o.State.InForce() || s.agencyActive(o.Agency, s.deps.Now()) == nil && s.employerInOrder(o) && s.corridorOpen(o)
}

// ByReference gives the id of an offer by its public reference, whatever its
// case and spelling; Invalid for a malformed one, NotFound for an unknown one.
func (s *Service) ByReference(actor account.Actor, reference string) (ID, error) {
	if err := actor.Require("offer.read"); err != nil {
		return "", err
	}
	normal, err := ParseReference(reference)
	if err != nil {
		return "", err
	}
	id, ok := s.deps.Reader.OfferByReference(normal)
	if !ok {
		return "", errNotFound()
	}
	return id, nil
}

func (s *Service) publicView(o *Offer) View {
	v := View{
		ID: o.ID, Rev: o.Rev, Reference: o.Reference, Agency: o.Agency, AgencyKind: o.AgencyKind, State: o.State,
		Version: o.Current.Number, Terms: o.Terms(), FreePlaces: o.FreePlaces(), Open: o.OpenOn(ref.DateOf(s.deps.Now())),
		Snapshot: o.Frozen, UpdatedAt: o.UpdatedAt,
	}
	if card, ok := s.deps.Directory.AgencyCard(agency.ID(o.Agency)); ok {
		v.AgencyName = card.Name
	}
	if card, ok := s.deps.Directory.EmployerCard(employer.ID(v.Terms.Employer)); ok && v.Terms.Employer != "" {
		v.Employer = card.State
	}
	if o.Frozen != nil {
		v.Findings = o.Frozen.Warnings
	}
	return v
}

func (v *View) addManaged(o *Offer) {
	v.Managed = true
	v.Findings, v.Causes, v.FirstReopen, v.Objections = o.Working().Findings, o.Causes, o.ReopenedBy != "", o.Objections
	v.Source, v.CreatedBy, v.CreatedAt, v.ClosedAt = o.Source, o.CreatedBy, o.CreatedAt, o.ClosedAt
	v.Source.Original = ""
	if o.Next != nil || o.Frozen == nil {
		v.Review = o.Working()
	}
}

func (s *Service) read(ctx context.Context, id ID) (*Offer, error) {
	o, err := s.deps.Store.Get(ctx, id)
	if err != nil && isNotFound(err) {
		return nil, errNotFound()
	}
	return o, err
}

// Lint judges the version under work as things stand now: for its agency and
// officials; an observer gets the published terms judged.
func (s *Service) Lint(ctx context.Context, actor account.Actor, id ID) ([]Finding, error) {
	if err := actor.Require("offer.lint"); err != nil {
		return nil, err
	}
	o, err := s.read(ctx, id)
	if err != nil {
		return nil, err
	}
	if mayManage(actor, o) {
		return s.lint(o, s.deps.Now()), nil
	}
	if actor.Role != account.Observer || o.Frozen == nil || !o.State.Shown() {
		return nil, errNotFound()
	}
	facts := s.facts(&Offer{AgencyKind: o.AgencyKind, Source: o.Source, Current: Version{Terms: o.Frozen.Terms}}, s.deps.Now())
	return Lint(facts), nil
}

// Judge judges terms that somebody is typing and that are not kept: those of
// the offer with that id, or of a new one when it is empty. The findings are
// those that keeping the terms would leave. It fails with Invalid where the
// terms could not be kept.
func (s *Service) Judge(ctx context.Context, actor account.Actor, id ID, terms Terms) ([]Finding, error) {
	if err := actor.Require("offer.lint"); err != nil {
		return nil, err
	}
	judged := &Offer{}
	if card, ok := s.deps.Directory.AgencyCard(agency.ID(actor.Agency)); ok && id == "" && actor.Agency != "" {
		judged.AgencyKind = string(card.Kind)
	} else {
		o, err := s.read(ctx, id)
		if err != nil {
			return nil, err
		}
		if !mayManage(actor, o) {
			return nil, errNotFound()
		}
		judged.AgencyKind, judged.Source = o.AgencyKind, o.Source
	}
	if err := s.prepare(&terms); err != nil {
		return nil, err
	}
	judged.Current.Terms = terms
	return s.lint(judged, s.deps.Now()), nil
}
