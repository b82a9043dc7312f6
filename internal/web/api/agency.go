package api

import (
	"context"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/suspension"
)

// RegisterAgencies adds the operations on agencies.
func RegisterAgencies(a *API, service *agency.Service, acts *suspension.Service) {
	h := &agencyOperations{service, acts}
	Register(a, Op[createAgency, agencyJSON]{
		Method: "POST", Path: "/agencies", ID: "createAgency", Summary: "Apply for recognition as an agency",
		Description: "An applicant without agency applies for exactly one and becomes its first member. A private bureau states its licence number and the day the licence ends.",
		Permission:  "agency.create", Status: 201, Handle: h.create,
	})
	Register(a, Op[listAgencies, List[agencyLine]]{
		Method: "GET", Path: "/agencies", ID: "listAgencies", Summary: "Search the register of agencies",
		Description: "Everybody sees active, suspended and expired agencies; officials see all, and an agency itself.",
		Permission:  "agency.read", Handle: h.list,
	})
	Register(a, Op[showAgency, agencyJSON]{
		Method: "GET", Path: "/agencies/{id}", ID: "showAgency", Summary: "Read one agency",
		Description: "The public register shows name, place, kind, licence and state. Contacts, members and decisions are for officials and the agency itself.",
		Permission:  "agency.read", Handle: h.show,
	})
	Register(a, Op[changeAgency, agencyJSON]{
		Method: "PATCH", Path: "/agencies/{id}", ID: "changeAgency", Summary: "Change one's own agency's file",
		Description: "Changing a refused or expired file is the new application. New legal facts (name, country, kind, licence) of a vetted agency start the vetting again; those of an active or suspended one cannot change.",
		Permission:  "agency.update", Handle: h.change,
	})
	h.registerDecisions(a)
	Register(a, Op[listTouched, affectedList]{
		Method: "GET", Path: "/agencies/{id}/affected", ID: "listAgencyAffected", Summary: "Files that a suspension of the agency touches, or would touch",
		Description: "Open placements first, then live applications, then offers in force, each by id; nobody is named.",
		Permission:  "agency.suspend", Handle: h.affected,
	})
}

func (h *agencyOperations) affected(ctx context.Context, c *Call, in *listTouched) (affectedList, error) {
	if _, err := h.service.Get(ctx, c.Actor, agency.ID(in.ID)); err != nil {
		return affectedList{}, err
	}
	return in.list(ctx, c, h.acts, suspension.Agency)
}

func (h *agencyOperations) registerDecisions(a *API) {
	Register(a, Op[notedAgency, agencyJSON]{
		Method: "POST", Path: "/agencies/{id}/vettings", ID: "vetAgency", Summary: "First signature: find the application in order",
		Permission: "agency.vet", Handle: h.vet,
	})
	Register(a, Op[notedAgency, agencyJSON]{
		Method: "POST", Path: "/agencies/{id}/activations", ID: "activateAgency", Summary: "Second signature, by another official",
		Permission: "agency.activate", Handle: h.activate,
	})
	Register(a, Op[refuseAgency, agencyJSON]{
		Method: "POST", Path: "/agencies/{id}/refusals", ID: "refuseAgency", Summary: "Turn the application down for a stated reason",
		Permission: "agency.vet", Handle: h.refuse,
	})
	Register(a, Op[suspendAgency, agencyJSON]{
		Method: "POST", Path: "/agencies/{id}/suspensions", ID: "suspendAgency", Summary: "Suspend an active agency under a legal act; its offers are hidden at once",
		Description: "The same act again changes nothing; once lifted, an act is used up.",
		Permission:  "agency.suspend", Handle: h.suspend,
	})
	Register(a, Op[reopenAgency, agencyJSON]{
		Method: "POST", Path: "/agencies/{id}/reopenings", ID: "reopenAgency", Summary: "End a suspension under a legal act, by another official than the one who suspended",
		Description: "The same act again changes nothing.",
		Permission:  "agency.suspend", Handle: h.reopen,
	})
	Register(a, Op[notedAgency, agencyJSON]{
		Method: "POST", Path: "/agencies/{id}/withdrawals", ID: "withdrawAgency", Summary: "Withdraw one's own agency for good",
		Permission: "agency.withdraw", Handle: h.withdraw,
	})
	Register(a, Op[addAgencyMember, agencyJSON]{
		Method: "POST", Path: "/agencies/{id}/members", ID: "addAgencyMember", Summary: "Add a member to one's own agency",
		Description: "The account must be an agency applicant's that belongs to no agency; for any other the answer is 404.",
		Permission:  "agency.members", Handle: h.addMember,
	})
}

type agencyOperations struct {
	service *agency.Service
	acts    *suspension.Service
}

type createAgency struct {
	Body struct {
		Name         string `json:"name" validate:"required,min=2,max=200,name" doc:"legal name" example:"Sahel Emploi SARL"`
		TradeName    string `json:"tradeName,omitempty" validate:"omitempty,max=200,name"`
		Country      string `json:"country" validate:"required,country" example:"ML"`
		Kind         string `json:"kind" validate:"required,oneof=private public_national foreign_public_service" example:"private"`
		Licence      string `json:"licence,omitempty" validate:"omitempty,max=60,line" doc:"licence number, unique in its country" example:"2026-117/MTFP"`
		LicenceFrom  string `json:"licenceFrom,omitempty" validate:"omitempty,date" doc:"first valid day"`
		LicenceUntil string `json:"licenceUntil,omitempty" validate:"omitempty,date" doc:"last valid day"`
		Email        string `json:"email,omitempty" validate:"omitempty,max=254,email"`
		Phone        string `json:"phone,omitempty" validate:"omitempty,phone" example:"+22320212223"`
		City         string `json:"city,omitempty" validate:"omitempty,max=100,name" example:"Bamako"`
		Address      string `json:"address,omitempty" validate:"omitempty,max=300,line"`
		Website      string `json:"website,omitempty" validate:"omitempty,max=300,https_url"`
	}
}

func (h *agencyOperations) create(ctx context.Context, c *Call, in *createAgency) (agencyJSON, error) {
	b := in.Body
	made, err := h.service.Create(ctx, c.Actor, agency.Facts{
		Name: b.Name, TradeName: b.TradeName, Country: ref.Country(b.Country), Kind: agency.Kind(b.Kind), Licence: b.Licence,
		LicenceFrom: ref.Date(b.LicenceFrom), LicenceUntil: ref.Date(b.LicenceUntil), Email: b.Email, Phone: b.Phone,
		City: b.City, Address: b.Address, Website: b.Website,
	})
	if err != nil {
		return agencyJSON{}, err
	}
	c.Location("/agencies/" + string(made.ID))
	c.Actor.Agency = string(made.ID) // a member from now on
	return agencyOf(c.Actor, made), nil
}

type listAgencies struct {
	Page
	Q       string `query:"q" validate:"omitempty,max=200" doc:"words of the name"`
	Country string `query:"country" validate:"omitempty,country"`
	Kind    string `query:"kind" validate:"omitempty,oneof=private public_national foreign_public_service"`
	State   string `query:"state" validate:"omitempty,oneof=applied refused vetted active suspended expired withdrawn"`
}

func (h *agencyOperations) list(ctx context.Context, c *Call, in *listAgencies) (List[agencyLine], error) {
	page := in.Listing()
	result, err := h.service.List(ctx, c.Actor, agency.Query{
		Text: in.Q, Country: ref.Country(in.Country), Kind: agency.Kind(in.Kind), State: agency.State(in.State),
		After: page.After, Limit: page.Size(),
	})
	if err != nil {
		return List[agencyLine]{}, err
	}
	return NewList(c, result, agencyLineOf), nil
}

type showAgency struct {
	ID string `path:"id" validate:"max=64"`
}

func (h *agencyOperations) show(ctx context.Context, c *Call, in *showAgency) (agencyJSON, error) {
	return h.answer(ctx, c)(h.service.Get(ctx, c.Actor, agency.ID(in.ID)))
}

type changeAgency struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Name         Patch[string] `json:"name" validate:"omitempty,min=2,max=200,name"`
		TradeName    Patch[string] `json:"tradeName" validate:"omitempty,max=200,name"`
		Country      Patch[string] `json:"country" validate:"omitempty,country"`
		Kind         Patch[string] `json:"kind" validate:"omitempty,oneof=private public_national foreign_public_service"`
		Licence      Patch[string] `json:"licence" validate:"omitempty,max=60,line"`
		LicenceFrom  Patch[string] `json:"licenceFrom" validate:"omitempty,date"`
		LicenceUntil Patch[string] `json:"licenceUntil" validate:"omitempty,date"`
		Email        Patch[string] `json:"email" validate:"omitempty,max=254,email"`
		Phone        Patch[string] `json:"phone" validate:"omitempty,phone"`
		City         Patch[string] `json:"city" validate:"omitempty,max=100,name"`
		Address      Patch[string] `json:"address" validate:"omitempty,max=300,line"`
		Website      Patch[string] `json:"website" validate:"omitempty,max=300,https_url"`
	}
}

func (h *agencyOperations) change(ctx context.Context, c *Call, in *changeAgency) (agencyJSON, error) {
	return h.answer(ctx, c)(h.service.Update(ctx, c.Actor, agency.ID(in.ID), c.Rev, func(f *agency.Facts) {
		b := &in.Body
		b.Name.Apply(&f.Name)
		b.TradeName.Apply(&f.TradeName)
		applyCode(b.Country, &f.Country)
		applyCode(b.Kind, &f.Kind)
		b.Licence.Apply(&f.Licence)
		applyCode(b.LicenceFrom, &f.LicenceFrom)
		applyCode(b.LicenceUntil, &f.LicenceUntil)
		b.Email.Apply(&f.Email)
		b.Phone.Apply(&f.Phone)
		b.City.Apply(&f.City)
		b.Address.Apply(&f.Address)
		b.Website.Apply(&f.Website)
	}))
}

// applyCode writes a patched text into a value of a vocabulary's type.
func applyCode[T ~string](p Patch[string], target *T) {
	if p.Sent {
		*target = T(p.Value)
	}
}

// note is the body of a decision that takes no reason; it may be left out.
type note struct {
	Note string `json:"note,omitempty" validate:"max=2000"`
}

// wording gives the note of a body that may be absent.
func (n *note) wording() string {
	if n == nil {
		return ""
	}
	return n.Note
}

type notedAgency struct {
	ID   string `path:"id" validate:"max=64"`
	Body *note
}

type refuseAgency struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Reason string `json:"reason" validate:"required,oneof=licence_invalid licence_expired file_incomplete false_statement conditions_not_met other" doc:"\"other\" needs a note"`
		Note   string `json:"note,omitempty" validate:"max=2000"`
	}
}

type suspendAgency struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Reason string `json:"reason" validate:"required,oneof=fees_charged false_offers complaints licence_doubtful conditions_not_met court_order other" doc:"\"other\" needs a note"`
		Note   string `json:"note,omitempty" validate:"max=2000"`
		legalAct
	}
}

type reopenAgency struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Note string `json:"note,omitempty" validate:"max=2000"`
		legalAct
	}
}

func (h *agencyOperations) vet(ctx context.Context, c *Call, in *notedAgency) (agencyJSON, error) {
	return h.answer(ctx, c)(h.service.Vet(ctx, c.Actor, agency.ID(in.ID), in.Body.wording()))
}

func (h *agencyOperations) activate(ctx context.Context, c *Call, in *notedAgency) (agencyJSON, error) {
	return h.answer(ctx, c)(h.service.Activate(ctx, c.Actor, agency.ID(in.ID), in.Body.wording()))
}

func (h *agencyOperations) refuse(ctx context.Context, c *Call, in *refuseAgency) (agencyJSON, error) {
	return h.answer(ctx, c)(h.service.Refuse(ctx, c.Actor, agency.ID(in.ID), in.Body.Reason, in.Body.Note))
}

func (h *agencyOperations) suspend(ctx context.Context, c *Call, in *suspendAgency) (agencyJSON, error) {
	return h.answer(ctx, c)(h.service.Suspend(ctx, c.Actor, agency.ID(in.ID), in.Body.Reason, in.Body.Note, in.Body.act()))
}

func (h *agencyOperations) reopen(ctx context.Context, c *Call, in *reopenAgency) (agencyJSON, error) {
	return h.answer(ctx, c)(h.service.Reopen(ctx, c.Actor, agency.ID(in.ID), in.Body.Note, in.Body.act()))
}

func (h *agencyOperations) withdraw(ctx context.Context, c *Call, in *notedAgency) (agencyJSON, error) {
	return h.answer(ctx, c)(h.service.Withdraw(ctx, c.Actor, agency.ID(in.ID), in.Body.wording()))
}

type addAgencyMember struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Login string `json:"login" validate:"required,max=254,line" doc:"e-mail address or phone number of the account" example:"awa@example.ml"`
	}
}

func (h *agencyOperations) addMember(ctx context.Context, c *Call, in *addAgencyMember) (agencyJSON, error) {
	return h.answer(ctx, c)(h.service.AddMember(ctx, c.Actor, agency.ID(in.ID), in.Body.Login))
}
