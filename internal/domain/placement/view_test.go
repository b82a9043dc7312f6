package placement_test

import (
	"encoding/json"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
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
