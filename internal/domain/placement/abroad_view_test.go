package placement

import (
	"testing"

	"passerelle/internal/domain/account"
)

// TestQuestionsTellNothing: neither a filter nor an order tells an agency of a
// hold for safety; officials may ask everything.
func TestQuestionsTellNothing(t *testing.T) {
	for _, c := range []struct {
		role  account.Role
		held  HoldKind
		asked bool
		order Order
	}{
		{account.Agency, HoldSafety, false, Newest}, {account.Agency, HoldSubstitution, true, Newest}, {account.Agency, "", true, Newest},
		{account.Candidate, HoldSafety, true, Newest}, {account.Official, HoldSafety, true, Urgent},
	} {
		q := Query{Held: c.held, Order: Urgent}
		if asked := q.askable(account.Actor{Role: c.role}); asked != c.asked || q.Order != c.order {
			t.Errorf("%s by %q: %v, order %q", c.role, c.held, asked, q.Order)
		}
	}
}
