package account_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/lifecycle/lifecycletest"
	"passerelle/internal/domain/listing"
)

// memory is a store and a read model in one.
type memory struct {
	mu   sync.Mutex
	docs map[account.ID]account.Account
}

func (m *memory) Get(_ context.Context, id account.ID) (*account.Account, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.docs[id]
	if !ok {
		return nil, fault.New(fault.NotFound, "store.not_found")
	}
	return &a, nil
}

func (m *memory) ByLogin(_ context.Context, login account.Identifier) (*account.Account, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, a := range m.docs {
		if slices.Contains(a.Logins(), login) {
			return &a, nil
		}
	}
	return nil, fault.New(fault.NotFound, "store.not_found")
}

func (m *memory) Insert(ctx context.Context, a *account.Account) error {
	for _, login := range a.Logins() {
		if _, err := m.ByLogin(ctx, login); err == nil {
			return fault.New(fault.Conflict, "account.taken")
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, taken := m.docs[a.ID]; taken {
		return fault.New(fault.Conflict, "store.duplicate")
	}
	m.docs[a.ID] = *a
	return nil
}

func (m *memory) Update(_ context.Context, id account.ID, change func(*account.Account) error) (*account.Account, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.docs[id]
	if !ok {
		return nil, fault.New(fault.NotFound, "store.not_found")
	}
	if err := lifecycletest.Traced(change)(&a); err != nil {
		return nil, err
	}
	m.docs[id] = a
	return &a, nil
}

func (m *memory) AccountCard(id account.ID) (account.Card, bool) {
	a, err := m.Get(context.Background(), id)
	if err != nil {
		return account.Card{}, false
	}
	return a.Card(), true
}

func (m *memory) Accounts(q account.Query) (out listing.Result[account.Card]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var cards []account.Card
	for _, a := range m.docs {
		if q.Matches(a.Card()) {
			cards = append(cards, a.Card())
		}
	}
	slices.SortFunc(cards, func(a, b account.Card) int { return strings.Compare(string(a.ID), string(b.ID)) })
	out.Total = len(cards)
	from, _ := slices.BinarySearchFunc(cards, q.Page.After, func(c account.Card, after string) int {
		if string(c.ID) <= after {
			return -1
		}
		return 1
	})
	out.Items = cards[from:]
	if len(out.Items) > q.Page.Size() {
		out.Items = out.Items[:q.Page.Size()]
		out.Next = string(out.Items[len(out.Items)-1].ID)
	}
	return out
}

// plain stands for package auth: a hash that can be read in a test.
type plain struct{ serial int }

func (p *plain) Check(password string, personal ...string) error {
	if len(password) < 12 || slices.Contains(personal, password) {
		return fault.New(fault.Invalid, "auth.password.policy")
	}
	return nil
}
func (p *plain) Hash(_ context.Context, password string) (string, error) { return "h:" + password, nil }
func (p *plain) Generate() (string, error) {
	p.serial++
	return fmt.Sprintf("generated-%d", p.serial), nil
}

type desk struct {
	*account.Service
	mem memory
	now time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{mem: memory{docs: map[account.ID]account.Account{}}, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	serial := 0
	d.Service = account.NewService(account.Ports{
		Store: &d.mem, Reader: &d.mem, Passwords: &plain{},
		Phone: func(s string) (string, error) {
			if !account.IsE164(s) {
				return "", fault.New(fault.Invalid, "account.phone", fault.Field{Pointer: "/phone", Code: "account.phone"})
			}
			return s, nil
		},
		Now: func() time.Time { return d.now },
		NewID: func(prefix string) string {
			serial++
			return fmt.Sprintf("%s1%025d", prefix, serial)
		},
	})
	return d
}

// first opens the first administrator's account and gives its actor.
func (d *desk) first(t *testing.T) account.Actor {
	t.Helper()
	issued, err := d.FirstAdmin(t.Context(), account.NewAccount{Email: "chef@example.ml", Password: "une phrase choisie"})
	if err != nil {
		t.Fatal(err)
	}
	return issued.Account.Actor()
}

func (d *desk) create(t *testing.T, by account.Actor, email string, post account.Post) account.Issued {
	t.Helper()
	issued, err := d.Create(t.Context(), by, account.NewAccount{Email: email, Post: post})
	if err != nil {
		t.Fatal(err)
	}
	return issued
}

func wantCode(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Kind != kind || f.Code != code {
		t.Fatalf("got %v, want %v %s", err, kind, code)
	}
}
