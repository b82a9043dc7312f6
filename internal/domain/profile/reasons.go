package profile

import (
	"slices"
	"unicode/utf8"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/text"
)

// OtherReason is the reason that must be explained in a note.
const OtherReason = "other"

// maxNote bounds the wording that goes with a disclosure, in characters.
const maxNote = 500

// Reasons is the closed list of reasons for which an official may see who a
// person is; the person reads it.
func Reasons() []string {
	return []string{"identity_check", "duplicate_check", "file_review", "assistance", "complaint", "court_order", OtherReason}
}

// reasonApplication is noted when an agency reads how to reach a person who
// applied to one of its offers; nobody states it.
const reasonApplication = "application"

// SpellPurposes is the closed list of purposes of a stay.
func SpellPurposes() []string { return []string{"work", "study", "family", "return"} }

// checkReason reports a missing or unknown reason code, and a note that is
// missing where the reason needs one, too long, or not storable.
func checkReason(reason, note string) error {
	var bad fault.List
	bad.Check(reason != "", "/reason", "required")
	bad.Check(reason == "" || slices.Contains(Reasons(), reason), "/reason", "reason.unknown")
	bad.Check(reason != OtherReason || note != "", "/note", "required")
	bad.Check(utf8.RuneCountInString(note) <= maxNote, "/note", "too_long", "500")
	bad.Check(!text.HasForbidden(note), "/note", "text.forbidden")
	return bad.Err("profile.invalid")
}
