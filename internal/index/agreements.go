package index

import (
	"slices"

	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
)

// PutAgreement takes in an agreement as it was stored. The index keeps a,
// which must not be changed any more.
func (ix *Index) PutAgreement(a *agreement.Agreement) {
	row := &line[*agreement.Agreement]{place{abroad(a) + " " + string(a.SignedOn), string(a.ID)}, a}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.agreements.put(a.ID, row)
	ix.outbox(Agreements, string(a.ID), a.Pending)
}

// abroad gives the first party that is not Mali.
func abroad(a *agreement.Agreement) string {
	for _, c := range a.Parties {
		if c != ref.Mali {
			return string(c)
		}
	}
	return ""
}

// DropAgreement forgets an agreement.
func (ix *Index) DropAgreement(id agreement.ID) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.agreements.drop(id)
	ix.outbox(Agreements, string(id), nil)
}

// Agreement finds one agreement; it is read only.
func (ix *Index) Agreement(id agreement.ID) (*agreement.Agreement, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	row, ok := ix.agreements.get(id)
	if !ok {
		return nil, false
	}
	return row.card, true
}

// SearchAgreements gives a page of the agreements, by first party abroad, then
// day of signature, then id; they are read only. A position that no page gave
// leads to an empty one.
func (ix *Index) SearchAgreements(q agreement.Query) listing.Result[*agreement.Agreement] {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return pageOrNone(ix.agreements.rows, listing.Page{Limit: q.Limit, After: q.After}, func(a **agreement.Agreement) bool {
		return (q.Kind == "" || q.Kind == (*a).Kind) && (q.Country == "" || slices.Contains((*a).Parties, q.Country))
	})
}
