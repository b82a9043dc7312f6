package employer

import (
	"testing"
	"time"

	"passerelle/internal/domain/account"
)

// TestPendingOnCards: what one official proposed stands on the card until
// another answers, and only officials read it there.
func TestPendingOnCards(t *testing.T) {
	at := time.Unix(1000, 0).UTC()
	e := &Employer{ID: "emp_1", State: Accredited, Facts: Facts{Name: "A", Country: "ES"}, Decisions: []Decision{{Action: ActAccredit, By: "acc_1"}, {Action: ProposalPrefix + ActBar, By: "acc_2", At: at}}}
	c := CardOf(e)
	if c.ID != "emp_1" || c.Name != "A" || c.Pending != ActBar || c.PendingBy != "acc_2" || !c.PendingAt.Equal(at) || !c.DecidedAt.Equal(at) {
		t.Errorf("%+v", c)
	}
	kept, cut := c, c
	kept.cut(account.Actor{Account: "acc_3", Role: account.Official})
	cut.cut(account.Actor{Account: "acc_4", Role: account.Agency, Agency: "agy_1"})
	if kept != c || cut.Pending != "" || cut.PendingBy != "" || !cut.PendingAt.IsZero() || !cut.DecidedAt.IsZero() {
		t.Errorf("%+v %+v", kept, cut)
	}
	e.Decisions = append(e.Decisions, Decision{Action: ActBar, By: "acc_3"})
	if c := CardOf(e); c.Pending != "" || c.PendingBy != "" {
		t.Errorf("answered: %+v", c)
	}
	for _, s := range States() {
		if (DecisionDays(s) > 0) != (s == Declared) {
			t.Errorf("%s waits %d days", s, DecisionDays(s))
		}
	}
}
