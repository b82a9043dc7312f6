package placement

import (
	"context"
	"errors"
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/fault"
)

// actForget is the action of taking the person out of a file.
const actForget = "forget"

// Open reports whether something is still to come before the file can be kept
// without a name: the person has not left, or is abroad.
func (s State) Open() bool { return s.BeforeDeparture() || s.Abroad() }

// ForgetOne takes the person out of a file, which the ministry must be able to
// account for and so keeps without a name: the account, everything that people
// wrote about the person, the names and contents of papers and the insurance
// numbers go; states, dates, terms, costs and decisions stay. A file that
// still waits for a departure is cancelled first. Doing it twice changes
// nothing.
func (s *Service) ForgetOne(ctx context.Context, actor account.Actor, id ID, reason string) error {
	if actor.Role != account.System {
		return fault.New(fault.Forbidden, "auth.forbidden")
	}
	var contents []string
	by := act{actor, account.Moment(s.Now())}
	_, err := s.Store.Update(ctx, id, func(p *Placement) error {
		if p.forgotten() {
			return errAbandoned
		}
		if p.State.BeforeDeparture() {
			if err := p.cancel(by, abandonReason(application.ActClose), ""); err != nil {
				return err
			}
		}
		contents = p.forget()
		p.note(by, actForget, reason, "", "candidate", "documents", "notes")
		return nil
	})
	if errors.Is(err, errAbandoned) {
		return nil
	}
	if err != nil {
		return notFound(err)
	}
	for _, key := range contents { // what is left by a crash here, the sweep of blobs removes
		err = errors.Join(err, s.Blobs.Remove(ctx, key))
	}
	return err
}

func (p *Placement) forgotten() bool {
	return p.Candidate == "" && !slices.ContainsFunc(p.Documents, func(d Document) bool { return d.Blob != "" })
}

// forget empties what leads to the person, and gives the keys of the contents
// that belong to nobody any more.
func (p *Placement) forget() (contents []string) {
	p.Candidate, p.Outbox = "", nil
	for i := range p.Documents {
		d := &p.Documents[i]
		if d.Blob != "" {
			contents = append(contents, d.Blob)
		}
		d.Name, d.Blob = "", ""
	}
	for i := range p.Costs {
		p.Costs[i].Note = ""
	}
	for i := range p.History {
		p.History[i].Note = ""
	}
	for i := range p.Journey.CheckIns {
		p.Journey.CheckIns[i].Note = ""
	}
	for i := range p.Holds {
		p.Holds[i].Reason = ""
	}
	p.Decision.RefusalNote, p.Decision.Answer = "", ""
	p.Ending.forget()
	if p.Internship != nil && p.Internship.Evaluation != nil {
		p.Internship.Evaluation.Comment = ""
	}
	if p.Mission != nil {
		p.Mission.Report = ""
	}
	return contents
}

func (e *Ending) forget() {
	e.Note, e.HomeNote, e.RehireNote = "", "", ""
	for i := range e.Insurance {
		e.Insurance[i].Number = ""
	}
	if e.Case == nil {
		return
	}
	e.Case.Plan = ""
	for i := range e.Case.FollowUp {
		e.Case.FollowUp[i].Note = ""
	}
}
