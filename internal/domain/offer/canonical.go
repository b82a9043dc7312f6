package offer

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"passerelle/internal/domain/ref"
)

// object is a JSON object before it is written; unknown members are left out.
type object map[string]any

// put adds a member unless its value is the zero value, which means "not
// stated".
func put[T comparable](o object, name string, value T) {
	var zero T
	if value != zero {
		o[name] = value
	}
}

// putSet adds a member unless the set is empty.
func putSet[T ~string](o object, name string, values []T) {
	if len(values) == 0 {
		return
	}
	list := make([]any, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	o[name] = list
}

// putObject adds a member unless the object has no member.
func putObject(o object, name string, value object) {
	if len(value) > 0 {
		o[name] = value
	}
}

// canonicalObject gives the terms as the JSON object that is sealed: the
// members of the JSON API, amounts as decimal strings in major units with
// exactly the currency's decimals, hours and days as decimal strings, unknown
// members absent.
func canonicalObject(t Terms) object {
	o := object{"places": t.Places}
	put(o, "title", t.Title)
	put(o, "description", t.Description)
	put(o, "occupation", string(t.Occupation))
	put(o, "kind", string(t.Kind))
	put(o, "employer", t.Employer)
	put(o, "employerName", t.EmployerName)
	put(o, "country", string(t.Country))
	put(o, "region", t.Region)
	put(o, "city", t.City)
	put(o, "start", string(t.Start))
	put(o, "durationMonths", t.DurationMonths)
	put(o, "hoursPerWeek", Hundredths(t.HoursPerWeek))
	put(o, "daysPerWeek", Hundredths(t.DaysPerWeek))
	put(o, "payText", t.PayText)
	put(o, "education", int(t.Education))
	put(o, "experienceMonths", t.ExperienceMonths)
	put(o, "minAge", t.MinAge)
	put(o, "regulated", t.Regulated)
	put(o, "deadline", string(t.Deadline))
	putSet(o, "requiredSkills", t.RequiredSkills)
	putSet(o, "optionalSkills", t.OptionalSkills)
	putSet(o, "licences", t.Licences)
	putObject(o, "pay", payObject(t.Pay))
	putObject(o, "benefits", benefitsObject(t.Benefits))
	putObject(o, "costs", costsObject(t))
	putLists(o, t)
	return o
}

func putLists(o object, t Terms) {
	if len(t.Languages) > 0 {
		list := make([]any, len(t.Languages))
		for i, l := range t.Languages {
			list[i] = object{"language": string(l.Language), "level": l.Level.String()}
		}
		o["languages"] = list
	}
	if len(t.Deductions) > 0 {
		list := make([]any, len(t.Deductions))
		for i, d := range t.Deductions {
			list[i] = object{"label": d.Label, "amount": amount(d.Amount, t.Pay.Currency)}
		}
		o["deductions"] = list
	}
}

func payObject(p ref.Pay) object {
	o := object{}
	if p.Min != 0 {
		o["amount"] = amount(p.Min, p.Currency)
	}
	if p.Max != 0 {
		o["amountMax"] = amount(p.Max, p.Currency)
	}
	put(o, "currency", string(p.Currency))
	put(o, "period", string(p.Period))
	put(o, "basis", string(p.Basis))
	put(o, "paymentsPerYear", p.PaymentsPerYear)
	return o
}

func benefitsObject(b Benefits) object {
	o := object{}
	put(o, "housing", string(b.Housing))
	put(o, "meals", string(b.Meals))
	put(o, "transport", string(b.Transport))
	put(o, "insurance", string(b.Insurance))
	put(o, "flight", string(b.Flight))
	return o
}

func costsObject(t Terms) object {
	o := object{}
	put(o, "visa", string(t.Costs.Visa))
	put(o, "flight", string(t.Costs.Flight))
	put(o, "medical", string(t.Costs.Medical))
	put(o, "training", string(t.Costs.Training))
	if t.Costs.WorkerFee != 0 {
		o["workerFee"] = amount(t.Costs.WorkerFee, t.Pay.Currency)
	}
	return o
}

func amount(minor int64, currency ref.Currency) string {
	return ref.Money{Amount: minor, Currency: currency}.Format()
}

// Hundredths writes hours or days given in hundredths as a decimal without
// trailing zeros ("37.5"); 0, which is "not stated", is empty.
func Hundredths(n int) string {
	if n == 0 {
		return ""
	}
	whole, frac := n/100, n%100
	if frac == 0 {
		return strconv.Itoa(whole)
	}
	return strings.TrimRight(fmt.Sprintf("%d.%02d", whole, frac), "0")
}

// ParseHundredths reads what Hundredths writes: digits, and at most two
// decimals. ok is false for anything else, and above 9,999.99.
func ParseHundredths(s string) (n int, ok bool) {
	if s == "" {
		return 0, true
	}
	whole, frac, dotted := strings.Cut(s, ".")
	if len(whole) == 0 || len(whole) > 4 || len(frac) > 2 || dotted && frac == "" {
		return 0, false
	}
	for _, r := range whole + frac {
		if r < '0' || r > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(whole + frac + "00"[:2-len(frac)])
	return n, err == nil
}

// Canonical writes the terms as canonical JSON (RFC 8785): members sorted by
// their UTF-16 code units, no white space, the shortest escapes.
func Canonical(t Terms) []byte {
	return appendJSON(nil, canonicalObject(t))
}

// Digest gives the SHA-256 of the canonical JSON in lower-case hex.
func Digest(t Terms) string {
	sum := sha256.Sum256(Canonical(t))
	return hex.EncodeToString(sum[:])
}

// ChangedFields names the top-level members in which two sets of terms
// differ, sorted.
func ChangedFields(before, after Terms) []string {
	a, b := canonicalObject(before), canonicalObject(after)
	var changed []string
	for _, name := range slices.Sorted(maps.Keys(union(a, b))) {
		if string(appendJSON(nil, a[name])) != string(appendJSON(nil, b[name])) {
			changed = append(changed, name)
		}
	}
	return changed
}

func union(a, b object) object {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// appendJSON writes one value; numbers are integers well within the range in
// which RFC 8785 and decimal notation agree.
func appendJSON(out []byte, value any) []byte {
	switch v := value.(type) {
	case nil:
		return append(out, "null"...)
	case string:
		return appendString(out, v)
	case int:
		return strconv.AppendInt(out, int64(v), 10)
	case bool:
		return strconv.AppendBool(out, v)
	case object:
		return appendObject(out, v)
	case []any:
		out = append(out, '[')
		for i, item := range v {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendJSON(out, item)
		}
		return append(out, ']')
	default:
		panic(fmt.Sprintf("offer: no canonical form of %T", value))
	}
}

func appendObject(out []byte, o object) []byte {
	names := slices.Collect(maps.Keys(o))
	slices.SortFunc(names, func(a, b string) int {
		return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
	})
	out = append(out, '{')
	for i, name := range names {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(appendString(out, name), ':')
		out = appendJSON(out, o[name])
	}
	return append(out, '}')
}

// appendString escapes what RFC 8785 says and nothing else.
func appendString(out []byte, s string) []byte {
	out = append(out, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			out = append(out, '\\', byte(r))
		case r == '\b':
			out = append(out, `\b`...)
		case r == '\t':
			out = append(out, `\t`...)
		case r == '\n':
			out = append(out, `\n`...)
		case r == '\f':
			out = append(out, `\f`...)
		case r == '\r':
			out = append(out, `\r`...)
		case r < 0x20:
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			out = append(out, string(r)...)
		}
	}
	return append(out, '"')
}
