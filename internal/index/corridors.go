package index

import (
	"maps"
	"slices"

	"passerelle/internal/domain/corridor"
)

// PutCorridor takes in a corridor as it was stored, and carries its opening
// and its regulated occupations on to the offers for it. The index keeps c,
// which must not be changed any more.
func (ix *Index) PutCorridor(c *corridor.Corridor) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.corridors[c.Code] = c
	ix.outbox(Corridors, string(c.Code), c.Pending)
	ix.refreshCorridor(c.Code)
}

// DropCorridor forgets a corridor, which closes it.
func (ix *Index) DropCorridor(code corridor.Code) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	delete(ix.corridors, code)
	ix.outbox(Corridors, string(code), nil)
	ix.refreshCorridor(code)
}

func (ix *Index) refreshCorridor(code corridor.Code) {
	ix.refresh(func(o *offerRow) bool { return corridor.CodeFor(o.card.Country) == code })
}

// Corridor finds one corridor; it is read only.
func (ix *Index) Corridor(code corridor.Code) (*corridor.Corridor, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	c, ok := ix.corridors[code]
	return c, ok
}

// Corridors lists them all, ordered by code; they are read only.
func (ix *Index) Corridors() []*corridor.Corridor {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	var list []*corridor.Corridor
	for _, code := range slices.Sorted(maps.Keys(ix.corridors)) {
		list = append(list, ix.corridors[code])
	}
	return list
}
