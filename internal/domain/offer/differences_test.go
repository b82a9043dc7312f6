package offer_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

func TestDifferencesNameWhatChanged(t *testing.T) {
	from := soundTerms()
	if got := offer.Differences(from, from); len(got) != 0 {
		t.Errorf("the same terms differ in %v", got)
	}
	to := soundTerms()
	to.HoursPerWeek, to.Benefits.Housing, to.Costs.Visa, to.Regulated, to.City = 4_450, offer.NotProvided, offer.ByWorker, true, ""
	to.Pay.Min, to.Languages = from.Pay.Min-100, []offer.LanguageNeed{{Language: "es", Level: ref.B1}}
	got := map[string]offer.TermChange{}
	for _, c := range offer.Differences(from, to) {
		got[c.Field] = c
	}
	for field, after := range map[string]string{"hoursPerWeek": "44.5", "benefits.housing": "no", "costs.visa": "worker", "regulated": "true", "city": "",
		"languages": `[{"language":"es","level":"B1"}]`} {
		if c, ok := got[field]; !ok || c.After != after {
			t.Errorf("%s: %+v, want %q after", field, c, after)
		}
	}
	if c := got["pay"]; len(got) != 7 || c.Before == c.After || c.Before[0] != '{' {
		t.Errorf("%d changes, pay %+v", len(got), c)
	}
	for field := range got {
		if !slices.Contains(offer.DifferenceFields(), field) {
			t.Errorf("%s is not among the fields", field)
		}
	}
}

// TestDifferencesAreThoseOfTheSeal: terms differ in something exactly when
// their seals do, and what one direction says the other says backwards.
func TestDifferencesAreThoseOfTheSeal(t *testing.T) {
	draw := func(t *rapid.T, name string) offer.Terms {
		few := func(what string) int { return rapid.IntRange(0, 2).Draw(t, name+what) }
		terms := offer.Terms{Title: []string{"", "Maçon", "Soudeur"}[few("title")], Places: 1 + few("places"), HoursPerWeek: 3_500 + 50*few("hours"), MinAge: 18 * few("age")}
		terms.Benefits.Meals = []offer.Benefit{"", offer.Provided, offer.NotProvided}[few("meals")]
		terms.Costs.Visa = []offer.Payer{"", offer.ByEmployer, offer.ByWorker}[few("visa")]
		terms.Pay = ref.Pay{Min: int64(few("pay")) * 1000, Currency: ref.EUR}
		terms.RequiredSkills = make([]ref.Skill, 0, 2)
		for range few("skills") {
			terms.RequiredSkills = append(terms.RequiredSkills, "maconnerie")
		}
		return terms
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t, "a"), draw(t, "b")
		there, back := offer.Differences(a, b), offer.Differences(b, a)
		if (len(there) == 0) != (offer.Digest(a) == offer.Digest(b)) || len(there) != len(back) {
			t.Fatalf("%v there, %v back", there, back)
		}
		for i, c := range there {
			if back[i] != (offer.TermChange{Field: c.Field, Before: c.After, After: c.Before}) || !slices.Contains(offer.DifferenceFields(), c.Field) {
				t.Fatalf("%+v and %+v", c, back[i])
			}
		}
	})
}

// TestEarlierVersionsAreKept publishes version after version.
func TestEarlierVersionsAreKept(t *testing.T) {
	h := newHouse()
	o := h.publish(t, soundTerms())
	if o.Announce != 0 || len(o.Earlier) != 0 {
		t.Fatalf("the first version is announced: %d, %d earlier", o.Announce, len(o.Earlier))
	}
	next := func(hours int) *offer.Offer {
		terms := soundTerms()
		terms.HoursPerWeek = hours
		ok(t)(h.Edit(ctx, agent, o.ID, o.Rev, terms))
		ok(t)(h.Submit(ctx, agent, o.ID))
		ok(t)(h.Approve(ctx, binta, o.ID))
		o = ok(t)(h.Publish(ctx, anne, o.ID))
		return o
	}
	next(3_600)
	first, kept := o.Published(1)
	if !kept || first.Terms.HoursPerWeek != soundTerms().HoursPerWeek || o.Announce != 2 || len(offer.Differences(first.Terms, o.Frozen.Terms)) != 1 {
		t.Fatalf("after the second: %+v, announce %d", first, o.Announce)
	}
	rev := o.Rev
	for _, version := range []int{1, 2, 2} {
		if err := h.Announced(ctx, o.ID, version); err != nil {
			t.Fatal(err)
		}
		stored, err := h.memory.Get(ctx, o.ID)
		if err != nil || (stored.Announce == 2) != (version == 1) || stored.Rev != rev {
			t.Fatalf("announced %d: %d is left, revision %d of %d, %v", version, stored.Announce, stored.Rev, rev, err)
		}
	}
	if next(3_600); o.Announce != 0 || len(o.Earlier) != 2 {
		t.Errorf("a version with the same terms is announced: %d, %d earlier", o.Announce, len(o.Earlier))
	}
	for i := range 20 {
		next(3_610 + i)
	}
	if _, kept := o.Published(1); kept || len(o.Earlier) != 20 || o.Announce != o.Frozen.Version {
		t.Errorf("%d earlier ones, the first kept: %v", len(o.Earlier), kept)
	}
	if last, kept := o.Published(o.Frozen.Version - 1); !kept || last.Terms.HoursPerWeek != 3_628 {
		t.Errorf("the one before: %+v", last.Terms.HoursPerWeek)
	}
}
