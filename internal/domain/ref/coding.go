package ref

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// ConfidenceLimit is the confidence from which a coding stands without a
// person looking at it; an offer whose best coding lies below waits for a
// clerk.
const ConfidenceLimit = 60

// Coded is one possible occupation of a job title.
type Coded struct {
	Occupation Occupation // a unit group
	Confidence int        // 0–100; see CodeTitle
	Via        string     // the known title that was recognised, as written in the vocabulary
}

// Coder recognises occupations in job titles. It is built once, never changes
// and may be used by any number of goroutines.
type Coder struct {
	titles   []jobTitle
	byStems  map[string][]int32 // all stems of a title joined → titles
	longest  int                // words in the longest known title
	weight   map[string]float64 // how telling a stem is
	unknown  float64            // weight of a stem no known title has
	postings map[string][]int32 // stem → titles that contain it
	heads    map[string]bool    // stems in which English titles end
	mass     []float64          // total weight of each title's stems
}

// NewCoder builds the index over the official and the everyday titles.
func NewCoder() *Coder {
	c := &Coder{titles: jobTitles(), byStems: map[string][]int32{}, postings: map[string][]int32{}, heads: map[string]bool{}}
	stems := make([][]string, len(c.titles))
	for i, t := range c.titles {
		stems[i] = stemsOf(t.label)
		if len(stems[i]) == 0 {
			continue
		}
		c.longest = max(c.longest, min(len(stems[i]), maxPhrase))
		key := joinStems(stems[i])
		c.byStems[key] = append(c.byStems[key], int32(i))
		if t.locale == English {
			c.heads[headOf(t.label)] = true
		}
		for _, s := range stems[i] {
			c.postings[s] = append(c.postings[s], int32(i))
		}
	}
	c.weigh(stems)
	return c
}

const maxPhrase = 7

// weigh gives each stem a weight that falls with the number of occupations it
// occurs in.
func (c *Coder) weigh(stems [][]string) {
	c.weight = make(map[string]float64, len(c.postings))
	all := float64(len(Occupations(4)))
	for s, list := range c.postings {
		groups := map[Occupation]bool{}
		for _, i := range list {
			groups[c.titles[i].code] = true
		}
		c.weight[s] = math.Log(1 + all/float64(len(groups)))
		if neutralWords[s] {
			c.weight[s] *= 0.25
		}
	}
	c.unknown = 2.5
	c.mass = make([]float64, len(stems))
	for i := range stems {
		for _, s := range stems[i] {
			c.mass[i] += c.weight[s]
		}
	}
}

func stemsOf(label string) []string {
	words := titleWords(label)
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.stem
	}
	return out
}

// headOf gives the stem in which an English title ends, before any
// preposition.
func headOf(label string) string {
	head := ""
	for _, w := range titleWords(label) {
		if w.segment == 0 && !w.after {
			head = w.stem
		}
	}
	return head
}

func joinStems(stems []string) string {
	n := 0
	for _, s := range stems {
		n += len(s) + 1
	}
	b := make([]byte, 0, n)
	for _, s := range stems {
		b = append(append(b, s...), ' ')
	}
	return string(b)
}

func (c *Coder) stemWeight(s string) float64 {
	if w, ok := c.weight[s]; ok {
		return w
	}
	if neutralWords[s] {
		return 0.5
	}
	return c.unknown
}

// CodeTitle gives the occupations a job title may mean, best first, at most
// five, each unit group once. lang is the language of the title; with the
// empty locale both are tried. Confidence is deterministic:
//
//   - 95–99: a known title and nothing else but noise, rank or setting;
//   - 75–94: a known title stands as the head of the advertised one (last in
//     English, first in French) with further words beside it;
//   - 60–74: a known title of several words stands elsewhere in it, or all
//     but its least telling words are there in another order;
//   - below 60: only parts of known titles are there, or the words fit
//     several occupations equally well.
func (c *Coder) CodeTitle(title string, lang Locale) []Coded {
	words := titleWords(title)
	if len(words) == 0 {
		return nil
	}
	found := map[Occupation]Coded{}
	c.phrases(words, lang, found)
	if best(found) < 75 {
		c.overlaps(words, lang, found)
	}
	out := make([]Coded, 0, len(found))
	for _, coded := range found {
		out = append(out, coded)
	}
	slices.SortFunc(out, func(a, b Coded) int {
		return cmp.Or(b.Confidence-a.Confidence, cmp.Compare(a.Occupation, b.Occupation))
	})
	settleTies(out)
	return out[:min(len(out), 5)]
}

func best(found map[Occupation]Coded) int {
	top := 0
	for _, coded := range found {
		top = max(top, coded.Confidence)
	}
	return top
}

// settleTies keeps every coding below the limit when the best ones are equally
// good and lie in different minor groups, so that a person decides.
func settleTies(out []Coded) {
	tied := slices.ContainsFunc(out, func(c Coded) bool {
		return c.Confidence == out[0].Confidence && c.Occupation.Prefix(3) != out[0].Occupation.Prefix(3)
	})
	for i := range out {
		if tied {
			out[i].Confidence = min(out[i].Confidence, ConfidenceLimit-1)
		}
	}
}

// keep remembers a coding unless a better one of that occupation is known;
// between equals the shorter title wins, then the first in byte order, so that
// the order of arrival changes nothing.
func keep(found map[Occupation]Coded, coded Coded) {
	old, known := found[coded.Occupation]
	better := cmp.Or(coded.Confidence-old.Confidence, len(old.Via)-len(coded.Via), cmp.Compare(old.Via, coded.Via)) > 0
	if !known || better {
		found[coded.Occupation] = coded
	}
}

// overlaps scores the known titles that share words with the advertised one.
func (c *Coder) overlaps(words []titleWord, lang Locale, found map[Occupation]Coded) {
	shared := map[int32]float64{}
	total := 0.0
	for _, w := range words {
		weight := c.stemWeight(w.stem)
		if w.segment == 0 {
			total += weight
		}
		if list := c.postings[w.stem]; len(list) < 800 {
			for _, i := range list {
				shared[i] += weight
			}
		}
	}
	for i, weight := range shared {
		t := c.titles[i]
		fit := 2 * weight / (c.mass[i] + max(total, weight))
		confidence := int(62 * fit)
		if weight >= 0.99*c.mass[i] && fit > 0.78 && weight > 3 {
			confidence = int(74 * fit)
		}
		if t.official || t.vague {
			confidence = min(confidence, ConfidenceLimit-1)
		}
		if lang != "" && t.locale != lang {
			confidence -= 10
		}
		if confidence >= 25 {
			keep(found, Coded{Occupation: t.code, Confidence: confidence, Via: t.label})
		}
	}
}

var defaultCoder = sync.OnceValue(NewCoder)

// CodeTitle codes a job title with the coder over the built-in vocabulary; see
// Coder.CodeTitle.
func CodeTitle(title string, lang Locale) []Coded { return defaultCoder().CodeTitle(title, lang) }
