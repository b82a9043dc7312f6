// Package listing holds what every list has in common: a bounded page, an
// exact total and the position after which the next page starts.
package listing

// DefaultLimit and MaxLimit bound a page.
const (
	DefaultLimit = 20
	MaxLimit     = 100
)

// Page asks for a part of an ordered list. After is the position of the last
// item of the page before, as Result.Next gave it; empty = from the start.
type Page struct {
	Limit int
	After string
}

// Size gives the limit within its bounds; zero or less means the default.
func (p Page) Size() int {
	switch {
	case p.Limit <= 0:
		return DefaultLimit
	case p.Limit > MaxLimit:
		return MaxLimit
	default:
		return p.Limit
	}
}

// Result is one page. Total counts every item of the list, exactly. Next is
// empty on the last page.
type Result[T any] struct {
	Items []T
	Total int
	Next  string
}
