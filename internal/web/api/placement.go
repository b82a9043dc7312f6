package api

import (
	"context"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// RegisterPlacements adds the operations on placements;
// now is the clock with which the risk of a file is told.
func RegisterPlacements(a *API, service *placement.Service, now func() time.Time) {
	h := &placementOperations{service, now}
	Register(a, Op[listPlacements, List[placementCard]]{
		Method: "GET", Path: "/placements", ID: "listPlacements", Summary: "List placements",
		Description: "People see their own, agencies those of their offers, officials all. The order \"urgent\" is the officials’ review queue: by risk, then by the clock that ends first; others get the newest first.",
		Permission:  "placement.read", Handle: h.list,
	})
	Register(a, Op[onePlacement, placementJSON]{
		Method: "GET", Path: "/placements/{id}", ID: "showPlacement", Summary: "Read one placement",
		Permission: "placement.read", Handle: h.show,
	})
	h.registerContracts(a)
	h.registerFile(a)
	h.registerReview(a)
	h.registerAbroad(a)
}

type placementOperations struct {
	service *placement.Service
	now     func() time.Time
}

func (h *placementOperations) registerContracts(a *API) {
	Register(a, Op[proposeContract, placementJSON]{
		Method: "POST", Path: "/placements/{id}/contracts", ID: "proposeContract", Summary: "State the contract, or a corrected one in its place",
		Description: "It is compared with the offer as it was published. Where a protected field is worse, missing or unclear the file is held.",
		Permission:  "placement.propose", Status: 201, MaxBody: 128 << 10, Handle: h.propose,
	})
	Register(a, Op[oneContract, contractDiff]{
		Method: "GET", Path: "/placements/{id}/contracts/{number}/diff", ID: "showContractDiff", Summary: "Compare a contract with the offer, field by field",
		Permission: "placement.read", Handle: h.diff,
	})
	Register(a, Op[oneContract, placementJSON]{
		Method: "POST", Path: "/placements/{id}/contracts/{number}/readings", ID: "readContract", Summary: "Note that one has opened the contract, its comparison and the notice on rights",
		Description: "The cooling-off period runs from the first time.",
		Permission:  "placement.accept", Handle: h.read,
	})
	Register(a, Op[onePlacement, NoContent]{
		Method: "POST", Path: "/placements/{id}/acceptance-codes", ID: "requestAcceptanceCode", Summary: "Have a one-time code sent, to accept the contract",
		Permission: "placement.accept", Also: []int{409, 429}, Handle: h.requestCode,
	})
	Register(a, Op[acceptContract, placementJSON]{
		Method: "POST", Path: "/placements/{id}/acceptances", ID: "acceptContract", Summary: "Accept the contract with the one-time code, after the cooling-off period",
		Permission: "placement.accept", Handle: h.accept,
	})
	Register(a, Op[declineContract, placementJSON]{
		Method: "POST", Path: "/placements/{id}/declines", ID: "declineContract", Summary: "Turn the contract down for a reason",
		Permission: "placement.accept", Handle: h.decline,
	})
}

func (h *placementOperations) registerFile(a *API) {
	Register(a, Op[markItem, placementJSON]{
		Method: "POST", Path: "/placements/{id}/checklist-items", ID: "markChecklistItem", Summary: "Note that an item of the checklist is there, or no longer is",
		Description: "Once the contract is accepted and every required item is there, the file goes to review by itself.",
		Permission:  "placement.document", Handle: h.mark,
	})
	Register(a, Op[addDocument, placementDocument]{
		Method: "POST", Path: "/placements/{id}/documents", ID: "addPlacementDocument", Summary: "Add a document: PDF, JPEG or PNG, at most 5 MB",
		Description: "The content decides what it is. Pictures are written anew, without what a camera noted in them.",
		Permission:  "placement.document", Status: 201, MaxBody: placement.MaxDocument + 64<<10, Handle: h.addDocument,
	})
	Register(a, Op[readDocument, Download]{
		Method: "POST", Path: "/placements/{id}/documents/{document}/readings", ID: "readPlacementDocument", Summary: "Get a document for a stated reason",
		Description: "The reading is kept, and shown to the person.",
		Permission:  "placement.document", Unstored: true, Handle: h.readDocument,
	})
	Register(a, Op[addCost, placementJSON]{
		Method: "POST", Path: "/placements/{id}/costs", ID: "addPlacementCost", Summary: "Add a line to the costs ledger",
		Description: "Categories of the ILO's General principles for fair recruitment (2019). What the worker paid raises an alarm.",
		Permission:  "placement.cost", Status: 201, Handle: h.addCost,
	})
	Register(a, Op[strikeCost, placementJSON]{
		Method: "POST", Path: "/placements/{id}/costs/{cost}/strikings", ID: "strikePlacementCost", Summary: "Mark a line of the costs ledger as wrong; it stays readable",
		Permission: "placement.cost", Handle: h.strikeCost,
	})
	Register(a, Op[answerPlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/answers", ID: "answerPlacementRefusal", Summary: "Answer a refusal, once",
		Permission: "placement.answer", Handle: h.answer,
	})
	Register(a, Op[cancelPlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/cancellations", ID: "cancelPlacement", Summary: "End a file before departure, for a cause",
		Permission: "placement.cancel", Handle: h.cancel,
	})
}

type listPlacements struct {
	Page
	State     []string `query:"state" validate:"max=16,dive,oneof=opened contract_proposed contract_accepted under_review refused cleared departed arrived in_post transferred completed ended_early returned stayed renewed cancelled"`
	Offer     string   `query:"offer" validate:"max=64" doc:"id of an offer"`
	Country   string   `query:"country" validate:"omitempty,country" doc:"of destination"`
	Held      string   `query:"held" validate:"omitempty,oneof=substitution corridor safety" doc:"files with that hold"`
	Overdue   bool     `query:"overdue" doc:"files whose clock has run out"`
	Claimed   string   `query:"claimed" validate:"omitempty,oneof=me nobody" doc:"files that I, or nobody, works on; for officials"`
	SortOrder string   `query:"sort" validate:"omitempty,oneof=newest urgent"`
}

func (h *placementOperations) list(ctx context.Context, c *Call, in *listPlacements) (List[placementCard], error) {
	q := placement.Query{
		States: typed[placement.State](in.State), Offer: offer.ID(in.Offer), Country: ref.Country(in.Country), Held: placement.HoldKind(in.Held),
		Overdue: in.Overdue, After: in.Cursor.After, Limit: in.Limit,
	}
	if in.SortOrder == string(placement.Urgent) {
		q.Order = placement.Urgent
	}
	if official := c.Actor.Role == account.Official; official && in.Claimed == "me" {
		q.ClaimedBy = c.Actor.Account
	} else if official && in.Claimed == "nobody" {
		q.Unclaimed = true
	}
	page, err := h.service.List(ctx, c.Actor, q)
	if err != nil {
		return List[placementCard]{}, err
	}
	return NewList(c, page, placementCardFor(c.Actor)), nil
}

type onePlacement struct {
	ID string `path:"id" validate:"max=64"`
}

func (h *placementOperations) show(ctx context.Context, c *Call, in *onePlacement) (placementJSON, error) {
	p, err := h.service.Get(ctx, c.Actor, placement.ID(in.ID))
	return h.done(c, p, err)
}

// done shows the answer of a service.
func (h *placementOperations) done(c *Call, p *placement.Placement, err error) (placementJSON, error) {
	if err != nil {
		return placementJSON{}, err
	}
	return placementOf(p, h.service, c.Actor, h.now()), nil
}

// requestCode answers as soon as the code is on its way.
func (h *placementOperations) requestCode(ctx context.Context, c *Call, in *onePlacement) (NoContent, error) {
	return NoContent{}, h.service.RequestCode(ctx, c.Actor, placement.ID(in.ID))
}
