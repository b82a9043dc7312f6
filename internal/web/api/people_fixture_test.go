package api_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/profile"
	"passerelle/internal/index"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
	"passerelle/internal/web"
	"passerelle/internal/web/api"
)

// people is the API of accounts, profiles, matches and applications over real
// sign-in, store and read model, on a listener of 127.0.0.1.
type people struct {
	*fixture
	db        *store.DB
	index     *index.Index
	accounts  *store.AccountStore
	codes     *store.CodeStore
	offers    *store.OfferStore
	incidents *store.IncidentStore
	auth      *auth.Service
	keys      *auth.Keyring
	users     *account.Service
	hash      string // of password
	at        atomic.Int64
	made      atomic.Int64
	tokens    map[string]string
	mailbox   sync.Map // what was to be sent, by code id
}

// password opens every account of these tests.
const password = "Balafon-ngoni-2741"

func (p *people) now() time.Time          { return time.UnixMilli(p.at.Load()).UTC() }
func (p *people) forward(d time.Duration) { p.at.Add(d.Milliseconds()) }

// mail notes what a request for a code sends.
func (p *people) mail(c *account.Code) {
	if len(c.Outbox) > 0 {
		if private, err := p.auth.OpenNotice(c.Outbox[0]); err == nil {
			p.mailbox.Store(private.To, private.Secret)
		}
	}
}

// sent gives the code that was last sent to that address.
func (p *people) sent(to string) string {
	secret, _ := p.mailbox.Load(to)
	text, _ := secret.(string)
	return text
}

// newID gives ids with the form of ULIDs.
func (p *people) newID(prefix string) string { return fmt.Sprintf("%s%026d", prefix, p.made.Add(1)) }

func startPeople(t *testing.T) *people {
	t.Helper()
	p := &people{tokens: map[string]string{}}
	p.at.Store(time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC).UnixMilli())
	p.db = storetest.Open(t, storetest.Clock(p.now))
	p.index = index.New(index.Options{Now: p.now, Weights: match.DefaultWeights()})
	p.index.Loaded()
	p.accounts = store.NewAccountStore(p.db, p.index.PutAccount)
	p.codes = store.NewCodeStore(p.db, p.mail)
	passwords := p.openAuth(t)
	server, err := web.New(web.Options{Authenticator: p.auth, Rates: web.Rates{Off: true}})
	if err != nil {
		t.Fatal(err)
	}
	p.fixture = &fixture{t: t, server: server, logs: &logs{}}
	p.api = newAPI(t, server, func(context.Context) error { return nil })
	p.register(t, passwords)
	if err := p.api.Mount(); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(server.Handler())
	t.Cleanup(s.Close)
	p.url = s.URL
	return p
}

// openAuth starts the real sign-in, with cheap hashing and no waiting.
func (p *people) openAuth(t *testing.T) *auth.Passwords {
	t.Helper()
	master, err := auth.NewMaster(bytes.Repeat([]byte("\x01\x9c\x33\xfe\x47\x80\x5a\x12\xd4\x6b\xe9\x2f\xb8\x73\x0a\xc6"), 2), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := auth.OpenKeyring(t.Context(), p.db.Keys(), master, rand.Reader, p.now)
	p.keys = keys
	if err != nil {
		t.Fatal(err)
	}
	passwords, err := auth.NewPasswords(auth.Hashing{MemoryKiB: 64, Passes: 1, Lanes: 1, AtOnce: 4}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p.auth, err = auth.NewService(t.Context(), auth.Ports{
		Accounts: p.accounts, Lookup: p.index, Logins: p.accounts, Sessions: store.NewSessionStore(p.db), Codes: p.codes, Keys: keys, Passwords: passwords,
		Now: p.now, NewID: p.newID, Wait: func(context.Context, time.Duration) {},
	}, auth.Options{Issuer: "https://passerelle.test", Audience: "https://passerelle.test"})
	if err != nil {
		t.Fatal(err)
	}
	if p.hash, err = passwords.Hash(t.Context(), password); err != nil {
		t.Fatal(err)
	}
	return passwords
}

func (p *people) register(t *testing.T, passwords *auth.Passwords) {
	t.Helper()
	matches := match.NewService(match.Deps{Reader: p.index, Weights: match.DefaultWeights(), Now: p.now})
	api.RegisterAuth(p.api, p.auth)
	p.users = account.NewService(account.Ports{
		Store: p.accounts, Reader: p.index, Passwords: passwords, Phone: auth.ParsePhone, Now: p.now, NewID: p.newID,
	})
	api.RegisterMe(p.api, p.users)
	api.RegisterUsers(p.api, p.users, p.auth)
	api.RegisterKeys(p.api, auth.KeyService{Ring: p.keys})
	api.RegisterProfiles(p.api, profile.NewService(profile.Deps{
		Store: store.NewProfileStore(p.db, p.index.PutProfile), Reader: p.index, Claims: p.db.Claims(), Agencies: p.index,
		Phone: auth.ParsePhone, Now: p.now, NewID: p.newID,
	}), p.now)
	api.RegisterMatches(p.api, matches)
	p.registerApplications(t)
	p.registerIncidents(t)
}

// token signs somebody in, who gets an account at the first call. The name
// says the role: "official2", "agency1" (a member of agy_1), "collector".
func (p *people) token(name string) string {
	p.t.Helper()
	if token, known := p.tokens[name]; known || name == "" {
		return token
	}
	a := &account.Account{
		ID: account.ID("acc_" + name), Rev: 1, Email: name + "@example.org", PasswordHash: p.hash,
		Role: account.Role(strings.TrimRight(name, "0123456789")), State: account.Active,
	}
	switch {
	case name == "collector":
		a.Role, a.Institution, a.Collector = account.Official, "anpe", true
	case a.Role == account.Official:
		a.Institution = "ministry"
	case a.Role == account.Agency:
		a.Agency = "agy_" + name[len("agency"):]
		p.index.PutAgency(&agency.Agency{ID: agency.ID(a.Agency), State: agency.Active, Facts: agency.Facts{Name: "Agence " + name}})
	}
	if err := p.accounts.Insert(p.t.Context(), a); err != nil {
		p.t.Fatal(err)
	}
	pair := p.call(200, "POST", "/auth/login", "", fmt.Sprintf(`{"email":%q,"password":%q}`, a.Email, password))
	p.tokens[name] = pair.text("accessToken")
	return p.tokens[name]
}

// as makes a request in somebody's name.
func (p *people) as(status int, name, method, path, body string, headers ...string) record {
	p.t.Helper()
	return p.call(status, method, path, p.token(name), body, headers...)
}

// call makes a request that must have that status, and reads its body.
func (p *people) call(status int, method, path, token, body string, headers ...string) record {
	p.t.Helper()
	got := p.send(method, api.Base+path, token, body, headers...)
	if got.status != status {
		p.t.Fatalf("%s %s: %d, want %d: %s", method, path, got.status, status, got.body)
	}
	out := record{}
	if strings.HasPrefix(got.body, "{") {
		got.decode(p.t, &out)
	}
	if etag := got.header.Get("ETag"); status < 300 && out["rev"] != nil && etag != fmt.Sprintf(`"v%v"`, out["rev"]) {
		p.t.Errorf("%s %s: ETag %s of revision %v", method, path, etag, out["rev"])
	}
	return out
}

// member gives an object inside an object.
func (x record) member(name string) record {
	inner, _ := x[name].(map[string]any)
	return inner
}

// items gives the objects of a list.
func (x record) items(name string) []record {
	list, _ := x[name].([]any)
	out := make([]record, len(list))
	for i, item := range list {
		out[i], _ = item.(map[string]any)
	}
	return out
}

// json writes the object as a body.
func (x record) json(t *testing.T) string {
	t.Helper()
	text, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
