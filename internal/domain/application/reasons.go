package application

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/text"
)

// Bounds of what can be entered.
const (
	MaxMessage = 2000   // characters a candidate writes to the agency
	MaxRank    = 10_000 // place on a waiting list
)

// interviewAhead is how far ahead an interview can be set.
const interviewAhead = 366 * 24 * time.Hour

// Reasons gives the closed list of reason codes of an action; nil for an
// action that takes none. Every refusal needs one; the person answers it by
// applying again.
func Reasons(action string) []string {
	switch action {
	case ActRefuse:
		return []string{"experience", "qualification", "language", "documents_missing", "not_reached", "no_show", "position_filled", "employer_decision", "other"}
	case ActWithdraw:
		return []string{"changed_mind", "other_offer", "conditions", "family", "health", "other"}
	case ActClose:
		return []string{ReasonOfferClosed, ReasonOfferWithdrawn, ReasonOfferExpired, ReasonPlacementCancelled}
	default:
		return nil
	}
}

// The reasons for which the system closes an application.
const (
	ReasonOfferClosed    = "offer_closed"
	ReasonOfferWithdrawn = "offer_withdrawn"
	ReasonOfferExpired   = "offer_expired"
	// ReasonPlacementCancelled closes a selection that came to nothing.
	ReasonPlacementCancelled = "placement_cancelled"
)

// checkReason reports an unknown reason code, and a missing one where the
// action needs it.
func checkReason(action, reason string, required bool) error {
	var bad fault.List
	bad.Check(!required || reason != "", "/reason", "required")
	bad.Check(reason == "" || slices.Contains(Reasons(action), reason), "/reason", "reason.unknown")
	return bad.Err("application.invalid")
}

func checkMessage(message string) error {
	var bad fault.List
	bad.Check(utf8.RuneCountInString(message) <= MaxMessage, "/message", "too_long", strconv.Itoa(MaxMessage))
	bad.Check(!text.HasForbidden(message), "/message", "text.forbidden")
	return bad.Err("application.invalid")
}

func checkRank(rank int) error {
	var bad fault.List
	bad.Check(rank >= 1 && rank <= MaxRank, "/rank", "number.range", "1", strconv.Itoa(MaxRank))
	return bad.Err("application.invalid")
}

// checkInterview refuses a moment that has passed or lies over a year ahead;
// the zero time is a date that is agreed elsewhere.
func checkInterview(at, now time.Time) error {
	var bad fault.List
	bad.Check(at.IsZero() || !at.Before(now) && at.Before(now.Add(interviewAhead)), "/at", "application.interview.date")
	return bad.Err("application.invalid")
}
