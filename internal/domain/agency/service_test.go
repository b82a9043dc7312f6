package agency

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/idempotency"
	"passerelle/internal/domain/ref"
)

func TestRolesOfEveryOperation(t *testing.T) {
	ctx := context.Background()
	calls := []struct {
		name    string
		allowed []account.Role
		call    func(*Service, account.Actor, ID) error
	}{
		{"create", []account.Role{account.Agency}, func(s *Service, a account.Actor, _ ID) error {
			f := sound()
			f.Licence = "77"
			_, err := s.Create(ctx, a, f)
			return err
		}},
		{"update", []account.Role{account.Agency}, func(s *Service, a account.Actor, id ID) error {
			_, err := s.Update(ctx, a, id, 1, func(*Facts) {})
			return err
		}},
		{"member", []account.Role{account.Agency}, func(s *Service, a account.Actor, id ID) error {
			_, err := s.AddMember(ctx, a, id, "x@example.org")
			return err
		}},
		{"withdraw", []account.Role{account.Agency}, func(s *Service, a account.Actor, id ID) error {
			_, err := s.Withdraw(ctx, a, id, "")
			return err
		}},
		{"vet", []account.Role{account.Official}, func(s *Service, a account.Actor, id ID) error { _, err := s.Vet(ctx, a, id, ""); return err }},
		{"refuse", []account.Role{account.Official}, func(s *Service, a account.Actor, id ID) error {
			_, err := s.Refuse(ctx, a, id, "licence_invalid", "")
			return err
		}},
		{"activate", []account.Role{account.Official}, func(s *Service, a account.Actor, id ID) error {
			_, err := s.Activate(ctx, a, id, "")
			return err
		}},
		{"suspend", []account.Role{account.Official}, func(s *Service, a account.Actor, id ID) error {
			_, err := s.Suspend(ctx, a, id, "complaints", "", closing())
			return err
		}},
		{"reopen", []account.Role{account.Official}, func(s *Service, a account.Actor, id ID) error {
			_, err := s.Reopen(ctx, a, id, "", opening())
			return err
		}},
	}
	for _, c := range calls {
		for _, role := range append(account.Roles(), account.Anonymous) {
			s, w := newWorld()
			a := inState(t, s, w, Applied)
			actor := account.Actor{Account: "acc_x", Role: role}
			err := c.call(s, actor, a.ID)
			switch {
			case slices.Contains(c.allowed, role) && (fault.Is(err, fault.Forbidden) || fault.Is(err, fault.Unauthenticated)):
				t.Errorf("%s as %s: %v", c.name, role, err)
			case role == account.Anonymous && !fault.Is(err, fault.Unauthenticated):
				t.Errorf("%s as nobody: %v", c.name, err)
			case role != account.Anonymous && !slices.Contains(c.allowed, role) && !fault.Is(err, fault.Forbidden):
				t.Errorf("%s as %s: %v", c.name, role, err)
			}
		}
	}
}

// TestLookAlikesAreForOfficials: the agency itself is not among them.
func TestLookAlikesAreForOfficials(t *testing.T) {
	s, w := newWorld()
	a, f := inState(t, s, w, Active), sound()
	f.Licence = "77"
	other := must(t)(s.Create(context.Background(), applicant("acc_other"), f))
	for _, tt := range []struct {
		actor account.Actor
		want  int
	}{{official("acc_a"), 1}, {account.Actor{Role: account.System}, 1}, {member(a), 0}, {account.Actor{}, 0}, {account.Actor{Account: "acc_d", Role: account.Admin}, 0}} {
		got := s.LookAlikes(tt.actor, a)
		if len(got) != tt.want || tt.want == 1 && got[0].ID != other.ID {
			t.Errorf("%s sees %+v", tt.actor.Role, got)
		}
	}
}

// TestWhoSeesWhichState pins the public register and need-to-know.
func TestWhoSeesWhichState(t *testing.T) {
	ctx := context.Background()
	for _, state := range States() {
		s, w := newWorld()
		a := inState(t, s, w, state)
		for _, tt := range []struct {
			actor  account.Actor
			inside bool
		}{
			{account.Actor{}, false}, {account.Actor{Account: "acc_c", Role: account.Candidate}, false},
			{account.Actor{Account: "acc_o", Role: account.Observer}, false}, {account.Actor{Account: "acc_d", Role: account.Admin}, false},
			{account.Actor{Account: "acc_z", Role: account.Agency, Agency: "agy_other"}, false}, {applicant("acc_n"), false},
			{member(a), true}, {official("acc_a"), true},
		} {
			want := tt.inside || state == Active || state == Suspended || state == Expired
			_, err := s.Get(ctx, tt.actor, a.ID)
			line, lineErr := s.Line(tt.actor, a.ID)
			if (lineErr == nil) != want || want && line.ID != a.ID {
				t.Errorf("%s as %s %q: line %v", state, tt.actor.Role, tt.actor.Agency, lineErr)
			}
			list, listErr := s.List(ctx, tt.actor, Query{Scope: account.Scope{All: true}})
			if (err == nil) != want || listErr != nil || (list.Total == 1) != want || a.Inside(tt.actor) != tt.inside {
				t.Errorf("%s as %s %q: get %v, list %d", state, tt.actor.Role, tt.actor.Agency, err, list.Total)
			}
			if err != nil {
				wantFault(t, err, fault.NotFound, "agency.not_found")
			}
		}
	}
}

func TestAnApplicantHasExactlyOneAgency(t *testing.T) {
	ctx := context.Background()
	s, w := newWorld()
	a := must(t)(s.Create(ctx, applicant("acc_owner"), sound()))
	if a.State != Applied || a.Rev != 1 || w.joined["acc_owner"] != string(a.ID) || !slices.Equal(a.Members, []account.ID{"acc_owner"}) {
		t.Fatalf("created %+v", a)
	}
	second := sound()
	second.Licence = "another"
	for _, actor := range []account.Actor{applicant("acc_owner"), member(a), {Account: "acc_n", Role: account.Agency, Agency: "agy_other"}} {
		_, err := s.Create(ctx, actor, second)
		wantFault(t, err, fault.Conflict, "agency.exists")
	}
	if len(w.claims) != 1 || len(w.docs) != 1 {
		t.Errorf("claims left behind: %v", w.claims)
	}
	_, err := s.Create(ctx, applicant("acc_n"), sound())
	wantFault(t, err, fault.Conflict, "agency.licence.taken")
	abroad := sound()
	abroad.Country = "SN"
	must(t)(s.Create(ctx, applicant("acc_n"), abroad))
}

// TestCreationIsFinishedByARetry cuts the creation at each step.
func TestCreationIsFinishedByARetry(t *testing.T) {
	ctx := context.Background()
	for name, cut := range map[string]func(*world){
		"before the member joins":  func(w *world) { w.joinErr = fault.New(fault.Unavailable, "store.away") },
		"before it is inserted":    func(w *world) { w.saveErr = fault.New(fault.Unavailable, "store.away") },
		"nothing is cut (control)": func(*world) {},
	} {
		s, w := newWorld()
		cut(w)
		_, err := s.Create(ctx, applicant("acc_owner"), sound())
		w.joinErr, w.saveErr = nil, nil
		if err == nil {
			continue
		}
		actor := account.Actor{Account: "acc_owner", Role: account.Agency, Agency: w.joined["acc_owner"]}
		a := must(t)(s.Create(ctx, actor, sound()))
		if len(w.docs) != 1 || w.joined["acc_owner"] != string(a.ID) || w.claims[LicenceKey(a.Facts)] != string(a.ID) {
			t.Errorf("%s: %v %v", name, w.docs, w.claims)
		}
	}
	keyed := idempotency.With(ctx, idempotency.Key{Account: "acc_owner", Operation: "createAgency", Value: "k"})
	s, w := newWorld()
	first := must(t)(s.Create(keyed, applicant("acc_owner"), sound()))
	if again := must(t)(s.Create(keyed, member(first), sound())); again.ID != first.ID || len(w.docs) != 1 {
		t.Errorf("the answer was lost, and the retry made %s", again.ID)
	}
	s, w = newWorld()
	w.joined["acc_owner"] = "agy_other"
	_, err := s.Create(ctx, applicant("acc_owner"), sound()) // token older than the membership
	wantFault(t, err, fault.Conflict, "agency.exists")
	if len(w.claims) != 0 || len(w.docs) != 0 {
		t.Errorf("left behind: %v %v", w.claims, w.docs)
	}
}

func TestUpdateMovesTheLicenceClaim(t *testing.T) {
	ctx := context.Background()
	s, w := newWorld()
	a := must(t)(s.Create(ctx, applicant("acc_owner"), sound()))
	other := sound()
	other.Licence = "555"
	must(t)(s.Create(ctx, applicant("acc_n"), other))
	_, err := s.Update(ctx, member(a), a.ID, 1, func(f *Facts) { f.Licence = "5 5-5" })
	wantFault(t, err, fault.Conflict, "agency.licence.taken")
	a = must(t)(s.Update(ctx, member(a), a.ID, 1, func(f *Facts) { f.Licence = "666" }))
	if len(w.claims) != 2 || w.claims["agency-licence:ML:666"] != string(a.ID) {
		t.Errorf("claims %v", w.claims)
	}
	_, err = s.Update(ctx, member(a), a.ID, 1, func(f *Facts) { f.Licence = "777" })
	wantFault(t, err, fault.Stale, "stale")
	_, err = s.Update(ctx, account.Actor{Account: "acc_n", Role: account.Agency, Agency: "agy_other"}, a.ID, 2, func(*Facts) {})
	wantFault(t, err, fault.NotFound, "agency.not_found")
	if last := a.Pending[len(a.Pending)-1]; !slices.Equal(last.Fields, []string{"licence"}) || last.Action != "agency.update" {
		t.Errorf("entry %+v", last)
	}
	must(t)(s.Withdraw(ctx, member(a), a.ID, ""))
	if len(w.claims) != 1 {
		t.Errorf("a withdrawn agency keeps its number: %v", w.claims)
	}
}

func TestUpdateByState(t *testing.T) {
	ctx := context.Background()
	legal, contact := func(f *Facts) { f.LicenceUntil = "2029-01-01" }, func(f *Facts) { f.City = "Kayes" }
	for state, want := range map[State]struct {
		legal, contact State // empty = locked
	}{
		Applied: {Applied, Applied}, Vetted: {Applied, Vetted}, Active: {"", Active}, Suspended: {"", Suspended},
		Refused: {Applied, Applied}, Expired: {Applied, Applied}, Withdrawn: {"", ""},
	} {
		for i, change := range []func(*Facts){legal, contact} {
			s, w := newWorld()
			a := inState(t, s, w, state)
			got, err := s.Update(ctx, member(a), a.ID, a.Rev, change)
			expected := []State{want.legal, want.contact}[i]
			if expected == "" {
				wantFault(t, err, fault.Conflict, "agency.facts.locked")
			} else if err != nil || got.State != expected {
				t.Errorf("%s, change %d: %v, want %s", state, i, err, expected)
			}
		}
	}
	s, w := newWorld()
	a := inState(t, s, w, Expired)
	w.now = w.now.AddDate(2, 0, 0)
	_, err := s.Update(ctx, member(a), a.ID, a.Rev, contact)
	wantFault(t, err, fault.Invalid, "agency.invalid") // a new application needs a valid licence
}

func TestMembers(t *testing.T) {
	ctx := context.Background()
	s, w := newWorld()
	a := inState(t, s, w, Active)
	w.logins = map[string]account.ID{"free@example.org": "acc_f", "taken@example.org": "acc_t"}
	w.joined["acc_t"] = "agy_other"
	for range 2 { // twice: the second time changes nothing
		a = must(t)(s.AddMember(ctx, member(a), a.ID, "free@example.org"))
	}
	if !slices.Equal(a.Members, []account.ID{"acc_owner", "acc_f"}) || w.joined["acc_f"] != string(a.ID) || a.Rev != 4 {
		t.Errorf("members %v at revision %d", a.Members, a.Rev)
	}
	for _, login := range []string{"taken@example.org", "nobody@example.org", ""} {
		_, err := s.AddMember(ctx, member(a), a.ID, login)
		wantFault(t, err, fault.NotFound, "account.not_found")
	}
	_, err := s.AddMember(ctx, account.Actor{Account: "acc_t", Role: account.Agency, Agency: "agy_other"}, a.ID, "free@example.org")
	wantFault(t, err, fault.NotFound, "agency.not_found")
	_, err = s.AddMember(ctx, applicant("acc_t"), "", "free@example.org")
	wantFault(t, err, fault.NotFound, "agency.not_found")
	gone := must(t)(s.Withdraw(ctx, member(a), a.ID, ""))
	_, err = s.AddMember(ctx, member(gone), a.ID, "free@example.org")
	wantFault(t, err, fault.Conflict, "agency.withdrawn")
}

func TestFactsAreChecked(t *testing.T) {
	tests := []struct {
		pointer, code string
		spoil         func(*Facts)
	}{
		{"/name", "required", func(f *Facts) { f.Name = "  " }},
		{"/name", "too_short", func(f *Facts) { f.Name = "S" }},
		{"/name", "too_long", func(f *Facts) { f.Name = strings.Repeat("é", 201) }},
		{"/name", "text.forbidden", func(f *Facts) { f.Name = "Sahel\u202eEmploi" }},
		{"/tradeName", "too_long", func(f *Facts) { f.TradeName = strings.Repeat("a", 201) }},
		{"/country", "required", func(f *Facts) { f.Country = "" }},
		{"/country", "ref.country", func(f *Facts) { f.Country = "XX" }},
		{"/kind", "agency.kind", func(f *Facts) { f.Kind = "" }},
		{"/kind", "agency.kind", func(f *Facts) { f.Kind = "Private" }},
		{"/licence", "required", func(f *Facts) { f.Licence = "" }},
		{"/licence", "agency.licence.form", func(f *Facts) { f.Licence = "<b>1</b>" }},
		{"/licenceUntil", "required", func(f *Facts) { f.LicenceUntil = "" }},
		{"/licenceUntil", "ref.date", func(f *Facts) { f.LicenceUntil = "2027-02-29" }},
		{"/licenceUntil", "agency.licence.expired", func(f *Facts) { f.LicenceUntil = "2026-03-01" }},
		{"/licenceUntil", "date.order", func(f *Facts) { f.LicenceFrom = "2028-01-01" }},
		{"/licenceFrom", "ref.date", func(f *Facts) { f.LicenceFrom = "01/05/2024" }},
		{"/email", "account.email", func(f *Facts) { f.Email = "nobody" }},
		{"/phone", "account.phone", func(f *Facts) { f.Phone = "20 21 22 23" }},
		{"/website", "url", func(f *Facts) { f.Website = "http://sahel-emploi.example" }},
		{"/website", "url", func(f *Facts) { f.Website = "javascript:alert(1)" }},
		{"/website", "url", func(f *Facts) { f.Website = "https://user:secret@sahel.example" }},
		{"/city", "too_long", func(f *Facts) { f.City = strings.Repeat("a", 101) }},
		{"/address", "too_long", func(f *Facts) { f.Address = strings.Repeat("a", 301) }},
	}
	for _, tt := range tests {
		t.Run(tt.pointer+" "+tt.code, func(t *testing.T) {
			f := sound()
			tt.spoil(&f)
			err := f.clean().check("2026-03-02")
			wantFault(t, err, fault.Invalid, "agency.invalid")
			if !slices.ContainsFunc(fault.Of(err).Fields, func(x fault.Field) bool { return x.Pointer == tt.pointer && x.Code == tt.code }) {
				t.Errorf("no %s at %s in %v", tt.code, tt.pointer, err)
			}
		})
	}
	public := Facts{Name: "ANPE", Country: "ML", Kind: PublicNational}
	if err := public.clean().check("2026-03-02"); err != nil || LicenceKey(public) != "" {
		t.Errorf("a public service without licence: %v", err)
	}
}

// TestLicenceKeyIgnoresSpelling: case, spaces and punctuation never make two
// numbers of one country different, other letters and digits always do.
func TestLicenceKeyIgnoresSpelling(t *testing.T) {
	signs := rapid.SampledFrom([]string{"", " ", "-", "/", ".", "  "})
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.StringMatching(`[a-z0-9]{1,4}`), 1, 4).Draw(t, "parts")
		var spelt strings.Builder
		for _, p := range parts {
			if rapid.Bool().Draw(t, "upper") {
				p = strings.ToUpper(p)
			}
			spelt.WriteString(p + signs.Draw(t, "sign"))
		}
		plain := Facts{Country: "ML", Licence: strings.Join(parts, "")}
		if got := LicenceKey(Facts{Country: "ML", Licence: spelt.String()}); got != LicenceKey(plain) {
			t.Fatalf("%q and %q differ", spelt.String(), plain.Licence)
		}
		more := Facts{Country: "ML", Licence: plain.Licence + "x"}
		abroad := Facts{Country: ref.Country("SN"), Licence: plain.Licence}
		if LicenceKey(more) == LicenceKey(plain) || LicenceKey(abroad) == LicenceKey(plain) {
			t.Fatalf("%q is not told apart", plain.Licence)
		}
	})
}
