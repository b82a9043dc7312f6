package placement_test

import (
	"slices"
	"testing"

	"passerelle/internal/domain/placement"
)

// TestComparedFieldsAreThoseOfAComparison keeps the list equal to what a
// comparison of full terms says.
func TestComparedFieldsAreThoseOfAComparison(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	p := d.propose(id, nil)
	var got []string
	for _, l := range p.Contracts[len(p.Contracts)-1].Lines {
		got = append(got, l.Field)
	}
	slices.Sort(got)
	want := placement.ComparedFields()
	slices.Sort(want)
	if got = slices.Compact(got); !slices.Equal(got, want) {
		t.Errorf("a comparison has %v, the list %v", got, want)
	}
}
