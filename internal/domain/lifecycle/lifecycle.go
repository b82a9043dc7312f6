// Package lifecycle holds the shape of a transition table: which action leads
// from which state to which, and who may take it. Every noun with states
// declares its table here-shaped; golden tests print it, so that a change of
// the rules is seen in review.
package lifecycle

import (
	"fmt"
	"slices"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// Step is one allowed transition.
type Step[S ~string] struct {
	Action string         // domain verb, for example "publish"
	From   []S            // states it may start from
	To     S              // state it leads to
	By     []account.Role // who may take it; System = a job or a consequence
}

// Table is the complete set of transitions of one noun.
type Table[S ~string] []Step[S]

// Next gives the state that action leads to from state from. It fails with
// Conflict code "transition" when the table has no such step, and with
// Forbidden when the role may not take it.
func (t Table[S]) Next(action string, from S, role account.Role) (S, error) {
	forbidden := false
	for _, step := range t {
		if step.Action != action || !slices.Contains(step.From, from) {
			continue
		}
		if slices.Contains(step.By, role) {
			return step.To, nil
		}
		forbidden = true
	}
	if forbidden {
		return from, fault.New(fault.Forbidden, "auth.forbidden")
	}
	return from, fault.New(fault.Conflict, "transition", fault.Field{Pointer: "", Code: "transition.state", Args: []string{action, string(from)}})
}

// String prints the table, one step a line, for golden tests and readers.
func (t Table[S]) String() string {
	var b strings.Builder
	for _, step := range t {
		from := make([]string, len(step.From))
		for i, s := range step.From {
			from[i] = string(s)
		}
		by := make([]string, len(step.By))
		for i, r := range step.By {
			by[i] = string(r)
		}
		fmt.Fprintf(&b, "%-16s %s -> %s (%s)\n", step.Action, strings.Join(from, "|"), step.To, strings.Join(by, ", "))
	}
	return b.String()
}
