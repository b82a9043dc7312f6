package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// stored is what matching reads of every stored document, worked out by the
// definition alone: nothing of it comes from the read model.
type stored struct {
	offers   []*match.Offer
	profiles []*match.Profile
	owners   map[string]account.ID // profile → account
	today    ref.Date
}

// readStored reads the whole store.
func readStored(t *testing.T, h *house) *stored {
	t.Helper()
	ctx := context.Background()
	active, barred := map[string]bool{}, map[string]bool{}
	corridors := map[corridor.Code]*corridor.Corridor{}
	all := &stored{owners: map[string]account.ID{}, today: ref.DateOf(h.Clock().Now())}
	for _, err := range []error{
		h.stores.agencies.LoadAgencies(ctx, func(a *agency.Agency) error { active[string(a.ID)] = a.State == agency.Active; return nil }),
		h.stores.employers.LoadEmployers(ctx, func(e *employer.Employer) error { barred[string(e.ID)] = e.State == employer.Barred; return nil }),
		h.stores.corridors.LoadCorridors(ctx, func(c *corridor.Corridor) error { corridors[c.Code] = c; return nil }),
		h.stores.offers.LoadOffers(ctx, func(o *offer.Offer) error {
			terms := o.Terms()
			m := match.FromOffer(o, corridors[corridor.CodeFor(terms.Country)], active[o.Agency], barred[terms.Employer])
			all.offers = append(all.offers, &m)
			return nil
		}),
		h.stores.profiles.LoadProfiles(ctx, func(p *profile.Profile) error {
			m := match.FromProfile(p)
			all.profiles = append(all.profiles, &m)
			all.owners[string(p.ID)] = p.Owner
			return nil
		}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.SortFunc(all.offers, func(a, b *match.Offer) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(all.profiles, func(a, b *match.Profile) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// explained is an explanation as the API gives it.
type explained struct {
	Eligible bool
	Band     string
	Score    int64
	Gates    []struct {
		Code   string
		Passed bool
	}
	Components []struct {
		Code                        string
		Weight, Share, Contribution int64
	}
}

// differs compares with the definition, and the sum of the contributions with
// the score.
func (e explained) differs(want match.Explanation) error {
	if e.Score != want.Score || e.Eligible != want.Eligible || e.Band != string(match.BandOf(want.Score)) {
		return fmt.Errorf("score %d eligible %v band %s, the definition says %d %v", e.Score, e.Eligible, e.Band, want.Score, want.Eligible)
	}
	if len(e.Gates) != len(want.Gates) || len(e.Components) != len(want.Components) {
		return fmt.Errorf("%d gates and %d components, want %d and %d", len(e.Gates), len(e.Components), len(want.Gates), len(want.Components))
	}
	for i, g := range want.Gates {
		if e.Gates[i].Code != string(g.Code) || e.Gates[i].Passed != g.Holds {
			return fmt.Errorf("gate %d is %+v, want %s %v", i, e.Gates[i], g.Code, g.Holds)
		}
	}
	sum := int64(0)
	for i, c := range want.Components {
		got := e.Components[i]
		sum += got.Contribution
		if got.Code != string(c.Code) || got.Weight != c.Weight || got.Share != c.Share || got.Contribution != c.Contribution {
			return fmt.Errorf("component %+v, want %s %d %d %d", got, c.Code, c.Weight, c.Share, c.Contribution)
		}
	}
	if sum != e.Score {
		return fmt.Errorf("the contributions sum to %d, the score is %d", sum, e.Score)
	}
	return nil
}

// TestExplanationsAreTheDefinition explains 500 random pairs to an official
// and compares each with the definition on the stored documents, eligible
// pairs and others.
func TestExplanationsAreTheDefinition(t *testing.T) {
	h := readHouse(t)
	all, official := readStored(t, h), h.as(t, "official")
	r := rand.New(rand.NewPCG(500, 2021))
	eligible := 0
	for range 500 {
		o, p := all.offers[r.IntN(len(all.offers))], all.profiles[r.IntN(len(all.profiles))]
		if r.IntN(3) == 0 { // random pairs are hardly ever eligible
			if top, _ := match.TopOffers(p, all.offers, 20, match.DefaultWeights(), all.today); len(top) > 0 {
				id := top[r.IntN(len(top))].ID
				o = all.offers[slices.IndexFunc(all.offers, func(o *match.Offer) bool { return o.ID == id })]
			}
		}
		got := read[explained](official, "/matches/explain?offer="+o.ID+"&profile="+p.ID)
		want := match.Explain(o, p, match.DefaultWeights(), match.ToProfiles, all.today)
		if err := got.differs(want); err != nil {
			t.Fatalf("offer %s, profile %s: %v", o.ID, p.ID, err)
		}
		if want.Eligible {
			eligible++
		}
	}
	if eligible < 50 || eligible > 450 {
		t.Errorf("%d of 500 pairs are eligible: the test looks at one kind only", eligible)
	}
}

// ranking is a ranked list as the API gives it.
type ranking struct {
	Items []struct {
		Rank    int
		Score   int64
		Offer   string
		Profile string
	}
	Total int
}

func (l ranking) differs(top []match.Ranked, total int) error {
	if l.Total != total || len(l.Items) != len(top) {
		return fmt.Errorf("%d items of %d, want %d of %d", len(l.Items), l.Total, len(top), total)
	}
	for i, want := range top {
		got := l.Items[i]
		if got.Offer+got.Profile != want.ID || got.Score != want.Score || got.Rank != i+1 {
			return fmt.Errorf("place %d is %+v, want %+v", i+1, got, want)
		}
	}
	return nil
}

// TestRankedListsAreTheDefinition compares the lists of 40 offers with looking
// at every stored profile, and those of 40 people with looking at every offer.
func TestRankedListsAreTheDefinition(t *testing.T) {
	h := readHouse(t)
	all, official := readStored(t, h), h.as(t, "official")
	r := rand.New(rand.NewPCG(40, 2021))
	found := 0
	for range 40 {
		o := all.offers[r.IntN(len(all.offers))]
		top, total := match.TopProfiles(o, all.profiles, 50, match.DefaultWeights(), all.today)
		found += len(top)
		if err := read[ranking](official, "/offers/"+o.ID+"/matches?limit=50").differs(top, total); err != nil {
			t.Fatalf("offer %s: %v", o.ID, err)
		}
	}
	owned := slices.DeleteFunc(slices.Clone(all.profiles), func(p *match.Profile) bool { return all.owners[p.ID] == "" })
	for range 40 {
		p := owned[r.IntN(len(owned))]
		person := h.owner(t, all.owners[p.ID])
		top, total := match.TopOffers(p, all.offers, 50, match.DefaultWeights(), all.today)
		found += len(top)
		if err := read[ranking](person, "/profiles/me/matches?limit=50").differs(top, total); err != nil {
			t.Fatalf("profile %s: %v", p.ID, err)
		}
		if len(top) > 0 {
			h.bothWays(t, person, top[r.IntN(len(top))], p.ID)
		}
	}
	if found < 500 {
		t.Errorf("the lists hold %d places in all: hardly anything was compared", found)
	}
}

// owner signs in as somebody of the sample who has no password yet: it gets
// the one of the demo accounts.
func (h *house) owner(t *testing.T, id account.ID) *caller {
	t.Helper()
	ctx := context.Background()
	known, ok := h.index.AccountByLogin("candidate@demo.test")
	if !ok {
		t.Fatal("no candidate")
	}
	demo, err := h.stores.accounts.Get(ctx, known.ID)
	if err != nil {
		t.Fatal(err)
	}
	a, err := h.stores.accounts.Update(ctx, id, func(a *account.Account) error {
		a.PasswordHash = demo.PasswordHash
		a.Rev++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return h.as(t, "").login(a.Email, h.DemoPassword())
}

// bothWays compares the score of a pair in both directions.
func (h *house) bothWays(t *testing.T, person *caller, place match.Ranked, profile string) {
	t.Helper()
	path := "/matches/explain?offer=" + place.ID + "&profile=" + profile
	for _, who := range []*caller{person, h.as(t, "official")} {
		r := who.must(http.StatusOK, "GET", path, nil)
		var got explained
		if err := json.Unmarshal(r.body, &got); err != nil || got.Score != place.Score {
			t.Fatalf("%s: score %d, the list says %d (%v)", path, got.Score, place.Score, err)
		}
	}
}
