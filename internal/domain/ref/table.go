package ref

import (
	"sort"
	"strings"

	"passerelle/internal/domain/text"
)

// rowsOf splits an embedded table into its rows of tab-separated columns;
// empty lines and lines that begin with # are comments. A row with another
// number of columns than n is a defect of the build and stops the program.
func rowsOf(table string, n int) [][]string {
	rows := make([][]string, 0, strings.Count(table, "\n")+1)
	for line := range strings.Lines(table) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		cols := strings.Split(line, "\t")
		if len(cols) != n {
			panic("ref: malformed embedded table at: " + line)
		}
		rows = append(rows, cols)
	}
	return rows
}

// labels is one text in each complete locale.
type labels struct{ fr, en string }

// in gives the text in the locale; anything but English is French.
func (l labels) in(locale Locale) string {
	if locale == English {
		return l.en
	}
	return l.fr
}

// sortByLabel orders codes by their folded label, then by code, as people
// expect to find them in a list.
func sortByLabel[T ~string](codes []T, label func(T) string) {
	keys := make(map[T]string, len(codes))
	for _, c := range codes {
		keys[c] = text.Fold(label(c))
	}
	sort.Slice(codes, func(i, j int) bool {
		if keys[codes[i]] != keys[codes[j]] {
			return keys[codes[i]] < keys[codes[j]]
		}
		return codes[i] < codes[j]
	})
}
