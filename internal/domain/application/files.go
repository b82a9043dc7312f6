package application

import (
	"context"
	"errors"
	"fmt"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/offer"
)

// Standing says what became of the file that a selection led to.
type Standing int

// The standings.
const (
	NoFile        Standing = iota // not opened yet
	FileOpen                      // it goes on, or has come to its end after a departure
	FileCancelled                 // the person did not leave on it
)

// Files are the placements that selections lead to: one for each round of an
// application in which the person was selected.
type Files interface {
	// Standing tells from the read model what became of a round's file.
	Standing(id ID, round int) Standing
	// Open makes the file of a selected application. It may be repeated.
	Open(ctx context.Context, id ID) error
	// Cancel ends a round's file before the person leaves the selection; one
	// that is cancelled already, or was never opened, is no error. Conflict
	// code "placement.departed" once the person has left.
	Cancel(ctx context.Context, actor account.Actor, id ID, round int, reason string) error
}

// leave cancels the file of somebody who is about to lose, or give up, the
// selection. The lock of hold is with the caller, so that no file is opened
// meanwhile.
func (s *Service) leave(ctx context.Context, actor account.Actor, id ID, action string) error {
	a, err := s.read(ctx, actor, id)
	if err != nil || a.State != Selected {
		return err
	}
	if _, err := Transitions().Next(action, a.State, actor.Role); err != nil {
		return err
	}
	return s.Files.Cancel(ctx, actor, id, a.Round, action)
}

// Release closes a selected application whose placement was cancelled, and
// frees its place. It may be repeated: what has been released, or was selected
// again in a later round, stays as it is.
func (s *Service) Release(ctx context.Context, id ID) error {
	defer s.hold(id)()
	a, err := s.settled(ctx, id)
	if err != nil {
		return notFound(err)
	}
	if a.State == Selected {
		if s.Files.Standing(id, a.Round) != FileCancelled {
			return nil
		}
		if _, err := s.move(ctx, account.SystemActor(), id, ActClose, ReasonPlacementCancelled, func(*Application) {}); err != nil {
			return err
		}
	}
	return s.Places.FreePlace(ctx, offer.ID(a.Offer), string(id))
}

// RepairFiles makes applications and placements agree, and says how many it
// changed: a selected person gets the file that is missing, and an application
// whose file was cancelled is released. A job calls it; crashes between two
// writes are what it is for.
func (s *Service) RepairFiles(ctx context.Context) (repaired int, err error) {
	var failures []error
	for _, id := range s.ids(Query{States: []State{Selected}}) {
		done, err := s.repairFile(ctx, id)
		if done {
			repaired++
		}
		if err != nil {
			failures = append(failures, fmt.Errorf("file of %s: %w", id, err))
		}
	}
	return repaired, errors.Join(failures...)
}

func (s *Service) repairFile(ctx context.Context, id ID) (done bool, err error) {
	round, err := s.openMissing(ctx, id)
	if err != nil || round == 0 {
		return err == nil && round == 0, err
	}
	if s.Files.Standing(id, round) != FileCancelled {
		return false, nil
	}
	err = s.Release(ctx, id)
	return err == nil, err
}

// openMissing opens the file of a selected person who has none, and gives the
// round whose file there is; 0 when it was opened just now. Somebody who was
// erased keeps the selection without a file.
func (s *Service) openMissing(ctx context.Context, id ID) (round int, err error) {
	defer s.hold(id)()
	a, err := s.settled(ctx, id)
	if err != nil {
		return 0, err
	}
	if a.State != Selected || a.forgotten() || s.Files.Standing(id, a.Round) != NoFile {
		return max(a.Round, 1), nil
	}
	return 0, s.Files.Open(ctx, id)
}

// open makes the file of a fresh selection. The selection stands already, so a
// failure is noted and left to the repair.
func (s *Service) open(ctx context.Context, id ID) {
	if err := s.Files.Open(ctx, id); err != nil {
		s.Log.Warn("placement not opened yet", "application", id, "error", err)
	}
}
