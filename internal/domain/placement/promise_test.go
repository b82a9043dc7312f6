package placement

import (
	"slices"
	"testing"
	"time"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

func TestPromised(t *testing.T) {
	kept := offer.Terms{Costs: offer.Costs{Visa: offer.ByEmployer, Flight: offer.ByEmployer, Medical: offer.ByWorker}, Benefits: offer.Benefits{Insurance: offer.Provided}}
	for category, want := range map[string]offer.Payer{
		"recruitment_fee": offer.ByEmployer, "administrative": offer.ByEmployer, "travel": offer.ByEmployer, "medical": offer.ByWorker,
		"insurance": offer.ByEmployer, "training": "", "skills_test": "", "equipment": "", "other": "",
	} {
		if got := Promised(kept, category); got != want {
			t.Errorf("%s: %q, want %q", category, got, want)
		}
	}
	kept.Costs.WorkerFee, kept.Benefits.Insurance = 100, offer.NotProvided
	if Promised(kept, "recruitment_fee") != offer.ByWorker || Promised(kept, "insurance") != "" {
		t.Error("a stated fee, or an insurance that is not provided, is taken for a promise")
	}
	for _, c := range CostCategories() { // a new category has to be thought about here
		if !slices.Contains([]string{"recruitment_fee", "medical", "insurance", "skills_test", "training", "equipment", "travel", "administrative", "other"}, c) {
			t.Errorf("nothing is said of %s", c)
		}
	}
}

func xof(amount int64) ref.Money { return ref.Money{Amount: amount, Currency: ref.XOF} }

func TestBrokenPromises(t *testing.T) {
	p := &Placement{Frozen: offer.Snapshot{Terms: offer.Terms{Costs: offer.Costs{Flight: offer.ByEmployer}}}}
	p.Costs = []Cost{
		{Category: "travel", PaidBy: offer.ByWorker, EURCents: 100, Amount: xof(655)}, {Category: "travel", PaidBy: offer.ByEmployer, EURCents: 40, Amount: xof(262)},
		{Category: "equipment", PaidBy: offer.ByWorker, EURCents: 7, Amount: xof(45)}, {Category: "recruitment_fee", PaidBy: offer.ByWorker, EURCents: 5, Struck: time.Unix(1, 0)},
	}
	for i, want := range []bool{true, false, false, false} {
		if p.Broken(p.Costs[i]) != want {
			t.Errorf("line %d: %v", i, !want)
		}
	}
	if got := p.Shares(); !slices.Equal(got, []Share{{offer.ByEmployer, 40, xof(262)}, {offer.ByWorker, 107, xof(700)}}) {
		t.Errorf("%v", got)
	}
	p.Costs = append(p.Costs, Cost{PaidBy: offer.ByWorker, EURCents: 3, Amount: ref.Money{Amount: 3, Currency: ref.EUR}}, Cost{PaidBy: offer.ByWorker, EURCents: 1, Amount: xof(6)})
	if got := p.Shares()[1]; got != (Share{Payer: offer.ByWorker, EURCents: 111}) {
		t.Errorf("two currencies: %v", got)
	}
}

func TestExpiryOfPapers(t *testing.T) {
	for _, tc := range []struct {
		item Item
		want Expiry
	}{
		{Item{Done: true}, Lasting}, {Item{Expires: "2026-01-01"}, Lasting}, {Item{Done: true, Expires: "2026-11-20"}, Expired},
		{Item{Done: true, Expires: "2026-11-21"}, Soon}, {Item{Done: true, Expires: "2027-01-20"}, Soon}, {Item{Done: true, Expires: "2027-01-21"}, Lasting},
	} {
		if got := tc.item.Expiry("2026-11-21"); got != tc.want {
			t.Errorf("%+v: %q", tc.item, got)
		}
	}
	p := &Placement{Journey: Journey{CheckIns: []CheckIn{{Day: 7, DoneAt: time.Unix(1, 0)}, {Day: 30}}}}
	if c := p.NextCheckIn(); c == nil || c.Day != 30 {
		t.Errorf("%+v", c)
	}
	if (&Placement{}).NextCheckIn() != nil {
		t.Error("a file without contacts has a next one")
	}
}
