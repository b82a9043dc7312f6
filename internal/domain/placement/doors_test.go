package placement_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// door is one method of the service, with who may come in: c(andidate),
// a(gency), o(fficial).
type door struct {
	name, roles string
	enter       func(context.Context, *desk, account.Actor, placement.ID) error
}

func file(_ *placement.Placement, err error) error { return err }

// doors lists every method that takes an actor and a file.
func doors() []door {
	return append(doorsBefore(), doorsAfter()...)
}

func doorsBefore() []door {
	plain := placement.Grounds{Reason: "safety"}
	return []door{
		{"Get", "cao", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Get(ctx, who, id))
		}},
		{"Diff", "cao", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			_, err := d.Diff(ctx, who, id, 1)
			return err
		}},
		{"Propose", "a", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Propose(ctx, who, id, d.draft(nil)))
		}},
		{"ReadContract", "c", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.ReadContract(ctx, who, id, 1))
		}},
		{"RequestCode", "c", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return d.RequestCode(ctx, who, id)
		}},
		{"Accept", "c", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Accept(ctx, who, id, "1"))
		}},
		{"Decline", "c", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Decline(ctx, who, id, placement.Grounds{Reason: "pay"}))
		}},
		{"Cancel", "cao", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Cancel(ctx, who, id, plain))
		}},
		{"MarkItem", "cao", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.MarkItem(ctx, who, id, placement.Mark{Key: "passport", Done: true}))
		}},
		{"AddDocument", "cao", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			_, err := d.AddDocument(ctx, who, id, placement.Upload{Item: "evidence", Name: "a.pdf", Content: []byte("%PDF-1.4\n%%EOF\n")})
			return err
		}},
		{"ReadDocument", "cao", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			_, _, err := d.ReadDocument(ctx, who, id, "doc_1", "file_review")
			return err
		}},
		{"AddCost", "cao", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.AddCost(ctx, who, id, placement.Expense{Category: "medical", Amount: ref.Money{Amount: 1000, Currency: "EUR"}, PaidBy: offer.ByWorker, PaidOn: "2026-11-20"}))
		}},
		{"StrikeCost", "cao", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.StrikeCost(ctx, who, id, "cos_1", "erreur"))
		}},
		{"Claim", "o", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Claim(ctx, who, id))
		}},
		{"ReleaseClaim", "o", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.ReleaseClaim(ctx, who, id))
		}},
		{"Return", "o", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Return(ctx, who, id, placement.Grounds{Reason: "unclear_terms"}))
		}},
		{"Review", "o", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Review(ctx, who, id))
		}},
		{"Refuse", "o", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Refuse(ctx, who, id, plain))
		}},
		{"Answer", "ca", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Answer(ctx, who, id, "Réponse"))
		}},
		{"Clear", "o", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Clear(ctx, who, id, placement.Validity{}))
		}},
		{"Revoke", "o", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Revoke(ctx, who, id, plain))
		}},
		{"Hold", "o", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Hold(ctx, who, id, placement.HoldSafety, "Lettre 1", "Menaces"))
		}},
		{"ReleaseHold", "o", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.ReleaseHold(ctx, who, id, placement.HoldSafety, "Lettre 1", "Levée"))
		}},
	}
}

func doorsAfter() []door {
	plan := placement.CasePlan{Needs: []string{"work"}}
	return []door{
		{"SetConvention", "a", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.SetConvention(ctx, who, id, placement.Convention{}))
		}},
		{"SetMission", "a", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.SetMission(ctx, who, id, placement.MissionBrief{}))
		}},
		{"Evaluate", "ao", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Evaluate(ctx, who, id, placement.Evaluation{}))
		}},
		{"CertifyInternship", "o", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.CertifyInternship(ctx, who, id))
		}},
		{"Report", "c", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Report(ctx, who, id, "fait"))
		}},
		{"AcceptReport", "ao", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.AcceptReport(ctx, who, id))
		}},
		{"Depart", "ao", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Depart(ctx, who, id, placement.Departure{On: d.today()}))
		}},
		{"Arrive", "cao", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Arrive(ctx, who, id, placement.Arrival{On: d.today(), Place: "Almería"}))
		}},
		{"CheckIn", "cao", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.CheckIn(ctx, who, id, placement.Contact{Channel: "phone", Well: true, PaidAs: true}))
		}},
		{"State", "cao", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.State(ctx, who, id, placement.Statement{Stage: placement.OnArrival, Terms: promised(), Language: "es"}))
		}},
		{"Transfer", "a", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Transfer(ctx, who, id, placement.TransferRequest{Terms: promised(), Language: "es"}))
		}},
		{"SendTransferCode", "c", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return d.SendTransferCode(ctx, who, id)
		}},
		{"ConsentToTransfer", "c", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.ConsentToTransfer(ctx, who, id, "1"))
		}},
		{"ApproveTransfer", "o", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.ApproveTransfer(ctx, who, id))
		}},
		{"RejectTransfer", "cao", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.RejectTransfer(ctx, who, id, "not_wanted", ""))
		}},
		{"End", "cao", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.End(ctx, who, id, placement.End{On: d.today()}))
		}},
		{"Conclude", "cao", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Conclude(ctx, who, id, placement.Outcome{State: placement.Returned, On: d.today()}))
		}},
		{"Certify", "o", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Certify(ctx, who, id, placement.Certificate{}))
		}},
		{"WishBack", "a", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.WishBack(ctx, who, id, placement.Wish{Wanted: true, From: d.today()}))
		}},
		{"OpenCase", "co", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.OpenCase(ctx, who, id, plan))
		}},
		{"PlanCase", "o", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.PlanCase(ctx, who, id, plan))
		}},
		{"Meet", "o", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.Meet(ctx, who, id, 3, "employed", ""))
		}},
		{"CloseCase", "o", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.CloseCase(ctx, who, id, "settled", ""))
		}},
		{"AddInsurance", "cao", func(ctx context.Context, d *desk, who account.Actor, id placement.ID) error {
			return file(d.AddInsurance(ctx, who, id, placement.InsurancePeriod{Country: "ES", Branch: "health", From: "2026-01-01"}))
		}},
	}
}

// TestOnlyWhoMayActsOnAFile: a role that may not do a thing is told so whatever
// the file, a stranger of a role that may finds no such file, and neither
// changes it. covers AZ-01
func TestOnlyWhoMayActsOnAFile(t *testing.T) {
	d := newDesk(t)
	id := d.open()
	before := d.files.Docs[id]
	letters := map[account.Role]string{account.Candidate: "c", account.Agency: "a", account.Official: "o"}
	actors := []account.Actor{person, bureau, officialA, stranger, rival, {Account: "acc_admin", Role: account.Admin}, {Account: "acc_observer", Role: account.Observer}, {}}
	for _, door := range doors() {
		for _, who := range actors {
			letter := letters[who.Role]
			allowed := letter != "" && strings.Contains(door.roles, letter)
			err := door.enter(t.Context(), d, who, id)
			switch {
			case who.Role == account.Anonymous && !fault.Is(err, fault.Unauthenticated):
				t.Errorf("%s by nobody: %v", door.name, err)
			case who.Role != account.Anonymous && !allowed && !fault.Is(err, fault.Forbidden):
				t.Errorf("%s by %s: %v", door.name, who.Role, err)
			case allowed && (who.Account == stranger.Account || who.Account == rival.Account) && !fault.Is(err, fault.NotFound):
				t.Errorf("%s by a strange %s: %v", door.name, who.Role, err)
			case allowed && fault.Is(err, fault.Forbidden):
				t.Errorf("%s by %s: %v", door.name, who.Role, err)
			}
			own := allowed && who.Account != stranger.Account && who.Account != rival.Account
			if !own && !bytes.Equal(d.files.Docs[id], before) {
				t.Errorf("%s by %s %s changed the file", door.name, who.Role, who.Account)
			}
			d.files.Docs[id] = before
		}
	}
}
