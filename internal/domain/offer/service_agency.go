package offer

import (
	"context"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/idempotency"
)

// Create drafts an offer for the actor's own agency. Incomplete terms are
// kept; what is missing is told by the findings. It fails with Invalid for
// terms out of bounds, and with Conflict while the actor belongs to no agency.
func (s *Service) Create(ctx context.Context, actor account.Actor, terms Terms) (*Offer, error) {
	if err := actor.Require("offer.create"); err != nil {
		return nil, err
	}
	card, ok := s.deps.Directory.AgencyCard(agency.ID(actor.Agency))
	if !ok || actor.Agency == "" {
		return nil, fault.New(fault.Conflict, "offer.agency.none")
	}
	if err := s.prepare(&terms); err != nil {
		return nil, err
	}
	key, keyed := idempotency.From(ctx)
	id := ID(s.deps.NewID("off_"))
	if keyed {
		id = ID("off_" + key.ID()[len("idm_"):])
	}
	o := s.draft(id, card, s.act(actor), terms, nil)
	err := s.deps.Store.Insert(ctx, o)
	if keyed && fault.Is(err, fault.Conflict) {
		return s.createdBefore(ctx, actor, id)
	}
	if err != nil {
		return nil, err
	}
	return o, nil
}

// createdBefore gives the draft that an earlier run of the same request made
// before it was cut off.
func (s *Service) createdBefore(ctx context.Context, actor account.Actor, id ID) (*Offer, error) {
	o, err := s.deps.Store.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if o.CreatedBy != actor.Account || o.Agency != actor.Agency {
		return nil, errNotFound()
	}
	return o, nil
}

// draft makes a new offer; taken holds references given away in the same batch.
func (s *Service) draft(id ID, card agency.Card, act Act, terms Terms, taken map[string]bool) *Offer {
	o := &Offer{
		ID: id, Reference: s.freeReference(id, act.At, taken), Agency: string(card.ID), AgencyKind: string(card.Kind),
		CreatedBy: act.By.Account, State: Draft, CreatedAt: act.At,
		Current: Version{Number: 1, State: Draft, Terms: terms, Editors: []account.ID{act.By.Account}},
	}
	o.Current.Findings = s.lint(o, act.At)
	o.record(act, "create", "", nil)
	return o
}

// Edit replaces the terms at revision rev: the draft's own, or those of the
// next version of an offer in force. An approved version goes back to draft.
// An older rev is Stale.
func (s *Service) Edit(ctx context.Context, actor account.Actor, id ID, rev int64, terms Terms) (*Offer, error) {
	if err := actor.Require("offer.update"); err != nil {
		return nil, err
	}
	bad := s.prepare(&terms)
	return s.mutate(ctx, actor, id, change{action: ActEdit, apply: func(o *Offer, act Act) ([]string, error) {
		if o.Rev != rev {
			return nil, fault.New(fault.Stale, "stale")
		}
		if bad != nil {
			return nil, bad
		}
		fields, err := o.Edit(act, terms)
		if err == nil {
			o.Working().Findings = s.lint(o, act.At)
		}
		return fields, err
	}})
}

// Submit hands the draft, or the next version, to the officials. The agency
// must be active (Conflict) and no finding may block (Invalid).
func (s *Service) Submit(ctx context.Context, actor account.Actor, id ID) (*Offer, error) {
	if err := actor.Require("offer.submit"); err != nil {
		return nil, err
	}
	return s.mutate(ctx, actor, id, change{action: ActSubmit, apply: func(o *Offer, act Act) ([]string, error) {
		if _, err := Transitions().Next(ActSubmit, o.Working().State, actor.Role); err != nil {
			return nil, err
		}
		if err := s.agencyActive(o.Agency, act.At); err != nil {
			return nil, err
		}
		return nil, o.Submit(act, s.lint(o, act.At))
	}})
}

// Answer takes a refused offer back to draft, once; note says why.
func (s *Service) Answer(ctx context.Context, actor account.Actor, id ID, note string) (*Offer, error) {
	if err := actor.Require("offer.answer"); err != nil {
		return nil, err
	}
	var bad fault.List
	bad.Check(note != "", "/note", "required")
	checkNote(&bad, note)
	return s.mutate(ctx, actor, id, change{action: ActAnswer, apply: func(o *Offer, act Act) ([]string, error) {
		if err := bad.Err("offer.invalid"); err != nil {
			return nil, err
		}
		return nil, o.Answer(act, note)
	}})
}

// Withdraw ends the agency's own offer at any time before it is closed. The
// reason is optional.
func (s *Service) Withdraw(ctx context.Context, actor account.Actor, id ID, d Decision) (*Offer, error) {
	if err := actor.Require("offer.withdraw"); err != nil {
		return nil, err
	}
	return s.decide(ctx, actor, id, ActWithdraw, d, func(o *Offer, act Act) error { return o.Withdraw(act) })
}

// Close ends an offer in force; agency or official. The reason is optional.
func (s *Service) Close(ctx context.Context, actor account.Actor, id ID, d Decision) (*Offer, error) {
	if err := actor.Require("offer.close"); err != nil {
		return nil, err
	}
	return s.decide(ctx, actor, id, ActClose, d, func(o *Offer, act Act) error { return o.Close(act) })
}

// decide runs a change that takes a reason; the offer is looked for before the
// reason is judged, so that the answer tells nothing about others' offers.
func (s *Service) decide(ctx context.Context, actor account.Actor, id ID, action string, d Decision, apply func(*Offer, Act) error) (*Offer, error) {
	return s.mutate(ctx, actor, id, change{action: action, reason: d.Reason, apply: func(o *Offer, act Act) ([]string, error) {
		if err := d.Check(action); err != nil {
			return nil, err
		}
		return nil, apply(o, act)
	}})
}
