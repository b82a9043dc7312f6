package ref

import (
	_ "embed"
	"slices"
	"strings"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/text"
)

//go:embed regions.tsv
var regionTable string

// regionFacts is one region of Mali with its cercles.
type regionFacts struct {
	code    Region
	name    string
	cercles []string
}

// regionBook holds the 19 regions of the territorial reform of 2023 and the
// District of Bamako, in the customary order from west to east.
var regionBook = func() []regionFacts {
	var book []regionFacts
	for _, r := range rowsOf(regionTable, 3) {
		book = append(book, regionFacts{code: Region(r[0]), name: r[1], cercles: strings.Split(r[2], ";")})
	}
	return book
}()

func (r Region) facts() regionFacts {
	for _, f := range regionBook {
		if f.code == r {
			return f
		}
	}
	return regionFacts{}
}

// ParseRegion reads the code of a region of Mali; the empty text is "not
// stated". Anything else is Invalid.
func ParseRegion(s string) (Region, error) {
	if s == "" {
		return "", nil
	}
	if Region(s).facts().code == "" {
		return "", fault.New(fault.Invalid, "ref.region")
	}
	return Region(s), nil
}

// RegionNamed finds the region, or the region of the cercle, that bears the
// name, whatever its case and accents.
func RegionNamed(name string) (Region, bool) {
	want := text.Fold(text.CleanName(name))
	for _, prefix := range [...]string{"region de ", "region du ", "cercle de ", "district de "} {
		want = strings.TrimPrefix(want, prefix)
	}
	for _, f := range regionBook {
		if strings.TrimPrefix(text.Fold(f.name), "district de ") == want {
			return f.code, true
		}
	}
	for _, f := range regionBook {
		if slices.ContainsFunc(f.cercles, func(c string) bool { return text.Fold(c) == want }) {
			return f.code, true
		}
	}
	return "", false
}

// Regions lists the regions of Mali and the District of Bamako in the
// customary order.
func Regions() []Region {
	out := make([]Region, len(regionBook))
	for i, f := range regionBook {
		out[i] = f.code
	}
	return out
}

// Name gives the official French name, which is used in every locale.
func (r Region) Name() string { return r.facts().name }

// Cercles lists the cercles of the region, its seat first (for Bamako, the
// communes). The cercles created in 2023 are listed where they follow the
// former arrondissements of the north; elsewhere the list holds the
// historical ones.
func (r Region) Cercles() []string { return slices.Clone(r.facts().cercles) }
