package intake

import (
	"context"
	"errors"
	"maps"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
)

// The two decisions on a whole import.
const (
	ApproveAll = "approve"
	PublishAll = "publish"
)

// Decide records that an official approves or publishes everything of an
// import; the work itself is done by WorkOff, so that a long batch outlives
// the request and a crash. Importer, approver and publisher are three
// different people: Forbidden otherwise. Conflict when the import has not
// come to that point, or a batch is under way.
func (s *Service) Decide(ctx context.Context, actor account.Actor, id ID, action string) (*Import, error) {
	if err := actor.Require("import.decide"); err != nil {
		return nil, err
	}
	i, err := s.change(ctx, actor, id, "import."+action, func(i *Import) error {
		if i.Kind != Offers || i.Batch.Action != "" && i.Batch.EndedAt.IsZero() {
			return fault.New(fault.Conflict, "import.batch_running")
		}
		switch {
		case action == ApproveAll && (i.State == Done || i.State == Approved):
			if actor.Account == i.By {
				return fault.New(fault.Forbidden, "four_eyes")
			}
			i.ApprovedBy, i.State = actor.Account, Approved
		case action == PublishAll && (i.State == Approved || i.State == Live):
			if actor.Account == i.By || actor.Account == i.ApprovedBy {
				return fault.New(fault.Forbidden, "four_eyes")
			}
			i.PublishedBy, i.State = actor.Account, Live
		default:
			return fault.New(fault.Conflict, "transition", fault.Field{Code: "transition.state", Args: []string{action, string(i.State)}})
		}
		i.Batch = Batch{Action: action, StartedAt: s.d.Now()}
		return nil
	})
	if err == nil {
		s.kick()
	}
	return i, err
}

// WorkOff carries out every batch that was decided on and not finished. It is
// idempotent: offers already taken forward are passed over.
func (s *Service) WorkOff(ctx context.Context) error {
	return s.eachImport(func(i Import) error {
		if i.Batch.Action == "" || !i.Batch.EndedAt.IsZero() {
			return nil
		}
		return s.workOff(ctx, i)
	})
}

// eachImport visits every import; one that fails does not stop the others.
func (s *Service) eachImport(visit func(Import) error) error {
	var failed error
	for q := (Query{Scope: account.Scope{All: true}, Limit: listing.MaxLimit}); ; {
		page, err := s.d.Reader.SearchImports(q)
		if err != nil {
			return errors.Join(failed, err)
		}
		for _, i := range page.Items {
			failed = errors.Join(failed, visit(i))
		}
		if q.After = page.Next; q.After == "" {
			return failed
		}
	}
}

func (s *Service) workOff(ctx context.Context, i Import) error {
	by, act := i.ApprovedBy, s.d.Batches.ApproveImport
	if i.Batch.Action == PublishAll {
		by, act = i.PublishedBy, s.d.Batches.PublishImport
	}
	actor := account.Actor{Account: by, Role: account.Official}
	var troubled error
	result, err := act(ctx, actor, string(i.ID), func(b offer.Batch) {
		_, err := s.change(ctx, actor, i.ID, "", func(i *Import) error { i.Batch.count(b); return nil })
		troubled = errors.Join(troubled, err)
	})
	if err = errors.Join(err, troubled); err != nil {
		return err
	}
	_, err = s.change(ctx, actor, i.ID, "import."+i.Batch.Action+".end", func(i *Import) error {
		i.Batch.count(result)
		i.Batch.EndedAt = s.d.Now()
		return nil
	})
	return err
}

// count takes over how far the batch is.
func (b *Batch) count(o offer.Batch) {
	b.Total, b.Done, b.Skipped, b.Reasons = o.Total, o.Done, o.Skipped, maps.Clone(o.Reasons)
}
