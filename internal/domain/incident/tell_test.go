package incident_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/message"
)

// told lists a case's notices as "template recipient".
func told(i *incident.Incident) (all []string) {
	for _, n := range i.Outbox {
		all = append(all, n.Template+" "+n.Recipient)
	}
	return all
}

// TestSafetyAlertsThoseOnDuty: one message to each official of the ministry and
// of the missions, when the case comes in or when safety is seen at triage, and
// with nothing of what it is about.
func TestSafetyAlertsThoseOnDuty(t *testing.T) {
	d := newDesk(t)
	want := []string{"incident.safety acc_a", "incident.safety acc_b"}
	grave := d.stored(d.file(nobody, func(r *incident.Report) { r.Category, r.Description = "violence", "on me bat" }).ID)
	if !slices.Equal(told(grave), want) {
		t.Errorf("violence: %v", told(grave))
	}
	seen := map[message.ID]bool{}
	for _, n := range grave.Outbox {
		text, err := json.Marshal(n)
		d.ok(err)
		if seen[n.ID] || !strings.HasPrefix(string(n.ID), "msg_"+string(grave.ID)+"_1_") || strings.Contains(string(text), "bat") || strings.Contains(string(text), "violence") {
			t.Errorf("notice %s", text)
		}
		seen[n.ID] = true
	}
	mild := d.file(person, func(r *incident.Report) { r.Category = "wages" })
	if got := told(d.stored(mild.ID)); len(got) > 0 {
		t.Errorf("wages: %v", got)
	}
	_, err := d.Triage(t.Context(), officialA, mild.ID, incident.Triage{Category: "wages", Safety: true})
	d.ok(err)
	if got := told(d.stored(mild.ID)); !slices.Equal(got, want) {
		t.Errorf("seen at triage: %v", got)
	}
}

// TestAnAnswerIsToldToTheReporter with an account, once for each word meant for
// that person; never for the officials' own, nor to who said it.
func TestAnAnswerIsToldToTheReporter(t *testing.T) {
	d := newDesk(t)
	for _, c := range []struct {
		reporter account.Actor
		audience incident.Audience
		want     []string
	}{
		{person, incident.ForAll, []string{"incident.answered acc_person"}}, {person, incident.ForReporter, []string{"incident.answered acc_person"}},
		{person, incident.ForOfficials, nil}, {nobody, incident.ForAll, nil},
	} {
		id := d.file(c.reporter, func(r *incident.Report) { r.Category = "wages" }).ID
		_, err := d.Triage(t.Context(), officialA, id, incident.Triage{Category: "wages"})
		d.ok(err)
		_, err = d.Answer(t.Context(), officialA, id, "Nous appelons l’employeur.", c.audience)
		d.ok(err)
		if got := told(d.stored(id)); !slices.Equal(got, c.want) {
			t.Errorf("%s %s: %v", c.reporter.Account, c.audience, got)
		}
	}
}

// TestForgettingAReporterAndACase: the reporter goes and the words stay; then
// the words go as well; each once, and by the system only. covers PR-02
func TestForgettingAReporterAndACase(t *testing.T) {
	d := newDesk(t)
	id := d.file(person, func(r *incident.Report) { r.Category, r.Description = "wages", "trois mois sans salaire" }).ID
	_, err := d.Follow(t.Context(), person, id, "", "toujours rien")
	d.ok(err)
	d.want(d.Unlink(t.Context(), officialA, id, "request"), fault.Forbidden, "auth.forbidden")
	d.ok(d.Unlink(t.Context(), account.SystemActor(), id, "request"))
	i := d.stored(id)
	entries := i.Pending
	i.Pending = nil
	raw, err := json.Marshal(i)
	d.ok(err)
	if strings.Contains(string(raw), string(person.Account)) || i.Description == "" || i.Entries[0].Text == "" || i.Forgotten() {
		t.Errorf("without the reporter: %s", raw)
	}
	if last := entries[len(entries)-1]; last.Action != "incident.forget" || last.Reason != "request" || last.Role != "system" {
		t.Errorf("entry %+v", last)
	}
	_, err = d.Follow(t.Context(), person, id, "", "")
	d.want(err, fault.NotFound, "incident.not_found")
	rev := i.Rev
	d.ok(d.Unlink(t.Context(), account.SystemActor(), id, "request"))
	if d.stored(id).Rev != rev {
		t.Error("unlinking twice changes something")
	}
	d.ok(d.ForgetOne(t.Context(), account.SystemActor(), id, "incidents"))
	i = d.stored(id)
	raw, err = json.Marshal(i)
	d.ok(err)
	if !i.Forgotten() || strings.Contains(string(raw), "salaire") || strings.Contains(string(raw), "toujours") || i.Category != "wages" || i.Rev != rev+1 {
		t.Errorf("after its time: %s", raw)
	}
	d.ok(d.ForgetOne(t.Context(), account.SystemActor(), id, "incidents"))
	if d.stored(id).Rev != rev+1 {
		t.Error("forgetting twice changes something")
	}
}
