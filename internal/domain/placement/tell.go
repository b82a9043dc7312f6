package placement

import (
	"context"
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/ref"
)

// members gives the accounts of an agency that can sign in, in order of their
// ids.
func (s *Service) members(of string) (ids []account.ID) {
	if of == "" {
		return nil
	}
	q := account.Query{Scope: account.Scope{All: true}, Role: account.Agency, State: account.Active, Agency: of, Page: listing.Page{Limit: listing.MaxLimit}}
	for {
		page := s.Model.Accounts(q)
		for _, card := range page.Items {
			ids = append(ids, card.ID)
		}
		if page.Next == "" {
			slices.Sort(ids)
			return ids
		}
		q.Page.After = page.Next
	}
}

// tellAgency asks for a message to each of these members of the agency; like
// tellPerson it says nothing of the file's content.
func (p *Placement) tellAgency(by act, template string, members []account.ID) {
	for _, member := range members {
		p.Outbox.Add(string(p.ID), p.Rev, message.Notice{Recipient: string(member), Template: template,
			Args: map[string]string{"reference": p.Reference}, At: by.now})
	}
}

// AskDue tells the people abroad whose check-in is due that it is, each once
// for each check-in. A job calls it; failures are returned together and the
// others go on.
func (s *Service) AskDue(ctx context.Context) (asked int, err error) {
	today := ref.DateOf(s.Now())
	return s.each(func(c *Card) bool {
		return c.Abroad.CheckInDue.Known() && c.Abroad.CheckInDue <= today && !c.Abroad.Asked
	},
		func(id ID) (bool, error) { return s.askDue(ctx, id, today) })
}

func (s *Service) askDue(ctx context.Context, id ID, today ref.Date) (bool, error) {
	by := act{account.SystemActor(), account.Moment(s.Now())}
	_, err := s.Store.Update(ctx, id, func(p *Placement) error {
		next := p.nextCheckIn()
		if !p.State.Abroad() || next == nil || next.Due > today || !next.AskedAt.IsZero() {
			return errNothing
		}
		next.AskedAt = by.now
		p.record(by, "check_in_due", "", "journey")
		p.tellPerson(by, "placement.check_in")
		return nil
	})
	if isNothing(err) {
		return false, nil
	}
	return err == nil, notFound(err)
}
