package incident

import (
	"context"
	"errors"
	"fmt"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/placement"
)

// FromCheckIn opens the case a file calls for: what a check-in told, or an
// early end. The case has the alert's id, so it is opened once however often
// this is called.
func (s *Service) FromCheckIn(ctx context.Context, p *placement.Placement, alert placement.Alert) error {
	if _, open := s.Model.IncidentCard(ID(alert.Incident)); open {
		return nil
	}
	by := act{account.SystemActor(), account.Moment(s.Now())}
	i := s.begin(by, ID(alert.Incident), alert.Category, nil)
	i.Source, i.Placement, i.Agency, i.Offer, i.Country = BySystem, p.ID, p.Agency, string(p.Offer), p.Country
	if c := p.Behind(alert); c != nil {
		i.fromContact(p, c)
	}
	i.note(by, ActReport, alert.Category)
	if i.Safety {
		i.alert(by, s.onDuty())
	}
	err := s.Store.Insert(ctx, i)
	if fault.Is(err, fault.Conflict) {
		return nil // somebody was faster
	}
	if err != nil {
		return err
	}
	s.hold(ctx, i)
	return nil
}

// fromContact takes over what a check-in told. What the person said is kept
// from the agency; the person follows the case as its reporter.
func (i *Incident) fromContact(p *placement.Placement, c *placement.CheckIn) {
	i.Source, i.Description, i.Discreet = ByCheckIn, c.Note, c.Role != account.Agency
	if c.Role == account.Candidate {
		i.Reporter = p.Candidate
	}
	for _, concern := range c.Concerns {
		i.Safety = i.Safety || Safety(concern, nil)
	}
}

// Files reads placements as they are stored.
type Files interface {
	Get(ctx context.Context, id placement.ID) (*placement.Placement, error)
}

// OpenOverdue opens every case that a placement calls for and that is not
// there: arrivals that were not noted, and what a crash left undone. It then
// holds the placements of safety cases that were not held yet. A job calls it;
// failures are returned together and the others go on.
func (s *Service) OpenOverdue(ctx context.Context, files Files) (opened int, err error) {
	wanted := s.missing()
	var failures []error
	for id, alerts := range wanted {
		p, err := files.Get(ctx, id)
		if err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", id, err))
			continue
		}
		for _, alert := range alerts {
			if err := s.FromCheckIn(ctx, p, alert); err != nil {
				failures = append(failures, fmt.Errorf("%s: %w", id, err))
				continue
			}
			opened++
		}
	}
	return opened, errors.Join(append(failures, s.holdAll(ctx))...)
}

// missing lists what placements call for and nobody has opened.
func (s *Service) missing() map[placement.ID][]placement.Alert {
	wanted := map[placement.ID][]placement.Alert{}
	s.Model.EachPlacement(func(c *placement.Card) bool {
		wanted[c.ID] = append(wanted[c.ID], c.Abroad.Alerts...)
		return true
	})
	for id, alerts := range wanted {
		var left []placement.Alert
		for _, alert := range alerts {
			if _, open := s.Model.IncidentCard(ID(alert.Incident)); !open {
				left = append(left, alert)
			}
		}
		if wanted[id] = left; len(left) == 0 {
			delete(wanted, id)
		}
	}
	return wanted
}

// holdAll holds the placements of open safety cases that are not held yet.
func (s *Service) holdAll(ctx context.Context) error {
	var due []ID
	s.Model.EachIncident(func(c *Card) bool {
		if c.Safety && c.Placement != "" && !c.Held && !c.State.Closed() {
			due = append(due, c.ID)
		}
		return true
	})
	var failures []error
	for _, id := range due {
		i, err := s.Store.Get(ctx, id)
		if err == nil {
			err = s.holdNow(ctx, i)
		}
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

// hold has the placement of a safety case held. The case itself says what is to
// be done, so what fails here is made good by a job.
func (s *Service) hold(ctx context.Context, i *Incident) {
	if !i.Safety || i.Placement == "" || !i.HeldAt.IsZero() || i.State.Closed() || s.Files == nil {
		return
	}
	if err := s.holdNow(ctx, i); err != nil && s.Log != nil {
		s.Log.Error("placement not held; the job will", "incident", i.ID, "error", err)
	}
}

// holdNow holds the placement, then notes that it did, once: a hold that two
// officials release is not put back. A file that has ended is not held.
func (s *Service) holdNow(ctx context.Context, i *Incident) error {
	if card, known := s.Model.PlacementCard(i.Placement); known && !card.State.Final() {
		if err := s.Files.HoldForSafety(ctx, i.Placement, string(i.ID)); err != nil {
			return err
		}
	}
	by := act{account.SystemActor(), account.Moment(s.Now())}
	held, err := s.Store.Update(ctx, i.ID, func(i *Incident) error {
		if !i.HeldAt.IsZero() {
			return errNothing
		}
		i.HeldAt = by.now
		i.note(by, "hold", "", "held")
		return nil
	})
	if errors.Is(err, errNothing) {
		return nil
	}
	if err == nil {
		*i = *held
	}
	return err
}

// Late counts the cases whose triage clock has run out.
func (s *Service) Late() (late int) {
	now := s.Now()
	s.Model.EachIncident(func(c *Card) bool {
		if c.State.Untriaged() && now.After(c.TriageDue) {
			late++
		}
		return true
	})
	return late
}
