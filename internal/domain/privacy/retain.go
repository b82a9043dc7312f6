package privacy

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/profile"
)

// Count says how much of a class had its time, and how much was dealt with.
type Count struct {
	Class  string
	Action Action
	Due    int
	Done   int
}

// Report is the outcome of one run of the retention.
type Report struct {
	At     time.Time
	Dry    bool
	Counts []Count // in the order of the register
}

// String writes the report for an operator, one class a line, without a word
// about anybody.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "retention at %s, dry run: %t\n", r.At.Format(time.RFC3339), r.Dry)
	for _, c := range r.Counts {
		fmt.Fprintf(&b, "%-20s %-13s due %6d  done %6d\n", c.Class, c.Action, c.Due, c.Done)
	}
	return b.String()
}

// Retain applies the periods of the register: what has had its time is erased,
// pseudonymised or deleted as it says. With dry nothing is changed and the
// report says what would be. It may be cut off and run again; what fails is
// told, and the rest goes on.
func (s *Service) Retain(ctx context.Context, dry bool) (Report, error) {
	report := Report{At: account.Moment(s.Now()), Dry: dry}
	var failures []error
	for _, apply := range []func(context.Context, bool) (Count, error){
		s.retainAccounts, s.retainCollected, s.retainApplications, s.retainPlacements, s.retainIncidents, s.retainRows,
	} {
		count, err := apply(ctx, dry)
		count.Action = class(count.Class).Action
		if err == nil && !dry && count.Done > 0 {
			err = s.Recorder.Record(ctx, audit.Entry{
				Actor: string(account.SystemActor().Account), Role: string(account.System), Action: "retention.apply",
				Subject: "retention", Reason: count.Class, Count: int64(count.Done),
			})
		}
		report.Counts = append(report.Counts, count)
		failures = append(failures, err)
	}
	return report, errors.Join(failures...)
}

// retainAll deals with each of a class, unless dry.
func retainAll[I any](code string, due []I, dry bool, each func(I) error) (Count, error) {
	count := Count{Class: code, Due: len(due)}
	if dry {
		return count, nil
	}
	var failures []error
	for _, id := range due {
		if err := each(id); err != nil {
			failures = append(failures, err)
			continue
		}
		count.Done++
	}
	return count, errors.Join(failures...)
}

// WarnDays is how many days before an account is erased for want of a sign-in
// its owner is told.
const WarnDays = 30

// Warn tells the owners of accounts that will be erased within WarnDays, once,
// and says how many it told: whoever signs in keeps account and profile.
func (s *Service) Warn(ctx context.Context) (told int, err error) {
	now := s.Now()
	end := class(ClassAccounts).before(now)
	var failures []error
	for _, card := range s.idleCandidates(end.AddDate(0, 0, WarnDays)) {
		if seen := lastSeen(card); seen.Before(end) || card.WarnedAt.After(seen) {
			continue
		}
		_, err := s.Accounts.Update(ctx, card.ID, func(a *account.Account) error {
			erased := lastSeen(a.Card()).AddDate(0, class(ClassAccounts).Months, 0)
			a.WarnedAt = account.Moment(now)
			a.Record(account.SystemActor(), now, "retention.warn", ClassAccounts, "warnedAt")
			a.Tell(now, "retention.warning", map[string]string{"at": erased.UTC().Format(time.RFC3339)})
			return nil
		})
		if err != nil {
			failures = append(failures, err)
			continue
		}
		told++
	}
	return told, errors.Join(failures...)
}

// idleCandidates lists the candidates not seen since that moment who have no
// file that runs.
func (s *Service) idleCandidates(before time.Time) (idle []account.Card) {
	q := account.Query{Scope: account.Scope{All: true}, Role: account.Candidate, Page: listing.Page{Limit: listing.MaxLimit}}
	for {
		page := s.Model.Accounts(q)
		for _, card := range page.Items {
			if card.State != account.Erased && lastSeen(card).Before(before) && !s.hasLiveFile(card.ID) {
				idle = append(idle, card)
			}
		}
		if page.Next == "" {
			return idle
		}
		q.Page.After = page.Next
	}
}

// retainAccounts erases the candidates who have not signed in for long and
// have no file that runs.
func (s *Service) retainAccounts(ctx context.Context, dry bool) (Count, error) {
	var due []account.ID
	for _, card := range s.idleCandidates(class(ClassAccounts).before(s.Now())) {
		due = append(due, card.ID)
	}
	return retainAll(ClassAccounts, due, dry, func(id account.ID) error {
		return s.eraseAccount(ctx, account.SystemActor(), id, ClassAccounts)
	})
}

// lastSeen is the last sign-in, or the opening of an account never used.
func lastSeen(card account.Card) time.Time {
	if card.LastLoginAt.After(card.CreatedAt) {
		return card.LastLoginAt
	}
	return card.CreatedAt
}

// hasLiveFile reports whether the person's application still runs, or led to a
// selection.
func (s *Service) hasLiveFile(id account.ID) bool {
	own, found := s.Model.ProfileOf(id)
	if !found {
		return false
	}
	for _, file := range s.Model.ApplicationsOf(own) {
		if card, known := s.Model.ApplicationCard(file); known && card.State.Live() {
			return true
		}
	}
	return s.underWay(id)
}

// retainCollected erases the profiles without account that nobody has touched
// for long.
func (s *Service) retainCollected(ctx context.Context, dry bool) (Count, error) {
	var due []profile.ID
	before := class(ClassCollected).before(s.Now())
	for _, card := range s.Model.ProfileCards() {
		if card.Owner == "" && card.UpdatedAt.Before(before) {
			due = append(due, card.ID)
		}
	}
	return retainAll(ClassCollected, due, dry, func(id profile.ID) error { return s.eraseProfile(ctx, id, ClassCollected) })
}

func (s *Service) retainApplications(ctx context.Context, dry bool) (Count, error) {
	ended := []application.State{application.Refused, application.Withdrawn, application.Closed, application.Invited}
	return s.retainFiles(ctx, ClassApplications, ended, dry)
}

func (s *Service) retainPlacements(ctx context.Context, dry bool) (Count, error) {
	count, err := s.retainFiles(ctx, ClassPlacements, []application.State{application.Selected}, dry)
	if err != nil {
		return count, err
	}
	var due []placement.ID
	before := class(ClassPlacements).before(s.Now())
	s.Model.EachPlacement(func(c *placement.Card) bool {
		if c.Candidate != "" && !c.State.Open() && c.UpdatedAt.Before(before) {
			due = append(due, c.ID)
		}
		return true
	})
	files, err := retainAll(ClassPlacements, due, dry, func(id placement.ID) error {
		if err := s.Placements.ForgetOne(ctx, account.SystemActor(), id, ClassPlacements); err != nil {
			return err
		}
		return s.Audit.Forget(ctx, string(id))
	})
	return Count{Class: ClassPlacements, Due: count.Due + files.Due, Done: count.Done + files.Done}, err
}

// retainFiles takes the person out of the applications in those states that
// have not changed for long.
func (s *Service) retainFiles(ctx context.Context, code string, states []application.State, dry bool) (Count, error) {
	var due []application.ID
	before := class(code).before(s.Now())
	q := application.Query{Scope: account.Scope{All: true}, States: states, Limit: listing.MaxLimit}
	for {
		page := s.Model.SearchApplications(q)
		for _, card := range page.Items {
			if card.Candidate != "" && card.UpdatedAt.Before(before) {
				due = append(due, card.ID)
			}
		}
		if page.Next == "" {
			break
		}
		q.After = page.Next
	}
	return retainAll(code, due, dry, func(id application.ID) error {
		if err := s.Applications.ForgetOne(ctx, account.SystemActor(), id, code); err != nil {
			return err
		}
		return s.Audit.Forget(ctx, string(id))
	})
}

// retainIncidents takes reporters and words out of the cases that were closed
// long ago.
func (s *Service) retainIncidents(ctx context.Context, dry bool) (Count, error) {
	var due []incident.ID
	before := class(ClassIncidents).before(s.Now())
	s.Model.EachIncident(func(c *incident.Card) bool {
		if c.State.Closed() && !c.Forgotten && c.UpdatedAt.Before(before) {
			due = append(due, c.ID)
		}
		return true
	})
	return retainAll(ClassIncidents, due, dry, func(id incident.ID) error {
		if err := s.Incidents.ForgetOne(ctx, account.SystemActor(), id, ClassIncidents); err != nil {
			return err
		}
		return s.Audit.Forget(ctx, string(id))
	})
}

// retainRows deletes the rejected rows of imports that rest.
func (s *Service) retainRows(ctx context.Context, dry bool) (Count, error) {
	before := class(ClassImportRows).before(s.Now())
	rows, err := s.Rows.DeleteRowErrors(ctx, func(id intake.ID) bool {
		record, found := s.Model.ImportCard(id)
		return !found || record.UpdatedAt.Before(before)
	}, dry)
	count := Count{Class: ClassImportRows, Due: rows, Done: rows}
	if dry {
		count.Done = 0
	}
	return count, err
}
