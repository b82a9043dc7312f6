package incident_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/lifecycle/lifecycletest"
)

// TestOnlyWhoMayActsOnACase: a role that may not do a thing is told so whatever
// the case, a stranger of a role that may finds no such case, and neither
// changes it. covers AZ-01
func TestOnlyWhoMayActsOnACase(t *testing.T) {
	d := newDesk(t)
	id := d.file(person, func(r *incident.Report) { r.Placement, r.Discreet = "pla_1", false }).ID
	before := string(d.cases.Docs[id])
	one := func(_ *incident.Incident, err error) error { return err }
	for name, door := range map[string]struct {
		roles string
		enter func(context.Context, account.Actor) error
	}{
		"List": {"cao", func(ctx context.Context, who account.Actor) error {
			page, err := d.List(ctx, who, incident.Query{Scope: incident.Scope{All: true}})
			if err == nil && page.Total == 0 {
				return fault.New(fault.NotFound, "none")
			}
			return err
		}},
		"Get": {"cao", func(ctx context.Context, who account.Actor) error { return one(d.Get(ctx, who, id)) }},
		"Answer": {"ao", func(ctx context.Context, who account.Actor) error {
			return one(d.Answer(ctx, who, id, "Bonjour", incident.ForAll))
		}},
		"Triage": {"o", func(ctx context.Context, who account.Actor) error {
			return one(d.Triage(ctx, who, id, incident.Triage{Category: "wages"}))
		}},
		"Refer": {"o", func(ctx context.Context, who account.Actor) error {
			return one(d.Refer(ctx, who, id, incident.Handover{Partner: incident.Consulate, Country: "ES"}))
		}},
		"Close": {"o", func(ctx context.Context, who account.Actor) error {
			return one(d.Close(ctx, who, id, incident.Resolved, "paid", ""))
		}},
		"Reopen": {"o", func(ctx context.Context, who account.Actor) error { return one(d.Reopen(ctx, who, id)) }},
	} {
		letters := map[account.Role]string{account.Candidate: "c", account.Agency: "a", account.Official: "o"}
		for _, who := range []account.Actor{nobody, person, bureau, officialA, stranger, rival, {Account: "acc_admin", Role: account.Admin}, {Account: "acc_observer", Role: account.Observer}} {
			letter := letters[who.Role]
			allowed, foreign := letter != "" && strings.Contains(door.roles, letter), who.Account == stranger.Account || who.Account == rival.Account
			err := door.enter(t.Context(), who)
			switch {
			case !who.SignedIn() && !fault.Is(err, fault.Unauthenticated), who.SignedIn() && !allowed && !fault.Is(err, fault.Forbidden),
				allowed && foreign != fault.Is(err, fault.NotFound), allowed && fault.Is(err, fault.Forbidden):
				t.Errorf("%s by %s %s: %v", name, who.Role, who.Account, err)
			}
			if (!allowed || foreign) && string(d.cases.Docs[id]) != before {
				t.Errorf("%s by %s %s changed the case", name, who.Role, who.Account)
			}
			d.cases.Docs[id] = []byte(before)
		}
	}
}

func (d *desk) wantField(err error, pointer, code string) {
	d.t.Helper()
	if !lifecycletest.IsField(err, pointer, code) {
		d.t.Fatalf("got %v, want the field %s %s", err, pointer, code)
	}
}

// TestAReportNamesOnlyOnesOwnFile: nobody drags a stranger’s placement into a
// case, and an anonymous report names none, since the file would say who it is.
func TestAReportNamesOnlyOnesOwnFile(t *testing.T) {
	d := newDesk(t)
	report := incident.Report{Category: "violence", Description: "on me bat", Placement: "pla_1"}
	for _, who := range []account.Actor{stranger, rival, {Account: "acc_observer", Role: account.Observer}} {
		_, err := d.File(t.Context(), who, report)
		d.wantField(err, "/placement", "incident.placement.not_found")
	}
	_, err := d.File(t.Context(), nobody, report)
	d.wantField(err, "/placement", "incident.placement.anonymous")
	unknown := report
	unknown.Placement = "pla_none"
	for _, who := range []account.Actor{person, officialA} {
		_, err = d.File(t.Context(), who, unknown)
		d.wantField(err, "/placement", "incident.placement.not_found")
	}
	if len(d.held) != 0 || len(d.cases.Docs) != 0 {
		t.Fatalf("held %v, %d cases", d.held, len(d.cases.Docs))
	}
	for _, who := range []account.Actor{person, bureau, officialA} {
		if i := d.stored(d.file(who, func(r *incident.Report) { r.Placement = "pla_1" }).ID); i.Agency != "agy_1" || i.Offer != "off_1" || i.Country != "ES" {
			t.Errorf("%s: %+v", who.Role, i)
		}
	}
}

// TestWhatIsReportedIsOfTheLists and within bounds: the lists decide whether a
// person is safe, so nothing outside of them is taken.
func TestWhatIsReportedIsOfTheLists(t *testing.T) {
	d := newDesk(t)
	for name, c := range map[string]struct {
		change        func(*incident.Report)
		pointer, code string
	}{
		"no category":       {func(r *incident.Report) { r.Category = "noise" }, "/category", "reason.unknown"},
		"the system's own":  {func(r *incident.Report) { r.Category = incident.ArrivalOverdue }, "/category", "reason.unknown"},
		"no indicator":      {func(r *incident.Report) { r.Indicators = []string{"debt_bondage", "rain"} }, "/indicators/1", "reason.unknown"},
		"indicators twice":  {func(r *incident.Report) { r.Indicators = append(incident.Indicators(), "deception") }, "/indicators", "too_many"},
		"nothing said":      {func(r *incident.Report) { r.Description = " \n" }, "/description", "required"},
		"too much said":     {func(r *incident.Report) { r.Description = strings.Repeat("é", incident.MaxText+1) }, "/description", "too_long"},
		"forbidden signs":   {func(r *incident.Report) { r.Description = "a\u202eb" }, "/description", "text.forbidden"},
		"an unknown agency": {func(r *incident.Report) { r.Agency = "agy_9" }, "/agency", "agency.not_found"},
	} {
		r := incident.Report{Category: "wages", Description: "Deux mois sans salaire."}
		c.change(&r)
		if _, err := d.File(t.Context(), person, r); fault.Is(err, fault.Invalid) {
			d.wantField(err, c.pointer, c.code)
		} else {
			t.Errorf("%s: %v", name, err)
		}
	}
	d.file(person, func(r *incident.Report) {
		r.Description, r.Indicators = strings.Repeat("é", incident.MaxText), incident.Indicators()
	})
}

// TestForcedLabourIsSeen: one grave category, one of the five indicators that
// are enough alone, or two different others put a person’s safety at stake; one
// said twice does not.
func TestForcedLabourIsSeen(t *testing.T) {
	enough := []string{"restriction_of_movement", "physical_and_sexual_violence", "intimidation_and_threats", "retention_of_identity_documents", "debt_bondage"}
	for _, indicator := range incident.Indicators() {
		if got := incident.Safety("wages", []string{indicator}); got != slices.Contains(enough, indicator) {
			t.Errorf("%s alone: %v", indicator, got)
		}
	}
	if !incident.Safety("wages", []string{"deception", "isolation"}) || incident.Safety("wages", []string{"deception", "deception"}) || incident.Safety("wages", nil) {
		t.Error("two different indicators are enough, one twice is not")
	}
	d := newDesk(t)
	for category, want := range map[string]int{"violence": 1, "health_accident": 2, "wages": 3} {
		if got := d.stored(d.file(nobody, func(r *incident.Report) { r.Category = category }).ID).Priority(); got != want {
			t.Errorf("%s has priority %d", category, got)
		}
	}
}
