package corridor

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// Order is an official's order to close or open a corridor, or a part of it,
// under a legal act. Empty Kind and Occupation mean "all".
type Order struct {
	Kind       ref.WorkKind
	Occupation ref.Occupation // prefix
	Act        string         // number of the legal act, mandatory
	Evidence   string         // why, or where the act is published; mandatory
}

// check gives the order in its stored form, or every member that breaks a rule.
func (o Order) check() (Order, error) {
	var bad fault.List
	checkKind(&bad, "/kind", o.Kind)
	checkOccupation(&bad, "/occupation", o.Occupation)
	act := LegalAct{Number: o.Act, Evidence: o.Evidence}.Check(&bad)
	o.Act, o.Evidence = act.Number, act.Evidence
	return o, bad.Err("corridor.invalid")
}

// ActID gives the id of the record of an act: the same act about the same part
// of the same target ("corridor/ML-ES") has one record, however often it comes.
func ActID(direction, target string, kind ref.WorkKind, occupation ref.Occupation, number string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{direction, target, string(kind), string(occupation), number}, "\x00")))
	return "sus_" + hex.EncodeToString(sum[:13])
}

// covers reports whether all of the suspension lies within the order's scope.
func (o Order) covers(s Suspension) bool {
	return (o.Kind == "" || o.Kind == s.Kind) && strings.HasPrefix(string(s.Occupation), string(o.Occupation))
}

// Suspend closes the corridor, or a part of it, at once. The same act for the
// same part again changes nothing, so a repeated request is harmless; once
// lifted, the act is used up: Conflict "corridor.act.used".
func (s *Service) Suspend(ctx context.Context, actor account.Actor, code Code, order Order) (*Corridor, error) {
	return s.switched(ctx, actor, code, order, (*Corridor).suspend)
}

// Reopen lifts every suspension within the scope of the order; the official is
// another one than those who suspended. Conflict "corridor.not_suspended" when
// there is none. The same act for the same part again changes nothing.
func (s *Service) Reopen(ctx context.Context, actor account.Actor, code Code, order Order) (*Corridor, error) {
	return s.switched(ctx, actor, code, order, (*Corridor).reopen)
}

// turn applies an order; it reports whether anything changed.
type turn func(c *Corridor, by account.Actor, now time.Time, id string, o Order) (changed bool, err error)

// errSame leaves the stored corridor alone after a repeated order.
var errSame = fault.New(fault.Conflict, "corridor.same")

func (s *Service) switched(ctx context.Context, actor account.Actor, code Code, order Order, apply turn) (*Corridor, error) {
	if err := actor.Require("corridor.suspend"); err != nil {
		return nil, err
	}
	order, err := order.check()
	if err != nil {
		return nil, err
	}
	id := ActID("suspension", "corridor/"+string(code), order.Kind, order.Occupation, order.Act)
	now := account.Moment(s.Now())
	c, err := s.Store.Update(ctx, code, func(c *Corridor) error {
		changed, err := apply(c, actor, now, id, order)
		if err == nil && !changed {
			return errSame
		}
		return err
	})
	if fault.Of(err) == errSame {
		return s.Store.Get(ctx, code)
	}
	if err != nil {
		return nil, err
	}
	s.changed(ctx, code)
	return c, nil
}

func (c *Corridor) suspend(by account.Actor, now time.Time, id string, o Order) (bool, error) {
	if slices.ContainsFunc(c.Suspensions, func(s Suspension) bool {
		return s.Act == o.Act && s.Kind == o.Kind && s.Occupation == o.Occupation
	}) {
		return false, nil
	}
	if c.wasLifted(o) {
		return false, fault.New(fault.Conflict, "corridor.act.used")
	}
	if len(c.Suspensions) >= maxLines {
		return false, fault.New(fault.Conflict, "corridor.suspensions.full")
	}
	c.Suspensions = append(c.Suspensions, Suspension{ID: id, Kind: o.Kind, Occupation: o.Occupation,
		Act: o.Act, Evidence: o.Evidence, By: by.Account, At: now})
	c.record(by, now, "corridor.suspend", "suspensions")
	return true, nil
}

func (c *Corridor) reopen(by account.Actor, now time.Time, _ string, o Order) (bool, error) {
	var kept, lifted []Suspension
	for _, s := range c.Suspensions {
		if o.covers(s) {
			lifted = append(lifted, s)
		} else {
			kept = append(kept, s)
		}
	}
	switch again := c.wasReopened(o); {
	case again && len(lifted) == 0:
		return false, nil
	case again:
		return false, fault.New(fault.Conflict, "corridor.act.used")
	case len(lifted) == 0:
		return false, fault.New(fault.Conflict, "corridor.not_suspended")
	}
	if slices.ContainsFunc(lifted, func(s Suspension) bool { return s.By == by.Account }) {
		return false, fault.New(fault.Forbidden, "four_eyes.same")
	}
	c.Suspensions = kept
	c.Reopenings = append(c.Reopenings, Reopening{Kind: o.Kind, Occupation: o.Occupation, Act: o.Act,
		Evidence: o.Evidence, By: by.Account, At: now, Lifted: lifted})
	c.record(by, now, "corridor.reopen", "suspensions")
	return true, nil
}

// wasLifted reports whether a suspension under that act, of that part, has
// been lifted: a late repetition must not close the corridor again, and a new
// suspension has an act of its own.
func (c *Corridor) wasLifted(o Order) bool {
	for _, r := range c.Reopenings {
		for _, s := range r.Lifted {
			if s.Act == o.Act && s.Kind == o.Kind && s.Occupation == o.Occupation {
				return true
			}
		}
	}
	return false
}

func (c *Corridor) wasReopened(o Order) bool {
	return slices.ContainsFunc(c.Reopenings, func(r Reopening) bool {
		return r.Act == o.Act && r.Kind == o.Kind && r.Occupation == o.Occupation
	})
}
