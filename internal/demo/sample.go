// Package demo makes a believable, clearly fictitious, country-sized sample:
// agencies, employers, offers in every state, profiles in Mali and abroad,
// applications in every state, and placements at every step. The same clock and seed give the same
// sample. Every record has come to its state through the domain's own
// transitions, so nothing in it could not have happened.
package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// Sizes of the sample.
const (
	Offers   = 470
	Profiles = 2100
)

// Sample is everything the demonstration starts with. Accounts come without
// password; the ones in Demo are meant to be signed in to.
type Sample struct {
	Accounts     []*account.Account
	Demo         []account.ID
	Agencies     []*agency.Agency
	Employers    []*employer.Employer
	Offers       []*offer.Offer
	Profiles     []*profile.Profile
	Applications []*application.Application
	Placements   []*placement.Placement
	Contents     map[string][]byte // of the placements' documents, by key
}

// maker is the state of one making.
type maker struct {
	*Sample
	r         *rand.Rand
	now       time.Time
	corridors map[ref.Country]*corridor.Corridor
	byEmail   map[string]*account.Account
	employers map[string]*employer.Employer
}

// Make builds the sample as of now. corridors are the frames the offers are
// linted against.
func Make(now time.Time, seed uint64, corridors []corridor.Corridor) (*Sample, error) {
	m := &maker{
		Sample: &Sample{Contents: map[string][]byte{}}, r: rand.New(rand.NewPCG(seed, 2021)), now: now.UTC().Truncate(time.Second),
		corridors: map[ref.Country]*corridor.Corridor{}, byEmail: map[string]*account.Account{}, employers: map[string]*employer.Employer{},
	}
	for i := range corridors {
		m.corridors[corridors[i].Destination] = &corridors[i]
	}
	m.agencies()
	m.accounts()
	if err := m.offers(); err != nil {
		return nil, fmt.Errorf("demo offers: %w", err)
	}
	if err := m.people(); err != nil {
		return nil, fmt.Errorf("demo profiles: %w", err)
	}
	if err := m.applications(); err != nil {
		return nil, fmt.Errorf("demo applications: %w", err)
	}
	if err := m.placements(); err != nil {
		return nil, fmt.Errorf("demo placements: %w", err)
	}
	if err := m.travellers(); err != nil {
		return nil, fmt.Errorf("demo travellers: %w", err)
	}
	return m.Sample, nil
}

// id makes a stable, unguessable-looking id.
func id(prefix string, n int, salt string) string {
	sum := sha256.Sum256([]byte(fmt.Sprintf("demo %s %d %s", prefix, n, salt)))
	return prefix + hex.EncodeToString(sum[:13])
}

func pick[T any](m *maker, of []T) T { return of[m.r.IntN(len(of))] }

// chance is true in percent of 100 cases.
func (m *maker) chance(percent int) bool { return m.r.IntN(100) < percent }

// ago gives an instant n days before now, within office hours.
func (m *maker) ago(days int) time.Time {
	day := m.now.AddDate(0, 0, -days)
	t := time.Date(day.Year(), day.Month(), day.Day(), 8+m.r.IntN(9), m.r.IntN(60), 0, 0, time.UTC)
	if t.After(m.now) {
		return m.now.Add(-time.Minute)
	}
	return t
}

func (m *maker) date(days int) ref.Date { return ref.DateOf(m.now.AddDate(0, 0, days)) }

func (m *maker) agencies() {
	for i, b := range bureaus() {
		a := &agency.Agency{
			ID: agency.ID(id("agy_", i, b.name)), Rev: 1, State: agency.State(b.state), CreatedAt: m.ago(400 + i), UpdatedAt: m.ago(90 + i),
			Facts: agency.Facts{
				Name: b.name, Country: b.country, Kind: agency.Kind(b.kind), Licence: b.licence, City: b.city,
				LicenceFrom: m.date(-700), Email: fmt.Sprintf("contact%d@demo.test", i+1), Phone: fmt.Sprintf("+2232000%04d", i),
			},
		}
		if a.Facts.Kind == agency.Private {
			a.Facts.LicenceUntil = m.date(300 + 20*i)
		}
		a.Decisions = m.vetting(a.State)
		m.Agencies = append(m.Agencies, a)
	}
}

// vetting lists the decisions that led to an agency's state.
func (m *maker) vetting(state agency.State) (out []agency.Decision) {
	official := func(n int) account.ID { return account.ID(id("acc_", n, "official")) }
	if state == agency.Applied {
		return nil
	}
	if state == agency.Refused {
		return []agency.Decision{{Action: "refuse", By: official(1), At: m.ago(60), Reason: "licence_invalid"}}
	}
	out = append(out, agency.Decision{Action: "vet", By: official(1), At: m.ago(380)})
	if state != agency.Vetted {
		out = append(out, agency.Decision{Action: "activate", By: official(2), At: m.ago(375)})
	}
	if state == agency.Suspended {
		out = append(out, agency.Decision{Action: "suspend", By: official(3), At: m.ago(15), Reason: "complaints",
			Act: "Décision fictive n° 2026-117", Evidence: "Trois plaintes reçues (exemple de démonstration)"})
	}
	return out
}

// accounts makes the demo accounts; the ids of officials are the ones that
// decisions name.
func (m *maker) accounts() {
	for _, a := range []struct {
		name string
		role account.Role
		n    int
	}{
		{"candidate", account.Candidate, 1}, {"candidate2", account.Candidate, 2},
		{"agency", account.Agency, 1}, {"agency2", account.Agency, 2}, {"service", account.Agency, 3},
		{"official", account.Official, 1}, {"official2", account.Official, 2}, {"official3", account.Official, 3},
		{"admin", account.Admin, 1}, {"admin2", account.Admin, 2}, {"observer", account.Observer, 1},
	} {
		acc := m.account(account.ID(id("acc_", a.n, string(a.role))), a.name+"@demo.test", a.role)
		m.Demo = append(m.Demo, acc.ID)
		switch a.role {
		case account.Agency:
			bureau := m.Agencies[a.n-1]
			acc.Agency = string(bureau.ID)
			bureau.Members, bureau.CreatedBy = append(bureau.Members, acc.ID), acc.ID
		case account.Official:
			acc.Institution, acc.Collector = "ministry", a.n == 3
		}
	}
	for i, a := range m.Agencies[3:] {
		acc := m.account(account.ID(id("acc_", i+4, "agency")), fmt.Sprintf("bureau%d@demo.test", i+4), account.Agency)
		acc.Agency = string(a.ID)
		a.Members, a.CreatedBy = append(a.Members, acc.ID), acc.ID
	}
}

func (m *maker) account(key account.ID, email string, role account.Role) *account.Account {
	at := m.ago(401)
	a := &account.Account{
		ID: key, Rev: 1, Email: email, Role: role, Locale: ref.French, State: account.Active, CreatedAt: at, UpdatedAt: at, SessionsFrom: at,
	}
	m.Accounts = append(m.Accounts, a)
	m.byEmail[email] = a
	return a
}

// official gives the actor of the nth official.
func (m *maker) official(n int) account.Actor {
	return m.byEmail[[]string{"official@demo.test", "official2@demo.test", "official3@demo.test"}[n%3]].Actor()
}
