package index

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"passerelle/internal/domain/offer"
)

func TestParse(t *testing.T) {
	show := func(items []item) (lines []string) {
		for _, it := range items {
			line := ""
			for _, p := range it.words {
				line += p.folded + "/"
			}
			lines = append(lines, fmt.Sprintf("%s%v%v%v", line, it.quoted, it.prefix, it.exclude))
		}
		return lines
	}
	tests := []struct {
		q    string
		want []string
	}{
		{"", nil},
		{"  !? ", nil},
		{"Soudeur  TIG", []string{"soudeur/falsefalsefalse", "tig/falsefalsefalse"}},
		{"Infirmière", []string{"infirmiere/falsefalsefalse"}},
		{"-nuit", []string{"nuit/falsefalsetrue"}},
		{"agric*", []string{"agric/falsetruefalse"}},
		{"-agric*", []string{"agric/falsetruetrue"}},
		{`"chef de rang"`, []string{"chef/de/rang/truefalsefalse"}},
		{`-"de nuit" jour`, []string{"de/nuit/truefalsetrue", "jour/falsefalsefalse"}},
		{"« chef de rang »", []string{"chef/de/rang/truefalsefalse"}},
		{`"chef`, []string{"chef/truefalsefalse"}},
		{`un"deux"`, []string{"un/falsefalsefalse", "deux/truefalsefalse"}},
		{"chef-cuisinier", []string{"chef/cuisinier/truefalsefalse"}},
		{"l'hôtel d’équipe", []string{"hotel/falsefalsefalse", "equipe/falsefalsefalse"}},
		{"aujourd'hui", []string{"aujourd/hui/truefalsefalse"}},
		{"- * -* \"\" --x", []string{"x/falsefalsetrue"}},
		{"C++ 24/7", []string{"c/falsefalsefalse", "24/7/truefalsefalse"}},
		{"cœur", []string{"coeur/falsefalsefalse"}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, show(parse(test.q))); diff != "" {
			t.Errorf("%q: %s", test.q, diff)
		}
	}
}

// TestParseTakesAnything: no text stops or breaks the reader, and every item
// has a word.
//
// covers IN-03
func TestParseTakesAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := rapid.StringOf(rapid.SampledFrom([]rune("aé-*\"'«» \t!œ́’Z9"))).Draw(t, "q")
		for _, it := range parse(q) {
			if len(it.words) == 0 || it.prefix && len(it.words) != 1 {
				t.Fatalf("%q gives %+v", q, it)
			}
			for _, p := range it.words {
				if p.folded == "" || p.surface == "" || len(p.stems()) == 0 {
					t.Fatalf("%q gives %+v", q, it)
				}
			}
		}
	})
}

func TestRelatives(t *testing.T) {
	tests := []struct {
		asked, written string
		found          bool
	}{
		{"infirmier", "Infirmière", true}, {"infirmière", "infirmiers", true}, {"infirmiere", "infirmière", true},
		{"INFIRMIERES", "infirmières", true}, {"agricoles", "agricole", true}, {"soudeurs", "soudeur", true},
		{"nurses", "nurse", true}, {"nursing", "nurse", true}, {"drivers", "driver", true}, {"coeur", "cœur", true},
		{"cuisinier", "cuisinières", true}, {"equipe", "d’équipes", true}, {"é", "e", true},
		{"soudeur", "nurse", false}, {"chef", "chefs", true}, {"tig", "mig", false}, {"7", "77", false},
	}
	for _, test := range tests {
		texts := newTexts()
		doc := texts.add(texts.stream([][]piece{pieces(test.written)}))
		if found := texts.search(parse(test.asked))[doc] >= 0; found != test.found {
			t.Errorf("%q finds %q: %v; stems %v and %v", test.asked, test.written, found, parse(test.asked)[0].words[0].stems(), pieces(test.written)[0].stems())
		}
	}
}

// TestRelevanceEqualsItsDefinition compares every score, not only the order.
func TestRelevanceEqualsItsDefinition(t *testing.T) {
	decided := 0
	rapid.Check(t, func(t *rapid.T) {
		ix, m := New(Options{Now: clock, Weights: weights()}), newModel()
		for range rapid.IntRange(1, 20).Draw(t, "changes") {
			o := drawOffer(t)
			m.offers[o.ID] = o
			ix.PutOffer(o)
		}
		for range 4 {
			q := drawText(t)
			want, got := m.relevance(q), map[offer.ID]int64{}
			for doc, score := range ix.texts.search(parse(q)) {
				if score >= 0 {
					got[ix.docs[doc].card.ID] = score
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%q: %s", q, diff)
			}
			if len(want) > 0 && len(want) < len(m.offers) {
				decided++
			}
		}
	})
	if decided < leastDecided() {
		t.Fatalf("only %d questions parted the offers", decided)
	}
}

// leastDecided is how many questions must part the offers for the comparison
// to mean something; short runs draw a fifth of the cases.
func leastDecided() int {
	if testing.Short() {
		return 10
	}
	return 50
}

func TestPhrasesStayWithinAPart(t *testing.T) {
	texts := newTexts()
	texts.add(texts.stream([][]piece{pieces("chef de rang"), pieces("cuisine et rang chef"), nil, pieces("de Bamako")}))
	for q, found := range map[string]bool{`"chef de rang"`: true, `"rang cuisine"`: false, `"rang chef"`: true, `"chef de"`: true,
		`"chef de bamako"`: false, `"de bamako"`: true, `"rang chef de"`: false, `"bamako"`: true} {
		if got := texts.search(parse(q))[0] >= 0; got != found {
			t.Errorf("%s: %v", q, got)
		}
	}
}

// TestLexiconOfManyWords fills the sorted list of words more than once and
// completes prefixes across both parts of it.
func TestLexiconOfManyWords(t *testing.T) {
	l := newLexicon()
	var all []string
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 3000 {
		word := fmt.Sprintf("w%x", random.Uint32N(1<<20))
		all = append(all, word)
		if first, again := l.id(piece{word, word}), l.id(piece{word, word}); first != again {
			t.Fatalf("word %d has two numbers", i)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	if len(l.sorted) == 0 || len(l.recent) == 0 {
		t.Fatalf("%d sorted, %d recent: the test reaches one part only", len(l.sorted), len(l.recent))
	}
	for _, prefix := range []string{"w", "w1", "wa2", "wff", "x", ""} {
		want, got := 0, map[wordID]bool{}
		for _, word := range all {
			if len(word) >= len(prefix) && word[:len(prefix)] == prefix {
				want++
			}
		}
		for _, id := range l.starting(prefix) {
			got[id] = true
		}
		if len(got) != want || len(l.starting(prefix)) != want {
			t.Errorf("%q starts %d words, want %d", prefix, len(got), want)
		}
	}
}

func TestLeadingKeepsTheFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfN(rapid.IntRange(0, 50), 0, 80).Draw(t, "items")
		size := rapid.IntRange(0, 40).Draw(t, "size")
		best := leading[int]{size: size, compare: func(a, b int) int { return a - b }}
		for _, item := range items {
			best.offer(item)
		}
		slices.Sort(items)
		if got := best.take(); !slices.Equal(got, items[:min(size, len(items))]) {
			t.Fatalf("%v of %v", got, items)
		}
	})
}

// TestCompactionHappensByItself drops and changes until the holes are closed.
func TestCompactionHappensByItself(t *testing.T) {
	ix := New(Options{Now: clock, Weights: weights()})
	most := 0
	for i := range 4000 {
		o := openOffer("off_1")
		o.Frozen.Terms.Title = fmt.Sprintf("soudeur numéro %d", i)
		ix.PutOffer(o)
		most = max(most, len(ix.docs))
	}
	if most > 1100 || len(ix.docs) > 1100 {
		t.Errorf("%d documents are held for one offer", most)
	}
	found, err := ix.SearchOffers(offer.Query{Text: "3999 soudeurs", Scope: everyScope[1]})
	if err != nil || found.Total != 1 {
		t.Errorf("%+v %v", found, err)
	}
	if old, err := ix.SearchOffers(offer.Query{Text: "3998", Scope: everyScope[1]}); err != nil || old.Total != 0 {
		t.Errorf("an old text is found: %+v %v", old, err)
	}
}
