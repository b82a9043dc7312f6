package employer

import (
	"context"
	"testing"

	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
)

func numbered(number string) corridor.LegalAct {
	return corridor.LegalAct{Number: number, Evidence: "Journal officiel"}
}

func TestBarsAndReopeningsNameTheirAct(t *testing.T) {
	ctx := context.Background()
	s, _ := newWorld()
	e := inState(t, s, Accredited)
	_, err := s.Bar(ctx, official("acc_a"), e.ID, "abuse", "", corridor.LegalAct{})
	wantFault(t, err, fault.Invalid, "employer.invalid")
	if f := fault.Of(err).Fields; len(f) != 2 || f[0].Pointer != "/act" || f[1].Pointer != "/evidence" {
		t.Errorf("without an act: %+v", f)
	}
	must(t)(s.Bar(ctx, official("acc_a"), e.ID, "abuse", "", numbered("Arrêté 1")))
	e = must(t)(s.Bar(ctx, official("acc_b"), e.ID, "abuse", "", numbered("Arrêté  2")))
	if d, ok := e.Proposed(); e.State != Accredited || !ok || d.Act != "Arrêté 2" || d.By != "acc_b" {
		t.Fatalf("another act is a new proposal: %s, %+v", e.State, d)
	}
	_, err = s.Bar(ctx, official("acc_b"), e.ID, "abuse", "", numbered("Arrêté 2"))
	wantFault(t, err, fault.Forbidden, "four_eyes.same")
	e = must(t)(s.Bar(ctx, official("acc_a"), e.ID, "abuse", "", numbered("Arrêté 2")))
	if d := e.Decisions[len(e.Decisions)-1]; e.State != Barred || d.Act != "Arrêté 2" || d.Evidence != "Journal officiel" {
		t.Errorf("barred: %s, %+v", e.State, d)
	}
	_, err = s.Reopen(ctx, official("acc_a"), e.ID, "", corridor.LegalAct{Number: "Arrêté 3"})
	wantFault(t, err, fault.Invalid, "employer.invalid")
}

// TestAnActHasItsEffectOnce repeats orders, at once and late.
func TestAnActHasItsEffectOnce(t *testing.T) {
	ctx := context.Background()
	s, w := newWorld()
	e := inState(t, s, Barred)
	heard := len(w.heard)
	if again := must(t)(s.Bar(ctx, official("acc_c"), e.ID, "abuse", "", closing())); again.Rev != e.Rev || len(w.heard) != heard {
		t.Errorf("a repeated bar made revision %d of %d", again.Rev, e.Rev)
	}
	must(t)(s.Reopen(ctx, official("acc_a"), e.ID, "", opening()))
	e = must(t)(s.Reopen(ctx, official("acc_b"), e.ID, "", opening()))
	if again := must(t)(s.Reopen(ctx, official("acc_b"), e.ID, "", opening())); again.Rev != e.Rev || again.State != Declared {
		t.Errorf("a repeated reopening made revision %d of %d", again.Rev, e.Rev)
	}
	must(t)(s.Accredit(ctx, official("acc_a"), e.ID, ""))
	_, err := s.Bar(ctx, official("acc_a"), e.ID, "abuse", "", closing())
	wantFault(t, err, fault.Conflict, "employer.act.used")
	must(t)(s.Bar(ctx, official("acc_a"), e.ID, "abuse", "", numbered("Arrêté 2")))
	must(t)(s.Bar(ctx, official("acc_b"), e.ID, "abuse", "", numbered("Arrêté 2")))
	_, err = s.Reopen(ctx, official("acc_a"), e.ID, "", opening())
	wantFault(t, err, fault.Conflict, "employer.act.used")
}

// TestAProposalWithoutActIsNotSeconded: one that was stored before acts were
// asked for names none, so its second official proposes anew.
func TestAProposalWithoutActIsNotSeconded(t *testing.T) {
	ctx := context.Background()
	s, w := newWorld()
	e := inState(t, s, Accredited)
	e.Decisions = append(e.Decisions, Decision{Action: ProposalPrefix + ActBar, By: "acc_a", Reason: "abuse"})
	if err := w.write(e); err != nil {
		t.Fatal(err)
	}
	e = must(t)(s.Bar(ctx, official("acc_b"), e.ID, "abuse", "", closing()))
	if e.State != Accredited || e.PendingAction() != ActBar {
		t.Errorf("%s, pending %q", e.State, e.PendingAction())
	}
}
