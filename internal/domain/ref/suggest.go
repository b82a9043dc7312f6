package ref

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"passerelle/internal/domain/text"
)

// Suggestion is one occupation offered while somebody types.
type Suggestion struct {
	Occupation Occupation
	Label      string // the title that fits, and the group's official title when that is another
	Score      int    // 1–100, higher fits better
}

// typed is one title in the form in which typed words are compared.
type typed struct {
	title jobTitle
	words []string // folded
	whole string   // the words joined by spaces
	known int      // 0–6, how many everyday titles the group has: a sign of how often it is sought
}

var typedTitles = sync.OnceValue(func() []typed {
	titles := jobTitles()
	count := map[Occupation]int{}
	for _, t := range titles {
		count[t.code]++
	}
	out := make([]typed, len(titles))
	for i, t := range titles {
		words := text.Tokens(t.label)
		out[i] = typed{title: t, words: words, whole: strings.Join(words, " "), known: min(6, count[t.code]/12)}
	}
	return out
})

// SuggestOccupations gives the unit groups whose official or everyday title,
// in the locale, contains every typed word or begins one with it, whatever
// the case and the accents; digits find codes. Each group comes once, best
// first, at most limit (1–50, anything else counts as 10). Nothing typed
// suggests nothing.
func SuggestOccupations(q string, locale Locale, limit int) []Suggestion {
	if limit < 1 || limit > 50 {
		limit = 10
	}
	words := text.Tokens(q)
	if len(words) == 0 {
		return nil
	}
	var found map[Occupation]Suggestion
	if len(words) == 1 && allDigits(words[0]) {
		found = suggestCodes(words[0], locale)
	} else {
		found = suggestTitles(words, locale)
	}
	out := make([]Suggestion, 0, len(found))
	for _, s := range found {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Suggestion) int {
		return cmp.Or(b.Score-a.Score, cmp.Compare(a.Occupation, b.Occupation))
	})
	return out[:min(limit, len(out))]
}

func suggestCodes(digits string, locale Locale) map[Occupation]Suggestion {
	found := map[Occupation]Suggestion{}
	for _, code := range Occupations(4) {
		if strings.HasPrefix(string(code), digits) {
			found[code] = Suggestion{Occupation: code, Label: code.Title(locale), Score: 60 + 10*len(digits)}
		}
	}
	return found
}

func suggestTitles(words []string, locale Locale) map[Occupation]Suggestion {
	found := map[Occupation]Suggestion{}
	query := strings.Join(words, " ")
	for _, t := range typedTitles() {
		if locale != "" && t.title.locale != locale {
			continue
		}
		score := t.score(words, query)
		old, known := found[t.title.code]
		if score > 0 && (!known || score > old.Score) {
			found[t.title.code] = Suggestion{Occupation: t.title.code, Label: t.title.shown(), Score: score}
		}
	}
	return found
}

// score rates how well typed words fit a title; 0 when one of them fits no
// word of it.
func (t typed) score(words []string, query string) int {
	whole := 0
	for _, w := range words {
		if !slices.ContainsFunc(t.words, func(have string) bool { return strings.HasPrefix(have, w) }) {
			return 0
		}
		if slices.Contains(t.words, w) {
			whole++
		}
	}
	score := 50 + 10*whole/len(words)
	switch {
	case t.whole == query:
		return 100
	case strings.HasPrefix(t.whole, query):
		score = 82
	case strings.HasPrefix(t.words[0], words[0]):
		score += 12
	}
	score -= min(12, 2*(len(t.words)-len(words)))
	if t.title.vague {
		score -= 5
	}
	return max(score+t.known, 1)
}

// shown is the title as people see it in a list.
func (t jobTitle) shown() string {
	official := t.code.Title(t.locale)
	label := capitalised(t.label)
	if t.official || text.Fold(label) == text.Fold(official) {
		return official
	}
	return label + " (" + official + ")"
}

// capitalised writes the first letter large.
func capitalised(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:size]) + s[size:]
}
