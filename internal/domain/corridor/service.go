package corridor

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
)

// Deps are the ports a Service is made of.
type Deps struct {
	Store        Store
	Reader       Reader
	Agreements   Agreements
	Consequences Consequences
	Log          *slog.Logger // takes what failed after a change was stored
	Now          func() time.Time
	NewID        func(prefix string) string
}

// Service is what people do with corridors.
type Service struct{ Deps }

// NewService makes the service.
func NewService(deps Deps) *Service { return &Service{Deps: deps} }

// List gives a page of the corridors, ordered by code; it is public. What it
// gives is not to be changed.
func (s *Service) List(_ context.Context, actor account.Actor, page listing.Page) (listing.Result[*Corridor], error) {
	if err := actor.Require("corridor.read"); err != nil {
		return listing.Result[*Corridor]{}, err
	}
	all := s.Reader.Corridors()
	result := listing.Result[*Corridor]{Total: len(all)}
	for _, c := range all {
		switch {
		case string(c.Code) <= page.After:
		case len(result.Items) == page.Size():
			result.Next = string(result.Items[len(result.Items)-1].Code)
			return result, nil
		default:
			result.Items = append(result.Items, c)
		}
	}
	return result, nil
}

// Get reads one corridor; it is public.
func (s *Service) Get(ctx context.Context, actor account.Actor, code Code) (*Corridor, error) {
	if err := actor.Require("corridor.read"); err != nil {
		return nil, err
	}
	return s.Store.Get(ctx, code)
}

// Current gives one corridor from the read model, for pages and answers about
// something else; it is public. What it gives is not to be changed. NotFound
// "corridor.not_found" where there is none.
func (s *Service) Current(actor account.Actor, code Code) (*Corridor, error) {
	if err := actor.Require("corridor.read"); err != nil {
		return nil, err
	}
	if c, ok := s.Reader.Corridor(code); ok {
		return c, nil
	}
	return nil, fault.New(fault.NotFound, "corridor.not_found")
}

// Create adds a corridor, which is thereby open. Conflict "corridor.exists"
// when there is one.
func (s *Service) Create(ctx context.Context, actor account.Actor, code Code, facts Facts) (*Corridor, error) {
	if err := actor.Require("corridor.update"); err != nil {
		return nil, err
	}
	code, err := ParseCode(string(code))
	if err != nil {
		return nil, err
	}
	if err := s.check(facts, nil); err != nil {
		return nil, err
	}
	c, stated := &Corridor{Code: code, Destination: code.Destination()}, facts
	c.proposeFees(&stated, actor, FeeProposal{At: account.Moment(s.Now())})
	c.state(stated)
	c.record(actor, account.Moment(s.Now()), "corridor.create", Facts{}.changed(facts)...)
	if err := s.Store.Insert(ctx, c); err != nil {
		if fault.Is(err, fault.Conflict) {
			return nil, fault.New(fault.Conflict, "corridor.exists").Because(err)
		}
		return nil, err
	}
	s.changed(ctx, code)
	return c, nil
}

// Put replaces a corridor's statements; rev is the revision the caller saw.
// The switch (suspensions) is not touched. That workers may be charged is only
// proposed by it; see DecideFees.
func (s *Service) Put(ctx context.Context, actor account.Actor, code Code, rev int64, facts Facts) (*Corridor, error) {
	if err := actor.Require("corridor.update"); err != nil {
		return nil, err
	}
	if err := facts.Check(); err != nil {
		return nil, err
	}
	return s.Store.Update(ctx, code, func(c *Corridor) error {
		if c.Rev != rev {
			return fault.New(fault.Stale, "stale")
		}
		if err := s.check(facts, c.Agreements); err != nil {
			return err
		}
		stated := facts
		fields := c.Facts().changed(facts)
		c.proposeFees(&stated, actor, FeeProposal{At: account.Moment(s.Now())})
		c.state(stated)
		c.record(actor, account.Moment(s.Now()), "corridor.update", fields...)
		return nil
	})
}

// check checks the facts, and that what they cite anew is on record.
func (s *Service) check(f Facts, cited []agreement.ID) error {
	if err := f.Check(); err != nil {
		return err
	}
	var bad fault.List
	for i, id := range f.Agreements {
		_, known := s.Agreements.Agreement(id)
		bad.Check(known || slices.Contains(cited, id), "/agreements/"+strconv.Itoa(i), "corridor.agreement")
	}
	return bad.Err("corridor.invalid")
}

// record bumps the revision and leaves the audit entry.
func (c *Corridor) record(actor account.Actor, now time.Time, action string, fields ...string) {
	c.Rev++
	c.UpdatedAt = now
	c.Pending.Add(audit.Entry{At: now, Actor: string(actor.Account), Role: string(actor.Role), Origin: actor.Origin, Action: action,
		Subject: string(c.Code), Rev: c.Rev, Fields: fields})
}

// changed carries the switch on to the offers for that destination. A failure
// does not undo it: the read model hides the offers at once and a job repairs
// the rest.
func (s *Service) changed(ctx context.Context, code Code) {
	if err := s.Consequences.CorridorChanged(ctx, code); err != nil {
		s.Log.ErrorContext(ctx, "corridor change not carried to its offers", "corridor", string(code), "error", err)
	}
}

func notFound() error { return fault.New(fault.NotFound, "corridor.not_found") }
