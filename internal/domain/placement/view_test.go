package placement_test

import (
	"encoding/json"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/placement"
)

// TestTheAgencyLearnsOfNoOfficial: not who read a paper and why, who has the
// file, who signed or refused it, nor what is not decided yet between two of
// them; it does see each step that was taken.
func TestTheAgencyLearnsOfNoOfficial(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	id := d.reviewable()
	for _, who := range []account.Actor{officialA, person} {
		_, _, err := d.ReadDocument(ctx, who, id, d.file(id).Documents[0].ID, map[bool]string{true: "file_review", false: placement.ReasonOwn}[who == officialA])
		d.ok(err)
	}
	_, err := d.Claim(ctx, officialA, id)
	d.ok(err)
	see := func(name string) *placement.Placement {
		t.Helper()
		p, err := d.Get(ctx, bureau, id)
		d.ok(err)
		raw, err := json.Marshal(p)
		d.ok(err)
		for _, official := range []account.Actor{officialA, officialB, officialC} {
			if strings.Contains(string(raw), `"`+string(official.Account)+`"`) {
				t.Errorf("%s: the agency learns of %s: %s", name, official.Account, raw)
			}
		}
		if p.Candidate != "" || len(p.Documents) != len(d.file(id).Documents) || len(p.Documents[0].Readings) != 0 || p.Pending != nil || p.Outbox != nil {
			t.Errorf("%s: the agency sees %+v", name, p)
		}
		return p
	}
	see("claimed")
	if len(d.file(id).Documents[0].Readings) != 2 {
		t.Error("looking at a file forgets who read its papers")
	}
	_, err = d.Review(ctx, officialA, id)
	d.ok(err)
	if see("reviewed").Decision != (placement.Decision{}) {
		t.Error("the agency sees the first signature")
	}
	_, err = d.Refuse(ctx, officialA, id, placement.Grounds{Reason: "safety"})
	d.ok(err)
	if see("refusal proposed").Decision != (placement.Decision{}) {
		t.Error("the agency sees a refusal one official proposed")
	}
	_, err = d.Refuse(ctx, officialB, id, placement.Grounds{})
	d.ok(err)
	p := see("refused")
	if p.Decision.RefusalReason != "safety" || p.History[len(p.History)-1].Action != placement.ActRefuse {
		t.Errorf("the agency does not see why: %+v", p.Decision)
	}
	_, err = d.Answer(ctx, bureau, id, "Réponse")
	d.ok(err)
	_, err = d.Review(ctx, officialA, id)
	d.ok(err)
	_, err = d.Clear(ctx, officialB, id, placement.Validity{})
	d.ok(err)
	p = see("cleared")
	if p.Clearance().Number == "" || p.State != placement.Cleared {
		t.Errorf("the agency does not see the clearance: %+v", p.Clearance())
	}
	_, err = d.Revoke(ctx, officialC, id, placement.Grounds{Reason: "complaints"})
	d.ok(err)
	if p = see("revoked"); p.Clearance().RevokedAt.IsZero() || p.Clearance().RevokedReason != "complaints" {
		t.Errorf("the agency does not see the revocation: %+v", p.Clearance())
	}
	whole, err := d.Get(ctx, officialA, id)
	d.ok(err)
	if c := whole.Clearance(); c.First.By != officialA.Account || c.Second.By != officialB.Account || c.RevokedBy != officialC.Account || whole.Candidate != "" {
		t.Errorf("officials see %+v", whole)
	}
}

// asked is a read model that remembers what it was asked.
type asked struct {
	deskModel
	queries *[]placement.Query
}

func (a asked) SearchPlacements(q placement.Query) listing.Result[placement.Card] {
	*a.queries = append(*a.queries, q)
	return listing.Result[placement.Card]{}
}

// TestAnAgencyCannotAskForSafety: by a list of what is held for a person’s
// safety it would learn what no file tells it; and the scope asked with is
// always the actor’s own.
func TestAnAgencyCannotAskForSafety(t *testing.T) {
	d := newDesk(t)
	var queries []placement.Query
	d.Service.Model = asked{deskModel{d}, &queries}
	for _, c := range []struct {
		who   account.Actor
		asked int
		scope account.Scope
	}{{bureau, 0, account.Scope{}}, {person, 1, account.Scope{Account: person.Account}}, {officialA, 1, account.Scope{All: true}}, {account.Actor{Account: "acc_x", Role: account.Agency}, 0, account.Scope{}}} {
		queries = nil
		_, err := d.List(t.Context(), c.who, placement.Query{Held: placement.HoldSafety, Scope: account.Scope{All: true}})
		d.ok(err)
		if len(queries) != c.asked || c.asked > 0 && queries[0].Scope != c.scope {
			t.Errorf("%s asks %+v", c.who.Account, queries)
		}
	}
	homeless := account.Actor{Account: "acc_x", Role: account.Agency} // of no agency: nothing is its own
	if _, err := d.List(t.Context(), homeless, placement.Query{Scope: account.Scope{All: true}}); err != nil || len(queries) != 0 {
		t.Errorf("an agent of no agency asks %+v, %v", queries, err)
	}
}
