package placement

import (
	"context"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// ClearanceMark is a clearance on a card: what anybody who holds its number may
// be told.
type ClearanceMark struct {
	Number      string
	From, Until ref.Date
	Revoked     bool
}

// marks gives the clearances of a file, oldest first.
func (p *Placement) marks() (marks []ClearanceMark) {
	for _, c := range p.Clearances {
		marks = append(marks, ClearanceMark{c.Number, c.From, c.Until, !c.RevokedAt.IsZero()})
	}
	return marks
}

// ClearanceAnswer is what a check of a clearance's number says.
type ClearanceAnswer string

// The answers.
const (
	ClearanceValid     ClearanceAnswer = "valid"     // the person may leave today
	ClearanceEarly     ClearanceAnswer = "early"     // its first day is still to come
	ClearanceOver      ClearanceAnswer = "over"      // its last day has passed
	ClearanceSuspended ClearanceAnswer = "suspended" // the file is held, or its road is shut
	ClearanceRevoked   ClearanceAnswer = "revoked"   // it was taken back, or the departure cancelled
	ClearanceUsed      ClearanceAnswer = "used"      // the person has left on it
)

// ClearanceAnswers lists every answer.
func ClearanceAnswers() []ClearanceAnswer {
	return []ClearanceAnswer{ClearanceValid, ClearanceEarly, ClearanceOver, ClearanceSuspended, ClearanceRevoked, ClearanceUsed}
}

// Standing is what anybody may know of a clearance whose number they hold. It
// names nobody but the agency.
type Standing struct {
	Number      string
	Answer      ClearanceAnswer
	From, Until ref.Date
	Country     ref.Country
	AgencyName  string
}

// ParseClearance reads a clearance's number as people write it: any case,
// spaces for hyphens, O for 0 and I or L for 1. It fails with Invalid
// "placement.clearance.malformed" or, when the check character does not fit,
// "placement.clearance.check".
func ParseClearance(s string) (string, error) {
	plain := strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(strings.ToUpper(strings.TrimSpace(s)))
	malformed := fault.New(fault.Invalid, "placement.clearance.malformed")
	if len(plain) != len(clearancePrefix)+4+6 || !strings.HasPrefix(plain, clearancePrefix) {
		return "", malformed
	}
	rest := strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(plain[len(clearancePrefix):])
	number := clearancePrefix + "-" + rest[:4] + "-" + rest[4:]
	switch {
	case !ref.ReferenceForm(clearancePrefix, number):
		return "", malformed
	case !ref.ValidReference(clearancePrefix, number):
		return "", fault.New(fault.Invalid, "placement.clearance.check")
	}
	return number, nil
}

// Told answers for the number of a clearance: Invalid for one that is none,
// NotFound for one that was never given.
func (s *Service) Told(_ context.Context, actor account.Actor, number string) (Standing, error) {
	if err := actor.Require("clearance.check"); err != nil {
		return Standing{}, err
	}
	normal, err := ParseClearance(number)
	if err != nil {
		return Standing{}, err
	}
	var found *Standing
	s.Model.EachPlacement(func(c *Card) bool {
		for i, m := range c.Clearances {
			if m.Number == normal {
				found = &Standing{Number: m.Number, From: m.From, Until: m.Until, Country: c.Country, Answer: s.answer(c, m, i == len(c.Clearances)-1)}
				if a, ok := s.Model.AgencyCard(agency.ID(c.Agency)); ok {
					found.AgencyName = a.Name
				}
			}
		}
		return found == nil
	})
	if found == nil {
		return Standing{}, absent()
	}
	return *found, nil
}

// answer judges a clearance today; an earlier one of the file no longer counts.
func (s *Service) answer(c *Card, m ClearanceMark, last bool) ClearanceAnswer {
	today := ref.DateOf(s.Now())
	switch {
	case m.Revoked, !last, c.State == Cancelled:
		return ClearanceRevoked
	case c.State != Cleared:
		return ClearanceUsed
	case len(c.Holds) > 0 || s.roadOpen(road{c.Country, c.Kind, c.Occupation, c.Agency, c.Employer}) != nil:
		return ClearanceSuspended
	case m.From > today:
		return ClearanceEarly
	case m.Until < today:
		return ClearanceOver
	}
	return ClearanceValid
}
