package collect

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"

	"passerelle/internal/domain/ref"
)

// node is a JSON value of somebody else's making: any shape may turn up
// where the vocabulary allows several.
type node struct{ v any }

// get follows a member of an object; a list of objects answers with its first.
func (n node) get(name string) node {
	switch v := n.v.(type) {
	case map[string]any:
		return node{v[name]}
	case []any:
		if len(v) > 0 {
			return node{v[0]}.get(name)
		}
	}
	return node{}
}

func (n node) missing() bool {
	switch v := n.v.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0
	}
	return false
}

// text gives a string or number as text; a list answers with its first, an
// object with its name or value.
func (n node) text() string {
	switch v := n.v.(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	case []any:
		if len(v) > 0 {
			return node{v[0]}.text()
		}
	case map[string]any:
		for _, member := range []string{"name", "value", "codeValue", "@value"} {
			if s := (node{v[member]}).text(); s != "" {
				return s
			}
		}
	}
	return ""
}

// list gives the elements of a list, or the single value as a list of one.
func (n node) list() []node {
	if n.missing() {
		return nil
	}
	v, ok := n.v.([]any)
	if !ok {
		return []node{n}
	}
	out := make([]node, len(v))
	for i := range v {
		out[i] = node{v[i]}
	}
	return out
}

// texts gives every element of a list as text, commas inside one string
// parting elements too.
func (n node) texts() []string {
	var out []string
	for _, e := range n.list() {
		for _, s := range strings.FieldsFunc(e.text(), func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
			if s = strings.TrimSpace(s); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}

// dateForms are the ways of writing a day or an instant met in real feeds.
var dateForms = []string{
	time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05.999Z0700", "2006-01-02T15:04Z07:00",
	"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", time.DateOnly,
	"02/01/2006", "20060102", time.RFC1123Z, time.RFC1123, "2 January 2006", "January 2, 2006",
}

// date reads a day as it is written: the day of an instant is the day in the
// writer's own time zone, so a deadline of 23:59 +01:00 keeps its date.
func date(s string) (ref.Date, bool) {
	for _, form := range dateForms {
		if t, err := time.Parse(form, s); err == nil {
			d, err := ref.ParseDate(t.Format(time.DateOnly))
			return d, err == nil
		}
	}
	return "", false
}

var number = regexp.MustCompile(`^\d+(?:[.,]\d+)?$`)

// minor reads an amount of somebody else's writing ("1500", "1500.5",
// "1 500,00") as minor units. Amounts finer than the currency allows, signs
// and words are refused; zero is "not stated".
func minor(s string, currency ref.Currency) (int64, bool) {
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(strings.TrimSpace(s))
	if !number.MatchString(s) || len(s) > 15 {
		return 0, false
	}
	whole, frac, _ := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	decimals := currency.Decimals()
	frac = strings.TrimRight(frac, "0")
	if len(frac) > decimals {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+frac+strings.Repeat("0", decimals-len(frac)), 10, 64)
	return n, err == nil && n <= ref.MaxAmount
}

// hundredths reads a figure with at most two decimals ("37.5" → 3750).
func hundredths(s string) (int, bool) {
	s = strings.Replace(strings.TrimSpace(s), ",", ".", 1)
	whole, frac, _ := strings.Cut(s, ".")
	if !number.MatchString(s) || len(whole) > 4 || len(frac) > 2 {
		return 0, false
	}
	n, err := strconv.Atoi(whole + frac + strings.Repeat("0", 2-len(frac)))
	return n, err == nil
}

// whole reads a whole number between 0 and most.
func whole(s string, most int) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	return n, err == nil && n >= 0 && n <= most
}
