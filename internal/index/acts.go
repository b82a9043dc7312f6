package index

import (
	"slices"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/suspension"
)

// PutAct takes in an act as it was stored. The index keeps a, which must not
// be changed any more.
func (ix *Index) PutAct(a *suspension.Act) {
	row := &line[*suspension.Act]{place{a.At.UTC().Format("20060102T150405.000000000"), string(a.ID)}, a}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.acts.put(a.ID, row)
	ix.outbox(Acts, string(a.ID), a.Pending)
}

// DropAct forgets an act.
func (ix *Index) DropAct(id suspension.ID) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.acts.drop(id)
	ix.outbox(Acts, string(id), nil)
}

// Act finds one act; it is read only.
func (ix *Index) Act(id suspension.ID) (*suspension.Act, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	row, ok := ix.acts.get(id)
	if !ok {
		return nil, false
	}
	return row.card, true
}

// Acts lists every act, the oldest first; they are read only.
func (ix *Index) Acts() []*suspension.Act {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	rows := slices.Clone(ix.acts.rows)
	slices.SortFunc(rows, func(a, b *line[*suspension.Act]) int { return a.place.compare(b.place) })
	list := make([]*suspension.Act, len(rows))
	for i, row := range rows {
		list[i] = row.card
	}
	return list
}

// AgenciesSuspended lists the agencies that are suspended, by id.
func (ix *Index) AgenciesSuspended() []agency.ID {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	var ids []agency.ID
	for _, row := range ix.agencies.rows {
		if row.card.State == agency.Suspended {
			ids = append(ids, row.card.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// EmployersBarred lists the employers that are barred, by id.
func (ix *Index) EmployersBarred() []employer.ID {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	var ids []employer.ID
	for _, row := range ix.employers.rows {
		if row.card.State == employer.Barred {
			ids = append(ids, row.card.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// EachFile shows every offer in force, every live application and every
// placement that has not ended, in no particular order, until see says no. An
// application is about what its offer is about now.
func (ix *Index) EachFile(see func(*suspension.File) bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	for _, row := range ix.docs {
		if row != nil && row.card.State.InForce() && !see(row.file()) {
			return
		}
	}
	for _, row := range ix.applications.rows {
		if row.line.card.State.Live() && !see(ix.applicationFile(row)) {
			return
		}
	}
	for _, row := range ix.placements.rows {
		if !row.newest.card.State.Final() && !see(placementFile(&row.newest.card)) {
			return
		}
	}
}

func (row *offerRow) file() *suspension.File {
	c := &row.card
	return &suspension.File{Type: suspension.OfferFile, ID: string(c.ID), Offer: string(c.ID), Reference: c.Reference, Title: c.Title, State: string(c.State),
		Subject: suspension.Subject{Country: c.Country, Work: c.Kind, Occupation: c.Occupation, Agency: c.Agency, Employer: row.employer}}
}

func (ix *Index) applicationFile(row *applicationRow) *suspension.File {
	a := &row.line.card
	f := &suspension.File{Type: suspension.ApplicationFile, ID: string(a.ID), Offer: a.Offer, Title: a.OfferTitle, State: string(a.State), Person: a.Candidate}
	if o := ix.offers[offer.ID(a.Offer)]; o != nil {
		f.Subject, f.Reference = o.file().Subject, o.card.Reference
	}
	f.Agency = a.Agency
	return f
}

func placementFile(c *placement.Card) *suspension.File {
	return &suspension.File{Type: suspension.PlacementFile, ID: string(c.ID), Offer: string(c.Offer), Reference: c.Reference, Title: c.Title, State: string(c.State),
		Subject: suspension.Subject{Country: c.Country, Work: c.Kind, Occupation: c.Occupation, Agency: c.Agency, Employer: c.Employer},
		Abroad:  c.State.Abroad(), Held: slices.Contains(c.Holds, placement.HoldCorridor), Person: c.Candidate}
}

// Standing reports whether agency, employer and corridor of an offer let
// people be recruited for it now; false for one that is not known. It is true
// to the last write of each, whatever the offer's own record says so far.
func (ix *Index) Standing(id offer.ID) bool {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	row := ix.offers[id]
	return row != nil && row.inOrder
}
