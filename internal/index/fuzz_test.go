package index

import (
	"strings"
	"testing"
)

// FuzzParse: every search text is read as words, none of them empty, and no
// more of them than were written.
//
// covers IN-03
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`chef-cuisinier "santé mentale" -nuit soud*`, `"`, `-`, `--"a`, `l'hôtel`, `«a» “b`, "*", strings.Repeat(`"-`, 50), "a\x00b", "\xff", "$where", "(a+)+$"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, q string) {
		items := parse(q)
		if len(items) > len(q) {
			t.Fatalf("%q gives %d items", q, len(items))
		}
		for _, it := range items {
			if len(it.words) == 0 || it.prefix && len(it.words) != 1 || len(it.words) > 1 && !it.quoted {
				t.Fatalf("%q gives %+v", q, it)
			}
			for _, p := range it.words {
				if p.folded == "" || strings.ContainsAny(p.folded, " \"\n") {
					t.Fatalf("%q gives the word %q", q, p.folded)
				}
			}
		}
	})
}
