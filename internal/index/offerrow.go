package index

import (
	"crypto/sha256"
	"slices"
	"strings"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// offerRow is what the index holds of an offer. A row is changed only under
// the write lock; cards leave it as copies.
type offerRow struct {
	doc      uint32
	digest   [sha256.Size]byte // of the text that is searched
	card     offer.Card
	employer string
	row      int          // in the imported file
	uncoded  bool         // a draft whose occupation is not coded well enough
	alone    match.Offer  // by the offer's own terms and state
	match    *match.Offer // as it stands within corridor, agency and employer
	inOrder  bool         // agency, employer and corridor let people be recruited
	posted   ref.Date     // day of publication
	newest   int64        // sort keys, ascending; see datedKeys
	oldest   int64
	facets   [facetCount][]uint16
}

// PutOffer takes in an offer as it was stored.
func (ix *Index) PutOffer(o *offer.Offer) {
	row, text := newOfferRow(o), searched(o)
	row.digest = sha256.Sum256([]byte(strings.Join(text[:], "\x00")))
	parts, known := ix.newWords(o.ID, row, text)
	ix.mu.Lock()
	defer ix.mu.Unlock()
	row.facets = ix.values.of(row)
	old := ix.offers[o.ID]
	ix.offers[o.ID] = row
	if old != nil {
		ix.openings.add(old, -1)
	}
	if known && old != nil && old.digest == row.digest {
		row.doc = old.doc
		ix.docs[row.doc] = row
	} else {
		if known { // another write came between
			parts = split(text)
		}
		ix.dropWords(old)
		row.doc = ix.texts.add(ix.texts.stream(parts))
		ix.docs = append(ix.docs, row)
		ix.compact()
	}
	if o.Reference != "" {
		ix.references[o.Reference] = o.ID
	}
	ix.outbox(Offers, string(o.ID), o.Pending)
	ix.stand(row)
}

// DropOffer forgets an offer.
func (ix *Index) DropOffer(id offer.ID) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if row := ix.offers[id]; row != nil {
		ix.openings.add(row, -1)
		ix.dropWords(row)
		delete(ix.offers, id)
		delete(ix.references, row.card.Reference)
		ix.compact()
	}
	ix.outbox(Offers, string(id), nil)
}

func (ix *Index) dropWords(row *offerRow) {
	if row != nil {
		ix.texts.drop(row.doc)
		ix.docs[row.doc] = nil
	}
}

// compact closes the holes once there are too many.
func (ix *Index) compact() {
	if !ix.texts.crowded() {
		return
	}
	renumbered := ix.texts.compact()
	docs := make([]*offerRow, len(ix.texts.streams))
	for doc, row := range ix.docs {
		if row != nil {
			row.doc = renumbered[doc]
			docs[row.doc] = row
		}
	}
	ix.docs = docs
}

// newWords splits the text that is searched into words, unless it is the one
// that is known already: most changes of an offer leave its text alone.
func (ix *Index) newWords(id offer.ID, row *offerRow, text [textParts]string) (parts [][]piece, known bool) {
	ix.mu.RLock()
	old := ix.offers[id]
	known = old != nil && old.digest == row.digest
	ix.mu.RUnlock()
	if known {
		return nil, true
	}
	return split(text), false
}

func split(text [textParts]string) (parts [][]piece) {
	for _, part := range text {
		parts = append(parts, pieces(part))
	}
	return parts
}

// textParts is the number of parts of the text that is searched.
const textParts = 4

// searched gives the text that is searched: title, description, employer and
// city of the terms in force.
func searched(o *offer.Offer) [textParts]string {
	t := o.Terms()
	return [textParts]string{t.Title, t.Description, t.EmployerName, t.City}
}

func newOfferRow(o *offer.Offer) *offerRow {
	row := &offerRow{card: offerCard(o), employer: o.Terms().Employer, row: o.Source.Row, uncoded: uncoded(o), alone: match.FromOfferAlone(o)}
	if o.Frozen != nil {
		row.posted = ref.DateOf(o.Frozen.PublishedAt)
	}
	row.newest, row.oldest = datedKeys(o)
	return row
}

// uncoded reports whether a draft still waits for an occupation that can be
// relied upon.
func uncoded(o *offer.Offer) bool {
	if o.State != offer.Draft {
		return false
	}
	guessed := o.Source.Coding != "" && o.Source.Coding != "clerk"
	return !o.Terms().Occupation.IsUnitGroup() || guessed && o.Source.Confidence < ref.ConfidenceLimit
}

func offerCard(o *offer.Offer) offer.Card {
	t := o.Terms()
	card := offer.Card{
		ID: o.ID, Reference: o.Reference, Rev: o.Rev, Agency: o.Agency, AgencyKind: o.AgencyKind,
		EmployerName: t.EmployerName, Title: t.Title, Occupation: t.Occupation, Kind: t.Kind,
		Country: t.Country, Region: t.Region, City: t.City, Places: t.Places, FreePlaces: o.FreePlaces(),
		Start: t.Start, Duration: t.DurationMonths, HoursPerWeek: t.HoursPerWeek, Pay: t.Pay,
		Languages: slices.Clone(t.Languages), Deadline: t.Deadline, State: o.State, Version: o.Current.Number,
		HasNext: o.Next != nil, Confidence: o.Source.Confidence, Import: o.Source.Import, UpdatedAt: o.UpdatedAt,
		WaitsSince: o.Working().WaitsSince(),
	}
	if o.Next != nil {
		card.NextState = o.Next.State
	}
	for _, f := range o.Working().Findings {
		if f.Blocking {
			card.Blocking++
		} else {
			card.Warnings++
		}
	}
	if o.Frozen != nil {
		card.PayCents, card.PayKnown = o.Frozen.PayCents, o.Frozen.PayKnown
		card.PublishedAt, card.Version = o.Frozen.PublishedAt, o.Frozen.Version
		card.Announce = o.Announce > 0
	}
	return card
}

// stand works out how the offer stands within its corridor, with its agency
// and employer.
func (ix *Index) stand(row *offerRow) {
	active, name := false, ""
	if a, ok := ix.agencies.get(agency.ID(row.card.Agency)); ok {
		active, name = a.card.State == agency.Active, a.card.Name
	}
	barred := false
	if e, ok := ix.employers.get(employer.ID(row.employer)); ok {
		barred = e.card.State == employer.Barred
	}
	standing := row.alone.Within(ix.corridors[corridor.CodeFor(row.card.Country)], active, barred)
	ix.openings.add(row, -1)
	row.match, row.card.AgencyName = &standing, name
	row.inOrder = active && !barred && standing.CorridorOpen
	ix.openings.add(row, +1)
}

// refresh works out again how the offers that touched picks stand.
func (ix *Index) refresh(touched func(*offerRow) bool) {
	if !ix.loaded {
		return
	}
	for _, row := range ix.docs {
		if row != nil && touched(row) {
			ix.stand(row)
		}
	}
}

// public reports whether everybody may see the offer that day: published by
// then, its agency active, its employer not barred, its corridor open, a
// place free and the deadline not past.
func (row *offerRow) public(today ref.Date) bool {
	w, ok := row.window()
	return ok && w.holds(today)
}
