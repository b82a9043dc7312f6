package employer

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
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
	mu     sync.Mutex
	docs   map[ID]string
	claims map[string]string
	heard  []bool
}

func newWorld() (*Service, *world) {
	w, n := &world{docs: map[ID]string{}, claims: map[string]string{}}, 0
	return NewService(Deps{Store: w, Reader: w, Claims: w, Consequences: w, Log: slog.New(slog.DiscardHandler),
		Now:   func() time.Time { return time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC) },
		NewID: func(prefix string) string { n++; return fmt.Sprintf("%s%02d", prefix, n) }}), w
}

func (w *world) Get(_ context.Context, id ID) (*Employer, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.read(id)
}

func (w *world) read(id ID) (*Employer, error) {
	raw, ok := w.docs[id]
	if !ok {
		return nil, notFound()
	}
	var e Employer
	return &e, json.Unmarshal([]byte(raw), &e)
}

func (w *world) write(e *Employer) error {
	raw, err := json.Marshal(e)
	w.docs[e.ID] = string(raw)
	return err
}

func (w *world) Insert(_ context.Context, e *Employer) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := w.docs[e.ID]; ok {
		return fault.New(fault.Conflict, "store.duplicate")
	}
	return w.write(e)
}

func (w *world) Update(_ context.Context, id ID, change func(*Employer) error) (*Employer, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e, err := w.read(id)
	if err == nil {
		err = lifecycletest.Traced(change)(e)
	}
	if err != nil {
		return nil, err
	}
	return e, w.write(e)
}

func (w *world) Employers(q Query) listing.Result[Card] {
	var out listing.Result[Card]
	for id := range w.docs {
		e, _ := w.read(id)
		if q.Scope.All || q.Scope.Public && e.State == Accredited || q.Scope.Agency != "" && q.Scope.Agency == e.Agency {
			out.Items = append(out.Items, Card{ID: id, State: e.State})
		}
	}
	out.Total = len(out.Items)
	return out
}

func (w *world) EmployerCard(id ID) (Card, bool) {
	e, err := w.Get(context.Background(), id)
	if err != nil {
		return Card{}, false
	}
	return Card{ID: id, State: e.State}, true
}

func (w *world) LookAlikes(string, ref.Country) []LookAlike {
	return []LookAlike{{ID: "emp_01", Similarity: 100}, {ID: "emp_02", Similarity: 90}}
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

func (w *world) EmployerChanged(_ context.Context, _ ID, accredited bool) error {
	w.heard = append(w.heard, accredited)
	return fault.New(fault.Unavailable, "offers.away") // never undoes a decision
}

func official(id account.ID) account.Actor { return account.Actor{Account: id, Role: account.Official} }

func agent(agency string) account.Actor {
	return account.Actor{Account: account.ID("acc_of_" + agency), Role: account.Agency, Agency: agency}
}

// sound gives facts that break no rule.
func sound() Facts {
	return Facts{Name: "Frutas del Sur SL", Country: "ES", Registration: "B-12 345/678", Sector: "A",
		Sites: []Site{{Name: "Finca Norte", City: "Huelva", Region: "Andalucía"}}, Website: "https://frutas.example"}
}

func must(t *testing.T) func(*Employer, error) *Employer {
	return func(e *Employer, err error) *Employer {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
}

func wantFault(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if !fault.Is(err, kind) || fault.Of(err).Code != code {
		t.Errorf("error %v, want %v %s", err, kind, code)
	}
}

// inState brings a new employer, declared by agy_1, to a state through acc_a
// (first) and acc_b (second).
func inState(t *testing.T, s *Service, want State) *Employer {
	t.Helper()
	ctx := context.Background()
	e := must(t)(s.Create(ctx, agent("agy_1"), sound()))
	if want == Refused {
		e = must(t)(s.Refuse(ctx, official("acc_a"), e.ID, "not_registered", ""))
	}
	if want == Accredited || want == Barred {
		e = must(t)(s.Accredit(ctx, official("acc_a"), e.ID, ""))
	}
	if want == Barred {
		must(t)(s.Bar(ctx, official("acc_a"), e.ID, "abuse", "", closing()))
		e = must(t)(s.Bar(ctx, official("acc_b"), e.ID, "abuse", "", closing()))
	}
	if e.State != want {
		t.Fatalf("state %s, want %s", e.State, want)
	}
	return e
}

func closing() corridor.LegalAct {
	return corridor.LegalAct{Number: "Arrêté n° 2026-0412", Evidence: "Journal officiel"}
}

func opening() corridor.LegalAct {
	return corridor.LegalAct{Number: "Arrêté n° 2026-0500", Evidence: "Journal officiel"}
}
