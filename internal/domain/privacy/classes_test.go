package privacy

import (
	"slices"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/profile"
)

// TestPR03RegisterIsComplete reads the register as the authority would.
func TestPR03RegisterIsComplete(t *testing.T) {
	var codes []string
	for _, p := range Register() {
		codes = append(codes, p.Code)
		for name, text := range map[string]Text{"purpose": p.Purpose, "subjects": p.Subjects, "data": p.Data, "recipients": p.Recipients, "basis": p.Basis, "period": p.Period} {
			if text.French == "" || text.English == "" || text.French == text.English {
				t.Errorf("%s: %s is not said in both languages", p.Code, name)
			}
			for _, sign := range []string{" ;", " :", " !", " ?", "'"} {
				if strings.Contains(text.French, sign) {
					t.Errorf("%s: %s is not written as French is: %q", p.Code, name, text.French)
				}
			}
		}
		if p.Consent != "" && !slices.Contains(profile.Purposes(), p.Consent) {
			t.Errorf("%s rests on consent to %q", p.Code, p.Consent)
		}
		if (p.Action == Keep) != (p.Job == "") {
			t.Errorf("%s: action %s and job %q", p.Code, p.Action, p.Job)
		}
	}
	if slices.Sort(codes); len(slices.Compact(codes)) != len(Register()) {
		t.Errorf("codes repeat: %q", codes)
	}
}

// TestPR03PeriodsAreThoseOfTheRules pins the periods that were decided.
func TestPR03PeriodsAreThoseOfTheRules(t *testing.T) {
	for code, months := range map[string]int{ClassAccounts: 24, ClassCollected: 24, ClassApplications: 12, ClassPlacements: 120, ClassIncidents: 60, ClassImportRows: 3} {
		if p := class(code); p.Months != months || p.Job != "retention" {
			t.Errorf("%s: %d months by job %q", code, p.Months, p.Job)
		}
	}
	now := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	if got := class(ClassAccounts).before(now); !got.Equal(time.Date(2024, 3, 31, 12, 0, 0, 0, time.UTC)) {
		t.Error(got)
	}
}
