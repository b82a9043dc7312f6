package app

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
	"passerelle/internal/index"
)

// TestRL15TheIndexIsTheStore lets many people work at once, stops, builds a
// fresh read model from the store and compares everything it can be asked.
func TestRL15TheIndexIsTheStore(t *testing.T) {
	s := newStage(t, openHouse(t))
	s.decided(s.decided(s.imported(), "official", "approvals")["id"].(string), "official2", "publications")
	w := runWorkload(t, s, 110)
	for _, action := range []string{"create", "edit", "submissions", "approvals", "publications", "apply", "select", "profile", "consent"} {
		if w.done[action] == 0 {
			t.Errorf("nobody ever succeeded with %s: %v, refused %v", action, w.done, w.refused)
		}
	}
	if len(w.done) < 18 {
		t.Errorf("only these succeeded: %v", w.done)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	options := demoOptions(s.options.DataDir)
	options.Offline = true
	again, err := New(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	})
	c := &comparison{t: t, today: ref.DateOf(s.Clock().Now())}
	c.living, c.fresh = c.everything(s.index), c.everything(again.index)
	for name, want := range c.fresh {
		if diff := cmp.Diff(want, c.living[name], cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: the living read model (+) is not the store (-):\n%.3000s", name, diff)
		}
	}
	if len(c.fresh) < 1000 || len(c.fresh) != len(c.living) {
		t.Errorf("%d and %d answers were compared", len(c.fresh), len(c.living))
	}
}

// comparison is everything two read models answered, by question.
type comparison struct {
	t             *testing.T
	today         ref.Date
	living, fresh map[string]any
}

func (c *comparison) everything(ix *index.Index) map[string]any {
	all := account.Scope{All: true}
	people, visible := ix.CountProfiles()
	out := map[string]any{
		"offers by state": ix.OffersByState(all), "agencies by state": ix.AgenciesByState(), "employers by state": ix.EmployersByState(),
		"applications by state": ix.ApplicationsByState(all), "profiles": []int{people, visible}, "outboxes": ix.PendingSubjects(),
		"corridors": ix.Corridors(), "suggestions": ix.SuggestOffers("ma", 10), "open offers": len(ix.OpenOffers(c.today)),
		"agencies to expire": ix.AgenciesExpired("2098-01-01"),
	}
	c.lists(ix, out)
	c.searches(ix, out)
	c.offers(ix, out)
	c.people(ix, out)
	return out
}

// lists walks the lists page by page.
func (c *comparison) lists(ix *index.Index, out map[string]any) {
	all := account.Scope{All: true}
	for after, page := "", 0; ; page++ {
		r := ix.Accounts(account.Query{Scope: all, Page: listing.Page{After: after, Limit: 100}})
		out[fmt.Sprint("accounts, page ", page)] = r
		for _, card := range r.Items {
			id, owns := ix.ProfileOf(card.ID)
			out["account "+string(card.ID)] = []any{id, owns}
		}
		if after = r.Next; after == "" {
			break
		}
	}
	for after, page := "", 0; ; page++ {
		r := ix.SearchApplications(application.Query{Scope: all, After: after, Limit: 100})
		out[fmt.Sprint("applications, page ", page)] = r
		for _, card := range r.Items {
			who := profile.ID(card.Profile)
			out["application "+string(card.ID)] = []bool{ix.AppliedTo(who, card.Agency), ix.InvitedBy(who, card.Agency)}
		}
		if after = r.Next; after == "" {
			break
		}
	}
	out["agencies"] = ix.Agencies(agency.Query{Scope: all, Limit: 100})
	out["employers"] = ix.Employers(employer.Query{Scope: all, Limit: 100})
	imports, err := ix.SearchImports(intake.Query{Scope: all, Limit: 100})
	out["imports"], out["imports, error"] = imports, err
}

// searches asks for every page of many searches.
func (c *comparison) searches(ix *index.Index, out map[string]any) {
	facets := []offer.Facet{offer.FacetCountry, offer.FacetKind, offer.FacetLanguage, offer.FacetOccupation, offer.FacetSalary}
	for _, scope := range []account.Scope{{Public: true}, {All: true}} {
		for _, q := range []offer.Query{
			{}, {Sort: offer.ByOldest}, {Sort: offer.ByClosing}, {Sort: offer.ByPay}, {Text: "maçon"}, {Text: `"maçon de chantier"`}, {Text: "maç* -nuit"},
			{Text: "montagne", Sort: offer.ByNewest}, {Occupations: []ref.Occupation{"71"}}, {Countries: []ref.Country{"ES", "FR"}}, {PayMinCents: 150_000},
			{Kinds: []ref.WorkKind{ref.FixedTerm}}, {Languages: []ref.Language{"fr"}}, {UncodedOnly: true}, {States: []offer.State{offer.Suspended, offer.Filled}},
		} {
			q.Scope, q.Today, q.Facets, q.Limit = scope, c.today, facets, 100
			name := fmt.Sprintf("search %+v", q)
			for page := 0; ; page++ {
				r, err := ix.SearchOffers(q)
				if err != nil {
					c.t.Fatalf("%s: %v", name, err)
				}
				out[fmt.Sprint(name, " page ", page)] = r
				if q.After = r.Next; q.After == "" {
					break
				}
			}
		}
	}
}

// offers asks about every offer: its card, its reference, and of some of them
// the people who match.
func (c *comparison) offers(ix *index.Index, out map[string]any) {
	for n, id := range ix.OffersOf(offer.Query{Scope: account.Scope{All: true}}) {
		card, ok := ix.OfferCard(id)
		same, found := ix.OfferByReference(card.Reference)
		out["offer "+string(id)] = []any{card, ok, same, found}
		if n%6 == 0 {
			top, total := ix.MatchProfiles(id, match.MaxRanked, c.today)
			out["profiles for "+string(id)] = []any{top, total}
		}
	}
	out["changes"] = ix.ChangedOffers(time.Time{}, "", 10_000)
}

// people asks about every profile of somebody with an account.
func (c *comparison) people(ix *index.Index, out map[string]any) {
	for after := ""; ; {
		r := ix.Accounts(account.Query{Scope: account.Scope{All: true}, Page: listing.Page{After: after, Limit: 100}})
		for _, a := range r.Items {
			id, owns := ix.ProfileOf(a.ID)
			if !owns {
				continue
			}
			card, ok := ix.ProfileCard(id)
			inputs, known := ix.ProfileInputs(id)
			top, total := ix.MatchOffers(id, match.MaxRanked, c.today)
			out["profile "+string(id)] = []any{card, ok, inputs, known, top, total}
		}
		if after = r.Next; after == "" {
			return
		}
	}
}
