package incident

import (
	"context"
	"strconv"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// Triage is the first look at a case.
type Triage struct {
	Category   string
	Indicators []string
	Safety     bool // somebody's safety is at stake whatever the lists say
}

// Triage states what the case is about; the official who does so is in charge.
// Safety is derived anew and never falls.
func (s *Service) Triage(ctx context.Context, actor account.Actor, id ID, t Triage) (*Incident, error) {
	if err := actor.Require("incident.decide"); err != nil {
		return nil, err
	}
	var bad fault.List
	bad.Check(contains(Categories(), t.Category), "/category", "reason.unknown")
	checkIndicators(&bad, t.Indicators)
	if err := bad.Err("incident.invalid"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(i *Incident, by act) error {
		if err := i.move(by, ActTriage, ""); err != nil {
			return err
		}
		i.Category, i.Indicators, i.Owner = t.Category, t.Indicators, actor.Account
		if !i.Safety && (t.Safety || Safety(t.Category, t.Indicators)) {
			i.Safety = true
			i.alert(by, s.onDuty())
		}
		return nil
	})
}

// Answer adds a word: an official's to an audience, with which work on a
// triaged case begins; an agency's, on a case it sees, to all.
func (s *Service) Answer(ctx context.Context, actor account.Actor, id ID, words string, audience Audience) (*Incident, error) {
	if err := actor.Require("incident.answer"); err != nil {
		return nil, err
	}
	words = strings.TrimSpace(words)
	var bad fault.List
	bad.Check(words != "", "/text", "required")
	checkText(&bad, "/text", words)
	bad.Check(audience == ForAll || actor.Role == account.Official && (audience == ForReporter || audience == ForOfficials), "/audience", "reason.unknown")
	if err := bad.Err("incident.invalid"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(i *Incident, by act) error { return i.answer(by, words, audience) })
}

func (i *Incident) answer(by act, words string, audience Audience) error {
	switch {
	case i.State.Closed(), i.State.Untriaged() && by.actor.Role == account.Official && audience != ForOfficials:
		return fault.New(fault.Conflict, "transition")
	case len(i.Entries) >= maxEntries:
		return fault.New(fault.Conflict, "incident.full")
	}
	mine := by.actor.Account == i.Reporter
	i.Entries = append(i.Entries, Entry{At: by.now, By: by.actor.Account, Role: by.actor.Role, Reporter: mine, Audience: audience, Text: words})
	i.note(by, "answer", string(audience), "entries")
	i.tellReporter(by, audience)
	if i.State == Triaged && by.actor.Role == account.Official {
		return i.move(by, ActTakeOn, "")
	}
	return nil
}

// Handover refers a case to a partner.
type Handover struct {
	Partner   string // see Kinds
	Country   ref.Country
	Consented bool // the person agreed
	Note      string
}

// maxReferrals bounds the referrals of one case.
const maxReferrals = 50

// Refer hands the case over to a partner of a country.
func (s *Service) Refer(ctx context.Context, actor account.Actor, id ID, h Handover) (*Incident, error) {
	if err := actor.Require("incident.decide"); err != nil {
		return nil, err
	}
	var bad fault.List
	bad.Check(contains(Kinds(), h.Partner), "/partner", "reason.unknown")
	bad.Check(h.Country != "" && len(Partners(h.Country)) > 0, "/country", "required")
	checkText(&bad, "/note", h.Note)
	if err := bad.Err("incident.invalid"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(i *Incident, by act) error {
		if len(i.Referrals) >= maxReferrals {
			return fault.New(fault.Invalid, "incident.invalid", fault.Field{Pointer: "", Code: "too_many", Args: []string{strconv.Itoa(maxReferrals)}})
		}
		if err := i.move(by, ActRefer, h.Partner); err != nil {
			return err
		}
		i.Referrals = append(i.Referrals, Referral{Partner: h.Partner, Country: h.Country, Consented: h.Consented, Note: h.Note, At: by.now, By: by.actor.Account})
		return nil
	})
}

// Close ends a case as Resolved or Unfounded, for a reason. What holds the
// placement is released apart, by two officials.
func (s *Service) Close(ctx context.Context, actor account.Actor, id ID, as State, outcome, note string) (*Incident, error) {
	if err := actor.Require("incident.decide"); err != nil {
		return nil, err
	}
	action := map[State]string{Resolved: ActResolve, Unfounded: ActDismiss}[as]
	var bad fault.List
	bad.Check(action != "", "/state", "reason.unknown")
	bad.Check(action == "" || contains(Outcomes(as), outcome), "/reason", "reason.unknown")
	bad.Check(outcome != Other || strings.TrimSpace(note) != "", "/note", "required")
	checkText(&bad, "/note", note)
	if err := bad.Err("incident.invalid"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(i *Incident, by act) error {
		if err := i.move(by, action, outcome); err != nil {
			return err
		}
		i.Outcome, i.Closing = outcome, note
		return nil
	})
}

// Reopen takes a closed case up again; the triage clock starts anew.
func (s *Service) Reopen(ctx context.Context, actor account.Actor, id ID) (*Incident, error) {
	if err := actor.Require("incident.decide"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(i *Incident, by act) error {
		if err := i.move(by, ActReopen, ""); err != nil {
			return err
		}
		i.TriageDue, i.Outcome, i.Closing = by.now.Add(triageWithin), "", ""
		return nil
	})
}
