package offer

import (
	"slices"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// Act is who does something, and when.
type Act struct {
	By account.Actor
	At time.Time
}

// today is the UTC day of the act.
func (a Act) today() ref.Date { return ref.DateOf(a.At) }

// errFourEyes: this person wrote, coded, approved or first reopened it.
func errFourEyes() error { return fault.New(fault.Forbidden, "offer.four_eyes") }

// stepWorking takes the version under work one step on; an offer that has
// never been published goes with it.
func (o *Offer) stepWorking(action string, role account.Role) error {
	v := o.Working()
	to, err := Transitions().Next(action, v.State, role)
	if err != nil {
		return err
	}
	v.State = to
	if o.Next == nil {
		o.State = to
	}
	return nil
}

// step takes the offer itself one step on.
func (o *Offer) step(action string, role account.Role) error {
	to, err := Transitions().Next(action, o.State, role)
	if err == nil {
		o.State = to
	}
	return err
}

// Edit replaces the terms under work and names the members that changed. A
// draft stays a draft, an approved version goes back to draft, and of an offer
// in force a next version begins. Submitted and refused versions, and offers
// that are closed, withdrawn or expired, cannot be edited: Conflict.
func (o *Offer) Edit(act Act, terms Terms) (changed []string, err error) {
	changed = ChangedFields(o.Working().Terms, terms)
	if o.Next == nil && o.State.InForce() {
		o.Next = &Version{Number: o.Current.Number + 1, State: Draft}
	}
	if err := o.stepWorking(ActEdit, act.By.Role); err != nil {
		return nil, err
	}
	v := o.Working()
	v.Terms = terms
	v.ApprovedBy, v.ApprovedAt = "", time.Time{}
	v.addEditor(act.By.Account)
	return changed, nil
}

func (v *Version) addEditor(id account.ID) {
	if !slices.Contains(v.Editors, id) {
		v.Editors = append(v.Editors, id)
	}
}

// Submit hands the version to the officials. Blocking findings stop it.
func (o *Offer) Submit(act Act, findings []Finding) error {
	if err := o.stepWorking(ActSubmit, act.By.Role); err != nil {
		return err
	}
	v := o.Working()
	v.Findings, v.SubmittedBy, v.SubmittedAt = findings, act.By.Account, act.At
	return blockedBy(findings)
}

// blockedBy gives an Invalid fault that lists the blocking findings, or nil.
func blockedBy(findings []Finding) error {
	var bad fault.List
	for _, f := range findings {
		if f.Blocking {
			bad.Add(f.Pointer, f.Code, f.Args...)
		}
	}
	return bad.Err("offer.lint.blocked")
}

// wroteThis reports whether the person made the offer or wrote its terms.
func (o *Offer) wroteThis(id account.ID) bool {
	return id == o.CreatedBy || slices.Contains(o.Working().Editors, id)
}

// Return gives a submitted or approved version back to its agency.
func (o *Offer) Return(act Act, d Decision) error {
	if o.wroteThis(act.By.Account) {
		return errFourEyes()
	}
	if err := o.stepWorking(ActReturn, act.By.Role); err != nil {
		return err
	}
	v := o.Working()
	v.Reason, v.Note, v.ApprovedBy, v.ApprovedAt = d.Reason, d.Note, "", time.Time{}
	return nil
}

// Refuse refuses a submitted version; the agency may answer once.
func (o *Offer) Refuse(act Act, d Decision) error {
	if o.wroteThis(act.By.Account) {
		return errFourEyes()
	}
	if err := o.stepWorking(ActRefuse, act.By.Role); err != nil {
		return err
	}
	v := o.Working()
	v.Reason, v.Note = d.Reason, d.Note
	return nil
}

// Answer takes a refused version back to draft, once.
func (o *Offer) Answer(act Act, note string) error {
	v := o.Working()
	if v.State == Refused && v.Answered {
		return fault.New(fault.Conflict, "offer.answered")
	}
	if err := o.stepWorking(ActAnswer, act.By.Role); err != nil {
		return err
	}
	v.Answered, v.Answer = true, note
	return nil
}

// Approve is the first signature. Whoever made, wrote or coded the offer
// cannot give it: Forbidden.
func (o *Offer) Approve(act Act, findings []Finding) error {
	if o.wroteThis(act.By.Account) || slices.Contains(o.Source.Coders, act.By.Account) {
		return errFourEyes()
	}
	if err := o.stepWorking(ActApprove, act.By.Role); err != nil {
		return err
	}
	v := o.Working()
	v.Findings, v.ApprovedBy, v.ApprovedAt = findings, act.By.Account, act.At
	v.Reason, v.Note = "", ""
	return blockedBy(findings)
}

// Publish is the second signature, by somebody else than the first. It brings
// the version into force and freezes its terms; the places already held stay
// held. Causes other than the offer's own end, since agency, employer and
// corridor were found in order for the new terms.
func (o *Offer) Publish(act Act, findings []Finding) error {
	if o.wroteThis(act.By.Account) || slices.Contains(o.Source.Coders, act.By.Account) || act.By.Account == o.Working().ApprovedBy {
		return errFourEyes()
	}
	if err := o.stepWorking(ActPublish, act.By.Role); err != nil {
		return err
	}
	if err := blockedBy(findings); err != nil {
		return err
	}
	if o.Next != nil {
		o.Current, o.Next = *o.Next, nil
	}
	o.Current.Findings = findings
	old := o.Frozen
	o.Frozen = freeze(o.Current, act)
	o.replaced(old)
	o.Causes = slices.DeleteFunc(o.Causes, func(c Cause) bool { return c != CauseOwn })
	o.settle()
	return nil
}

// freeze makes the snapshot of a version at the moment of its publication.
func freeze(v Version, act Act) *Snapshot {
	s := &Snapshot{
		Version: v.Number, Terms: v.Terms, PublishedBy: act.By.Account, PublishedAt: act.At,
		SHA256: Digest(v.Terms), Warnings: Warnings(v.Findings),
	}
	s.PayCents, s.PayKnown = ref.NormalisedPay(v.Terms.Pay, v.Terms.HoursPerWeek, v.Terms.DaysPerWeek, act.today())
	if rate, ok := ref.RateOn(v.Terms.Pay.Currency, act.today()); ok && s.PayKnown {
		s.RateFrom = rate.From
	}
	return s
}
