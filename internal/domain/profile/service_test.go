package profile_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/idempotency"
	"passerelle/internal/domain/lifecycle/lifecycletest"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
	"passerelle/internal/index"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

// world is the service over a real store and the read model.
type world struct {
	*profile.Service
	store *store.ProfileStore
	index *index.Index
	at    atomic.Int64
	ids   atomic.Int64
}

func (w *world) now() time.Time          { return time.UnixMilli(w.at.Load()).UTC() }
func (w *world) forward(d time.Duration) { w.at.Add(d.Milliseconds()) }

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{}
	w.at.Store(time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC).UnixMilli())
	w.index = index.New(index.Options{Now: w.now, Weights: match.DefaultWeights()})
	db := storetest.Open(t, storetest.Clock(w.now))
	w.store = store.NewProfileStore(db, w.index.PutProfile)
	for _, a := range []agency.Agency{
		{ID: "agy_1", State: agency.Active, Facts: agency.Facts{Name: "Sahel Emploi"}},
		{ID: "agy_2", State: agency.Active, Facts: agency.Facts{Name: "Niger Travail"}},
		{ID: "agy_new", State: agency.Applied, Facts: agency.Facts{Name: "Nouvelle"}},
	} {
		w.index.PutAgency(&a)
	}
	w.Service = profile.NewService(profile.Deps{
		Store: traced{w.store}, Reader: w.index, Claims: db.Claims(), Agencies: w.index, Now: w.now,
		Phone: func(s string) (string, error) {
			return "+223" + strings.TrimPrefix(strings.ReplaceAll(s, " ", ""), "+223"), nil
		},
		NewID: func(prefix string) string { return fmt.Sprintf("%s%d", prefix, w.ids.Add(1)) },
	})
	return w
}

// traced is the store, where every change of the service leaves a trace.
type traced struct{ *store.ProfileStore }

func (s traced) Update(ctx context.Context, id profile.ID, change func(*profile.Profile) error) (*profile.Profile, error) {
	return s.ProfileStore.Update(ctx, id, lifecycletest.Traced(change))
}

var (
	awa       = account.Actor{Account: "acc_awa", Role: account.Candidate}
	binta     = account.Actor{Account: "acc_binta", Role: account.Candidate}
	recruiter = account.Actor{Account: "acc_agy", Role: account.Agency, Agency: "agy_1"}
	rival     = account.Actor{Account: "acc_agy2", Role: account.Agency, Agency: "agy_2"}
	applicant = account.Actor{Account: "acc_new", Role: account.Agency, Agency: "agy_new"}
	officer   = account.Actor{Account: "acc_off", Role: account.Official, Institution: "ministry"}
	collector = account.Actor{Account: "acc_col", Role: account.Official, Institution: "anpe", Collector: true}
	admin     = account.Actor{Account: "acc_adm", Role: account.Admin}
	observer  = account.Actor{Account: "acc_obs", Role: account.Observer}
)

func input(choices ...profile.Choice) profile.Input {
	return profile.Input{Channel: profile.ChannelAPI, Choices: choices, Facts: profile.Facts{
		Identity:  profile.Identity{GivenNames: "Awa", FamilyName: "Traoré", BirthDate: "1994-03-07", Phone: "76 12 34 56"},
		Residence: profile.Residence{Country: "ML", City: "Sikasso"},
		Skills:    []ref.Skill{"soudage"},
	}}
}

func found(given bool) profile.Choice {
	return profile.Choice{Purpose: profile.PurposeMatching, Given: given}
}

func (w *world) create(t *testing.T, actor account.Actor, in profile.Input) profile.View {
	t.Helper()
	v, err := w.Create(t.Context(), actor, in)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func wantCode(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Kind != kind || f.Code != code {
		t.Errorf("got %v, want %s %s", err, kind, code)
	}
}

// TestOneProfileRL13 has eight requests create the same person's profile.
func TestOneProfileRL13(t *testing.T) {
	w := newWorld(t)
	var made atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, err := w.Create(t.Context(), awa, input())
			if err == nil {
				made.Add(1)
			} else if f := fault.Of(err); f == nil || f.Code != "profile.exists" {
				t.Errorf("loser: %v", err)
			}
		})
	}
	wg.Wait()
	all, _ := w.index.CountProfiles()
	if made.Load() != 1 || all != 1 {
		t.Errorf("%d successes, %d profiles", made.Load(), all)
	}
}

func TestOwnProfile(t *testing.T) {
	w := newWorld(t)
	_, err := w.Mine(t.Context(), awa)
	wantCode(t, err, fault.NotFound, "profile.not_found")
	v := w.create(t, awa, input())
	if v.Identity.Phone != "+22376123456" || v.Relation != profile.Owner || v.Rev != 1 {
		t.Errorf("created: %+v", v)
	}
	facts := input().Facts
	facts.Summary = "Je soude."
	if _, err = w.PutMine(t.Context(), awa, 7, facts); !fault.Is(err, fault.Stale) {
		t.Errorf("a revision that never was: %v", err)
	}
	v, err = w.PutMine(t.Context(), awa, 1, facts)
	if err != nil || v.Rev != 2 || v.Summary != "Je soude." {
		t.Fatalf("changed: %+v, %v", v, err)
	}
	if _, err = w.PutMine(t.Context(), awa, 1, facts); !fault.Is(err, fault.Stale) {
		t.Errorf("an old revision: %v", err)
	}
	facts.Identity.BirthDate = "2020-01-01"
	if _, err = w.PutMine(t.Context(), awa, 2, facts); !fault.Is(err, fault.Invalid) {
		t.Errorf("a child: %v", err)
	}
	for _, actor := range []account.Actor{recruiter, officer, admin, observer} {
		if _, err := w.Mine(t.Context(), actor); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s has an own profile: %v", actor.Role, err)
		}
	}
}

// TestBeingReadDoesNotMakeStale: an official who reads while the person types
// must not cost the person the form.
func TestBeingReadDoesNotMakeStale(t *testing.T) {
	w := newWorld(t)
	v := w.create(t, awa, input())
	if _, _, err := w.Disclose(t.Context(), officer, v.ID, "assistance", ""); err != nil {
		t.Fatal(err)
	}
	changed, err := w.PutMine(t.Context(), awa, v.Rev, profile.Facts{Summary: "x"})
	if err != nil || changed.Rev != v.Rev+2 {
		t.Errorf("revision %d, %v", changed.Rev, err)
	}
	if _, err := w.PutMine(t.Context(), awa, v.Rev+1, profile.Facts{}); !fault.Is(err, fault.Stale) {
		t.Errorf("a revision before the person's own change: %v", err)
	}
}

// TestStalePutRL03 has eight forms of one revision saved at once: one wins.
func TestStalePutRL03(t *testing.T) {
	w := newWorld(t)
	w.create(t, awa, input())
	var won atomic.Int64
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			_, err := w.PutMine(t.Context(), awa, 1, profile.Facts{Summary: fmt.Sprint("text ", i)})
			if err == nil {
				won.Add(1)
			} else if !fault.Is(err, fault.Stale) {
				t.Errorf("loser: %v", err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d winners", won.Load())
	}
}

func TestWhoSeesAProfileAZ03(t *testing.T) {
	w := newWorld(t)
	id := w.create(t, awa, input()).ID
	cases := []struct {
		actor   account.Actor
		visible bool
		want    profile.Relation
		kind    fault.Kind
	}{
		{awa, false, profile.Owner, 0},
		{binta, true, profile.Stranger, fault.NotFound},
		{officer, false, profile.OfficialPlain, 0},
		{recruiter, false, profile.Stranger, fault.NotFound},
		{recruiter, true, profile.AgencySeeking, 0},
		{applicant, true, profile.Stranger, fault.Conflict},
		{account.Actor{Account: "acc_x", Role: account.Agency}, true, profile.Stranger, fault.Conflict},
		{admin, true, profile.Stranger, fault.Forbidden},
		{observer, true, profile.Stranger, fault.Forbidden},
		{account.Actor{}, true, profile.Stranger, fault.Unauthenticated},
	}
	for _, c := range cases {
		mine, err := w.Mine(t.Context(), awa)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.PutConsents(t.Context(), awa, mine.Rev, profile.ChannelWeb, []profile.Choice{found(c.visible)}); err != nil {
			t.Fatal(err)
		}
		v, err := w.View(t.Context(), c.actor, id)
		if v.Relation != c.want || c.want == profile.Stranger && !fault.Is(err, c.kind) || c.want != profile.Stranger && err != nil {
			t.Errorf("%s visible %v: %s, %v", c.actor.Account, c.visible, v.Relation, err)
		}
	}
	_, err := w.View(t.Context(), recruiter, "pro_absent")
	wantCode(t, err, fault.NotFound, "profile.not_found")
}

// TestContactAfterApplicationAZ06: an agency reaches the person only while an
// application joins them, and the person sees each day on which it looked.
func TestContactAfterApplicationAZ06(t *testing.T) {
	w := newWorld(t)
	id := w.create(t, awa, input(found(true))).ID
	file := application.Application{ID: "app_1", Offer: "off_1", Agency: "agy_1", Profile: string(id), Candidate: awa.Account}
	phone := func(actor account.Actor) string {
		v, err := w.View(t.Context(), actor, id)
		if err != nil {
			t.Fatal(err)
		}
		return v.Identity.Phone
	}
	file.State = application.Invited
	w.index.PutApplication(&file)
	if got := phone(recruiter); got != "" {
		t.Errorf("an invitation shows %q", got)
	}
	file.State, file.Round = application.Submitted, 1
	w.index.PutApplication(&file)
	for range 3 {
		if phone(recruiter) == "" {
			t.Error("an application does not show the phone number")
		}
	}
	if got := phone(rival); got != "" {
		t.Errorf("another agency sees %q", got)
	}
	w.forward(24 * time.Hour)
	phone(recruiter)
	page, err := w.Accesses(t.Context(), awa, listing.Page{})
	if err != nil || page.Total != 2 || page.Items[0].Who != "Sahel Emploi" || page.Items[0].Reason != "application" {
		t.Errorf("accesses: %+v, %v", page, err)
	}
	file.State = application.Withdrawn
	w.index.PutApplication(&file)
	if got := phone(recruiter); got != "" {
		t.Errorf("after withdrawal: %q", got)
	}
}

func TestDisclosure(t *testing.T) {
	w := newWorld(t)
	id := w.create(t, awa, input()).ID
	for reason, note := range map[string]string{"": "", "curiosity": "", "other": " "} {
		if _, _, err := w.Disclose(t.Context(), officer, id, reason, note); !fault.Is(err, fault.Invalid) {
			t.Errorf("reason %q: %v", reason, err)
		}
	}
	for _, actor := range []account.Actor{awa, recruiter, admin, observer} {
		if _, _, err := w.Disclose(t.Context(), actor, id, "assistance", ""); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", actor.Role, err)
		}
	}
	_, _, err := w.Disclose(t.Context(), officer, "pro_absent", "assistance", "")
	wantCode(t, err, fault.NotFound, "profile.not_found")
	v, access, err := w.Disclose(t.Context(), officer, id, "other", "  Appel du consulat ")
	if err != nil || v.Identity.FamilyName != "Traoré" || access.Until.Sub(access.At) != 30*time.Minute {
		t.Fatalf("%+v, %+v, %v", v, access, err)
	}
	for _, step := range []struct {
		actor   account.Actor
		forward time.Duration
		name    string
	}{{officer, 29 * time.Minute, "Traoré"}, {collector, 0, ""}, {officer, time.Minute, ""}} {
		w.forward(step.forward)
		if v, err = w.View(t.Context(), step.actor, id); err != nil || v.Identity.FamilyName != step.name {
			t.Errorf("%s sees %q, %v", step.actor.Account, v.Identity.FamilyName, err)
		}
	}
	page, err := w.Accesses(t.Context(), awa, listing.Page{})
	if err != nil || page.Total != 1 || page.Items[0].Note != "Appel du consulat" || page.Items[0].Who != "ministry" {
		t.Errorf("accesses: %+v, %v", page, err)
	}
	stored, err := w.store.Get(t.Context(), id)
	if err != nil || len(stored.Pending) != 2 || stored.Pending[1].Action != "profile.disclose" || stored.Pending[1].Reason != "other" {
		t.Errorf("audit: %+v, %v", stored.Pending, err)
	}
}

func TestAccessPages(t *testing.T) {
	w := newWorld(t)
	id := w.create(t, awa, input()).ID
	for i := range 5 {
		w.forward(time.Hour)
		if _, _, err := w.Disclose(t.Context(), officer, id, "assistance", fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	var notes []string
	page := listing.Page{Limit: 2}
	for {
		result, err := w.Accesses(t.Context(), awa, page)
		if err != nil || result.Total != 5 {
			t.Fatalf("total %d, %v", result.Total, err)
		}
		for _, a := range result.Items {
			notes = append(notes, a.Note)
		}
		if page.After = result.Next; page.After == "" {
			break
		}
	}
	if !slices.Equal(notes, []string{"4", "3", "2", "1", "0"}) {
		t.Errorf("pages: %v", notes)
	}
	_, err := w.Accesses(t.Context(), awa, listing.Page{After: "99"})
	wantCode(t, err, fault.Syntax, "cursor")
}

func TestCollecting(t *testing.T) {
	w := newWorld(t)
	_, err := w.Create(t.Context(), officer, input(found(true)))
	wantCode(t, err, fault.Forbidden, "profile.collector")
	_, err = w.Create(t.Context(), collector, input(found(false)))
	wantCode(t, err, fault.Invalid, "profile.invalid")
	v := w.create(t, collector, input(found(true)))
	if v.Relation != profile.OfficialPlain || v.Identity.FamilyName != "" {
		t.Errorf("the collector sees %+v", v.Identity)
	}
	stored, err := w.store.Get(t.Context(), v.ID)
	if err != nil || stored.Owner != "" || stored.CollectedBy != collector.Account || stored.Consents[0].Channel != profile.ChannelAgent {
		t.Errorf("%+v, %v", stored, err)
	}
	key := idempotency.With(t.Context(), idempotency.Key{Account: collector.Account, Operation: "createProfile", Value: "k1"})
	if _, err := w.Create(key, collector, input(found(true))); err != nil {
		t.Error(err)
	}
	if _, err := w.Create(key, collector, input(found(true))); !fault.Is(err, fault.Conflict) {
		t.Errorf("the same request made another person: %v", err)
	}
	if all, _ := w.index.CountProfiles(); all != 2 {
		t.Errorf("%d profiles", all)
	}
}

// TestConsentPR05: withdrawing hides at once, and the ledger only grows.
func TestConsentPR05(t *testing.T) {
	w := newWorld(t)
	id := w.create(t, awa, input(found(true))).ID
	if _, err := w.View(t.Context(), recruiter, id); err != nil {
		t.Fatal(err)
	}
	if _, err := w.PutConsents(t.Context(), awa, 1, profile.ChannelWeb, []profile.Choice{found(false)}); err != nil {
		t.Fatal(err)
	}
	_, err := w.View(t.Context(), recruiter, id)
	wantCode(t, err, fault.NotFound, "profile.not_found")
	consents, rev, err := w.Consents(t.Context(), awa)
	if err != nil || rev != 2 || len(consents) != 2 || !consents[0].Given || consents[1].Given || consents[1].Channel != profile.ChannelWeb {
		t.Errorf("%+v, %d, %v", consents, rev, err)
	}
	if _, err := w.PutConsents(t.Context(), awa, 1, profile.ChannelWeb, []profile.Choice{found(true)}); !fault.Is(err, fault.Stale) {
		t.Errorf("an old revision: %v", err)
	}
	if _, err := w.PutConsents(t.Context(), awa, 2, profile.ChannelWeb, []profile.Choice{{Purpose: "spam", Given: true}}); !fault.Is(err, fault.Invalid) {
		t.Errorf("an unknown purpose: %v", err)
	}
}

// TestImportedConsent: the ledger says that a consent came out of a file.
func TestImportedConsent(t *testing.T) {
	w := newWorld(t)
	row := profile.Incoming{Key: "k", Hash: "h", Import: "imp_1", Facts: input().Facts, Choices: []profile.Choice{found(true)}}
	results, err := w.Upsert(t.Context(), collector, []profile.Incoming{row})
	if err != nil || results[0].Kept != "created" {
		t.Fatalf("%+v, %v", results, err)
	}
	stored, err := w.store.Get(t.Context(), results[0].ID)
	if err != nil || stored.Consents[0].Channel != profile.ChannelImport {
		t.Errorf("%+v, %v", stored.Consents, err)
	}
}

// TestImportedIdsAreKeyed: the id of a new imported profile cannot be tried
// from the key of the file; one made before under the plain digest is found
// again, and an erased one stays erased.
func TestImportedIdsAreKeyed(t *testing.T) {
	w := newWorld(t)
	row := profile.Incoming{Key: "K-1", Hash: "one", Import: "imp_1", Run: 1, Row: 1,
		Facts: input().Facts, Choices: []profile.Choice{{Purpose: profile.PurposeMatching, Given: true}}}
	take := func(key, hash string) profile.Result {
		t.Helper()
		row.Key, row.Hash, row.Run = key, hash, row.Run+1
		results, err := w.Upsert(t.Context(), collector, []profile.Incoming{row})
		if err != nil || len(results) != 1 {
			t.Fatal(results, err)
		}
		return results[0]
	}
	before, gone := take("K-1", "one"), take("K-2", "one")
	if err := w.Erase(t.Context(), account.SystemActor(), gone.ID, "request"); err != nil {
		t.Fatal(err)
	}
	w.Blind = func(_ context.Context, text string) (string, error) { return "keyed " + text, nil }
	if again := take("K-1", "two"); again.ID != before.ID || again.Kept != "updated" {
		t.Errorf("the former one: %+v", again)
	}
	if again := take("K-2", "two"); again.Kept != "rejected" || again.ID != gone.ID {
		t.Errorf("the erased one: %+v", again)
	}
	fresh := take("K-3", "one")
	if fresh.Kept != "created" || fresh.ID == profile.SourceID(collector.Institution, "K-3") {
		t.Errorf("a new one: %+v", fresh)
	}
	if again := take("K-3", "one"); again.Kept != "unchanged" || again.ID != fresh.ID {
		t.Errorf("again: %+v", again)
	}
	w.Blind = func(context.Context, string) (string, error) { return "", errors.New("no key") }
	row.Key = "K-4"
	if _, err := w.Upsert(t.Context(), collector, []profile.Incoming{row}); err == nil {
		t.Error("without the key a plain id is made")
	}
}
