package app

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"passerelle/internal/domain/application"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
)

// TestRL15TheCheckFindsWhatIsWrong breaks the store by hand, in each way the
// check is there for; before that, everything agrees.
func TestRL15TheCheckFindsWhatIsWrong(t *testing.T) {
	s := newStage(t, openHouse(t))
	file := s.application()
	s.by("agency").must(http.StatusOK, "POST", "/applications/"+file+"/selections", nil)
	before := s.consistency()
	if len(before.Findings) != 0 || before.Records < 3000 || before.Places == 0 || before.Entries == 0 {
		t.Fatalf("%+v", before)
	}
	ctx := t.Context()
	a, err := s.stores.applications.Get(ctx, application.ID(file))
	if err != nil {
		t.Fatal(err)
	}
	free := func(o *offer.Offer) error { o.Taken = nil; o.Rev++; return nil }
	if _, err := s.stores.offers.Update(ctx, offer.ID(a.Offer), free); err != nil {
		t.Fatal(err)
	}
	hold := func(o *offer.Offer) error { o.Taken = []string{"app_nobody"}; o.Agency = "agy_gone"; return nil }
	if _, err := s.stores.offers.Update(ctx, offer.ID(s.published()), hold); err != nil {
		t.Fatal(err)
	}
	id, owner := s.owned()
	double := &profile.Profile{ID: "pro_double", Rev: 1, Owner: owner, CreatedAt: s.Clock().Now(), UpdatedAt: s.Clock().Now()}
	if _, err := s.stores.profiles.InsertMany(ctx, []*profile.Profile{double}); err != nil {
		t.Fatal(err)
	}
	found := s.consistency().Findings
	for _, want := range []string{
		file + ": selected without a place", a.Offer + ": revision", "app_nobody holds a place and is not selected", "its agency does not exist",
		"pro_double: revision 1 has no audit entry", "its owner has another profile",
	} {
		if !slices.ContainsFunc(found, func(line string) bool { return strings.Contains(line, want) }) {
			t.Errorf("it does not find %q (%s):\n%s", want, id, strings.Join(found, "\n"))
		}
	}
}

func (s *stage) consistency() Consistency {
	s.t.Helper()
	found, err := s.CheckConsistency(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return found
}
