package ref

import (
	_ "embed"
	"strings"

	"passerelle/internal/domain/fault"
)

//go:embed languages.tsv
var languageTable string

// languageFacts is what is known about one language.
type languageFacts struct {
	name     labels
	alpha3   string
	national bool // one of the thirteen national languages of Mali
}

var languageBook = func() map[Language]languageFacts {
	book := map[Language]languageFacts{}
	for _, r := range rowsOf(languageTable, 5) {
		book[Language(r[0])] = languageFacts{alpha3: r[1], name: labels{fr: r[2], en: r[3]}, national: r[4] == "1"}
	}
	return book
}()

// ParseLanguage reads an ISO 639-1 code, or an ISO 639-3 code of the
// vocabulary where no two-letter code exists ("snk"), in lower case; the empty
// text is "not stated". Anything else is Invalid.
func ParseLanguage(s string) (Language, error) {
	if s == "" {
		return "", nil
	}
	if _, ok := languageBook[Language(s)]; !ok {
		return "", fault.New(fault.Invalid, "ref.language")
	}
	return Language(s), nil
}

// Languages lists every language of the vocabulary in the order of their
// names in the locale.
func Languages(locale Locale) []Language {
	return languagesWhere(locale, func(languageFacts) bool { return true })
}

// NationalLanguages lists the thirteen national languages of Mali in the
// order of their names in the locale.
func NationalLanguages(locale Locale) []Language {
	return languagesWhere(locale, func(f languageFacts) bool { return f.national })
}

func languagesWhere(locale Locale, keep func(languageFacts) bool) []Language {
	out := make([]Language, 0, len(languageBook))
	for code, facts := range languageBook {
		if keep(facts) {
			out = append(out, code)
		}
	}
	sortByLabel(out, func(l Language) string { return l.Name(locale) })
	return out
}

// Name gives the language's name in the locale; empty when not stated.
func (l Language) Name(locale Locale) string { return languageBook[l].name.in(locale) }

// Alpha3 gives the three-letter ISO 639 code (639-2/T or 639-3).
func (l Language) Alpha3() string { return languageBook[l].alpha3 }

var levelNames = [...]string{"", "A1", "A2", "B1", "B2", "C1", "C2"}

// ParseLevel reads a CEFR level, "A1" to "C2" in either case; "native" is C2
// and the empty text is no level. Anything else is Invalid.
func ParseLevel(s string) (Level, error) {
	if strings.EqualFold(s, "native") {
		return C2, nil
	}
	for l, name := range levelNames {
		if strings.EqualFold(s, name) {
			return Level(l), nil
		}
	}
	return NoLevel, fault.New(fault.Invalid, "ref.level")
}

// Levels lists the CEFR levels from A1 to C2.
func Levels() []Level { return []Level{A1, A2, B1, B2, C1, C2} }

// String writes the level as "A1" … "C2"; no level, and anything outside the
// scale, is empty.
func (l Level) String() string {
	if l < NoLevel || l > C2 {
		return ""
	}
	return levelNames[l]
}

// Label describes the level in the locale ("B1 – intermédiaire").
func (l Level) Label(locale Locale) string {
	if l <= NoLevel || l > C2 {
		return ""
	}
	return l.String() + " – " + levelLabels[l-1].in(locale)
}

var levelLabels = [...]labels{
	{"débutant", "beginner"}, {"élémentaire", "elementary"}, {"intermédiaire", "intermediate"},
	{"intermédiaire supérieur", "upper intermediate"}, {"avancé", "advanced"}, {"maîtrise ou langue maternelle", "mastery or native"},
}
