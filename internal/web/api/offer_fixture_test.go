package api_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/index"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
	"passerelle/internal/web"
	"passerelle/internal/web/api"
)

// offersAPI is the API of offers over the real store and read model.
type offersAPI struct {
	*registers
	service *offer.Service
}

func startOffers(t *testing.T) *offersAPI {
	t.Helper()
	r := &registers{db: storetest.Open(t)}
	day := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	r.now.Store(&day)
	r.index = index.New(index.Options{Now: r.clock, Weights: match.DefaultWeights()})
	r.index.Loaded()
	r.accounts = store.NewAccountStore(r.db, r.index.PutAccount)
	server, err := web.New(web.Options{Authenticator: r, Rates: web.Rates{Off: true}})
	if err != nil {
		t.Fatal(err)
	}
	r.fixture = &fixture{t: t, server: server, logs: &logs{}}
	r.api = newAPI(t, server, func(context.Context) error { return nil })
	var n atomic.Int64
	o := &offersAPI{registers: r, service: offer.NewService(offer.Deps{
		Store: store.NewOfferStore(r.db, r.index.PutOffer), Reader: r.index, Directory: r.index, Now: r.clock,
		NewID: func(prefix string) string { return fmt.Sprintf("%s%026d", prefix, n.Add(1)) },
	})}
	api.RegisterOffers(r.api, o.service)
	if err := r.api.Mount(); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(server.Handler())
	t.Cleanup(s.Close)
	r.url = s.URL
	o.fill(t)
	return o
}

// fill makes accounts (their ids are the tokens), two agencies, an accredited
// employer and an open corridor.
func (o *offersAPI) fill(t *testing.T) {
	t.Helper()
	for id, a := range map[account.ID]account.Account{
		"official1": {Role: account.Official}, "official2": {Role: account.Official}, "official3": {Role: account.Official},
		"agency1": {Role: account.Agency, Agency: "agy_1"}, "agency2": {Role: account.Agency, Agency: "agy_2"}, "agency3": {Role: account.Agency},
		"candidate1": {Role: account.Candidate}, "admin1": {Role: account.Admin}, "admin2": {Role: account.Admin}, "observer1": {Role: account.Observer}, "observer2": {Role: account.Observer},
	} {
		a.ID, a.Rev, a.Email, a.State = id, 1, string(id)+"@example.org", account.Active
		if err := o.accounts.Insert(t.Context(), &a); err != nil {
			t.Fatal(err)
		}
	}
	agencies := store.NewAgencyStore(o.db, o.index.PutAgency)
	for _, id := range []agency.ID{"agy_1", "agy_2"} {
		a := &agency.Agency{ID: id, Rev: 1, State: agency.Active, Facts: agency.Facts{Name: "Sahel Emploi " + string(id), Country: "ML", Kind: agency.Private}}
		if err := agencies.Insert(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	e := &employer.Employer{ID: "emp_1", Rev: 1, State: employer.Accredited, Facts: employer.Facts{Name: "Obras Sol", Country: "ES"}}
	if err := store.NewEmployerStore(o.db, o.index.PutEmployer).Insert(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	c := &corridor.Corridor{Code: "ML-ES", Rev: 1, Destination: "ES", MaxHours: 4800, Floors: []corridor.Floor{{EURCents: 118_400}}}
	if err := store.NewCorridorStore(o.db, o.index.PutCorridor).Insert(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

// mason is a complete offer; %s is put after its first members.
const mason = `{"title":"Maçon coffreur","description":"Construction de logements en équipe.","occupation":"7112","kind":"fixed_term","employer":"emp_1",
 "country":"ES","city":"Almería","places":2,"start":"2026-09-01","durationMonths":9,"hoursPerWeek":"37.5","daysPerWeek":"5",
 "pay":{"amount":"1500.00","amountMax":"1700.00","currency":"EUR","period":"month","basis":"gross","paymentsPerYear":12},
 "benefits":{"housing":"yes","flight":"no"},"deductions":[{"label":"Logement","amount":"120.00"}],"languages":[{"language":"es","level":"A2"}],
 "education":2,"experienceMonths":12,"requiredSkills":["maconnerie"],"optionalSkills":["lecture-de-plans"],"licences":["permis-b"],
 "costs":{"visa":"employer","flight":"worker","medical":"employer","training":"employer"},"deadline":"2026-06-30"}`

// published takes an offer all the way and gives its id.
func (o *offersAPI) published(body string) string {
	o.t.Helper()
	id := o.call(201, "POST", "/offers", "agency1", body).text("id")
	o.call(200, "POST", "/offers/"+id+"/submissions", "agency1", "")
	o.call(200, "POST", "/offers/"+id+"/approvals", "official1", "")
	o.call(200, "POST", "/offers/"+id+"/publications", "official2", "")
	return id
}
