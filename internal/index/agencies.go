package index

import (
	"cmp"
	"slices"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// agencyRow is what the index holds of an agency.
type agencyRow struct {
	line[agency.Card]
	keys  []agency.Key
	names []string // folded words of the legal and the trade name, and the licence number, in parts and whole
}

// PutAgency takes in an agency as it was stored, and carries its standing and
// name on to its offers.
func (ix *Index) PutAgency(a *agency.Agency) {
	f := &a.Facts
	licence := text.Tokens(f.Licence)
	row := &agencyRow{names: append(text.Tokens(f.Name+" "+f.TradeName), append(licence, strings.Join(licence, ""))...)}
	row.keys = a.Keys
	row.place = place{text.Fold(f.Name), string(a.ID)}
	row.card = agency.Card{ID: a.ID, Name: f.Name, Country: f.Country, City: f.City, Kind: f.Kind, Licence: f.Licence,
		LicenceUntil: f.LicenceUntil, State: a.State, UpdatedAt: a.UpdatedAt}
	if n := len(a.Decisions); n > 0 {
		row.card.DecidedAt = a.Decisions[n-1].At
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	old, known := ix.agencies.get(a.ID)
	ix.agencies.put(a.ID, row)
	for _, k := range a.Keys {
		ix.agencyKeys[k.Prefix] = a.ID
	}
	ix.outbox(Agencies, string(a.ID), a.Pending)
	if !known || old.card.State != row.card.State || old.card.Name != row.card.Name {
		ix.refresh(func(o *offerRow) bool { return o.card.Agency == string(a.ID) })
	}
}

// DropAgency forgets an agency; its offers are no longer open.
func (ix *Index) DropAgency(id agency.ID) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if row, known := ix.agencies.get(id); known {
		for _, k := range row.keys {
			delete(ix.agencyKeys, k.Prefix)
		}
	}
	ix.agencies.drop(id)
	ix.outbox(Agencies, string(id), nil)
	ix.refresh(func(o *offerRow) bool { return o.card.Agency == string(id) })
}

// AgencyCard finds one card, whatever its state.
func (ix *Index) AgencyCard(id agency.ID) (agency.Card, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	row, ok := ix.agencies.get(id)
	if !ok {
		return agency.Card{}, false
	}
	card := row.card
	card.OpenOffers = ix.openings.on(string(id), ix.today())
	return card, true
}

// AgencyLookAlikes lists agencies, in any state and country, whose name looks
// or sounds like this one, the most alike first, then by id; at most 10.
func (ix *Index) AgencyLookAlikes(name string) []agency.LookAlike {
	ix.mu.RLock()
	cards := make([]*agency.Card, 0, len(ix.agencies.rows))
	for _, row := range ix.agencies.rows {
		cards = append(cards, &row.card)
	}
	ix.mu.RUnlock()
	found := lookAlikes(cards, name, func(c *agency.Card) string { return c.Name }, func(c *agency.Card, alike int) agency.LookAlike {
		return agency.LookAlike{Card: *c, Similarity: alike}
	})
	slices.SortFunc(found, func(a, b agency.LookAlike) int {
		return cmp.Or(b.Similarity-a.Similarity, cmp.Compare(a.ID, b.ID))
	})
	return found[:min(len(found), lookAlikeLimit)]
}

// AgencyKey finds a key, good or not, and the agency it belongs to, by its
// prefix.
func (ix *Index) AgencyKey(prefix string) (agency.ID, agency.Key, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	id, ok := ix.agencyKeys[prefix]
	if !ok {
		return "", agency.Key{}, false
	}
	row, ok := ix.agencies.get(id)
	if !ok {
		return "", agency.Key{}, false
	}
	at := slices.IndexFunc(row.keys, func(k agency.Key) bool { return k.Prefix == prefix })
	if at < 0 {
		return "", agency.Key{}, false
	}
	return id, row.keys[at], true
}

// Agencies gives a page of the register, ordered by folded name, then id. Text
// is words of which each must begin a word of the names or of the licence
// number. A position that no page gave leads to an empty one.
func (ix *Index) Agencies(q agency.Query) listing.Result[agency.Card] {
	words := text.Tokens(q.Text)
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	var rows []*line[agency.Card]
	for _, row := range ix.agencies.rows {
		if beginAll(words, row.names) {
			rows = append(rows, &row.line)
		}
	}
	result := pageOrNone(rows, listing.Page{Limit: q.Limit, After: q.After}, func(c *agency.Card) bool {
		return seesAgency(q.Scope, c) && (q.Country == "" || q.Country == c.Country) &&
			(q.Kind == "" || q.Kind == c.Kind) && (q.State == "" || q.State == c.State)
	})
	for i := range result.Items {
		result.Items[i].OpenOffers = ix.openings.on(string(result.Items[i].ID), ix.today())
	}
	return result
}

func seesAgency(s account.Scope, c *agency.Card) bool {
	return s.All || s.Public && c.State.Registered() || s.Agency != "" && s.Agency == string(c.ID)
}

// beginAll reports whether every word begins one of the names' words.
func beginAll(words, names []string) bool {
	for _, w := range words {
		if !slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, w) }) {
			return false
		}
	}
	return true
}

// AgenciesExpired lists active agencies whose licence ended before today, by
// id.
func (ix *Index) AgenciesExpired(today ref.Date) []agency.ID {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	var ids []agency.ID
	for _, row := range ix.agencies.rows {
		c := &row.card
		if c.State == agency.Active && c.LicenceUntil.Known() && c.LicenceUntil < today {
			ids = append(ids, c.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// AgenciesByState counts all agencies by state.
func (ix *Index) AgenciesByState() map[agency.State]int {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	counts := map[agency.State]int{}
	for _, row := range ix.agencies.rows {
		counts[row.card.State]++
	}
	return counts
}
