package offer

import (
	"context"
	"errors"
	"maps"
	"slices"
)

// maxEarlier bounds the snapshots of earlier versions that are kept; the oldest
// go first.
const maxEarlier = 20

// TermChange is one member in which two sets of terms differ.
type TermChange struct {
	Field string // JSON name, for example "pay" or "benefits.housing"
	// Before and After are the canonical values: plain text for a single value,
	// JSON for a group or a list; empty = not stated.
	Before string
	After  string
}

// Differences lists the members in which the terms differ, by name. Benefits
// and costs are told one by one, pay as a whole.
func Differences(from, to Terms) []TermChange {
	a, b := flat(from), flat(to)
	var changes []TermChange
	for _, name := range slices.Sorted(maps.Keys(union(a, b))) {
		if before, after := valueText(a[name]), valueText(b[name]); before != after {
			changes = append(changes, TermChange{Field: name, Before: before, After: after})
		}
	}
	return changes
}

// DifferenceFields lists every name that Differences can give, sorted.
func DifferenceFields() []string {
	return []string{"benefits.flight", "benefits.housing", "benefits.insurance", "benefits.meals", "benefits.transport", "city",
		"costs.flight", "costs.medical", "costs.training", "costs.visa", "costs.workerFee", "country", "daysPerWeek", "deadline", "deductions",
		"description", "durationMonths", "education", "employer", "employerName", "experienceMonths", "hoursPerWeek", "kind", "languages",
		"licences", "minAge", "occupation", "optionalSkills", "pay", "payText", "places", "region", "regulated", "requiredSkills", "start", "title"}
}

// flat gives the canonical members with those of benefits and costs beside the
// others.
func flat(t Terms) object {
	o := canonicalObject(t)
	for _, group := range []string{"benefits", "costs"} {
		members, _ := o[group].(object)
		delete(o, group)
		for name, value := range members {
			o[group+"."+name] = value
		}
	}
	return o
}

// valueText writes one canonical value; an absent one is empty.
func valueText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	return string(appendJSON(nil, value))
}

// replaced keeps the snapshot that a newly frozen one replaces, and asks that
// the applicants be told where the two differ.
func (o *Offer) replaced(old *Snapshot) {
	if old == nil {
		return
	}
	o.Earlier = append(slices.Clone(o.Earlier), *old)
	if extra := len(o.Earlier) - maxEarlier; extra > 0 {
		o.Earlier = o.Earlier[extra:]
	}
	if len(Differences(old.Terms, o.Frozen.Terms)) > 0 {
		o.Announce = o.Frozen.Version
	}
}

// Published gives the snapshot of a version; false when it was never published
// or is not kept any more.
func (o *Offer) Published(version int) (Snapshot, bool) {
	if o.Frozen != nil && o.Frozen.Version == version {
		return *o.Frozen, true
	}
	for _, s := range o.Earlier {
		if s.Version == version {
			return s, true
		}
	}
	return Snapshot{}, false
}

// Announced notes that everybody was told of that version. It is no change of
// the offer itself, so the revision stays. It may be repeated.
func (s *Service) Announced(ctx context.Context, id ID, version int) error {
	_, err := s.deps.Store.Update(ctx, id, func(o *Offer) error {
		if o.Announce != version {
			return errUnchanged
		}
		o.Announce = 0
		return nil
	})
	if isNotFound(err) || errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}
