package index

import (
	"slices"
	"strings"
	"unicode"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/french"
	"golang.org/x/text/unicode/norm"

	"passerelle/internal/domain/text"
)

// piece is one word of a text: in lower case with its accents, as French
// stemming needs it, and folded, as it is compared.
type piece struct{ surface, folded string }

// pieces splits a text into words; letters, digits and the marks on them are
// words, everything else separates. A ligature that folds to several words
// gives several pieces.
func pieces(s string) []piece {
	var found []piece
	for _, field := range strings.FieldsFunc(norm.NFC.String(s), separates) {
		tokens := text.Tokens(field)
		if len(tokens) == 1 {
			found = append(found, piece{strings.ToLower(field), tokens[0]})
			continue
		}
		for _, t := range tokens {
			found = append(found, piece{t, t})
		}
	}
	return found
}

func separates(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
}

// stems gives the French and English stems of a word, folded and each once.
// The folded form is stemmed too, because people leave accents out.
func (p piece) stems() []string {
	if len(p.folded) < 3 || strings.IndexFunc(p.folded, unicode.IsLetter) < 0 {
		return []string{p.folded}
	}
	found := []string{
		text.Fold(french.Stem(p.surface, true)),
		french.Stem(p.folded, true),
		english.Stem(p.folded, true),
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// wordID numbers a word as written; 0 stands between the parts of a text.
type wordID uint32

// gap separates the parts of a text, so that no phrase crosses them.
const gap wordID = 0

// lexicon numbers the words of all texts and knows which of them share a
// folded form or a stem. Words are never forgotten.
type lexicon struct {
	ids      map[string]wordID
	surfaces []string // by id
	folded   []string // by id
	forms    []wordID // by id: the first word with the same folded form
	byFolded map[string][]wordID
	byStem   map[string][]wordID
	sorted   []string // folded forms, sorted, up to the last tidy
	recent   []string // folded forms since then
}

// recentWords bounds how many words a prefix search looks at one by one.
const recentWords = 512

func newLexicon() *lexicon {
	return &lexicon{ids: map[string]wordID{}, surfaces: []string{""}, folded: []string{""}, forms: []wordID{gap},
		byFolded: map[string][]wordID{}, byStem: map[string][]wordID{}}
}

// id gives the number of a word and learns it if it is new.
func (l *lexicon) id(p piece) wordID {
	if id, ok := l.ids[p.surface]; ok {
		return id
	}
	id := wordID(len(l.folded))
	surface := strings.Clone(p.surface)
	l.ids[surface] = id
	folded := strings.Clone(p.folded)
	l.surfaces, l.folded = append(l.surfaces, surface), append(l.folded, folded)
	if len(l.byFolded[folded]) == 0 {
		l.learn(folded)
	}
	l.byFolded[folded] = append(l.byFolded[folded], id)
	l.forms = append(l.forms, l.byFolded[folded][0])
	for _, stem := range p.stems() {
		l.byStem[stem] = append(l.byStem[stem], id)
	}
	return id
}

func (l *lexicon) learn(folded string) {
	l.recent = append(l.recent, folded)
	if len(l.recent) >= recentWords+len(l.sorted)/8 {
		l.sorted = append(l.sorted, l.recent...)
		slices.Sort(l.sorted)
		l.recent = l.recent[:0]
	}
}

// exact lists the words with that folded form.
func (l *lexicon) exact(folded string) []wordID { return l.byFolded[folded] }

// related lists the words that share the folded form or a stem.
func (l *lexicon) related(p piece) []wordID {
	found := slices.Clone(l.byFolded[p.folded])
	for _, stem := range p.stems() {
		found = append(found, l.byStem[stem]...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// starting lists the words whose folded form starts with the prefix.
func (l *lexicon) starting(prefix string) (found []wordID) {
	at, _ := slices.BinarySearch(l.sorted, prefix)
	for ; at < len(l.sorted) && strings.HasPrefix(l.sorted[at], prefix); at++ {
		found = append(found, l.byFolded[l.sorted[at]]...)
	}
	for _, word := range l.recent {
		if strings.HasPrefix(word, prefix) {
			found = append(found, l.byFolded[word]...)
		}
	}
	return found
}
