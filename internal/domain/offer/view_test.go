package offer_test

import (
	"reflect"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
)

func TestWhoSeesWhat(t *testing.T) {
	h := newHouse()
	draft := ok(t)(h.Create(ctx, agent, soundTerms()))
	shown := h.publish(t, soundTerms())
	o := h.offers[shown.ID]
	o.Source.Original = "Appelez Moussa"
	terms := soundTerms()
	terms.Title = "Chef maçon"
	ok(t)(h.Edit(ctx, agent, shown.ID, shown.Rev, terms))
	for _, who := range []account.Actor{{}, actor(account.Candidate, "acc_c"), actor(account.Admin, "acc_a"), actor(account.Observer, "acc_o"), rival} {
		_, err := h.Get(ctx, who, draft.ID)
		want(t, err, fault.NotFound, "offer.not_found")
		v, err := h.Get(ctx, who, shown.ID)
		if err != nil || v.Terms.Title != "Maçon" || v.Managed || v.Review != nil || v.Source.Original != "" || v.CreatedBy != "" || !v.Open {
			t.Errorf("%s: %v %+v", who.Role, err, v)
		}
	}
	for _, who := range []account.Actor{agent, anne} {
		v, err := h.Get(ctx, who, shown.ID)
		if err != nil || !v.Managed || v.Review == nil || v.Review.Terms.Title != "Chef maçon" || v.Terms.Title != "Maçon" || v.CreatedBy != agent.Account {
			t.Errorf("%s: %v %+v", who.Role, err, v)
		}
		if (v.Source.Original != "") != (who.Role == account.Official) {
			t.Errorf("%s reads the original %q", who.Role, v.Source.Original)
		}
	}
}

func TestLintIsForThoseConcerned(t *testing.T) {
	h := newHouse()
	terms := soundTerms()
	terms.Costs.Visa = offer.ByWorker
	draft := ok(t)(h.Create(ctx, agent, terms))
	shown := h.publish(t, terms)
	for _, who := range []account.Actor{agent, anne} {
		if found, err := h.Lint(ctx, who, draft.ID); err != nil || len(found) != 1 {
			t.Errorf("%s: %v %v", who.Role, found, err)
		}
	}
	observer := actor(account.Observer, "acc_o")
	if found, err := h.Lint(ctx, observer, shown.ID); err != nil || len(found) != 1 {
		t.Errorf("observer: %v %v", found, err)
	}
	_, err := h.Lint(ctx, observer, draft.ID)
	want(t, err, fault.NotFound, "offer.not_found")
	_, err = h.Lint(ctx, rival, shown.ID)
	want(t, err, fault.NotFound, "offer.not_found")
	_, err = h.Lint(ctx, account.Actor{}, shown.ID)
	want(t, err, fault.Unauthenticated, "auth.required")
}

// TestJudgeSaysWhatKeepingWouldSay: terms that are only typed are judged as
// they will be once they are kept, and nothing is written.
func TestJudgeSaysWhatKeepingWouldSay(t *testing.T) {
	h := newHouse()
	draft := ok(t)(h.Create(ctx, agent, soundTerms()))
	typed := soundTerms()
	typed.Title, typed.Description, typed.Costs.Training = "  Soudeur  ", "Envoyez 500 euros de frais de dossier.", offer.ByWorker
	writes := h.writes
	found, err := h.Judge(ctx, agent, draft.ID, typed)
	if err != nil || len(found) < 2 || h.writes != writes {
		t.Fatalf("%v %v, %d writes", found, err, h.writes-writes)
	}
	if fresh, err := h.Judge(ctx, agent, "", typed); err != nil || !reflect.DeepEqual(fresh, found) {
		t.Errorf("a new offer: %v %v", fresh, err)
	}
	kept := ok(t)(h.Edit(ctx, agent, draft.ID, draft.Rev, typed))
	if !reflect.DeepEqual(kept.Current.Findings, found) {
		t.Errorf("kept: %v, checked: %v", kept.Current.Findings, found)
	}
	_, err = h.Judge(ctx, rival, draft.ID, typed)
	want(t, err, fault.NotFound, "offer.not_found")
	_, err = h.Judge(ctx, actor(account.Observer, "acc_o"), draft.ID, typed)
	want(t, err, fault.NotFound, "offer.not_found")
	_, err = h.Judge(ctx, account.Actor{}, draft.ID, typed)
	want(t, err, fault.Unauthenticated, "auth.required")
	_, err = h.Judge(ctx, agent, draft.ID, offer.Terms{})
	want(t, err, fault.Invalid, "offer.invalid")
}

func TestSearchScopes(t *testing.T) {
	h := newHouse()
	ok(t)(h.Create(ctx, agent, soundTerms()))
	h.publish(t, soundTerms())
	for _, c := range []struct {
		name  string
		who   account.Actor
		q     offer.Query
		total int
		kind  fault.Kind
	}{
		{"public", account.Actor{}, offer.Query{}, 1, 0},
		{"a scope from outside is replaced", account.Actor{}, offer.Query{Scope: account.Scope{All: true}}, 1, 0},
		{"nobody's worklist", account.Actor{}, offer.Query{States: []offer.State{offer.Draft}}, 0, fault.Unauthenticated},
		{"a candidate's worklist", actor(account.Candidate, "acc_c"), offer.Query{IncludeOwnDrafts: true}, 0, fault.Forbidden},
		{"an official's worklist", anne, offer.Query{States: []offer.State{offer.Draft}}, 1, 0},
		{"an agency's own", agent, offer.Query{IncludeOwnDrafts: true}, 2, 0},
		{"another agency's own", rival, offer.Query{IncludeOwnDrafts: true}, 0, 0},
		{"an official in the shop window", anne, offer.Query{}, 1, 0},
	} {
		r, err := h.Search(ctx, c.who, c.q)
		if r.Total != c.total || c.kind == 0 && err != nil || c.kind != 0 && !fault.Is(err, c.kind) {
			t.Errorf("%s: %d, %v", c.name, r.Total, err)
		}
	}
}

func TestChangesHaveTombstones(t *testing.T) {
	h := newHouse()
	ok(t)(h.Create(ctx, agent, soundTerms())) // never published: not in the feed
	a, b := h.publish(t, soundTerms()).ID, h.publish(t, soundTerms()).ID
	h.now = firstDay.Add(time.Hour)
	ok(t)(h.Withdraw(ctx, agent, a, offer.Decision{}))
	all, err := h.Changes(ctx, account.Actor{}, time.Time{}, "", 0)
	if err != nil || len(all) != 2 || all[0].Card.ID != b || all[0].Gone || all[1].Card.ID != a || !all[1].Gone {
		t.Fatalf("%v %+v", err, all)
	}
	if gone := all[1].Card; gone.Title != "" || gone.Reference == "" || gone.State != offer.Withdrawn {
		t.Errorf("tombstone %+v", gone)
	}
	if later, err := h.Changes(ctx, account.Actor{}, firstDay, b, 0); err != nil || len(later) != 1 || later[0].Card.ID != a {
		t.Errorf("%v %+v", err, later)
	}
}

func TestByReferenceAndSuggest(t *testing.T) {
	h := newHouse()
	o := h.publish(t, soundTerms())
	if id, err := h.ByReference(account.Actor{}, o.Reference); err != nil || id != o.ID {
		t.Errorf("%s %v", id, err)
	}
	_, err := h.ByReference(account.Actor{}, offer.MakeReference("off_none", 2026, 0))
	want(t, err, fault.NotFound, "offer.not_found")
	if words, err := h.Suggest(ctx, account.Actor{}, " Ma"); err != nil || len(words) != 1 {
		t.Errorf("%v %v", words, err)
	}
	if words, err := h.Suggest(ctx, account.Actor{}, "M"); err != nil || words != nil {
		t.Errorf("%v %v", words, err)
	}
}
