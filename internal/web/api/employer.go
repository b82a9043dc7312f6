package api

import (
	"context"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/suspension"
)

// RegisterEmployers adds the operations on employers.
func RegisterEmployers(a *API, service *employer.Service, acts *suspension.Service) {
	h := &employerOperations{service, acts}
	Register(a, Op[declareEmployer, employerJSON]{
		Method: "POST", Path: "/employers", ID: "declareEmployer", Summary: "Declare an employer abroad",
		Permission: "employer.create", Status: 201, Handle: h.declare,
	})
	Register(a, Op[listEmployers, List[employerLine]]{
		Method: "GET", Path: "/employers", ID: "listEmployers", Summary: "Search employers",
		Description: "Officials see all, an agency those it declared and the accredited ones, observers the accredited ones.",
		Permission:  "employer.read", Handle: h.list,
	})
	Register(a, Op[showEmployer, employerJSON]{
		Method: "GET", Path: "/employers/{id}", ID: "showEmployer", Summary: "Read one employer",
		Description: "Officials also see employers with a like-sounding name, and what a second official has to confirm.",
		Permission:  "employer.read", Handle: h.show,
	})
	Register(a, Op[changeEmployer, employerJSON]{
		Method: "PATCH", Path: "/employers/{id}", ID: "changeEmployer", Summary: "Correct what is stated about an employer",
		Description: "A refused employer is thereby declared anew. Of an accredited one only the sites and the web address can change; of a barred one nothing.",
		Permission:  "employer.update", Handle: h.change,
	})
	Register(a, Op[notedEmployer, employerJSON]{
		Method: "POST", Path: "/employers/{id}/accreditations", ID: "accreditEmployer", Summary: "Accredit a declared employer",
		Permission: "employer.decide", Handle: h.accredit,
	})
	Register(a, Op[refuseEmployer, employerJSON]{
		Method: "POST", Path: "/employers/{id}/refusals", ID: "refuseEmployer", Summary: "Refuse a declared employer for a stated reason",
		Permission: "employer.decide", Handle: h.refuse,
	})
	Register(a, Op[barEmployer, employerJSON]{
		Method: "POST", Path: "/employers/{id}/bars", ID: "barEmployer", Summary: "Bar an accredited employer under a legal act; takes two officials",
		Description: "The first official's call is a proposal: the state stays and pendingAction says \"bar\". The call of a second one under the same act bars; under another act it is a new proposal.",
		Permission:  "employer.decide", Handle: h.bar,
	})
	Register(a, Op[reopenEmployer, employerJSON]{
		Method: "POST", Path: "/employers/{id}/reopenings", ID: "reopenEmployer", Summary: "End a bar under a legal act; takes two officials",
		Description: "The first official's call is a proposal: pendingAction says \"reopen\". The call of a second one under the same act declares the employer anew.",
		Permission:  "employer.decide", Handle: h.reopen,
	})
	Register(a, Op[listTouched, affectedList]{
		Method: "GET", Path: "/employers/{id}/affected", ID: "listEmployerAffected", Summary: "Files that a bar of the employer touches, or would touch",
		Description: "Open placements first, then live applications, then offers in force, each by id; nobody is named.",
		Permission:  "employer.decide", Handle: h.affected,
	})
}

func (h *employerOperations) affected(ctx context.Context, c *Call, in *listTouched) (affectedList, error) {
	if _, err := h.service.Get(ctx, c.Actor, employer.ID(in.ID)); err != nil {
		return affectedList{}, err
	}
	return in.list(ctx, c, h.acts, suspension.Employer)
}

type employerOperations struct {
	service *employer.Service
	acts    *suspension.Service
}

type siteJSON struct {
	Name   string `json:"name,omitempty" validate:"omitempty,max=100,name"`
	City   string `json:"city,omitempty" validate:"omitempty,max=100,name" example:"Huelva"`
	Region string `json:"region,omitempty" validate:"omitempty,max=100,name"`
}

type declareEmployer struct {
	Body struct {
		Name         string     `json:"name" validate:"required,min=2,max=200,name" doc:"legal name" example:"Frutas del Sur SL"`
		Country      string     `json:"country" validate:"required,country" example:"ES"`
		Registration string     `json:"registration,omitempty" validate:"omitempty,max=60,line" doc:"number in the country's register; unique there"`
		Sector       string     `json:"sector,omitempty" validate:"omitempty,sector" doc:"ISIC Rev. 4" example:"A"`
		Sites        []siteJSON `json:"sites,omitempty" validate:"max=50,dive" doc:"places of work"`
		Website      string     `json:"website,omitempty" validate:"omitempty,max=300,https_url"`
	}
}

func (h *employerOperations) declare(ctx context.Context, c *Call, in *declareEmployer) (employerJSON, error) {
	b := in.Body
	e, err := h.service.Create(ctx, c.Actor, employer.Facts{
		Name: b.Name, Country: ref.Country(b.Country), Registration: b.Registration, Sector: b.Sector,
		Sites: mapped(b.Sites, siteJSON.site), Website: b.Website,
	})
	if err == nil {
		c.Location("/employers/" + string(e.ID))
	}
	return h.answer(ctx, c, e, err)
}

func (s siteJSON) site() employer.Site { return employer.Site(s) }

type listEmployers struct {
	Page
	Q       string `query:"q" validate:"omitempty,max=200" doc:"words of the name"`
	Country string `query:"country" validate:"omitempty,country"`
	State   string `query:"state" validate:"omitempty,oneof=declared accredited refused barred"`
}

func (h *employerOperations) list(ctx context.Context, c *Call, in *listEmployers) (List[employerLine], error) {
	page := in.Listing()
	result, err := h.service.List(ctx, c.Actor, employer.Query{
		Text: in.Q, Country: ref.Country(in.Country), State: employer.State(in.State), After: page.After, Limit: page.Size(),
	})
	if err != nil {
		return List[employerLine]{}, err
	}
	return NewList(c, result, employerLineOf), nil
}

type showEmployer struct {
	ID string `path:"id" validate:"max=64"`
}

func (h *employerOperations) show(ctx context.Context, c *Call, in *showEmployer) (employerJSON, error) {
	e, err := h.service.Get(ctx, c.Actor, employer.ID(in.ID))
	return h.answer(ctx, c, e, err)
}

type changeEmployer struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Name         Patch[string]     `json:"name" validate:"omitempty,min=2,max=200,name"`
		Country      Patch[string]     `json:"country" validate:"omitempty,country"`
		Registration Patch[string]     `json:"registration" validate:"omitempty,max=60,line"`
		Sector       Patch[string]     `json:"sector" validate:"omitempty,sector"`
		Sites        Patch[[]siteJSON] `json:"sites" validate:"omitempty,max=50,dive"`
		Website      Patch[string]     `json:"website" validate:"omitempty,max=300,https_url"`
	}
}

func (h *employerOperations) change(ctx context.Context, c *Call, in *changeEmployer) (employerJSON, error) {
	e, err := h.service.Update(ctx, c.Actor, employer.ID(in.ID), c.Rev, func(f *employer.Facts) {
		b := &in.Body
		b.Name.Apply(&f.Name)
		applyCode(b.Country, &f.Country)
		b.Registration.Apply(&f.Registration)
		b.Sector.Apply(&f.Sector)
		b.Website.Apply(&f.Website)
		if b.Sites.Sent {
			f.Sites = mapped(b.Sites.Value, siteJSON.site)
		}
	})
	return h.answer(ctx, c, e, err)
}

type notedEmployer struct {
	ID   string `path:"id" validate:"max=64"`
	Body *note
}

type refuseEmployer struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Reason string `json:"reason" validate:"required,oneof=not_registered identity_doubtful duplicate file_incomplete working_conditions other" doc:"\"other\" needs a note"`
		Note   string `json:"note,omitempty" validate:"max=2000"`
	}
}

type barEmployer struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Reason string `json:"reason" validate:"required,oneof=contract_substitution unpaid_wages abuse fees_charged unsafe_work papers_withheld court_order other" doc:"\"other\" needs a note"`
		Note   string `json:"note,omitempty" validate:"max=2000"`
		legalAct
	}
}

type reopenEmployer struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Note string `json:"note,omitempty" validate:"max=2000"`
		legalAct
	}
}

func (h *employerOperations) accredit(ctx context.Context, c *Call, in *notedEmployer) (employerJSON, error) {
	e, err := h.service.Accredit(ctx, c.Actor, employer.ID(in.ID), in.Body.wording())
	return h.answer(ctx, c, e, err)
}

func (h *employerOperations) refuse(ctx context.Context, c *Call, in *refuseEmployer) (employerJSON, error) {
	e, err := h.service.Refuse(ctx, c.Actor, employer.ID(in.ID), in.Body.Reason, in.Body.Note)
	return h.answer(ctx, c, e, err)
}

func (h *employerOperations) bar(ctx context.Context, c *Call, in *barEmployer) (employerJSON, error) {
	e, err := h.service.Bar(ctx, c.Actor, employer.ID(in.ID), in.Body.Reason, in.Body.Note, in.Body.act())
	return h.answer(ctx, c, e, err)
}

func (h *employerOperations) reopen(ctx context.Context, c *Call, in *reopenEmployer) (employerJSON, error) {
	e, err := h.service.Reopen(ctx, c.Actor, employer.ID(in.ID), in.Body.Note, in.Body.act())
	return h.answer(ctx, c, e, err)
}

// employerLine is an employer in lists.
type employerLine struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Country   string    `json:"country" example:"ES"`
	Sector    string    `json:"sector,omitempty"`
	State     string    `json:"state" example:"accredited"`
	UpdatedAt time.Time `json:"updatedAt"`
}

func employerLineOf(card employer.Card) employerLine {
	return employerLine{ID: string(card.ID), Name: card.Name, Country: string(card.Country), Sector: card.Sector,
		State: string(card.State), UpdatedAt: card.UpdatedAt}
}

// employerJSON is one employer as far as the caller may see it.
type employerJSON struct {
	ID            string          `json:"id"`
	Rev           int64           `json:"rev"`
	Name          string          `json:"name" example:"Frutas del Sur SL"`
	Country       string          `json:"country" example:"ES"`
	Registration  string          `json:"registration,omitempty"`
	Sector        string          `json:"sector,omitempty"`
	Sites         []siteJSON      `json:"sites"`
	Website       string          `json:"website,omitempty"`
	State         string          `json:"state" example:"accredited"`
	PendingAction string          `json:"pendingAction,omitempty" doc:"what one official proposed and another has to confirm: bar or reopen; for officials only"`
	Agency        string          `json:"agency,omitempty" doc:"agency that declared it; for officials and that agency"`
	Decisions     []decisionJSON  `json:"decisions,omitzero" doc:"oldest first; for officials and the agency that declared it"`
	Acts          []actJSON       `json:"acts,omitzero" doc:"every bar and its end, and how far it has been carried, oldest first; for officials only"`
	LookAlikes    []lookAlikeJSON `json:"lookAlikes,omitzero" doc:"employers with a like-sounding name; for officials only"`
	CreatedAt     time.Time       `json:"createdAt"`
	UpdatedAt     time.Time       `json:"updatedAt"`
}

type lookAlikeJSON struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Country    string `json:"country"`
	State      string `json:"state"`
	Similarity int    `json:"similarity" doc:"0 to 100"`
}

func (h *employerOperations) answer(ctx context.Context, c *Call, e *employer.Employer, err error) (employerJSON, error) {
	if err != nil {
		return employerJSON{}, err
	}
	f := e.Facts
	out := employerJSON{
		ID: string(e.ID), Rev: e.Rev, Name: f.Name, Country: string(f.Country), Registration: f.Registration, Sector: f.Sector,
		Sites:   mapped(f.Sites, func(s employer.Site) siteJSON { return siteJSON(s) }),
		Website: f.Website, State: string(e.State), CreatedAt: e.CreatedAt, UpdatedAt: e.UpdatedAt,
	}
	if e.Inside(c.Actor) {
		out.Agency, out.Decisions = e.Agency, employerDecisions(c.Actor, e)
	}
	if out.Acts, err = actsAbout(ctx, c, h.acts, suspension.Target{Kind: suspension.Employer, ID: string(e.ID)}); err != nil {
		return employerJSON{}, err
	}
	if c.Actor.Role == account.Official {
		out.PendingAction = e.PendingAction()
		out.LookAlikes = mapped(h.service.LookAlikes(c.Actor, e), func(l employer.LookAlike) lookAlikeJSON {
			return lookAlikeJSON{ID: string(l.ID), Name: l.Name, Country: string(l.Country), State: string(l.State), Similarity: l.Similarity}
		})
	}
	return out, nil
}

// employerDecisions leaves proposals out for agencies: an employer is not
// warned of a bar that one official has only proposed.
func employerDecisions(actor account.Actor, e *employer.Employer) []decisionJSON {
	shown := slices.DeleteFunc(slices.Clone(e.Decisions), func(d employer.Decision) bool {
		return actor.Role != account.Official && strings.HasPrefix(d.Action, employer.ProposalPrefix)
	})
	return mapped(shown, func(d employer.Decision) decisionJSON {
		return decisionOf(actor, decisionJSON{Action: d.Action, At: d.At, By: string(d.By), Reason: d.Reason, Note: d.Note, Act: d.Act, Evidence: d.Evidence})
	})
}
