package agency

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/lifecycle/lifecycletest"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
)

// world is everything around the service, in memory and by the rules of its
// ports; documents are copied on the way in and out.
type world struct {
	mu      sync.Mutex
	docs    map[ID]string
	claims  map[string]string
	joined  map[account.ID]string
	logins  map[string]account.ID
	heard   []string
	joinErr error
	saveErr error
	now     time.Time
	made    int
}

func newWorld() (*Service, *world) {
	w := &world{docs: map[ID]string{}, claims: map[string]string{}, joined: map[account.ID]string{},
		logins: map[string]account.ID{}, now: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}
	return NewService(Deps{Store: w, Reader: w, Claims: w, Members: w, Consequences: w,
		Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return w.now }, NewID: w.newID, Secret: rand.Text}), w
}

func (w *world) newID(prefix string) string {
	w.made++
	return prefix + fmt.Sprintf("%026d", w.made)
}

func (w *world) Get(_ context.Context, id ID) (*Agency, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.read(id)
}

func (w *world) read(id ID) (*Agency, error) {
	raw, ok := w.docs[id]
	if !ok {
		return nil, notFound()
	}
	var a Agency
	return &a, json.Unmarshal([]byte(raw), &a)
}

func (w *world) write(a *Agency) error {
	if w.saveErr != nil {
		return w.saveErr
	}
	raw, err := json.Marshal(a)
	w.docs[a.ID] = string(raw)
	return err
}

func (w *world) Insert(_ context.Context, a *Agency) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := w.docs[a.ID]; ok {
		return fault.New(fault.Conflict, "store.duplicate")
	}
	return w.write(a)
}

func (w *world) Update(_ context.Context, id ID, change func(*Agency) error) (*Agency, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	a, err := w.read(id)
	if err == nil {
		err = lifecycletest.Traced(change, "Keys")(a) // the use of a key is no change of the agency
	}
	if err != nil {
		return nil, err
	}
	return a, w.write(a)
}

func (w *world) Agencies(q Query) listing.Result[Card] {
	var out listing.Result[Card]
	for id := range w.docs {
		a, _ := w.read(id)
		if q.Scope.All || q.Scope.Public && a.State.Registered() || q.Scope.Agency == string(id) {
			out.Items = append(out.Items, Card{ID: id, State: a.State})
		}
	}
	out.Total = len(out.Items)
	return out
}

func (w *world) AgencyCard(id ID) (Card, bool) {
	a, err := w.Get(context.Background(), id)
	if err != nil {
		return Card{}, false
	}
	return Card{ID: id, State: a.State}, true
}

// AgencyLookAlikes finds every agency alike.
func (w *world) AgencyLookAlikes(string) (all []LookAlike) {
	for id := range w.docs {
		all = append(all, LookAlike{Card: Card{ID: id}, Similarity: 100})
	}
	return all
}

// AgencyKey finds a key by its prefix.
func (w *world) AgencyKey(prefix string) (ID, Key, bool) {
	for id := range w.docs {
		a, _ := w.read(id)
		for _, k := range a.Keys {
			if k.Prefix == prefix {
				return id, k, true
			}
		}
	}
	return "", Key{}, false
}

// Tell notes whom a notice is for.
func (w *world) Tell(_ context.Context, id account.ID, template string, args map[string]string) error {
	w.heard = append(w.heard, template+" "+string(id)+" "+args["key"])
	return w.joinErr
}

func (w *world) AgenciesExpired(today ref.Date) []ID {
	var out []ID
	for id := range w.docs {
		if a, err := w.read(id); err == nil && a.State == Active && a.endedBefore(today) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

func (w *world) Claim(_ context.Context, key, owner string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if have, taken := w.claims[key]; taken && have != owner {
		return fault.New(fault.Conflict, "store.claimed")
	}
	w.claims[key] = owner
	return nil
}

func (w *world) Release(_ context.Context, key, owner string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.claims[key] == owner {
		delete(w.claims, key)
	}
	return nil
}

func (w *world) Join(_ context.Context, id account.ID, agency string) error {
	if w.joinErr != nil {
		return w.joinErr
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if have := w.joined[id]; have != "" && have != agency {
		return fault.New(fault.Conflict, "account.agency.taken")
	}
	w.joined[id] = agency
	return nil
}

func (w *world) Applicant(_ context.Context, login, agency string) (account.ID, error) {
	id, ok := w.logins[login]
	if have := w.joined[id]; !ok || have != "" && have != agency {
		return "", fault.New(fault.NotFound, "account.not_found")
	}
	return id, nil
}

func (w *world) AgencyChanged(_ context.Context, id ID, active bool) error {
	state := "stopped"
	if active {
		state = "active"
	}
	w.heard = append(w.heard, state)
	return fault.New(fault.Unavailable, "offers.away") // never undoes a decision
}

func official(id account.ID) account.Actor { return account.Actor{Account: id, Role: account.Official} }

func applicant(id account.ID) account.Actor { return account.Actor{Account: id, Role: account.Agency} }

func member(a *Agency) account.Actor {
	return account.Actor{Account: a.CreatedBy, Role: account.Agency, Agency: string(a.ID)}
}

// sound gives facts that break no rule on the day of the tests.
func sound() Facts {
	return Facts{Name: "Sahel Emploi", Country: "ML", Kind: Private, Licence: "N° 2024-117/MTFP", LicenceFrom: "2024-05-01",
		LicenceUntil: "2027-04-30", Email: "contact@sahel-emploi.example", Phone: "+22320212223", City: "Bamako", Website: "https://sahel-emploi.example"}
}

func must(t *testing.T) func(*Agency, error) *Agency {
	return func(a *Agency, err error) *Agency {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
}

func wantFault(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if !fault.Is(err, kind) || fault.Of(err).Code != code {
		t.Errorf("error %v, want %v %s", err, kind, code)
	}
}

// inState brings a new agency of acc_owner to a state: vetted by acc_a,
// activated by acc_b, suspended by acc_a.
func inState(t *testing.T, s *Service, w *world, want State) *Agency {
	t.Helper()
	ctx := context.Background()
	a := must(t)(s.Create(ctx, applicant("acc_owner"), sound()))
	steps := map[State][]string{Refused: {"refuse"}, Vetted: {"vet"}, Active: {"vet", "activate"}, Withdrawn: {"withdraw"},
		Suspended: {"vet", "activate", "suspend"}, Expired: {"vet", "activate", "expire"}}
	for _, step := range steps[want] {
		switch step {
		case "vet":
			must(t)(s.Vet(ctx, official("acc_a"), a.ID, ""))
		case "activate":
			must(t)(s.Activate(ctx, official("acc_b"), a.ID, ""))
		case "refuse":
			must(t)(s.Refuse(ctx, official("acc_a"), a.ID, "licence_invalid", ""))
		case "suspend":
			must(t)(s.Suspend(ctx, official("acc_a"), a.ID, "complaints", "", closing()))
		case "withdraw":
			must(t)(s.Withdraw(ctx, member(a), a.ID, ""))
		case "expire":
			if _, err := s.ExpireDue(ctx, "2027-05-01"); err != nil {
				t.Fatal(err)
			}
		}
	}
	a = must(t)(w.Get(ctx, a.ID))
	if a.State != want {
		t.Fatalf("state %s, want %s", a.State, want)
	}
	return a
}

func actions(a *Agency) string {
	var out []string
	for _, e := range a.Pending {
		out = append(out, e.Action)
	}
	return strings.Join(out, " ")
}

func closing() corridor.LegalAct {
	return corridor.LegalAct{Number: "Arrêté n° 2026-0412", Evidence: "Journal officiel"}
}

func opening() corridor.LegalAct {
	return corridor.LegalAct{Number: "Arrêté n° 2026-0500", Evidence: "Journal officiel"}
}
