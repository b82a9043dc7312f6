package api

import (
	"context"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

func (h *placementOperations) registerCases(a *API) {
	Register(a, Op[planCase, placementJSON]{
		Method: "POST", Path: "/placements/{id}/reintegration-cases", ID: "openReintegrationCase", Summary: "Open the reintegration case of a person who has returned",
		Description: "The person or an official. Follow-up is due 3, 6 and 12 months after the return.",
		Permission:  "placement.end", Status: 201, Handle: h.openCase,
	})
	Register(a, Op[planCase, placementJSON]{
		Method: "POST", Path: "/placements/{id}/reintegration-plans", ID: "planReintegration", Summary: "State needs and plan of the case, and take charge",
		Permission: "placement.certify", Handle: h.planCase,
	})
	Register(a, Op[followUpCase, placementJSON]{
		Method: "POST", Path: "/placements/{id}/follow-ups", ID: "recordFollowUp", Summary: "Note the follow-up of a month",
		Permission: "placement.certify", Handle: h.meet,
	})
	Register(a, Op[closeCase, placementJSON]{
		Method: "POST", Path: "/placements/{id}/reintegration-closures", ID: "closeReintegrationCase", Summary: "Close the case with its outcome",
		Permission: "placement.certify", Handle: h.closeCase,
	})
}

func (h *placementOperations) registerTraining(a *API) {
	Register(a, Op[setConvention, placementJSON]{
		Method: "POST", Path: "/placements/{id}/conventions", ID: "stateConvention", Summary: "State the tripartite convention of an internship",
		Description: "The trainee signs it by accepting the contract. Without the three signatures the file is not cleared.",
		Permission:  "placement.propose", Status: 201, Handle: h.setConvention,
	})
	Register(a, Op[evaluateTrainee, placementJSON]{
		Method: "POST", Path: "/placements/{id}/evaluations", ID: "evaluateTrainee", Summary: "State the tutor’s evaluation",
		Permission: "placement.train", Status: 201, Handle: h.evaluate,
	})
	Register(a, Op[onePlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/internship-certificates", ID: "certifyInternship", Summary: "Issue the certificate of an internship that is over and evaluated",
		Permission: "placement.certify", Status: 201, Handle: h.certifyInternship,
	})
	Register(a, Op[setMission, placementJSON]{
		Method: "POST", Path: "/placements/{id}/missions", ID: "stateMission", Summary: "State host, objective and expected results of an expert mission",
		Permission: "placement.propose", Status: 201, Handle: h.setMission,
	})
	Register(a, Op[reportMission, placementJSON]{
		Method: "POST", Path: "/placements/{id}/mission-reports", ID: "reportMission", Summary: "Report on one’s own mission",
		Permission: "placement.accept", Status: 201, Handle: h.report,
	})
	Register(a, Op[onePlacement, placementJSON]{
		Method: "POST", Path: "/placements/{id}/report-acceptances", ID: "acceptMissionReport", Summary: "Accept the report of a mission for its host",
		Permission: "placement.train", Handle: h.acceptReport,
	})
}

type certifyPlacement struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Periods []workPeriod `json:"periods,omitempty" validate:"max=50,dive"`
		Skills  []string     `json:"skills,omitempty" validate:"max=50,dive,skill" example:"[\"maconnerie\"]"`
	}
}

// workPeriod is one certified period of work, as sent and as shown.
type workPeriod struct {
	Employer   string `json:"employer" validate:"required,max=200,line" example:"Agrícola Sol"`
	Occupation string `json:"occupation" validate:"required,occupation" example:"7112"`
	Country    string `json:"country" validate:"required,country" example:"ES"`
	From       string `json:"from" validate:"required,date" example:"2027-03-02"`
	Until      string `json:"until" validate:"required,date" example:"2027-11-30"`
}

func (h *placementOperations) certify(ctx context.Context, c *Call, in *certifyPlacement) (placementJSON, error) {
	p, err := h.service.Certify(ctx, c.Actor, placement.ID(in.ID), placement.Certificate{
		Skills: typed[ref.Skill](in.Body.Skills),
		Periods: mapped(in.Body.Periods, func(w workPeriod) placement.WorkPeriod {
			return placement.WorkPeriod{Employer: w.Employer, Occupation: ref.Occupation(w.Occupation), Country: ref.Country(w.Country), From: ref.Date(w.From), Until: ref.Date(w.Until)}
		}),
	})
	return h.done(c, p, err)
}

type addInsurance struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Country     string `json:"country" validate:"required,country" example:"ES"`
		Institution string `json:"institution" validate:"required,max=200,line" example:"Seguridad Social"`
		Number      string `json:"number,omitempty" validate:"max=200,line" doc:"insurance number; shown to the person alone"`
		Branch      string `json:"branch" validate:"required,oneof=old_age health accident family unemployment" example:"old_age"`
		From        string `json:"from" validate:"required,date" example:"2027-03-02"`
		Until       string `json:"until,omitempty" validate:"omitempty,date"`
		Document    string `json:"document,omitempty" validate:"max=64"`
	}
}

func (h *placementOperations) addInsurance(ctx context.Context, c *Call, in *addInsurance) (placementJSON, error) {
	b := in.Body
	p, err := h.service.AddInsurance(ctx, c.Actor, placement.ID(in.ID), placement.InsurancePeriod{
		Country: ref.Country(b.Country), Institution: b.Institution, Number: b.Number, Branch: b.Branch, From: ref.Date(b.From), Until: ref.Date(b.Until), Document: b.Document,
	})
	return h.done(c, p, err)
}

type wishBack struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Wanted *bool  `json:"wanted" validate:"required" example:"true"`
		From   string `json:"from,omitempty" validate:"omitempty,date" doc:"first day"`
		Note   string `json:"note,omitempty" validate:"max=2000"`
	}
}

func (h *placementOperations) wishBack(ctx context.Context, c *Call, in *wishBack) (placementJSON, error) {
	p, err := h.service.WishBack(ctx, c.Actor, placement.ID(in.ID), placement.Wish{Wanted: *in.Body.Wanted, From: ref.Date(in.Body.From), Note: in.Body.Note})
	return h.done(c, p, err)
}

type planCase struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Needs []string `json:"needs" validate:"required,max=7,dive,oneof=work training housing health psychosocial business documents" example:"[\"work\"]"`
		Plan  string   `json:"plan,omitempty" validate:"max=2000"`
	}
}

func (h *placementOperations) openCase(ctx context.Context, c *Call, in *planCase) (placementJSON, error) {
	p, err := h.service.OpenCase(ctx, c.Actor, placement.ID(in.ID), placement.CasePlan{Needs: in.Body.Needs, Plan: in.Body.Plan})
	return h.done(c, p, err)
}

func (h *placementOperations) planCase(ctx context.Context, c *Call, in *planCase) (placementJSON, error) {
	p, err := h.service.PlanCase(ctx, c.Actor, placement.ID(in.ID), placement.CasePlan{Needs: in.Body.Needs, Plan: in.Body.Plan})
	return h.done(c, p, err)
}

type followUpCase struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Months   int    `json:"months" validate:"required,min=3,max=12" doc:"3, 6 or 12" example:"3"`
		Activity string `json:"activity" validate:"required,oneof=employed self_employed training looking inactive left_again" example:"employed"`
		Note     string `json:"note,omitempty" validate:"max=2000"`
	}
}

func (h *placementOperations) meet(ctx context.Context, c *Call, in *followUpCase) (placementJSON, error) {
	p, err := h.service.Meet(ctx, c.Actor, placement.ID(in.ID), in.Body.Months, in.Body.Activity, in.Body.Note)
	return h.done(c, p, err)
}

type closeCase struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Outcome string `json:"outcome" validate:"required,oneof=settled partly_settled left_again declined lost_contact other" example:"settled"`
		Note    string `json:"note,omitempty" validate:"max=2000"`
	}
}

func (h *placementOperations) closeCase(ctx context.Context, c *Call, in *closeCase) (placementJSON, error) {
	p, err := h.service.CloseCase(ctx, c.Actor, placement.ID(in.ID), in.Body.Outcome, in.Body.Note)
	return h.done(c, p, err)
}

type setConvention struct {
	ID   string `path:"id" validate:"max=64"`
	Body conventionBody
}

// conventionBody is a tripartite convention, as sent and as shown.
type conventionBody struct {
	School       string    `json:"school" validate:"required,max=200,line" example:"École nationale d’ingénieurs"`
	SchoolCity   string    `json:"schoolCity" validate:"required,max=200,line" example:"Bamako"`
	Programme    string    `json:"programme" validate:"required,max=200,line" doc:"course of study" example:"Génie civil"`
	Tutor        string    `json:"tutor" validate:"required,max=200,line" doc:"at the host" example:"Carmen Ruiz"`
	SchoolTutor  string    `json:"schoolTutor,omitempty" validate:"max=200,line"`
	Stipend      *offerPay `json:"stipend,omitempty" doc:"allowance"`
	HoursPerWeek string    `json:"hoursPerWeek" validate:"required" example:"35"`
	Objectives   string    `json:"objectives" validate:"required,max=2000" example:"Suivre un chantier de bout en bout."`
	SchoolSigned string    `json:"schoolSigned,omitempty" validate:"omitempty,date"`
	HostSigned   string    `json:"hostSigned,omitempty" validate:"omitempty,date"`
}

func (h *placementOperations) setConvention(ctx context.Context, c *Call, in *setConvention) (placementJSON, error) {
	b := in.Body
	var bad fault.List
	v := placement.Convention{
		School: b.School, SchoolCity: b.SchoolCity, Programme: b.Programme, Tutor: b.Tutor, SchoolTutor: b.SchoolTutor, Objectives: b.Objectives,
		HoursPerWeek: hundredths(&bad, "/hoursPerWeek", b.HoursPerWeek), SchoolSigned: ref.Date(b.SchoolSigned), HostSigned: ref.Date(b.HostSigned),
	}
	if s := b.Stipend; s != nil {
		currency := ref.Currency(s.Currency)
		v.Stipend = ref.Pay{
			Min: minor(&bad, "/stipend/amount", s.Amount, currency), Max: minor(&bad, "/stipend/amountMax", s.AmountMax, currency),
			Currency: currency, Period: ref.Period(s.Period), Basis: ref.Basis(s.Basis), PaymentsPerYear: s.PaymentsPerYear,
		}
	}
	if err := bad.Err("placement.invalid"); err != nil {
		return placementJSON{}, err
	}
	p, err := h.service.SetConvention(ctx, c.Actor, placement.ID(in.ID), v)
	return h.done(c, p, err)
}

type evaluateTrainee struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		By       string `json:"by" validate:"required,max=200,line" doc:"the tutor" example:"Carmen Ruiz"`
		Skills   int    `json:"skills" validate:"required,min=1,max=5" example:"4"`
		Conduct  int    `json:"conduct" validate:"required,min=1,max=5" example:"5"`
		Autonomy int    `json:"autonomy" validate:"required,min=1,max=5" example:"4"`
		Comment  string `json:"comment,omitempty" validate:"max=2000"`
	}
}

func (h *placementOperations) evaluate(ctx context.Context, c *Call, in *evaluateTrainee) (placementJSON, error) {
	b := in.Body
	p, err := h.service.Evaluate(ctx, c.Actor, placement.ID(in.ID), placement.Evaluation{By: b.By, Skills: b.Skills, Conduct: b.Conduct, Autonomy: b.Autonomy, Comment: b.Comment})
	return h.done(c, p, err)
}

func (h *placementOperations) certifyInternship(ctx context.Context, c *Call, in *onePlacement) (placementJSON, error) {
	p, err := h.service.CertifyInternship(ctx, c.Actor, placement.ID(in.ID))
	return h.done(c, p, err)
}

type setMission struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Host      string   `json:"host" validate:"required,max=200,line" example:"Hôpital de Kayes"`
		Objective string   `json:"objective" validate:"required,max=2000" example:"Former l’équipe de dialyse."`
		Results   []string `json:"results,omitempty" validate:"max=20,dive,max=200" doc:"expected"`
	}
}

func (h *placementOperations) setMission(ctx context.Context, c *Call, in *setMission) (placementJSON, error) {
	p, err := h.service.SetMission(ctx, c.Actor, placement.ID(in.ID), placement.MissionBrief{Host: in.Body.Host, Objective: in.Body.Objective, Results: in.Body.Results})
	return h.done(c, p, err)
}

type reportMission struct {
	ID   string `path:"id" validate:"max=64"`
	Body struct {
		Report string `json:"report" validate:"required,max=20000" example:"L’équipe a été formée."`
	}
}

func (h *placementOperations) report(ctx context.Context, c *Call, in *reportMission) (placementJSON, error) {
	p, err := h.service.Report(ctx, c.Actor, placement.ID(in.ID), in.Body.Report)
	return h.done(c, p, err)
}

func (h *placementOperations) acceptReport(ctx context.Context, c *Call, in *onePlacement) (placementJSON, error) {
	p, err := h.service.AcceptReport(ctx, c.Actor, placement.ID(in.ID))
	return h.done(c, p, err)
}
