package index

import (
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
)

// line is one row of a list: where it stands and what is shown.
type line[C any] struct {
	place place
	card  C
}

// pageOf cuts one page out of the rows that keep lets through, in the order
// of their places, with the exact total. A position that no list gave is a
// Syntax fault "cursor"; the total is given all the same.
func pageOf[C any](rows []*line[C], page listing.Page, keep func(*C) bool) (listing.Result[C], error) {
	after, valid := parsePlace(page.After)
	size := page.Size()
	best := leading[*line[C]]{size: size + 1, compare: func(a, b *line[C]) int { return a.place.compare(b.place) }}
	result := listing.Result[C]{}
	for _, row := range rows {
		if !keep(&row.card) {
			continue
		}
		result.Total++
		if valid && (page.After == "" || row.place.compare(after) > 0) {
			best.offer(row)
		}
	}
	if !valid {
		return result, fault.New(fault.Syntax, "cursor")
	}
	kept := best.take()
	if len(kept) > size {
		kept = kept[:size]
		result.Next = kept[size-1].place.String()
	}
	for _, row := range kept {
		result.Items = append(result.Items, row.card)
	}
	return result, nil
}

// pageOrNone is pageOf for ports without an error: an invalid position gives
// an empty page with the exact total.
func pageOrNone[C any](rows []*line[C], page listing.Page, keep func(*C) bool) listing.Result[C] {
	result, err := pageOf(rows, page, keep)
	if err != nil {
		return listing.Result[C]{Total: result.Total}
	}
	return result
}
