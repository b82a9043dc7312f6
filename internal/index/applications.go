package index

import (
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/profile"
)

// applicationRow is what the index holds of an application.
type applicationRow struct {
	line    line[application.Card]
	applied bool // the person takes or took part, and has not withdrawn
	invited bool // the agency has asked the person at some time
}

// PutApplication takes in an application as it was stored.
func (ix *Index) PutApplication(a *application.Application) {
	invited := a.State == application.Invited ||
		slices.ContainsFunc(a.History, func(e application.Event) bool { return e.State == application.Invited })
	row := &applicationRow{
		line:    line[application.Card]{place{newestFirst(a.UpdatedAt), string(a.ID)}, applicationCard(a)},
		applied: a.State.Live() || a.Round > 0 && (a.State == application.Refused || a.State == application.Closed),
		invited: invited,
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if _, known := ix.applications.get(a.ID); !known {
		person := profile.ID(a.Profile)
		ix.files[person] = append(ix.files[person], a.ID)
	}
	ix.applications.put(a.ID, row)
	ix.outbox(Applications, string(a.ID), a.Pending)
}

// DropApplication forgets an application.
func (ix *Index) DropApplication(id application.ID) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if row, ok := ix.applications.get(id); ok {
		person := profile.ID(row.line.card.Profile)
		ix.files[person] = slices.DeleteFunc(ix.files[person], func(have application.ID) bool { return have == id })
		if len(ix.files[person]) == 0 {
			delete(ix.files, person)
		}
		ix.applications.drop(id)
	}
	ix.outbox(Applications, string(id), nil)
}

func applicationCard(a *application.Application) application.Card {
	return application.Card{ID: a.ID, Rev: a.Rev, Offer: a.Offer, OfferTitle: a.OfferTitle, OfferVer: a.OfferVer, Agency: a.Agency, Profile: a.Profile,
		Candidate: a.Candidate, State: a.State, Rank: a.Rank, Round: a.Round, Reason: a.Reason, UpdatedAt: a.UpdatedAt}
}

// ApplicationCard finds one card.
func (ix *Index) ApplicationCard(id application.ID) (application.Card, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if row, ok := ix.applications.get(id); ok {
		return row.line.card, true
	}
	return application.Card{}, false
}

// SearchApplications gives a page of the applications the query's scope sees,
// newest change first. A position that no page gave leads to an empty one.
func (ix *Index) SearchApplications(q application.Query) listing.Result[application.Card] {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	rows := make([]*line[application.Card], len(ix.applications.rows))
	for i, row := range ix.applications.rows {
		rows[i] = &row.line
	}
	return pageOrNone(rows, listing.Page{Limit: q.Limit, After: q.After}, func(c *application.Card) bool {
		return seesApplication(q.Scope, c) && (q.Offer == "" || q.Offer == c.Offer) &&
			(len(q.States) == 0 || slices.Contains(q.States, c.State))
	})
}

// ApplicationsByState counts the applications the scope sees by state.
func (ix *Index) ApplicationsByState(scope account.Scope) map[application.State]int {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	counts := map[application.State]int{}
	for _, row := range ix.applications.rows {
		if seesApplication(scope, &row.line.card) {
			counts[row.line.card.State]++
		}
	}
	return counts
}

func seesApplication(s account.Scope, c *application.Card) bool {
	return s.All || s.Agency != "" && s.Agency == c.Agency || s.Account != "" && s.Account == c.Candidate
}
