package suspension

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
)

// inRequest is the number of offers up to which standings are carried on
// within the request that changed them; more are left to the job.
const inRequest = 20

// CorridorChanged notes the acts of a corridor that have no record yet, and
// wakes the job. Few offers are told at once.
func (s *Service) CorridorChanged(ctx context.Context, code corridor.Code) error {
	c, ok := s.Reader.Corridor(code)
	if !ok {
		return fault.New(fault.NotFound, "corridor.not_found")
	}
	noted := s.noteCorridor(ctx, c)
	s.ring()
	if s.offersOf(Target{Corridor, string(code)}) > inRequest {
		return noted
	}
	return errors.Join(noted, s.Offers.CorridorChanged(ctx, code))
}

// AgencyChanged does the same for an agency that was suspended or reopened. A
// licence that ended is no legal act: its offers alone are told.
func (s *Service) AgencyChanged(ctx context.Context, id agency.ID, active bool) error {
	noted := s.noteAgency(ctx, id)
	s.ring()
	if s.offersOf(Target{Agency, string(id)}) > inRequest && s.open(Target{Agency, string(id)}) {
		return noted
	}
	return errors.Join(noted, s.Offers.AgencyChanged(ctx, id, active))
}

// EmployerChanged does the same for an employer that was barred, or accredited
// again.
func (s *Service) EmployerChanged(ctx context.Context, id employer.ID, accredited bool) error {
	noted := s.noteEmployer(ctx, id)
	s.ring()
	if s.offersOf(Target{Employer, string(id)}) > inRequest && s.open(Target{Employer, string(id)}) {
		return noted
	}
	return errors.Join(noted, s.Offers.EmployerChanged(ctx, id, accredited))
}

// offersOf counts the offers of a target.
func (s *Service) offersOf(t Target) (n int) {
	s.Reader.EachFile(func(f *File) bool {
		if f.Type == OfferFile && (Scope{Target: t}).Covers(f.Subject) {
			n++
		}
		return n <= inRequest
	})
	return n
}

// open reports whether an act about the target is still to be carried.
func (s *Service) open(t Target) bool {
	return slices.ContainsFunc(s.Reader.Acts(), func(a *Act) bool { return a.Scope.Target == t && !a.Finished() })
}

// Note gives every act in force a record, where a crash left it without. It is
// part of the job.
func (s *Service) Note(ctx context.Context) error {
	var failed []error
	for _, c := range s.Reader.Corridors() {
		failed = append(failed, s.noteCorridor(ctx, c))
	}
	for _, id := range s.Reader.AgenciesSuspended() {
		failed = append(failed, s.noteAgency(ctx, id))
	}
	for _, id := range s.Reader.EmployersBarred() {
		failed = append(failed, s.noteEmployer(ctx, id))
	}
	for _, a := range s.inForce() {
		switch a.Scope.Kind {
		case Agency:
			failed = append(failed, s.noteAgency(ctx, agency.ID(a.Scope.ID)))
		case Employer:
			failed = append(failed, s.noteEmployer(ctx, employer.ID(a.Scope.ID)))
		}
	}
	return errors.Join(failed...)
}

func (s *Service) noteCorridor(ctx context.Context, c *corridor.Corridor) error {
	target := Target{Corridor, string(c.Code)}
	closing := func(x corridor.Suspension) *Act {
		return newAct(Closing, Scope{target, x.Kind, x.Occupation}, x.Act, x.Evidence, x.By, x.At)
	}
	var failed []error
	for _, r := range c.Reopenings {
		act := newAct(Opening, Scope{target, r.Kind, r.Occupation}, r.Act, r.Evidence, r.By, r.At)
		for _, x := range r.Lifted {
			lifted := closing(x)
			failed = append(failed, s.keep(ctx, lifted))
			act.Lifts = append(act.Lifts, lifted.ID)
		}
		failed = append(failed, s.keep(ctx, act))
	}
	for _, x := range c.Suspensions {
		failed = append(failed, s.keep(ctx, closing(x)))
	}
	return errors.Join(failed...)
}

// noteAgency reads the last suspension, and the reopening that followed.
func (s *Service) noteAgency(ctx context.Context, id agency.ID) error {
	a, err := s.Agencies.Get(ctx, id)
	if err != nil {
		return err
	}
	scope := Scope{Target: Target{Agency, string(id)}}
	var last *Act
	for i, d := range a.Decisions {
		number, evidence := legalAct(scope, i, ground{d.Act, d.Evidence, d.Reason, d.Note})
		switch {
		case d.Action == agency.ActSuspend:
			last = newAct(Closing, scope, number, evidence, d.By, d.At)
			err = errors.Join(err, s.keep(ctx, last))
		case d.Action == agency.ActReopen && last != nil:
			act := newAct(Opening, scope, number, evidence, d.By, d.At)
			act.Lifts, last = []ID{last.ID}, nil
			err = errors.Join(err, s.keep(ctx, act))
		}
	}
	return err
}

// noteEmployer reads the last bar, and the accreditation that followed: an
// employer whose bar was lifted is only declared, and may not employ yet.
func (s *Service) noteEmployer(ctx context.Context, id employer.ID) error {
	e, err := s.Employers.Get(ctx, id)
	if err != nil {
		return err
	}
	scope := Scope{Target: Target{Employer, string(id)}}
	var last *Act
	var lifted employer.Decision // the reopening, whose act lets the employer be accredited again
	for i, d := range e.Decisions {
		number, evidence := legalAct(scope, i, ground{d.Act, d.Evidence, d.Reason, d.Note})
		switch {
		case d.Action == employer.ActBar:
			last = newAct(Closing, scope, number, evidence, d.By, d.At)
			err = errors.Join(err, s.keep(ctx, last))
		case d.Action == employer.ActReopen:
			lifted = d
		case d.Action == employer.ActAccredit && last != nil:
			number, evidence = legalAct(scope, i, ground{lifted.Act, lifted.Evidence, d.Reason, d.Note})
			act := newAct(Opening, scope, number, evidence, d.By, d.At)
			act.Lifts, last = []ID{last.ID}, nil
			err = errors.Join(err, s.keep(ctx, act))
		}
	}
	return err
}

// ground is what a decision on an agency or an employer rests on.
type ground struct{ act, evidence, reason, note string }

// legalAct gives number and evidence of the act of a decision. One that names
// none, because it was taken before acts were asked for, is known by the record
// and its place among the decisions, and rests on its reason and what the
// official wrote.
func legalAct(scope Scope, place int, g ground) (number, evidence string) {
	if g.act != "" {
		return g.act, g.evidence
	}
	return scope.ID + "/" + strconv.Itoa(place+1), cmp.Or(g.note, g.reason)
}

func newAct(d Direction, scope Scope, number, evidence string, by account.ID, at time.Time) *Act {
	return &Act{ID: NewID(d, scope, number), Direction: d, Scope: scope, Number: number, Evidence: evidence, By: by, At: at}
}

// keep inserts an act that has no record yet.
func (s *Service) keep(ctx context.Context, a *Act) error {
	if _, known := s.Reader.Act(a.ID); known {
		return nil
	}
	a.record(account.Moment(s.Now()), "suspension.open")
	if err := s.Store.Insert(ctx, a); err != nil && !fault.Is(err, fault.Conflict) {
		return err
	}
	return nil
}
