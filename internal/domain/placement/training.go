package placement

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// Convention is what the agency states of a tripartite convention.
type Convention struct {
	School, SchoolCity, Programme string
	Tutor, SchoolTutor            string
	Stipend                       ref.Pay
	HoursPerWeek                  int // hundredths
	Objectives                    string
	SchoolSigned, HostSigned      ref.Date
}

// SetConvention states the convention of an internship, until the file is
// cleared. The trainee signs by accepting the contract, so a change after that
// needs a new contract.
func (s *Service) SetConvention(ctx context.Context, actor account.Actor, id ID, c Convention) (*Placement, error) {
	if err := actor.Require("placement.propose"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error { return p.setConvention(by, c) })
}

func (p *Placement) setConvention(by act, c Convention) error {
	if p.Kind != ref.Internship {
		return fault.New(fault.Conflict, "placement.kind")
	}
	if p.State != Opened && p.State != ContractProposed {
		return fault.New(fault.Conflict, "transition")
	}
	if err := c.check(ref.DateOf(by.now)); err != nil {
		return err
	}
	p.Internship = &Internship{
		School: c.School, SchoolCity: c.SchoolCity, Programme: c.Programme, Tutor: c.Tutor, SchoolTutor: c.SchoolTutor,
		Stipend: c.Stipend, HoursPerWeek: c.HoursPerWeek, Objectives: c.Objectives, SchoolSigned: c.SchoolSigned, HostSigned: c.HostSigned,
	}
	p.note(by, "convention", "", "", "internship")
	return nil
}

func (c Convention) check(today ref.Date) error {
	var bad fault.List
	for _, w := range []struct{ pointer, text string }{
		{"/school", c.School}, {"/schoolCity", c.SchoolCity}, {"/programme", c.Programme}, {"/tutor", c.Tutor}, {"/schoolTutor", c.SchoolTutor},
	} {
		checkWord(&bad, w.pointer, w.text, w.pointer != "/schoolTutor")
	}
	bad.Check(c.HoursPerWeek > 0 && c.HoursPerWeek <= 16800, "/hoursPerWeek", "number.range", "1", "168")
	bad.Check(c.Objectives != "", "/objectives", "required")
	checkLength(&bad, "/objectives", c.Objectives, maxNote)
	bad.Check(c.SchoolSigned <= today, "/schoolSigned", "date.future")
	bad.Check(c.HostSigned <= today, "/hostSigned", "date.future")
	c.Stipend.Check("/stipend", &bad)
	return bad.Err("placement.invalid")
}

// LacksConvention reports an internship that nobody can clear yet, because
// school or host have not signed its convention. The trainee signs by accepting
// the contract, so it has to be there before.
func (p *Placement) LacksConvention() bool {
	c := p.Internship
	return p.Kind == ref.Internship && (c == nil || !c.SchoolSigned.Known() || !c.HostSigned.Known())
}

// conventionReady fails for an internship whose convention school, host and
// trainee have not all signed: such a file is not cleared.
func (p *Placement) conventionReady() error {
	if p.Kind != ref.Internship {
		return nil
	}
	if p.LacksConvention() || !p.Internship.TraineeSigned.Known() {
		return fault.New(fault.Conflict, "placement.convention.missing")
	}
	return nil
}

// Evaluate states the tutor's evaluation, through the agency, once the trainee
// is at work. Marks go from 1 to 5.
func (s *Service) Evaluate(ctx context.Context, actor account.Actor, id ID, e Evaluation) (*Placement, error) {
	if err := actor.Require("placement.train"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if p.Internship == nil || p.State != InPost && !p.ended() || p.Internship.Certificate != "" {
			return fault.New(fault.Conflict, "transition")
		}
		if err := e.check(); err != nil {
			return err
		}
		e.At = by.now
		changed := *p.Internship
		changed.Evaluation = &e
		p.Internship = &changed
		p.note(by, "evaluate", "", "", "internship")
		return nil
	})
}

func (e Evaluation) check() error {
	var bad fault.List
	checkWord(&bad, "/by", strings.TrimSpace(e.By), true)
	for pointer, mark := range map[string]int{"/skills": e.Skills, "/conduct": e.Conduct, "/autonomy": e.Autonomy} {
		bad.Check(mark >= 1 && mark <= 5, pointer, "number.range", "1", "5")
	}
	checkLength(&bad, "/comment", e.Comment, maxNote)
	return bad.Err("placement.invalid")
}

// CertifyInternship issues the certificate of an internship that is over and
// evaluated, under a number of its own ("ATT-2027-…", with a check character).
func (s *Service) CertifyInternship(ctx context.Context, actor account.Actor, id ID) (*Placement, error) {
	if err := actor.Require("placement.certify"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if p.Internship == nil || p.Internship.Evaluation == nil || !p.ended() || p.Internship.Certificate != "" {
			return fault.New(fault.Conflict, "transition")
		}
		changed := *p.Internship
		changed.Certificate, changed.CertifiedAt = ref.MakeReference("ATT", string(p.ID), by.now.Year(), 0), by.now
		p.Internship = &changed
		p.note(by, "certify_internship", "", "", "internship")
		return nil
	})
}

// MissionBrief is what the agency states of an expert mission.
type MissionBrief struct {
	Host, Objective string
	Results         []string // expected
}

// maxResults bounds the expected results of a mission.
const maxResults = 20

// LacksBrief reports an expert mission that nobody has described: its expert
// has nothing to report on. Of a file that was cancelled, or whose person is
// forgotten, nothing is missing.
func (p *Placement) LacksBrief() bool {
	return p.Kind == ref.ExpertMission && p.Mission == nil && p.State != Cancelled &&
		!slices.ContainsFunc(p.History, func(e Event) bool { return e.Action == actForget })
}

// MayDescribe reports whether the agency can state the brief now: until the
// person accepts the contract, and later only where there is none yet, because
// what was agreed is not rewritten.
func (p *Placement) MayDescribe() bool {
	return p.Kind == ref.ExpertMission && (p.State == Opened || p.State == ContractProposed || p.LacksBrief())
}

// SetMission states host, objective and expected results of an expert mission
// while MayDescribe says so; Conflict "transition" otherwise.
func (s *Service) SetMission(ctx context.Context, actor account.Actor, id ID, b MissionBrief) (*Placement, error) {
	if err := actor.Require("placement.propose"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if p.Kind != ref.ExpertMission {
			return fault.New(fault.Conflict, "placement.kind")
		}
		if !p.MayDescribe() {
			return fault.New(fault.Conflict, "transition")
		}
		if err := b.check(); err != nil {
			return err
		}
		p.Mission = &Mission{Host: b.Host, Objective: b.Objective, Results: b.Results}
		p.note(by, "mission", "", "", "mission")
		return nil
	})
}

func (b MissionBrief) check() error {
	var bad fault.List
	checkWord(&bad, "/host", b.Host, true)
	bad.Check(b.Objective != "", "/objective", "required")
	checkLength(&bad, "/objective", b.Objective, maxNote)
	bad.Check(len(b.Results) <= maxResults, "/results", "too_many", strconv.Itoa(maxResults))
	for i, r := range b.Results {
		checkWord(&bad, "/results/"+strconv.Itoa(i), r, true)
	}
	return bad.Err("placement.invalid")
}

// maxReport bounds the report of a mission, in characters.
const maxReport = 20000

// Report is the expert's report on a mission, from its arrival on and until it
// is accepted. Conflict "placement.mission.missing" while the mission is not
// described.
func (s *Service) Report(ctx context.Context, actor account.Actor, id ID, report string) (*Placement, error) {
	if err := actor.Require("placement.accept"); err != nil {
		return nil, err
	}
	return s.onMission(ctx, actor, id, "report", func(m *Mission, by act) error {
		var bad fault.List
		bad.Check(strings.TrimSpace(report) != "", "/report", "required")
		checkLength(&bad, "/report", report, maxReport)
		m.Report, m.ReportAt = report, by.now
		return bad.Err("placement.invalid")
	})
}

// AcceptReport notes that the host accepts the report: through its agency, or
// by an official.
func (s *Service) AcceptReport(ctx context.Context, actor account.Actor, id ID) (*Placement, error) {
	if err := actor.Require("placement.train"); err != nil {
		return nil, err
	}
	return s.onMission(ctx, actor, id, "accept_report", func(m *Mission, by act) error {
		if m.ReportAt.IsZero() {
			return fault.New(fault.Conflict, "transition")
		}
		m.Accepted = by.now
		return nil
	})
}

func (s *Service) onMission(ctx context.Context, actor account.Actor, id ID, action string, do func(*Mission, act) error) (*Placement, error) {
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if p.LacksBrief() {
			return fault.New(fault.Conflict, "placement.mission.missing")
		}
		if p.Mission == nil || !p.Mission.Accepted.IsZero() || !p.Journey.ArrivedOn.Known() {
			return fault.New(fault.Conflict, "transition")
		}
		changed := *p.Mission
		if err := do(&changed, by); err != nil {
			return err
		}
		p.Mission = &changed
		p.note(by, action, "", "", "mission")
		return nil
	})
}
