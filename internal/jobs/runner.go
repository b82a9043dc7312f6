// Package jobs runs background work. Every job is idempotent: it can be run
// once by hand, twice without harm, and a failing one does not stop the rest.
// A lease keeps two processes from doing the same work at the same time.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"passerelle/internal/domain/fault"
)

// Job is one kind of background work.
type Job struct {
	Name  string
	Every time.Duration                   // how often it is due
	Wake  <-chan struct{}                 // makes it due at once; nil = never
	Run   func(ctx context.Context) error // does what is due now
	// Plan says what Run would do, for an operator, and changes nothing; nil =
	// it cannot tell.
	Plan func(ctx context.Context) (string, error)
}

// Leaser lets one process at a time do a job.
type Leaser interface {
	// Acquire takes the named lease for that long; Conflict while another
	// holder has it.
	Acquire(ctx context.Context, name, holder string, ttl time.Duration) error
	// Release gives the lease back.
	Release(ctx context.Context, name, holder string) error
}

// Runner runs jobs when they are due.
type Runner struct {
	jobs   []Job
	leases Leaser
	holder string
	log    *slog.Logger
	past   history
}

// New makes a runner; holder names this process in leases.
func New(leases Leaser, holder string, log *slog.Logger, jobs ...Job) *Runner {
	return &Runner{jobs: jobs, leases: leases, holder: holder, log: log, past: history{runs: map[string]Status{}}}
}

// Names lists the jobs.
func (r *Runner) Names() []string {
	names := make([]string, len(r.jobs))
	for i, j := range r.jobs {
		names[i] = j.Name
	}
	return names
}

// RunOnce runs one job by name; NotFound when there is no such job, Conflict
// while another process is doing it.
func (r *Runner) RunOnce(ctx context.Context, name string) error {
	for _, j := range r.jobs {
		if j.Name == name {
			return r.run(ctx, j)
		}
	}
	return fault.New(fault.NotFound, "job.not_found")
}

// Plan says what a job would do now; NotFound when there is no such job,
// Invalid code "job.no_plan" when it cannot tell.
func (r *Runner) Plan(ctx context.Context, name string) (string, error) {
	for _, j := range r.jobs {
		if j.Name == name && j.Plan != nil {
			return j.Plan(ctx)
		}
		if j.Name == name {
			return "", fault.New(fault.Invalid, "job.no_plan")
		}
	}
	return "", fault.New(fault.NotFound, "job.not_found")
}

// Run runs every job at once and then whenever it is due, until ctx ends.
func (r *Runner) Run(ctx context.Context) {
	var group sync.WaitGroup
	for _, j := range r.jobs {
		group.Go(func() { r.loop(ctx, j) })
	}
	group.Wait()
}

func (r *Runner) loop(ctx context.Context, j Job) {
	tick := time.NewTicker(j.Every)
	defer tick.Stop()
	for {
		if err := r.run(ctx, j); err != nil && ctx.Err() == nil && !fault.Is(err, fault.Conflict) {
			r.log.Error("job failed", "job", j.Name, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-j.Wake:
		}
	}
}

// leaseTime outlasts any single run; a crashed holder blocks no longer.
const leaseTime = 10 * time.Minute

func (r *Runner) run(ctx context.Context, j Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("job %s: panic: %v", j.Name, p)
		}
	}()
	err = r.leases.Acquire(ctx, "job:"+j.Name, r.holder, leaseTime)
	if fault.Is(err, fault.Conflict) {
		return fault.New(fault.Conflict, "job.running")
	}
	if err != nil {
		return fmt.Errorf("job %s: lease: %w", j.Name, err)
	}
	defer func() {
		release := r.leases.Release(context.WithoutCancel(ctx), "job:"+j.Name, r.holder)
		err = errors.Join(err, release)
	}()
	begun := time.Now()
	defer func() {
		r.past.note(Status{Name: j.Name, Every: j.Every, Begun: begun, Took: time.Since(begun), Err: err})
	}()
	return j.Run(ctx)
}
