package corridor

import (
	"strings"
	"unicode/utf8"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/text"
)

// LegalAct is the act under which officials close a corridor, an agency or an
// employer, or open it again.
type LegalAct struct {
	Number   string // as people cite it, for example "Arrêté n° 2026-0412"; 1 to 120 characters
	Evidence string // why, or where the act is published; 1 to 2000 characters
}

// Check gives the act in its stored form, and notes in bad every member that
// breaks a rule, at "/act" and "/evidence".
func (a LegalAct) Check(bad *fault.List) LegalAct {
	a.Number, a.Evidence = text.CleanName(a.Number), strings.TrimSpace(a.Evidence)
	bad.Check(a.Number != "", "/act", "required")
	bad.Check(utf8.RuneCountInString(a.Number) <= maxAct, "/act", "too_long", "120")
	bad.Check(text.Printable(a.Number), "/act", "text.forbidden")
	bad.Check(a.Evidence != "", "/evidence", "required")
	bad.Check(utf8.RuneCountInString(a.Evidence) <= maxEvidence, "/evidence", "too_long", "2000")
	bad.Check(!text.HasForbidden(a.Evidence), "/evidence", "text.forbidden")
	return a
}
