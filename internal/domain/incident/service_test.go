package incident_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// TestAnonymousKeepsNothing: neither account nor network is kept
// of an anonymous report, whoever is signed in.
func TestAnonymousKeepsNothing(t *testing.T) {
	for _, actor := range []account.Actor{nobody, person, bureau} {
		d := newDesk(t)
		given := d.file(actor, func(r *incident.Report) { r.Anonymous, r.Agency, r.Country = true, "agy_1", "ES" })
		_, err := d.Follow(t.Context(), actor, given.ID, given.Code, "encore")
		d.ok(err)
		raw, err := json.Marshal(d.stored(given.ID))
		d.ok(err)
		for _, trace := range []string{"203.0.113", string(person.Account), string(bureau.Account), given.Code + `"`} {
			if strings.Contains(string(raw), trace) {
				t.Errorf("%q is kept: %s", trace, raw)
			}
		}
		if got := d.stored(given.ID); got.Source != incident.Anonymous || len(got.Pending) != 2 || got.Pending[0].Actor != "" {
			t.Errorf("stored %+v", got)
		}
		_, err = d.File(t.Context(), actor, incident.Report{Anonymous: true, Category: "wages", Description: "x", Placement: "pla_1"})
		d.want(err, fault.Invalid, "incident.invalid")
	}
}

// TestACodeCountsOnce: each use gives the next; the one used last gives it
// again until that is used; nothing else opens the case.
func TestACodeCountsOnce(t *testing.T) {
	d := newDesk(t)
	given := d.file(nobody, nil)
	read := func(code string) (incident.Given, error) { return d.Follow(t.Context(), nobody, given.ID, code, "") }
	second, err := read(given.Code)
	d.ok(err)
	again, err := read(given.Code) // the answer was lost
	d.ok(err)
	_, err = read(second.Code)
	d.want(err, fault.NotFound, "incident.not_found")
	third, err := read(again.Code)
	d.ok(err)
	for _, wrong := range []string{given.Code, second.Code, "", "x"} {
		_, err = read(wrong)
		d.want(err, fault.NotFound, "incident.not_found")
	}
	other := d.file(nobody, nil)
	_, err = d.Follow(t.Context(), nobody, other.ID, third.Code, "")
	d.want(err, fault.NotFound, "incident.not_found")
	_, err = d.Follow(t.Context(), officialA, given.ID, "", "")
	d.want(err, fault.NotFound, "incident.not_found")
}

func TestARetryIsOneCase(t *testing.T) {
	d := newDesk(t)
	keyed := func(text string) incident.Given {
		return d.file(nobody, func(r *incident.Report) { r.Key, r.Description = "key-1", text })
	}
	first, again, other := keyed("a"), keyed("a"), keyed("b")
	if first.ID != again.ID || first.ID == other.ID || len(d.cases.Docs) != 2 {
		t.Errorf("%s %s %s", first.ID, again.ID, other.ID)
	}
	_, err := d.Follow(t.Context(), nobody, first.ID, first.Code, "")
	d.want(err, fault.NotFound, "incident.not_found") // the retry's code took its place
	_, err = d.Follow(t.Context(), nobody, first.ID, again.Code, "")
	d.ok(err)
	_, err = d.File(t.Context(), nobody, incident.Report{Category: "wages", Description: "a", Discreet: true, Key: "key-1"})
	d.want(err, fault.Conflict, "incident.exists")
}

// TestWhoSeesWhat: safety passes the agency by, a discreet report shows it
// neither words nor reporter, officials do not learn who reported.
func TestWhoSeesWhat(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := newDesk(t)
		category := rapid.SampledFrom(slices.DeleteFunc(incident.Categories(), func(c string) bool { return c == incident.ArrivalOverdue })).Draw(r, "category")
		indicators := rapid.SliceOfNDistinct(rapid.SampledFrom(incident.Indicators()), 0, 3, rapid.ID[string]).Draw(r, "indicators")
		discreet := rapid.Bool().Draw(r, "discreet")
		given := d.file(person, func(x *incident.Report) {
			x.Category, x.Indicators, x.Discreet, x.Placement = category, indicators, discreet, "pla_1"
		})
		safety := incident.Safety(category, indicators)
		if safety != (len(d.held) == 1) || safety != given.Safety {
			r.Fatalf("safety %v, held %v", safety, d.held)
		}
		for _, stranger := range []account.Actor{stranger, rival, {Account: "acc_x", Role: account.Admin}} {
			if _, err := d.Get(t.Context(), stranger, given.ID); err == nil {
				r.Fatalf("%s sees it", stranger.Account)
			}
		}
		seen, err := d.Get(t.Context(), bureau, given.ID)
		if safety != fault.Is(err, fault.NotFound) || !safety && (seen.Description == "") != discreet {
			r.Fatalf("agency: %v %+v", err, seen)
		}
		_, err = d.Answer(t.Context(), bureau, given.ID, "Nous vérifions.", incident.ForAll)
		if safety != fault.Is(err, fault.NotFound) {
			r.Fatalf("agency answers: %v", err)
		}
		for _, actor := range []account.Actor{officialA, bureau} {
			if seen, err := d.Get(t.Context(), actor, given.ID); err == nil && strings.Contains(fmt.Sprintf("%+v", seen), string(person.Account)) {
				r.Fatalf("%s learns who reported", actor.Account)
			}
		}
	})
}

func TestACaseFromReportToReopening(t *testing.T) {
	d := newDesk(t)
	given := d.file(person, func(r *incident.Report) { r.Placement, r.Discreet = "pla_1", false })
	if given.TriageDue != d.now.Add(24*time.Hour) || d.Late() != 0 {
		t.Errorf("triage due %s", given.TriageDue)
	}
	d.now = d.now.Add(24*time.Hour + time.Millisecond)
	if d.Late() != 1 {
		t.Error("a day later the case is not late")
	}
	_, err := d.Answer(t.Context(), officialA, given.ID, "Bonjour", incident.ForAll)
	d.want(err, fault.Conflict, "transition")
	_, err = d.Triage(t.Context(), bureau, given.ID, incident.Triage{Category: "wages"})
	d.want(err, fault.Forbidden, "auth.forbidden")
	i, err := d.Triage(t.Context(), officialA, given.ID, incident.Triage{Category: "wages"})
	d.ok(err)
	if d.Late() != 0 || i.Owner != officialA.Account {
		t.Errorf("triaged: %+v", i)
	}
	_, err = d.Answer(t.Context(), officialA, given.ID, "Entre nous.", incident.ForOfficials)
	d.ok(err)
	_, err = d.Answer(t.Context(), officialA, given.ID, "Pour vous seul.", incident.ForReporter)
	d.ok(err)
	_, err = d.Answer(t.Context(), bureau, given.ID, "Pour l’agent.", incident.ForOfficials)
	d.want(err, fault.Invalid, "incident.invalid")
	for actor, want := range map[account.Actor]int{officialA: 2, person: 1, bureau: 0} {
		if i, err := d.Get(t.Context(), actor, given.ID); err != nil || len(i.Entries) != want || i.State != incident.InProgress {
			t.Errorf("%s reads %+v %v", actor.Role, i, err)
		}
	}
	_, err = d.Refer(t.Context(), officialA, given.ID, incident.Handover{Partner: incident.Consulate, Country: "ES"})
	d.ok(err)
	_, err = d.Close(t.Context(), officialA, given.ID, incident.Resolved, "no_facts", "")
	d.want(err, fault.Invalid, "incident.invalid")
	_, err = d.Close(t.Context(), officialA, given.ID, incident.Resolved, "paid", "")
	d.ok(err)
	back, err := d.Follow(t.Context(), person, given.ID, "", "Toujours rien reçu.")
	d.ok(err)
	if back.State != incident.Reopened || back.Outcome != "" || back.TriageDue != d.now.Add(24*time.Hour) {
		t.Errorf("reopened: %+v", back.Incident)
	}
}

// TestSafetyNeverFalls: triage can find that safety is at stake, and then the
// file is held; it can never find that it no longer is.
func TestSafetyNeverFalls(t *testing.T) {
	d := newDesk(t)
	given := d.file(person, func(r *incident.Report) { r.Placement = "pla_1" })
	i, err := d.Triage(t.Context(), officialA, given.ID, incident.Triage{Category: "confinement"})
	d.ok(err)
	if !i.Safety || len(d.held) != 1 {
		t.Fatalf("safety %v held %v", i.Safety, d.held)
	}
	_, err = d.Close(t.Context(), officialA, given.ID, incident.Unfounded, "mistaken", "")
	d.ok(err)
	_, err = d.Reopen(t.Context(), officialA, given.ID)
	d.ok(err)
	if i, err = d.Triage(t.Context(), officialA, given.ID, incident.Triage{Category: "wages"}); err != nil || !i.Safety || len(d.held) != 1 {
		t.Errorf("after another triage: %v %v %v", i.Safety, d.held, err)
	}
}

// TestWhatACrashLeft: the job opens what files call for, once, and holds what
// was not held, once.
func TestWhatACrashLeft(t *testing.T) {
	d := newDesk(t)
	d.broken = true
	d.file(person, func(r *incident.Report) { r.Category, r.Placement = "violence", "pla_1" })
	p := &placement.Placement{ID: "pla_2", Agency: "agy_1", Country: "ES", Candidate: person.Account, State: placement.InPost}
	p.Journey.OverdueAt = d.now
	p.Journey.CheckIns = []placement.CheckIn{{Day: 7, DoneAt: d.now, Role: account.Candidate, By: person.Account, Concerns: []string{"wages", "confinement"}, Note: "enfermé"}}
	d.files[p.ID] = p
	d.cards[p.ID] = placement.Card{ID: p.ID, Agency: p.Agency, Candidate: p.Candidate, State: p.State, Abroad: p.Abroad()}
	opened, err := d.OpenOverdue(t.Context(), holder{d})
	if opened != 2 || err == nil {
		t.Errorf("opened %d %v", opened, err)
	}
	d.broken = false
	for range 2 {
		if opened, err = d.OpenOverdue(t.Context(), holder{d}); opened != 0 || err != nil {
			t.Errorf("again: %d %v", opened, err)
		}
	}
	if len(d.held) != 2 || len(d.cases.Docs) != 3 {
		t.Errorf("held %v, %d cases", d.held, len(d.cases.Docs))
	}
	page, err := d.List(t.Context(), bureau, incident.Query{})
	d.ok(err)
	if page.Total != 1 || page.Items[0].Category != incident.ArrivalOverdue {
		t.Errorf("the agency sees %+v", page.Items)
	}
	if page, err = d.List(t.Context(), person, incident.Query{}); err != nil || page.Total != 2 {
		t.Errorf("the person sees %+v %v", page.Items, err)
	}
}

func TestAnOfficialDoesNotDecideAnOwnReport(t *testing.T) {
	d := newDesk(t)
	given := d.file(officialA, func(r *incident.Report) { r.Placement = "pla_1" })
	_, err := d.Triage(t.Context(), officialA, given.ID, incident.Triage{Category: "wages"})
	d.want(err, fault.Forbidden, "four_eyes.own")
}

func TestTransitionsGolden(t *testing.T) {
	path := filepath.Join("testdata", "transitions.golden")
	got := incident.Transitions().String()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != got {
		t.Errorf("transitions: %v\n%s", err, got)
	}
}

func TestPartnersAreToBeConfirmed(t *testing.T) {
	for _, country := range []ref.Country{"FR", "ES", "IT", "MA", "DZ", "CI", "SN", "GA", "SA", "CA", "ML"} {
		var kinds []string
		for _, p := range incident.Partners(country) {
			kinds = append(kinds, p.Kind)
			if p.Confirmed || p.Name.FR == "" || p.Name.EN == "" || strings.ContainsAny(p.Name.FR, "0123456789") {
				t.Errorf("%s: %+v", country, p)
			}
		}
		if !slices.Equal(kinds, incident.Kinds()) {
			t.Errorf("%s: %v", country, kinds)
		}
	}
	if got := incident.Partners("XX"); got != nil {
		t.Errorf("unknown country: %v", got)
	}
}
