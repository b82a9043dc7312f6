package api

import (
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// placementCard is a placement in lists. Risk and claim are for officials.
type placementCard struct {
	ID          string          `json:"id"`
	Rev         int64           `json:"rev"`
	Reference   string          `json:"reference" example:"PLA-2026-7K3Q9D"`
	Application string          `json:"application"`
	Offer       string          `json:"offer"`
	Title       string          `json:"title" example:"Maçon coffreur"`
	Agency      string          `json:"agency"`
	Employer    string          `json:"employer,omitempty"`
	Profile     string          `json:"profile"`
	Country     string          `json:"country" example:"ES"`
	Occupation  string          `json:"occupation" example:"7112"`
	Kind        string          `json:"kind,omitempty" example:"fixed_term"`
	State       string          `json:"state" example:"under_review"`
	Since       time.Time       `json:"since" doc:"when the state was entered"`
	Due         time.Time       `json:"due,omitzero" doc:"when the clock of the state runs out"`
	Owner       string          `json:"owner,omitempty" doc:"role that has to act" example:"official"`
	NextAction  string          `json:"nextAction,omitempty" example:"review"`
	HeldBy      []string        `json:"heldBy" doc:"kinds of the holds on the file: substitution, corridor, safety"`
	WorkerPaid  string          `json:"workerPaid" doc:"what the person has paid, in EUR" example:"0.00"`
	Cause       string          `json:"cause,omitempty" doc:"of a cancellation or an early end"`
	Risk        *int            `json:"risk,omitempty" doc:"0 to 100; officials only"`
	Claim       *placementClaim `json:"claim,omitempty" doc:"who works on the file; officials only"`
	UpdatedAt   time.Time       `json:"updatedAt"`
}

type placementClaim struct {
	By    string    `json:"by" doc:"account id"`
	Until time.Time `json:"until"`
}

// placementCardFor shows cards as far as the actor may see them.
func placementCardFor(actor account.Actor) func(placement.Card) placementCard {
	return func(c placement.Card) placementCard {
		out := placementCard{
			ID: string(c.ID), Rev: c.Rev, Reference: c.Reference, Application: c.Application, Offer: string(c.Offer), Title: c.Title,
			Agency: c.Agency, Employer: c.Employer, Profile: c.Profile, Country: string(c.Country), Occupation: string(c.Occupation),
			Kind: string(c.Kind), State: string(c.State), Since: c.Since, Due: c.Due, Owner: string(c.Owner), NextAction: c.NextAction,
			HeldBy: textsOf(c.Holds), WorkerPaid: money(c.WorkerPaid, ref.EUR), Cause: c.Cause, UpdatedAt: c.UpdatedAt,
		}
		if actor.Role == account.Official {
			out.Risk = &c.Risk
			if c.ClaimBy != "" {
				out.Claim = &placementClaim{By: string(c.ClaimBy), Until: c.ClaimUntil}
			}
		}
		return out
	}
}

// placementJSON is one placement as far as the caller may see it.
type placementJSON struct {
	placementCard
	Round       int                  `json:"round"`
	Promised    contractTerms        `json:"promised" doc:"the offer's terms on the day of selection; contracts are held to them"`
	SHA256      string               `json:"sha256" doc:"of the canonical JSON of those terms"`
	Contracts   []placementContract  `json:"contracts" doc:"in the order stated"`
	Holds       []placementHold      `json:"holds"`
	Checklist   []placementItem      `json:"checklist"`
	Lacking     []string             `json:"lacking" doc:"keys of required items that are not there, or have run out"`
	Documents   []placementDocument  `json:"documents"`
	Costs       []placementCost      `json:"costs"`
	Decision    placementDecision    `json:"decision"`
	Clearances  []placementClearance `json:"clearances" doc:"oldest first; the last one counts"`
	RiskFactors []riskFactor         `json:"riskFactors,omitzero" doc:"what the risk is made of; officials only"`
	placementAbroad
	History   []placementEvent `json:"history" doc:"oldest first"`
	CreatedAt time.Time        `json:"createdAt"`
}

type placementContract struct {
	Number         int            `json:"number"`
	Stage          string         `json:"stage" example:"proposed"`
	Terms          contractTerms  `json:"terms"`
	Language       string         `json:"language,omitempty" example:"es"`
	Document       string         `json:"document,omitempty"`
	By             string         `json:"by" doc:"role" example:"agency"`
	At             time.Time      `json:"at"`
	SignedOn       string         `json:"signedOn,omitempty"`
	Lines          []contractLine `json:"lines" doc:"comparison with the offer"`
	ShownAt        time.Time      `json:"shownAt,omitzero"`
	AcceptableFrom time.Time      `json:"acceptableFrom,omitzero" doc:"end of the cooling-off period"`
	AcceptedAt     time.Time      `json:"acceptedAt,omitzero"`
	DeclinedAt     time.Time      `json:"declinedAt,omitzero"`
	DeclineReason  string         `json:"declineReason,omitempty"`
}

type placementHold struct {
	Kind     string    `json:"kind" example:"substitution"`
	Source   string    `json:"source" example:"contract/1"`
	At       time.Time `json:"at"`
	Released bool      `json:"released" doc:"one of two officials has agreed to lift it"`
	Reason   string    `json:"reason,omitempty" doc:"of that official"`
}

type placementItem struct {
	Key      string        `json:"key" example:"passport"`
	Label    localisedText `json:"label"`
	Required bool          `json:"required"`
	Done     bool          `json:"done"`
	DoneAt   time.Time     `json:"doneAt,omitzero"`
	Document string        `json:"document,omitempty"`
	Expires  string        `json:"expires,omitempty"`
}

type placementCost struct {
	ID           string    `json:"id"`
	Category     string    `json:"category" example:"medical"`
	Amount       string    `json:"amount" example:"25000"`
	Currency     string    `json:"currency" example:"XOF"`
	EUR          string    `json:"eur" doc:"at the rate of the day it was paid" example:"38.11"`
	PaidBy       string    `json:"paidBy" example:"employer"`
	PaidOn       string    `json:"paidOn"`
	Note         string    `json:"note,omitempty"`
	Document     string    `json:"document,omitempty"`
	By           string    `json:"by" doc:"role" example:"agency"`
	At           time.Time `json:"at"`
	StruckAt     time.Time `json:"struckAt,omitzero" doc:"found wrong; does not count"`
	StruckReason string    `json:"struckReason,omitempty"`
}

type placementDecision struct {
	Reviewed      bool      `json:"reviewed" doc:"the first signature of a clearance is there"`
	ReviewedBy    string    `json:"reviewedBy,omitempty" doc:"account id; officials only"`
	RefusalReason string    `json:"refusalReason,omitempty"`
	RefusalNote   string    `json:"refusalNote,omitempty"`
	RefusalBy     string    `json:"refusalBy,omitempty" doc:"who proposed it; officials only"`
	RefusedAt     time.Time `json:"refusedAt,omitzero"`
	Answered      bool      `json:"answered"`
	Answer        string    `json:"answer,omitempty"`
}

type placementClearance struct {
	Number        string    `json:"number" example:"AUT-2026-7K3Q9D"`
	From          string    `json:"from" doc:"first day"`
	Until         string    `json:"until" doc:"last day"`
	At            time.Time `json:"at"`
	FirstBy       string    `json:"firstBy,omitempty" doc:"officials only"`
	SecondBy      string    `json:"secondBy,omitempty" doc:"officials only"`
	RevokedAt     time.Time `json:"revokedAt,omitzero"`
	RevokedReason string    `json:"revokedReason,omitempty"`
}

type riskFactor struct {
	Code   string `json:"code" example:"worker_paid"`
	Points int    `json:"points"`
}

type placementEvent struct {
	Action string    `json:"action" example:"propose_contract"`
	State  string    `json:"state"`
	At     time.Time `json:"at"`
	By     string    `json:"by" doc:"role" example:"agency"`
	Reason string    `json:"reason,omitempty"`
	Note   string    `json:"note,omitempty"`
}

// placementOf shows a file that the service has already cut for the actor.
func placementOf(p *placement.Placement, s *placement.Service, actor account.Actor, now time.Time) placementJSON {
	official := actor.Role == account.Official
	out := placementJSON{
		placementCard: placementCardFor(actor)(placement.CardOf(p, s.Calendar, now)),
		Round:         p.Round, Promised: contractTermsOf(p.Frozen.Terms), SHA256: p.Frozen.SHA256,
		Contracts: mapped(p.Contracts, func(c placement.Contract) placementContract { return placementContractOf(c, s.AcceptableFrom(&c)) }),
		Holds:     mapped(p.Holds, placementHoldOf), Checklist: mapped(p.Checklist, placementItemOf), Lacking: textsOf(p.Lacking(ref.DateOf(now))),
		Documents: mapped(p.Documents, placementDocumentOf), Costs: mapped(p.Costs, placementCostOf),
		Decision: placementDecisionOf(p.Decision, official), placementAbroad: placementAbroadOf(p), History: mapped(p.History, placementEventOf), CreatedAt: p.CreatedAt,
		Clearances: mapped(p.Clearances, func(c placement.Clearance) placementClearance { return placementClearanceOf(c, official) }),
	}
	if official {
		points, factors := s.Assess(p)
		out.Risk = &points
		out.RiskFactors = mapped(factors, func(f placement.Factor) riskFactor { return riskFactor(f) })
	}
	return out
}

func placementContractOf(c placement.Contract, from time.Time) placementContract {
	return placementContract{
		Number: c.Number, Stage: string(c.Stage), Terms: contractTermsOf(c.Terms), Language: string(c.Language), Document: c.Document,
		By: string(c.Role), At: c.At, SignedOn: string(c.SignedOn), Lines: mapped(c.Lines, contractLineOf), ShownAt: c.ShownAt,
		AcceptableFrom: from, AcceptedAt: c.AcceptedAt, DeclinedAt: c.DeclinedAt, DeclineReason: c.DeclineReason,
	}
}

func placementHoldOf(h placement.Hold) placementHold {
	return placementHold{Kind: string(h.Kind), Source: h.Source, At: h.At, Released: h.ReleasedBy != "", Reason: h.Reason}
}

func placementItemOf(i placement.Item) placementItem {
	return placementItem{Key: i.Key, Label: localisedText(i.Label), Required: i.Required, Done: i.Done, DoneAt: i.DoneAt,
		Document: i.Document, Expires: string(i.Expires)}
}

func placementCostOf(c placement.Cost) placementCost {
	return placementCost{ID: c.ID, Category: c.Category, Amount: c.Amount.Format(), Currency: string(c.Amount.Currency), EUR: money(c.EURCents, ref.EUR),
		PaidBy: string(c.PaidBy), PaidOn: string(c.PaidOn), Note: c.Note, Document: c.Document, By: string(c.Role), At: c.At,
		StruckAt: c.Struck, StruckReason: c.StruckReason}
}

func placementDecisionOf(d placement.Decision, official bool) placementDecision {
	out := placementDecision{Reviewed: !d.Reviewed.At.IsZero(), RefusedAt: d.Refused.At, Answered: d.Answered, Answer: d.Answer}
	if official || !d.Refused.At.IsZero() {
		out.RefusalReason, out.RefusalNote = d.RefusalReason, d.RefusalNote
	}
	if official {
		out.ReviewedBy, out.RefusalBy = string(d.Reviewed.By), string(d.RefusalBy.By)
	}
	return out
}

func placementClearanceOf(c placement.Clearance, official bool) placementClearance {
	out := placementClearance{Number: c.Number, From: string(c.From), Until: string(c.Until), At: c.Second.At,
		RevokedAt: c.RevokedAt, RevokedReason: c.RevokedReason}
	if official {
		out.FirstBy, out.SecondBy = string(c.First.By), string(c.Second.By)
	}
	return out
}

func placementEventOf(e placement.Event) placementEvent {
	return placementEvent{Action: e.Action, State: string(e.State), At: e.At, By: string(e.Role), Reason: e.Reason, Note: e.Note}
}
