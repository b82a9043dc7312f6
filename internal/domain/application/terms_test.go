package application_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/offer"
)

// post keeps messages by id, and fails after some of them.
type post struct {
	kept map[message.ID]*message.Message
	left int
}

var errCut = errors.New("cut")

func (p *post) InsertMany(_ context.Context, all []*message.Message) (existing []message.ID, err error) {
	for _, m := range all {
		if p.left--; p.left < 0 {
			return existing, errCut
		}
		if p.kept[m.ID] != nil {
			existing = append(existing, m.ID)
			continue
		}
		p.kept[m.ID] = m
	}
	return existing, nil
}

// reissue brings a next version of the offer into force, as publishing does.
func (w *world) reissue(t *testing.T, id offer.ID) {
	t.Helper()
	w.setOffer(t, id, func(o *offer.Offer) {
		o.Earlier = append(o.Earlier, *o.Frozen)
		next := *o.Frozen
		next.Version++
		next.Terms.HoursPerWeek = 3_500 + next.Version
		o.Current.Number, o.Current.Terms, o.Frozen, o.Announce = next.Version, next.Terms, &next, next.Version
	})
}

// TestApplicantsAreToldOfChangedTerms publishes a second version and a third:
// every live applicant to an earlier one gets one message for each, through a
// job that is cut again and again.
func TestApplicantsAreToldOfChangedTerms(t *testing.T) {
	w := newWorld(t)
	p := &post{kept: map[message.ID]*message.Message{}}
	w.Messages, w.Announcements = p, w.places
	w.putOffer(t, "off_1", 50)
	w.putOffer(t, "off_2", 50)
	live := map[account.ID]bool{}
	for i := range 12 {
		who := w.candidate(i)
		state := []application.State{application.Submitted, application.Waiting, application.Refused, application.Selected}[i%4]
		id := w.applied(t, "off_1", who, state)
		if _, err := w.store.Update(t.Context(), id, func(a *application.Application) error { a.OfferVer = 1 + i/8; return nil }); err != nil {
			t.Fatal(err)
		}
		if state.Live() && i < 8 {
			live[who.Account] = true
		}
	}
	w.applied(t, "off_2", w.candidate(99), application.Submitted)
	w.reissue(t, "off_1")
	w.carried(t, p)
	w.got(t, p, 2, live)
	for i := range 4 { // those who applied to the second version are told of the third
		if application.State.Live([]application.State{application.Submitted, application.Waiting, application.Refused, application.Selected}[i]) {
			live[account.ID(fmt.Sprintf("acc_%d", 8+i))] = true
		}
	}
	w.reissue(t, "off_1")
	w.carried(t, p)
	w.got(t, p, 3, live)
}

// carried runs the job with a post that fails after a few messages, until it
// is done; once more changes nothing.
func (w *world) carried(t *testing.T, p *post) {
	t.Helper()
	cuts := 0
	for p.left = 2; ; cuts++ {
		err := w.AnnounceTerms(t.Context())
		if err == nil {
			break
		}
		if !errors.Is(err, errCut) || cuts > 20 {
			t.Fatal(err)
		}
		p.left = 3 + 2*cuts
	}
	if cuts == 0 {
		t.Fatal("the job was never cut")
	}
	count := len(p.kept)
	if err := w.AnnounceTerms(t.Context()); err != nil || len(p.kept) != count || len(w.index.OffersToAnnounce()) != 0 {
		t.Errorf("a repeat: %v, %d messages of %d, %v left", err, len(p.kept), count, w.index.OffersToAnnounce())
	}
}

// got checks that exactly these people have one message of that version.
func (w *world) got(t *testing.T, p *post, version int, people map[account.ID]bool) {
	t.Helper()
	seen := map[account.ID]int{}
	for _, m := range p.kept {
		if m.Args["version"] == fmt.Sprint(version) {
			seen[account.ID(m.Recipient)]++
			if m.Args["reference"] != "off_1" || m.Template != "offer.changed" {
				t.Errorf("%+v", m.Notice)
			}
		}
	}
	for who, n := range seen {
		if n != 1 || !people[who] {
			t.Errorf("version %d: %s got %d", version, who, n)
		}
	}
	if len(seen) != len(people) {
		t.Errorf("version %d: %d were told, want %d", version, len(seen), len(people))
	}
}

// TestTheDifferenceIsForThoseConcerned compares the terms applied to with those
// in force.
func TestTheDifferenceIsForThoseConcerned(t *testing.T) {
	w := newWorld(t)
	w.putOffer(t, "off_1", 5)
	w.putProfile(awa.Account, 4, true)
	applied, err := w.Apply(t.Context(), awa, "off_1", "")
	if err != nil {
		t.Fatal(err)
	}
	a := applied.Application
	if _, changed, err := w.TermsChange(t.Context(), awa, a); changed || err != nil {
		t.Errorf("at once: %v, %v", changed, err)
	}
	w.reissue(t, "off_1")
	for _, who := range []account.Actor{awa, recruiter, officer} {
		read, err := w.Get(t.Context(), who, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		c, changed, err := w.TermsChange(t.Context(), who, read)
		if err != nil || !changed || !c.Known || c.From != 1 || c.To != 2 || len(c.Changes) != 1 || c.Changes[0].Field != "hoursPerWeek" || c.Changes[0].After != "35.02" {
			t.Errorf("%s: %+v, %v, %v", who.Role, c, changed, err)
		}
	}
	for _, who := range []account.Actor{binta, rival, admin, observer} {
		_, _, err := w.TermsChange(t.Context(), who, a)
		wantCode(t, err, fault.NotFound, "application.not_found")
	}
	w.setOffer(t, "off_1", func(o *offer.Offer) { o.Earlier = nil })
	if c, changed, err := w.TermsChange(t.Context(), awa, a); err != nil || !changed || c.Known || len(c.Changes) != 0 {
		t.Errorf("earlier terms that are not kept: %+v, %v, %v", c, changed, err)
	}
}
