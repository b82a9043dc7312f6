package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

type object = map[string]any

// deed is one change that somebody asks for; the same deed may be asked for
// again under its key.
type deed struct {
	kind       string
	who        string // token
	path       string
	body       any
	key        string
	id, expect string // the record it is about, once known, and what must be true of it
}

// mixed is a load of all kinds of changes from many clients, and the memory of
// what the service has acknowledged.
type mixed struct {
	server    *server
	terms     object
	agency    string // id
	tokens    map[string]string
	stopped   atomic.Bool
	n         atomic.Int64
	cancelled atomic.Int64

	mu           sync.Mutex
	done         []deed
	open         []deed            // asked for, and nothing heard
	offers       map[string]string // offer → the state that was acknowledged
	people       []person
	applications []string
}

// person is somebody who has registered.
type person struct{ email, token, profile string }

const newPassword = "quatre chevaux lents et doux"

func newMixed(s *server) *mixed {
	m := &mixed{offers: map[string]string{}}
	m.on(s)
	found := get[struct{ Items []struct{ ID string } }](s, "/api/v1/offers?state=published&limit=1", m.tokens["agency"])
	offer := get[object](s, "/api/v1/offers/"+found.Items[0].ID, m.tokens["agency"])
	m.terms = object{}
	for _, name := range []string{"description", "occupation", "kind", "employer", "employerName", "country", "start", "durationMonths", "hoursPerWeek", "daysPerWeek", "pay", "benefits", "costs", "deadline"} {
		if value, ok := offer[name]; ok {
			m.terms[name] = value
		}
	}
	m.agency = get[struct{ Agency string }](s, "/api/v1/me", m.tokens["agency"]).Agency
	for n := range int64(6) { // people and offers to begin with
		m.register(-1 - n)
		m.profile(-1 - n)
		m.draft(4*n + 1_000_001)
		for range 3 {
			m.moveOffer()
		}
	}
	return m
}

// on goes on with a service that was started again.
func (m *mixed) on(s *server) {
	m.server, m.tokens = s, map[string]string{}
	for _, name := range []string{"agency", "official", "official2", "official3"} {
		m.tokens[name] = s.login(name+"@demo.test", demoPassword)
	}
	m.stopped.Store(false)
}

// run makes that many deeds from eight clients, unless it is stopped before.
func (m *mixed) run(deeds int64) {
	last := m.n.Load() + deeds
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for !m.stopped.Load() {
				n := m.n.Add(1)
				if n > last {
					return
				}
				m.step(n)
			}
		})
	}
	group.Wait()
}

// step does one thing at random, as far as there is something to do it with.
func (m *mixed) step(n int64) {
	switch k := rand.IntN(100); {
	case k < 5:
		m.register(n)
	case k < 12:
		m.profile(n)
	case k < 40:
		m.draft(n)
	case k < 75:
		m.moveOffer()
	case k < 85:
		m.apply()
	case k < 93:
		m.choose()
	case k < 97:
		m.code(n)
	default:
		m.bringFile(n)
	}
}

// ask makes a deed and remembers what became of it. One in twenty callers
// hangs up at a random moment.
func (m *mixed) ask(d deed) (reply, bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if rand.IntN(20) == 0 {
		m.cancelled.Add(1)
		stop := time.AfterFunc(time.Duration(rand.IntN(20))*time.Millisecond, cancel)
		defer stop.Stop()
	}
	r := m.server.ask(ctx, d)
	var made struct{ ID string }
	_ = json.Unmarshal(r.body, &made) // not every answer has one
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case r.status == 0 || r.status == http.StatusServiceUnavailable || r.status == http.StatusTooManyRequests:
		m.open = append(m.open, d)
	case r.status >= 500, r.status == http.StatusBadRequest, r.status == http.StatusUnprocessableEntity && d.kind != "step":
		// A step may break a rule: a draft without its code is not submitted.
		m.server.t.Errorf("%s %s: %d %s", d.kind, d.path, r.status, r.body)
	case r.status < 300:
		if d.id == "" {
			d.id = made.ID
		}
		m.done = append(m.done, d)
		return r, true
	}
	return r, false
}

// ask sends one deed under its key.
func (s *server) ask(ctx context.Context, d deed) reply {
	content, contentType := d.encoded()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+d.path, content)
	if err != nil {
		s.t.Error(err)
		return reply{}
	}
	request.Header.Set("Content-Type", contentType)
	request.Header.Set("Idempotency-Key", d.key)
	if d.who != "" {
		request.Header.Set("Authorization", "Bearer "+d.who)
	}
	answer, err := mixedClient.Do(request)
	if err != nil {
		return reply{}
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return reply{}
	}
	return reply{answer.StatusCode, text}
}

var mixedClient = &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}

// encoded gives the body: a form when it is bytes already.
func (d deed) encoded() (io.Reader, string) {
	if form, ok := d.body.(sentForm); ok {
		return bytes.NewReader(form.content), form.contentType
	}
	text, err := json.Marshal(d.body)
	if err != nil || d.body == nil {
		text = []byte("{}")
	}
	return bytes.NewReader(text), "application/json"
}

type sentForm struct {
	contentType string
	content     []byte
}

func (m *mixed) register(n int64) {
	email := fmt.Sprintf("charge.%d@example.ml", n)
	m.ask(deed{kind: "register", path: "/api/v1/auth/register", key: fmt.Sprintf("register-%d", n), expect: email,
		body: object{"applicant": "candidate", "email": email, "password": newPassword}})
}

// profile has somebody who registered sign in and make a profile.
func (m *mixed) profile(n int64) {
	m.mu.Lock()
	var email string
	for i := range m.done {
		if d := &m.done[i]; d.kind == "register" && d.id == "" {
			email, d.id = d.expect, "taken"
			break
		}
	}
	m.mu.Unlock()
	if email == "" {
		m.register(n)
		return
	}
	r := m.server.send("POST", "/api/v1/auth/login", "", object{"login": email, "password": newPassword})
	var pair struct{ AccessToken string }
	if json.Unmarshal(r.body, &pair) != nil || r.status != http.StatusOK {
		return
	}
	facts := object{"identity": object{"familyName": fmt.Sprintf("Charge %d", n)}, "residence": object{"country": "ML"}, "occupations": []string{"7112"},
		"consents": []object{{"purpose": "matching", "given": true}}}
	d := deed{kind: "profile", who: pair.AccessToken, path: "/api/v1/profiles", key: fmt.Sprintf("profile-%d", n), body: facts}
	if r, ok := m.ask(d); ok {
		var made struct{ ID string }
		_ = json.Unmarshal(r.body, &made) // it was made: ask has read the same
		m.mu.Lock()
		m.people = append(m.people, person{email, pair.AccessToken, made.ID})
		m.mu.Unlock()
	}
}

func (m *mixed) draft(n int64) {
	terms := maps.Clone(m.terms)
	terms["title"], terms["places"] = fmt.Sprintf("Poste de charge %d", n), 1+n%3
	if n%4 == 0 {
		delete(terms, "occupation") // for a clerk
	}
	d := deed{kind: "draft", who: m.tokens["agency"], path: "/api/v1/offers", key: fmt.Sprintf("draft-%d", n), body: terms, expect: terms["title"].(string)}
	if r, ok := m.ask(d); ok {
		var made struct{ ID string }
		_ = json.Unmarshal(r.body, &made) // as above
		m.note(made.ID, "draft")
	}
}

func (m *mixed) note(offer, state string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.offers[offer] = state
}

// steps of an offer: from a state, who does what, to a state.
var steps = map[string][3]string{
	"draft": {"agency", "submissions", "submitted"}, "submitted": {"official", "approvals", "approved"}, "approved": {"official2", "publications", "published"},
}

// moveOffer takes an offer one step further; nobody else moves it meanwhile.
func (m *mixed) moveOffer() {
	m.mu.Lock()
	var id, from string
	for offer, state := range m.offers {
		if _, ok := steps[state]; ok {
			id, from = offer, state
			m.offers[offer] = "moving"
			break
		}
	}
	m.mu.Unlock()
	if id == "" {
		return
	}
	step := steps[from]
	r, ok := m.ask(deed{kind: "step", who: m.tokens[step[0]], path: "/api/v1/offers/" + id + "/" + step[1], key: id + step[1], id: id, expect: step[2]})
	switch {
	case ok:
		m.note(id, step[2])
	case r.status >= 400 && r.status < 500:
		m.note(id, "refused by a rule")
	}
}

// pick chooses a published offer.
func (m *mixed) pick(state string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	for offer, now := range m.offers {
		if now == state {
			return offer
		}
	}
	return ""
}

func (m *mixed) apply() {
	offer := m.pick("published")
	m.mu.Lock()
	people := slices.Clone(m.people)
	m.mu.Unlock()
	if offer == "" || len(people) == 0 {
		return
	}
	p := people[rand.IntN(len(people))]
	d := deed{kind: "application", who: p.token, path: "/api/v1/offers/" + offer + "/applications", key: "apply-" + offer + p.profile, body: object{"message": "Bonjour."}}
	if r, ok := m.ask(d); ok {
		var made struct{ ID string }
		_ = json.Unmarshal(r.body, &made) // as above
		m.mu.Lock()
		if !slices.Contains(m.applications, made.ID) {
			m.applications = append(m.applications, made.ID)
		}
		m.mu.Unlock()
	}
}

// choose selects an applicant while places last.
func (m *mixed) choose() {
	m.mu.Lock()
	var id string
	if n := len(m.applications); n > 0 {
		id = m.applications[n-1]
		m.applications = m.applications[:n-1]
	}
	m.mu.Unlock()
	if id != "" {
		m.ask(deed{kind: "selection", who: m.tokens["agency"], path: "/api/v1/applications/" + id + "/selections", key: "select-" + id, id: id})
	}
}

// code has a clerk code the drafts whose titles hold a number.
func (m *mixed) code(n int64) {
	m.ask(deed{kind: "coding", who: m.tokens["official3"], path: "/api/v1/offers/codings", key: fmt.Sprintf("code-%d", n),
		body: object{"agency": m.agency, "titleContains": fmt.Sprintf("charge %d", n/10), "occupation": "7112"}})
}

// bringFile imports ten rows.
func (m *mixed) bringFile(n int64) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.WriteField("kind", "offers") // a buffer takes everything
	part, err := w.CreateFormFile("file", "charge.json")
	if err != nil {
		m.server.t.Error(err)
		return
	}
	rows := []object{}
	for i := range 10 {
		rows = append(rows, object{"key": fmt.Sprintf("charge-%d-%d", n, i), "title": fmt.Sprintf("Maçon importé %d-%d", n, i), "country": "ES", "employer": "Essai SA", "description": "Travaux."})
	}
	if err := json.NewEncoder(part).Encode(rows); err != nil || w.Close() != nil {
		m.server.t.Error(err)
		return
	}
	m.ask(deed{kind: "import", who: m.tokens["agency"], path: "/api/v1/imports", key: fmt.Sprintf("import-%d", n), body: sentForm{w.FormDataContentType(), b.Bytes()}})
}
