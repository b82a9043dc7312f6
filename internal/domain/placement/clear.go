package placement

import (
	"context"
	"strconv"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/ref"
)

// MaxClearance is the longest validity of a clearance in days, and
// usualClearance the one that is taken when none is stated.
const (
	MaxClearance   = 90
	usualClearance = 30
)

// clearancePrefix begins the number of every clearance (autorisation).
const clearancePrefix = "AUT"

// Validity is the first and last day on which a clearance is good; both may be
// left open: from today, for 30 days.
type Validity struct{ From, Until ref.Date }

// Clear is the second signature, by another official than the first: the person
// may leave on the days from From to Until, 90 at most. Everything is checked
// again. Conflict "placement.unreviewed" without a first signature.
func (s *Service) Clear(ctx context.Context, actor account.Actor, id ID, v Validity) (*Placement, error) {
	if err := actor.Require("placement.clear"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if err := p.mayDecide(by, ActClear); err != nil {
			return err
		}
		switch p.Decision.Reviewed.By {
		case "":
			return fault.New(fault.Conflict, "placement.unreviewed")
		case by.actor.Account:
			return fault.New(fault.Forbidden, "four_eyes.same")
		}
		if err := s.inOrder(p, by); err != nil {
			return err
		}
		return p.clear(by, v)
	})
}

func (p *Placement) clear(by act, v Validity) error {
	v, err := p.checkValidity(v, ref.DateOf(by.now))
	if err != nil {
		return err
	}
	if err := p.move(by, ActClear, "", ""); err != nil {
		return err
	}
	seed := string(p.ID) + "/" + strconv.Itoa(len(p.Clearances)+1)
	p.Clearances = append(p.Clearances, Clearance{Number: ref.MakeReference(clearancePrefix, seed, by.now.Year(), 0),
		First: p.Decision.Reviewed, Second: Signature{By: by.actor.Account, At: by.now}, From: v.From, Until: v.Until})
	p.tellPerson(by, "placement.cleared")
	return nil
}

// checkValidity fills in and checks the days. No paper of the checklist may
// run out before the clearance does.
func (p *Placement) checkValidity(v Validity, today ref.Date) (Validity, error) {
	if !v.From.Known() {
		v.From = today
	}
	if !v.Until.Known() {
		v.Until = p.lastDay(v.From.AddDays(usualClearance))
	}
	var bad fault.List
	for _, day := range []struct {
		pointer string
		value   ref.Date
	}{{"/from", v.From}, {"/until", v.Until}} {
		_, err := ref.ParseDate(string(day.value))
		bad.Check(err == nil, day.pointer, "ref.date")
	}
	bad.Check(v.From >= today, "/from", "placement.clearance.past")
	bad.Check(v.Until >= v.From, "/until", "placement.clearance.order")
	bad.Check(v.Until <= v.From.AddDays(MaxClearance), "/until", "placement.clearance.long", strconv.Itoa(MaxClearance))
	bad.Check(v.Until <= p.lastDay(v.Until), "/until", "placement.clearance.paper")
	return v, bad.Err("placement.invalid")
}

// lastDay gives the day, or an earlier one on which a required paper runs out.
func (p *Placement) lastDay(day ref.Date) ref.Date {
	for _, i := range p.Checklist {
		if i.Required && i.Expires.Known() && i.Expires < day {
			day = i.Expires
		}
	}
	return day
}

// Clearance gives the clearance that counts: the last one. It may have been
// revoked; nil when there was none.
func (p *Placement) Clearance() *Clearance {
	if len(p.Clearances) == 0 {
		return nil
	}
	return &p.Clearances[len(p.Clearances)-1]
}

// Revoke takes a clearance back before departure; one official is enough, and
// the file is under review again.
func (s *Service) Revoke(ctx context.Context, actor account.Actor, id ID, g Grounds) (*Placement, error) {
	if err := actor.Require("placement.clear"); err != nil {
		return nil, err
	}
	if err := g.Check(ActRevoke); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if err := p.move(by, ActRevoke, g.Reason, g.Note); err != nil {
			return err
		}
		p.revoke(by, g.Reason)
		p.Decision = Decision{}
		p.tellPerson(by, "placement.revoked")
		return nil
	})
}

func (p *Placement) revoke(by act, reason string) {
	if c := p.Clearance(); c != nil && c.RevokedBy == "" {
		c.RevokedBy, c.RevokedAt, c.RevokedReason = by.actor.Account, by.now, reason
	}
}

// tellPerson asks for a message to the person the file is about. It says what
// happened and to which file, and nothing of its content.
func (p *Placement) tellPerson(by act, template string) {
	if p.Candidate == "" {
		return
	}
	p.Outbox.Add(string(p.ID), p.Rev, message.Notice{Recipient: string(p.Candidate), Template: template,
		Args: map[string]string{"reference": p.Reference}, At: by.now})
}
