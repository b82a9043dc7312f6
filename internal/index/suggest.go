package index

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// suggestionLimit bounds a list of suggestions.
const suggestionLimit = 20

// SuggestOffers completes the last word of what is being typed from titles of
// offers that are open today, most frequent first, then by spelling. Titles
// must hold the words before it. A suggestion is those words and the completed
// one, in lower case with its accents.
func (ix *Index) SuggestOffers(prefix string, limit int) []string {
	typed := pieces(prefix)
	if len(typed) == 0 || limit <= 0 {
		return nil
	}
	before, last := typed[:len(typed)-1], typed[len(typed)-1].folded
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	titles, spellings := ix.completions(before, last)
	words := slices.Collect(maps.Keys(titles))
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(titles[b], titles[a]), strings.Compare(a, b))
	})
	words = words[:min(len(words), limit, suggestionLimit)]
	for i, word := range words {
		words[i] = phraseOf(before, commonest(spellings[word]))
	}
	return words
}

// completions counts, for every folded word that starts with last, the titles
// that hold it beside the words before, and how often it is spelt in each way.
func (ix *Index) completions(before []piece, last string) (titles map[string]int, spellings map[string]map[string]int) {
	titles, spellings = map[string]int{}, map[string]map[string]int{}
	today, lexicon := ix.today(), ix.texts.lexicon
	for _, row := range ix.docs {
		if row == nil || !row.public(today) {
			continue
		}
		title := titleOf(ix.texts.streams[row.doc])
		if !lexicon.holdAll(title, before) {
			continue
		}
		for i, w := range title {
			folded := lexicon.folded[w]
			if !strings.HasPrefix(folded, last) || slices.ContainsFunc(before, func(b piece) bool { return b.folded == folded }) {
				continue
			}
			if spellings[folded] == nil {
				spellings[folded] = map[string]int{}
			}
			spellings[folded][lexicon.surfaces[w]]++
			if !lexicon.holdAll(title[:i], []piece{{folded: folded}}) {
				titles[folded]++
			}
		}
	}
	return titles, spellings
}

// titleOf gives the first part of a text.
func titleOf(stream []wordID) []wordID { return stream[:slices.Index(stream, gap)] }

// holdAll reports whether a title has every one of the words.
func (l *lexicon) holdAll(title []wordID, words []piece) bool {
	for _, p := range words {
		if !slices.ContainsFunc(title, func(w wordID) bool { return l.folded[w] == p.folded }) {
			return false
		}
	}
	return true
}

// commonest gives the most frequent spelling, the first of equals.
func commonest(spellings map[string]int) string {
	words := slices.Sorted(maps.Keys(spellings))
	return slices.MaxFunc(words, func(a, b string) int { return cmp.Compare(spellings[a], spellings[b]) })
}

func phraseOf(before []piece, word string) string {
	var b strings.Builder
	for _, p := range before {
		b.WriteString(p.surface + " ")
	}
	return b.String() + word
}
