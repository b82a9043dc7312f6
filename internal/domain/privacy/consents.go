package privacy

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/profile"
)

// ConsentLine is one line of the ledger of consents as the data protection
// authority gets it: ids, codes and a moment, and nothing about the person.
type ConsentLine struct {
	Profile profile.ID
	Account account.ID // empty for a person without account
	Purpose string     // see profile.Purposes
	For     []string   // codes of the lines of the register that rest on this consent
	Given   bool
	Version string // of the wording
	At      time.Time
	Channel string
	By      account.ID // who noted it: the person or the official
}

// Consents gives the whole ledger of consents, in order of time, for the data
// protection authority, to those who may read the audit log. It is noted there
// first, with the number of lines. What was erased is not in it.
func (s *Service) Consents(ctx context.Context, actor account.Actor) ([]ConsentLine, error) {
	if err := actor.Require("audit.read"); err != nil {
		return nil, err
	}
	if err := s.Quotas.Spend(ctx, actor, account.TakeAway, ""); err != nil {
		return nil, err
	}
	var lines []ConsentLine
	err := s.EachProfile(ctx, func(p *profile.Profile) error {
		for _, c := range p.Consents {
			lines = append(lines, ConsentLine{Profile: p.ID, Account: p.Owner, Purpose: c.Purpose, For: restingOn(c.Purpose),
				Given: c.Given, Version: c.Version, At: c.At, Channel: c.Channel, By: c.By})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(lines, func(a, b ConsentLine) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(string(a.Profile), string(b.Profile)), strings.Compare(a.Purpose, b.Purpose))
	})
	return lines, s.Recorder.Record(ctx, audit.Entry{Actor: string(actor.Account), Role: string(actor.Role), Origin: actor.Origin,
		Action: "consent.export", Subject: "consents", Count: int64(len(lines))})
}

// restingOn names the processing that a consent allows.
func restingOn(purpose string) (codes []string) {
	for _, p := range Register() {
		if p.Consent == purpose {
			codes = append(codes, p.Code)
		}
	}
	return codes
}
