package index

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
)

// SearchOffers answers a search with one page of cards, the exact total and
// the facets asked for; a facet ignores the query's own filter on it. Ties
// break by id. A position that no search in that order gave is a Syntax fault
// "cursor". Words weigh by BM25 over title, description, employer and city.
func (ix *Index) SearchOffers(q offer.Query) (offer.Results, error) {
	items := parse(q.Text)
	q.Sort = effective(q.Sort, len(items) > 0)
	from, err := parseHit(q.Sort, cmp.Or(q.Before, q.After))
	if err != nil {
		return offer.Results{}, err
	}
	size, order := listing.Page{Limit: q.Limit}.Size(), compareHits
	if q.Before != "" {
		order = func(a, b hit) int { return compareHits(b, a) }
	}
	best := leading[hit]{size: size + 1, compare: order}
	results := offer.Results{}

	ix.mu.RLock()
	defer ix.mu.RUnlock()
	f, counts := ix.filter(&q), ix.values.counter(q.Facets)
	ix.scan(items, &f, func(row *offerRow, score int64, failed failures) {
		counts.add(row, failed)
		if failed != 0 {
			return
		}
		results.Total++
		found := hit{f.key(row, score), row.card.ID, row}
		if from.id == "" || order(found, from) > 0 {
			best.offer(found)
		}
	})
	results.Facets = ix.values.lines(counts)
	kept := best.take()
	more := len(kept) > size
	kept = kept[:min(size, len(kept))]
	if q.Before != "" {
		slices.Reverse(kept)
	}
	turn(&results, &q, kept, more)
	for _, h := range kept {
		results.Items = append(results.Items, f.shown(h.row))
	}
	return results, nil
}

// turn gives the positions of the pages before and after this one; more says
// that there are further hits in the direction of the search.
func turn(results *offer.Results, q *offer.Query, page []hit, more bool) {
	if len(page) == 0 {
		return
	}
	if more || q.Before != "" {
		results.Next = page[len(page)-1].position(q.Sort)
	}
	if q.Before != "" && more || q.Before == "" && q.After != "" {
		results.Prev = page[0].position(q.Sort)
	}
}

// scan visits every offer that has the words asked for, with its relevance
// and the filters it fails; offers that fail more than one facet's own filter
// are left out.
func (ix *Index) scan(items []item, f *filter, visit func(row *offerRow, score int64, failed failures)) {
	if !f.q.Scope.Sees() {
		return
	}
	var scores []int64
	if len(items) > 0 {
		scores = ix.texts.search(items)
	}
	for doc, row := range ix.docs {
		score := int64(0)
		if scores != nil {
			score = scores[doc]
		}
		if row == nil || score < 0 {
			continue
		}
		if failed := f.failed(row); failed&otherFilter == 0 && failed&(failed-1) == 0 {
			visit(row, score, failed)
		}
	}
}

// effective gives the order used: relevance needs words.
func effective(sort offer.Sort, words bool) offer.Sort {
	switch {
	case sort == offer.ByNewest || sort == offer.ByOldest || sort == offer.ByClosing || sort == offer.ByPay:
		return sort
	case words:
		return offer.ByRelevance
	default:
		return offer.ByNewest
	}
}

// hit is an offer found: lower keys stand first, then lower ids.
type hit struct {
	key int64
	id  offer.ID
	row *offerRow
}

func compareHits(a, b hit) int {
	return cmp.Or(cmp.Compare(a.key, b.key), strings.Compare(string(a.id), string(b.id)))
}

// key gives the offer's place in the query's order. Unknown deadlines and
// unknown pay stand last. Who sees only what is public is never told by the
// order that a next version is on its way.
func (f *filter) key(row *offerRow, score int64) int64 {
	switch f.q.Sort {
	case offer.ByRelevance:
		return -score
	case offer.ByOldest:
		if f.q.Scope.All || owned(f.q.Scope, row) {
			return row.oldest
		}
		return -row.newest
	case offer.ByClosing:
		if row.card.Deadline.Known() {
			return row.card.Deadline.Time().Unix()
		}
		return math.MaxInt64
	case offer.ByPay:
		if row.card.PayKnown {
			return -row.card.PayCents
		}
		return math.MaxInt64
	default:
		return row.newest
	}
}

// datedKeys gives the keys of the two orders by date. An offer is dated by its
// publication, before that by its submission, before that by its creation.
// The oldest-first order is for queues: what waits for a decision is dated by
// its submission.
func datedKeys(o *offer.Offer) (newest, oldest int64) {
	working := o.Working()
	date := o.CreatedAt
	switch {
	case o.Frozen != nil:
		date = o.Frozen.PublishedAt
	case !working.SubmittedAt.IsZero():
		date = working.SubmittedAt
	}
	newest, oldest = -date.UnixMicro(), date.UnixMicro()
	if working.State == offer.Submitted || working.State == offer.Approved {
		oldest = working.SubmittedAt.UnixMicro()
	}
	return newest, oldest
}

// position writes a hit as the position of a cursor: order, key and id.
func (h hit) position(sort offer.Sort) string {
	return string(sort) + "." + strconv.FormatInt(h.key, 36) + "." + string(h.id)
}

// parseHit reads a position of that order.
func parseHit(sort offer.Sort, s string) (h hit, err error) {
	if s == "" {
		return h, nil
	}
	parts := strings.SplitN(s, ".", 3)
	if len(parts) == 3 && parts[0] == string(sort) && parts[2] != "" {
		h.id = offer.ID(parts[2])
		if h.key, err = strconv.ParseInt(parts[1], 36, 64); err == nil {
			return h, nil
		}
	}
	return h, fault.New(fault.Syntax, "cursor")
}
