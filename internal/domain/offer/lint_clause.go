package offer

import (
	"regexp"
	"slices"
	"strings"

	"passerelle/internal/domain/text"
)

// clause is one folded statement of a text, short enough that a negation in
// it belongs to what it says.
type clause struct {
	text    string
	pointer string
}

// breaks ends a statement: punctuation, line ends, list marks, and words that
// turn it round ("no fee, but a deposit …").
var breaks = regexp.MustCompile(`[.!?]+(?:\s|$)|[;•|\n\r]+|\s[-*]\s|\b(?:mais|but|sauf|excepte|except|however|toutefois|cependant|hormis|apart from|other than|en revanche)\b`)

// abbreviations whose full stop ends nothing.
var abbreviations = strings.NewReplacer("max. ", "max ", "min. ", "min ", "env. ", "env ", "no. ", "no ", "approx. ", "approx ")

// clausesOf splits title, description and the wording of pay.
func clausesOf(t Terms) []clause {
	var all []clause
	for _, part := range []struct{ pointer, value string }{{"/title", t.Title}, {"/description", t.Description}, {"/payText", t.PayText}} {
		for _, line := range strings.FieldsFunc(part.value, func(r rune) bool { return r == '\n' || r == '\r' }) {
			folded := abbreviations.Replace(text.Fold(line))
			for _, piece := range breaks.Split(folded, -1) {
				if piece = strings.Join(strings.Fields(piece), " "); piece != "" {
					all = append(all, clause{text: piece, pointer: part.pointer})
				}
			}
		}
	}
	for _, d := range t.Deductions {
		all = append(all, clause{text: text.Fold(d.Label), pointer: "/deductions"})
	}
	return all
}

// term is one forbidden kind of statement: any of the patterns, found in a
// folded clause and not taken back by unless.
type term struct {
	code     string
	blocking bool
	// hints are words of which one occurs wherever a pattern can match; they
	// spare the patterns nearly every clause.
	hints    []string
	patterns []*regexp.Regexp
	// unless says, from the clause and the place of the match, that the words
	// say the opposite or speak of something else.
	unless func(clause string, start, end int) bool
}

// matchClauses adds a finding for each term that occurs.
func (l *linter) matchClauses(terms []term) {
	for _, c := range l.clauses {
		for _, t := range terms {
			if t.in(c.text) {
				l.add(Finding{Code: t.code, Pointer: c.pointer, Blocking: t.blocking})
			}
		}
	}
}

func (t term) in(clause string) bool {
	if !slices.ContainsFunc(t.hints, func(hint string) bool { return strings.Contains(clause, hint) }) {
		return false
	}
	for _, p := range t.patterns {
		for _, at := range p.FindAllStringIndex(clause, -1) {
			if t.unless == nil || !t.unless(clause, at[0], at[1]) {
				return true
			}
		}
	}
	return false
}

// anyOf compiles patterns; {fee} and the like stand for the shared parts.
func anyOf(patterns ...string) []*regexp.Regexp {
	compiled := make([]*regexp.Regexp, len(patterns))
	for i, p := range patterns {
		compiled[i] = regexp.MustCompile(shared.Replace(p))
	}
	return compiled
}

// before and after give what surrounds a match, at most n bytes.
func before(clause string, start, n int) string { return clause[max(0, start-n):start] }

func after(clause string, end, n int) string { return clause[end:min(len(clause), end+n)] }

// either is the unless of any of several.
func either(rules ...func(string, int, int) bool) func(string, int, int) bool {
	return func(clause string, start, end int) bool {
		for _, rule := range rules {
			if rule(clause, start, end) {
				return true
			}
		}
		return false
	}
}
