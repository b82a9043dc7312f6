package placement

import (
	"context"
	"strconv"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// maxMoves bounds how often one file can be transferred.
const maxMoves = 20

// TransferRequest asks for another employer or post.
type TransferRequest struct {
	Terms    offer.Terms // Terms.Employer is an accredited employer
	Language ref.Language
	Document string // id of an uploaded paper of this file; may be empty
	SignedOn ref.Date
}

// TransferMatter names what a person's code for a transfer is good for.
func TransferMatter(id ID, contract int) string {
	return "placement/" + string(id) + "/transfer/" + strconv.Itoa(contract)
}

// TransferReasons lists why a transfer is turned down.
func TransferReasons() []string {
	return []string{"worse_terms", "employer", "not_wanted", "corridor", "incomplete", "other"}
}

// Transfer asks for a transfer: the new terms are compared with the frozen
// offer, the person consents with a code, an official decides.
func (s *Service) Transfer(ctx context.Context, actor account.Actor, id ID, r TransferRequest) (*Placement, error) {
	if err := actor.Require("placement.transfer"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if _, err := Transitions().Next(ActTransfer, p.State, by.actor.Role); err != nil {
			return err
		}
		if err := s.transferable(p, r); err != nil {
			return err
		}
		return p.askTransfer(by, r)
	})
}

// transferable checks what the read model knows of the new post.
func (s *Service) transferable(p *Placement, r TransferRequest) error {
	var bad fault.List
	e, known := s.Model.EmployerCard(employer.ID(r.Terms.Employer))
	bad.Check(known && e.State == employer.Accredited, "/employer", "placement.employer.not_accredited")
	bad.Check(r.Terms.Country == p.Country, "/country", "placement.transfer.country")
	bad.Check(len(p.Journey.Transfers) < maxMoves, "", "too_many", strconv.Itoa(maxMoves))
	if err := bad.Err("placement.invalid"); err != nil {
		return err
	}
	draft := Draft{p.contractTerms(r.Terms), r.Language, r.Document, r.SignedOn}
	if err := p.checkDraft(draft, ref.DateOf(s.Now())); err != nil {
		return err
	}
	return s.destinationOpen(p.road())
}

func (p *Placement) askTransfer(by act, r TransferRequest) error {
	if err := p.move(by, ActTransfer, "", ""); err != nil {
		return err
	}
	from := p.workplace()
	r.Terms = p.contractTerms(r.Terms)
	p.addCompared(by, Contract{Stage: Transfer, Terms: r.Terms, Language: r.Language, Document: r.Document, SignedOn: r.SignedOn})
	p.Journey.Transfers = append(p.Journey.Transfers, Move{
		Contract: len(p.Contracts), From: from, Employer: r.Terms.Employer, Asked: Signature{by.actor.Account, by.now},
	})
	return nil
}

// workplace gives the employer the person works for now.
func (p *Placement) workplace() string {
	for i := len(p.Journey.Transfers) - 1; i >= 0; i-- {
		if m := &p.Journey.Transfers[i]; m.Approved {
			return m.Employer
		}
	}
	return p.Employer
}

// SendTransferCode sends the person the code to consent with.
func (s *Service) SendTransferCode(ctx context.Context, actor account.Actor, id ID) error {
	if err := actor.Require("placement.accept"); err != nil {
		return err
	}
	matter, err := s.transferMatter(ctx, actor, id)
	if err != nil {
		return err
	}
	return s.Codes.Send(ctx, actor.Account, matter)
}

// transferMatter names the transfer that waits for the person's consent.
func (s *Service) transferMatter(ctx context.Context, actor account.Actor, id ID) (string, error) {
	p, err := s.Store.Get(ctx, id)
	if err != nil {
		return "", notFound(err)
	}
	if !p.concerns(actor) {
		return "", absent()
	}
	m, err := p.openTransfer()
	if err != nil {
		return "", err
	}
	return TransferMatter(id, m.Contract), nil
}

// openTransfer gives the transfer that is asked for and not decided.
func (p *Placement) openTransfer() (*Move, error) {
	last := len(p.Journey.Transfers) - 1
	if p.State != Transferred || last < 0 || p.Journey.Transfers[last].Decided.By != "" {
		return nil, fault.New(fault.Conflict, "placement.transfer.none")
	}
	return &p.Journey.Transfers[last], nil
}

// ConsentToTransfer is the person's consent, with the code sent for it.
func (s *Service) ConsentToTransfer(ctx context.Context, actor account.Actor, id ID, code string) (*Placement, error) {
	if err := actor.Require("placement.accept"); err != nil {
		return nil, err
	}
	matter, err := s.transferMatter(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if err := s.Codes.Spend(ctx, actor.Account, matter, code); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error { return p.consent(by, matter) })
}

// consent notes the consent to the transfer the code was for.
func (p *Placement) consent(by act, matter string) error {
	m, err := p.openTransfer()
	if err != nil {
		return err
	}
	if TransferMatter(p.ID, m.Contract) != matter || !m.Consented.IsZero() {
		return fault.New(fault.Conflict, "placement.transfer.none")
	}
	m.Consented = by.now
	for i := range p.Contracts {
		if p.Contracts[i].Number == m.Contract {
			p.Contracts[i].AcceptedAt = by.now
		}
	}
	p.note(by, "consent_transfer", "", "", "journey")
	return nil
}

// ApproveTransfer lets the transfer take place, once the person has consented.
func (s *Service) ApproveTransfer(ctx context.Context, actor account.Actor, id ID) (*Placement, error) {
	if err := actor.Require("placement.review"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		m, err := p.openTransfer()
		if err != nil {
			return err
		}
		if m.Consented.IsZero() {
			return fault.New(fault.Conflict, "placement.transfer.consent")
		}
		if err := s.employerInOrder(m.Employer); err != nil {
			return err
		}
		if err := s.destinationOpen(p.road()); err != nil {
			return err
		}
		return p.decideTransfer(by, ActApproveTransfer, "", "")
	})
}

// RejectTransfer is the person's or an official's no, for a reason. The work
// goes on where it was, and a hold the new terms caused falls with them.
func (s *Service) RejectTransfer(ctx context.Context, actor account.Actor, id ID, reason, note string) (*Placement, error) {
	if err := actor.Require("placement.state"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error {
		if _, err := Transitions().Next(ActRejectTransfer, p.State, by.actor.Role); err != nil {
			return err
		}
		var bad fault.List
		bad.Check(has(TransferReasons(), reason), "/reason", "reason.unknown")
		checkLength(&bad, "/note", note, maxNote)
		if err := bad.Err("placement.invalid"); err != nil {
			return err
		}
		return p.decideTransfer(by, ActRejectTransfer, reason, note)
	})
}

func (p *Placement) decideTransfer(by act, action, reason, note string) error {
	m, err := p.openTransfer()
	if err != nil {
		return err
	}
	if err := p.move(by, action, reason, note); err != nil {
		return err
	}
	m.Decided, m.Approved, m.Reason = Signature{by.actor.Account, by.now}, action == ActApproveTransfer, reason
	if !m.Approved {
		p.drop(HoldSubstitution, contractSource(m.Contract))
	}
	return nil
}
