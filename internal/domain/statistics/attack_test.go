package statistics

import (
	"context"
	"fmt"
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"passerelle/internal/domain/application"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// shelf is a store of publications.
type shelf map[Quarter]*Publication

func (s shelf) Insert(_ context.Context, p *Publication) error {
	if s[p.Quarter] != nil {
		return fault.New(fault.Conflict, "store.duplicate")
	}
	s[p.Quarter] = p
	return nil
}

func (s shelf) LoadPublications(_ context.Context, fn func(*Publication) error) error {
	for _, p := range s {
		if err := fn(p); err != nil {
			return err
		}
	}
	return nil
}

// world is what is counted.
type world struct {
	offers       []*offer.Offer
	profiles     []*profile.Profile
	applications []*application.Application
}

func each[T any](of *[]*T) func(context.Context, func(*T) error) error {
	return func(_ context.Context, fn func(*T) error) error {
		for _, x := range *of {
			if err := fn(x); err != nil {
				return err
			}
		}
		return nil
	}
}

func (w *world) service(kept Store, now time.Time) *Service {
	return NewService(Deps{Store: kept, Now: func() time.Time { return now }, Source: Source{
		Offers: each(&w.offers), Profiles: each(&w.profiles), Applications: each(&w.applications),
	}})
}

var today = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// drawWorld draws records over the four past quarters and the present one,
// with some groups large and most small.
func drawWorld(r *rapid.T) *world {
	w := &world{}
	at := func() time.Time { return today.AddDate(0, 0, -rapid.IntRange(0, 420).Draw(r, "day")) }
	groups := rapid.IntRange(0, 30).Draw(r, "groups")
	for range groups {
		country := rapid.SampledFrom([]ref.Country{"ML", "ML", "ML", "FR", "CI", "ES", "GA", ""}).Draw(r, "country")
		region := ref.Region("")
		if country == "ML" {
			region = rapid.SampledFrom(append(ref.Regions(), "")).Draw(r, "region")
		}
		sex := rapid.SampledFrom([]profile.Sex{profile.Female, profile.Male, ""}).Draw(r, "sex")
		when := at()
		for range rapid.SampledFrom([]int{1, 2, 3, 4, 5, 6, 9, 10, 11, 15, 40}).Draw(r, "people") {
			p := &profile.Profile{ID: profile.ID(fmt.Sprintf("pro_%d", len(w.profiles))), CreatedAt: when}
			p.Facts.Residence, p.Facts.Identity.Sex = profile.Residence{Country: country, Region: region}, sex
			p.Consents = []profile.Consent{{Purpose: profile.PurposeStatistics, Given: rapid.IntRange(0, 9).Draw(r, "agrees") > 0}}
			w.profiles = append(w.profiles, p)
		}
	}
	for range rapid.IntRange(0, 60).Draw(r, "offers") {
		terms := offer.Terms{Country: rapid.SampledFrom([]ref.Country{"FR", "ES", "CA", "MA"}).Draw(r, "to"),
			Occupation: rapid.SampledFrom([]ref.Occupation{"7112", "7212", "2221", "9211"}).Draw(r, "occupation")}
		w.offers = append(w.offers, &offer.Offer{Frozen: &offer.Snapshot{Terms: terms, PublishedAt: at()}})
	}
	for i := range rapid.IntRange(0, min(60, len(w.profiles))).Draw(r, "applications") {
		state := rapid.SampledFrom(application.States()[1:]).Draw(r, "state")
		w.applications = append(w.applications, &application.Application{Profile: string(w.profiles[i].ID), State: state,
			History: []application.Event{{State: application.Submitted, At: at()}}})
	}
	return w
}

// TestPR04NoHiddenCountFollowsBySubtraction gives an adversary every published
// number of every quarter and every report at once, and the list of all groups
// that exist; no sum or difference of the numbers may give a small group.
func TestPR04NoHiddenCountFollowsBySubtraction(t *testing.T) {
	secrets := 0
	rapid.Check(t, func(r *rapid.T) {
		w, kept := drawWorld(r), shelf{}
		if n, err := w.service(kept, today).Publish(context.Background()); err != nil || n != 4 {
			r.Fatal(n, err)
		}
		counts, err := w.service(kept, today).count(context.Background(), []Quarter{"2026-Q3", "2026-Q2", "2026-Q1", "2025-Q4"})
		if err != nil {
			r.Fatal(err)
		}
		for q, p := range kept {
			secrets += attack(r, counts[q], p)
		}
	})
	if secrets < 100 {
		t.Errorf("only %d small groups were attacked: the test proves nothing", secrets)
	}
}

// attack tries every small group of people of a quarter against all tables on
// people, and every small line of the other tables against their own.
func attack(r *rapid.T, truth *tally, p *Publication) (secrets int) {
	tables := map[string]Table{}
	for _, t := range p.Tables {
		tables[t.Report] = t
		honest(r, t.Line, t.Threshold)
	}
	atoms := map[person]int{}
	for who := range truth.people { // where people are is known; of what sex is not
		for _, sex := range []string{female, male, unstated} {
			atoms[person{who.country, who.region, sex}] = 0
		}
	}
	next := 0
	for who := range atoms {
		atoms[who] = next
		next++
	}
	system := &equations{}
	publish := func(holds func(person) bool) { system.add(indicator(atoms, holds)) }
	if tables[ProfilesByCountry].Shown {
		publish(func(person) bool { return true })
	}
	for _, l := range tables[ProfilesByCountry].Lines {
		publish(func(who person) bool { return who.country == l.Code })
	}
	if tables[ProfilesByRegion].Shown {
		publish(func(who person) bool { return who.country == homeCode })
	}
	for _, region := range tables[ProfilesByRegionSex].Lines {
		in := func(who person) bool { return who.country == homeCode && who.region == region.Code }
		publish(in)
		for _, sex := range region.Lines {
			publish(func(who person) bool { return in(who) && who.sex == sex.Code })
		}
	}
	for name, group := range groupsOf(truth) {
		if n := truth.size(group.holds); n > 0 && n < group.k {
			secrets++
			if system.spans(indicator(atoms, group.holds)) {
				r.Fatalf("%s: %s, %d people, follows from what is published", p.Quarter, name, n)
			}
		}
	}
	return secrets
}

// group is a set of people whose number may have to be hidden.
type group struct {
	k     int
	holds func(person) bool
}

func groupsOf(t *tally) map[string]group {
	groups := map[string]group{}
	for who := range t.people {
		groups["country "+who.country] = group{Threshold, func(x person) bool { return x.country == who.country }}
		groups["region "+who.country+who.region] = group{Threshold, func(x person) bool { return x.country == who.country && x.region == who.region }}
		groups["sex "+fmt.Sprint(who)] = group{SensitiveThreshold, func(x person) bool { return x == who }}
	}
	return groups
}

func (t *tally) size(holds func(person) bool) (n int) {
	for who, count := range t.people {
		if holds(who) {
			n += count
		}
	}
	return n
}

// honest checks that every published number is at least its threshold, that
// what is shown sums to the total, and that the rest is no single small group.
func honest(r *rapid.T, l Line, k int) {
	sum := l.Others
	for _, below := range l.Lines {
		sum += below.Count
		if below.Count < Threshold {
			r.Fatalf("%+v is below the threshold", below)
		}
		honest(r, below, k)
	}
	if len(l.Lines) > 0 && sum != l.Count {
		r.Fatalf("%+v: the lines sum to %d", l, sum)
	}
	if l.Others != 0 && l.Others < Threshold+enough {
		r.Fatalf("%+v: the rest is too small", l)
	}
}

func indicator(atoms map[person]int, holds func(person) bool) []*big.Rat {
	row := make([]*big.Rat, len(atoms))
	for who, at := range atoms {
		row[at] = new(big.Rat)
		if holds(who) {
			row[at].SetInt64(1)
		}
	}
	return row
}

// equations are published sums in echelon form.
type equations struct {
	rows [][]*big.Rat
}

// reduce subtracts the known sums from a row and gives the place of its first
// remaining member; -1 when nothing remains.
func (e *equations) reduce(row []*big.Rat) int {
	for _, known := range e.rows {
		lead := leading(known)
		if row[lead].Sign() == 0 {
			continue
		}
		factor := new(big.Rat).Quo(row[lead], known[lead])
		for i := range row {
			row[i] = new(big.Rat).Sub(row[i], new(big.Rat).Mul(factor, known[i]))
		}
	}
	return leading(row)
}

func leading(row []*big.Rat) int {
	for i, x := range row {
		if x.Sign() != 0 {
			return i
		}
	}
	return -1
}

func (e *equations) add(row []*big.Rat) {
	if e.reduce(row) >= 0 {
		e.rows = append(e.rows, row)
	}
}

// spans reports whether a sum follows from those known.
func (e *equations) spans(row []*big.Rat) bool { return e.reduce(row) < 0 }
