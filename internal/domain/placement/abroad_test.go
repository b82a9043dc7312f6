package placement_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// told remembers the cases a service had opened.
type told struct{ categories []string }

func (o *told) FromCheckIn(_ context.Context, _ *placement.Placement, a placement.Alert) error {
	o.categories = append(o.categories, a.Category)
	return nil
}

func (d *desk) today() ref.Date { return ref.DateOf(d.now) }

func (d *desk) days(n int) { d.now = d.now.AddDate(0, 0, n) }

// departed gives a file whose person has left today.
func (d *desk) departed() placement.ID {
	d.t.Helper()
	return d.sent(d.cleared())
}

// sent has the person of a cleared file leave today.
func (d *desk) sent(id placement.ID) placement.ID {
	d.t.Helper()
	_, err := d.Depart(d.t.Context(), bureau, id, placement.Departure{On: d.today(), Carrier: "vol"})
	d.ok(err)
	return id
}

// arrived gives a file whose person arrived today.
func (d *desk) arrived() placement.ID {
	d.t.Helper()
	id := d.departed()
	_, err := d.Arrive(d.t.Context(), person, id, placement.Arrival{On: d.today(), Place: "Almería"})
	d.ok(err)
	return id
}

func (d *desk) stated(id placement.ID, by account.Actor, stage placement.Stage, change func(*offer.Terms)) *placement.Placement {
	d.t.Helper()
	terms := promised()
	if change != nil {
		change(&terms)
	}
	p, err := d.State(d.t.Context(), by, id, placement.Statement{Stage: stage, Terms: terms, Language: "es"})
	d.ok(err)
	return p
}

// inPost gives a file whose person has taken up work.
func (d *desk) inPost() placement.ID {
	d.t.Helper()
	id := d.arrived()
	if p := d.stated(id, person, placement.OnArrival, nil); p.State != placement.InPost {
		d.t.Fatalf("after a contract as promised the file is %s, held by %v", p.State, p.Holds)
	}
	return id
}

func TestNobodyLeavesOutsideAClearance(t *testing.T) {
	d := newDesk(t)
	id := d.cleared()
	until := d.file(id).Clearance().Until
	_, err := d.Depart(t.Context(), bureau, id, placement.Departure{})
	d.wantField(err, "/on", "required")
	_, err = d.Depart(t.Context(), bureau, id, placement.Departure{On: d.today().AddDays(1)})
	d.wantField(err, "/on", "date.future")
	_, err = d.Depart(t.Context(), bureau, id, placement.Departure{On: d.today().AddDays(-1)})
	d.want(err, fault.Conflict, "placement.clearance.not_valid")
	_, err = d.Depart(t.Context(), person, id, placement.Departure{On: d.today()})
	d.want(err, fault.Forbidden, "auth.forbidden")
	_, err = d.Depart(t.Context(), rival, id, placement.Departure{On: d.today()})
	d.want(err, fault.NotFound, "placement.not_found")
	d.agency = agency.Suspended
	_, err = d.Depart(t.Context(), bureau, id, placement.Departure{On: d.today()})
	d.want(err, fault.Conflict, "agency.not_active")
	d.agency = agency.Active
	d.now = until.AddDays(1).Time()
	_, err = d.Depart(t.Context(), bureau, id, placement.Departure{On: d.today()})
	d.want(err, fault.Conflict, "placement.clearance.not_valid")
	d.now = until.Time().Add(23 * time.Hour)
	p, err := d.Depart(t.Context(), bureau, id, placement.Departure{On: d.today()})
	d.ok(err)
	if p.State != placement.Departed || p.Journey.DueOn != until.AddDays(3) {
		t.Errorf("on the last day: %s, due %s", p.State, p.Journey.DueOn)
	}
}

func TestAnArrivalIsOverdueOnce(t *testing.T) {
	d := newDesk(t)
	id := d.departed()
	_, err := d.Arrive(t.Context(), person, id, placement.Arrival{On: d.today().AddDays(-1), Place: "Almería"})
	d.wantField(err, "/on", "placement.date.early")
	for days, want := range []bool{false, false, false, false, true, false, false} {
		if noted, err := d.NoteAllOverdue(t.Context()); err != nil || (noted == 1) != want {
			t.Errorf("%d days after: %d %v", days, noted, err)
		}
		d.days(1)
	}
	alerts := d.file(id).Alerts()
	if len(alerts) != 1 || alerts[0].Category != "arrival_overdue" || !strings.HasPrefix(alerts[0].Incident, "inc_") {
		t.Errorf("alerts %v", alerts)
	}
	p, err := d.Arrive(t.Context(), bureau, id, placement.Arrival{On: d.today(), Place: "Almería"})
	d.ok(err)
	if p.State != placement.Arrived || !slices.Equal(d.file(id).Alerts(), alerts) {
		t.Errorf("after a late arrival: %s %v", p.State, d.file(id).Alerts())
	}
}

// TestAWorseContractOnArrivalHoldsTheFile: a later statement that keeps the
// promise does not lift what an earlier one found; two officials do, and then
// work is taken up in the same write.
func TestAWorseContractOnArrivalHoldsTheFile(t *testing.T) {
	d := newDesk(t)
	id := d.arrived()
	p := d.stated(id, person, placement.OnArrival, func(terms *offer.Terms) { terms.Pay.Min = 90000 })
	if p.State != placement.Arrived || len(p.Holds) != 1 {
		t.Fatalf("state %s, holds %v", p.State, p.Holds)
	}
	source := p.Holds[0].Source
	if p = d.stated(id, bureau, placement.OnArrival, nil); p.State != placement.Arrived || len(p.Holds) != 1 {
		t.Errorf("the agency's statement lifted the hold: %s %v", p.State, p.Holds)
	}
	_, err := d.ReleaseHold(t.Context(), officialA, id, placement.HoldSubstitution, source, "corrigé")
	d.ok(err)
	_, err = d.ReleaseHold(t.Context(), officialA, id, placement.HoldSubstitution, source, "corrigé")
	d.want(err, fault.Forbidden, "four_eyes.same")
	p, err = d.ReleaseHold(t.Context(), officialB, id, placement.HoldSubstitution, source, "corrigé")
	d.ok(err)
	if last := p.History[len(p.History)-1]; p.State != placement.InPost || last.Action != placement.ActTakeUp || last.Role != account.System {
		t.Errorf("after the release: %s, %+v", p.State, last)
	}
}

func TestAPaySlipSaysOnlyWhatWasPaid(t *testing.T) {
	d := newDesk(t)
	id := d.inPost()
	slip := func(cents int64) *placement.Placement {
		t.Helper()
		pay := promised().Pay
		pay.Min = cents
		p, err := d.State(t.Context(), person, id, placement.Statement{Stage: placement.Payslip, Terms: offer.Terms{Pay: pay}, Language: "es"})
		d.ok(err)
		return p
	}
	if p := slip(180000); p.Held() {
		t.Errorf("a slip as promised holds the file: %v", p.Holds)
	}
	if p := slip(120000); !p.Held() || p.State != placement.InPost {
		t.Errorf("a slip that pays less does not hold the file: %s", p.State)
	}
}

func TestCheckInSchedule(t *testing.T) {
	d := newDesk(t)
	id := d.inPost()
	var out strings.Builder
	arrived := d.file(id).Journey.ArrivedOn
	for range 800 {
		d.days(1)
		_, err := d.NoteMissed(t.Context())
		d.ok(err)
	}
	for _, c := range d.file(id).Journey.CheckIns {
		missed := "-"
		if !c.Missed.IsZero() {
			missed = fmt.Sprint(int(c.Missed.Sub(arrived.Time()).Hours() / 24))
		}
		fmt.Fprintf(&out, "day %d due %d missed on day %s\n", c.Day, int(c.Due.Time().Sub(arrived.Time()).Hours()/24), missed)
	}
	path := filepath.Join("testdata", "checkins.golden")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		d.ok(os.WriteFile(path, []byte(out.String()), 0o644))
	}
	want, err := os.ReadFile(path)
	d.ok(err)
	if out.String() != string(want) {
		t.Errorf("schedule:\n%s", out.String())
	}
}

// TestNothingToldIsLost makes contacts at any time by anybody: each is kept,
// the schedule stays in order, and exactly the troubled ones raise an alert.
func TestNothingToldIsLost(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := newDesk(t)
		heard := &told{}
		d.Incidents = heard
		id := d.inPost()
		var notes []string
		troubled := 0
		for n := range rapid.IntRange(1, 12).Draw(r, "contacts") {
			d.days(rapid.IntRange(0, 120).Draw(r, "days"))
			d.now = d.now.Add(time.Second)
			if rapid.Bool().Draw(r, "sweep") {
				_, err := d.NoteMissed(t.Context())
				d.ok(err)
			}
			c := placement.Contact{Channel: "phone", Well: rapid.Bool().Draw(r, "well"), PaidAs: true, Note: fmt.Sprint(n)}
			if rapid.Bool().Draw(r, "concern") {
				c.Concerns = []string{rapid.SampledFrom(placement.Concerns()).Draw(r, "what")}
			}
			if notes = append(notes, c.Note); !c.Well || c.Concerns != nil {
				troubled++
			}
			_, err := d.CheckIn(t.Context(), rapid.SampledFrom([]account.Actor{person, bureau, officialA}).Draw(r, "who"), id, c)
			d.ok(err)
		}
		p := d.file(id)
		var kept []string
		for i, c := range p.Journey.CheckIns {
			if i > 0 && c.Day < p.Journey.CheckIns[i-1].Day {
				r.Fatalf("out of order: %+v", p.Journey.CheckIns)
			}
			if !c.DoneAt.IsZero() {
				kept = append(kept, c.Note)
			}
		}
		slices.Sort(kept)
		slices.Sort(notes)
		ids := map[string]bool{}
		for _, a := range p.Alerts() {
			ids[a.Incident] = true
		}
		if !slices.Equal(kept, notes) || len(ids) != troubled || len(heard.categories) != troubled || p.Abroad().CheckInDue == "" {
			r.Fatalf("told %v, kept %v; %d troubled, alerts %d, opened %d, next %q", notes, kept, troubled, len(ids), len(heard.categories), p.Abroad().CheckInDue)
		}
	})
}

// TestTheAgencyIsNotTold: what the person told in a check-in, the number of an
// insurance and a hold for safety pass the agency by.
func TestTheAgencyIsNotTold(t *testing.T) {
	d := newDesk(t)
	id := d.inPost()
	_, err := d.CheckIn(t.Context(), person, id, placement.Contact{Channel: "web", Concerns: []string{"violence"}, Note: "au secours"})
	d.ok(err)
	_, err = d.AddInsurance(t.Context(), person, id, placement.InsurancePeriod{Country: "ES", Institution: "Seguridad Social", Number: "28/1234", Branch: "old_age", From: d.today()})
	d.ok(err)
	_, err = d.Hold(t.Context(), system, id, placement.HoldSafety, "inc_1", "")
	d.ok(err)
	for _, actor := range []account.Actor{person, officialA, bureau} {
		p, err := d.Get(t.Context(), actor, id)
		d.ok(err)
		all := fmt.Sprintf("%+v", p)
		for text, who := range map[string][]account.Role{
			"au secours": {account.Candidate, account.Official}, "violence": {account.Candidate, account.Official},
			"28/1234": {account.Candidate}, "inc_1": {account.Candidate, account.Official},
		} {
			if strings.Contains(all, text) != slices.Contains(who, actor.Role) {
				t.Errorf("%s: %q seen %v", actor.Role, text, strings.Contains(all, text))
			}
		}
	}
	d.Service.Model = listed{deskModel{d}}
	page, err := d.List(t.Context(), bureau, placement.Query{})
	d.ok(err)
	if len(page.Items) != 1 || len(page.Items[0].Holds) > 0 || len(page.Items[0].Abroad.Alerts) > 0 {
		t.Errorf("the agency's list says %+v", page.Items)
	}
	if page, err = d.List(t.Context(), officialA, placement.Query{}); err != nil || len(page.Items[0].Holds) != 1 || len(page.Items[0].Abroad.Alerts) != 1 {
		t.Errorf("the officials' list says %+v %v", page.Items, err)
	}
}

// listed lists every file.
type listed struct{ deskModel }

func (m listed) SearchPlacements(placement.Query) (all listing.Result[placement.Card]) {
	m.EachPlacement(func(c *placement.Card) bool { all.Items = append(all.Items, *c); return true })
	return all
}
