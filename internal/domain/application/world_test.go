package application_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/lifecycle/lifecycletest"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
	"passerelle/internal/index"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

// world is the service over a real store and the read model.
type world struct {
	*application.Service
	store  *store.ApplicationStore
	offers *store.OfferStore
	places *offer.Service
	index  *index.Index
	files  *files
	at     atomic.Int64
}

func (w *world) now() time.Time { return time.UnixMilli(w.at.Load()).UTC() }

func (w *world) forward(d time.Duration) { w.at.Add(d.Milliseconds()) }

var (
	awa       = account.Actor{Account: "acc_awa", Role: account.Candidate}
	binta     = account.Actor{Account: "acc_binta", Role: account.Candidate}
	recruiter = account.Actor{Account: "acc_agy", Role: account.Agency, Agency: "agy_1"}
	rival     = account.Actor{Account: "acc_agy2", Role: account.Agency, Agency: "agy_2"}
	officer   = account.Actor{Account: "acc_off", Role: account.Official, Institution: "ministry"}
	admin     = account.Actor{Account: "acc_adm", Role: account.Admin}
	observer  = account.Actor{Account: "acc_obs", Role: account.Observer}
)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{files: &files{standing: map[string]application.Standing{}}}
	w.at.Store(time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC).UnixMilli())
	w.index = index.New(index.Options{Now: w.now, Weights: match.DefaultWeights()})
	db := storetest.Open(t, storetest.Clock(w.now))
	w.store = store.NewApplicationStore(db, w.index.PutApplication)
	w.offers = store.NewOfferStore(db, w.index.PutOffer)
	w.places = offer.NewService(offer.Deps{Store: w.offers, Reader: w.index, Directory: w.index, Now: w.now,
		NewID: func(prefix string) string { return prefix }})
	w.Service = application.NewService(application.Deps{
		Store: traced{w.store}, Model: w.index, Offers: w.offers, Places: w.places, Files: w.files, Now: w.now,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	w.putAgency("agy_1", agency.Active)
	w.putAgency("agy_2", agency.Active)
	w.index.PutCorridor(&corridor.Corridor{Code: "ML-ES", Destination: "ES"})
	w.index.Loaded()
	return w
}

// traced is the store, where every change of the service leaves a trace.
type traced struct{ *store.ApplicationStore }

func (s traced) Update(ctx context.Context, id application.ID, change func(*application.Application) error) (*application.Application, error) {
	return s.ApplicationStore.Update(ctx, id, lifecycletest.Traced(change))
}

func (w *world) putAgency(id agency.ID, state agency.State) {
	w.index.PutAgency(&agency.Agency{ID: id, State: state, Facts: agency.Facts{Name: string(id)}})
}

// putOffer publishes an offer of agy_1 that asks for a skill and a language.
func (w *world) putOffer(t *testing.T, id offer.ID, places int) *offer.Offer {
	t.Helper()
	terms := offer.Terms{
		Title: "Soudeur", Occupation: "7212", Kind: ref.FixedTerm, Country: "ES", Places: places, Deadline: "2026-12-31",
		Languages: []offer.LanguageNeed{{Language: "es", Level: ref.A2}},
	}
	o := &offer.Offer{
		ID: id, Rev: 1, Reference: string(id), Agency: "agy_1", State: offer.Published,
		Current: offer.Version{Number: 1, State: offer.Published, Terms: terms},
		Frozen:  &offer.Snapshot{Version: 1, Terms: terms, PublishedAt: w.now()},
	}
	if err := w.offers.Insert(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	return o
}

func (w *world) setOffer(t *testing.T, id offer.ID, change func(*offer.Offer)) {
	t.Helper()
	if _, err := w.offers.Update(t.Context(), id, func(o *offer.Offer) error { change(o); return nil }); err != nil {
		t.Fatal(err)
	}
}

// putProfile gives an account a profile; level is the Spanish that is spoken.
func (w *world) putProfile(owner account.ID, level ref.Level, visible bool) profile.ID {
	id := profile.ID("pro_" + string(owner))
	p := &profile.Profile{ID: id, Rev: 1, Owner: owner, Facts: profile.Facts{
		Identity:  profile.Identity{BirthDate: "1994-03-07"},
		Languages: []profile.LanguageSkill{{Language: "es", Level: level}},
	}}
	if visible {
		p.Consents = []profile.Consent{{Purpose: profile.PurposeMatching, Given: true}}
	}
	w.index.PutProfile(p)
	return id
}

// candidate gives the nth of many candidates, with a profile that matches.
func (w *world) candidate(n int) account.Actor {
	actor := account.Actor{Account: account.ID(fmt.Sprintf("acc_%d", n)), Role: account.Candidate}
	w.putProfile(actor.Account, ref.B1, true)
	return actor
}

// applied gives a fresh application in a state.
func (w *world) applied(t *testing.T, id offer.ID, actor account.Actor, state application.State) application.ID {
	t.Helper()
	a := &application.Application{
		ID: application.MakeID(string(id), "pro_"+string(actor.Account)), Rev: 1, Offer: string(id), Agency: "agy_1",
		Profile: "pro_" + string(actor.Account), Candidate: actor.Account, State: state, Round: 1, Message: "Bonjour",
		CreatedAt: w.now(), UpdatedAt: w.now(),
	}
	if err := w.store.Insert(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if state == application.Selected {
		if err := w.places.TakePlace(t.Context(), id, string(a.ID)); err != nil {
			t.Fatal(err)
		}
	}
	return a.ID
}

// taken counts the places held in an offer and those free.
func (w *world) taken(t *testing.T, id offer.ID) (held []string, free int) {
	t.Helper()
	o, err := w.offers.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return o.Taken, o.FreePlaces()
}

func (w *world) state(t *testing.T, id application.ID) application.State {
	t.Helper()
	a, err := w.store.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return a.State
}

func wantCode(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Kind != kind || f.Code != code {
		t.Errorf("got %v, want %s %s", err, kind, code)
	}
}
