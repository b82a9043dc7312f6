package api

import (
	"time"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
)

// placementAbroad is what a file says of the time after clearance. What was
// said past an agency is left out for it.
type placementAbroad struct {
	Journey    placementJourney     `json:"journey"`
	Ending     *placementEnding     `json:"ending,omitempty"`
	Insurance  []insurancePeriod    `json:"insurance" doc:"periods of social insurance"`
	Internship *placementInternship `json:"internship,omitempty"`
	Mission    *placementMission    `json:"mission,omitempty"`
}

type placementJourney struct {
	DepartedOn string             `json:"departedOn,omitempty"`
	Carrier    string             `json:"carrier,omitempty"`
	DueOn      string             `json:"dueOn,omitempty" doc:"day by which the arrival must be noted"`
	ArrivedOn  string             `json:"arrivedOn,omitempty"`
	ArrivedAt  string             `json:"arrivedAt,omitempty" doc:"city or site"`
	OverdueAt  time.Time          `json:"overdueAt,omitzero" doc:"when a missing arrival was noticed"`
	CheckIns   []placementCheckIn `json:"checkIns" doc:"on days 7, 30 and 90 after arrival, then every half year"`
	Transfers  []placementMove    `json:"transfers"`
}

type placementCheckIn struct {
	Day      int       `json:"day" doc:"after arrival"`
	Due      string    `json:"due"`
	DoneAt   time.Time `json:"doneAt,omitzero"`
	By       string    `json:"by,omitempty" doc:"role"`
	Channel  string    `json:"channel,omitempty" example:"phone"`
	Well     *bool     `json:"well,omitempty"`
	PaidAs   *bool     `json:"paidAsAgreed,omitempty"`
	Concerns []string  `json:"concerns,omitempty"`
	Note     string    `json:"note,omitempty"`
	MissedAt time.Time `json:"missedAt,omitzero"`
}

type placementMove struct {
	Contract    int       `json:"contract" doc:"number of the contract with the new terms"`
	From        string    `json:"from,omitempty"`
	Employer    string    `json:"employer"`
	AskedAt     time.Time `json:"askedAt"`
	ConsentedAt time.Time `json:"consentedAt,omitzero"`
	DecidedAt   time.Time `json:"decidedAt,omitzero"`
	Approved    bool      `json:"approved"`
	Reason      string    `json:"reason,omitempty"`
}

type placementEnding struct {
	On          string         `json:"on"`
	Cause       string         `json:"cause,omitempty"`
	Note        string         `json:"note,omitempty"`
	By          string         `json:"by" doc:"role"`
	HomeOn      string         `json:"homeOn,omitempty" doc:"day of the return; of a stay or a renewal its first day"`
	HomeNote    string         `json:"homeNote,omitempty"`
	Periods     []workPeriod   `json:"periods" doc:"certified periods of work"`
	Skills      []string       `json:"skills" doc:"certified"`
	CertifiedAt time.Time      `json:"certifiedAt,omitzero"`
	Rehire      bool           `json:"rehire" doc:"the employer wants the person back"`
	RehireFrom  string         `json:"rehireFrom,omitempty"`
	Case        *reintegration `json:"case,omitempty" doc:"reintegration; not for agencies"`
}

type insurancePeriod struct {
	ID          string    `json:"id"`
	Country     string    `json:"country" example:"ES"`
	Institution string    `json:"institution"`
	Number      string    `json:"number,omitempty" doc:"for the person alone"`
	Branch      string    `json:"branch" example:"old_age"`
	From        string    `json:"from"`
	Until       string    `json:"until,omitempty"`
	Document    string    `json:"document,omitempty"`
	At          time.Time `json:"at"`
}

type reintegration struct {
	OpenedAt time.Time  `json:"openedAt"`
	Needs    []string   `json:"needs"`
	Plan     string     `json:"plan,omitempty"`
	Taken    bool       `json:"taken" doc:"an official is in charge"`
	FollowUp []followUp `json:"followUp"`
	ClosedAt time.Time  `json:"closedAt,omitzero"`
	Outcome  string     `json:"outcome,omitempty"`
}

type followUp struct {
	Months   int       `json:"months" doc:"after the return"`
	Due      string    `json:"due"`
	DoneAt   time.Time `json:"doneAt,omitzero"`
	Activity string    `json:"activity,omitempty"`
	Note     string    `json:"note,omitempty"`
}

type placementInternship struct {
	conventionBody
	TraineeSigned string      `json:"traineeSigned,omitempty"`
	Evaluation    *evaluation `json:"evaluation,omitempty"`
	Certificate   string      `json:"certificate,omitempty" example:"ATT-2027-7K3Q9D"`
	CertifiedAt   time.Time   `json:"certifiedAt,omitzero"`
}

type evaluation struct {
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	Skills   int       `json:"skills" doc:"marks from 1 to 5"`
	Conduct  int       `json:"conduct"`
	Autonomy int       `json:"autonomy"`
	Comment  string    `json:"comment,omitempty"`
}

type placementMission struct {
	Host       string    `json:"host"`
	Objective  string    `json:"objective"`
	Results    []string  `json:"results" doc:"expected"`
	Report     string    `json:"report,omitempty"`
	ReportAt   time.Time `json:"reportAt,omitzero"`
	AcceptedAt time.Time `json:"acceptedAt,omitzero" doc:"by the host"`
}

// placementAbroadOf shows a file that the service has already cut for the
// actor.
func placementAbroadOf(p *placement.Placement) placementAbroad {
	j := p.Journey
	return placementAbroad{
		Journey: placementJourney{
			DepartedOn: string(j.DepartedOn), Carrier: j.Carrier, DueOn: string(j.DueOn), ArrivedOn: string(j.ArrivedOn), ArrivedAt: j.ArrivedAt,
			OverdueAt: j.OverdueAt, CheckIns: mapped(j.CheckIns, placementCheckInOf), Transfers: mapped(j.Transfers, placementMoveOf),
		},
		Ending: placementEndingOf(&p.Ending), Insurance: mapped(p.Ending.Insurance, insurancePeriodOf),
		Internship: placementInternshipOf(p.Internship), Mission: placementMissionOf(p.Mission),
	}
}

func placementCheckInOf(c placement.CheckIn) placementCheckIn {
	out := placementCheckIn{Day: c.Day, Due: string(c.Due), DoneAt: c.DoneAt, By: string(c.Role), Channel: c.Channel, Concerns: c.Concerns, Note: c.Note, MissedAt: c.Missed}
	if c.Channel != "" {
		out.Well, out.PaidAs = &c.Well, &c.PaidAs
	}
	return out
}

func placementMoveOf(m placement.Move) placementMove {
	return placementMove{Contract: m.Contract, From: m.From, Employer: m.Employer, AskedAt: m.Asked.At, ConsentedAt: m.Consented,
		DecidedAt: m.Decided.At, Approved: m.Approved, Reason: m.Reason}
}

func insurancePeriodOf(i placement.InsurancePeriod) insurancePeriod {
	return insurancePeriod{ID: i.ID, Country: string(i.Country), Institution: i.Institution, Number: i.Number, Branch: i.Branch,
		From: string(i.From), Until: string(i.Until), Document: i.Document, At: i.At}
}

func placementEndingOf(e *placement.Ending) *placementEnding {
	if !e.On.Known() {
		return nil
	}
	out := &placementEnding{
		On: string(e.On), Cause: e.Cause, Note: e.Note, By: string(e.Role), HomeOn: string(e.HomeOn), HomeNote: e.HomeNote,
		Skills: textsOf(e.Skills), CertifiedAt: e.Certified.At, Rehire: e.Rehire, RehireFrom: string(e.RehireFrom),
		Periods: mapped(e.Periods, func(w placement.WorkPeriod) workPeriod {
			return workPeriod{Employer: w.Employer, Occupation: string(w.Occupation), Country: string(w.Country), From: string(w.From), Until: string(w.Until)}
		}),
	}
	if c := e.Case; c != nil {
		out.Case = &reintegration{OpenedAt: c.OpenedAt, Needs: textsOf(c.Needs), Plan: c.Plan, Taken: c.Owner != "", ClosedAt: c.ClosedAt, Outcome: c.Outcome,
			FollowUp: mapped(c.FollowUp, func(f placement.FollowUp) followUp {
				return followUp{Months: f.Months, Due: string(f.Due), DoneAt: f.DoneAt, Activity: f.Activity, Note: f.Note}
			})}
	}
	return out
}

func placementInternshipOf(i *placement.Internship) *placementInternship {
	if i == nil {
		return nil
	}
	out := &placementInternship{
		conventionBody: conventionBody{
			School: i.School, SchoolCity: i.SchoolCity, Programme: i.Programme, Tutor: i.Tutor, SchoolTutor: i.SchoolTutor, Stipend: offerPayOf(i.Stipend),
			HoursPerWeek: offer.Hundredths(i.HoursPerWeek), Objectives: i.Objectives, SchoolSigned: string(i.SchoolSigned), HostSigned: string(i.HostSigned),
		},
		TraineeSigned: string(i.TraineeSigned), Certificate: i.Certificate, CertifiedAt: i.CertifiedAt,
	}
	if e := i.Evaluation; e != nil {
		out.Evaluation = &evaluation{At: e.At, By: e.By, Skills: e.Skills, Conduct: e.Conduct, Autonomy: e.Autonomy, Comment: e.Comment}
	}
	return out
}

func placementMissionOf(m *placement.Mission) *placementMission {
	if m == nil {
		return nil
	}
	return &placementMission{Host: m.Host, Objective: m.Objective, Results: textsOf(m.Results), Report: m.Report, ReportAt: m.ReportAt, AcceptedAt: m.Accepted}
}
