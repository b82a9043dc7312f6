package placement_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// TestAReturnedFileIsSignedAnew: what the first official signed was another
// file; after a return nobody clears on that signature. covers AZ-07
func TestAReturnedFileIsSignedAnew(t *testing.T) {
	d := newDesk(t)
	id := d.reviewable()
	_, err := d.Review(t.Context(), officialA, id)
	d.ok(err)
	_, err = d.Claim(t.Context(), officialC, id)
	d.ok(err)
	_, err = d.Return(t.Context(), officialC, id, placement.Grounds{})
	d.wantField(err, "/reason", "required")
	p, err := d.Return(t.Context(), officialC, id, placement.Grounds{Reason: "unclear_terms"})
	d.ok(err)
	if p.Decision != (placement.Decision{}) || p.Claim != (placement.Claim{}) {
		t.Errorf("returned with %+v, %+v", p.Decision, p.Claim)
	}
	d.accept(id)
	_, err = d.Clear(t.Context(), officialB, id, placement.Validity{})
	d.want(err, fault.Conflict, "placement.unreviewed")
}

// TestWhoWorkedOnAFileDoesNotReturnIt nor who has not got it. covers AZ-07
func TestWhoWorkedOnAFileDoesNotReturnIt(t *testing.T) {
	d := newDesk(t)
	id := d.reviewable()
	d.paper(id, officialA, "evidence")
	g := placement.Grounds{Reason: "unclear_terms"}
	_, err := d.Return(t.Context(), officialA, id, g)
	d.want(err, fault.Forbidden, "four_eyes.own")
	_, err = d.Claim(t.Context(), officialB, id)
	d.ok(err)
	_, err = d.Return(t.Context(), officialC, id, g)
	d.want(err, fault.Conflict, "placement.claimed")
}

// TestASecondOpinionEndsARefusal: an official who signs a file takes the
// refusal another proposed off the table; it takes two anew. covers AZ-07
func TestASecondOpinionEndsARefusal(t *testing.T) {
	d := newDesk(t)
	id := d.reviewable()
	claimed := func(who account.Actor) {
		t.Helper()
		_, err := d.Claim(t.Context(), who, id)
		d.ok(err)
	}
	claimed(officialA)
	_, err := d.Refuse(t.Context(), officialA, id, placement.Grounds{Reason: "safety"})
	d.ok(err)
	claimed(officialB) // the first one’s work is done: the file is free
	_, err = d.Review(t.Context(), officialB, id)
	d.ok(err)
	claimed(officialC)
	p, err := d.Refuse(t.Context(), officialC, id, placement.Grounds{Reason: "safety", Note: "autre avis"})
	d.ok(err)
	if p.State != placement.UnderReview || p.Decision.RefusalBy.By != officialC.Account || p.Decision.Reviewed.By != "" {
		t.Errorf("one signature refused: %s %+v", p.State, p.Decision)
	}
}

// TestARefusalIsSignedAndTold: both officials stand by it, the person is told,
// the file is free, and the answer is in words.
func TestARefusalIsSignedAndTold(t *testing.T) {
	d := newDesk(t)
	id := d.reviewable()
	_, err := d.Refuse(t.Context(), officialA, id, placement.Grounds{Reason: "safety"})
	d.ok(err)
	_, err = d.Claim(t.Context(), officialB, id)
	d.ok(err)
	_, err = d.Refuse(t.Context(), officialB, id, placement.Grounds{Note: strings.Repeat("x", 2001)})
	d.wantField(err, "/note", "too_long")
	p, err := d.Refuse(t.Context(), officialB, id, placement.Grounds{})
	d.ok(err)
	if p.State != placement.Refused || p.Decision.RefusalBy.By != officialA.Account || p.Decision.Refused.By != officialB.Account || p.Claim.By != "" {
		t.Errorf("%s %+v %+v", p.State, p.Decision, p.Claim)
	}
	if got := d.told(id, "placement.refused"); !slices.Equal(got, []string{"placement.refused " + string(person.Account)}) {
		t.Errorf("told %v", got)
	}
	_, err = d.Answer(t.Context(), person, id, "")
	d.wantField(err, "/note", "required")
	if p, err = d.Answer(t.Context(), person, id, "C’est une erreur."); err != nil || p.Decision.AnsweredBy != person.Account {
		t.Errorf("answered: %+v %v", p, err)
	}
}

// TestAClaimIsForWorkThatIsLeft: a file that has ended is nobody's work, and
// giving back what nobody has is no act.
func TestAClaimIsForWorkThatIsLeft(t *testing.T) {
	d := newDesk(t)
	id := d.reviewable()
	rev := d.file(id).Rev
	_, err := d.ReleaseClaim(t.Context(), officialA, id)
	d.ok(err)
	if d.file(id).Rev != rev {
		t.Error("giving back nothing is written down")
	}
	_, err = d.Cancel(t.Context(), person, id, placement.Grounds{Reason: "family"})
	d.ok(err)
	_, err = d.Claim(t.Context(), officialA, id)
	d.want(err, fault.Conflict, "placement.final")
}

// TestRisk: each concern has its points, bounded, the heaviest first; they add
// up, to 100 at most, and what has ended is no concern.
func TestRisk(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	known := placement.Known{Kind: agency.Private, Active: true}
	worse := placement.Contract{Lines: slices.Repeat([]placement.Line{{Verdict: placement.Worse, Protected: true}}, 5)}
	hold := func(kinds ...placement.HoldKind) (holds []placement.Hold) {
		for _, k := range kinds {
			holds = append(holds, placement.Hold{Kind: k})
		}
		return holds
	}
	missed := placement.CheckIn{Missed: now}
	made := placement.CheckIn{Missed: now, DoneAt: now}
	for name, c := range map[string]struct {
		file  placement.Placement
		known placement.Known
		want  string
		sum   int
	}{
		"nothing":            {placement.Placement{State: placement.InPost}, known, "", 0},
		"the worker paid":    {placement.Placement{State: placement.InPost, Costs: []placement.Cost{{PaidBy: offer.ByWorker, EURCents: 1, Amount: ref.Money{Amount: 1, Currency: ref.EUR}}}}, known, "worker_paid", 30},
		"safety":             {placement.Placement{State: placement.InPost, Holds: hold(placement.HoldSafety, placement.HoldSafety)}, known, "safety", 40},
		"another hold":       {placement.Placement{State: placement.InPost, Holds: hold(placement.HoldCorridor)}, known, "hold", 15},
		"other holds":        {placement.Placement{State: placement.InPost, Holds: hold(placement.HoldCorridor, placement.HoldSubstitution)}, known, "hold", 20},
		"one difference":     {placement.Placement{State: placement.InPost, Contracts: []placement.Contract{{Lines: worse.Lines[:1]}}}, known, "difference", 5},
		"many differences":   {placement.Placement{State: placement.InPost, Contracts: []placement.Contract{{}, worse}}, known, "difference", 20},
		"former differences": {placement.Placement{State: placement.InPost, Contracts: []placement.Contract{worse, {}}}, known, "", 0},
		"not arrived":        {placement.Placement{State: placement.Departed, Since: now, Journey: placement.Journey{OverdueAt: now}}, known, "arrival_overdue", 30},
		"arrived late":       {placement.Placement{State: placement.InPost, Journey: placement.Journey{OverdueAt: now}}, known, "", 0},
		"silent":             {placement.Placement{State: placement.InPost, Journey: placement.Journey{CheckIns: []placement.CheckIn{missed, made}}}, known, "check_in_missed", 10},
		"long silent":        {placement.Placement{State: placement.InPost, Journey: placement.Journey{CheckIns: []placement.CheckIn{missed, missed, missed}}}, known, "check_in_missed", 20},
		"silent at home":     {placement.Placement{State: placement.Completed, Since: now, Journey: placement.Journey{CheckIns: []placement.CheckIn{missed}}}, known, "", 0},
		"a new agency":       {placement.Placement{State: placement.InPost}, placement.Known{Kind: agency.Private, Active: true, New: true}, "agency_new", 10},
		"a new service":      {placement.Placement{State: placement.InPost}, placement.Known{Kind: agency.PublicNational, Active: true, New: true}, "", 0},
		"a shut agency":      {placement.Placement{State: placement.InPost}, placement.Known{Kind: agency.PublicNational}, "agency_not_active", 15},
		"an unknown agency":  {placement.Placement{State: placement.InPost}, placement.Known{New: true}, "", 0},
		"over":               {placement.Placement{State: placement.Returned, Holds: hold(placement.HoldSafety)}, placement.Known{Kind: agency.Private, New: true}, "", 0},
	} {
		sum, factors := c.file.Risk(c.known, placement.Calendar{}, now)
		var codes []string
		for _, f := range factors {
			codes = append(codes, f.Code)
		}
		if got := strings.Join(codes, " "); got != c.want || sum != c.sum {
			t.Errorf("%s: %q %d, want %q %d", name, got, sum, c.want, c.sum)
		}
		card := placement.CardOf(&c.file, placement.Calendar{}, now)
		if got := card.RiskAt(c.known, now); got != c.sum {
			t.Errorf("%s: its card says %d", name, got)
		}
	}
	late := placement.Placement{State: placement.UnderReview, Since: now.AddDate(-1, 0, 0)}
	due := late.Due(placement.Calendar{})
	for _, c := range []struct {
		now  time.Time
		want int
	}{{due.Add(-time.Millisecond), 0}, {due, 15}} {
		if sum, _ := late.Risk(known, placement.Calendar{}, c.now); sum != c.want {
			t.Errorf("at %s: %d", c.now, sum)
		}
	}
	late.Holds, late.Costs = hold(placement.HoldSafety, placement.HoldCorridor, placement.HoldSubstitution), []placement.Cost{{PaidBy: offer.ByWorker, EURCents: 1, Amount: ref.Money{Amount: 1, Currency: ref.EUR}}}
	if sum, factors := late.Risk(placement.Known{Kind: agency.Private, New: true}, placement.Calendar{}, due); sum != 100 || len(factors) != 6 {
		t.Errorf("everything at once: %d %v", sum, factors)
	}
}
