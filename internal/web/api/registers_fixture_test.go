package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/suspension"
	"passerelle/internal/index"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
	"passerelle/internal/web"
	"passerelle/internal/web/api"
)

// registers is the API of agencies, employers and corridors over the real
// store and read model, on a listener of 127.0.0.1. Tokens are account ids.
type registers struct {
	*fixture
	db       *store.DB
	index    *index.Index
	accounts *store.AccountStore
	agencies *agency.Service
	acts     *suspension.Service
	now      atomic.Pointer[time.Time]
	heard    consequences
}

// consequences remembers what would be carried on to offers.
type consequences struct {
	mu   sync.Mutex
	said []string
}

func (c *consequences) say(format string, args ...any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said = append(c.said, fmt.Sprintf(format, args...))
	return nil
}

func (c *consequences) last() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.said) == 0 {
		return ""
	}
	return c.said[len(c.said)-1]
}

func (c *consequences) AgencyChanged(_ context.Context, _ agency.ID, active bool) error {
	return c.say("agency %v", active)
}

func (c *consequences) EmployerChanged(_ context.Context, _ employer.ID, accredited bool) error {
	return c.say("employer %v", accredited)
}

func (c *consequences) CorridorChanged(_ context.Context, code corridor.Code) error {
	return c.say("corridor %s", code)
}

// noOffers hears of changes where there are no offers.
type noOffers struct{ *consequences }

// Reconsider has nothing to look at.
func (noOffers) Reconsider(context.Context, offer.ID) error { return nil }

// Authenticate takes the account id for the token and reads the account as it
// is now, as the real one does.
func (r *registers) Authenticate(_ context.Context, bearer string) (account.Actor, error) {
	card, ok := r.index.AccountCard(account.ID(bearer))
	if !ok {
		return account.Actor{}, fault.New(fault.Unauthenticated, "auth.token")
	}
	return card.Actor(""), nil
}

func (r *registers) clock() time.Time { return *r.now.Load() }

func startRegisters(t *testing.T) *registers {
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
	r.register()
	if err := r.api.Mount(); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(server.Handler())
	t.Cleanup(s.Close)
	r.url = s.URL
	r.people(t)
	return r
}

func (r *registers) register() {
	var n atomic.Int64
	newID := func(prefix string) string { return fmt.Sprintf("%s%026d", prefix, n.Add(1)) }
	quiet := slog.New(slog.DiscardHandler)
	people := account.NewService(account.Ports{Store: r.accounts, Reader: r.index, Now: r.clock, NewID: newID})
	phone := func(s string) (string, error) {
		if account.IsE164(s) {
			return s, nil
		}
		return "", fault.New(fault.Invalid, "account.phone")
	}
	r.agencies = agency.NewService(agency.Deps{Store: store.NewAgencyStore(r.db, r.index.PutAgency), Reader: r.index, Claims: r.db.Claims(),
		Members: agency.Accounts{Service: people, Store: r.accounts, Phone: phone}, Consequences: &r.heard, Log: quiet, Now: r.clock})
	r.acts = suspension.NewService(suspension.Deps{Store: store.NewSuspensionStore(r.db, r.index.PutAct), Reader: r.index, Offers: noOffers{&r.heard}, Log: quiet, Now: r.clock})
	api.RegisterAgencies(r.api, r.agencies, r.acts)
	api.RegisterAgencyKeys(r.api, r.agencies)
	api.RegisterEmployers(r.api, employer.NewService(employer.Deps{Store: store.NewEmployerStore(r.db, r.index.PutEmployer), Reader: r.index,
		Claims: r.db.Claims(), Consequences: &r.heard, Log: quiet, Now: r.clock, NewID: newID}), r.acts)
	agreements := agreement.NewService(agreement.Deps{Store: store.NewAgreementStore(r.db, r.index.PutAgreement), Reader: r.index, Now: r.clock, NewID: newID})
	api.RegisterAgreements(r.api, agreements)
	api.RegisterCorridors(r.api, corridor.NewService(corridor.Deps{Store: store.NewCorridorStore(r.db, r.index.PutCorridor), Reader: r.index,
		Agreements: r.index, Consequences: r.acts, Log: quiet, Now: r.clock, NewID: newID}), r.acts)
	api.RegisterReference(r.api)
	r.registerClaims()
}

// people makes the accounts whose ids are the tokens of these tests: three
// officials, three agency applicants, and one of each other role.
func (r *registers) people(t *testing.T) {
	t.Helper()
	for _, name := range []string{"official1", "official2", "official3", "agency1", "agency2", "agency3", "candidate1", "admin1", "observer1"} {
		role := account.Role(strings.TrimRight(name, "123"))
		a := &account.Account{ID: account.ID(name), Rev: 1, Email: name + "@example.org", Role: role, State: account.Active}
		if name == "agency3" {
			a.Phone = "+22370000003"
		}
		if err := r.accounts.Insert(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
}

// call makes a request that must have that status, and reads its body.
func (r *registers) call(status int, method, path, token, body string, headers ...string) record {
	r.t.Helper()
	got := r.send(method, api.Base+path, token, body, headers...)
	if got.status != status {
		r.t.Fatalf("%s %s as %q: %d, want %d: %s", method, path, token, got.status, status, got.body)
	}
	out := record{}
	if strings.HasPrefix(got.body, "{") {
		got.decode(r.t, &out)
	}
	if etag := got.header.Get("ETag"); status < 300 && out["rev"] != nil && etag != fmt.Sprintf(`"v%v"`, out["rev"]) {
		r.t.Errorf("%s %s: ETag %s of revision %v", method, path, etag, out["rev"])
	}
	return out
}

// record is a JSON object.
type record map[string]any

func (x record) text(name string) string {
	s, _ := x[name].(string)
	return s
}

// codes lists the field errors of a problem as "pointer code".
func (x record) codes() string {
	var out []string
	list, _ := x["errors"].([]any)
	for _, e := range list {
		field, _ := e.(map[string]any)
		out = append(out, fmt.Sprint(field["pointer"], " ", field["code"]))
	}
	return strings.Join(out, ", ")
}

// keys lists the members of the object in order.
func (x record) keys() string { return strings.Join(slices.Sorted(maps.Keys(x)), " ") }
