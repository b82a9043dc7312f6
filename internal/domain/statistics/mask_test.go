package statistics

import (
	"fmt"
	"slices"
	"testing"
)

// TestPR04NobodyCanInvertTheMasking plays an adversary who knows the method by
// heart: of all tables with four parts and small counts, no publication leaves
// a hidden small count without another possible value.
func TestPR04NobodyCanInvertTheMasking(t *testing.T) {
	const k, top = 3, 9
	type seen struct {
		values [4]map[int]bool
		sample [4]int
	}
	groups := map[string]*seen{}
	var counts [4]int
	var draw func(at int)
	draw = func(at int) {
		if at < len(counts) {
			for counts[at] = 0; counts[at] <= top; counts[at]++ {
				draw(at + 1)
			}
			return
		}
		c := Cell{}
		for i, n := range counts {
			c.Count += n
			c.Parts = append(c.Parts, Cell{Code: string(rune('a' + i)), Count: n})
		}
		if c.Count < k {
			return
		}
		key := fmt.Sprint(mask(c, []int{k}))
		g := groups[key]
		if g == nil {
			g = &seen{sample: counts}
			for i := range g.values {
				g.values[i] = map[int]bool{}
			}
			groups[key] = g
		}
		for i, n := range counts {
			g.values[i][n] = true
		}
	}
	draw(0)
	bad := 0
	for key, g := range groups {
		for i, values := range g.values {
			if len(values) > 1 {
				continue
			}
			for n := range values {
				if n > 0 && n < k && !slices.Contains(g.sample[:], top) {
					bad++
					if bad < 20 {
						t.Errorf("%s gives part %c = %d away (%v)", key, 'a'+i, n, g.sample)
					}
				}
			}
		}
	}
	if len(groups) < 100 {
		t.Errorf("only %d publications", len(groups))
	}
	t.Log(len(groups), bad)
}
