package profile

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// maxAccesses bounds the readings kept in the profile; the audit log keeps
// them all.
const maxAccesses = 1000

// View gives what the actor may see of a profile. NotFound for whoever may
// see nothing, Conflict code "agency.not_active" for an agency that may not
// work. An agency's reading of contact data is noted first, once a day; if it
// cannot be noted, it does not happen.
func (s *Service) View(ctx context.Context, actor account.Actor, id ID) (View, error) {
	if err := actor.Require("profile.read"); err != nil {
		return View{}, err
	}
	name, err := s.activeAgency(actor)
	if err != nil {
		return View{}, err
	}
	p, err := s.Store.Get(ctx, id)
	if err != nil {
		return View{}, notFound(err)
	}
	if p.Erased() {
		return View{}, absent()
	}
	applied := actor.Role == account.Agency && s.Reader.AppliedTo(id, actor.Agency)
	relation := relationOf(p, actor, applied, s.Now())
	if relation == Stranger {
		return View{}, absent()
	}
	if relation != Owner {
		if err := s.Quotas.Spend(ctx, actor, account.ReadProfile, string(id)); err != nil {
			return View{}, err
		}
	}
	if relation == AgencyApproached {
		if p, err = s.noteReading(ctx, actor, p, name); err != nil {
			return View{}, err
		}
	}
	return ViewFor(p, relation, s.today()), nil
}

// activeAgency refuses members of an agency that is not active, and gives the
// agency's name; other roles pass.
func (s *Service) activeAgency(actor account.Actor) (name string, err error) {
	if actor.Role != account.Agency {
		return "", nil
	}
	card, found := s.Agencies.AgencyCard(agency.ID(actor.Agency))
	if !found || card.State != agency.Active {
		return "", fault.New(fault.Conflict, "agency.not_active")
	}
	return card.Name, nil
}

// noteReading adds today's reading by an agency, unless it is there.
func (s *Service) noteReading(ctx context.Context, actor account.Actor, p *Profile, name string) (*Profile, error) {
	now := account.Moment(s.Now())
	if p.readBy(actor.Agency, ref.DateOf(now)) {
		return p, nil
	}
	changed, err := s.Store.Update(ctx, p.ID, func(p *Profile) error {
		if p.Erased() {
			return absent()
		}
		if p.readBy(actor.Agency, ref.DateOf(now)) {
			return errUnchanged
		}
		p.note(Access{By: actor.Account, Role: actor.Role, Agency: actor.Agency, Who: name, At: now, Reason: reasonApplication})
		p.record(actor, now, "profile.contact", reasonApplication)
		return nil
	})
	if errors.Is(err, errUnchanged) {
		return p, nil
	}
	return changed, notFound(err)
}

func (p *Profile) readBy(agencyID string, day ref.Date) bool {
	return slices.ContainsFunc(p.Accesses, func(a Access) bool {
		return a.Agency == agencyID && agencyID != "" && ref.DateOf(a.At) == day
	})
}

// note appends a reading and drops the oldest beyond the bound.
func (p *Profile) note(a Access) {
	p.Accesses = append(p.Accesses, a)
	if extra := len(p.Accesses) - maxAccesses; extra > 0 {
		p.Accesses = slices.Delete(p.Accesses, 0, extra)
	}
}

// Disclose shows an official who a person is, for a stated reason and 30
// minutes; the person reads both. The note is mandatory for the reason
// "other". It gives the view the official has from now on.
func (s *Service) Disclose(ctx context.Context, actor account.Actor, id ID, reason, note string) (View, Access, error) {
	if err := actor.Require("profile.disclose"); err != nil {
		return View{}, Access{}, err
	}
	note = strings.TrimSpace(note)
	if err := checkReason(reason, note); err != nil {
		return View{}, Access{}, err
	}
	if err := s.Quotas.Spend(ctx, actor, account.Disclosure, string(id)); err != nil {
		return View{}, Access{}, err
	}
	now := account.Moment(s.Now())
	access := Access{
		By: actor.Account, Role: actor.Role, Who: actor.Institution,
		At: now, Reason: reason, Note: note, Until: now.Add(DisclosureFor),
	}
	p, err := s.Store.Update(ctx, id, func(p *Profile) error {
		if p.Erased() {
			return absent()
		}
		p.note(access)
		p.record(actor, now, "profile.disclose", reason)
		return nil
	})
	if err != nil {
		return View{}, Access{}, notFound(err)
	}
	return ViewFor(p, OfficialKnowing, s.today()), access, nil
}

// record raises the revision and leaves the audit entry of one change.
func (p *Profile) record(by account.Actor, now time.Time, action, reason string, fields ...string) {
	p.Rev++
	p.UpdatedAt = now
	slices.Sort(fields)
	p.Pending.Add(audit.Entry{
		At: now, Actor: string(by.Account), Role: string(by.Role), Origin: by.Origin, Action: action,
		Subject: string(p.ID), Rev: p.Rev, Reason: reason, Fields: fields,
	})
}

// recordEdit records a change of what the person states or agrees to.
func (p *Profile) recordEdit(by account.Actor, now time.Time, action string, fields ...string) {
	p.record(by, now, action, "", fields...)
	p.EditRev = p.Rev
}
