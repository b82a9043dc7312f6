package offer_test

import (
	"flag"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
)

var update = flag.Bool("update", false, "write the golden files")

// covers AZ-09
func TestTransitionsGolden(t *testing.T) {
	const path = "testdata/transitions.golden"
	got := offer.Transitions().String()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the table changed:\n%s", got)
	}
}

// covers AZ-09
func TestEndStatesAcceptNothing(t *testing.T) {
	for _, step := range offer.Transitions() {
		for _, end := range []offer.State{offer.Closed, offer.Withdrawn, offer.Expired} {
			if slices.Contains(step.From, end) {
				t.Errorf("%s leads out of %s", step.Action, end)
			}
		}
	}
}

func TestReasonsAreJudged(t *testing.T) {
	for _, c := range []struct {
		action string
		d      offer.Decision
		ok     bool
	}{
		{offer.ActRefuse, offer.Decision{Reason: "fees_charged"}, true},
		{offer.ActRefuse, offer.Decision{}, false},
		{offer.ActRefuse, offer.Decision{Reason: "because"}, false},
		{offer.ActRefuse, offer.Decision{Reason: "other"}, false},
		{offer.ActRefuse, offer.Decision{Reason: "other", Note: "doublon d'une autre agence"}, true},
		{offer.ActClose, offer.Decision{}, true},
		{offer.ActClose, offer.Decision{Reason: "because"}, false},
		{offer.ActSuspend, offer.Decision{Reason: "complaints", Note: "a\u202eb"}, false},
	} {
		if err := c.d.Check(c.action); (err == nil) != c.ok || err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%s %+v: %v", c.action, c.d, err)
		}
	}
}

// TestStandingProperties walks an offer in force through random causes,
// places, suspensions and reopenings.
func TestStandingProperties(t *testing.T) {
	causes := []offer.Cause{offer.CauseAgency, offer.CauseEmployer, offer.CauseCorridor}
	rapid.Check(t, func(t *rapid.T) {
		o := published(rapid.IntRange(1, 3).Draw(t, "places"))
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			application := rapid.SampledFrom([]string{"app_1", "app_2", "app_3", "app_4"}).Draw(t, "application")
			cause := rapid.SampledFrom(causes).Draw(t, "cause")
			official := offer.Act{By: actor(account.Official, rapid.SampledFrom([]string{"acc_a", "acc_b"}).Draw(t, "official"))}
			switch rapid.IntRange(0, 5).Draw(t, "step") {
			case 0:
				before := o.FreePlaces()
				if changed, err := o.TakePlace(application); changed && (err != nil || o.FreePlaces() != before-1) {
					t.Fatalf("took a place: %d → %d, %v", before, o.FreePlaces(), err)
				}
			case 1:
				o.FreePlace(application)
			case 2:
				o.AddCause(cause)
			case 3:
				o.RemoveCause(cause)
			case 4:
				_ = o.Suspend(official) // refused while filled
			case 5:
				_, _ = o.Reopen(official) // refused unless suspended for its own
			}
			checkStanding(t, o)
		}
	})
}

func checkStanding(t *rapid.T, o *offer.Offer) {
	free, caused := o.FreePlaces(), len(o.Causes) > 0
	if free < 0 || len(o.Taken) > o.Terms().Places {
		t.Fatalf("%d places, %d taken", o.Terms().Places, len(o.Taken))
	}
	want := offer.Published
	switch {
	case o.State == offer.Suspended && caused: // suspended stays so, full or not
		want = offer.Suspended
	case free == 0:
		want = offer.Filled
	case caused:
		want = offer.Suspended
	}
	if o.State != want {
		t.Fatalf("state %s with causes %v and %d free places, want %s", o.State, o.Causes, free, want)
	}
	if !slices.IsSorted(o.Causes) || len(slices.Compact(slices.Clone(o.Causes))) != len(o.Causes) {
		t.Fatalf("causes are no set: %v", o.Causes)
	}
	if o.OpenOn("2026-11-21") != (o.State == offer.Published) {
		t.Fatalf("open in state %s", o.State)
	}
}
