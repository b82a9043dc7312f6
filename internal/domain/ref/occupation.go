package ref

import (
	_ "embed"
	"slices"

	"passerelle/internal/domain/fault"
)

//go:embed isco08.tsv
var iscoTable string

// occupationBook is the complete ISCO-08: every code in order, with its
// official titles.
type occupationBook struct {
	codes  []Occupation
	titles map[Occupation]labels
}

var isco = func() occupationBook {
	rows := rowsOf(iscoTable, 3)
	book := occupationBook{titles: make(map[Occupation]labels, len(rows))}
	for _, r := range rows {
		code := Occupation(r[0])
		book.codes = append(book.codes, code)
		book.titles[code] = labels{fr: r[1], en: r[2]}
	}
	slices.Sort(book.codes)
	return book
}()

// ParseOccupation reads an ISCO-08 code of 1 to 4 digits with its leading
// zeros; the empty text is "not coded". Anything else is Invalid.
func ParseOccupation(s string) (Occupation, error) {
	if s == "" {
		return "", nil
	}
	if _, ok := isco.titles[Occupation(s)]; !ok {
		return "", fault.New(fault.Invalid, "ref.occupation")
	}
	return Occupation(s), nil
}

// Occupations lists the codes of one level in order: 1 = major groups (10),
// 2 = sub-major (43), 3 = minor (130), 4 = unit groups (436); 0 = all 619.
// Another level has none.
func Occupations(level int) []Occupation {
	var out []Occupation
	for _, code := range isco.codes {
		if level == 0 || len(code) == level {
			out = append(out, code)
		}
	}
	return out
}

// Title gives the official title in the locale; empty when not coded.
func (o Occupation) Title(locale Locale) string { return isco.titles[o].in(locale) }

// Parent gives the group one level above; empty for a major group.
func (o Occupation) Parent() Occupation {
	if len(o) < 2 {
		return ""
	}
	return o[:len(o)-1]
}

// Parents lists the groups above the code, the major group first.
func (o Occupation) Parents() []Occupation {
	var out []Occupation
	for n := 1; n < len(o); n++ {
		out = append(out, o[:n])
	}
	return out
}

// Children lists the groups one level below, in order.
func (o Occupation) Children() []Occupation {
	var out []Occupation
	for _, code := range isco.codes {
		if len(code) == len(o)+1 && code.Prefix(len(o)) == o {
			out = append(out, code)
		}
	}
	return out
}
