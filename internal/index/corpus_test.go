package index

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

const realAds = "../../../shared/data/jobads_nhs_jobposting/nhs_jobposting.jsonl.gz"

var tag = regexp.MustCompile(`<[^>]*>|&[a-z#0-9]+;`)

// realOffers makes offers of real advertisements, nil when they are absent.
func realOffers(t testing.TB) (offers []*offer.Offer) {
	file, err := os.Open(realAds)
	if err != nil {
		return nil
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(unzipped)
	for lines.Buffer(nil, 1<<22); lines.Scan(); {
		var ad struct{ Title, Description string }
		if err := json.Unmarshal(lines.Bytes(), &ad); err != nil {
			t.Fatal(err)
		}
		o := openOffer(offer.ID(fmt.Sprintf("off_%05d", len(offers))))
		o.Frozen.Terms.Title, o.Frozen.Terms.Description = ad.Title, tag.ReplaceAllString(ad.Description, " ")
		o.Frozen.PayCents, o.Frozen.Terms.Occupation = int64(len(offers)%40)*10_000, ref.Occupation([]string{"2221", "5322", "3221"}[len(offers)%3])
		offers = append(offers, o)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return offers
}

// madeUpOffers writes offers of our own with the same traps: accents, elided
// articles, ligatures, words that repeat, empty parts.
func madeUpOffers(n, words int) (offers []*offer.Offer) {
	random := rand.New(rand.NewPCG(7, 7))
	trades := []string{"Infirmière", "Soudeur TIG", "Chef-cuisinier", "Aide à domicile", "Ouvrier agricole", "Maçon", "Cœur de métier", "Registered Nurse"}
	for i := range n {
		o := openOffer(offer.ID(fmt.Sprintf("off_%05d", i)))
		var b strings.Builder
		for range random.IntN(words + 1) {
			fmt.Fprintf(&b, "%s%x ", []string{"l'", "dé", "re", "œ", ""}[random.IntN(5)], int(random.ExpFloat64()*300))
		}
		t := &o.Frozen.Terms
		t.Title, t.Description = trades[random.IntN(len(trades))], b.String()+trades[random.IntN(len(trades))]
		t.Country, t.Occupation = []ref.Country{"ES", "ML"}[random.IntN(2)], ref.Occupation([]string{"2221", "7212", "5120"}[random.IntN(3)])
		o.Frozen.PayCents = int64(random.IntN(40)) * 10_000
		offers = append(offers, o)
	}
	return offers
}

// TestCountsOfWordsInACorpus compares totals with a plain count of tokens.
func TestCountsOfWordsInACorpus(t *testing.T) {
	t.Run("made up", func(t *testing.T) { countWords(t, madeUpOffers(300, 80)) })
	t.Run("real", func(t *testing.T) {
		offers := realOffers(t)
		if offers == nil {
			t.Skipf("the real advertisements are not here: %s", realAds)
		}
		countWords(t, offers)
	})
}

func countWords(t *testing.T, offers []*offer.Offer) {
	ix := openWorld(offers...)
	texts := make([]string, len(offers)) // all words with a space around each, parts two apart
	for i, o := range offers {
		for _, part := range searched(o) {
			texts[i] += " " + strings.Join(text.Tokens(part), " ") + " "
		}
	}
	random := rand.New(rand.NewPCG(3, 3))
	for range 25 {
		words := strings.Split(strings.Trim(texts[random.IntN(len(texts))], " "), " ")
		at := random.IntN(max(1, len(words)-1))
		word := words[at]
		if word == "" || at+1 == len(words) || words[at+1] == "" {
			continue
		}
		pair, start := word+" "+words[at+1], strings.ToValidUTF8(word[:1+len(word)/2], "")
		compareCount(t, ix, `"`+word+`"`, texts, " "+word+" ", true)
		compareCount(t, ix, `-"`+word+`"`, texts, " "+word+" ", false)
		compareCount(t, ix, `"`+pair+`"`, texts, " "+pair+" ", true)
		if start != "" {
			compareCount(t, ix, start+"*", texts, " "+start, true)
		}
	}
}

// compareCount compares a search with a count of the texts that hold, or do
// not hold, a string.
func compareCount(t *testing.T, ix *Index, q string, texts []string, part string, holds bool) {
	t.Helper()
	want := 0
	for _, s := range texts {
		if strings.Contains(s, part) == holds {
			want++
		}
	}
	if got := found(t, ix, offer.Query{Text: q, Scope: account.Scope{Public: true}}); got != want {
		t.Errorf("%s finds %d, want %d", q, got, want)
	}
}

// TestWalkOfACorpus walks every order to its end, without repetition.
func TestWalkOfACorpus(t *testing.T) {
	offers := madeUpOffers(500, 20)
	ix := openWorld(offers...)
	for _, sort := range []offer.Sort{offer.ByRelevance, offer.ByNewest, offer.ByOldest, offer.ByClosing, offer.ByPay} {
		q, seen := offer.Query{Text: "soudeur", Sort: sort, Scope: account.Scope{Public: true}, Limit: 7}, map[offer.ID]int{}
		total := found(t, ix, offer.Query{Text: "soudeur", Scope: q.Scope})
		for {
			page, err := ix.SearchOffers(q)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range page.Items {
				seen[c.ID]++
			}
			if q.After = page.Next; page.Next == "" {
				break
			}
		}
		for id, times := range seen {
			if times > 1 {
				t.Errorf("%s: %s comes %d times", sort, id, times)
			}
		}
		if len(seen) != total || total < 50 {
			t.Errorf("%s: walked %d of %d", sort, len(seen), total)
		}
	}
}

func TestOrderOfFacets(t *testing.T) {
	var offers []*offer.Offer
	for i, pay := range []int64{-1, 0, 49_999, 50_000, 250_000, 999_999, 750_000} {
		o := openOffer(offer.ID(fmt.Sprintf("off_%d", i)))
		o.Frozen.PayCents, o.Frozen.PayKnown = pay, pay >= 0
		o.Frozen.Terms.Country = []ref.Country{"ES", "ML"}[i%2]
		offers = append(offers, o)
	}
	results, err := openWorld(offers...).SearchOffers(offer.Query{Scope: account.Scope{Public: true}, Facets: []offer.Facet{offer.FacetSalary, offer.FacetCountry}})
	want := map[offer.Facet][]offer.FacetCount{
		offer.FacetSalary:  {{Value: "0", Count: 2}, {Value: "500", Count: 1}, {Value: "2500", Count: 1}, {Value: "7500", Count: 2}, {Value: UnknownPay, Count: 1}},
		offer.FacetCountry: {{Value: "ES", Count: 4}, {Value: "ML", Count: 3}},
	}
	if diff := cmp.Diff(want, results.Facets); diff != "" || err != nil {
		t.Fatal(diff, err)
	}
}

func BenchmarkSearch(b *testing.B) {
	offers := realOffers(b)
	if offers == nil {
		offers = madeUpOffers(7425, 400)
	}
	ix := openWorld(offers...)
	for _, q := range []string{"", "nurse", "registered nurse", `"mental health"`, "work*", "-nurse", "care team support hospital experience"} {
		b.Run(q, func(b *testing.B) {
			for b.Loop() {
				if _, err := ix.SearchOffers(offer.Query{Text: q, Scope: account.Scope{Public: true}, Facets: facetNames[:]}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("put", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			offers[0].Frozen.Terms.City = fmt.Sprint("Bamako ", i%2)
			ix.PutOffer(offers[0])
		}
	})
	b.Run("suggest", func(b *testing.B) {
		for b.Loop() {
			ix.SuggestOffers("nur", 10)
		}
	})
}
