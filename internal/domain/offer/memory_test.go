package offer_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/lifecycle/lifecycletest"
	"passerelle/internal/domain/offer"
)

// house is a service over a memory.
type house struct {
	*offer.Service
	*memory
}

// Get is the service's.
func (h *house) Get(ctx context.Context, who account.Actor, id offer.ID) (offer.View, error) {
	return h.Service.Get(ctx, who, id)
}

// memory is a store, a read model and a register. It copies what goes in and
// out, as a database does.
type memory struct {
	now       time.Time
	ids       int
	offers    map[offer.ID]*offer.Offer
	writes    int
	failing   map[offer.ID]error
	agencies  map[agency.ID]agency.Card
	employers map[employer.ID]employer.Card
	corridors map[corridor.Code]*corridor.Corridor
}

var firstDay = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

func newHouse() *house {
	h := &memory{
		now: firstDay, offers: map[offer.ID]*offer.Offer{}, failing: map[offer.ID]error{},
		agencies: map[agency.ID]agency.Card{
			"agy_1": {ID: "agy_1", Name: "Sahel Emploi", Kind: agency.Private, State: agency.Active, LicenceUntil: "2027-12-31"},
			"agy_2": {ID: "agy_2", Name: "Autre", Kind: agency.Private, State: agency.Active},
			"agy_f": {ID: "agy_f", Name: "Service étranger", Kind: agency.ForeignPublicService, State: agency.Active},
		},
		employers: map[employer.ID]employer.Card{"emp_1": {ID: "emp_1", Name: "Obras Sol", Country: "ES", State: employer.Accredited}},
		corridors: map[corridor.Code]*corridor.Corridor{"ML-ES": spain()},
	}
	service := offer.NewService(offer.Deps{Store: h, Reader: h, Directory: h, Now: func() time.Time { return h.now },
		NewID: func(prefix string) string { h.ids++; return fmt.Sprintf("%s%026d", prefix, h.ids) }})
	return &house{Service: service, memory: h}
}

func actor(role account.Role, id string) account.Actor {
	a := account.Actor{Account: account.ID(id), Role: role}
	if role == account.Agency {
		a.Agency = "agy_" + id[len("acc_"):]
	}
	return a
}

var (
	agent   = actor(account.Agency, "acc_1")
	rival   = actor(account.Agency, "acc_2")
	foreign = actor(account.Agency, "acc_f")
	anne    = actor(account.Official, "acc_anne")
	binta   = actor(account.Official, "acc_binta")
	chaka   = actor(account.Official, "acc_chaka")
)

func clone(o *offer.Offer) *offer.Offer {
	c := *o
	if o.Next != nil {
		next := *o.Next
		c.Next = &next
	}
	c.Causes, c.Taken, c.Objections, c.Pending = slices.Clone(o.Causes), slices.Clone(o.Taken), slices.Clone(o.Objections), slices.Clone(o.Pending)
	return &c
}

func (h *memory) Get(_ context.Context, id offer.ID) (*offer.Offer, error) {
	if o, ok := h.offers[id]; ok {
		return clone(o), nil
	}
	return nil, fault.New(fault.NotFound, "store.not_found")
}

func (h *memory) Insert(_ context.Context, o *offer.Offer) error {
	if _, ok := h.offers[o.ID]; ok {
		return fault.New(fault.Conflict, "store.duplicate")
	}
	h.offers[o.ID] = clone(o)
	h.writes++
	return nil
}

func (h *memory) InsertMany(ctx context.Context, offers []*offer.Offer) (existing []offer.ID, err error) {
	for _, o := range offers {
		if h.Insert(ctx, o) != nil {
			existing = append(existing, o.ID)
		}
	}
	return existing, nil
}

func (h *memory) Update(ctx context.Context, id offer.ID, change func(*offer.Offer) error) (*offer.Offer, error) {
	if err := h.failing[id]; err != nil {
		return nil, err
	}
	o, err := h.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := lifecycletest.Traced(change, "Announce")(o); err != nil {
		return nil, fmt.Errorf("offer %s: %w", id, err)
	}
	h.offers[id] = clone(o)
	h.writes++
	return o, nil
}

func (h *memory) AgencyCard(id agency.ID) (agency.Card, bool) { c, ok := h.agencies[id]; return c, ok }

func (h *memory) EmployerCard(id employer.ID) (employer.Card, bool) {
	c, ok := h.employers[id]
	return c, ok
}

func (h *memory) Corridor(code corridor.Code) (*corridor.Corridor, bool) {
	c, ok := h.corridors[code]
	return c, ok
}

func cardOf(o *offer.Offer) offer.Card {
	c := offer.Card{ID: o.ID, Reference: o.Reference, Rev: o.Rev, Agency: o.Agency, Title: o.Terms().Title, State: o.State, FreePlaces: o.FreePlaces(), Kind: o.Terms().Kind,
		Deadline: o.Terms().Deadline, HasNext: o.Next != nil, Import: o.Source.Import, UpdatedAt: o.UpdatedAt, Country: o.Terms().Country}
	if o.Frozen != nil {
		c.PublishedAt = o.Frozen.PublishedAt
	}
	return c
}

func (h *memory) OfferCard(id offer.ID) (offer.Card, bool) {
	if o, ok := h.offers[id]; ok {
		return cardOf(o), true
	}
	return offer.Card{}, false
}

func (h *memory) OfferByReference(reference string) (offer.ID, bool) {
	for id, o := range h.offers {
		if o.Reference == reference {
			return id, true
		}
	}
	return "", false
}

func (h *memory) matching(q offer.Query) []*offer.Offer {
	var found []*offer.Offer
	for _, o := range h.offers {
		visible := q.Scope.All || q.Scope.Agency != "" && q.Scope.Agency == o.Agency || q.Scope.Public && o.OpenOn(q.Today)
		if visible && (q.Import == "" || o.Source.Import == q.Import) && (q.Agency == "" || o.Agency == q.Agency) &&
			(q.Employer == "" || o.Terms().Employer == q.Employer) && (len(q.States) == 0 || slices.Contains(q.States, o.State)) &&
			(len(q.Countries) == 0 || slices.Contains(q.Countries, o.Terms().Country)) {
			found = append(found, o)
		}
	}
	slices.SortFunc(found, func(a, b *offer.Offer) int {
		return cmp.Or(cmp.Compare(a.Source.Row, b.Source.Row), cmp.Compare(a.ID, b.ID))
	})
	return found
}

func (h *memory) OffersOf(q offer.Query) []offer.ID {
	var ids []offer.ID
	for _, o := range h.matching(q) {
		ids = append(ids, o.ID)
	}
	return ids
}

func (h *memory) SearchOffers(q offer.Query) (offer.Results, error) {
	var r offer.Results
	for _, o := range h.matching(q) {
		r.Items = append(r.Items, cardOf(o))
	}
	r.Total = len(r.Items)
	return r, nil
}

func (h *memory) SuggestOffers(prefix string, limit int) []string {
	var titles []string
	for _, o := range h.offers {
		if strings.HasPrefix(o.Terms().Title, prefix) && len(titles) < limit {
			titles = append(titles, o.Terms().Title)
		}
	}
	return titles
}

func (h *memory) ChangedOffers(since time.Time, after offer.ID, limit int) []offer.Card {
	var cards []offer.Card
	for _, o := range h.matching(offer.Query{Scope: account.Scope{All: true}}) {
		later := o.UpdatedAt.After(since) || o.UpdatedAt.Equal(since) && o.ID > after
		if o.Frozen != nil && later {
			cards = append(cards, cardOf(o))
		}
	}
	slices.SortFunc(cards, func(a, b offer.Card) int { return cmp.Or(a.UpdatedAt.Compare(b.UpdatedAt), cmp.Compare(a.ID, b.ID)) })
	return cards[:min(limit, len(cards))]
}

// ok is for steps a test takes for granted.
func ok(t testing.TB) func(*offer.Offer, error) *offer.Offer {
	return func(o *offer.Offer, err error) *offer.Offer {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
}

// want checks the kind and code of a fault.
func want(t testing.TB, err error, kind fault.Kind, code string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Kind != kind || f.Code != code {
		t.Errorf("want %v %s, got %v", kind, code, err)
	}
}

// publish takes new terms of the agent all the way.
func (h *house) publish(t testing.TB, terms offer.Terms) *offer.Offer {
	t.Helper()
	ctx := context.Background()
	o := ok(t)(h.Create(ctx, agent, terms))
	ok(t)(h.Submit(ctx, agent, o.ID))
	ok(t)(h.Approve(ctx, anne, o.ID))
	return ok(t)(h.Publish(ctx, binta, o.ID))
}

// published is an offer in force with so many places, made without a service.
func published(places int) *offer.Offer {
	terms := soundTerms()
	terms.Places = places
	o := &offer.Offer{ID: "off_1", State: offer.Draft, CreatedBy: "acc_1", Current: offer.Version{Number: 1, State: offer.Draft, Terms: terms}}
	for _, step := range []error{
		o.Submit(offer.Act{By: agent, At: firstDay}, nil), o.Approve(offer.Act{By: anne, At: firstDay}, nil), o.Publish(offer.Act{By: binta, At: firstDay}, nil),
	} {
		if step != nil {
			panic(step)
		}
	}
	return o
}
