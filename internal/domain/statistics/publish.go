package statistics

import (
	"context"
	"slices"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// kept is how many past quarters are published when none was before.
const kept = 4

// published gives every publication, the latest quarter first.
func (s *Service) published(ctx context.Context) (all []*Publication, err error) {
	err = s.Store.LoadPublications(ctx, func(p *Publication) error {
		all = append(all, p)
		return nil
	})
	slices.SortFunc(all, func(a, b *Publication) int { return strings.Compare(string(b.Quarter), string(a.Quarter)) })
	return all, err
}

// Publish freezes each of the last four quarters that are over and were not
// published yet, and says how many. A quarter is never published twice. A job
// calls it.
func (s *Service) Publish(ctx context.Context) (published int, err error) {
	var due []Quarter
	for q := QuarterOf(s.Now()).Before(); len(due) < kept; q = q.Before() {
		due = append(due, q)
	}
	have, err := s.published(ctx)
	if err != nil {
		return 0, err
	}
	due = slices.DeleteFunc(due, func(q Quarter) bool {
		return slices.ContainsFunc(have, func(p *Publication) bool { return p.Quarter == q })
	})
	if len(due) == 0 {
		return 0, nil
	}
	counts, err := s.count(ctx, due)
	if err != nil {
		return 0, err
	}
	for _, q := range due {
		p := &Publication{Quarter: q, PublishedAt: account.Moment(s.Now()), Tables: counts[q].tables()}
		switch err := s.Store.Insert(ctx, p); {
		case err == nil:
			published++
		case !fault.Is(err, fault.Conflict):
			return published, err
		}
	}
	return published, nil
}

// tables masks the counts of a quarter. The reports on people are views of one
// masked tree, so that they cannot be set against each other; those on offers
// share nothing but their total.
func (t *tally) tables() []Table {
	people := maskTop(t.peopleTree(), Threshold, Threshold, SensitiveThreshold)
	mali, found := Line{}, false
	for _, line := range people.Lines {
		if line.Code == homeCode {
			mali, found = line, true
		}
	}
	return []Table{
		table(OffersByCountry, Threshold, maskTop(tree(t.offersByCountry, nil), Threshold), true),
		table(OffersByOccupation, Threshold, maskTop(tree(t.offersByOccupation, nil), Threshold), true),
		table(ProfilesByCountry, Threshold, upTo(people, 1), true),
		table(ProfilesByRegion, Threshold, upTo(mali, 1), found),
		table(ProfilesByRegionSex, SensitiveThreshold, upTo(mali, 2), found),
		table(ApplicationsByOutcome, Threshold, maskTop(tree(t.outcomes, Outcomes()), Threshold), true),
	}
}

// maskTop masks a whole tree; with less than the first threshold in all,
// nothing is told.
func maskTop(c Cell, k ...int) Line {
	if c.Count < k[0] {
		return Line{}
	}
	return mask(c, k)
}

func table(report string, k int, line Line, found bool) Table {
	line.Code = ""
	return Table{Report: report, Threshold: k, Shown: found && line.Count > 0, Line: line}
}

// upTo cuts a line off below a number of levels.
func upTo(line Line, levels int) Line {
	if levels == 0 {
		return Line{Code: line.Code, Count: line.Count}
	}
	out := line
	out.Lines = nil
	for _, below := range line.Lines {
		out.Lines = append(out.Lines, upTo(below, levels-1))
	}
	return out
}
