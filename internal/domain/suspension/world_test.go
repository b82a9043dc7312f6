package suspension_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/message"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/suspension"
	"passerelle/internal/index"
	"passerelle/internal/store"
)

var (
	anne  = account.Actor{Account: "acc_anne", Role: account.Official}
	binta = account.Actor{Account: "acc_binta", Role: account.Official}
	agent = account.Actor{Account: "acc_agent", Role: account.Agency, Agency: "agy_1"}
)

// errKilled is what everything answers once the process is gone.
var errKilled = errors.New("killed")

// power is what keeps a process alive: after left more writes it is gone; the
// last write itself is done.
type power struct{ left int }

func (p *power) on() error {
	if p.left <= 0 {
		return errKilled
	}
	p.left--
	return nil
}

// process is the services over a store, as after a start.
type process struct {
	*suspension.Service
	power        power
	index        *index.Index
	corridors    *corridor.Service
	places       *offer.Service
	applications *application.Service
	files        *placement.Service
	offers       *store.OfferStore
	placements   *store.PlacementStore
	applied      *store.ApplicationStore
	messages     *store.MessageStore
	acts         *store.SuspensionStore
	registers    *store.CorridorStore
	agencies     *store.AgencyStore
	employers    *store.EmployerStore
	accounts     *store.AccountStore
	profiles     *store.ProfileStore
}

func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// start makes a process over what is stored.
func start(t *testing.T, db *store.DB) *process {
	t.Helper()
	p := &process{power: power{1 << 30}, index: index.New(index.Options{Now: noon, Weights: match.DefaultWeights()})}
	ix := p.index
	p.offers, p.placements = store.NewOfferStore(db, ix.PutOffer), store.NewPlacementStore(db, ix.PutPlacement)
	p.applied, p.messages = store.NewApplicationStore(db, ix.PutApplication), store.NewMessageStore(db, nil)
	p.acts, p.registers = store.NewSuspensionStore(db, ix.PutAct), store.NewCorridorStore(db, ix.PutCorridor)
	p.agencies, p.employers = store.NewAgencyStore(db, ix.PutAgency), store.NewEmployerStore(db, ix.PutEmployer)
	p.accounts, p.profiles = store.NewAccountStore(db, ix.PutAccount), store.NewProfileStore(db, ix.PutProfile)
	p.load(t)
	quiet := slog.New(slog.DiscardHandler)
	number := 0
	newID := func(prefix string) string { number++; return fmt.Sprintf("%s%d", prefix, number) }
	p.places = offer.NewService(offer.Deps{Store: p.offers, Reader: ix, Directory: ix, Now: noon, NewID: newID})
	p.applications = application.NewService(application.Deps{Store: p.applied, Model: ix, Offers: p.offers, Places: p.places, Log: quiet, Now: noon})
	p.files = placement.NewService(placement.Deps{Store: p.placements, Model: ix, Offers: p.offers, Log: quiet, Now: noon, NewID: newID})
	p.Service = suspension.NewService(suspension.Deps{
		Store: weakActs{p.acts, &p.power}, Reader: ix, Agencies: p.agencies, Employers: p.employers, Offers: weakOffers{p.places, &p.power},
		Files: weakFiles{p.files, &p.power}, Messages: weakMessages{p.messages, &p.power}, Log: quiet, Now: noon,
	})
	p.corridors = corridor.NewService(corridor.Deps{Store: p.registers, Reader: ix, Agreements: ix, Consequences: p.Service, Log: quiet, Now: noon, NewID: newID})
	return p
}

func (p *process) load(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	for _, err := range []error{
		p.accounts.LoadAccounts(ctx, told(p.index.PutAccount)), p.agencies.LoadAgencies(ctx, told(p.index.PutAgency)),
		p.employers.LoadEmployers(ctx, told(p.index.PutEmployer)), p.registers.LoadCorridors(ctx, told(p.index.PutCorridor)),
		p.acts.LoadActs(ctx, told(p.index.PutAct)), p.offers.LoadOffers(ctx, told(p.index.PutOffer)),
		p.profiles.LoadProfiles(ctx, told(p.index.PutProfile)), p.applied.LoadApplications(ctx, told(p.index.PutApplication)),
		p.placements.LoadPlacements(ctx, told(p.index.PutPlacement)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	p.index.Loaded()
}

func told[T any](put func(*T)) func(*T) error {
	return func(x *T) error { put(x); return nil }
}

type weakActs struct {
	suspension.Store
	power *power
}

func (w weakActs) Insert(ctx context.Context, a *suspension.Act) error {
	if err := w.power.on(); err != nil {
		return err
	}
	return w.Store.Insert(ctx, a)
}

func (w weakActs) Update(ctx context.Context, id suspension.ID, change func(*suspension.Act) error) (*suspension.Act, error) {
	if err := w.power.on(); err != nil {
		return nil, err
	}
	return w.Store.Update(ctx, id, change)
}

type weakOffers struct {
	*offer.Service
	power *power
}

func (w weakOffers) Reconsider(ctx context.Context, id offer.ID) error {
	if err := w.power.on(); err != nil {
		return err
	}
	return w.Service.Reconsider(ctx, id)
}

type weakFiles struct {
	*placement.Service
	power *power
}

func (w weakFiles) Hold(ctx context.Context, a account.Actor, id placement.ID, k placement.HoldKind, source, reason string) (*placement.Placement, error) {
	if err := w.power.on(); err != nil {
		return nil, err
	}
	return w.Service.Hold(ctx, a, id, k, source, reason)
}

func (w weakFiles) ReleaseHold(ctx context.Context, a account.Actor, id placement.ID, k placement.HoldKind, source, reason string) (*placement.Placement, error) {
	if err := w.power.on(); err != nil {
		return nil, err
	}
	return w.Service.ReleaseHold(ctx, a, id, k, source, reason)
}

type weakMessages struct {
	*store.MessageStore
	power *power
}

// InsertMany is many writes: the process may be gone after some of them.
func (w weakMessages) InsertMany(ctx context.Context, all []*message.Message) ([]message.ID, error) {
	able := min(len(all), w.power.left)
	if able == 0 && len(all) > 0 {
		return nil, errKilled
	}
	w.power.left -= able
	existing, err := w.MessageStore.InsertMany(ctx, all[:able])
	if able < len(all) {
		return existing, errors.Join(err, errKilled)
	}
	return existing, err
}

// The crowd: offers to Spain and France, and for each person a placement and
// an application; every tenth has no account, every third is abroad, and two
// neighbours are one person with two files.
const crowdOffers = 60

func (p *process) crowd(t *testing.T, n int) {
	t.Helper()
	ctx := t.Context()
	keep(t, p.agencies.Insert(ctx, &agency.Agency{ID: "agy_1", Rev: 1, State: agency.Active, Facts: agency.Facts{Name: "Sahel Emploi"}}))
	for _, country := range []ref.Country{"ES", "FR"} {
		keep(t, p.registers.Insert(ctx, &corridor.Corridor{Code: corridor.CodeFor(country), Rev: 1, Destination: country}))
	}
	var offers []*offer.Offer
	for i := range crowdOffers {
		offers = append(offers, crowdOffer(i))
	}
	insertAll(t, offers, p.offers.InsertMany)
	var files []*placement.Placement
	var applied []*application.Application
	var accounts []account.ID
	for i := range n {
		o := offers[i%crowdOffers]
		person := account.ID(fmt.Sprintf("acc_%05d", i/2))
		if i%2 == 0 {
			accounts = append(accounts, person)
		}
		if i%10 == 0 {
			person = ""
		}
		files, applied = append(files, crowdFile(i, o, person)), append(applied, crowdApplication(i, o, person))
	}
	for i, id := range accounts {
		a := &account.Account{ID: id, Rev: 1, Role: account.Candidate, State: account.Active, Phone: fmt.Sprintf("+2237%07d", i)}
		if i%2 == 0 {
			a.Email = string(id) + "@example.ml"
		}
		keep(t, p.accounts.Insert(ctx, a))
	}
	insertAll(t, files, p.placements.InsertMany)
	insertAll(t, applied, p.applied.InsertMany)
}

func keep(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func insertAll[T any, I ~string](t *testing.T, records []*T, insert func(context.Context, []*T) ([]I, error)) {
	t.Helper()
	for len(records) > 0 {
		n := min(len(records), 200)
		if _, err := insert(t.Context(), records[:n]); err != nil {
			t.Fatal(err)
		}
		records = records[n:]
	}
}

func crowdOffer(i int) *offer.Offer {
	terms := offer.Terms{Title: "Cueilleur", Occupation: "9211", Kind: ref.Seasonal, Country: "ES", Places: 10_000, Deadline: "2027-06-30"}
	if i%6 == 5 {
		terms.Country = "FR"
	}
	id := offer.ID(fmt.Sprintf("off_%03d", i))
	return &offer.Offer{ID: id, Rev: 1, Reference: string(id), Agency: "agy_1", State: offer.Published,
		Current: offer.Version{Number: 1, State: offer.Published, Terms: terms},
		Frozen:  &offer.Snapshot{Version: 1, Terms: terms, PublishedAt: noon()}}
}

func crowdFile(i int, o *offer.Offer, person account.ID) *placement.Placement {
	states := []placement.State{placement.Opened, placement.UnderReview, placement.InPost, placement.Cleared, placement.Returned}
	return &placement.Placement{ID: placement.ID(fmt.Sprintf("pla_%05d", i)), Rev: 1, Offer: o.ID, Agency: o.Agency, Candidate: person,
		Profile: fmt.Sprintf("pro_%05d", i), Country: o.Terms().Country, Occupation: o.Terms().Occupation, Kind: o.Terms().Kind, Title: o.Terms().Title,
		State: states[i%len(states)], Since: noon(), CreatedAt: noon(), UpdatedAt: noon()}
}

func crowdApplication(i int, o *offer.Offer, person account.ID) *application.Application {
	states := []application.State{application.Submitted, application.Selected, application.Refused, application.Waiting}
	return &application.Application{ID: application.ID(fmt.Sprintf("app_%05d", i)), Rev: 1, Offer: string(o.ID), Agency: o.Agency, Candidate: person,
		Profile: fmt.Sprintf("pro_%05d", i), State: states[i%len(states)], Round: 1, CreatedAt: noon(), UpdatedAt: noon()}
}
