package placement

import (
	"slices"

	"passerelle/internal/domain/fault"
)

// OtherReason is the reason that must be explained in a note.
const OtherReason = "other"

// Reasons gives the closed list of reason codes of an action; nil for an
// action that takes none.
func Reasons(action string) []string {
	switch action {
	case ActDecline:
		return []string{"pay", "hours", "duration", "place", "costs", "unclear_terms", "changed_mind", OtherReason}
	case ActReturn:
		return []string{"file_incomplete", "documents_missing", "document_expired", "unclear_terms", "terms_changed", "costs_unclear", OtherReason}
	case ActRefuse:
		return []string{"contract_substitution", "fees_charged", "pay_too_low", "hours_excessive", "false_documents", "employer_doubtful", "identity_doubtful", "unfit", "safety", "corridor_closed", OtherReason}
	case ActRevoke:
		return []string{"safety", "complaints", "false_documents", "contract_substitution", "fees_charged", "corridor_closed", "court_order", "mistake", OtherReason}
	case ActCancel:
		return []string{"changed_mind", "other_offer", "family", "health", "visa_refused", "not_reached", "employer_cancelled", "fees_charged", "safety", "corridor_closed", "contract_not_proposed", OtherReason}
	case actRead:
		return []string{ReasonOwn, "file_review", "complaint", "inspection", "assistance", "application"}
	default:
		return nil
	}
}

// Grounds is the reason code and the wording that go with an action.
type Grounds struct {
	Reason string // one of Reasons(action)
	Note   string // plain text, at most 2,000 characters; mandatory with OtherReason
}

// Check gives an Invalid fault for an unknown or missing reason, and for a
// note that is missing where the reason needs one, too long, or holds
// characters that no stored text may hold.
func (g Grounds) Check(action string) error {
	var bad fault.List
	bad.Check(g.Reason != "", "/reason", "required")
	bad.Check(g.Reason == "" || slices.Contains(Reasons(action), g.Reason), "/reason", "reason.unknown")
	bad.Check(g.Reason != OtherReason || g.Note != "", "/note", "required")
	checkLength(&bad, "/note", g.Note, maxNote)
	return bad.Err("placement.invalid")
}

// checkWording reports a wording that must be there.
func checkWording(pointer, s string) error {
	var bad fault.List
	bad.Check(s != "", pointer, "required")
	checkLength(&bad, pointer, s, maxNote)
	return bad.Err("placement.invalid")
}
