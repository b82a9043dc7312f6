package placement

import (
	"context"
	"errors"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/fault"
)

// The reasons for which a file is cancelled because the selection has ended.
const (
	ReasonWithdrawn = "application_withdrawn"
	ReasonRefused   = "application_refused"
	ReasonWaiting   = "application_waiting"
	ReasonEnded     = "application_ended"
)

// abandonReason gives the reason of what is done to an application.
func abandonReason(action string) string {
	switch action {
	case application.ActWithdraw:
		return ReasonWithdrawn
	case application.ActRefuse:
		return ReasonRefused
	case application.ActWait:
		return ReasonWaiting
	}
	return ReasonEnded
}

// Abandon cancels the file of a round of an application whose selection is
// about to end; action is what is done to the application. A file that was
// never opened, or is cancelled already, is no error. Conflict code
// "placement.departed" once the person has left. The application itself is
// not touched: its own room calls this.
func (s *Service) Abandon(ctx context.Context, actor account.Actor, id string, round int, action string) error {
	return s.AbandonFile(ctx, actor, MakeID(id, round), action)
}

// errAbandoned ends a change that has nothing to do.
var errAbandoned = errors.New("abandoned")

// AbandonFile is Abandon for a file whose id is known.
func (s *Service) AbandonFile(ctx context.Context, actor account.Actor, id ID, action string) error {
	by := act{actor, account.Moment(s.Now())}
	_, err := s.Store.Update(ctx, id, func(p *Placement) error {
		switch {
		case !p.concerns(actor):
			return absent()
		case p.State == Cancelled:
			return errAbandoned
		case !p.State.BeforeDeparture():
			return fault.New(fault.Conflict, "placement.departed")
		}
		reason := abandonReason(action)
		return p.cancel(by, reason, "")
	})
	if errors.Is(err, errAbandoned) || fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
