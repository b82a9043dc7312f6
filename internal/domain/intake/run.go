package intake

import (
	"context"
	"iter"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
)

// runner is one run over a file.
type runner struct {
	s        *Service
	actor    account.Actor
	spec     Spec
	keeper   Keeper
	progress func(Counts)
	imp      *Import
	good     []Row      // rows of the batch without faults
	gathered []Row      // all rows of the batch, for their errors
	rejected []RowError // of a dry run, which keeps nothing
}

// begin finds or makes the import's record. A record that is still running
// is taken up where it stopped; any other starts a new run from the top.
func (r *runner) begin(ctx context.Context) error {
	now := r.s.d.Now()
	r.imp = &Import{
		ID: MakeID(r.spec), Rev: 1, Kind: r.spec.Kind, File: r.spec.File, SHA256: r.spec.SHA256, DryRun: r.spec.DryRun,
		Agency: r.spec.Agency, By: r.actor.Account, State: Running, Runs: 1, Codes: map[string]int{}, CreatedAt: now, UpdatedAt: now,
	}
	if r.spec.DryRun {
		return nil
	}
	r.imp.Pending.Add(audit.Entry{At: now, Actor: string(r.actor.Account), Role: string(r.actor.Role), Origin: r.actor.Origin, Action: "import.create", Subject: string(r.imp.ID), Rev: 1})
	err := r.s.d.Store.Insert(ctx, r.imp)
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	r.imp, err = r.s.change(ctx, r.actor, r.imp.ID, "import.run", func(i *Import) error {
		if i.State == Running {
			return nil
		}
		i.State, i.Next, i.Counts, i.Codes, i.Failure = Running, 0, Counts{}, map[string]int{}, ""
		i.Runs++
		return nil
	})
	return err
}

// all takes the rows batch by batch. An error of the file marks the import as
// failed; an error of ours, or a stop, leaves it running, to be taken up.
func (r *runner) all(ctx context.Context, rows iter.Seq2[Row, error]) (*Import, error) {
	for row, err := range rows {
		if err != nil {
			return r.fail(ctx, err)
		}
		if row.Number <= r.imp.Next {
			continue
		}
		r.gathered = append(r.gathered, row)
		if len(row.Faults) == 0 {
			r.good = append(r.good, row)
		}
		if len(r.gathered) == BatchSize {
			if err := r.batch(ctx); err != nil {
				return r.imp, err
			}
		}
	}
	if err := r.batch(ctx); err != nil {
		return r.imp, err
	}
	return r.end(ctx, Done, "")
}

// batch keeps the rows gathered, then their errors, then the progress: in
// this order a crash repeats work and never loses it.
func (r *runner) batch(ctx context.Context) error {
	if err := ctx.Err(); err != nil || len(r.gathered) == 0 {
		return err
	}
	origin := Origin{Import: r.imp.ID, Run: r.imp.Runs, Agency: r.spec.Agency, DryRun: r.spec.DryRun}
	outcomes, err := r.keeper.Keep(ctx, r.actor, origin, r.good)
	if err != nil {
		return err
	}
	counts, codes, errors := r.tally(outcomes)
	switch {
	case r.spec.DryRun:
		r.rejected = append(r.rejected, errors...)
	case len(errors) > 0:
		if err := r.s.d.Store.PutRowErrors(ctx, errors); err != nil {
			return err
		}
	}
	if err := r.save(ctx, counts, codes); err != nil {
		return err
	}
	r.good, r.gathered = r.good[:0], r.gathered[:0]
	if r.progress != nil {
		r.progress(r.imp.Counts)
	}
	return nil
}

// tally counts the outcomes and collects the errors of rejected rows.
func (r *runner) tally(outcomes []Outcome) (counts Counts, codes map[string]int, errors []RowError) {
	codes = map[string]int{}
	next := 0
	for _, row := range r.gathered {
		outcome := Outcome{Result: Rejected, Faults: row.Faults}
		if len(row.Faults) == 0 {
			outcome = outcomes[next]
			next++
		}
		counts.add(outcome.Result)
		seen := map[string]bool{}
		for _, f := range outcome.Faults {
			seen[f.Code] = true
		}
		for _, c := range outcome.Codes {
			seen[c] = true
		}
		for c := range seen {
			codes[c]++
		}
		if outcome.Result == Rejected {
			errors = append(errors, RowError{Import: r.imp.ID, Run: r.imp.Runs, Row: row.Number, Errors: outcome.Faults, Raw: row.Raw})
		}
	}
	return counts, codes, errors
}

// add counts one outcome.
func (c *Counts) add(result Result) {
	c.Rows++
	switch result {
	case Created:
		c.Created++
	case Updated:
		c.Updated++
	case Unchanged:
		c.Unchanged++
	default:
		c.Rejected++
	}
}

func (c *Counts) sum(d Counts) {
	c.Rows += d.Rows
	c.Created += d.Created
	c.Updated += d.Updated
	c.Unchanged += d.Unchanged
	c.Rejected += d.Rejected
}

// save moves the progress on. Another process that works on the same import
// has moved it already: then this run stops with Conflict.
func (r *runner) save(ctx context.Context, counts Counts, codes map[string]int) error {
	last := r.gathered[len(r.gathered)-1].Number
	apply := func(i *Import) error {
		if i.Next != r.imp.Next || i.Runs != r.imp.Runs {
			return fault.New(fault.Conflict, "import.running_elsewhere")
		}
		i.Next = last
		i.Counts.sum(counts)
		for c, n := range codes {
			i.Codes[c] += n
		}
		return nil
	}
	if r.spec.DryRun {
		return apply(r.imp)
	}
	imp, err := r.s.change(ctx, r.actor, r.imp.ID, "", apply)
	if err == nil {
		r.imp = imp
	}
	return err
}

// fail records that the file cannot be read on; faults of ours pass through.
func (r *runner) fail(ctx context.Context, cause error) (*Import, error) {
	if !fault.Is(cause, fault.Invalid) {
		return r.imp, cause
	}
	if err := r.batch(ctx); err != nil {
		return r.imp, err
	}
	imp, err := r.end(ctx, Failed, fault.Of(cause).Code)
	if err != nil {
		return imp, err
	}
	return imp, cause
}

func (r *runner) end(ctx context.Context, state State, failure string) (*Import, error) {
	apply := func(i *Import) error {
		i.State, i.Failure = state, failure
		return nil
	}
	if r.spec.DryRun {
		return r.imp, apply(r.imp)
	}
	imp, err := r.s.change(ctx, r.actor, r.imp.ID, "import.end", apply)
	if err != nil {
		return r.imp, err
	}
	return imp, nil
}
