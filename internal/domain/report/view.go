package report

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// View counts the files that a filter takes, along every dimension that the
// filter leaves open.
type View struct {
	Total int
	Parts []Part
	// Files says that the actor may go on to the files themselves. Otherwise
	// the counts are masked: see mask.go.
	Files bool
	// Until is the last day counted in masked figures; empty in others, which
	// are those of now.
	Until ref.Date
}

// Part is the files of a view along one dimension. Rest are those whose value
// is kept back because there are too few of the kind.
type Part struct {
	Dimension Dimension
	Lines     []Line
	Rest      int
}

// Line is one value along a dimension, and how many files have it. Name is the
// agency's, empty along other dimensions.
type Line struct {
	Code, Name string
	Count      int
}

// View counts. Who may not see files is told what mask.go lets through, of
// whole months that are over, and may not bound the days: Invalid with the
// field "report.months" when the filter does.
func (s *Service) View(_ context.Context, actor account.Actor, f Filter) (View, error) {
	if err := actor.Require("report.figures"); err != nil {
		return View{}, err
	}
	if err := f.check(); err != nil {
		return View{}, err
	}
	if actor.Require("report.read") == nil {
		return s.named(tally(s.everyFile(f), f)), nil
	}
	if f.From != "" || f.Until != "" {
		return View{}, fault.New(fault.Invalid, "request.invalid", fault.Field{Pointer: "/from", Code: "report.months"})
	}
	view := tally(mask(s.filesBefore(s.monthStart())), f)
	view.Files, view.Until = false, ref.DateOf(s.monthStart().AddDate(0, 0, -1))
	return s.named(view), nil
}

// class is a number of files that are told apart no further.
type class struct {
	traits traits
	count  int
}

// everyFile gives the files opened in the days of the filter, one by one.
func (s *Service) everyFile(f Filter) (all []class) {
	s.files.EachPlacement(func(c *placement.Card) bool {
		if f.takes(c) {
			all = append(all, class{traitsOf(c, c.State), 1})
		}
		return true
	})
	return all
}

// monthStart is the first instant of this month.
func (s *Service) monthStart() time.Time {
	now := s.now().UTC()
	return time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// filesBefore gives the traits of every file as they were then, so that who
// looks twice in a month sees the same and not what one event changes.
func (s *Service) filesBefore(end time.Time) (all []traits) {
	s.files.EachPlacement(func(c *placement.Card) bool {
		at := placement.State("")
		for _, step := range c.Steps {
			if step.At.Before(end) {
				at = step.State
			}
		}
		if at != "" {
			all = append(all, traitsOf(c, at))
		}
		return true
	})
	return all
}

// tally counts the classes that lie within the filter.
func tally(all []class, f Filter) View {
	wanted, view := f.wanted(), View{Files: true}
	counts := [dimensions]map[string]int{}
	for i := range counts {
		counts[i] = map[string]int{}
	}
	for _, c := range all {
		if !wanted.within(c.traits) {
			continue
		}
		view.Total += c.count
		for i, value := range c.traits {
			counts[i][value] += c.count
		}
	}
	for i, d := range Dimensions() {
		if wanted[i] == "" {
			view.Parts = append(view.Parts, partOf(d, counts[i]))
		}
	}
	return view
}

func partOf(d Dimension, counts map[string]int) Part {
	part := Part{Dimension: d}
	for code, n := range counts {
		if code == "" {
			part.Rest = n
			continue
		}
		part.Lines = append(part.Lines, Line{Code: code, Count: n})
	}
	life := placement.States()
	slices.SortFunc(part.Lines, func(a, b Line) int {
		switch d {
		case ByState:
			return slices.Index(life, placement.State(a.Code)) - slices.Index(life, placement.State(b.Code))
		case ByMonth:
			return strings.Compare(b.Code, a.Code)
		}
		return cmp.Or(b.Count-a.Count, strings.Compare(a.Code, b.Code))
	})
	return part
}

// named adds the names of agencies.
func (s *Service) named(view View) View {
	for _, part := range view.Parts {
		for i, l := range part.Lines {
			if part.Dimension == ByAgency {
				card, _ := s.files.AgencyCard(agency.ID(l.Code))
				part.Lines[i].Name = card.Name
			}
		}
	}
	return view
}
