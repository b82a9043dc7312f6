package api_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/assignment"
	"passerelle/internal/index"
	"passerelle/internal/store"
	"passerelle/internal/web/api"
)

// registerClaims adds the operations on claims to the registers.
func (r *registers) registerClaims() {
	api.RegisterClaims(r.api, assignment.NewService(assignment.Deps{Store: store.NewAssignmentStore(r.db, r.index.PutAssignment), Reader: r.index, Now: r.clock}))
}

// TestOneOfTwoOfficialsAtOnceHasTheFile over the real store, whoever comes
// first, and the claim is there for a read model that is built anew.
func TestOneOfTwoOfficialsAtOnceHasTheFile(t *testing.T) {
	r := startRegisters(t)
	path := r.newAgency(t)
	officials := []string{"official1", "official2", "official3"}
	answers := make([]reply, len(officials))
	var done sync.WaitGroup
	for i, name := range officials {
		done.Go(func() { answers[i] = r.send("POST", api.Base+path+"/claims", name, "") })
	}
	done.Wait()
	winner := ""
	for i, a := range answers {
		switch {
		case a.status == 200 && winner == "":
			winner = officials[i]
		case a.status != 409 || !strings.Contains(a.body, "assignment.taken"):
			t.Errorf("%s: %d %s", officials[i], a.status, a.body)
		}
	}
	for i, a := range answers {
		if told := strings.Contains(a.body, winner); winner == "" || !told {
			t.Errorf("%s is not told of %q: %s", officials[i], winner, a.body)
		}
	}
	again := index.New(index.Options{Now: r.clock})
	if err := store.NewAssignmentStore(r.db, nil).LoadAssignments(t.Context(), func(a *assignment.Assignment) error { again.PutAssignment(a); return nil }); err != nil {
		t.Fatal(err)
	}
	if mine := again.AssignmentsOf(account.ID(winner)); len(mine) != 1 || !mine[0].Until.Equal(r.clock().Add(assignment.For)) {
		t.Errorf("after a restart %+v", mine)
	}
	decides := "official1"
	if winner == decides {
		decides = "official2"
	}
	if vetted := r.call(200, "POST", path+"/vettings", decides, ""); vetted.text("state") != "vetted" {
		t.Errorf("the claim of one stopped the decision of another: %v", vetted)
	}
	r.call(200, "POST", path+"/claims", decides, "")
}

func TestAClaimIsGivenBackAndEnds(t *testing.T) {
	r := startRegisters(t)
	path := r.newAgency(t)
	held := r.call(200, "POST", path+"/claims", "official1", "")
	if held.text("by") != "official1" || held.text("until") != r.clock().Add(assignment.For).Format(time.RFC3339) || held.text("kind") != "agency" {
		t.Errorf("held %v", held)
	}
	r.call(409, "POST", path+"/claims/releases", "official2", "")
	if free := r.call(200, "POST", path+"/claims/releases", "official1", ""); free.text("by") != "" {
		t.Errorf("given back %v", free)
	}
	r.call(200, "POST", path+"/claims", "official2", "")
	later := r.clock().Add(assignment.For)
	r.now.Store(&later)
	r.call(200, "POST", path+"/claims", "official1", "")
	for _, missing := range []string{"/offers/off_0", "/agencies/agy_0", "/employers/emp_0", "/incidents/inc_0"} {
		r.call(404, "POST", missing+"/claims", "official1", "")
		r.call(404, "POST", missing+"/claims/releases", "official1", "")
		r.call(403, "POST", missing+"/claims", "agency1", "")
	}
	r.call(200, "POST", path+"/vettings", "official1", "")
	r.call(200, "POST", path+"/activations", "official2", "")
	if idle := r.call(409, "POST", path+"/claims", "official1", ""); idle.text("code") != "assignment.idle" {
		t.Errorf("idle %v", idle)
	}
}
