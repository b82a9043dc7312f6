package ref

import (
	_ "embed"
	"slices"
	"strings"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/text"
)

//go:embed skills.tsv
var skillTable string

//go:embed licences.tsv
var licenceTable string

// slugBook is a vocabulary of slugs with their labels, and the phrases by
// which a text mentions them.
type slugBook struct {
	codes   []string // in order
	labels  map[string]labels
	phrases map[string][]phrase // by first word
}

// phrase is a row of folded, singular words that stands for a code.
type phrase struct {
	words []string
	code  string
}

var skillBook = readSlugs(skillTable)

var licenceBook = readSlugs(licenceTable)

func readSlugs(table string) slugBook {
	book := slugBook{labels: map[string]labels{}, phrases: map[string][]phrase{}}
	for _, r := range rowsOf(table, 4) {
		book.codes = append(book.codes, r[0])
		book.labels[r[0]] = labels{fr: r[1], en: r[2]}
		for _, p := range append(strings.Split(r[3], "|"), bare(r[1]), bare(r[2])) {
			book.addPhrase(p, r[0])
		}
	}
	slices.Sort(book.codes)
	return book
}

// bare leaves out what a label says in brackets.
func bare(label string) string {
	before, _, _ := strings.Cut(label, " (")
	return before
}

func (b slugBook) addPhrase(text, code string) {
	words := singularWords(text)
	if len(words) == 0 {
		return
	}
	b.phrases[words[0]] = append(b.phrases[words[0]], phrase{words: words, code: code})
}

// singularWords gives the folded words of s without a plural s or x, so that
// a phrase is found in both numbers.
func singularWords(s string) []string {
	words := text.Tokens(s)
	for i, w := range words {
		words[i] = singular(w)
	}
	return words
}

func singular(w string) string {
	if len(w) > 3 && !strings.HasSuffix(w, "ss") && (strings.HasSuffix(w, "s") || strings.HasSuffix(w, "aux") || strings.HasSuffix(w, "eux")) {
		return w[:len(w)-1]
	}
	return w
}

// mentioned gives the codes whose phrases occur in s, each once, in order. At
// one place the longest phrase wins ("permis ce" is not "permis c").
func (b slugBook) mentioned(s string) []string {
	words := singularWords(s)
	found := map[string]bool{}
	for i := 0; i < len(words); {
		longest := 0
		for _, p := range b.phrases[words[i]] {
			if len(p.words) >= longest && len(p.words) <= len(words)-i && slices.Equal(p.words, words[i:i+len(p.words)]) {
				longest = len(p.words)
			}
		}
		for _, p := range b.phrases[words[i]] {
			if longest > 0 && len(p.words) == longest && slices.Equal(p.words, words[i:i+longest]) {
				found[p.code] = true
			}
		}
		i += max(1, longest)
	}
	out := make([]string, 0, len(found))
	for code := range found {
		out = append(out, code)
	}
	slices.Sort(out)
	return out
}

// label names a code, or writes an unknown slug as words.
func (b slugBook) label(code string, locale Locale) string {
	if l, ok := b.labels[code]; ok {
		return l.in(locale)
	}
	words := strings.ReplaceAll(code, "-", " ")
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

// isSlug reports whether s is lower-case ASCII words and numbers joined by
// single hyphens, 2 to 60 characters.
func isSlug(s string) bool {
	if len(s) < 2 || len(s) > 60 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c == '-' && (i == 0 || i == len(s)-1 || s[i-1] == '-') {
			return false
		}
		if c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// ParseSkill reads the code of a skill. Any well-formed code is accepted,
// since agencies name skills the vocabulary does not know; anything else,
// also the empty text, is Invalid.
func ParseSkill(s string) (Skill, error) {
	if !isSlug(s) {
		return "", fault.New(fault.Invalid, "ref.skill")
	}
	return Skill(s), nil
}

// ParseLicence reads the code of a licence or certificate, as ParseSkill does.
func ParseLicence(s string) (Licence, error) {
	if !isSlug(s) {
		return "", fault.New(fault.Invalid, "ref.licence")
	}
	return Licence(s), nil
}

// Skills lists the skills of the vocabulary in the order of their codes.
func Skills() []Skill { return codesOf[Skill](skillBook.codes) }

// Licences lists the licences and certificates of the vocabulary in the order
// of their codes.
func Licences() []Licence { return codesOf[Licence](licenceBook.codes) }

func codesOf[T ~string](codes []string) []T {
	out := make([]T, len(codes))
	for i, c := range codes {
		out[i] = T(c)
	}
	return out
}

// SkillLabel names a skill in the locale; a code outside the vocabulary is
// written as words.
func SkillLabel(s Skill, locale Locale) string { return skillBook.label(string(s), locale) }

// Label names the skill in the locale, like SkillLabel.
func (s Skill) Label(locale Locale) string { return SkillLabel(s, locale) }

// Known reports whether the skill is in the vocabulary.
func (s Skill) Known() bool { _, ok := skillBook.labels[string(s)]; return ok }

// Label names the licence in the locale; a code outside the vocabulary is
// written as words.
func (l Licence) Label(locale Locale) string { return licenceBook.label(string(l), locale) }

// Known reports whether the licence is in the vocabulary.
func (l Licence) Known() bool { _, ok := licenceBook.labels[string(l)]; return ok }

// FindSkills gives the skills of the vocabulary that a French or English text
// mentions by name, whatever case, accents and number, in the order of their
// codes.
func FindSkills(s string) []Skill { return codesOf[Skill](skillBook.mentioned(s)) }

// FindLicences gives the licences and certificates that a French or English
// text mentions by name, in the order of their codes.
func FindLicences(s string) []Licence { return codesOf[Licence](licenceBook.mentioned(s)) }
