package offer

import (
	"slices"
	"unicode/utf8"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/text"
)

// OtherReason is the reason that must be explained in a note.
const OtherReason = "other"

// maxNote bounds the wording that goes with a decision, in characters.
const maxNote = 2000

// Reasons gives the closed list of reason codes of an action; nil for an
// action that takes none.
func Reasons(action string) []string {
	switch action {
	case ActReturn:
		return []string{"incomplete", "unclear_terms", "occupation_wrong", "pay_unclear", "contacts_in_text", "duplicate", OtherReason}
	case ActRefuse:
		return []string{"fees_charged", "pay_too_low", "hours_excessive", "discriminatory", "abusive_terms", "employer_doubtful", "false_offer", "duplicate", "corridor_closed", OtherReason}
	case ActSuspend:
		return []string{"complaints", "fees_charged", "false_offer", "terms_changed", "safety", "inspection", "court_order", OtherReason}
	case ActReopen:
		return []string{"cleared", "corrected", "complaint_unfounded", OtherReason}
	case ActClose:
		return []string{"places_filled", "employer_cancelled", "no_candidates", "safety", OtherReason}
	case ActWithdraw:
		return []string{"employer_cancelled", "mistake", "no_longer_needed", OtherReason}
	case ActObject:
		return []string{"fees_charged", "pay_too_low", "hours_excessive", "discriminatory", "abusive_terms", "labour_dispute", "false_offer", OtherReason}
	default:
		return nil
	}
}

// optional actions may leave the reason out.
func reasonOptional(action string) bool {
	return action == ActClose || action == ActWithdraw || action == ActReopen
}

// Decision is the reason code and the wording that go with an action.
type Decision struct {
	Reason string // one of Reasons(action)
	Note   string // plain text, at most 2,000 characters; mandatory with OtherReason
}

// Check gives an Invalid fault for an unknown or missing reason, and for a
// note that is missing where the reason needs one, too long, or holds
// characters that no stored text may hold.
func (d Decision) Check(action string) error {
	var bad fault.List
	known := Reasons(action)
	bad.Check(d.Reason != "" || reasonOptional(action) || known == nil, "/reason", "required")
	bad.Check(d.Reason == "" || slices.Contains(known, d.Reason), "/reason", "reason.unknown")
	bad.Check(d.Reason != OtherReason || d.Note != "", "/note", "required")
	checkNote(&bad, d.Note)
	return bad.Err("offer.invalid")
}

func checkNote(bad *fault.List, note string) {
	bad.Check(utf8.RuneCountInString(note) <= maxNote, "/note", "too_long", "2000")
	bad.Check(!text.HasForbidden(note), "/note", "text.forbidden")
}
