package placement

import (
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// register is a read model of cards alone.
type register struct {
	Directory
	cards  []Card
	agency agency.State
	way    *corridor.Corridor
}

// EmployerCard knows one that is accredited and one that is no longer.
func (r register) EmployerCard(id employer.ID) (employer.Card, bool) {
	state := map[employer.ID]employer.State{"emp_1": employer.Accredited, "emp_2": employer.Barred}[id]
	return employer.Card{State: state}, state != ""
}

func (r register) EachPlacement(see func(*Card) bool) {
	for i := range r.cards {
		if !see(&r.cards[i]) {
			return
		}
	}
}

func (r register) AgencyCard(agency.ID) (agency.Card, bool) {
	return agency.Card{Name: "Sahel Emploi", State: r.agency}, r.agency != ""
}

func (r register) Corridor(corridor.Code) (*corridor.Corridor, bool) { return r.way, r.way != nil }

// TestTold: a number is answered with how the clearance stands today, and with
// nothing about the person.
func TestTold(t *testing.T) {
	number, second := ref.MakeReference(clearancePrefix, "pla_1/1", 2026, 0), ref.MakeReference(clearancePrefix, "pla_1/2", 2026, 0)
	good := ClearanceMark{Number: number, From: "2026-11-01", Until: "2026-11-30"}
	early, over, revoked, today := good, good, good, ClearanceMark{Number: number, From: "2026-11-21", Until: "2026-11-21"}
	early.From, over.Until, revoked.Revoked = "2026-11-22", "2026-11-20", true
	open, shut := &corridor.Corridor{}, &corridor.Corridor{Suspensions: []corridor.Suspension{{}}}
	for _, tc := range []struct {
		name  string
		card  Card
		state agency.State
		way   *corridor.Corridor
		want  ClearanceAnswer
	}{
		{"employer in order", Card{State: Cleared, Country: "ES", Employer: "emp_1", Clearances: []ClearanceMark{good}}, agency.Active, open, ClearanceValid},
		{"employer barred", Card{State: Cleared, Country: "ES", Employer: "emp_2", Clearances: []ClearanceMark{good}}, agency.Active, open, ClearanceSuspended},
		{"agency unknown", Card{State: Cleared, Country: "ES", Clearances: []ClearanceMark{good}}, "", open, ClearanceSuspended},
		{"good", Card{State: Cleared, Country: "ES", Clearances: []ClearanceMark{good}}, agency.Active, open, ClearanceValid},
		{"to Mali", Card{State: Cleared, Country: ref.Mali, Clearances: []ClearanceMark{good}}, agency.Active, nil, ClearanceValid},
		{"early", Card{State: Cleared, Country: "ES", Clearances: []ClearanceMark{early}}, agency.Active, open, ClearanceEarly},
		{"its one day", Card{State: Cleared, Country: "ES", Clearances: []ClearanceMark{today}}, agency.Active, open, ClearanceValid},
		{"over", Card{State: Cleared, Country: "ES", Clearances: []ClearanceMark{over}}, agency.Active, open, ClearanceOver},
		{"held", Card{State: Cleared, Country: "ES", Holds: []HoldKind{HoldSafety}, Clearances: []ClearanceMark{good}}, agency.Active, open, ClearanceSuspended},
		{"corridor shut", Card{State: Cleared, Country: "ES", Clearances: []ClearanceMark{good}}, agency.Active, shut, ClearanceSuspended},
		{"agency suspended", Card{State: Cleared, Country: "ES", Clearances: []ClearanceMark{good}}, agency.Suspended, open, ClearanceSuspended},
		{"revoked", Card{State: UnderReview, Country: "ES", Clearances: []ClearanceMark{revoked}}, agency.Active, open, ClearanceRevoked},
		{"replaced", Card{State: Cleared, Country: "ES", Clearances: []ClearanceMark{good, {Number: second}}}, agency.Active, open, ClearanceRevoked},
		{"cancelled", Card{State: Cancelled, Country: "ES", Clearances: []ClearanceMark{good}}, agency.Active, open, ClearanceRevoked},
		{"used", Card{State: Departed, Country: "ES", Clearances: []ClearanceMark{good}}, agency.Active, open, ClearanceUsed},
	} {
		s := NewService(Deps{Model: register{cards: []Card{{ID: "pla_0"}, tc.card}, agency: tc.state, way: tc.way}, Now: func() time.Time { return time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC) }})
		got, err := s.Told(t.Context(), account.Actor{}, " "+number[:3]+number[4:8]+" "+number[9:]+" ")
		if err != nil || got.Answer != tc.want || got.Number != number || got.AgencyName != "Sahel Emploi" && tc.state != "" {
			t.Errorf("%s: %+v %v", tc.name, got, err)
		}
		if _, err := s.Told(t.Context(), account.Actor{}, "x"); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: no number: %v", tc.name, err)
		}
		if _, err := s.Told(t.Context(), account.Actor{}, ref.MakeReference(clearancePrefix, "another", 2026, 0)); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: an unknown number: %v", tc.name, err)
		}
	}
	for typed, code := range map[string]string{"": "placement.clearance.malformed", "AUT-2026": "placement.clearance.malformed", "OFF-2026-7K3Q9D": "placement.clearance.malformed", "AUT-2026-000000": "placement.clearance.check"} {
		if _, err := ParseClearance(typed); fault.Of(err) == nil || fault.Of(err).Code != code {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

// TestACardTellsWhatIsRevoked of each clearance, oldest first.
func TestACardTellsWhatIsRevoked(t *testing.T) {
	p := &Placement{Clearances: []Clearance{{Number: "a", From: "2026-11-01", Until: "2026-11-30", RevokedAt: time.Unix(1, 0)}, {Number: "b"}}}
	got := CardOf(p, Calendar{}, time.Unix(2, 0)).Clearances
	if len(got) != 2 || got[0] != (ClearanceMark{"a", "2026-11-01", "2026-11-30", true}) || got[1] != (ClearanceMark{Number: "b"}) {
		t.Errorf("%+v", got)
	}
}
