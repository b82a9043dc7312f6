package locale

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"passerelle/internal/domain/ref"
)

// placeholder is where a text quotes a value: {0}, or {0:country}.
var placeholder = regexp.MustCompile(`\{([0-9])(?::([a-z_]+))?\}`)

// Quoted lists the placeholders of a text, each once, in order.
func Quoted(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// Text gives the text of the first key that has one, with its placeholders
// filled; a placeholder without a value is left out. ok is false when no key
// has a text.
func (c *Catalogue) Text(loc ref.Locale, args []string, keys ...string) (text string, ok bool) {
	if _, known := c.texts[loc]; !known {
		loc = ref.French
	}
	for _, key := range keys {
		if text, ok = c.texts[loc][key]; ok {
			return c.fill(loc, text, args), true
		}
	}
	return "", false
}

// Label names a code of a closed list, the text of "<list>.<code>"; a code
// that has none is given as it is.
func (c *Catalogue) Label(loc ref.Locale, list, code string) string {
	if text, ok := c.Text(loc, nil, list+"."+code); ok {
		return text
	}
	return code
}

func (c *Catalogue) fill(loc ref.Locale, text string, args []string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	return placeholder.ReplaceAllStringFunc(text, func(mark string) string {
		part := placeholder.FindStringSubmatch(mark)
		at := int(part[1][0] - '0')
		switch {
		case at >= len(args):
			return ""
		case part[2] == "":
			return args[at]
		}
		return c.worded(loc, part[2], args[at])
	})
}

// worded puts a value into the words of a language: an amount in euros, a
// decimal number, a country, or a code of the catalogue's list of that name.
// What it does not know is given as it is.
func (c *Catalogue) worded(loc ref.Locale, list, value string) string {
	switch list {
	case "euro":
		if m, err := ref.ParseMoney(value, ref.EUR); err == nil {
			return m.Display(loc)
		}
		return value
	case "decimal":
		if loc == ref.French {
			return strings.ReplaceAll(value, ".", ",")
		}
		return value
	case "country":
		if country, err := ref.ParseCountry(value); err == nil && country != "" {
			return country.Name(loc)
		}
		return value
	}
	return c.Label(loc, list, value)
}

// ProblemKeys says where the text of a problem with that code is looked for,
// first match first: its own text, that of a field with the same code, that of
// the code above it ("auth.token" for "auth.token.expired"), that of its kind.
func ProblemKeys(code, kind string) []string {
	keys := []string{"problem." + code, "field." + code, "field." + strings.TrimPrefix(code, "ref.")}
	if end := strings.LastIndexByte(code, '.'); end > 0 {
		keys = append(keys, "problem."+code[:end])
	}
	return append(keys, "problem.kind."+kind)
}

// FieldKeys says where the text of a field's code is looked for, first match
// first. A code may have its own text for the number of values it came with
// ("field.length.2"). Findings of the linter have texts of their own.
func FieldKeys(code string, args int) []string {
	if strings.HasPrefix(code, "lint.") {
		return []string{code, "field.invalid"}
	}
	plain := "field." + strings.TrimPrefix(code, "ref.")
	return []string{"field." + code + "." + strconv.Itoa(args), "field." + code, plain, "problem." + code, "field.invalid"}
}
