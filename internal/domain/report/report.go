// Package report answers the questions officials ask of the placements as they
// stand now: what is overdue, how long each step takes, how the placements of
// each agency end, what workers have paid. It names agencies and corridors,
// never people, and always says how many files an answer rests on. These are
// for officials. View counts the files along five lines, each of which narrows
// the next look; who may not see files gets its counts as mask.go makes them.
// What is published once and for all is in room statistics.
package report

import (
	"context"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/placement"
)

// Files gives the placements from the read model.
type Files interface {
	EachPlacement(see func(*placement.Card) bool)
	AgencyCard(id agency.ID) (agency.Card, bool)
}

// Service makes the reports.
type Service struct {
	files Files
	now   func() time.Time
}

// NewService makes the service.
func NewService(files Files, now func() time.Time) *Service { return &Service{files, now} }

// cards gives the files a report rests on, after the permission is asked.
func (s *Service) cards(actor account.Actor, f Filter) ([]placement.Card, error) {
	if err := actor.Require("report.read"); err != nil {
		return nil, err
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	var out []placement.Card
	s.files.EachPlacement(func(c *placement.Card) bool {
		if f.takes(c) {
			out = append(out, *c)
		}
		return true
	})
	return out, nil
}

// Overdue is what waits too long in one state.
type Overdue struct {
	State   placement.State
	Owner   account.Role // who has to act
	Running int          // files in the state
	Late    int          // of those, files whose clock has run out
	Oldest  time.Duration
	// Files are the ones late the longest, at most ten.
	Files []placement.Card
}

// mostLate is how many late files a line names.
const mostLate = 10

// Overdue gives one line for each state that has files with a clock, in the
// order of a file's life.
func (s *Service) Overdue(_ context.Context, actor account.Actor, f Filter) ([]Overdue, error) {
	cards, err := s.cards(actor, f)
	if err != nil {
		return nil, err
	}
	now := s.now()
	var out []Overdue
	for _, state := range placement.States() {
		clock, has := placement.ClockOf(state)
		if !has || clock.Days == 0 {
			continue
		}
		line := Overdue{State: state, Owner: clock.Owner}
		for _, c := range cards {
			if c.State != state {
				continue
			}
			line.Running++
			if !c.Due.IsZero() && now.After(c.Due) {
				line.Files = append(line.Files, c)
				line.Oldest = max(line.Oldest, now.Sub(c.Due))
			}
		}
		if line.Running == 0 {
			continue
		}
		line.Late = len(line.Files)
		slices.SortFunc(line.Files, func(a, b placement.Card) int {
			if d := a.Due.Compare(b.Due); d != 0 {
				return d
			}
			return strings.Compare(string(a.ID), string(b.ID))
		})
		line.Files = line.Files[:min(mostLate, len(line.Files))]
		for i := range line.Files {
			line.Files[i].Candidate = ""
		}
		out = append(out, line)
	}
	return out, nil
}
