package incident_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/placement"
)

// said gives a case of the person in which every side has spoken, closed with
// words, and all that the stored case and its views are checked for.
func (d *desk) said(discreet bool) incident.ID {
	d.t.Helper()
	id := d.file(person, func(r *incident.Report) {
		r.Placement, r.Discreet, r.Description, r.Indicators = "pla_1", discreet, "mot du rapport", []string{"deception"}
	}).ID
	ctx := d.t.Context()
	_, err := d.Triage(ctx, officialA, id, incident.Triage{Category: "wages", Indicators: []string{"deception"}})
	d.ok(err)
	for words, audience := range map[string]incident.Audience{"mot pour tous": incident.ForAll, "mot pour elle": incident.ForReporter, "mot entre agents": incident.ForOfficials} {
		_, err = d.Answer(ctx, officialA, id, words, audience)
		d.ok(err)
	}
	_, err = d.Answer(ctx, bureau, id, "mot de l’agence", incident.ForAll)
	d.ok(err)
	_, err = d.Follow(ctx, person, id, "", "mot de la personne")
	d.ok(err)
	_, err = d.Refer(ctx, officialA, id, incident.Handover{Partner: incident.Consulate, Country: "ES", Note: "mot au consulat"})
	d.ok(err)
	_, err = d.Close(ctx, officialA, id, incident.Resolved, incident.Other, "mot de la fin")
	d.ok(err)
	return id
}

// TestEachSideReadsItsOwnWords and no others: the officials all of them, the
// person all but those between officials, the agency those meant for all, and
// of a report kept from it not even the side it came from.
func TestEachSideReadsItsOwnWords(t *testing.T) {
	words := []string{"mot du rapport", "deception", "mot pour tous", "mot pour elle", "mot entre agents", "mot de l’agence", "mot de la personne", "mot au consulat", "mot de la fin"}
	for _, c := range []struct {
		who      account.Actor
		discreet bool
		hidden   []string
	}{
		{officialA, true, nil}, {person, true, []string{"mot entre agents"}},
		{bureau, false, []string{"mot pour elle", "mot entre agents", "mot au consulat"}},
		{bureau, true, []string{"mot pour elle", "mot entre agents", "mot au consulat", "mot du rapport", "deception", "mot de la personne", "mot de la fin"}},
	} {
		d := newDesk(t)
		id := d.said(c.discreet)
		i, err := d.Get(t.Context(), c.who, id)
		d.ok(err)
		raw, err := json.Marshal(i)
		d.ok(err)
		for _, w := range words {
			if strings.Contains(string(raw), w) == slices.Contains(c.hidden, w) {
				t.Errorf("%s, discreet %v: %q in %s", c.who.Role, c.discreet, w, raw)
			}
		}
		for _, trace := range []string{`"By":"acc_person"`, `"By":"acc_bureau"`} {
			if strings.Contains(string(raw), trace) && c.who.Role != account.Official {
				t.Errorf("%s reads %s", c.who.Role, trace)
			}
		}
		if i.Next != "" || i.Last != "" || i.Pending != nil || i.Outbox != nil || i.Reporter != "" && c.who.Account != person.Account {
			t.Errorf("%s reads %s", c.who.Role, raw)
		}
		if named := strings.Contains(string(raw), string(officialA.Account)); named != (c.who.Role == account.Official) {
			t.Errorf("%s learns which official: %s", c.who.Role, raw)
		}
		if c.who.Role == account.Agency && strings.Contains(string(raw), `"Role":"candidate"`) == c.discreet {
			t.Errorf("discreet %v: the agency learns the side: %s", c.discreet, raw)
		}
		checkSteps(t, c.who, i)
		card(t, d, c.who)
	}
}

// checkSteps: everybody sees how the case went on, only officials that there
// were words not meant for all.
func checkSteps(t *testing.T, who account.Actor, i *incident.Incident) {
	t.Helper()
	var steps []string
	for _, e := range i.History {
		steps = append(steps, e.Action)
		if e.Action == "answer" && e.Reason != string(incident.ForAll) && who.Role != account.Official {
			t.Errorf("%s sees an answer for %s", who.Role, e.Reason)
		}
	}
	for _, step := range []string{incident.ActReport, incident.ActTriage, incident.ActTakeOn, "follow_up", incident.ActRefer, incident.ActResolve} {
		if !slices.Contains(steps, step) {
			t.Errorf("%s sees no %s in %v", who.Role, step, steps)
		}
	}
}

// card: the line in a list names the reporter to nobody else, and the official
// in charge to officials only.
func card(t *testing.T, d *desk, who account.Actor) {
	t.Helper()
	page, err := d.List(t.Context(), who, incident.Query{})
	d.ok(err)
	c := page.Items[0]
	if (c.Reporter != "") != (who.Account == person.Account) || (c.Owner != "") != (who.Role == account.Official) || (c.Source != "") != (who.Role == account.Official) {
		t.Errorf("%s reads the card %+v", who.Role, c)
	}
}

// TestWhatOfficialsStateIsOfTheLists: triage, hand-over and closing take no
// other words, and each needs its own.
func TestWhatOfficialsStateIsOfTheLists(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	id := d.file(person, func(r *incident.Report) { r.Placement = "pla_1" }).ID
	_, err := d.Triage(ctx, officialA, id, incident.Triage{Category: "noise"})
	d.wantField(err, "/category", "reason.unknown")
	_, err = d.Triage(ctx, officialA, id, incident.Triage{Category: "wages", Indicators: []string{"rain"}})
	d.wantField(err, "/indicators/0", "reason.unknown")
	_, err = d.Refer(ctx, officialA, id, incident.Handover{Partner: incident.Police, Country: "ES"})
	d.want(err, fault.Conflict, "transition") // nobody has looked at it yet
	_, err = d.Close(ctx, officialA, id, incident.Unfounded, "no_facts", "")
	d.want(err, fault.Conflict, "transition")
	_, err = d.Reopen(ctx, officialA, id)
	d.want(err, fault.Conflict, "transition")
	_, err = d.Triage(ctx, officialA, id, incident.Triage{Category: "wages"})
	d.ok(err)
	_, err = d.Triage(ctx, officialA, id, incident.Triage{Category: "wages"})
	d.want(err, fault.Conflict, "transition")
	long := strings.Repeat("x", incident.MaxText+1)
	for words, code := range map[string]string{" ": "required", long: "too_long"} {
		_, err = d.Answer(ctx, officialA, id, words, incident.ForAll)
		d.wantField(err, "/text", code)
	}
	_, err = d.Follow(ctx, person, id, "", long)
	d.wantField(err, "/text", "too_long")
	for _, h := range []struct {
		incident.Handover
		pointer, code string
	}{
		{incident.Handover{Partner: "friend", Country: "ES"}, "/partner", "reason.unknown"}, {incident.Handover{Partner: incident.Police}, "/country", "required"},
		{incident.Handover{Partner: incident.Police, Country: "XX"}, "/country", "required"}, {incident.Handover{Partner: incident.Police, Country: "ES", Note: long}, "/note", "too_long"},
	} {
		_, err = d.Refer(ctx, officialA, id, h.Handover)
		d.wantField(err, h.pointer, h.code)
	}
	_, err = d.Close(ctx, officialA, id, incident.Received, "paid", "")
	d.wantField(err, "/state", "reason.unknown")
	_, err = d.Close(ctx, officialA, id, incident.Resolved, incident.Other, " ")
	d.wantField(err, "/note", "required")
	_, err = d.Close(ctx, officialA, id, incident.Resolved, "paid", long)
	d.wantField(err, "/note", "too_long")
	_, err = d.Close(ctx, officialA, id, incident.Resolved, "paid", "versé")
	d.ok(err)
	for _, who := range []account.Actor{officialA, bureau} {
		_, err = d.Answer(ctx, who, id, "encore", incident.ForAll)
		d.want(err, fault.Conflict, "transition") // over, until it is reopened
	}
	d.now = d.now.Add(time.Hour)
	i, err := d.Reopen(ctx, officialA, id)
	d.ok(err)
	if i.TriageDue != d.now.Add(24*time.Hour) || i.Outcome != "" || i.Closing != "" {
		t.Errorf("reopened: %+v", i)
	}
}

// TestACaseTakesSoMuch: neither side fills a case without end.
func TestACaseTakesSoMuch(t *testing.T) {
	d := newDesk(t)
	id := d.file(person, func(r *incident.Report) { r.Placement = "pla_1" }).ID
	_, err := d.Triage(t.Context(), officialA, id, incident.Triage{Category: "wages"})
	d.ok(err)
	i := d.stored(id)
	i.Entries, i.Referrals = make([]incident.Entry, 499), make([]incident.Referral, 49)
	d.ok(d.cases.Put(i))
	_, err = d.Follow(t.Context(), person, id, "", "le dernier mot")
	d.ok(err)
	_, err = d.Follow(t.Context(), person, id, "", "un de trop")
	d.want(err, fault.Conflict, "incident.full")
	for _, who := range []account.Actor{officialA, bureau} {
		_, err = d.Answer(t.Context(), who, id, "un de trop", incident.ForAll)
		d.want(err, fault.Conflict, "incident.full")
	}
	h := incident.Handover{Partner: incident.Police, Country: "ES", Consented: true, Note: "note"}
	shown, err := d.Refer(t.Context(), officialA, id, h)
	d.ok(err)
	if r := shown.Referrals[49]; r.Partner != h.Partner || r.Country != h.Country || !r.Consented || r.Note != h.Note || r.By != officialA.Account || r.At != d.now {
		t.Errorf("handed over: %+v", r)
	}
	_, err = d.Refer(t.Context(), officialA, id, h)
	d.wantField(err, "", "too_many")
}

// TestForgettingLeavesNobody: a case forgotten in one go keeps neither the
// reporter nor a word, and the message that waited for the reporter goes too.
// covers PR-02
func TestForgettingLeavesNobody(t *testing.T) {
	for _, unlink := range []bool{true, false} {
		d := newDesk(t)
		id := d.said(true)
		if !slices.ContainsFunc(d.stored(id).Outbox, func(n message.Notice) bool { return n.Recipient == string(person.Account) }) {
			t.Fatal("no message waits")
		}
		if unlink {
			d.ok(d.Unlink(t.Context(), account.SystemActor(), id, "request"))
		} else {
			d.ok(d.ForgetOne(t.Context(), account.SystemActor(), id, "incidents"))
		}
		i := d.stored(id)
		i.Pending = nil
		raw, err := json.Marshal(i)
		d.ok(err)
		if strings.Contains(string(raw), string(person.Account)) || i.Next != "" || i.Last != "" {
			t.Errorf("unlink %v: %s", unlink, raw)
		}
		if strings.Contains(string(raw), "mot ") != unlink || i.Forgotten() == unlink {
			t.Errorf("unlink %v: forgotten %v, %s", unlink, i.Forgotten(), raw)
		}
	}
}

// TestForgottenMeansEverything: as long as one thing is left, the case is not
// forgotten.
func TestForgottenMeansEverything(t *testing.T) {
	for n, i := range []incident.Incident{
		{Reporter: "acc_1"}, {Next: "a"}, {Last: "a"}, {Description: "a"}, {Closing: "a"},
		{Entries: []incident.Entry{{}, {Text: "a"}}}, {Referrals: []incident.Referral{{Note: "a"}}},
	} {
		if i.Forgotten() {
			t.Errorf("%d: forgotten with something left", n)
		}
	}
	if empty := (incident.Incident{Entries: []incident.Entry{{}}}); !empty.Forgotten() {
		t.Error("an empty case is not forgotten")
	}
}

// TestDistressAtACheckInIsACase: what the person said is kept from the agency,
// the person follows it, those on duty are told, and the file is held; twice
// the same is one case.
func TestDistressAtACheckInIsACase(t *testing.T) {
	for _, side := range []account.Role{account.Candidate, account.Agency} {
		d := newDesk(t)
		p := &placement.Placement{ID: "pla_1", Agency: "agy_1", Offer: "off_1", Country: "ES", Candidate: person.Account, State: placement.InPost}
		p.Journey.CheckIns = []placement.CheckIn{{Day: 7, DoneAt: d.now, Role: side, Concerns: []string{"wages", "violence"}, Note: "on me bat"}}
		alert := p.Alerts()[0]
		for range 2 {
			d.ok(d.FromCheckIn(t.Context(), p, alert))
		}
		i := d.stored(incident.ID(alert.Incident))
		byPerson := side == account.Candidate
		if i.Source != incident.ByCheckIn || i.Description != "on me bat" || !i.Safety || i.Discreet != byPerson || (i.Reporter == person.Account) != byPerson {
			t.Errorf("%s: %+v", side, i)
		}
		if got := told(i); len(got) != 2 || fmt.Sprint(d.held) != fmt.Sprintf("[pla_1 %s]", i.ID) || i.HeldAt.IsZero() {
			t.Errorf("%s: told %v, held %v", side, got, d.held)
		}
	}
}

// TestOneGraveConcernMakesAllGrave: whatever a check-in's case is called, a
// concern for safety beside it puts safety at stake.
func TestOneGraveConcernMakesAllGrave(t *testing.T) {
	d := newDesk(t)
	p := &placement.Placement{ID: "pla_1", Agency: "agy_1", Country: "ES", Candidate: person.Account, State: placement.InPost}
	p.Journey.CheckIns = []placement.CheckIn{{Day: 7, DoneAt: d.now, Role: account.Candidate, Concerns: []string{"wages", "confinement"}}}
	alert := p.Alerts()[0]
	alert.Category = "wages"
	d.ok(d.FromCheckIn(t.Context(), p, alert))
	if i := d.stored(incident.ID(alert.Incident)); !i.Safety || len(d.held) != 1 || len(told(i)) != 2 {
		t.Errorf("%+v, held %v", i, d.held)
	}
}

// TestReadingIsNoWord: whoever looks at the own case says nothing by it, and
// one known by the account needs no code.
func TestReadingIsNoWord(t *testing.T) {
	d := newDesk(t)
	given := d.file(person, nil)
	for _, words := range []string{"", " \n"} {
		back, err := d.Follow(t.Context(), person, given.ID, "", words)
		d.ok(err)
		if back.Code != "" || back.Reporter != person.Account || len(back.Entries) != 0 || d.stored(given.ID).Rev != 1 {
			t.Errorf("%q: code %q, %+v", words, back.Code, back.Incident)
		}
	}
	_, err := d.Follow(t.Context(), person, given.ID, "", " toujours rien ")
	d.ok(err)
	i := d.stored(given.ID)
	if e := i.Entries[0]; e.Text != "toujours rien" || e.By != person.Account || !e.Reporter || i.Pending[1].Actor != string(person.Account) {
		t.Errorf("%+v, %+v", e, i.Pending)
	}
}

// TestAFileThatHasEndedIsNotHeld: there is nothing to stop any more, and the
// case says it was seen to.
func TestAFileThatHasEndedIsNotHeld(t *testing.T) {
	d := newDesk(t)
	over := d.cards["pla_1"]
	over.State = placement.Returned
	d.cards["pla_1"] = over
	id := d.file(person, func(r *incident.Report) { r.Placement, r.Category = "pla_1", "violence" }).ID
	if len(d.held) != 0 || d.stored(id).HeldAt.IsZero() {
		t.Errorf("held %v, noted %v", d.held, d.stored(id).HeldAt)
	}
}

// TestALostAnswerOnTheWayIsHeldToo: a retry of a safety report holds the file
// that the first call did not reach, and only for a day.
func TestALostAnswerOnTheWayIsHeldToo(t *testing.T) {
	d := newDesk(t)
	d.broken = true
	report := func(r *incident.Report) { r.Placement, r.Category, r.Key = "pla_1", "violence", "key-1" }
	first := d.file(person, report)
	if len(d.held) != 0 {
		t.Fatal("held by a broken hand")
	}
	d.broken, d.now = false, d.now.Add(24*time.Hour)
	if again := d.file(person, report); again.ID != first.ID || again.Reference != first.Reference || len(d.held) != 1 {
		t.Errorf("again %s, held %v", again.ID, d.held)
	}
	d.now = d.now.Add(time.Millisecond)
	_, err := d.File(t.Context(), person, incident.Report{Category: "violence", Description: "Deux mois sans salaire.", Discreet: true, Placement: "pla_1", Key: "key-1"})
	d.want(err, fault.Conflict, "incident.exists")
}
