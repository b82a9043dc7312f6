package site

import (
	"context"
	"slices"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// What officials do with a file until the person leaves.

type file = placement.Placement

// fileDuty is a duty on a placement.
type fileDuty = duty[*file]

func departureDuties() []fileDuty {
	return slices.Concat(reviewDuties(), fileDuties(), holdDuties(), abroadDuties(), trainingDuties())
}

// stands makes the condition that a file is in one of the states.
func stands(states ...placement.State) func(*visit, *file) bool {
	return func(_ *visit, p *file) bool {
		for _, s := range states {
			if p.State == s {
				return true
			}
		}
		return false
	}
}

// plainly makes what is done by a service method without questions.
func plainly(act func(*placement.Service) func(context.Context, account.Actor, placement.ID) (*file, error), flash string) func(*visit, *file, *answers) (string, error) {
	return func(v *visit, p *file, _ *answers) (string, error) {
		_, err := act(v.site.opts.Placements)(v.ctx, v.actor, p.ID)
		return flash, err
	}
}

// withGrounds makes what is done by a service method for a reason.
func withGrounds(act func(*placement.Service) func(context.Context, account.Actor, placement.ID, placement.Grounds) (*file, error), flash string) func(*visit, *file, *answers) (string, error) {
	return func(v *visit, p *file, in *answers) (string, error) {
		_, err := act(v.site.opts.Placements)(v.ctx, v.actor, p.ID, placement.Grounds{Reason: in.text("reason"), Note: in.text("note")})
		return flash, err
	}
}

// grounds asks for a reason of an action.
func grounds(action string) func(*visit, *file, *asker) {
	return func(v *visit, _ *file, f *asker) { f.reasons("reason", placement.Reasons(action), true) }
}

func reviewDuties() []fileDuty {
	review := stands(placement.UnderReview)
	return []fileDuty{
		{name: "claim", path: "prises", permission: "placement.review",
			open: func(v *visit, p *file) bool {
				text, mine := v.holder(p.Claim.By, p.Claim.Until)
				return !p.State.Final() && (text == "" || mine)
			},
			do: plainly(func(s *placement.Service) func(context.Context, account.Actor, placement.ID) (*file, error) {
				return s.Claim
			}, "flash.desk.taken")},
		{name: "unclaim", path: "liberations", permission: "placement.review",
			open: func(v *visit, p *file) bool { _, mine := v.holder(p.Claim.By, p.Claim.Until); return mine },
			do: plainly(func(s *placement.Service) func(context.Context, account.Actor, placement.ID) (*file, error) {
				return s.ReleaseClaim
			}, "flash.desk.given")},
		{name: "review", path: "examens", permission: "placement.review",
			open: func(v *visit, p *file) bool { return review(v, p) && p.Decision.Reviewed.By == "" },
			do: plainly(func(s *placement.Service) func(context.Context, account.Actor, placement.ID) (*file, error) {
				return s.Review
			}, "flash.desk.reviewed")},
		{name: "clear", path: "autorisations", permission: "placement.clear",
			open: func(v *visit, p *file) bool {
				by := p.Decision.Reviewed.By
				return review(v, p) && by != "" && by != v.actor.Account
			},
			ask: func(v *visit, _ *file, f *asker) {
				f.day("from", v.t("desk.valid.from"), false)
				f.day("until", v.t("desk.valid.until"), false)
			},
			do: clearFile},
		{name: "return", path: "retours", permission: "placement.review", open: review, ask: grounds(placement.ActReturn),
			do: withGrounds(func(s *placement.Service) func(context.Context, account.Actor, placement.ID, placement.Grounds) (*file, error) {
				return s.Return
			}, "flash.desk.returned")},
		{name: "refuse", path: "refus", permission: "placement.review", danger: true,
			open: func(v *visit, p *file) bool { return review(v, p) && p.Decision.RefusalBy.By == "" },
			ask:  grounds(placement.ActRefuse), do: refuseFile},
		{name: "confirm", path: "confirmations", permission: "placement.review", danger: true,
			open: func(v *visit, p *file) bool {
				by := p.Decision.RefusalBy.By
				return review(v, p) && by != "" && by != v.actor.Account
			},
			do: refuseFile},
		{name: "revoke", path: "revocations", permission: "placement.clear", danger: true, open: stands(placement.Cleared), ask: grounds(placement.ActRevoke),
			do: withGrounds(func(s *placement.Service) func(context.Context, account.Actor, placement.ID, placement.Grounds) (*file, error) {
				return s.Revoke
			}, "flash.desk.revoked")},
		{name: "cancel", path: "annulations", permission: "placement.cancel", danger: true,
			open: func(_ *visit, p *file) bool { return p.State.BeforeDeparture() }, ask: grounds(placement.ActCancel),
			do: withGrounds(func(s *placement.Service) func(context.Context, account.Actor, placement.ID, placement.Grounds) (*file, error) {
				return s.Cancel
			}, "flash.desk.cancelled")},
	}
}

func clearFile(v *visit, p *file, in *answers) (string, error) {
	days := placement.Validity{From: in.day("from"), Until: in.day("until")}
	if err := in.err(); err != nil {
		return "", err
	}
	_, err := v.site.opts.Placements.Clear(v.ctx, v.actor, p.ID, days)
	return "flash.desk.cleared", err
}

// refuseFile proposes a refusal, or confirms the one that is proposed.
func refuseFile(v *visit, p *file, in *answers) (string, error) {
	after, err := v.site.opts.Placements.Refuse(v.ctx, v.actor, p.ID, placement.Grounds{Reason: in.text("reason"), Note: in.text("note")})
	if err == nil && after.State == placement.Refused {
		return "flash.desk.refused", nil
	}
	return "flash.desk.refusal", err
}

// holdDivider stands between kind and source of a hold in a form.
const holdDivider = "|"

func holdDuties() []fileDuty {
	return []fileDuty{
		{name: "hold", path: "blocages", permission: "placement.review", danger: true,
			open: func(_ *visit, p *file) bool { return !p.State.Final() },
			ask: func(v *visit, _ *file, f *asker) {
				f.field(field{Name: "source", Label: v.t("desk.hold.source"), Hint: v.t("desk.hold.source.hint"), Max: 100, Required: true})
				f.field(field{Name: "reason", Label: v.t("desk.hold.why"), Kind: "area", Rows: 3, Max: 2000, Required: true})
			},
			do: func(v *visit, p *file, in *answers) (string, error) {
				_, err := v.site.opts.Placements.Hold(v.ctx, v.actor, p.ID, placement.HoldSafety, in.text("source"), in.text("reason"))
				return "flash.desk.hold", err
			}},
		{name: "release", path: "levees", permission: "placement.review",
			open: func(v *visit, p *file) bool { return len(v.releasable(p)) > 0 },
			ask: func(v *visit, p *file, f *asker) {
				f.field(field{Name: "hold", Label: v.t("desk.hold"), Kind: "select", Required: true, Options: v.releasable(p)})
				f.field(field{Name: "reason", Label: v.t("desk.release.why"), Hint: v.t("desk.release.hint"), Kind: "area", Rows: 3, Max: 2000, Required: true})
			},
			do: releaseHold},
		{name: "cost", path: "frais", permission: "placement.cost", open: func(_ *visit, p *file) bool { return p.State != placement.Cancelled }, ask: askCost, do: addCost},
		{name: "strike", path: "rayures", permission: "placement.cost", danger: true,
			open: func(v *visit, p *file) bool { return len(v.strikable(p)) > 0 },
			ask: func(v *visit, p *file, f *asker) {
				f.field(field{Name: "cost", Label: v.t("desk.cost"), Kind: "select", Required: true, Options: v.strikable(p)})
				f.field(field{Name: "reason", Label: v.t("desk.strike.why"), Max: 2000, Required: true})
			},
			do: func(v *visit, p *file, in *answers) (string, error) {
				_, err := v.site.opts.Placements.StrikeCost(v.ctx, v.actor, p.ID, in.text("cost"), in.text("reason"))
				return "flash.desk.struck", err
			}},
	}
}

// releasable lists the holds officials can lift; a corridor's fall with its
// reopening.
func (v *visit) releasable(p *file) []option {
	var list []option
	for _, h := range p.Holds {
		if h.Kind != placement.HoldCorridor && h.ReleasedBy != v.actor.Account {
			list = append(list, option{Value: string(h.Kind) + holdDivider + h.Source, Label: v.t("desk.hold.label", v.code("hold", h.Kind), h.Source)})
		}
	}
	return list
}

func releaseHold(v *visit, p *file, in *answers) (string, error) {
	kind, source, _ := strings.Cut(in.text("hold"), holdDivider)
	after, err := v.site.opts.Placements.ReleaseHold(v.ctx, v.actor, p.ID, placement.HoldKind(kind), source, in.text("reason"))
	if err == nil && len(after.Holds) == len(p.Holds) {
		return "flash.desk.release", nil
	}
	return "flash.desk.released", err
}

func askCost(v *visit, _ *file, f *asker) {
	choose := v.t("form.choose")
	f.field(field{Name: "category", Label: v.t("desk.cost.category"), Kind: "select", Required: true, Options: v.codes("cost_category", placement.CostCategories(), choose)})
	f.field(field{Name: "amount", Label: v.t("draft.amount"), Mode: "decimal", Max: 20, Narrow: true, Required: true})
	f.field(field{Name: "currency", Label: v.t("draft.currency"), Kind: "select", Narrow: true, Required: true, Options: labelledCurrencies(v.loc)})
	f.field(field{Name: "paidBy", Label: v.t("desk.cost.payer"), Kind: "select", Narrow: true, Required: true, Options: v.codes("party", textList(placement.Payers()), choose)})
	f.day("paidOn", v.t("desk.cost.on"), true)
	f.field(field{Name: "note", Label: v.t("work.note"), Max: 2000})
}

// labelledCurrencies offers the currencies, the franc and the euro first.
func labelledCurrencies(loc ref.Locale) []option {
	options := []option{{Value: "XOF", Label: "XOF"}, {Value: "EUR", Label: "EUR"}}
	for _, c := range ref.Currencies(loc) {
		if c != "XOF" && c != "EUR" {
			options = append(options, option{Value: string(c), Label: string(c)})
		}
	}
	return options
}

func addCost(v *visit, p *file, in *answers) (string, error) {
	e := placement.Expense{Category: in.text("category"), Amount: in.money("amount", ref.Currency(in.text("currency"))), PaidBy: payerOf(in.text("paidBy")), PaidOn: in.day("paidOn"), Note: in.text("note")}
	if err := in.err(); err != nil {
		return "", err
	}
	_, err := v.site.opts.Placements.AddCost(v.ctx, v.actor, p.ID, e)
	return "flash.desk.cost", err
}

// strikable lists the lines of the ledger that count.
func (v *visit) strikable(p *file) []option {
	var list []option
	for _, c := range p.Costs {
		if c.Struck.IsZero() {
			list = append(list, option{Value: c.ID, Label: joinedTexts(v.code("cost_category", c.Category), c.Amount.Display(v.loc), v.date(c.PaidOn))})
		}
	}
	return list
}
