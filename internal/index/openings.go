package index

import "passerelle/internal/domain/ref"

// window is the time in which an offer is open as far as its dates go.
type window struct{ posted, deadline ref.Date }

func (w window) holds(today ref.Date) bool {
	return w.posted <= today && (!w.deadline.Known() || today <= w.deadline)
}

// openings counts, for each agency, the offers that would be public within
// their window; few windows stand for many offers, so that the number open on
// a day is soon told.
type openings map[string]map[window]int

// window gives the time in which the offer is public; ok is false when it is
// not public on any day as things stand.
func (row *offerRow) window() (w window, ok bool) {
	m := row.match
	if m == nil || !m.Open || !m.CorridorOpen || !row.posted.Known() {
		return window{}, false
	}
	return window{row.posted, m.Deadline}, true
}

// add counts a row in, or with a negative step out again.
func (o openings) add(row *offerRow, step int) {
	w, ok := row.window()
	if !ok {
		return
	}
	counts := o[row.card.Agency]
	if counts == nil {
		counts = map[window]int{}
		o[row.card.Agency] = counts
	}
	if counts[w] += step; counts[w] == 0 {
		delete(counts, w)
	}
}

// on counts an agency's offers that are public that day.
func (o openings) on(agency string, today ref.Date) (open int) {
	for w, count := range o[agency] {
		if w.holds(today) {
			open += count
		}
	}
	return open
}
