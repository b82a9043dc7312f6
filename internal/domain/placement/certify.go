package placement

import (
	"context"
	"strconv"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// maxPeriods bounds the periods and skills of one file.
const maxPeriods = 50

// Certificate is what an official certifies: what was worked and learnt.
type Certificate struct {
	Periods []WorkPeriod
	Skills  []ref.Skill
}

// Certify certifies periods of work and skills once the work has ended.
// Certifying again replaces what was certified; the history keeps that it was.
// Whoever stated the end of the work may not certify it.
func (s *Service) Certify(ctx context.Context, actor account.Actor, id ID, c Certificate) (*Placement, error) {
	if err := actor.Require("placement.certify"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if !p.ended() {
			return fault.New(fault.Conflict, "transition")
		}
		if p.Ending.By == by.actor.Account {
			return fault.New(fault.Forbidden, "four_eyes.own")
		}
		if err := p.checkCertificate(c); err != nil {
			return err
		}
		p.Ending.Periods, p.Ending.Skills = c.Periods, c.Skills
		p.Ending.Certified = Signature{by.actor.Account, by.now}
		p.note(by, "certify", "", "", "periods", "skills")
		return nil
	})
}

// ended reports whether the work abroad is over.
func (p *Placement) ended() bool {
	switch p.State {
	case Completed, EndedEarly, Returned, Stayed, Renewed:
		return true
	}
	return false
}

func (p *Placement) checkCertificate(c Certificate) error {
	var bad fault.List
	bad.Check(len(c.Periods)+len(c.Skills) > 0, "/periods", "required")
	bad.Check(len(c.Periods) <= maxPeriods, "/periods", "too_many", strconv.Itoa(maxPeriods))
	bad.Check(len(c.Skills) <= maxPeriods, "/skills", "too_many", strconv.Itoa(maxPeriods))
	for i, w := range c.Periods {
		at := "/periods/" + strconv.Itoa(i)
		checkWord(&bad, at+"/employer", w.Employer, true)
		bad.Check(w.Occupation != "", at+"/occupation", "required")
		bad.Check(w.Country != "", at+"/country", "required")
		checkDay(&bad, at+"/from", w.From, p.Journey.DepartedOn, p.Ending.On)
		checkDay(&bad, at+"/until", w.Until, w.From, p.Ending.On)
	}
	for i, skill := range c.Skills {
		bad.Check(skill.Known(), "/skills/"+strconv.Itoa(i), "skill")
	}
	return bad.Err("placement.invalid")
}

// Branches lists the branches of social insurance.
func Branches() []string {
	return []string{"old_age", "health", "accident", "family", "unemployment"}
}

// AddInsurance adds a period of social insurance to the ledger; every side may
// state one. Its number is shown to the person alone.
func (s *Service) AddInsurance(ctx context.Context, actor account.Actor, id ID, period InsurancePeriod) (*Placement, error) {
	if err := actor.Require("placement.end"); err != nil {
		return nil, err
	}
	period.ID = s.NewID("ins_")
	return s.change(ctx, actor, id, func(p *Placement, by act) error { return p.addInsurance(by, period) })
}

func (p *Placement) addInsurance(by act, period InsurancePeriod) error {
	if !p.Journey.ArrivedOn.Known() {
		return fault.New(fault.Conflict, "transition")
	}
	today := ref.DateOf(by.now)
	var bad fault.List
	bad.Check(has(Branches(), period.Branch), "/branch", "reason.unknown")
	bad.Check(period.Country != "", "/country", "required")
	checkWord(&bad, "/institution", strings.TrimSpace(period.Institution), true)
	checkWord(&bad, "/number", period.Number, false)
	bad.Check(period.Document == "" || p.hasDocument(period.Document), "/document", "placement.document.unknown")
	checkDay(&bad, "/from", period.From, p.Journey.DepartedOn, today)
	if period.Until.Known() {
		checkDay(&bad, "/until", period.Until, period.From, today)
	}
	bad.Check(len(p.Ending.Insurance) < maxPeriods, "", "too_many", strconv.Itoa(maxPeriods))
	if err := bad.Err("placement.invalid"); err != nil {
		return err
	}
	period.By, period.At = by.actor.Account, by.now
	p.Ending.Insurance = append(p.Ending.Insurance, period)
	p.note(by, "insurance", "", "", "insurance")
	return nil
}
