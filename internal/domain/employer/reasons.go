package employer

import (
	"slices"
	"unicode/utf8"

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
		return []string{"not_registered", "identity_doubtful", "duplicate", "file_incomplete", "working_conditions", OtherReason}
	case ActBar:
		return []string{"contract_substitution", "unpaid_wages", "abuse", "fees_charged", "unsafe_work", "papers_withheld", "court_order", OtherReason}
	default:
		return nil
	}
}

// checkReason reports an unknown or missing reason code, a note that is
// missing where the reason needs one, and a note no stored text may hold.
func checkReason(action, reason, note string) error {
	var bad fault.List
	if known := Reasons(action); known != nil {
		bad.Check(reason != "", "/reason", "required")
		bad.Check(reason == "" || slices.Contains(known, reason), "/reason", "reason.unknown")
		bad.Check(reason != OtherReason || note != "", "/note", "required")
	}
	bad.Check(utf8.RuneCountInString(note) <= maxNote, "/note", "too_long", "2000")
	bad.Check(!text.HasForbidden(note), "/note", "text.forbidden")
	return bad.Err("employer.invalid")
}
