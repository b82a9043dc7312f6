package placement_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// TestAClaimEndsWithItsStep: a file that goes on, or goes back and comes again,
// is anybody's, however short a time ago it was taken.
func TestAClaimEndsWithItsStep(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	_, err := d.Claim(t.Context(), officialA, id)
	d.ok(err)
	d.propose(id, nil)
	if got := d.file(id); got.Claim != (placement.Claim{}) {
		t.Errorf("%s is still claimed: %+v", got.State, got.Claim)
	}
	d.accept(id)
	d.fill(id)
	_, err = d.Claim(t.Context(), officialA, id)
	d.ok(err)
	_, err = d.Return(t.Context(), officialA, id, placement.Grounds{Reason: "unclear_terms"})
	d.ok(err)
	d.accept(id)
	if got := d.file(id); got.State != placement.UnderReview || got.Claim != (placement.Claim{}) {
		t.Errorf("%s came back claimed: %+v", got.State, got.Claim)
	}
	_, err = d.Claim(t.Context(), officialB, id)
	d.ok(err)
}

func TestClaims(t *testing.T) {
	d := newDesk(t)
	id := d.reviewable()
	_, err := d.Claim(t.Context(), officialA, id)
	d.ok(err)
	_, err = d.Claim(t.Context(), officialB, id)
	d.want(err, fault.Conflict, "placement.claimed")
	_, err = d.Review(t.Context(), officialB, id)
	d.want(err, fault.Conflict, "placement.claimed")
	_, err = d.ReleaseClaim(t.Context(), officialB, id)
	d.want(err, fault.Conflict, "placement.claimed")
	_, err = d.Claim(t.Context(), bureau, id)
	d.want(err, fault.Forbidden, "auth.forbidden")
	d.now = d.now.Add(placement.ClaimFor)
	_, err = d.Claim(t.Context(), officialB, id)
	d.ok(err)
	_, err = d.ReleaseClaim(t.Context(), officialB, id)
	d.ok(err)
	if d.file(id).Claim.By != "" {
		t.Error("still claimed")
	}
}

// covers AZ-07
func TestClearanceTakesTwoOfficials(t *testing.T) {
	d := newDesk(t)
	id := d.reviewable()
	clear := func(who account.Actor) error {
		_, err := d.Clear(t.Context(), who, id, placement.Validity{})
		return err
	}
	d.want(clear(officialB), fault.Conflict, "placement.unreviewed")
	_, err := d.Review(t.Context(), officialA, id)
	d.ok(err)
	_, err = d.Review(t.Context(), officialB, id)
	d.want(err, fault.Conflict, "placement.reviewed")
	d.want(clear(officialA), fault.Forbidden, "four_eyes.same")
	d.want(clear(bureau), fault.Forbidden, "auth.forbidden")
	d.ok(clear(officialB))
	p := d.file(id)
	c := p.Clearance()
	if p.State != placement.Cleared || !ref.ValidReference("AUT", c.Number) || c.First.By != "acc_a" || c.Second.By != "acc_b" || c.Until != c.From.AddDays(30) {
		t.Errorf("cleared: %+v", c)
	}
}

// covers AZ-07
func TestAnEditBetweenTheSignaturesVoidsTheFirst(t *testing.T) {
	for name, edit := range map[string]func(*desk, placement.ID) error{
		"an item": func(d *desk, id placement.ID) error {
			_, err := d.MarkItem(d.t.Context(), person, id, placement.Mark{Key: "medical", Done: true, Document: d.paper(id, person, "medical")})
			return err
		},
		"a cost of the worker": func(d *desk, id placement.ID) error {
			_, err := d.AddCost(d.t.Context(), person, id, placement.Expense{Category: "medical", Amount: ref.Money{Amount: 1000, Currency: "EUR"},
				PaidBy: offer.ByWorker, PaidOn: "2026-11-20"})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			id := d.reviewable()
			_, err := d.Review(t.Context(), officialA, id)
			d.ok(err)
			d.ok(edit(d, id))
			_, err = d.Clear(t.Context(), officialB, id, placement.Validity{})
			d.want(err, fault.Conflict, "placement.unreviewed")
		})
	}
}

// covers AZ-07
func TestWhoWorkedOnAFileDoesNotDecideIt(t *testing.T) {
	d := newDesk(t)
	id := d.reviewable()
	d.paper(id, officialA, "evidence")
	_, err := d.Review(t.Context(), officialA, id)
	d.want(err, fault.Forbidden, "four_eyes.own")
	_, err = d.Refuse(t.Context(), officialA, id, placement.Grounds{Reason: "safety"})
	d.want(err, fault.Forbidden, "four_eyes.own")
	_, err = d.Review(t.Context(), officialB, id)
	d.ok(err)
	_, err = d.Clear(t.Context(), officialA, id, placement.Validity{})
	d.want(err, fault.Forbidden, "four_eyes.own")
}

func TestClearanceChecksEverythingAgain(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*desk, placement.ID)
		kind   fault.Kind
		code   string
	}{
		"a closed corridor": {func(d *desk, _ placement.ID) { d.corridor.Suspensions = []corridor.Suspension{{Act: "1"}} }, fault.Conflict, "placement.corridor.closed"},
		"a hold": {func(d *desk, id placement.ID) {
			_, err := d.Hold(d.t.Context(), system, id, placement.HoldSafety, "inc_1", "")
			d.ok(err)
		}, fault.Conflict, "placement.held"},
		"a paper that ran out": {func(d *desk, _ placement.ID) { d.now = time.Date(2030, 1, 2, 0, 0, 0, 0, time.UTC) }, fault.Conflict, "placement.checklist.incomplete"},
		"a higher floor": {func(d *desk, _ placement.ID) {
			d.corridor.Floors = []corridor.Floor{{EURCents: 500000}}
		}, fault.Invalid, "placement.contract.unlawful"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			id := d.reviewable()
			c.change(d, id)
			_, err := d.Review(t.Context(), officialA, id)
			d.want(err, c.kind, c.code)
		})
	}
}

func TestValidityOfAClearance(t *testing.T) {
	d := newDesk(t)
	id := d.reviewable()
	_, err := d.Review(t.Context(), officialA, id)
	d.ok(err)
	today := ref.DateOf(d.now)
	for _, c := range []struct {
		from, until   ref.Date
		pointer, code string
	}{
		{today.AddDays(-1), "", "/from", "placement.clearance.past"},
		{today, today.AddDays(-1), "/until", "placement.clearance.order"},
		{today, today.AddDays(91), "/until", "placement.clearance.long"},
		{"2029-12-01", "2030-01-15", "/until", "placement.clearance.paper"},
	} {
		_, err := d.Clear(t.Context(), officialB, id, placement.Validity{From: c.from, Until: c.until})
		d.wantField(err, c.pointer, c.code)
	}
	p, err := d.Clear(t.Context(), officialB, id, placement.Validity{From: today, Until: today.AddDays(90)})
	d.ok(err)
	if c := p.Clearance(); c.Until != today.AddDays(90) {
		t.Errorf("%+v", c)
	}
}

// covers AZ-07
func TestRefusalAnswerCorrectionClearance(t *testing.T) {
	d := newDesk(t)
	id := d.reviewable()
	refuse := func(who account.Actor, g placement.Grounds) (*placement.Placement, error) {
		return d.Refuse(t.Context(), who, id, g)
	}
	_, err := refuse(officialA, placement.Grounds{})
	d.wantField(err, "/reason", "required")
	p, err := refuse(officialA, placement.Grounds{Reason: "employer_doubtful", Note: "Adresse introuvable"})
	d.ok(err)
	if p.State != placement.UnderReview {
		t.Fatalf("one official refused: %s", p.State)
	}
	_, err = refuse(officialA, placement.Grounds{})
	d.want(err, fault.Forbidden, "four_eyes.same")
	_, err = refuse(officialB, placement.Grounds{Reason: "safety"})
	d.want(err, fault.Conflict, "placement.refusal.differs")
	_, err = refuse(officialB, placement.Grounds{})
	d.ok(err)
	p, err = d.Answer(t.Context(), bureau, id, "Voici le bail de l’employeur.")
	d.ok(err)
	if p.State != placement.UnderReview || !p.Decision.Answered {
		t.Fatalf("answered: %+v", p.Decision)
	}
	_, err = d.Answer(t.Context(), person, id, "encore")
	d.want(err, fault.Conflict, "transition")
	p, err = d.Return(t.Context(), officialA, id, placement.Grounds{Reason: "unclear_terms"})
	d.ok(err)
	if p.State != placement.ContractProposed || !p.CurrentContract().AcceptedAt.IsZero() {
		t.Fatalf("returned: %+v", p.CurrentContract())
	}
	d.propose(id, func(x *offer.Terms) { x.Pay.Min += 1000 })
	d.accept(id)
	d.fill(id)
	_, err = d.Review(t.Context(), officialB, id)
	d.ok(err)
	_, err = d.Clear(t.Context(), officialC, id, placement.Validity{})
	d.ok(err)
}

func TestRevokingAndCancelling(t *testing.T) {
	d := newDesk(t)
	id := d.cleared()
	p, err := d.Revoke(t.Context(), officialC, id, placement.Grounds{Reason: "complaints"})
	d.ok(err)
	if p.State != placement.UnderReview || p.Clearance().RevokedBy != "acc_c" || p.Decision.Reviewed.By != "" {
		t.Errorf("revoked: %+v", p.Clearance())
	}
	_, err = d.Review(t.Context(), officialA, id)
	d.ok(err)
	p, err = d.Clear(t.Context(), officialB, id, placement.Validity{})
	d.ok(err)
	if len(p.Clearances) != 2 || p.Clearances[0].Number == p.Clearances[1].Number {
		t.Errorf("clearances: %+v", p.Clearances)
	}
	p, err = d.Cancel(t.Context(), person, id, placement.Grounds{Reason: "family"})
	d.ok(err)
	if p.State != placement.Cancelled || p.Clearance().RevokedAt.IsZero() || len(d.released) != 1 {
		t.Errorf("cancelled: %+v, released %v", p.Clearance(), d.released)
	}
	_, err = d.Cancel(t.Context(), person, id, placement.Grounds{Reason: "family"})
	d.want(err, fault.Conflict, "transition")
}

func TestHoldingTwiceIsHoldingOnce(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	for range 2 {
		_, err := d.Hold(t.Context(), system, id, placement.HoldCorridor, "Arrêté 7", "")
		d.ok(err)
	}
	if p := d.file(id); len(p.Holds) != 1 || p.Rev != 2 {
		t.Errorf("held: %+v, rev %d", p.Holds, p.Rev)
	}
	_, err := d.ReleaseHold(t.Context(), officialA, id, placement.HoldCorridor, "Arrêté 7", "levé")
	d.want(err, fault.Conflict, "placement.hold.corridor")
	for range 2 {
		_, err = d.ReleaseHold(t.Context(), system, id, placement.HoldCorridor, "Arrêté 7", "")
		d.ok(err)
	}
	if p := d.file(id); p.Held() || p.Rev != 3 {
		t.Errorf("released: %+v, rev %d", p.Holds, p.Rev)
	}
	_, err = d.Hold(t.Context(), officialA, id, placement.HoldSubstitution, "x", "non")
	d.wantField(err, "/kind", "reason.unknown")
	_, err = d.Hold(t.Context(), officialA, id, placement.HoldSafety, "Lettre 1", "Menaces signalées")
	d.ok(err)
}

func TestAReleaseCompletesTheFile(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	d.propose(id, nil)
	d.accept(id)
	_, err := d.Hold(t.Context(), system, id, placement.HoldCorridor, "Arrêté 7", "")
	d.ok(err)
	if p := d.fill(id); p.State != placement.ContractAccepted {
		t.Fatalf("a held file went on: %s", p.State)
	}
	p, err := d.ReleaseHold(t.Context(), system, id, placement.HoldCorridor, "Arrêté 7", "")
	d.ok(err)
	if p.State != placement.UnderReview {
		t.Errorf("after the release: %s", p.State)
	}
}

// TestTwoOfficialsAlwaysDiffer plays random officials' acts on a file.
// covers AZ-07
func TestTwoOfficialsAlwaysDiffer(t *testing.T) {
	whole := newDesk(t)
	id := whole.reviewable()
	start := whole.files.Docs[id]
	officials := []account.Actor{officialA, officialB, officialC}
	rapid.Check(t, func(t *rapid.T) {
		d := *whole
		d.files.Docs = map[placement.ID][]byte{id: start}
		d.Service = placement.NewService(placement.Deps{Store: d.files, Model: deskModel{&d}, Applications: deskApplications{&d},
			Now: func() time.Time { return d.now }, NewID: d.newID})
		for range rapid.IntRange(1, 25).Draw(t, "acts") {
			who := rapid.SampledFrom(officials).Draw(t, "who")
			officialAct(context.Background(), &d, who, id, rapid.IntRange(0, 6).Draw(t, "act"))
		}
		p := d.file(id)
		for _, c := range p.Clearances {
			if c.First.By == "" || c.First.By == c.Second.By {
				t.Fatalf("one official cleared: %+v", c)
			}
		}
		if r := p.Decision; r.Refused.By != "" && r.Refused.By == r.RefusalBy.By {
			t.Fatalf("one official refused: %+v", r)
		}
	})
}

// officialAct tries one act; what is refused changes nothing.
func officialAct(ctx context.Context, d *desk, who account.Actor, id placement.ID, act int) {
	switch act {
	case 0:
		_, _ = d.Review(ctx, who, id)
	case 1:
		_, _ = d.Clear(ctx, who, id, placement.Validity{})
	case 2:
		_, _ = d.Refuse(ctx, who, id, placement.Grounds{Reason: "safety"})
	case 3:
		_, _ = d.Revoke(ctx, who, id, placement.Grounds{Reason: "safety"})
	case 4:
		_, _ = d.Answer(ctx, bureau, id, "Réponse")
	case 5:
		_, _ = d.Claim(ctx, who, id)
	default:
		_, _ = d.ReleaseClaim(ctx, who, id)
	}
}
