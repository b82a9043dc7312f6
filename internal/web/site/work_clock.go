package site

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/assignment"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
)

// The clocks of what waits for officials, and the kinds whose registers are
// kept in the order of names: here they come oldest first.

// limit sets within how many working days a line is to be decided.
func (v *visit) limit(line *waitLine, days int) {
	if days > 0 {
		line.Due = v.site.opts.Placements.Calendar.After(line.Since, days)
		line.Late = v.late(line.Due)
	}
}

// timed words how long things have waited and how long is left.
func (v *visit) timed(lines []waitLine) {
	for i := range lines {
		line := &lines[i]
		line.Age = v.age(line.Since)
		line.Clock, _ = v.clock(line.Due)
	}
}

// age words how long ago something was: « depuis 3 jours ».
func (v *visit) age(since time.Time) string {
	if since.IsZero() {
		return ""
	}
	days := int(ref.DateOf(v.site.opts.Now()).Time().Sub(ref.DateOf(since).Time()).Hours() / 24)
	if days <= 0 {
		return v.t("desk.today")
	}
	return v.count("desk.for_days", days)
}

// oldest gives one page of lines, the oldest first.
func oldest(lines []waitLine, after string) (page []waitLine, total int, next string) {
	slices.SortStableFunc(lines, func(a, b waitLine) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Href, b.Href))
	})
	return cutLines(lines, after)
}

// cutLines gives one page of lines. The position is the number of lines before
// it.
func cutLines(lines []waitLine, after string) (page []waitLine, total int, next string) {
	from, err := strconv.Atoi(after)
	if err != nil || from < 0 || from > len(lines) {
		from = 0
	}
	until := min(from+queueSize, len(lines))
	if until < len(lines) {
		next = strconv.Itoa(until)
	}
	return lines[from:until], len(lines), next
}

// oldestOf makes lines of cards and gives one page of them, the oldest first.
func oldestOf[C any](cards []C, line func(C) waitLine, after string, err error) ([]waitLine, int, string, error) {
	if err != nil {
		return nil, 0, "", err
	}
	var lines []waitLine
	for _, c := range cards {
		lines = append(lines, line(c))
	}
	page, total, next := oldest(lines, after)
	return page, total, next, nil
}

// every reads all pages of a list of the read model.
func every[C any](read func(after string) (listing.Result[C], error)) (all []C, err error) {
	for after := ""; ; {
		found, err := read(after)
		if err != nil {
			return nil, err
		}
		all = append(all, found.Items...)
		if after = found.Next; after == "" {
			return all, nil
		}
	}
}

func waitingAgencies(state agency.State) func(*visit, string) ([]waitLine, int, string, error) {
	return func(v *visit, after string) ([]waitLine, int, string, error) {
		cards, err := every(func(after string) (listing.Result[agency.Card], error) {
			return v.site.opts.Agencies.List(v.ctx, v.actor, agency.Query{State: state, After: after, Limit: listing.MaxLimit})
		})
		return oldestOf(cards, v.waitingAgency, after, err)
	}
}

// waitingAgency is an agency in the queue.
func (v *visit) waitingAgency(a agency.Card) waitLine {
	line := waitLine{Href: agencyAddress(a.ID), Kind: map[agency.State]string{agency.Applied: "agencies", agency.Vetted: "activations"}[a.State], Title: a.Name,
		About: joinedTexts(v.code("agency_kind", a.Kind), v.place(a.City, "", a.Country)), State: string(a.State), Since: a.UpdatedAt}
	v.limit(&line, agency.DecisionDays(a.State))
	v.addClaim(&line, assignment.File{Kind: assignment.Agency, ID: string(a.ID)})
	return line
}

func (v *visit) employersOf(q employer.Query) ([]employer.Card, error) {
	return every(func(after string) (listing.Result[employer.Card], error) {
		q.After, q.Limit = after, listing.MaxLimit
		return v.site.opts.Employers.List(v.ctx, v.actor, q)
	})
}

func (v *visit) waitingEmployers(after string) ([]waitLine, int, string, error) {
	cards, err := v.employersOf(employer.Query{State: employer.Declared})
	return oldestOf(cards, v.waitingEmployer, after, err)
}

// waitingEmployer is a declared employer in the queue.
func (v *visit) waitingEmployer(e employer.Card) waitLine {
	line := waitLine{Href: employerAddress(e.ID), Kind: "employers", Title: e.Name, About: e.Country.Name(v.loc), Since: e.UpdatedAt}
	v.limit(&line, employer.DecisionDays(e.State))
	v.addClaim(&line, assignment.File{Kind: assignment.Employer, ID: string(e.ID)})
	return line
}

// waitingProposals are the bars and reopenings that one official proposed and
// another has to answer.
func (v *visit) waitingProposals(after string) ([]waitLine, int, string, error) {
	cards, err := v.employersOf(employer.Query{Pending: true})
	return oldestOf(cards, v.waitingProposal, after, err)
}

// waitingProposal is an employer in the queue about whom something is proposed.
func (v *visit) waitingProposal(e employer.Card) waitLine {
	line := waitLine{Href: employerAddress(e.ID), Kind: "proposals", Title: e.Name, About: e.Country.Name(v.loc), Since: e.PendingAt,
		Note: v.t("desk.stepped", v.code("desk.proposed", e.Pending), v.official(e.PendingBy))}
	v.limit(&line, employer.ProposalDays)
	v.addClaim(&line, assignment.File{Kind: assignment.Employer, ID: string(e.ID)})
	return line
}
