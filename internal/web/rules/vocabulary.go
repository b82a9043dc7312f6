package rules

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// Rule is one word of the house for `validate` tags on text fields. Its name
// is also the message code ("field.<name>").
type Rule struct {
	Name        string
	Check       func(value, param string) bool
	Format      string                        // JSON Schema format
	Pattern     string                        // JSON Schema pattern; empty = none
	Values      []string                      // the closed list, if there is one
	ParamFormat func(param string) (p string) // pattern of a rule with a parameter
	Description string
}

// The shapes of codes and numbers. RE2, anchored, without alternatives that
// could be read differently by JSON Schema.
const (
	patternOccupation = `^[0-9]{1,4}$`
	patternUnitGroup  = `^[0-9]{4}$`
	patternDate       = `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`
	patternMonth      = `^[0-9]{4}-[0-9]{2}$`
	patternAmount     = `^(0|[1-9][0-9]{0,14})(\.[0-9]{1,4})?$`
	patternPhone      = `^\+[1-9][0-9]{6,14}$`
	patternCode       = `^[a-z0-9]+(-[a-z0-9]+)*$`
	patternCorridor   = `^[A-Z]{2}-[A-Z]{2}$`
	patternCountry    = `^[A-Z]{2}$`
	patternCurrency   = `^[A-Z]{3}$`
	patternLanguage   = `^[a-z]{2,3}$`
	patternRegion     = `^[A-Z0-9]{1,3}$`
	patternSector     = `^([A-U]|[0-9]{2})$`
	patternLine       = `^[^\n\t]*$`
)

// Vocabulary lists the rules in order of name.
func Vocabulary() []Rule {
	return []Rule{
		{Name: "amount", Pattern: patternAmount, Check: matches(patternAmount), Description: "decimal amount in major units with exactly the currency's decimals"},
		closed("basis", texts(ref.Bases()), "whether pay is before or after tax"),
		{Name: "code", Pattern: patternCode, Check: matches(patternCode), Description: "lower-case words joined by hyphens"},
		{Name: "corridor", Pattern: patternCorridor, Check: isCorridor, Description: "origin and destination, ISO 3166-1 alpha-2"},
		{Name: "country", Pattern: patternCountry, Check: reads(ref.ParseCountry), Description: "ISO 3166-1 alpha-2 country"},
		{Name: "currency", Pattern: patternCurrency, Check: reads(ref.ParseCurrency), Description: "ISO 4217 currency"},
		{Name: "date", Pattern: patternDate, Format: "date", Check: reads(ref.ParseDate), Description: "civil date"},
		{Name: "id", ParamFormat: idPattern, Check: isID, Description: "identifier: kind prefix, then letters and digits"},
		closed("kind", texts(ref.WorkKinds()), "legal form of the work"),
		{Name: "language", Pattern: patternLanguage, Check: reads(ref.ParseLanguage), Description: "ISO 639 language"},
		closed("level", levels(), "CEFR level"),
		{Name: "licence", Pattern: patternCode, Check: reads(ref.ParseLicence), Description: "code of a licence or certificate"},
		{Name: "line", Pattern: patternLine, Check: isLine, Description: "text on one line"},
		closed("locale", texts(ref.Locales()), "language of the screens"),
		{Name: "month", Pattern: patternMonth, Check: reads(ref.ParseMonth), Description: "calendar month"},
		{Name: "name", Pattern: patternLine, Check: isName, Description: "name of a person, place or organisation, without invisible characters"},
		{Name: "occupation", Pattern: patternOccupation, Check: reads(ref.ParseOccupation), Description: "ISCO-08 code of 1 to 4 digits"},
		closed("period", texts(ref.Periods()), "time one payment covers"),
		{Name: "phone", Pattern: patternPhone, Check: matches(patternPhone), Description: "E.164 phone number"},
		{Name: "region", Pattern: patternRegion, Check: reads(ref.ParseRegion), Description: "region of Mali"},
		{Name: "sector", Pattern: patternSector, Check: reads(ref.ParseSector), Description: "ISIC Rev. 4 section or division"},
		{Name: "skill", Pattern: patternCode, Check: reads(ref.ParseSkill), Description: "code of a skill"},
		{Name: "unit_group", Pattern: patternUnitGroup, Check: isUnitGroup, Description: "ISCO-08 unit group"},
	}
}

// closed makes the rule of a short list of values.
func closed(name string, values []string, description string) Rule {
	check := func(value, _ string) bool { return slices.Contains(values, value) }
	return Rule{Name: name, Values: values, Check: check, Description: description}
}

// reads makes the rule of a vocabulary; its parser takes the empty text for
// "not stated", which a tag says by omitempty.
func reads[T any](parse func(string) (T, error)) func(string, string) bool {
	return func(value, _ string) bool {
		_, err := parse(value)
		return err == nil && value != ""
	}
}

// Lookup finds a rule by its name.
func Lookup(name string) (Rule, bool) {
	all := Vocabulary()
	i := slices.IndexFunc(all, func(r Rule) bool { return r.Name == name })
	if i < 0 {
		return Rule{}, false
	}
	return all[i], true
}

func matches(pattern string) func(string, string) bool {
	re := regexp.MustCompile(pattern)
	return func(value, _ string) bool { return re.MatchString(value) }
}

func texts[S ~string](values []S) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

func levels() []string {
	var out []string
	for _, l := range ref.Levels() {
		out = append(out, l.String())
	}
	return out
}

func isCorridor(value, _ string) bool {
	from, to, ok := strings.Cut(value, "-")
	country := reads(ref.ParseCountry)
	return ok && from != to && country(from, "") && country(to, "")
}

func isUnitGroup(value, _ string) bool {
	code, err := ref.ParseOccupation(value)
	return err == nil && code.IsUnitGroup()
}

// isID checks "<prefix>_" and 20 to 40 letters and digits, with the prefix as
// the parameter (id=off): a ULID, or a hash where an id follows from a key.
func isID(value, prefix string) bool {
	tail, ok := strings.CutPrefix(value, prefix+"_")
	return ok && len(tail) >= 20 && len(tail) <= 40 && strings.IndexFunc(tail, notAlphanumeric) < 0
}

func notAlphanumeric(r rune) bool {
	return !(r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z')
}

func idPattern(prefix string) string {
	return "^" + regexp.QuoteMeta(prefix) + "_[0-9A-Za-z]{20,40}$"
}

func isLine(value, _ string) bool { return text.Printable(value) }

func isName(value, _ string) bool { return IsName(value) }

// IsName reports whether the text can be a name: something visible on one
// line, without control characters and without the invisible ones that make
// one name look like another (bidirectional controls, zero-width characters,
// tags, private use).
func IsName(value string) bool {
	if !text.Printable(value) {
		return false
	}
	visible := false
	for _, r := range value {
		if r == unicode.ReplacementChar || unicode.In(r, unicode.C) || fillers(r) {
			return false
		}
		visible = visible || unicode.IsGraphic(r) && !unicode.IsSpace(r)
	}
	return visible
}

// fillers are letters by category that show nothing.
func fillers(r rune) bool {
	return r == 0x115F || r == 0x1160 || r == 0x3164 || r == 0xFFA0 || r == 0x034F || r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF
}

// HasControl reports whether the text holds a control character other than
// newline and tab, or a character from Unicode's tag block.
func HasControl(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\t' || r >= 0xE0000 && r <= 0xE007F
	}) >= 0
}
