package incident

import (
	"context"
	"errors"
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/message"
)

// actForget is the action of taking a person, or the words, out of a case.
const actForget = "forget"

// Unlink takes the reporter out of a case, which stays as it is without a name:
// what was said is needed to help whoever it is about, and stays sealed until
// its own time is over. The person can follow it with the code no more. Doing
// it twice changes nothing.
func (s *Service) Unlink(ctx context.Context, actor account.Actor, id ID, reason string) error {
	return s.forget(ctx, actor, id, reason, func(i *Incident) bool {
		if i.Reporter == "" {
			return false
		}
		i.unlink()
		return true
	})
}

// ForgetOne takes the reporter and everything that was said out of a case whose
// time is over: states, dates, category and outcome stay. Doing it twice
// changes nothing.
func (s *Service) ForgetOne(ctx context.Context, actor account.Actor, id ID, reason string) error {
	return s.forget(ctx, actor, id, reason, func(i *Incident) bool {
		if i.Forgotten() {
			return false
		}
		i.unlink()
		i.Description, i.Closing = "", ""
		for n := range i.Entries {
			i.Entries[n].Text = ""
		}
		for n := range i.Referrals {
			i.Referrals[n].Note = ""
		}
		return true
	})
}

func (s *Service) forget(ctx context.Context, actor account.Actor, id ID, reason string, do func(*Incident) bool) error {
	if actor.Role != account.System {
		return fault.New(fault.Forbidden, "auth.forbidden")
	}
	by := act{actor, account.Moment(s.Now())}
	_, err := s.Store.Update(ctx, id, func(i *Incident) error {
		if !do(i) {
			return errNothing
		}
		i.note(by, actForget, reason, "reporter")
		return nil
	})
	if errors.Is(err, errNothing) {
		return nil
	}
	return notFound(err)
}

// unlink empties what leads to the reporter.
func (i *Incident) unlink() {
	for n := range i.Entries {
		if i.Entries[n].Reporter {
			i.Entries[n].By = ""
		}
	}
	i.History = unnamed(i.History, i.Reporter)
	if i.Reporter != "" {
		i.Outbox = slices.DeleteFunc(i.Outbox, func(n message.Notice) bool { return n.Recipient == string(i.Reporter) })
	}
	i.Reporter, i.Next, i.Last = "", "", ""
}

// Forgotten reports whether nothing that anybody said is left of the case, and
// nobody leads to it.
func (i *Incident) Forgotten() bool {
	return i.Reporter == "" && i.Next == "" && i.Last == "" && i.Description == "" && i.Closing == "" &&
		!slices.ContainsFunc(i.Entries, func(e Entry) bool { return e.Text != "" }) &&
		!slices.ContainsFunc(i.Referrals, func(r Referral) bool { return r.Note != "" })
}
