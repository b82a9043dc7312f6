package placement_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/lifecycle"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has changed; look at the difference, then run with -update:\n%s", name, got)
	}
}

func TestTransitionTable(t *testing.T) {
	golden(t, "transitions.golden", placement.Transitions().String())
}

// try is one act of the service, with the transition it makes when it is
// allowed.
type try struct {
	name string
	act  func(context.Context, *desk, account.Actor, placement.ID) error
}

func tries() []try {
	err := func(_ *placement.Placement, err error) error { return err }
	return []try{
		{placement.ActPropose, func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return err(d.Propose(ctx, who, id, d.draft(nil)))
		}},
		{placement.ActDecline, func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return err(d.Decline(ctx, who, id, placement.Grounds{Reason: "pay"}))
		}},
		{placement.ActAccept, func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			if failed := d.RequestCode(ctx, who, id); failed != nil {
				return failed
			}
			return err(d.Accept(ctx, who, id, d.code(id, 1)))
		}},
		{placement.ActReturn, func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return err(d.Return(ctx, who, id, placement.Grounds{Reason: "file_incomplete"}))
		}},
		{placement.ActRefuse, func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return err(d.Refuse(ctx, who, id, placement.Grounds{}))
		}},
		{placement.ActAnswer, func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return err(d.Answer(ctx, who, id, "Réponse"))
		}},
		{placement.ActClear, func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return err(d.Clear(ctx, who, id, placement.Validity{}))
		}},
		{placement.ActRevoke, func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return err(d.Revoke(ctx, who, id, placement.Grounds{Reason: "safety"}))
		}},
		{placement.ActDepart, func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return err(d.Depart(ctx, who, id, placement.Departure{On: ref.DateOf(d.now)}))
		}},
		{placement.ActArrive, func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return err(d.Arrive(ctx, who, id, placement.Arrival{On: ref.DateOf(d.now), Place: "Almería"}))
		}},
		{placement.ActCancel, func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return err(d.Cancel(ctx, who, id, placement.Grounds{Reason: "safety"}))
		}},
	}
}

// inState gives a file that is ready for everything but stands in that state:
// accepted, complete, signed once, and proposed to be refused by officialA.
func inState(d *desk, whole *placement.Placement, state placement.State) placement.ID {
	p := *whole
	p.State, p.Since = state, d.now
	p.Decision.Reviewed = placement.Signature{By: officialA.Account, At: d.now}
	p.Decision.RefusalBy, p.Decision.RefusalReason = placement.Signature{By: officialA.Account, At: d.now}, "safety"
	p.Journey.DepartedOn = ref.DateOf(d.now)
	p.Clearances = []placement.Clearance{{Number: "AUT", From: ref.DateOf(d.now), Until: ref.DateOf(d.now).AddDays(30)}}
	d.ok(d.files.Put(&p))
	return p.ID
}

// TestEveryStateActionAndRole tells, through the service, what anybody can do
// in any state: the state it leads to, or how it is refused. Nobody skips one.
func TestEveryStateActionAndRole(t *testing.T) {
	d := newDesk(t)
	whole := d.file(d.reviewable())
	actors := []account.Actor{person, bureau, officialB, {Account: "acc_admin", Role: account.Admin}, {Account: "acc_observer", Role: account.Observer}, {}, system}
	var b strings.Builder
	for _, state := range placement.States() {
		for _, try := range tries() {
			fmt.Fprintf(&b, "%s %s:", state, try.name)
			for _, who := range actors {
				id := inState(d, whole, state)
				err := try.act(t.Context(), d, who, id)
				after := d.file(id).State
				checkTable(t, try.name, state, after, who.Role, err)
				fmt.Fprintf(&b, " %s=%s", roleName(who.Role), outcome(after, err))
			}
			b.WriteByte('\n')
		}
	}
	golden(t, "acts.golden", b.String())
}

// checkTable holds what the service did to the transition table.
func checkTable(t *testing.T, action string, before, after placement.State, role account.Role, err error) {
	t.Helper()
	if err != nil {
		if after != before {
			t.Errorf("%s by %s: refused and moved from %s to %s", action, role, before, after)
		}
		return
	}
	var table lifecycle.Table[placement.State] = placement.Transitions()
	to, refused := table.Next(action, before, role)
	if next, err := table.Next(placement.ActComplete, to, account.System); err == nil && next == after {
		to = next // a complete file goes on by itself, in the same write
	}
	if refused != nil || to != after {
		t.Errorf("%s by %s led from %s to %s, which the table does not know", action, role, before, after)
	}
}

func roleName(r account.Role) string {
	if r == account.Anonymous {
		return "nobody"
	}
	return string(r)
}

func outcome(after placement.State, err error) string {
	if err == nil {
		return string(after)
	}
	f := fault.Of(err)
	if f == nil {
		return err.Error()
	}
	return f.Kind.String() + "/" + f.Code
}

// TestMayFinishIsTheTable: what pages offer as an end is what the table takes.
func TestMayFinishIsTheTable(t *testing.T) {
	for _, state := range placement.States() {
		_, err := placement.Transitions().Next(placement.ActFinish, state, account.Official)
		if p := (&placement.Placement{State: state}); p.MayFinish() != (err == nil) {
			t.Errorf("%s: %t, %v", state, p.MayFinish(), err)
		}
	}
}
