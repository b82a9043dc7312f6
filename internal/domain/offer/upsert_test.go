package offer_test

import (
	"fmt"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// incoming is an advertisement of the foreign public service, uncoded, that
// leaves out what such files leave out.
func incoming(n int, title string) offer.Incoming {
	return offer.Incoming{
		Agency: "agy_f", Terms: offer.Terms{Title: title, Description: "Écrire à rh@exemple.org.", Country: "ES", Kind: ref.FixedTerm},
		Source: offer.Source{Import: "imp_1", Row: n, Key: fmt.Sprint("k", n), Hash: fmt.Sprint("h", n)},
	}
}

func (h *house) upsert(t *testing.T, who account.Actor, rows ...offer.Incoming) []offer.Outcome {
	t.Helper()
	outcomes, err := h.Upsert(ctx, who, rows)
	if err != nil {
		t.Fatal(err)
	}
	return outcomes
}

func results(outcomes []offer.Outcome) string {
	words := make([]string, len(outcomes))
	for i, o := range outcomes {
		words[i] = string(o.Result)
	}
	return strings.Join(words, " ")
}

func TestUpsertTwiceChangesNothing(t *testing.T) {
	h := newHouse()
	bad := incoming(3, "x")
	rows := []offer.Incoming{incoming(1, "Maçon"), incoming(2, "Infirmier"), bad, incoming(1, "Maçon")}
	first := h.upsert(t, foreign, rows...)
	if results(first) != "created created rejected unchanged" {
		t.Fatal(results(first))
	}
	if first[2].Faults[0].Pointer != "/title" {
		t.Errorf("faults %v", first[2].Faults)
	}
	before := h.writes
	if resumed := results(h.upsert(t, foreign, rows...)); resumed != "created created rejected created" {
		t.Errorf("the same run again, after a crash: %s", resumed)
	}
	for i := range rows {
		rows[i].Source.Run = 2
	}
	if again := results(h.upsert(t, foreign, rows...)); again != "unchanged unchanged rejected unchanged" || h.writes != before {
		t.Errorf("%s, %d writes", again, h.writes-before)
	}
	changed := incoming(2, "Infirmière")
	changed.Source.Hash = "h2b"
	if got := h.upsert(t, foreign, changed); results(got) != "updated" || h.offers[got[0].ID].Current.Terms.Title != "Infirmière" {
		t.Error(results(got))
	}
}

func TestUpsertMasksContactsOfForeignServices(t *testing.T) {
	h := newHouse()
	got := h.upsert(t, foreign, incoming(1, "Maçon"))[0]
	o := h.offers[got.ID]
	if o.Current.Terms.Description != "Écrire à "+offer.Masked+"." || o.Source.Original != "Écrire à rh@exemple.org." {
		t.Errorf("%q %q", o.Current.Terms.Description, o.Source.Original)
	}
	private := incoming(1, "Maçon")
	private.Agency = "agy_1"
	o = h.offers[h.upsert(t, agent, private)[0].ID]
	if !strings.Contains(o.Current.Terms.Description, "@") || o.Source.Original != "" {
		t.Errorf("a private agency's text was masked: %q", o.Current.Terms.Description)
	}
}

func TestUpsertStaysWithinTheAgency(t *testing.T) {
	h := newHouse()
	if got := h.upsert(t, rival, incoming(1, "Maçon")); results(got) != "rejected" {
		t.Errorf("a rival imported for another agency: %s", results(got))
	}
	_, err := h.Upsert(ctx, actor(account.Candidate, "acc_c"), nil)
	want(t, err, fault.Forbidden, "auth.forbidden")
	_, err = h.Upsert(ctx, foreign, make([]offer.Incoming, offer.MaxUpsert+1))
	want(t, err, fault.Invalid, "offer.upsert.too_many")
}

func TestUpsertOfAnOfferInForceMakesANextVersion(t *testing.T) {
	h := newHouse()
	row := incoming(1, "Maçon")
	row.Terms.Occupation = "7112"
	id := h.upsert(t, foreign, row)[0].ID
	if b, err := h.ApproveImport(ctx, anne, "imp_1", nil); err != nil || b.Done != 1 {
		t.Fatal(b, err)
	}
	if b, err := h.PublishImport(ctx, binta, "imp_1", nil); err != nil || b.Done != 1 {
		t.Fatal(b, err)
	}
	row.Terms.Title, row.Source.Hash = "Maçon confirmé", "h1b"
	if got := h.upsert(t, foreign, row); results(got) != "updated" {
		t.Fatal(results(got))
	}
	o := h.offers[id]
	if o.State != offer.Published || o.Next == nil || o.Terms().Title != "Maçon" || o.Next.Terms.Title != "Maçon confirmé" {
		t.Errorf("%+v", o)
	}
	if len(o.Frozen.Warnings) == 0 {
		t.Error("what the file does not say is not shown on the offer")
	}
}

func TestImportNeedsThreePeopleAndAClerk(t *testing.T) {
	h := newHouse()
	var rows []offer.Incoming
	for n := range 150 {
		rows = append(rows, incoming(n+1, "Maçon coffreur"))
	}
	rows[149].Terms.Title, rows[148].Terms.Occupation = "Danseur", "7114"
	h.upsert(t, foreign, rows...)
	if b, err := h.ApproveImport(ctx, anne, "imp_1", nil); err != nil || b.Done != 1 || b.Reasons["lint.occupation.uncoded"] != 149 {
		t.Fatalf("uncoded: %+v %v", b, err)
	}
	rule := offer.CodeRule{Import: "imp_1", TitleContains: "MACON", Occupation: "7112"}
	if b, err := h.CodeByRule(ctx, chaka, rule); err != nil || b.Total != 148 || b.Done != 148 {
		t.Fatalf("coding: %+v %v", b, err)
	}
	if b, err := h.ApproveImport(ctx, chaka, "imp_1", nil); err != nil || b.Done != 0 || b.Reasons["offer.four_eyes"] != 148 {
		t.Fatalf("the coder approves: %+v %v", b, err)
	}
	steps := 0
	b, err := h.ApproveImport(ctx, anne, "imp_1", func(offer.Batch) { steps++ })
	if err != nil || b.Total != 150 || b.Done != 149 || b.Reasons["lint.occupation.uncoded"] != 1 || steps != 2 {
		t.Fatalf("approval: %+v %v, %d steps", b, err, steps)
	}
	for _, no := range []account.Actor{anne, chaka} {
		if b, err := h.PublishImport(ctx, no, "imp_1", nil); err != nil || b.Reasons["offer.four_eyes"] < 148 {
			t.Fatalf("%s publishes: %+v %v", no.Account, b, err)
		}
	}
	// Chaka published the one he had not coded. Run again, what is done counts
	// as done.
	for range 2 {
		if b, err = h.PublishImport(ctx, binta, "imp_1", nil); err != nil || b.Done != 148 || b.Reasons["transition"] != 2 {
			t.Fatalf("publication: %+v %v", b, err)
		}
	}
}

func TestClerksCodeOutlivesTheNextFile(t *testing.T) {
	h := newHouse()
	id := h.upsert(t, foreign, incoming(1, "Maçon"))[0].ID
	if b, err := h.CodeByRule(ctx, chaka, offer.CodeRule{Agency: "agy_f", TitleContains: "maçon", Occupation: "7112"}); err != nil || b.Done != 1 {
		t.Fatal(b, err)
	}
	row := incoming(1, "Maçon")
	row.Terms.City, row.Source.Hash = "Almería", "h1b"
	h.upsert(t, foreign, row)
	o := h.offers[id]
	if o.Current.Terms.Occupation != "7112" || o.Source.Coding != offer.CodedByClerk || o.Source.Coders[0] != chaka.Account {
		t.Errorf("%+v %+v", o.Current.Terms.Occupation, o.Source)
	}
}

func TestCodeRuleIsJudged(t *testing.T) {
	h := newHouse()
	for _, rule := range []offer.CodeRule{
		{Import: "i", TitleContains: "ma", Occupation: "7112"}, {Import: "i", TitleContains: "maçon", Occupation: "711"},
		{Import: "i", TitleContains: "maçon", Occupation: "9999"}, {TitleContains: "maçon", Occupation: "7112"},
	} {
		_, err := h.CodeByRule(ctx, chaka, rule)
		want(t, err, fault.Invalid, "offer.invalid")
	}
	given := incoming(1, "Maçon")
	given.Terms.Occupation = "7114"
	h.upsert(t, foreign, given)
	if b, err := h.CodeByRule(ctx, chaka, offer.CodeRule{Import: "imp_1", TitleContains: "maçon", Occupation: "7112"}); err != nil || b.Reasons["offer.coded_by_source"] != 1 {
		t.Errorf("%+v %v", b, err)
	}
}

func TestBatchStopsWhenTheStoreIsDown(t *testing.T) {
	h := newHouse()
	id := h.upsert(t, foreign, incoming(1, "Maçon"))[0].ID
	h.failing[id] = fault.New(fault.Unavailable, "store.down")
	_, err := h.ApproveImport(ctx, anne, "imp_1", nil)
	want(t, err, fault.Unavailable, "store.down")
}
