package agency

import (
	"context"
	"strings"
	"testing"

	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
)

func TestSuspensionAndReopeningNameTheirAct(t *testing.T) {
	ctx := context.Background()
	s, w := newWorld()
	a := inState(t, s, w, Active)
	for _, tt := range []struct {
		act           corridor.LegalAct
		pointer, code string
	}{
		{corridor.LegalAct{Evidence: "JO"}, "/act", "required"}, {corridor.LegalAct{Number: "  ", Evidence: "JO"}, "/act", "required"},
		{corridor.LegalAct{Number: strings.Repeat("é", 121), Evidence: "JO"}, "/act", "too_long"},
		{corridor.LegalAct{Number: "A\u200b1", Evidence: "JO"}, "/act", "text.forbidden"},
		{corridor.LegalAct{Number: "A 1"}, "/evidence", "required"},
		{corridor.LegalAct{Number: "A 1", Evidence: strings.Repeat("é", 2001)}, "/evidence", "too_long"},
	} {
		_, err := s.Suspend(ctx, official("acc_a"), a.ID, "complaints", "", tt.act)
		wantFault(t, err, fault.Invalid, "agency.invalid")
		if f := fault.Of(err).Fields; len(f) != 1 || f[0].Pointer != tt.pointer || f[0].Code != tt.code {
			t.Errorf("%+v: %+v, want %s %s", tt.act, f, tt.pointer, tt.code)
		}
	}
	a = must(t)(s.Suspend(ctx, official("acc_a"), a.ID, "complaints", "", corridor.LegalAct{Number: " Arrêté  12 ", Evidence: " JO \n"}))
	if d := a.Decisions[len(a.Decisions)-1]; d.Act != "Arrêté 12" || d.Evidence != "JO" || d.Reason != "complaints" {
		t.Errorf("kept %+v", d)
	}
	_, err := s.Reopen(ctx, official("acc_b"), a.ID, "", corridor.LegalAct{})
	wantFault(t, err, fault.Invalid, "agency.invalid")
}

// TestAnActHasItsEffectOnce repeats orders, at once and late.
func TestAnActHasItsEffectOnce(t *testing.T) {
	ctx := context.Background()
	s, w := newWorld()
	a := inState(t, s, w, Suspended)
	again := must(t)(s.Suspend(ctx, official("acc_c"), a.ID, "complaints", "", closing()))
	if again.Rev != a.Rev || again.State != Suspended || len(again.Decisions) != 3 {
		t.Errorf("repeated: revision %d, %d decisions", again.Rev, len(again.Decisions))
	}
	_, err := s.Suspend(ctx, official("acc_c"), a.ID, "complaints", "", corridor.LegalAct{Number: "Arrêté 2", Evidence: "JO"})
	wantFault(t, err, fault.Conflict, "transition")
	a = must(t)(s.Reopen(ctx, official("acc_b"), a.ID, "", opening()))
	heard := len(w.heard)
	if again = must(t)(s.Reopen(ctx, official("acc_b"), a.ID, "", opening())); again.Rev != a.Rev || len(w.heard) != heard {
		t.Errorf("a repeated reopening made revision %d of %d and was carried", again.Rev, a.Rev)
	}
	_, err = s.Suspend(ctx, official("acc_a"), a.ID, "complaints", "", closing())
	wantFault(t, err, fault.Conflict, "agency.act.used")
	must(t)(s.Suspend(ctx, official("acc_a"), a.ID, "complaints", "", corridor.LegalAct{Number: "Arrêté 2", Evidence: "JO"}))
	_, err = s.Reopen(ctx, official("acc_b"), a.ID, "", opening())
	wantFault(t, err, fault.Conflict, "agency.act.used")
	must(t)(s.Reopen(ctx, official("acc_b"), a.ID, "", corridor.LegalAct{Number: "Arrêté 3", Evidence: "JO"}))
}
