package app

import (
	"fmt"
	"sync"

	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/placement"
)

// copies holds one record of each kind that the matrix needs over and over. It
// was made by the calls of its users; what is asked for after it is a copy, put
// into the store, which costs one write instead of a dozen calls.
type copies struct {
	mu     sync.Mutex
	offers map[string]*offer.Offer
	files  map[string]*placement.Placement
}

func newCopies() *copies {
	return &copies{offers: map[string]*offer.Offer{}, files: map[string]*placement.Placement{}}
}

// began gives a copied record the audit entry of its making.
func began(s *stage, log *audit.Log, rev int64, id string) {
	*log = nil
	log.Add(audit.Entry{At: s.Clock().Now(), Action: "test.begin", Subject: id, Rev: rev})
}

// offerLike gives an offer of that kind, which make makes.
func (s *stage) offerLike(kind string, make func() string) string {
	s.t.Helper()
	if s.copies == nil {
		return make()
	}
	s.copies.mu.Lock()
	first := s.copies.offers[kind]
	s.copies.mu.Unlock()
	if first == nil {
		id := make()
		kept, err := s.stores.offers.Get(s.t.Context(), offer.ID(id))
		if err != nil {
			s.t.Fatal(err)
		}
		s.copies.mu.Lock()
		s.copies.offers[kind] = kept
		s.copies.mu.Unlock()
		return id
	}
	o := *first
	o.ID = offer.ID(newID("off_"))
	o.Reference = fmt.Sprintf("OFF-COPY-%d", s.next())
	began(s, &o.Pending, o.Rev, string(o.ID))
	if err := s.stores.offers.Insert(s.t.Context(), &o); err != nil {
		s.t.Fatal(err)
	}
	return string(o.ID)
}

// fileLike gives a placement of that kind, which make makes. The application
// that a copy names is nobody's.
func (s *stage) fileLike(kind string, make func() string) string {
	s.t.Helper()
	if s.copies == nil {
		return make()
	}
	s.copies.mu.Lock()
	first := s.copies.files[kind]
	s.copies.mu.Unlock()
	if first == nil {
		id := make()
		s.copies.mu.Lock()
		s.copies.files[kind] = s.placed(id)
		s.copies.mu.Unlock()
		return id
	}
	p := *first
	p.Application = fmt.Sprintf("app_copy%d", s.next())
	p.ID, p.Reference = placement.MakeID(p.Application, 1), p.Application
	p.Outbox = nil
	began(s, &p.Pending, p.Rev, string(p.ID))
	if err := s.stores.placements.Insert(s.t.Context(), &p); err != nil {
		s.t.Fatal(err)
	}
	return string(p.ID)
}
