package index

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
)

// machine changes the index and the model alike and compares their answers.
type machine struct {
	ix *Index
	m  *model
}

func weights() match.Weights { return match.DefaultWeights() }

// TestIndexEqualsTheDefinition runs random changes and questions in turn.
func TestIndexEqualsTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := machine{New(Options{Now: clock, Weights: weights()}), newModel()}
		for range rapid.IntRange(0, 40).Draw(t, "stored") {
			s.change(t)
		}
		s.ix.Loaded()
		t.Repeat(map[string]func(*rapid.T){
			"change": s.change, "change more": s.change, "drop": s.drop, "search": s.search, "compact": s.compact,
			"match": s.match, "lists": s.lists, "": s.pending,
		})
	})
}

func (s *machine) change(t *rapid.T) {
	switch rapid.IntRange(0, 9).Draw(t, "noun") {
	case 0:
		a := drawAgency(t)
		s.m.agencies[a.ID] = a
		s.ix.PutAgency(a)
	case 1:
		e := drawEmployer(t)
		s.m.employers[e.ID] = e
		s.ix.PutEmployer(e)
	case 2:
		c := drawCorridor(t)
		s.m.corridors[c.Code] = c
		s.ix.PutCorridor(c)
	case 3:
		a := drawApplication(t)
		s.m.applications[a.ID] = a
		s.ix.PutApplication(a)
	case 4, 5:
		p := drawProfile(t)
		s.m.profiles[p.ID] = p
		s.ix.PutProfile(p)
	default:
		o := drawOffer(t)
		s.m.offers[o.ID] = o
		s.ix.PutOffer(o)
	}
}

// drop takes one document out of both.
func (s *machine) drop(t *rapid.T) {
	if ids := slices.Sorted(maps.Keys(s.m.offers)); len(ids) > 0 && rapid.Bool().Draw(t, "an offer") {
		id := sample(t, ids, "gone")
		delete(s.m.offers, id)
		s.ix.DropOffer(id)
	}
	if ids := slices.Sorted(maps.Keys(s.m.profiles)); len(ids) > 0 && rapid.Bool().Draw(t, "a profile") {
		id := sample(t, ids, "gone")
		delete(s.m.profiles, id)
		s.ix.DropProfile(id)
	}
	if ids := slices.Sorted(maps.Keys(s.m.applications)); len(ids) > 0 && rapid.Bool().Draw(t, "an application") {
		id := sample(t, ids, "gone")
		delete(s.m.applications, id)
		s.ix.DropApplication(id)
	}
	if ids := slices.Sorted(maps.Keys(s.m.agencies)); len(ids) > 0 && rapid.IntRange(0, 3).Draw(t, "an agency") == 0 {
		id := sample(t, ids, "gone")
		delete(s.m.agencies, id)
		s.ix.DropAgency(id)
	}
	if ids := slices.Sorted(maps.Keys(s.m.corridors)); len(ids) > 0 && rapid.IntRange(0, 3).Draw(t, "a corridor") == 0 {
		code := sample(t, ids, "gone")
		delete(s.m.corridors, code)
		s.ix.DropCorridor(code)
	}
}

// compact closes the holes that drops left, as happens by itself with many.
func (s *machine) compact(*rapid.T) {
	renumbered := s.ix.texts.compact()
	docs := make([]*offerRow, len(s.ix.texts.streams))
	for old, row := range s.ix.docs {
		if row != nil {
			row.doc = renumbered[old]
			docs[row.doc] = row
		}
	}
	s.ix.docs = docs
}

// search walks all pages and compares ids, order, total, cards and facets.
func (s *machine) search(t *rapid.T) {
	q := drawQuery(t)
	want, got := s.m.search(q), []offer.ID(nil)
	for page := q; ; {
		found, err := s.ix.SearchOffers(page)
		if err != nil || found.Total != len(want) || len(found.Items) > q.Limit {
			t.Fatalf("%d items, total %d, want %d (%v)", len(found.Items), found.Total, len(want), err)
		}
		for _, card := range found.Items {
			got = append(got, card.ID)
			s.card(t, card, q)
		}
		s.facets(t, found.Facets, q)
		if page.After = found.Next; found.Next == "" || len(got) > len(want) {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%+v\ngot  %v\nwant %v", q, got, want)
	}
	s.backwards(t, q, want)
	ids := s.ix.OffersOf(q)
	if slices.Sort(want); q.Import == "" && !slices.Equal(ids, want) {
		t.Fatalf("OffersOf gave %v, want %v", ids, want)
	}
}

// backwards walks from the last page to the first.
func (s *machine) backwards(t *rapid.T, q offer.Query, want []offer.ID) {
	q.Limit = max(q.Limit, 3)
	var found offer.Results
	for page := q; ; page.After = found.Next {
		if found, _ = s.ix.SearchOffers(page); found.Next == "" {
			break
		}
	}
	var got []offer.ID
	for page := q; ; {
		for _, card := range slices.Backward(found.Items) {
			got = append(got, card.ID)
		}
		if page.Before = found.Prev; found.Prev == "" || len(got) > len(want) {
			break
		}
		found, _ = s.ix.SearchOffers(page)
		if found.Next == "" {
			t.Fatal("no way on from a page before the last")
		}
	}
	if slices.Reverse(got); !slices.Equal(got, want) {
		t.Fatalf("backwards %+v\ngot  %v\nwant %v", q, got, want)
	}
}

// card compares a card with its offer.
func (s *machine) card(t *rapid.T, card offer.Card, q offer.Query) {
	o := s.m.offers[card.ID]
	whole := q.Scope.All || q.Scope.Agency != "" && q.Scope.Agency == o.Agency
	name := ""
	if a := s.m.agencies[agency.ID(o.Agency)]; a != nil {
		name = a.Facts.Name
	}
	if card.Rev != o.Rev || card.Title != o.Terms().Title || card.AgencyName != name || card.State != o.State || card.FreePlaces != o.FreePlaces() ||
		card.HasNext != (whole && o.Next != nil) || (card.Import != "") != (whole && o.Source.Import != "") {
		t.Fatalf("%+v\n%+v", card, o)
	}
}

func (s *machine) facets(t *rapid.T, got map[offer.Facet][]offer.FacetCount, q offer.Query) {
	for _, f := range facetNames {
		want := s.m.facet(f, q)
		if !q.Scope.Sees() {
			want = map[string]int{}
		}
		counts := map[string]int{}
		for _, line := range got[f] {
			counts[line.Value] = line.Count
		}
		if !maps.Equal(counts, want) || len(counts) != len(got[f]) {
			t.Fatalf("%s: %v, want %v\n%+v", f, got[f], want, q)
		}
	}
}

func (s *machine) match(t *rapid.T) {
	k := rapid.IntRange(0, 12).Draw(t, "k")
	var offers []*match.Offer
	var people []*match.Profile
	for _, o := range s.m.offers {
		offers = append(offers, s.m.standing(o))
	}
	for _, p := range s.m.profiles {
		person := match.FromProfile(p)
		people = append(people, &person)
	}
	for _, o := range offers {
		want, all := match.TopProfiles(o, people, k, weights(), someDay)
		if got, total := s.ix.MatchProfiles(offer.ID(o.ID), k, someDay); total != all || !slices.Equal(got, want) {
			t.Fatalf("offer %s, k %d: %v of %d, want %v of %d", o.ID, k, got, total, want, all)
		}
	}
	for _, p := range people {
		want, all := match.TopOffers(p, offers, k, weights(), someDay)
		if got, total := s.ix.MatchOffers(profile.ID(p.ID), k, someDay); total != all || !slices.Equal(got, want) {
			t.Fatalf("profile %s, k %d: %v of %d, want %v of %d", p.ID, k, got, total, want, all)
		}
		chances := match.Opportunities(p, offers, someDay)
		if got := match.Opportunities(p, s.ix.OpenOffers(someDay), someDay); !slices.Equal(got, chances) {
			t.Fatalf("profile %s: %v, want %v", p.ID, got, chances)
		}
	}
	if _, _, ok := s.ix.Pair("off_none", "pro_none"); ok {
		t.Fatal("a pair of nothing")
	}
}

func (s *machine) lists(t *rapid.T) {
	scope, limit := sample(t, everyScope, "scope"), rapid.IntRange(1, 4).Draw(t, "limit")
	aq := agency.Query{Scope: scope, State: sample(t, []agency.State{"", agency.Active}, "state")}
	walked(t, s.m.agencyList(aq), func(c agency.Card) agency.ID { return c.ID }, func(after string) listing.Result[agency.Card] {
		aq.After, aq.Limit = after, limit
		return s.ix.Agencies(aq)
	})
	q := application.Query{Scope: scope, Offer: sample(t, []string{"", "off_01"}, "offer"), States: some(t, []application.State{application.Invited, application.Submitted}, "states")}
	walked(t, s.m.applicationList(q), func(c application.Card) application.ID { return c.ID }, func(after string) listing.Result[application.Card] {
		q.After, q.Limit = after, limit
		return s.ix.SearchApplications(q)
	})
	for _, a := range s.m.agencies {
		card, ok := s.ix.AgencyCard(a.ID)
		open := len(s.m.search(offer.Query{Scope: everyScope[2], Agency: string(a.ID), Today: someDay}))
		if !ok || card.OpenOffers != open || card.State != a.State {
			t.Fatalf("%+v, want %d open offers", card, open)
		}
	}
}

// walked compares a whole walk with the list wanted.
func walked[C any, ID ~string](t *rapid.T, want []ID, id func(C) ID, page func(after string) listing.Result[C]) {
	var got []ID
	for after := ""; ; {
		found := page(after)
		for _, card := range found.Items {
			got = append(got, id(card))
		}
		if found.Total != len(want) {
			t.Fatalf("total %d, want %d", found.Total, len(want))
		}
		if after = found.Next; after == "" || len(got) > len(want) {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("walked %v, want %v", got, want)
	}
}

// pending compares the open outboxes; it runs after every action.
func (s *machine) pending(t *rapid.T) {
	want := map[Subject]bool{}
	add := func(noun Noun, id string, log audit.Log) {
		if len(log) > 0 {
			want[Subject{noun, id}] = true
		}
	}
	for id, o := range s.m.offers {
		add(Offers, string(id), o.Pending)
	}
	for id, p := range s.m.profiles {
		add(Profiles, string(id), p.Pending)
	}
	for id, a := range s.m.agencies {
		add(Agencies, string(id), a.Pending)
	}
	for id, e := range s.m.employers {
		add(Employers, string(id), e.Pending)
	}
	for code, c := range s.m.corridors {
		add(Corridors, string(code), c.Pending)
	}
	for id, a := range s.m.applications {
		add(Applications, string(id), a.Pending)
	}
	got := s.ix.PendingSubjects()
	for _, subject := range got {
		if !want[subject] {
			t.Fatalf("%v is not pending", subject)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d pending, want %d", len(got), len(want))
	}
}
