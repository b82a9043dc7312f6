package offer

import (
	"slices"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// maxObjections bounds the objections kept on one offer.
const maxObjections = 100

// settle brings the state of an offer in force in line with its causes of
// suspension and its places; every step is one of the table.
func (o *Offer) settle() {
	for range 4 {
		action := ""
		switch full := o.FreePlaces() == 0; {
		case o.State == Filled && !full:
			action = ActFree
		case o.State == Suspended && len(o.Causes) == 0:
			action = ActReopen
		case o.State == Published && len(o.Causes) > 0:
			action = ActSuspend
		case o.State == Published && full:
			action = ActFill
		default:
			return
		}
		if o.step(action, account.System) != nil {
			return
		}
	}
}

// AddCause notes a cause of suspension; false when it was there already or the
// offer is not in force. A filled offer stays filled and becomes suspended if
// a place comes free.
func (o *Offer) AddCause(c Cause) bool {
	if !o.State.InForce() || slices.Contains(o.Causes, c) {
		return false
	}
	o.Causes = append(o.Causes, c)
	slices.Sort(o.Causes)
	o.settle()
	return true
}

// RemoveCause takes a cause away; false when it was not there or the offer is
// not in force.
func (o *Offer) RemoveCause(c Cause) bool {
	if !o.State.InForce() || !slices.Contains(o.Causes, c) {
		return false
	}
	o.Causes = slices.DeleteFunc(o.Causes, func(have Cause) bool { return have == c })
	o.settle()
	return true
}

// Suspend is one official's act. An offer suspended for another cause may be
// suspended for its own as well.
func (o *Offer) Suspend(act Act) error {
	already := o.State == Suspended && !slices.Contains(o.Causes, CauseOwn)
	if _, err := Transitions().Next(ActSuspend, o.State, act.By.Role); err != nil && !already {
		return err
	}
	o.AddCause(CauseOwn)
	o.SuspendedBy, o.ReopenedBy = act.By.Account, ""
	return nil
}

// Reopen takes two different officials: the first is noted, the second ends
// the offer's own cause of suspension. Other causes end only with what made
// them.
func (o *Offer) Reopen(act Act) (done bool, err error) {
	if _, err := Transitions().Next(ActReopen, o.State, act.By.Role); err != nil {
		return false, err
	}
	switch {
	case !slices.Contains(o.Causes, CauseOwn):
		return false, fault.New(fault.Conflict, "offer.reopen.other_cause")
	case o.wroteThis(act.By.Account), act.By.Account == o.ReopenedBy:
		return false, errFourEyes()
	case o.ReopenedBy == "":
		o.ReopenedBy = act.By.Account
		return false, nil
	}
	o.SuspendedBy, o.ReopenedBy = "", ""
	o.RemoveCause(CauseOwn)
	return true, nil
}

// end takes the offer to one of its final states; a next version on its way
// is dropped.
func (o *Offer) end(action string, act Act) error {
	if err := o.step(action, act.By.Role); err != nil {
		return err
	}
	if o.Frozen == nil {
		o.Current.State = o.State
	}
	o.Next, o.ClosedAt = nil, act.At
	return nil
}

// Close ends an offer that is in force.
func (o *Offer) Close(act Act) error { return o.end(ActClose, act) }

// Withdraw ends an offer at any time before it is closed.
func (o *Offer) Withdraw(act Act) error { return o.end(ActWithdraw, act) }

// Expire ends a published or suspended offer whose deadline has passed; before
// that it fails with Conflict.
func (o *Offer) Expire(act Act) error {
	if deadline := o.Terms().Deadline; !deadline.Known() || act.today() <= deadline {
		return fault.New(fault.Conflict, "offer.not_due")
	}
	return o.end(ActExpire, act)
}

// TakePlace gives a place to an application; taking it again changes nothing.
// It fails with Conflict when no place is free or the offer takes nobody. An
// expired offer takes no more applications, but who applied in time may still
// be selected.
func (o *Offer) TakePlace(application string) (changed bool, err error) {
	switch {
	case slices.Contains(o.Taken, application):
		return false, nil
	case o.FreePlaces() == 0:
		return false, fault.New(fault.Conflict, "offer.full")
	case o.State != Published && o.State != Expired:
		return false, fault.New(fault.Conflict, "offer.not_open")
	}
	o.Taken = append(o.Taken, application)
	o.settle()
	return true, nil
}

// FreePlace gives a place back; false when the application held none.
func (o *Offer) FreePlace(application string) bool {
	at := slices.Index(o.Taken, application)
	if at < 0 {
		return false
	}
	o.Taken = slices.Delete(slices.Clone(o.Taken), at, at+1)
	o.settle()
	return true
}

// Object notes an observer's objection to an offer in force, one per observer.
func (o *Offer) Object(by account.ID, at time.Time, d Decision) error {
	switch {
	case !o.State.InForce():
		return fault.New(fault.Conflict, "transition", fault.Field{Code: "transition.state", Args: []string{ActObject, string(o.State)}})
	case slices.ContainsFunc(o.Objections, func(have Objection) bool { return have.By == by }):
		return fault.New(fault.Conflict, "offer.objected")
	case len(o.Objections) >= maxObjections:
		return fault.New(fault.Exhausted, "offer.objections")
	}
	o.Objections = append(o.Objections, Objection{By: by, At: at, Reason: d.Reason, Note: d.Note})
	return nil
}
