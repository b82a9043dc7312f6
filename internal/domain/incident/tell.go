package incident

import (
	"slices"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/message"
)

// duty lists the institutions whose officials are told of every safety case.
func duty() []string { return []string{"ministry", "mission"} }

// onDuty gives the accounts of the officials who are told of a safety case, in
// order of their ids.
func (s *Service) onDuty() (officials []account.ID) {
	q := account.Query{Scope: account.Scope{All: true}, Role: account.Official, State: account.Active, Page: listing.Page{Limit: listing.MaxLimit}}
	for {
		page := s.Model.Accounts(q)
		for _, card := range page.Items {
			if slices.Contains(duty(), card.Institution) {
				officials = append(officials, card.ID)
			}
		}
		if page.Next == "" {
			slices.Sort(officials)
			return officials
		}
		q.Page.After = page.Next
	}
}

// alert asks for one message to each official on duty: that there is a safety
// case, and its reference. What it is about is read in the case. It follows
// note, whose revision names the messages.
func (i *Incident) alert(by act, officials []account.ID) {
	if !i.Safety {
		return
	}
	for _, official := range officials {
		i.Outbox.Add(string(i.ID), i.Rev, message.Notice{Recipient: string(official), Template: "incident.safety",
			Args: map[string]string{"reference": i.Reference}, At: by.now})
	}
}

// tellReporter asks for a message to a reporter with an account that something
// was said. It does not say about what: somebody else may hold the telephone.
func (i *Incident) tellReporter(by act, audience Audience) {
	if i.Reporter == "" || i.Reporter == by.actor.Account || audience == ForOfficials {
		return
	}
	i.Outbox.Add(string(i.ID), i.Rev, message.Notice{Recipient: string(i.Reporter), Template: "incident.answered", At: by.now})
}
