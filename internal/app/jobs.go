package app

import (
	"context"
	"errors"
	"time"

	"passerelle/internal/domain/ref"
	"passerelle/internal/jobs"
)

// jobs is the table of background work. Each is idempotent and can be run
// once by hand: passerelle job run NAME.
func (a *App) jobs() []jobs.Job {
	s := &a.services
	today := func() ref.Date { return ref.DateOf(a.clock.Now()) }
	return []jobs.Job{
		{Name: "expire-offers", Every: 5 * time.Minute, Run: func(ctx context.Context) error {
			_, err := s.offers.ExpireDue(ctx, today())
			return err
		}},
		{Name: "expire-agencies", Every: 15 * time.Minute, Run: func(ctx context.Context) error {
			_, err := s.agencies.ExpireDue(ctx, today())
			return err
		}},
		{Name: "reconcile-offers", Every: 30 * time.Minute, Run: s.offers.Reconcile},
		{Name: "close-applications", Every: time.Minute, Run: s.applications.CloseEnded},
		{Name: "announce-terms", Every: time.Minute, Run: s.applications.AnnounceTerms},
		{Name: "repair-places", Every: 15 * time.Minute, Run: func(ctx context.Context) error {
			_, err := s.applications.RepairPlaces(ctx)
			return err
		}},
		{Name: "open-placements", Every: time.Minute, Run: a.repairFiles},
		{Name: "watch-journeys", Every: 5 * time.Minute, Run: a.watchJourneys},
		{Name: "sweep-blobs", Every: 24 * time.Hour, Run: a.sweepBlobs},
		{Name: "carry-suspensions", Every: time.Minute, Wake: s.suspensions.Wake(), Run: s.suspensions.Carry},
		{Name: "work-imports", Every: 30 * time.Second, Wake: s.imports.Work(), Run: func(ctx context.Context) error {
			return errors.Join(s.imports.RunKept(ctx), s.imports.WorkOff(ctx))
		}},
		{Name: "sweep-sessions", Every: 24 * time.Hour, Run: func(ctx context.Context) error {
			_, err := s.auth.Sweep(ctx)
			return err
		}},
		{Name: "send-messages", Every: 15 * time.Second, Wake: a.stores.out.desk.Wake(), Run: a.stores.out.desk.Run},
		{Name: "sweep-messages", Every: time.Hour, Run: a.sweepCorrespondence},
		{Name: "retire-keys", Every: 5 * time.Minute, Run: func(ctx context.Context) error {
			_, err := s.keys.Ring.Retire(ctx)
			return err
		}},
		{Name: "purge-replays", Every: time.Hour, Run: func(ctx context.Context) error {
			_, err := s.replays.Purge(ctx)
			return err
		}},
		{Name: "finish-erasures", Every: 5 * time.Minute, Run: a.finishErasures},
		{Name: "retention", Every: 24 * time.Hour, Run: a.retain, Plan: a.planRetention},
		{Name: "publish-statistics", Every: 6 * time.Hour, Run: func(ctx context.Context) error {
			_, err := s.statistics.Publish(ctx)
			return err
		}},
		{Name: "carry-audit", Every: 10 * time.Second, Run: s.audit.carry},
		{Name: "checkpoint-audit", Every: time.Hour, Run: a.saveCheckpoint},
	}
}

// JobNames lists the jobs.
func JobNames() []string {
	return []string{
		"expire-offers", "expire-agencies", "reconcile-offers", "close-applications", "announce-terms", "repair-places", "open-placements", "watch-journeys", "sweep-blobs", "carry-suspensions", "work-imports",
		"sweep-sessions", "send-messages", "sweep-messages", "retire-keys", "purge-replays",
		"finish-erasures", "retention", "publish-statistics", "carry-audit", "checkpoint-audit",
	}
}

// RunJob runs one job once.
func (a *App) RunJob(ctx context.Context, name string) error { return a.runner.RunOnce(ctx, name) }

// PlanJob says what a job would do, and changes nothing. Invalid code
// "job.no_plan" for one that cannot tell.
func (a *App) PlanJob(ctx context.Context, name string) (string, error) {
	return a.runner.Plan(ctx, name)
}
