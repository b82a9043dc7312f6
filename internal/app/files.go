package app

import (
	"context"
	"errors"
	"time"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/placement"
	"passerelle/internal/index"
)

// coolingOff is the time between seeing a contract and accepting it, unless
// the corridor's rules say otherwise; to be confirmed by the ministry.
const coolingOff = 72 * time.Hour

// files are the placements as the room of applications knows them. It
// implements application.Files.
type files struct {
	index      *index.Index
	placements *placement.Service // set once it is made: each needs the other
}

// Standing tells what became of the file of a round.
func (f *files) Standing(id application.ID, round int) application.Standing {
	card, found := f.index.PlacementFor(id, round)
	switch {
	case !found:
		return application.NoFile
	case card.State == placement.Cancelled:
		return application.FileCancelled
	}
	return application.FileOpen
}

// Open makes the placement of a selected application.
func (f *files) Open(ctx context.Context, id application.ID) error {
	_, err := f.placements.Open(ctx, id)
	return err
}

// Cancel ends a round's placement before its person leaves the selection.
func (f *files) Cancel(ctx context.Context, actor account.Actor, id application.ID, round int, reason string) error {
	return f.placements.Abandon(ctx, actor, string(id), round, reason)
}

// cancelStray cancels the files of people who are not selected any more, which
// a process that ended between two writes has left.
func (f *files) cancelStray(ctx context.Context) error {
	var stray []placement.Card
	f.index.EachPlacement(func(c *placement.Card) bool {
		if c.State.BeforeDeparture() {
			stray = append(stray, *c)
		}
		return true
	})
	var failures []error
	for _, c := range stray {
		a, found := f.index.ApplicationCard(application.ID(c.Application))
		if !found || a.State == application.Selected && placement.MakeID(c.Application, a.Round) == c.ID {
			continue
		}
		err := f.placements.AbandonFile(ctx, account.SystemActor(), c.ID, application.ActClose)
		if err != nil && !fault.Is(err, fault.Conflict) {
			failures = append(failures, err)
		}
	}
	return errors.Join(failures...)
}

// codes are the one-time codes that people accept with. It implements
// placement.Codes.
type codes struct{ auth *auth.Service }

// Send sends a code for the matter.
func (c codes) Send(ctx context.Context, person account.ID, matter string) error {
	return c.auth.SendAcceptCode(ctx, person, matter)
}

// Spend uses it up.
func (c codes) Spend(ctx context.Context, person account.ID, matter, code string) error {
	return c.auth.SpendAcceptCode(ctx, person, matter, code)
}

// repairFiles makes selections and placements agree.
func (a *App) repairFiles(ctx context.Context) error {
	_, err := a.services.applications.RepairFiles(ctx)
	return errors.Join(err, a.files.cancelStray(ctx))
}

// sweepBlobs removes contents that belong to no document.
func (a *App) sweepBlobs(ctx context.Context) error {
	removed, err := a.blobs.sweep(func(see func(key string)) error {
		return a.stores.placements.LoadPlacements(ctx, func(p *placement.Placement) error {
			for _, d := range p.Documents {
				see(d.Blob)
			}
			return nil
		})
	})
	if removed > 0 {
		a.options.Log.Info("blobs of no document removed", "blobs", removed)
	}
	return err
}
