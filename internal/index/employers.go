package index

import (
	"cmp"
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// employerRow is what the index holds of an employer.
type employerRow struct {
	line[employer.Card]
	names []string // folded words of the name
}

// PutEmployer takes in an employer as it was stored, and carries a bar on to
// its offers.
func (ix *Index) PutEmployer(e *employer.Employer) {
	f := &e.Facts
	row := &employerRow{names: text.Tokens(f.Name)}
	row.place = place{text.Fold(f.Name), string(e.ID)}
	row.card = employer.CardOf(e)
	ix.mu.Lock()
	defer ix.mu.Unlock()
	old, known := ix.employers.get(e.ID)
	ix.employers.put(e.ID, row)
	ix.outbox(Employers, string(e.ID), e.Pending)
	if barred := e.State == employer.Barred; barred != (known && old.card.State == employer.Barred) {
		ix.refresh(func(o *offerRow) bool { return o.employer == string(e.ID) })
	}
}

// DropEmployer forgets an employer.
func (ix *Index) DropEmployer(id employer.ID) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.employers.drop(id)
	ix.outbox(Employers, string(id), nil)
	ix.refresh(func(o *offerRow) bool { return o.employer == string(id) })
}

// EmployerCard finds one card, whatever its state.
func (ix *Index) EmployerCard(id employer.ID) (employer.Card, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if row, ok := ix.employers.get(id); ok {
		return row.card, true
	}
	return employer.Card{}, false
}

// Employers gives a page within the query's scope, ordered by folded name,
// then id; Public scope means accredited ones. Text is words of which each
// must begin a word of the name. A position that no page gave leads to an
// empty one.
func (ix *Index) Employers(q employer.Query) listing.Result[employer.Card] {
	words := text.Tokens(q.Text)
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	var rows []*line[employer.Card]
	for _, row := range ix.employers.rows {
		if beginAll(words, row.names) {
			rows = append(rows, &row.line)
		}
	}
	return pageOrNone(rows, listing.Page{Limit: q.Limit, After: q.After}, func(c *employer.Card) bool {
		return seesEmployer(q.Scope, c) && (q.Country == "" || q.Country == c.Country) && (q.State == "" || q.State == c.State) && (!q.Pending || c.Pending != "")
	})
}

func seesEmployer(s account.Scope, c *employer.Card) bool {
	return s.All || s.Public && c.State == employer.Accredited || s.Agency != "" && s.Agency == c.Agency
}

// The look-alikes shown to a reviewer: how alike names must be, and how many.
const (
	lookAlikeFrom  = 80
	lookAlikeLimit = 10
)

// lookAlikes gives the cards whose name looks or sounds like this one, as made
// of card and likeness, in no order.
func lookAlikes[C, L any](cards []*C, name string, nameOf func(*C) string, found func(*C, int) L) (all []L) {
	for _, c := range cards {
		if alike := text.Similar(name, nameOf(c)); alike >= lookAlikeFrom {
			all = append(all, found(c, alike))
		}
	}
	return all
}

// LookAlikes lists employers, in any state and country, whose name looks or
// sounds like this one: the same country first, then the most alike, then by
// id; at most 10.
func (ix *Index) LookAlikes(name string, country ref.Country) []employer.LookAlike {
	ix.mu.RLock()
	cards := make([]*employer.Card, 0, len(ix.employers.rows))
	for _, row := range ix.employers.rows {
		cards = append(cards, &row.card)
	}
	ix.mu.RUnlock()
	found := lookAlikes(cards, name, func(c *employer.Card) string { return c.Name }, func(c *employer.Card, alike int) employer.LookAlike {
		return employer.LookAlike{ID: c.ID, Name: c.Name, Country: c.Country, State: c.State, Similarity: alike}
	})
	abroad := func(l employer.LookAlike) int {
		if l.Country == country {
			return 0
		}
		return 1
	}
	slices.SortFunc(found, func(a, b employer.LookAlike) int {
		return cmp.Or(abroad(a)-abroad(b), b.Similarity-a.Similarity, cmp.Compare(a.ID, b.ID))
	})
	return found[:min(len(found), lookAlikeLimit)]
}

// EmployersByState counts all employers by state.
func (ix *Index) EmployersByState() map[employer.State]int {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	counts := map[employer.State]int{}
	for _, row := range ix.employers.rows {
		counts[row.card.State]++
	}
	return counts
}
