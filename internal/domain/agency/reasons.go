package agency

import (
	"slices"
	"unicode/utf8"

	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/text"
)

// maxNote bounds the wording that goes with a decision, in characters.
const maxNote = 2000

// OtherReason is the reason that must be explained in a note.
const OtherReason = "other"

// Reasons gives the closed list of reason codes of an action; nil for an
// action that takes none.
func Reasons(action string) []string {
	switch action {
	case ActRefuse:
		return []string{"licence_invalid", "licence_expired", "file_incomplete", "false_statement", "conditions_not_met", OtherReason}
	case ActSuspend:
		return []string{"fees_charged", "false_offers", "complaints", "licence_doubtful", "conditions_not_met", "court_order", OtherReason}
	default:
		return nil
	}
}

// check gives the decision in its stored form. It reports an unknown or missing
// reason code, a note that is missing where the reason needs one, a note no
// stored text may hold, and what is wrong with the legal act of a suspension
// or reopening.
func (d Decision) check() (Decision, error) {
	var bad fault.List
	reason, note := d.Reason, d.Note
	if d.Action == ActSuspend || d.Action == ActReopen {
		act := corridor.LegalAct{Number: d.Act, Evidence: d.Evidence}.Check(&bad)
		d.Act, d.Evidence = act.Number, act.Evidence
	}
	if known := Reasons(d.Action); known != nil {
		bad.Check(reason != "", "/reason", "required")
		bad.Check(reason == "" || slices.Contains(known, reason), "/reason", "reason.unknown")
		bad.Check(reason != OtherReason || note != "", "/note", "required")
	}
	bad.Check(utf8.RuneCountInString(note) <= maxNote, "/note", "too_long", "2000")
	bad.Check(!text.HasForbidden(note), "/note", "text.forbidden")
	return d, bad.Err("agency.invalid")
}
