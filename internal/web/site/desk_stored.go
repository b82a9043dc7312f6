package site

import (
	"strings"

	"passerelle/internal/domain/fault"
)

// storedLines says what is stored, where it differs from what is typed in a
// form whose record somebody else has changed meanwhile: sent again, the form
// replaces just that. Both forms have the same fields.
func storedLines(failed error, typed, stored *form) []fact {
	var lines []fact
	if !fault.Is(failed, fault.Stale) {
		return nil
	}
	for i, g := range stored.Groups {
		for j, q := range g.Fields {
			now := q.says()
			if now == typed.Groups[i].Fields[j].says() {
				continue
			}
			label := q.Label
			if g.Legend != "" {
				label = g.Legend + ", " + inner(label)
			}
			lines = append(lines, fact{Label: label, Value: now})
		}
	}
	return lines
}

// says gives the answer of a field in words; how browsers end lines is no part
// of it.
func (q field) says() string {
	if len(q.Options) == 0 {
		return strings.TrimSpace(strings.ReplaceAll(q.Value, "\r\n", "\n"))
	}
	var chosen []string
	for _, o := range q.Options {
		if o.Chosen && o.Value != "" {
			chosen = append(chosen, o.Label)
		}
	}
	return strings.Join(chosen, ", ")
}
