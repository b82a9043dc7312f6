package report

import (
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// Filter narrows a report; empty members mean "all".
type Filter struct {
	Country ref.Country
	Agency  string
	State   placement.State
	Group   ref.Occupation // first two digits
	Month   ref.Month      // in which the file was opened
	// From and Until bound the day the file was opened, both included.
	From, Until ref.Date
}

func (f Filter) check() error {
	var bad fault.List
	bad.Check(f.From == "" || f.Until == "" || f.From <= f.Until, "/until", "date.order")
	if f.Month != "" {
		_, err := ref.ParseMonth(string(f.Month))
		bad.Check(err == nil, "/month", "ref.month")
	}
	return bad.Err("request.invalid")
}

func (f Filter) takes(c *placement.Card) bool {
	opened := c.OpenedOn()
	return (f.From == "" || opened >= f.From) && (f.Until == "" || opened <= f.Until) && f.wanted().within(traitsOf(c, c.State))
}

// wanted gives what the filter asks for along each line.
func (f Filter) wanted() traits {
	return traits{string(f.Country), string(f.State), f.Agency, string(f.Group), string(f.Month)}
}

// Dimension is a line along which files are counted and a report narrowed.
type Dimension string

// The dimensions.
const (
	ByCountry Dimension = "country"
	ByState   Dimension = "state"
	ByAgency  Dimension = "agency"
	ByGroup   Dimension = "group" // of occupations, by the first two digits
	ByMonth   Dimension = "month" // in which the file was opened
)

// Dimensions lists every dimension in the order shown.
func Dimensions() []Dimension { return []Dimension{ByCountry, ByState, ByAgency, ByGroup, ByMonth} }

// Unknown is the value of a file that says nothing along a dimension.
const Unknown = "unknown"

// The places of the dimensions in traits, in the order of Dimensions.
const (
	country = iota
	state
	agencyOf
	group
	month
	dimensions
)

// traits are the values of a file along the dimensions; an empty one means
// that anything goes in a filter, and that it is kept back in a count.
type traits [dimensions]string

func traitsOf(c *placement.Card, at placement.State) traits {
	t := traits{string(c.Country), string(at), c.Agency, string(c.Occupation.Prefix(2)), string(c.OpenedOn()[:min(7, len(c.OpenedOn()))])}
	for i, value := range t {
		if value == "" {
			t[i] = Unknown
		}
	}
	return t
}

// within reports whether the values have everything that is wanted.
func (wanted traits) within(t traits) bool {
	for i, value := range wanted {
		if value != "" && value != t[i] {
			return false
		}
	}
	return true
}
