package placement

import (
	"context"
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// maxHolds bounds the holds of one file.
const maxHolds = 50

// What is noted about holds; it changes no state.
const (
	actHold           = "hold"
	actProposeRelease = "propose_release"
	actRelease        = "release_hold"
)

// Hold stops every forward step of a file. The system holds it as a
// consequence; an official may for people's safety. The same kind and source
// again changes nothing. Conflict "placement.final" on a file that has ended.
func (s *Service) Hold(ctx context.Context, actor account.Actor, id ID, kind HoldKind, source, reason string) (*Placement, error) {
	if err := actor.Require("placement.review"); err != nil {
		return nil, err
	}
	if err := checkHold(actor, kind, source, reason); err != nil {
		return nil, err
	}
	return s.unless(ctx, actor, id, func(p *Placement, by act) error {
		switch {
		case p.State.Final():
			return fault.New(fault.Conflict, "placement.final")
		case p.holdOf(kind, source) >= 0:
			return errNothing
		case len(p.Holds) >= maxHolds:
			return fault.New(fault.Conflict, "placement.holds.full")
		}
		p.hold(by, kind, source, reason)
		return nil
	})
}

// unless runs a change that may find nothing to do; then the file is given as
// it is.
func (s *Service) unless(ctx context.Context, actor account.Actor, id ID, do func(p *Placement, by act) error) (*Placement, error) {
	p, err := s.change(ctx, actor, id, do)
	if isNothing(err) {
		return s.Get(ctx, actor, id)
	}
	return p, err
}

// checkHold: officials hold for safety only; the other kinds are consequences.
func checkHold(actor account.Actor, kind HoldKind, source, reason string) error {
	var bad fault.List
	bad.Check(slices.Contains([]HoldKind{HoldSubstitution, HoldCorridor, HoldSafety}, kind), "/kind", "reason.unknown")
	bad.Check(actor.Role == account.System || kind == HoldSafety, "/kind", "reason.unknown")
	checkWord(&bad, "/source", source, true)
	bad.Check(actor.Role == account.System || reason != "", "/reason", "required")
	checkLength(&bad, "/reason", reason, maxNote)
	return bad.Err("placement.invalid")
}

func (p *Placement) holdOf(kind HoldKind, source string) int {
	return slices.IndexFunc(p.Holds, func(h Hold) bool { return h.Kind == kind && h.Source == source })
}

func (p *Placement) hold(by act, kind HoldKind, source, reason string) {
	p.Holds = append(p.Holds, Hold{Kind: kind, Source: source, By: by.actor.Account, At: by.now})
	p.Decision.Reviewed = Signature{}
	p.note(by, actHold, string(kind), reason, "holds")
}

func (p *Placement) drop(kind HoldKind, source string) {
	if i := p.holdOf(kind, source); i >= 0 {
		p.Holds = slices.Delete(p.Holds, i, i+1)
	}
}

// ReleaseHold lifts a hold. The system lifts those of a corridor when it is
// reopened. Substitution and safety take two different officials and a written
// reason, which the person sees: the first call is noted, the second lifts.
// Whoever worked on the contract or the documents may be neither.
func (s *Service) ReleaseHold(ctx context.Context, actor account.Actor, id ID, kind HoldKind, source, reason string) (*Placement, error) {
	if err := actor.Require("placement.review"); err != nil {
		return nil, err
	}
	if actor.Role == account.System {
		return s.unless(ctx, actor, id, func(p *Placement, by act) error { return p.lift(by, kind, source, reason) })
	}
	if err := checkWording("/reason", reason); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error { return p.release(by, kind, source, reason) })
}

// lift is the system's release.
func (p *Placement) lift(by act, kind HoldKind, source, reason string) error {
	if p.holdOf(kind, source) < 0 {
		return errNothing
	}
	if kind != HoldCorridor {
		return fault.New(fault.Forbidden, "four_eyes")
	}
	p.drop(kind, source)
	p.note(by, actRelease, string(kind), reason, "holds")
	return nil
}

// release is one of the two officials' release.
func (p *Placement) release(by act, kind HoldKind, source, reason string) error {
	i := p.holdOf(kind, source)
	switch {
	case i < 0:
		return fault.New(fault.NotFound, "placement.hold.not_found")
	case kind == HoldCorridor:
		return fault.New(fault.Conflict, "placement.hold.corridor")
	case p.worked(by.actor.Account):
		return fault.New(fault.Forbidden, "four_eyes.own")
	case p.Holds[i].ReleasedBy == by.actor.Account:
		return fault.New(fault.Forbidden, "four_eyes.same")
	case p.Holds[i].ReleasedBy == "":
		p.Holds[i].ReleasedBy, p.Holds[i].Reason = by.actor.Account, reason
		p.note(by, actProposeRelease, string(kind), reason, "holds")
		return nil
	}
	p.drop(kind, source)
	p.note(by, actRelease, string(kind), reason, "holds")
	return nil
}

// worked reports whether somebody stated a contract, marked an item or added a
// document of the file; such a person decides nothing in it.
func (p *Placement) worked(who account.ID) bool {
	return slices.ContainsFunc(p.Contracts, func(c Contract) bool { return c.By == who }) ||
		slices.ContainsFunc(p.Checklist, func(i Item) bool { return i.DoneBy == who }) ||
		slices.ContainsFunc(p.Documents, func(d Document) bool { return d.By == who })
}
