package placement

import (
	"context"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// Causes lists why work abroad ends early.
func Causes() []string {
	return []string{"employer_breach", "non_payment", "abuse", "illness", "accident", "death", "family",
		"dismissal", "resignation", "permit_end", "other"}
}

// endingAlerts tells which causes call for an incident, and of which category.
func endingAlerts() map[string]string {
	return map[string]string{
		"employer_breach": "contract_substitution", "non_payment": "wages", "abuse": "violence",
		"accident": "health_accident", "death": "health_accident",
	}
}

// End is what is stated when the work ends.
type End struct {
	On    ref.Date
	Early bool
	Cause string // of an early end, see Causes
	Note  string
}

// End notes the end of the work: as agreed, or early and then with its cause.
// Some causes open an incident.
func (s *Service) End(ctx context.Context, actor account.Actor, id ID, e End) (*Placement, error) {
	if err := actor.Require("placement.end"); err != nil {
		return nil, err
	}
	var whole *Placement
	p, err := s.change(ctx, actor, id, func(p *Placement, by act) error {
		whole = p
		return p.end(by, e)
	})
	if err != nil {
		return nil, err
	}
	for _, alert := range whole.Alerts() {
		if e.Early && alert.Incident == whole.alertID("ending") {
			s.tell(ctx, whole, alert)
		}
	}
	return p, nil
}

// MayFinish reports whether the work can end as agreed now. Until it has begun
// an end is early.
func (p *Placement) MayFinish() bool { return p.State == InPost || p.State == Transferred }

func (p *Placement) end(by act, e End) error {
	action, from := ActFinish, p.Journey.ArrivedOn
	if e.Early {
		action, from = ActEndEarly, p.Journey.DepartedOn
	}
	if _, err := Transitions().Next(action, p.State, by.actor.Role); err != nil {
		return err
	}
	var bad fault.List
	checkDay(&bad, "/on", e.On, from, ref.DateOf(by.now))
	bad.Check(!e.Early || has(Causes(), e.Cause), "/cause", "reason.unknown")
	bad.Check(e.Early || e.Cause == "", "/cause", "placement.cause.early_only")
	checkLength(&bad, "/note", e.Note, maxNote)
	if err := bad.Err("placement.invalid"); err != nil {
		return err
	}
	if err := p.move(by, action, e.Cause, ""); err != nil {
		return err
	}
	p.Ending.On, p.Ending.Cause, p.Ending.Note = e.On, e.Cause, e.Note
	p.Ending.By, p.Ending.Role, p.Ending.At = by.actor.Account, by.actor.Role, by.now
	return nil
}

// Outcome is what followed the work: Returned, Stayed or Renewed, since a day.
type Outcome struct {
	State State
	On    ref.Date
	Note  string
}

// outcomeAction gives the action that leads to an outcome; "" = no outcome.
func outcomeAction(s State) string {
	return map[State]string{Returned: ActComeHome, Stayed: ActStay, Renewed: ActRenew}[s]
}

// Conclude notes the homecoming, a stay, or a new contract with the same
// employer.
func (s *Service) Conclude(ctx context.Context, actor account.Actor, id ID, o Outcome) (*Placement, error) {
	if err := actor.Require("placement.end"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error { return p.conclude(by, o) })
}

func (p *Placement) conclude(by act, o Outcome) error {
	action := outcomeAction(o.State)
	if action == "" {
		return fault.New(fault.Invalid, "placement.invalid", fault.Field{Pointer: "/outcome", Code: "reason.unknown"})
	}
	if _, err := Transitions().Next(action, p.State, by.actor.Role); err != nil {
		return err
	}
	var bad fault.List
	checkDay(&bad, "/on", o.On, p.Journey.DepartedOn, ref.DateOf(by.now))
	checkLength(&bad, "/note", o.Note, maxNote)
	if err := bad.Err("placement.invalid"); err != nil {
		return err
	}
	if err := p.move(by, action, "", ""); err != nil {
		return err
	}
	p.Ending.HomeOn, p.Ending.HomeNote = o.On, o.Note
	return nil
}
