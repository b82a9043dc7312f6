package corridor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/lifecycle/lifecycletest"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/ref"
)

// shelf keeps corridors in memory by the rules of Store, copied on the way in
// and out.
type shelf struct {
	mu   sync.Mutex
	docs map[Code]string
}

func (s *shelf) Get(_ context.Context, code Code) (*Corridor, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.read(code)
}

func (s *shelf) read(code Code) (*Corridor, error) {
	raw, ok := s.docs[code]
	if !ok {
		return nil, notFound()
	}
	var c Corridor
	return &c, json.Unmarshal([]byte(raw), &c)
}

func (s *shelf) write(c *Corridor) error {
	raw, err := json.Marshal(c)
	s.docs[c.Code] = string(raw)
	return err
}

func (s *shelf) Insert(_ context.Context, c *Corridor) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.docs[c.Code]; ok {
		return fault.New(fault.Conflict, "store.duplicate")
	}
	return s.write(c)
}

func (s *shelf) Update(_ context.Context, code Code, change func(*Corridor) error) (*Corridor, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.read(code)
	if err == nil {
		err = lifecycletest.Traced(change)(c)
	}
	if err != nil {
		return nil, err
	}
	return c, s.write(c)
}

func (s *shelf) Corridor(code Code) (*Corridor, bool) {
	c, err := s.Get(context.Background(), code)
	return c, err == nil
}

func (s *shelf) Corridors() []*Corridor {
	var out []*Corridor
	for code := range s.docs {
		if c, ok := s.Corridor(code); ok {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b *Corridor) int { return strings.Compare(string(a.Code), string(b.Code)) })
	return out
}

// seeded knows the agreements of the first set.
type seeded struct{}

func (seeded) Agreement(id agreement.ID) (*agreement.Agreement, bool) {
	for _, d := range agreement.Defaults() {
		if d.ID == id {
			return &agreement.Agreement{ID: id, Facts: d.Facts}, true
		}
	}
	return nil, false
}

// heard remembers the corridors whose change was carried on.
type heard struct {
	codes []Code
	fail  error
}

func (h *heard) CorridorChanged(_ context.Context, code Code) error {
	h.codes = append(h.codes, code)
	return h.fail
}

func clock() time.Time { return time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC) }

func official(id account.ID) account.Actor { return account.Actor{Account: id, Role: account.Official} }

func newTestService() (*Service, *shelf, *heard) {
	s, h := &shelf{docs: map[Code]string{}}, &heard{}
	return NewService(Deps{Store: s, Reader: s, Agreements: seeded{}, Consequences: h, Log: slog.New(slog.DiscardHandler), Now: clock,
		NewID: func(prefix string) string { return prefix + "01" }}), s, h
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestOnlyOfficialsChangeCorridors(t *testing.T) {
	ctx := context.Background()
	order := Order{Act: "Arrêté 1", Evidence: "e"}
	calls := map[string]func(*Service, account.Actor) error{
		"create": func(s *Service, a account.Actor) error { _, err := s.Create(ctx, a, "ML-IT", sound()); return err },
		"put":    func(s *Service, a account.Actor) error { _, err := s.Put(ctx, a, "ML-ES", 1, sound()); return err },
		"suspend": func(s *Service, a account.Actor) error {
			_, err := s.Suspend(ctx, a, "ML-ES", order)
			return err
		},
		"reopen": func(s *Service, a account.Actor) error { _, err := s.Reopen(ctx, a, "ML-FR", order); return err },
	}
	reads := map[string]func(*Service, account.Actor) error{
		"list": func(s *Service, a account.Actor) error { _, err := s.List(ctx, a, listing.Page{}); return err },
		"get":  func(s *Service, a account.Actor) error { _, err := s.Get(ctx, a, "ML-ES"); return err },
		"current": func(s *Service, a account.Actor) error {
			if _, err := s.Current(a, "ML-XX"); !fault.Is(err, fault.NotFound) {
				return fmt.Errorf("a corridor that is not there: %w", err)
			}
			c, err := s.Current(a, "ML-ES")
			if err == nil && c.Code != "ML-ES" {
				err = fmt.Errorf("got %s", c.Code)
			}
			return err
		},
	}
	for _, role := range append(account.Roles(), account.Anonymous) {
		actor := account.Actor{Account: "acc_x", Role: role}
		want, code := fault.Forbidden, "auth.forbidden"
		if role == account.Anonymous {
			actor.Account, want, code = "", fault.Unauthenticated, "auth.required"
		}
		prepared := func() *Service {
			s, _, _ := newTestService()
			must[*Corridor](t)(s.Create(ctx, official("acc_a"), "ML-ES", sound()))
			must[*Corridor](t)(s.Create(ctx, official("acc_a"), "ML-FR", sound()))
			must[*Corridor](t)(s.Suspend(ctx, official("acc_a"), "ML-FR", order))
			return s
		}
		for name, call := range calls {
			err := call(prepared(), actor)
			if role == account.Official && err != nil || role != account.Official && (!fault.Is(err, want) || fault.Of(err).Code != code) {
				t.Errorf("%s as %q: %v", name, role, err)
			}
		}
		for name, call := range reads {
			if err := call(prepared(), actor); err != nil {
				t.Errorf("%s as %q: %v", name, role, err)
			}
		}
	}
}

func TestPutComparesTheRevision(t *testing.T) {
	s, _, h := newTestService()
	ctx, a := context.Background(), official("acc_a")
	must[*Corridor](t)(s.Create(ctx, a, "ML-ES", sound()))
	if _, err := s.Create(ctx, a, "ML-ES", sound()); !fault.Is(err, fault.Conflict) || fault.Of(err).Code != "corridor.exists" {
		t.Errorf("second creation: %v", err)
	}
	if _, err := s.Put(ctx, a, "ML-ES", 7, sound()); !fault.Is(err, fault.Stale) {
		t.Errorf("stale put: %v", err)
	}
	f := sound()
	f.MaxHours, f.Kinds = 4000, nil
	c := must[*Corridor](t)(s.Put(ctx, a, "ML-ES", 1, f))
	entry := c.Pending[len(c.Pending)-1]
	if c.Rev != 2 || c.MaxHours != 4000 || !slices.Equal(entry.Fields, []string{"kinds", "maxHours"}) || entry.ID != "aud_ML-ES_2_0" {
		t.Errorf("after put: rev %d, hours %d, entry %+v", c.Rev, c.MaxHours, entry)
	}
	if _, err := s.Put(ctx, a, "ML-ZW", 1, f); !fault.Is(err, fault.NotFound) {
		t.Errorf("absent corridor: %v", err)
	}
	if _, err := s.Create(ctx, a, "ML-XX", sound()); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such country: %v", err)
	}
	if !slices.Equal(h.codes, []Code{"ML-ES"}) {
		t.Errorf("consequences: %v", h.codes)
	}
}

func TestTheSwitchTakesTwoOfficials(t *testing.T) {
	s, _, h := newTestService()
	ctx, a, b := context.Background(), official("acc_a"), official("acc_b")
	must[*Corridor](t)(s.Create(ctx, a, "ML-ES", sound()))
	order := Order{Kind: ref.Seasonal, Act: "Arrêté 2026-12", Evidence: "Journal officiel"}
	c := must[*Corridor](t)(s.Suspend(ctx, a, "ML-ES", order))
	if c.Open(ref.Seasonal, "9211") || !c.Open(ref.Permanent, "9211") || c.Rev != 2 {
		t.Fatalf("after suspension: %+v", c)
	}
	again := must[*Corridor](t)(s.Suspend(ctx, b, "ML-ES", order))
	if again.Rev != 2 || len(again.Suspensions) != 1 {
		t.Errorf("the same act twice: rev %d, %d suspensions", again.Rev, len(again.Suspensions))
	}
	lift := Order{Act: "Arrêté 2026-40", Evidence: "Journal officiel"}
	if _, err := s.Reopen(ctx, a, "ML-ES", lift); !fault.Is(err, fault.Forbidden) || fault.Of(err).Code != "four_eyes.same" {
		t.Fatalf("reopening by the one who suspended: %v", err)
	}
	if _, err := s.Reopen(ctx, b, "ML-ES", Order{Kind: ref.Permanent, Act: "x", Evidence: "e"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("reopening what is open: %v", err)
	}
	c = must[*Corridor](t)(s.Reopen(ctx, b, "ML-ES", lift))
	if !c.Open(ref.Seasonal, "9211") || len(c.Reopenings) != 1 || c.Reopenings[0].Lifted[0].Act != order.Act || c.Rev != 3 {
		t.Errorf("after reopening: %+v", c)
	}
	if c = must[*Corridor](t)(s.Reopen(ctx, b, "ML-ES", lift)); c.Rev != 3 {
		t.Errorf("the same reopening twice: rev %d", c.Rev)
	}
	if _, err := s.Suspend(ctx, a, "ML-ES", order); !fault.Is(err, fault.Conflict) || fault.Of(err).Code != "corridor.act.used" {
		t.Errorf("a lifted act closes the corridor again: %v", err)
	}
	order.Act = "Arrêté 2026-41"
	must[*Corridor](t)(s.Suspend(ctx, a, "ML-ES", order))
	if _, err := s.Reopen(ctx, b, "ML-ES", lift); !fault.Is(err, fault.Conflict) || fault.Of(err).Code != "corridor.act.used" {
		t.Errorf("a used act reopens what was closed since: %v", err)
	}
	if len(h.codes) != 4 {
		t.Errorf("consequences: %v, want creation and three turns of the switch", h.codes)
	}
}

func TestOrdersAreChecked(t *testing.T) {
	s, _, _ := newTestService()
	ctx, a := context.Background(), official("acc_a")
	must[*Corridor](t)(s.Create(ctx, a, "ML-ES", sound()))
	for pointer, o := range map[string]Order{
		"/act": {Evidence: "e"}, "/evidence": {Act: "A", Evidence: " "}, "/kind": {Act: "A", Evidence: "e", Kind: "x"},
		"/occupation": {Act: "A", Evidence: "e", Occupation: "999"},
	} {
		_, err := s.Suspend(ctx, a, "ML-ES", o)
		if !fault.Is(err, fault.Invalid) || fault.Of(err).Fields[0].Pointer != pointer {
			t.Errorf("%+v: %v, want a fault at %s", o, err, pointer)
		}
	}
	if _, err := s.Suspend(ctx, a, "ML-IT", Order{Act: "A", Evidence: "e"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("absent corridor: %v", err)
	}
}

func TestAFailedConsequenceDoesNotUndo(t *testing.T) {
	s, _, h := newTestService()
	h.fail = errors.New("offers are away")
	c, err := s.Create(context.Background(), official("acc_a"), "ML-ES", sound())
	if err != nil || c.Rev != 1 {
		t.Fatalf("create: %v", err)
	}
	if c, err = s.Suspend(context.Background(), official("acc_a"), "ML-ES", Order{Act: "A", Evidence: "e"}); err != nil || len(c.Suspensions) != 1 {
		t.Errorf("suspend: %v", err)
	}
}

func TestPagesHoldEveryCorridorOnce(t *testing.T) {
	s, _, _ := newTestService()
	if _, err := s.Seed(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int{1, 4, 20, 21, 100} {
		var seen []Code
		page := listing.Page{Limit: limit}
		for {
			r := must[listing.Result[*Corridor]](t)(s.List(context.Background(), account.Actor{}, page))
			if r.Total != 21 || len(r.Items) > limit {
				t.Fatalf("limit %d: %d of %d", limit, len(r.Items), r.Total)
			}
			for _, c := range r.Items {
				seen = append(seen, c.Code)
			}
			if r.Next == "" {
				break
			}
			page.After = r.Next
		}
		if len(seen) != 21 || !slices.IsSorted(seen) || len(slices.Compact(slices.Clone(seen))) != 21 {
			t.Errorf("limit %d: %v", limit, seen)
		}
	}
}
