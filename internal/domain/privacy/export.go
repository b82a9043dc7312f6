package privacy

import (
	"context"
	"slices"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/profile"
)

// Export is everything the service keeps about one person.
type Export struct {
	At           time.Time
	Account      account.Account // without password and second factor
	Profile      *profile.View   // with consents and readings; nil without a profile
	Applications []application.Application
	Placements   []placement.Placement
	Incidents    []incident.Incident // reported from the account
	Messages     []message.Message
	Sessions     []account.Session // without tokens in any form
	Trail        []audit.Record    // by the person or about the person's records, oldest first
	Processing   []Processing      // what it is kept for, for whom and how long
}

// Export hands everything about the actor to the actor, after a recent proof
// of the password. It is noted in the audit log first, and the owner is told.
func (s *Service) Export(ctx context.Context, actor account.Actor) (*Export, error) {
	if err := s.Fresh(ctx, actor, "me.export"); err != nil {
		return nil, err
	}
	if err := s.Quotas.Spend(ctx, actor, account.TakeAway, ""); err != nil {
		return nil, err
	}
	_, err := s.Accounts.Update(ctx, actor.Account, func(a *account.Account) error {
		now := s.Now()
		a.Record(actor, now, "me.export", "")
		a.Tell(now, "me.export", map[string]string{"at": account.Moment(now).Format(time.RFC3339)})
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := &Export{At: account.Moment(s.Now()), Processing: Register()}
	for _, part := range []func(context.Context, account.Actor, *Export) error{
		s.exportAccount, s.exportProfile, s.exportApplications, s.exportPlacements, s.exportIncidents, s.exportTraces, s.exportTrail,
	} {
		if err := part(ctx, actor, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Service) exportAccount(ctx context.Context, actor account.Actor, out *Export) error {
	a, err := s.Accounts.Get(ctx, actor.Account)
	if err != nil {
		return err
	}
	out.Account = *a
	out.Account.PasswordHash, out.Account.Pending, out.Account.Outbox = "", nil, nil
	out.Account.Factor = account.Factor{Since: a.Factor.Since}
	return nil
}

func (s *Service) exportProfile(ctx context.Context, actor account.Actor, out *Export) error {
	if actor.Role != account.Candidate {
		return nil
	}
	v, err := s.Profiles.Mine(ctx, actor)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	out.Profile = &v
	return err
}

func (s *Service) exportApplications(ctx context.Context, actor account.Actor, out *Export) error {
	own, found := s.Model.ProfileOf(actor.Account)
	if !found || actor.Role != account.Candidate {
		return nil
	}
	for _, id := range s.Model.ApplicationsOf(own) {
		a, err := s.Applications.Get(ctx, actor, id)
		if fault.Is(err, fault.NotFound) { // not the person's any more
			continue
		}
		if err != nil {
			return err
		}
		out.Applications = append(out.Applications, *a)
	}
	slices.SortFunc(out.Applications, func(a, b application.Application) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return nil
}

func (s *Service) exportPlacements(ctx context.Context, actor account.Actor, out *Export) error {
	own, found := s.Model.ProfileOf(actor.Account)
	if !found || actor.Role != account.Candidate {
		return nil
	}
	for _, id := range s.Model.PlacementsOf(own) {
		p, err := s.Placements.Get(ctx, actor, id)
		if fault.Is(err, fault.NotFound) { // not the person's any more
			continue
		}
		if err != nil {
			return err
		}
		out.Placements = append(out.Placements, *p)
	}
	slices.SortFunc(out.Placements, func(a, b placement.Placement) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return nil
}

func (s *Service) exportIncidents(ctx context.Context, actor account.Actor, out *Export) error {
	for _, id := range s.reportedBy(actor.Account) {
		i, err := s.Incidents.Get(ctx, actor, id)
		if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) { // not the person's to read any more
			continue
		}
		if err != nil {
			return err
		}
		out.Incidents = append(out.Incidents, *i)
	}
	return nil
}

// reportedBy lists the cases that were reported from an account, by their ids.
func (s *Service) reportedBy(id account.ID) (reported []incident.ID) {
	if id == "" {
		return nil
	}
	s.Model.EachIncident(func(c *incident.Card) bool {
		if c.Reporter == id {
			reported = append(reported, c.ID)
		}
		return true
	})
	slices.Sort(reported)
	return reported
}

func (s *Service) exportTraces(ctx context.Context, actor account.Actor, out *Export) (err error) {
	if out.Messages, err = s.Messages.MessagesTo(ctx, actor.Account); err != nil {
		return err
	}
	slices.SortFunc(out.Messages, func(a, b message.Message) int { return a.At.Compare(b.At) })
	out.Sessions, err = s.Sessions.SessionsOf(ctx, actor.Account)
	slices.SortFunc(out.Sessions, func(a, b account.Session) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return err
}

// exportTrail collects the entries by the person and those about the person's
// records. Who else acted is told by role, not by account.
func (s *Service) exportTrail(ctx context.Context, actor account.Actor, out *Export) error {
	queries := []audit.Query{{Actor: string(actor.Account)}, {Subject: string(actor.Account)}}
	if out.Profile != nil {
		queries = append(queries, audit.Query{Subject: string(out.Profile.ID)})
	}
	for _, a := range out.Applications {
		queries = append(queries, audit.Query{Subject: string(a.ID)})
	}
	for _, p := range out.Placements {
		queries = append(queries, audit.Query{Subject: string(p.ID)})
	}
	for _, i := range out.Incidents {
		queries = append(queries, audit.Query{Subject: string(i.ID)})
	}
	seen := map[int64]bool{}
	for _, q := range queries {
		err := s.eachEntry(ctx, q, func(r audit.Record) {
			if seen[r.Index] {
				return
			}
			seen[r.Index] = true
			if r.Actor != string(actor.Account) {
				r.Actor = ""
			}
			out.Trail = append(out.Trail, r)
		})
		if err != nil {
			return err
		}
	}
	slices.SortFunc(out.Trail, func(a, b audit.Record) int { return int(a.Index - b.Index) })
	return nil
}

func (s *Service) eachEntry(ctx context.Context, q audit.Query, see func(audit.Record)) error {
	page := listing.Page{Limit: listing.MaxLimit}
	for {
		found, err := s.Trail.Entries(ctx, account.SystemActor(), q, page)
		if err != nil {
			return err
		}
		for _, r := range found.Items {
			see(r)
		}
		if found.Next == "" {
			return nil
		}
		page.After = found.Next
	}
}
