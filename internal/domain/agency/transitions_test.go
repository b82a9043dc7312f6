package agency

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestTransitionsGolden(t *testing.T) {
	golden, got := filepath.Join("testdata", "transitions.golden"), Transitions().String()
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
		t.Errorf("the table changed:\n%s", got)
	}
}

// TestEveryActionFromEveryState runs each service call from each state and
// holds the outcome against the table.
//
// covers AZ-09
func TestEveryActionFromEveryState(t *testing.T) {
	ctx := context.Background()
	calls := map[string]func(*Service, *Agency) (*Agency, error){
		ActVet:      func(s *Service, a *Agency) (*Agency, error) { return s.Vet(ctx, official("acc_c"), a.ID, "") },
		ActActivate: func(s *Service, a *Agency) (*Agency, error) { return s.Activate(ctx, official("acc_c"), a.ID, "") },
		ActRefuse: func(s *Service, a *Agency) (*Agency, error) {
			return s.Refuse(ctx, official("acc_c"), a.ID, OtherReason, "papiers illisibles")
		},
		ActSuspend: func(s *Service, a *Agency) (*Agency, error) {
			return s.Suspend(ctx, official("acc_c"), a.ID, "fees_charged", "", opening())
		},
		ActReopen: func(s *Service, a *Agency) (*Agency, error) {
			return s.Reopen(ctx, official("acc_c"), a.ID, "", opening())
		},
		ActWithdraw: func(s *Service, a *Agency) (*Agency, error) { return s.Withdraw(ctx, member(a), a.ID, "") },
	}
	for _, from := range States() {
		for action, call := range calls {
			s, w := newWorld()
			a := inState(t, s, w, from)
			role := account.Official
			if action == ActWithdraw {
				role = account.Agency
			}
			want, illegal := Transitions().Next(action, from, role)
			got, err := call(s, a)
			switch {
			case illegal != nil && !fault.Is(err, fault.Conflict):
				t.Errorf("%s from %s: %v, want conflict", action, from, err)
			case illegal == nil && (err != nil || got.State != want || got.Rev != a.Rev+1):
				t.Errorf("%s from %s: %v, want %s", action, from, err, want)
			}
			if err == nil && got.Decisions[len(got.Decisions)-1].Action != action {
				t.Errorf("%s from %s left no decision", action, from)
			}
		}
	}
}

// covers AZ-07
func TestFourEyes(t *testing.T) {
	ctx := context.Background()
	s, w := newWorld()
	a := inState(t, s, w, Vetted)
	_, err := s.Activate(ctx, official("acc_a"), a.ID, "")
	wantFault(t, err, fault.Forbidden, "four_eyes.same")
	must(t)(s.Activate(ctx, official("acc_b"), a.ID, ""))
	must(t)(s.Suspend(ctx, official("acc_b"), a.ID, "complaints", "", closing()))
	_, err = s.Reopen(ctx, official("acc_b"), a.ID, "", opening())
	wantFault(t, err, fault.Forbidden, "four_eyes.same")
	must(t)(s.Reopen(ctx, official("acc_a"), a.ID, "", opening()))
	if want := []string{"active", "stopped", "active"}; !slices.Equal(w.heard, want) {
		t.Errorf("consequences %v, want %v", w.heard, want)
	}
}

func TestNobodyDecidesOnTheirOwnAgency(t *testing.T) {
	ctx := context.Background()
	for _, from := range []State{Applied, Vetted, Active, Suspended} {
		s, w := newWorld()
		a := inState(t, s, w, from)
		a.Members = append(a.Members, "acc_m")
		if err := w.write(a); err != nil {
			t.Fatal(err)
		}
		for _, id := range []account.ID{"acc_owner", "acc_m"} { // founder and member who became officials since
			o := official(id)
			_, err := map[State]func() (*Agency, error){
				Applied:   func() (*Agency, error) { return s.Vet(ctx, o, a.ID, "") },
				Vetted:    func() (*Agency, error) { return s.Activate(ctx, o, a.ID, "") },
				Active:    func() (*Agency, error) { return s.Suspend(ctx, o, a.ID, "complaints", "", closing()) },
				Suspended: func() (*Agency, error) { return s.Reopen(ctx, o, a.ID, "", opening()) },
			}[from]()
			wantFault(t, err, fault.Forbidden, "four_eyes.own")
		}
	}
}

// TestEditBetweenTheSignatures pins that what B activates is what A vetted.
func TestEditBetweenTheSignatures(t *testing.T) {
	ctx := context.Background()
	s, w := newWorld()
	a := inState(t, s, w, Vetted)
	a = must(t)(s.Update(ctx, member(a), a.ID, a.Rev, func(f *Facts) { f.Phone = "+22320000000" }))
	if a.State != Vetted {
		t.Errorf("a new phone number made it %s", a.State)
	}
	a = must(t)(s.Update(ctx, member(a), a.ID, a.Rev, func(f *Facts) { f.Name = "Sahel Travail" }))
	if a.State != Applied {
		t.Fatalf("a new name left it %s", a.State)
	}
	_, err := s.Activate(ctx, official("acc_b"), a.ID, "")
	wantFault(t, err, fault.Conflict, "transition")
	must(t)(s.Vet(ctx, official("acc_b"), a.ID, ""))
	_, err = s.Activate(ctx, official("acc_b"), a.ID, "")
	wantFault(t, err, fault.Forbidden, "four_eyes.same")
	must(t)(s.Activate(ctx, official("acc_a"), a.ID, ""))
}

func TestReasonsAreClosedLists(t *testing.T) {
	ctx := context.Background()
	s, w := newWorld()
	a := inState(t, s, w, Active)
	for _, tt := range []struct{ reason, note, pointer, code string }{
		{"", "", "/reason", "required"}, {"because", "", "/reason", "reason.unknown"}, {OtherReason, "", "/note", "required"},
		{"licence_invalid", "", "/reason", "reason.unknown"}, {"complaints", "a\x00b", "/note", "text.forbidden"},
		{"complaints", strings.Repeat("a", 2001), "/note", "too_long"},
	} {
		_, err := s.Suspend(ctx, official("acc_a"), a.ID, tt.reason, tt.note, closing())
		wantFault(t, err, fault.Invalid, "agency.invalid")
		if f := fault.Of(err).Fields[0]; f.Pointer != tt.pointer || f.Code != tt.code {
			t.Errorf("reason %q: %+v", tt.reason, f)
		}
	}
	if Reasons(ActVet) != nil {
		t.Error("vetting takes no reason")
	}
}

func TestTheLicenceEndsTheAgency(t *testing.T) {
	ctx := context.Background()
	s, w := newWorld()
	a := inState(t, s, w, Active)
	if n, err := s.ExpireDue(ctx, "2027-04-30"); n != 0 || err != nil {
		t.Errorf("expired on the last valid day: %d, %v", n, err)
	}
	if n, err := s.ExpireDue(ctx, "2027-05-01"); n != 1 || err != nil {
		t.Fatalf("expired %d, %v", n, err)
	}
	if n, _ := s.ExpireDue(ctx, "2027-05-01"); n != 0 {
		t.Errorf("the second run expired %d again", n)
	}
	a = must(t)(w.Get(ctx, a.ID))
	if last := a.Pending[len(a.Pending)-1]; a.State != Expired || last.Actor != "system" || last.Action != "agency.expire" {
		t.Errorf("state %s, entry %+v", a.State, last)
	}
	if want := []string{"active", "stopped"}; !slices.Equal(w.heard, want) {
		t.Errorf("consequences %v, want %v", w.heard, want)
	}
}

func TestAnEndedLicenceIsNeitherActivatedNorReopened(t *testing.T) {
	ctx := context.Background()
	s, w := newWorld()
	a := inState(t, s, w, Vetted)
	w.now = w.now.AddDate(2, 0, 0)
	_, err := s.Activate(ctx, official("acc_b"), a.ID, "")
	wantFault(t, err, fault.Conflict, "agency.licence.expired")

	s, w = newWorld()
	a = inState(t, s, w, Suspended)
	w.now = w.now.AddDate(2, 0, 0)
	a = must(t)(s.Reopen(ctx, official("acc_b"), a.ID, "", opening()))
	if a.State != Expired || actions(a) != "agency.create agency.vet agency.activate agency.suspend agency.reopen agency.expire" {
		t.Errorf("reopened after the licence ended: %s (%s)", a.State, actions(a))
	}
	if w.heard[len(w.heard)-1] != "stopped" {
		t.Errorf("the offers came back: %v", w.heard)
	}
}

func TestAFailingStoreStopsNothingElse(t *testing.T) {
	ctx := context.Background()
	s, w := newWorld()
	inState(t, s, w, Active)
	w.saveErr = fault.New(fault.Unavailable, "store.away")
	n, err := s.ExpireDue(ctx, "2030-01-01")
	if n != 0 || !fault.Is(err, fault.Unavailable) {
		t.Errorf("expired %d with %v", n, err)
	}
}
