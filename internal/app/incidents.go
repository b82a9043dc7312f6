package app

import (
	"context"
	"crypto/rand"
	"errors"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/placement"
)

// buildIncidents makes the service of incidents and tells that of placements
// of it, which comes first.
func (a *App) buildIncidents() {
	sv := &a.services
	sv.incidents = incident.NewService(incident.Deps{
		Store: a.stores.incidents, Model: a.index, Files: safety{sv.placements}, Secret: followUpCode,
		Log: a.options.Log, Now: a.clock.Now, NewID: newID,
	})
	sv.placements.Incidents = sv.incidents
}

// followUpCode gives 130 random bits in letters and digits.
func followUpCode() string { return rand.Text() }

// safety holds placements in the system's name.
type safety struct{ *placement.Service }

// HoldForSafety holds a placement for an incident; one that has ended is left.
func (s safety) HoldForSafety(ctx context.Context, id placement.ID, of string) error {
	_, err := s.Hold(ctx, account.SystemActor(), id, placement.HoldSafety, of, "")
	if f := fault.Of(err); f != nil && f.Code == "placement.final" {
		return nil
	}
	return err
}

// watchJourneys notes arrivals and check-ins that are late, tells people whose
// check-in is due, and opens the incidents that files call for.
func (a *App) watchJourneys(ctx context.Context) error {
	s := &a.services
	_, late := s.placements.NoteAllOverdue(ctx)
	_, missed := s.placements.NoteMissed(ctx)
	_, asked := s.placements.AskDue(ctx)
	_, opened := s.incidents.OpenOverdue(ctx, a.stores.placements)
	return errors.Join(late, missed, asked, opened)
}
