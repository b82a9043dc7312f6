package statistics

// Cell is a count with the parts it falls into; the parts sum to the count.
// Their order is that of showing: the last ones are given up first.
type Cell struct {
	Code  string
	Count int
	Parts []Cell
	// Guarded says that it must not be told when the count is zero: that
	// nobody of a group has a trait is told of everybody in the group.
	Guarded bool
}

// Line is a cell as it may be published. Others sums the parts that are not
// shown, two or more; it is zero when all are shown, and when none is.
type Line struct {
	Code   string
	Count  int
	Others int
	Lines  []Line
}

// mask gives the cell as it may be published: k holds the threshold of each
// level below it. What is published forms a tree in which the parts not shown
// of each line are known only by their sum, which is at least the threshold
// and made of several parts. No sum or difference of published numbers can
// give more, because no two published groups overlap without one being inside
// the other.
func mask(c Cell, k []int) Line {
	line := Line{Code: c.Code, Count: c.Count}
	if len(k) == 0 {
		return line
	}
	shown := shownParts(c, k[0])
	if len(shown) == 0 {
		return line
	}
	line.Others = c.Count
	for _, part := range shown {
		line.Others -= part.Count
		line.Lines = append(line.Lines, mask(part, k[1:]))
	}
	return line
}

// enough is how much the hidden sum must exceed the threshold by at least: one
// more than a single small part and a complement could be told from.
const enough = 2

// shownParts chooses the parts that may be shown, in the order given. A part
// below the threshold is hidden, and with it the last of those above, so that
// the sum of what is hidden gives none of them. Which part is the complement
// depends on the order alone and not on its size: whoever knows the method
// must not be able to tell from the choice what the sizes are. A part that is
// everything is hidden as well: it would tell the trait of everybody.
func shownParts(c Cell, k int) []Cell {
	var shown []Cell
	hidden, secret := 0, false
	for _, part := range c.Parts {
		switch {
		case part.Count >= k:
			shown = append(shown, part)
		default:
			hidden += part.Count
			secret = secret || part.Count > 0 || part.Guarded
		}
	}
	if !secret {
		if len(shown) == 1 {
			return nil
		}
		return shown
	}
	for first := true; len(shown) > 0 && (first || hidden < k+enough); first = false {
		last := len(shown) - 1
		hidden += shown[last].Count
		shown = shown[:last]
	}
	return shown
}
