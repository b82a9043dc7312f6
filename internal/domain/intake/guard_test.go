package intake

import (
	"fmt"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// TestImportsAreReadByTheirSides: an agency reads and lists its own, officials
// all, and nobody else any.
func TestImportsAreReadByTheirSides(t *testing.T) {
	m := newMemory()
	s, _, _ := newService(m)
	imp, _, err := s.Run(t.Context(), member, spec, rows(1, "a"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		who  account.Actor
		kind fault.Kind
	}{
		{member, fault.Internal}, {official(1), fault.Internal}, {account.Actor{}, fault.Unauthenticated},
		{account.Actor{Account: "acc_c", Role: account.Candidate}, fault.Forbidden}, {account.Actor{Account: "acc_o", Role: account.Observer}, fault.Forbidden},
	} {
		_, read := s.Get(t.Context(), c.who, imp.ID)
		_, rejected := s.RowErrors(t.Context(), c.who, imp.ID)
		page, listed := s.List(t.Context(), c.who, Query{Scope: account.Scope{All: true}})
		for _, err := range []error{read, rejected, listed} {
			if fault.KindOf(err) != c.kind || (err == nil) != (c.kind == fault.Internal) {
				t.Errorf("%s: %v", c.who.Role, err)
			}
		}
		if want := map[bool]int{true: 1}[c.kind == fault.Internal]; page.Total != want {
			t.Errorf("%s lists %d", c.who.Role, page.Total)
		}
	}
	unknown := spec
	unknown.Kind = "gossip"
	if _, _, err := s.Run(t.Context(), member, unknown, rows(1, "a"), nil); fault.Of(err) == nil || fault.Of(err).Code != "import.kind" {
		t.Errorf("an unknown kind: %v", err)
	}
}

// TestEveryStepOfAnImportIsInTheAuditLog, once, under the name of who took it;
// how far it has come is not.
func TestEveryStepOfAnImportIsInTheAuditLog(t *testing.T) {
	m := newMemory()
	s, _, _ := newService(m)
	imp, _, err := s.Run(t.Context(), member, spec, rows(10, "a"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for n, action := range []string{ApproveAll, PublishAll} {
		if _, err := s.Decide(t.Context(), official(n+1), imp.ID, action); err != nil {
			t.Fatal(err)
		}
		if err := s.WorkOff(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := s.Run(t.Context(), official(3), spec, rows(10, "a"), nil); err != nil {
		t.Fatal(err)
	}
	i := m.imports[imp.ID]
	var log []string
	var rev int64
	for _, e := range i.Pending {
		log = append(log, fmt.Sprint(e.Action, " ", e.Actor, " ", e.Role))
		if e.Rev <= rev || e.Rev > i.Rev || e.Subject != string(i.ID) || e.At.IsZero() {
			t.Errorf("entry %+v after revision %d of %d", e, rev, i.Rev)
		}
		rev = e.Rev
	}
	first, second, third := official(1).Account, official(2).Account, official(3).Account
	want := fmt.Sprint([]string{
		fmt.Sprintf("import.create %s agency", member.Account), fmt.Sprintf("import.end %s agency", member.Account),
		fmt.Sprintf("import.approve %s official", first), fmt.Sprintf("import.approve.end %s official", first),
		fmt.Sprintf("import.publish %s official", second), fmt.Sprintf("import.publish.end %s official", second),
		fmt.Sprintf("import.run %s official", third), fmt.Sprintf("import.end %s official", third),
	})
	if got := fmt.Sprint(log); got != want {
		t.Errorf("the log says\n%s, want\n%s", got, want)
	}
}
