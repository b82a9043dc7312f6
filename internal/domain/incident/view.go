package incident

import "passerelle/internal/domain/account"

// shownTo gives a copy as far as the actor may know it: officials see the case
// and not who reported it, the reporter what was said to all and to the
// reporter, the agency what was said to all and, where the report was not to be
// kept from it, the report, the side it came from and the words it was closed
// with.
func (i *Incident) shownTo(actor account.Actor) *Incident {
	switch {
	case actor.Account != "" && actor.Account == i.Reporter:
		return i.shownToReporter()
	case actor.Role == account.Official:
		shown := i.bare()
		shown.Entries, shown.Referrals = hidden(i.Entries, func(Entry) bool { return true }), i.Referrals
		shown.History = unnamed(i.History, i.Reporter)
		return shown
	}
	return i.shownToAgency()
}

// cut takes out of a card what its reader may not know: who reported it but
// oneself, and for all but officials who is in charge and where it came from.
func (c *Card) cut(actor account.Actor) {
	if c.Reporter != actor.Account {
		c.Reporter = ""
	}
	if actor.Role != account.Official {
		c.Owner, c.Source = "", ""
	}
}

// bare gives the case without what only some may know.
func (i *Incident) bare() *Incident {
	shown := *i
	shown.Reporter, shown.Next, shown.Last, shown.Pending, shown.Outbox = "", "", "", nil, nil
	shown.Entries, shown.Referrals, shown.History = nil, nil, nil
	return &shown
}

func (i *Incident) shownToReporter() *Incident {
	shown := i.bare()
	shown.Reporter = i.Reporter
	shown.Entries = hidden(i.Entries, func(e Entry) bool { return e.Reporter || e.Audience != ForOfficials })
	shown.Referrals = append([]Referral(nil), i.Referrals...)
	for n := range shown.Referrals {
		shown.Referrals[n].By = ""
	}
	shown.History = steps(i.History)
	shown.Owner = ""
	return shown
}

func (i *Incident) shownToAgency() *Incident {
	shown := i.bare()
	shown.Entries = hidden(i.Entries, func(e Entry) bool { return e.Audience == ForAll && !(e.Reporter && i.Discreet) })
	shown.History = steps(i.History)
	shown.Owner = ""
	if i.Discreet {
		shown.Description, shown.Source, shown.Indicators, shown.Closing = "", "", nil, ""
		shown.History = unsided(shown.History)
	}
	return shown
}

// hidden gives the entries that pass, without the accounts behind them.
func hidden(entries []Entry, pass func(Entry) bool) []Entry {
	var out []Entry
	for _, e := range entries {
		if pass(e) {
			e.By = ""
			out = append(out, e)
		}
	}
	return out
}

// unnamed gives the history without the reporter's account.
func unnamed(history []Event, reporter account.ID) []Event {
	out := append([]Event(nil), history...)
	for n := range out {
		if out[n].By == reporter {
			out[n].By = ""
		}
	}
	return out
}

// unsided gives the history without the side that reported: of a file that
// names one person, the side is the person.
func unsided(history []Event) []Event {
	out := append([]Event(nil), history...)
	for n := range out {
		if out[n].Role != account.Official && out[n].Role != account.System {
			out[n].Role = ""
		}
	}
	return out
}

// steps gives the history without the accounts behind it, and without the
// answers that only some may read.
func steps(history []Event) []Event {
	var out []Event
	for _, e := range history {
		if e.Reason == string(ForOfficials) || e.Reason == string(ForReporter) {
			continue
		}
		e.By = ""
		out = append(out, e)
	}
	return out
}
