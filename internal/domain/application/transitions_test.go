package application

import (
	"flag"
	"os"
	"slices"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

var update = flag.Bool("update", false, "rewrite golden files")

func TestTransitionsGolden(t *testing.T) {
	const golden = "testdata/transitions.golden"
	got := Transitions().String()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the table changed:\n%s\nwant\n%s", got, want)
	}
}

// TestEveryTransitionByRole tries every action from every state for every
// role, against the rules as the domain page words them.
//
// covers AZ-09
func TestEveryTransitionByRole(t *testing.T) {
	live := []State{Submitted, Shortlisted, Interviewed, Waiting, Selected}
	ended := []State{Refused, Withdrawn, Closed}
	rules := map[string]struct {
		role account.Role
		from []State
		to   State
	}{
		ActApply:     {account.Candidate, append(slices.Clone(ended), Invited), Submitted},
		ActAccept:    {account.Candidate, []State{Invited}, Submitted},
		ActShortlist: {account.Agency, []State{Submitted}, Shortlisted},
		ActInterview: {account.Agency, []State{Submitted, Shortlisted}, Interviewed},
		ActWait:      {account.Agency, live, Waiting},
		ActSelect:    {account.Agency, []State{Submitted, Shortlisted, Interviewed, Waiting}, Selected},
		ActRefuse:    {account.Agency, live, Refused},
		ActWithdraw:  {account.Candidate, live, Withdrawn},
		ActClose:     {account.System, live, Closed},
	}
	roles := append(account.Roles(), account.System, account.Anonymous)
	for action, rule := range rules {
		for _, from := range States() {
			for _, role := range roles {
				to, err := Transitions().Next(action, from, role)
				switch reachable := slices.Contains(rule.from, from); {
				case reachable && role == rule.role:
					if err != nil || to != rule.to {
						t.Errorf("%s %s by %q: %v, %v; want %s", action, from, role, to, err, rule.to)
					}
				case reachable && !fault.Is(err, fault.Forbidden):
					t.Errorf("%s %s by %q: %v; want forbidden", action, from, role, err)
				case !reachable && !fault.Is(err, fault.Conflict):
					t.Errorf("%s %s by %q: %v; want conflict", action, from, role, err)
				}
			}
		}
	}
	if len(Transitions()) != len(rules) {
		t.Errorf("%d steps in the table, %d in this test", len(Transitions()), len(rules))
	}
}

func TestLiveStates(t *testing.T) {
	for _, s := range States() {
		want := s != Invited && s != Refused && s != Withdrawn && s != Closed
		if s.Live() != want {
			t.Errorf("%s live: %v", s, s.Live())
		}
	}
}

func TestReasons(t *testing.T) {
	if err := checkReason(ActRefuse, "", true); !fault.Is(err, fault.Invalid) {
		t.Errorf("refusal without a reason: %v", err)
	}
	if err := checkReason(ActRefuse, "because", true); !fault.Is(err, fault.Invalid) {
		t.Errorf("unknown reason: %v", err)
	}
	for _, action := range []string{ActRefuse, ActWithdraw, ActClose} {
		for _, reason := range Reasons(action) {
			if err := checkReason(action, reason, true); err != nil {
				t.Errorf("%s %s: %v", action, reason, err)
			}
		}
	}
	if err := checkReason(ActWithdraw, "", false); err != nil {
		t.Errorf("withdrawal without a reason: %v", err)
	}
}

func TestMakeIDIsOnePerPair(t *testing.T) {
	seen := map[ID]string{}
	for _, pair := range [][2]string{{"off_a", "pro_b"}, {"off_b", "pro_a"}, {"off_a", "pro_c"}, {"off_ap", "ro_b"}} {
		id := MakeID(pair[0], pair[1])
		if other, taken := seen[id]; taken {
			t.Errorf("%v and %s share %s", pair, other, id)
		}
		seen[id] = pair[0] + "+" + pair[1]
		if id != MakeID(pair[0], pair[1]) {
			t.Errorf("%v: id not stable", pair)
		}
	}
}
