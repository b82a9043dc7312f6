package placement

import (
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/ref"
)

// advance takes every step that follows by itself from a change, in the same
// write: the trainee's signature, and the take-up of work once the contract
// found on arrival holds what the offer promised and nothing holds the file.
func (p *Placement) advance(by act) error {
	system := act{account.SystemActor(), by.now}
	p.signConvention()
	if err := p.complete(system); err != nil {
		return err
	}
	return p.takeUp(system)
}

// takeUp notes that work has begun: the contract found on arrival was stated
// and compared, and no hold stands.
func (p *Placement) takeUp(system act) error {
	if p.State != Arrived || p.Held() || p.latest(OnArrival) == nil {
		return nil
	}
	return p.move(system, ActTakeUp, "", "")
}

// latest gives the contract of a stage that was stated last; nil = none.
func (p *Placement) latest(stage Stage) *Contract {
	for i := len(p.Contracts) - 1; i >= 0; i-- {
		if p.Contracts[i].Stage == stage {
			return &p.Contracts[i]
		}
	}
	return nil
}

// signConvention makes the acceptance of the contract the trainee's signature
// under the tripartite convention.
func (p *Placement) signConvention() {
	if p.Internship == nil || p.Internship.TraineeSigned.Known() {
		return
	}
	if c := p.latest(Proposed); c != nil && !c.AcceptedAt.IsZero() {
		p.Internship.TraineeSigned = ref.DateOf(c.AcceptedAt)
	}
}
