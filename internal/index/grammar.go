package index

import (
	"strings"
	"unicode"
)

// item is one thing a search text asks for: a word with its relatives, a
// phrase, or a prefix; excluded items must not occur.
type item struct {
	words   []piece // more than one: a phrase
	quoted  bool    // exactly as written, no relatives
	prefix  bool
	exclude bool
}

// parse reads a search text. Words stand between white space and must all
// occur; "several words" in quotes must follow each other; -word must not
// occur; word* completes. Case and accents do not matter. A word written with
// inner signs ("chef-cuisinier") is a phrase, less the elided article before
// an apostrophe ("l'hôtel"). Nothing is a mistake: what cannot be read as more
// is read as words.
func parse(q string) (items []item) {
	for q = strings.TrimSpace(plainQuotes.Replace(q)); q != ""; q = strings.TrimSpace(q) {
		exclude := strings.HasPrefix(q, "-")
		q = strings.TrimPrefix(q, "-")
		var it item
		if strings.HasPrefix(q, `"`) {
			it, q = phrase(q[1:])
		} else {
			it, q = bareWord(q)
		}
		if it.exclude = exclude; len(it.words) > 0 {
			items = append(items, it)
		}
	}
	return items
}

var plainQuotes = strings.NewReplacer("«", `"`, "»", `"`, "“", `"`, "”", `"`, "„", `"`, "’", "'", "‘", "'")

// phrase reads up to the closing quote, or to the end without one.
func phrase(q string) (it item, rest string) {
	inside, rest, _ := strings.Cut(q, `"`)
	return item{words: pieces(inside), quoted: true}, rest
}

func bareWord(q string) (it item, rest string) {
	end := strings.IndexFunc(q, func(r rune) bool { return unicode.IsSpace(r) || r == '"' })
	if end < 0 {
		end = len(q)
	}
	word, rest := q[:end], q[end:]
	if article, noun, elided := strings.Cut(word, "'"); elided && len(article) <= 2 && noun != "" {
		word = noun
	}
	it.words = pieces(word)
	it.prefix = strings.HasSuffix(word, "*") && len(it.words) == 1
	it.quoted = len(it.words) > 1
	return it, rest
}
