package statistics

import (
	"fmt"
	"slices"
	"testing"
)

// TestPR04NobodyCanInvertTheMasking plays an adversary who knows the method by
// heart and every possible table: of all tables with few parts and small
// counts, no publication leaves a hidden small count without another possible
// value. Guarded parts must not even give away that they are empty.
func TestPR04NobodyCanInvertTheMasking(t *testing.T) {
	for _, game := range []struct {
		parts, k, top int
		guarded       bool
	}{{2, 5, 22, false}, {3, 5, 17, false}, {4, 4, 11, false}, {5, 3, 7, false}, {2, 5, 22, true}, {3, 4, 15, true}, {4, 3, 11, true}} {
		t.Run(fmt.Sprintf("%+v", game), func(t *testing.T) {
			groups := map[string]*explanations{}
			everyTable(game.parts, game.top, func(counts []int) {
				c := Cell{}
				for i, n := range counts {
					c.add(Cell{Code: string(rune('a' + i)), Count: n, Guarded: game.guarded})
				}
				if c.Count < game.k {
					return // nothing is published
				}
				key := fmt.Sprint(mask(c, []int{game.k}))
				if groups[key] == nil {
					groups[key] = newExplanations(game.parts)
				}
				groups[key].add(counts, game.top)
			})
			if len(groups) < game.top/2 {
				t.Errorf("only %d publications", len(groups))
			}
			for key, g := range groups {
				g.judge(t, key, game.k, game.guarded)
			}
		})
	}
}

// everyTable calls fn with every list of counts up to top.
func everyTable(parts, top int, fn func([]int)) {
	counts := make([]int, parts)
	for {
		fn(counts)
		at := 0
		for at < parts && counts[at] == top {
			counts[at] = 0
			at++
		}
		if at == parts {
			return
		}
		counts[at]++
	}
}

// explanations are the tables that lead to one publication. Tables at the edge
// of what is tried are not judged: beyond it there are more.
type explanations struct {
	values []map[int]bool
	sample []int
	edge   bool
}

func newExplanations(parts int) *explanations {
	e := &explanations{}
	for range parts {
		e.values = append(e.values, map[int]bool{})
	}
	return e
}

func (e *explanations) add(counts []int, top int) {
	e.sample = slices.Clone(counts)
	e.edge = e.edge || slices.Contains(counts, top)
	for i, n := range counts {
		e.values[i][n] = true
	}
}

func (e *explanations) judge(t *testing.T, key string, k int, guarded bool) {
	t.Helper()
	for i, values := range e.values {
		for n := range values {
			if secret := n < k && (n > 0 || guarded); secret && len(values) == 1 && !e.edge {
				t.Errorf("%s gives part %c = %d away (%v)", key, 'a'+i, n, e.sample)
			}
		}
	}
}

func TestMasking(t *testing.T) {
	for name, c := range map[string]struct {
		counts []int
		want   string
	}{
		"all large":           {[]int{40, 30, 9}, "{ 79 0 [{a 40 0 []} {b 30 0 []} {c 9 0 []}]}"},
		"one small":           {[]int{40, 30, 9, 2}, "{ 81 11 [{a 40 0 []} {b 30 0 []}]}"},
		"the small one first": {[]int{2, 40, 30, 9}, "{ 81 11 [{b 40 0 []} {c 30 0 []}]}"},
		"two small":           {[]int{40, 30, 4, 4}, "{ 78 38 [{a 40 0 []}]}"},
		"zero is no secret":   {[]int{40, 30, 0}, "{ 70 0 [{a 40 0 []} {b 30 0 []}]}"},
		"one is everything":   {[]int{40, 0, 0}, "{ 40 0 []}"},
		"nothing is left":     {[]int{40, 3}, "{ 43 0 []}"},
		"all small":           {[]int{4, 4, 4}, "{ 12 0 []}"},
		"one and threshold":   {[]int{9, 8, 5, 1}, "{ 23 14 [{a 9 0 []}]}"},
	} {
		cell := Cell{}
		for i, n := range c.counts {
			cell.add(Cell{Code: string(rune('a' + i)), Count: n})
		}
		if got := fmt.Sprint(mask(cell, []int{5})); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestGuardedZeroIsHidden(t *testing.T) {
	region := bySex("2", map[string]int{male: 30, unstated: 15})
	if got := fmt.Sprint(mask(region, []int{10})); got != "{2 45 15 [{male 30 0 []}]}" {
		t.Error(got)
	}
	if got := fmt.Sprint(mask(bySex("2", map[string]int{male: 30}), []int{10})); got != "{2 30 0 []}" {
		t.Error(got)
	}
}
