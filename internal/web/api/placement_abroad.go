package api

import (
	"context"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// registerAbroad adds the operations from departure to return.
func (h *placementOperations) registerAbroad(a *API) {
	h.registerJourney(a)
	h.registerTransfers(a)
	h.registerReturn(a)
	h.registerCases(a)
	h.registerTraining(a)
}

func (h *placementOperations) registerJourney(a *API) {
	Register(a, Op[departPlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/departures", ID: "recordDeparture", Summary: "Note that the person has left",
		Description: "On a day on which the clearance is valid.", Permission: "placement.depart", Handle: h.depart,
	})
	Register(a, Op[arrivePlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/arrivals", ID: "recordArrival", Summary: "Note that the person has arrived",
		Description: "The check-ins of days 7, 30 and 90 are planned with it.", Permission: "placement.arrive", Handle: h.arrive,
	})
	Register(a, Op[stateContract, placementJSON]{
		Method: "POST", Path: "/placements/{id}/statements", ID: "stateContract", Summary: "State the contract found on arrival, or as the first pay slip shows it",
		Description: "It is compared with the offer as it was published. Where a protected field is worse, missing or unclear the file is held; otherwise work is taken up. What a pay slip leaves out is taken from the contract in force.",
		Permission:  "placement.state", Status: 201, MaxBody: 128 << 10, Handle: h.state,
	})
	Register(a, Op[checkInPlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/check-ins", ID: "recordCheckIn", Summary: "Note a contact with the person abroad",
		Description: "A concern, or that not all is well, opens an incident.", Permission: "placement.arrive", Handle: h.checkIn,
	})
}

func (h *placementOperations) registerTransfers(a *API) {
	Register(a, Op[transferPlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/transfers", ID: "requestTransfer", Summary: "Ask for a transfer to another employer or post",
		Permission: "placement.transfer", Status: 201, MaxBody: 128 << 10, Handle: h.transfer,
	})
	Register(a, Op[onePlacement, NoContent]{
		Method: "POST", Path: "/placements/{id}/transfer-codes", ID: "requestTransferCode", Summary: "Have a one-time code sent, to consent to the transfer",
		Permission: "placement.accept", Also: []int{409, 429}, Handle: h.transferCode,
	})
	Register(a, Op[consentTransfer, placementJSON]{
		Method: "POST", Path: "/placements/{id}/transfer-consents", ID: "consentToTransfer", Summary: "Consent to the transfer with the one-time code",
		Permission: "placement.accept", Handle: h.consent,
	})
	Register(a, Op[onePlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/transfer-approvals", ID: "approveTransfer", Summary: "Approve a transfer the person has consented to",
		Permission: "placement.review", Handle: h.approveTransfer,
	})
	Register(a, Op[rejectTransfer, placementJSON]{
		Method: "POST", Path: "/placements/{id}/transfer-rejections", ID: "rejectTransfer", Summary: "Turn a transfer down for a reason",
		Description: "The person or an official.", Permission: "placement.state", Handle: h.rejectTransfer,
	})
}

func (h *placementOperations) registerReturn(a *API) {
	Register(a, Op[endPlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/endings", ID: "endPlacement", Summary: "Note the end of the work, as agreed or early with its cause",
		Permission: "placement.end", Handle: h.end,
	})
	Register(a, Op[concludePlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/homecomings", ID: "recordHomecoming", Summary: "Note that the person has returned, stayed, or has a new contract",
		Permission: "placement.end", Handle: h.conclude,
	})
	Register(a, Op[certifyPlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/certificates", ID: "certifyPlacement", Summary: "Certify periods of work and skills",
		Permission: "placement.certify", Status: 201, Handle: h.certify,
	})
	Register(a, Op[addInsurance, placementJSON]{
		Method: "POST", Path: "/placements/{id}/insurance-periods", ID: "addInsurancePeriod", Summary: "Add a period of social insurance",
		Description: "The insurance number is shown to the person alone.", Permission: "placement.end", Status: 201, Handle: h.addInsurance,
	})
	Register(a, Op[wishBack, placementJSON]{
		Method: "POST", Path: "/placements/{id}/rehire-wishes", ID: "recordRehireWish", Summary: "Note whether the employer wants the person back",
		Permission: "placement.rehire", Handle: h.wishBack,
	})
	Register(a, Op[oneOfferFormer, formerList]{
		Method: "GET", Path: "/offers/{id}/rehires", ID: "listRehires", Summary: "People whom the offer’s employer wants back", Tag: "placements",
		Permission: "offer.matches", Handle: h.rehires,
	})
}

type departPlacement struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		On      string `json:"on" validate:"required,date" example:"2027-03-01"`
		Carrier string `json:"carrier,omitempty" validate:"max=200,line" doc:"flight, bus or ship" example:"Vol Bamako–Madrid"`
		DueOn   string `json:"dueOn,omitempty" validate:"omitempty,date" doc:"day by which the arrival must be noted; three days after when left out"`
	}
}

func (h *placementOperations) depart(ctx context.Context, c *Call, in *departPlacement) (placementJSON, error) {
	b := in.Body
	p, err := h.service.Depart(ctx, c.Actor, placement.ID(in.ID), placement.Departure{On: ref.Date(b.On), Carrier: b.Carrier, DueOn: ref.Date(b.DueOn)})
	return h.done(c, p, err)
}

type arrivePlacement struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		On    string `json:"on" validate:"required,date" example:"2027-03-02"`
		Place string `json:"place" validate:"required,max=200,line" doc:"city or site" example:"Almería"`
	}
}

func (h *placementOperations) arrive(ctx context.Context, c *Call, in *arrivePlacement) (placementJSON, error) {
	p, err := h.service.Arrive(ctx, c.Actor, placement.ID(in.ID), placement.Arrival{On: ref.Date(in.Body.On), Place: in.Body.Place})
	return h.done(c, p, err)
}

type stateContract struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		contractTerms
		Stage    string `json:"stage" validate:"required,oneof=arrival payslip" example:"arrival"`
		Language string `json:"language" validate:"required,language" doc:"the paper is written in" example:"es"`
		SignedOn string `json:"signedOn,omitempty" validate:"omitempty,date"`
		Document string `json:"document,omitempty" validate:"max=64" doc:"id of the paper among the file’s documents"`
	}
}

func (h *placementOperations) state(ctx context.Context, c *Call, in *stateContract) (placementJSON, error) {
	terms, err := in.Body.terms()
	if err != nil {
		return placementJSON{}, err
	}
	p, err := h.service.State(ctx, c.Actor, placement.ID(in.ID), placement.Statement{
		Stage: placement.Stage(in.Body.Stage), Terms: terms, Language: ref.Language(in.Body.Language), SignedOn: ref.Date(in.Body.SignedOn), Document: in.Body.Document,
	})
	return h.done(c, p, err)
}

type checkInPlacement struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Channel  string   `json:"channel" validate:"required,oneof=web phone visit consulate" example:"phone"`
		Well     *bool    `json:"well" validate:"required" doc:"all is as agreed" example:"true"`
		PaidAs   *bool    `json:"paidAsAgreed" validate:"required" doc:"pay came as the contract says" example:"true"`
		Concerns []string `json:"concerns,omitempty" validate:"max=13,dive,oneof=trafficking violence confinement harassment document_retention health_accident wages contract_substitution fee hours housing discrimination other"`
		Note     string   `json:"note,omitempty" validate:"max=2000"`
	}
}

func (h *placementOperations) checkIn(ctx context.Context, c *Call, in *checkInPlacement) (placementJSON, error) {
	b := in.Body
	p, err := h.service.CheckIn(ctx, c.Actor, placement.ID(in.ID), placement.Contact{Channel: b.Channel, Well: *b.Well, PaidAs: *b.PaidAs, Concerns: b.Concerns, Note: b.Note})
	return h.done(c, p, err)
}

type transferPlacement struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		contractTerms
		Language string `json:"language" validate:"required,language" doc:"the contract is written in" example:"es"`
		SignedOn string `json:"signedOn,omitempty" validate:"omitempty,date"`
		Document string `json:"document,omitempty" validate:"max=64" doc:"id of the paper among the file’s documents"`
	}
}

func (h *placementOperations) transfer(ctx context.Context, c *Call, in *transferPlacement) (placementJSON, error) {
	terms, err := in.Body.terms()
	if err != nil {
		return placementJSON{}, err
	}
	p, err := h.service.Transfer(ctx, c.Actor, placement.ID(in.ID), placement.TransferRequest{
		Terms: terms, Language: ref.Language(in.Body.Language), SignedOn: ref.Date(in.Body.SignedOn), Document: in.Body.Document,
	})
	return h.done(c, p, err)
}

func (h *placementOperations) transferCode(ctx context.Context, c *Call, in *onePlacement) (NoContent, error) {
	return NoContent{}, h.service.SendTransferCode(ctx, c.Actor, placement.ID(in.ID))
}

type consentTransfer struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Code string `json:"code" validate:"required,max=100" doc:"the one-time code sent for this transfer"`
	}
}

func (h *placementOperations) consent(ctx context.Context, c *Call, in *consentTransfer) (placementJSON, error) {
	p, err := h.service.ConsentToTransfer(ctx, c.Actor, placement.ID(in.ID), in.Body.Code)
	return h.done(c, p, err)
}

func (h *placementOperations) approveTransfer(ctx context.Context, c *Call, in *onePlacement) (placementJSON, error) {
	p, err := h.service.ApproveTransfer(ctx, c.Actor, placement.ID(in.ID))
	return h.done(c, p, err)
}

type rejectTransfer struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Reason string `json:"reason" validate:"required,oneof=worse_terms employer not_wanted corridor incomplete other" example:"not_wanted"`
		Note   string `json:"note,omitempty" validate:"max=2000"`
	}
}

func (h *placementOperations) rejectTransfer(ctx context.Context, c *Call, in *rejectTransfer) (placementJSON, error) {
	p, err := h.service.RejectTransfer(ctx, c.Actor, placement.ID(in.ID), in.Body.Reason, in.Body.Note)
	return h.done(c, p, err)
}

type endPlacement struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Outcome string `json:"outcome" validate:"required,oneof=completed ended_early" example:"completed"`
		On      string `json:"on" validate:"required,date" example:"2027-11-30"`
		Cause   string `json:"cause,omitempty" validate:"omitempty,oneof=employer_breach non_payment abuse illness accident death family dismissal resignation permit_end other" doc:"of an early end"`
		Note    string `json:"note,omitempty" validate:"max=2000"`
	}
}

func (h *placementOperations) end(ctx context.Context, c *Call, in *endPlacement) (placementJSON, error) {
	b := in.Body
	p, err := h.service.End(ctx, c.Actor, placement.ID(in.ID), placement.End{On: ref.Date(b.On), Early: b.Outcome == string(placement.EndedEarly), Cause: b.Cause, Note: b.Note})
	return h.done(c, p, err)
}

type concludePlacement struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Outcome string `json:"outcome" validate:"required,oneof=returned stayed renewed" example:"returned"`
		On      string `json:"on" validate:"required,date" example:"2027-12-02"`
		Note    string `json:"note,omitempty" validate:"max=2000"`
	}
}

func (h *placementOperations) conclude(ctx context.Context, c *Call, in *concludePlacement) (placementJSON, error) {
	b := in.Body
	p, err := h.service.Conclude(ctx, c.Actor, placement.ID(in.ID), placement.Outcome{State: placement.State(b.Outcome), On: ref.Date(b.On), Note: b.Note})
	return h.done(c, p, err)
}

type oneOfferFormer struct {
	ID string `path:"id" validate:"max=64" doc:"id of an offer"`
}

// formerList is who is wanted back.
type formerList struct {
	Items []formerJSON `json:"items"`
}

type formerJSON struct {
	Placement string `json:"placement"`
	Profile   string `json:"profile"`
	From      string `json:"from,omitempty" doc:"wanted from that day"`
	Until     string `json:"until,omitempty" doc:"last day abroad, where known"`
}

func (h *placementOperations) rehires(ctx context.Context, c *Call, in *oneOfferFormer) (formerList, error) {
	found, err := h.service.RehirePriority(ctx, c.Actor, offer.ID(in.ID))
	if err != nil {
		return formerList{}, err
	}
	return formerList{mapped(found, func(f placement.Former) formerJSON {
		return formerJSON{Placement: string(f.Placement), Profile: f.Profile, From: string(f.From), Until: string(f.Until)}
	})}, nil
}
