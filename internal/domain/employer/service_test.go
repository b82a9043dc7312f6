package employer

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
	"passerelle/internal/domain/idempotency"
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

// covers AZ-09
func TestEveryActionFromEveryState(t *testing.T) {
	ctx := context.Background()
	calls := map[string]func(*Service, ID) (*Employer, error){
		ActAccredit: func(s *Service, id ID) (*Employer, error) { return s.Accredit(ctx, official("acc_c"), id, "") },
		ActRefuse: func(s *Service, id ID) (*Employer, error) {
			return s.Refuse(ctx, official("acc_c"), id, OtherReason, "adresse inconnue")
		},
		ProposalPrefix + ActBar: func(s *Service, id ID) (*Employer, error) {
			return s.Bar(ctx, official("acc_c"), id, "abuse", "", opening())
		},
		ProposalPrefix + ActReopen: func(s *Service, id ID) (*Employer, error) { return s.Reopen(ctx, official("acc_c"), id, "", opening()) },
	}
	for _, from := range States() {
		for action, call := range calls {
			s, _ := newWorld()
			e := inState(t, s, from)
			want, illegal := Transitions().Next(action, from, account.Official)
			got, err := call(s, e.ID)
			switch {
			case illegal != nil && !fault.Is(err, fault.Conflict):
				t.Errorf("%s from %s: %v, want conflict", action, from, err)
			case illegal == nil && (err != nil || got.State != want || got.Decisions[len(got.Decisions)-1].Action != action):
				t.Errorf("%s from %s: %v, want %s", action, from, err, want)
			}
		}
	}
}

func TestBarringAndReopeningTakeTwoOfficials(t *testing.T) {
	ctx := context.Background()
	s, w := newWorld()
	e := inState(t, s, Accredited)
	e = must(t)(s.Bar(ctx, official("acc_a"), e.ID, "abuse", "vu sur place", closing()))
	if e.State != Accredited || e.PendingAction() != ActBar || !slices.Equal(w.heard, []bool{true}) {
		t.Fatalf("after the proposal: %s, pending %q, heard %v", e.State, e.PendingAction(), w.heard)
	}
	_, err := s.Bar(ctx, official("acc_a"), e.ID, "abuse", "", closing())
	wantFault(t, err, fault.Forbidden, "four_eyes.same")
	e = must(t)(s.Bar(ctx, official("acc_b"), e.ID, "unpaid_wages", "", closing()))
	if e.State != Barred || e.PendingAction() != "" {
		t.Fatalf("after the second signature: %s, pending %q", e.State, e.PendingAction())
	}
	e = must(t)(s.Reopen(ctx, official("acc_b"), e.ID, "", opening()))
	if e.State != Barred || e.PendingAction() != ActReopen {
		t.Fatalf("after the proposal to reopen: %s, pending %q", e.State, e.PendingAction())
	}
	_, err = s.Reopen(ctx, official("acc_b"), e.ID, "", opening())
	wantFault(t, err, fault.Forbidden, "four_eyes.same")
	e = must(t)(s.Reopen(ctx, official("acc_a"), e.ID, "", opening()))
	if e.State != Declared || !slices.Equal(w.heard, []bool{true, false}) {
		t.Errorf("reopened to %s, heard %v", e.State, w.heard)
	}
	must(t)(s.Accredit(ctx, official("acc_c"), e.ID, ""))
	if !slices.Equal(w.heard, []bool{true, false, true}) {
		t.Errorf("accredited anew, heard %v", w.heard)
	}
	var said []string
	for _, p := range e.Pending {
		said = append(said, p.Action+":"+p.Reason)
	}
	want := "employer.create: employer.accredit: employer.propose-bar:abuse employer.bar:unpaid_wages employer.propose-reopen: employer.reopen:"
	if got := strings.Join(said, " "); got != want {
		t.Errorf("audit %s", got)
	}
}

func TestNobodyDecidesOnWhatTheyWrote(t *testing.T) {
	ctx := context.Background()
	s, _ := newWorld()
	mine := must(t)(s.Create(ctx, official("acc_a"), sound()))
	_, err := s.Accredit(ctx, official("acc_a"), mine.ID, "")
	wantFault(t, err, fault.Forbidden, "four_eyes.own")
	mine = must(t)(s.Update(ctx, official("acc_b"), mine.ID, 1, func(f *Facts) { f.Sector = "01" }))
	_, err = s.Accredit(ctx, official("acc_b"), mine.ID, "")
	wantFault(t, err, fault.Forbidden, "four_eyes.own")
	must(t)(s.Accredit(ctx, official("acc_c"), mine.ID, ""))
	for _, id := range []account.ID{"acc_a", "acc_b"} {
		_, err = s.Bar(ctx, official(id), mine.ID, "abuse", "", closing())
		wantFault(t, err, fault.Forbidden, "four_eyes.own")
	}
}

func TestRolesOfEveryOperation(t *testing.T) {
	ctx := context.Background()
	calls := []struct {
		name    string
		allowed string
		call    func(*Service, account.Actor, ID) error
	}{
		{"create", "agency official", func(s *Service, a account.Actor, _ ID) error {
			_, err := s.Create(ctx, a, Facts{Name: "Another", Country: "FR"})
			return err
		}},
		{"read", "agency official observer", func(s *Service, a account.Actor, id ID) error { _, err := s.Get(ctx, a, id); return err }},
		{"list", "agency official observer", func(s *Service, a account.Actor, _ ID) error { _, err := s.List(ctx, a, Query{}); return err }},
		{"update", "agency official", func(s *Service, a account.Actor, id ID) error {
			_, err := s.Update(ctx, a, id, 1, func(*Facts) {})
			return err
		}},
		{"accredit", "official", func(s *Service, a account.Actor, id ID) error { _, err := s.Accredit(ctx, a, id, ""); return err }},
		{"refuse", "official", func(s *Service, a account.Actor, id ID) error {
			_, err := s.Refuse(ctx, a, id, "duplicate", "")
			return err
		}},
		{"bar", "official", func(s *Service, a account.Actor, id ID) error {
			_, err := s.Bar(ctx, a, id, "abuse", "", closing())
			return err
		}},
		{"reopen", "official", func(s *Service, a account.Actor, id ID) error {
			_, err := s.Reopen(ctx, a, id, "", opening())
			return err
		}},
	}
	for _, c := range calls {
		for _, role := range append(account.Roles(), account.Anonymous) {
			s, _ := newWorld()
			e := inState(t, s, Declared)
			err := c.call(s, account.Actor{Account: "acc_x", Role: role, Agency: "agy_x"}, e.ID)
			allowed := slices.Contains(strings.Fields(c.allowed), string(role))
			switch {
			case role == account.Anonymous && !fault.Is(err, fault.Unauthenticated):
				t.Errorf("%s as nobody: %v", c.name, err)
			case role != account.Anonymous && allowed == fault.Is(err, fault.Forbidden):
				t.Errorf("%s as %s: %v", c.name, role, err)
			}
		}
	}
}

func TestWhoSeesWhichState(t *testing.T) {
	ctx := context.Background()
	for _, state := range States() {
		s, _ := newWorld()
		e := inState(t, s, state)
		for _, tt := range []struct {
			actor  account.Actor
			inside bool
		}{{agent("agy_1"), true}, {agent("agy_2"), false}, {agent(""), false}, {official("acc_a"), true},
			{account.Actor{Account: "acc_o", Role: account.Observer}, false}} {
			want := tt.inside || state == Accredited
			_, err := s.Get(ctx, tt.actor, e.ID)
			list, listErr := s.List(ctx, tt.actor, Query{Scope: account.Scope{All: true}})
			if (err == nil) != want || listErr != nil || (list.Total == 1) != want || e.Inside(tt.actor) != tt.inside {
				t.Errorf("%s as %s of %q: %v, list %d", state, tt.actor.Role, tt.actor.Agency, err, list.Total)
			}
			if err != nil {
				wantFault(t, err, fault.NotFound, "employer.not_found")
			}
		}
	}
}

func TestOnlyReviewersSeeLookAlikes(t *testing.T) {
	s, _ := newWorld()
	e := inState(t, s, Declared)
	if got := s.LookAlikes(official("acc_a"), e); len(got) != 1 || got[0].ID != "emp_02" {
		t.Errorf("look-alikes %v, want the other employer only", got)
	}
	if got := s.LookAlikes(agent("agy_1"), e); got != nil {
		t.Errorf("an agency sees %v", got)
	}
}

// TestARequestSentTwiceMakesOneEmployer runs a request again after a crash
// that came between the insert and the answer.
func TestARequestSentTwiceMakesOneEmployer(t *testing.T) {
	s, w := newWorld()
	ctx := idempotency.With(context.Background(), idempotency.Key{Account: "acc_1", Operation: "declareEmployer", Value: "k"})
	first := must(t)(s.Create(ctx, agent("agy_1"), sound()))
	second := must(t)(s.Create(ctx, agent("agy_1"), sound()))
	if first.ID != second.ID || len(w.docs) != 1 || len(w.claims) != 1 {
		t.Errorf("%s and %s, %d records, %d claims", first.ID, second.ID, len(w.docs), len(w.claims))
	}
}

func TestRegistrationIsUniqueInItsCountry(t *testing.T) {
	ctx := context.Background()
	s, w := newWorld()
	first := must(t)(s.Create(ctx, agent("agy_1"), sound()))
	twin := sound()
	twin.Registration = "b12345678"
	_, err := s.Create(ctx, agent("agy_2"), twin)
	wantFault(t, err, fault.Conflict, "employer.registration.taken")
	twin.Country = "PT"
	second := must(t)(s.Create(ctx, agent("agy_2"), twin))
	_, err = s.Update(ctx, agent("agy_2"), second.ID, 1, func(f *Facts) { f.Country = "ES" })
	wantFault(t, err, fault.Conflict, "employer.registration.taken")
	must(t)(s.Update(ctx, agent("agy_1"), first.ID, 1, func(f *Facts) { f.Registration = "" }))
	must(t)(s.Update(ctx, agent("agy_2"), second.ID, 1, func(f *Facts) { f.Country = "ES" }))
	if len(w.claims) != 1 || w.claims["employer-registration:ES:b12345678"] != string(second.ID) {
		t.Errorf("claims %v", w.claims)
	}
	_, err = s.Create(ctx, agent(""), Facts{Name: "Another", Country: "FR"})
	wantFault(t, err, fault.Conflict, "agency.required")
}

func TestUpdateByState(t *testing.T) {
	ctx := context.Background()
	name, site := func(f *Facts) { f.Name = "Otra" }, func(f *Facts) { f.Sites[0].City = "Lepe" }
	for state, want := range map[State][2]State{
		Declared: {Declared, Declared}, Refused: {Declared, Declared}, Accredited: {"", Accredited}, Barred: {"", ""},
	} {
		for i, change := range []func(*Facts){name, site} {
			s, w := newWorld()
			e := inState(t, s, state)
			got, err := s.Update(ctx, agent("agy_1"), e.ID, e.Rev, change)
			if want[i] == "" {
				wantFault(t, err, fault.Conflict, "employer.facts.locked")
				if still, _ := w.Get(ctx, e.ID); still.Facts.Sites[0].City != "Huelva" {
					t.Errorf("%s: a refused change was kept", state)
				}
			} else if err != nil || got.State != want[i] || got.Rev != e.Rev+1 {
				t.Errorf("%s, change %d: %v, want %s", state, i, err, want[i])
			}
		}
	}
	s, _ := newWorld()
	e := inState(t, s, Declared)
	_, err := s.Update(ctx, agent("agy_1"), e.ID, 9, name)
	wantFault(t, err, fault.Stale, "stale")
	_, err = s.Update(ctx, agent("agy_2"), e.ID, 1, name)
	wantFault(t, err, fault.NotFound, "employer.not_found")
}

func TestFactsAndReasonsAreChecked(t *testing.T) {
	tests := []struct {
		pointer, code string
		spoil         func(*Facts)
	}{
		{"/name", "required", func(f *Facts) { f.Name = "" }},
		{"/name", "too_short", func(f *Facts) { f.Name = "F" }},
		{"/name", "text.forbidden", func(f *Facts) { f.Name = "Frutas\u200b del Sur" }},
		{"/country", "required", func(f *Facts) { f.Country = "" }},
		{"/country", "ref.country", func(f *Facts) { f.Country = "es" }},
		{"/registration", "employer.registration.form", func(f *Facts) { f.Registration = "$ne" }},
		{"/sector", "sector", func(f *Facts) { f.Sector = "Z" }},
		{"/sector", "sector", func(f *Facts) { f.Sector = "00" }},
		{"/website", "url", func(f *Facts) { f.Website = "ftp://frutas.example" }},
		{"/sites", "too_many", func(f *Facts) { f.Sites = make([]Site, 51) }},
		{"/sites/0/city", "required", func(f *Facts) { f.Sites[0] = Site{Region: "Andalucía"} }},
		{"/sites/0/name", "too_long", func(f *Facts) { f.Sites[0].Name = strings.Repeat("a", 101) }},
	}
	for _, tt := range tests {
		f := sound()
		tt.spoil(&f)
		err := f.clean().check()
		if !fault.Is(err, fault.Invalid) || !slices.ContainsFunc(fault.Of(err).Fields,
			func(x fault.Field) bool { return x.Pointer == tt.pointer && x.Code == tt.code }) {
			t.Errorf("no %s at %s in %v", tt.code, tt.pointer, err)
		}
	}
	s, _ := newWorld()
	e := inState(t, s, Accredited)
	for _, reason := range []string{"", "not_registered", OtherReason} {
		_, err := s.Bar(context.Background(), official("acc_a"), e.ID, reason, "", closing())
		wantFault(t, err, fault.Invalid, "employer.invalid")
	}
}
