package index

import (
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/match"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// What the rooms of the domain ask of the read model.
var (
	_ offer.Reader       = (*Index)(nil)
	_ profile.Reader     = (*Index)(nil)
	_ match.Reader       = (*Index)(nil)
	_ application.Reader = (*Index)(nil)
	_ application.Model  = (*Index)(nil)
	_ agency.Reader      = (*Index)(nil)
	_ employer.Reader    = (*Index)(nil)
	_ corridor.Reader    = (*Index)(nil)
	_ account.Reader     = (*Index)(nil)
	_ intake.Reader      = (*Index)(nil)
	_ offer.Directory    = (*Index)(nil)
	_ profile.Agencies   = (*Index)(nil)
)

// openOffer is an offer of agency agy_1 and employer emp_1 for Spain that
// everybody may see.
func openOffer(id offer.ID) *offer.Offer {
	terms := offer.Terms{Title: "Soudeur", Country: "ES", Occupation: "7212", Kind: ref.FixedTerm, Places: 2, Employer: "emp_1", Deadline: someDay}
	return &offer.Offer{ID: id, Reference: "OFF-" + string(id), Agency: "agy_1", State: offer.Published,
		Current: offer.Version{Number: 1, State: offer.Published, Terms: terms},
		Frozen:  &offer.Snapshot{Version: 1, Terms: terms, PublishedAt: clock().AddDate(0, 0, -7), PayKnown: true, PayCents: 150_000}}
}

// openWorld is an index in which openOffer is open.
func openWorld(offers ...*offer.Offer) *Index {
	ix := New(Options{Now: clock, Weights: weights()})
	ix.PutAgency(&agency.Agency{ID: "agy_1", State: agency.Active, Facts: agency.Facts{Name: "Sahel Emploi"}})
	ix.PutEmployer(&employer.Employer{ID: "emp_1", State: employer.Declared, Facts: employer.Facts{Name: "Serres del Sur", Country: "ES"}})
	ix.PutCorridor(&corridor.Corridor{Code: "ML-ES", Destination: "ES"})
	for _, o := range offers {
		ix.PutOffer(o)
	}
	ix.Loaded()
	return ix
}

func found(t *testing.T, ix *Index, q offer.Query) int {
	t.Helper()
	results, err := ix.SearchOffers(q)
	if err != nil || len(results.Items) != min(results.Total, 20) {
		t.Fatalf("%d items of %d, %v", len(results.Items), results.Total, err)
	}
	return results.Total
}

func TestWhatThePublicSees(t *testing.T) {
	tests := []struct {
		name   string
		change func(*offer.Offer)
		world  func(*Index)
		seen   int
	}{
		{"an open offer", nil, nil, 1},
		{"a draft", func(o *offer.Offer) { o.State, o.Frozen = offer.Draft, nil }, nil, 0},
		{"suspended", func(o *offer.Offer) { o.State = offer.Suspended }, nil, 0},
		{"a cause not yet settled", func(o *offer.Offer) { o.Causes = []offer.Cause{offer.CauseAgency} }, nil, 0},
		{"no place free", func(o *offer.Offer) { o.Taken = []string{"app_1", "app_2"} }, nil, 0},
		{"past its deadline", func(o *offer.Offer) { o.Frozen.Terms.Deadline = someDay.AddDays(-1) }, nil, 0},
		{"published tomorrow", func(o *offer.Offer) { o.Frozen.PublishedAt = clock().AddDate(0, 0, 1) }, nil, 0},
		{"agency suspended", nil, func(ix *Index) { ix.PutAgency(&agency.Agency{ID: "agy_1", State: agency.Suspended}) }, 0},
		{"agency unknown", func(o *offer.Offer) { o.Agency = "agy_9" }, nil, 0},
		{"agency gone", nil, func(ix *Index) { ix.DropAgency("agy_1") }, 0},
		{"employer barred", nil, func(ix *Index) { ix.PutEmployer(&employer.Employer{ID: "emp_1", State: employer.Barred}) }, 0},
		{"employer barred and reopened", nil, func(ix *Index) {
			ix.PutEmployer(&employer.Employer{ID: "emp_1", State: employer.Barred})
			ix.PutEmployer(&employer.Employer{ID: "emp_1", State: employer.Accredited})
		}, 1},
		{"employer gone", nil, func(ix *Index) { ix.DropEmployer("emp_1") }, 1},
		{"employer unknown", func(o *offer.Offer) { o.Frozen.Terms.Employer = "" }, nil, 1},
		{"corridor gone", nil, func(ix *Index) { ix.DropCorridor("ML-ES") }, 0},
		{"corridor suspended", nil, func(ix *Index) {
			ix.PutCorridor(&corridor.Corridor{Code: "ML-ES", Destination: "ES", Suspensions: []corridor.Suspension{{Occupation: "72"}}})
		}, 0},
		{"corridor suspended for others", nil, func(ix *Index) {
			ix.PutCorridor(&corridor.Corridor{Code: "ML-ES", Destination: "ES", Suspensions: []corridor.Suspension{{Occupation: "5"}}})
		}, 1},
		{"Mali without a corridor", func(o *offer.Offer) { o.Frozen.Terms.Country = "ML" }, nil, 1},
	}
	for _, test := range tests {
		o := openOffer("off_1")
		if test.change != nil {
			test.change(o)
		}
		ix := openWorld(o)
		if test.world != nil {
			test.world(ix)
		}
		if seen := found(t, ix, offer.Query{Scope: account.Scope{Public: true}}); seen != test.seen {
			t.Errorf("%s: the public sees %d", test.name, seen)
		}
		if all := found(t, ix, offer.Query{Scope: account.Scope{All: true}}); all != 1 {
			t.Errorf("%s: officials see %d", test.name, all)
		}
		if card, _ := ix.AgencyCard("agy_1"); card.OpenOffers != test.seen && test.name != "employer unknown" {
			t.Errorf("%s: the agency has %d open offers", test.name, card.OpenOffers)
		}
	}
}

// TestTheZeroScopeSeesNothing asks every list without a scope.
//
// covers AZ-04
func TestTheZeroScopeSeesNothing(t *testing.T) {
	ix := openWorld(openOffer("off_1"))
	ix.PutApplication(&application.Application{ID: "app_1", Agency: "agy_1", Candidate: "acc_1", State: application.Submitted})
	ix.PutImport(&intake.Import{ID: "imp_1", Agency: "agy_1"})
	ix.PutAccount(&account.Account{ID: "acc_1", Email: "a@demo.test"})
	imports, err := ix.SearchImports(intake.Query{})
	if err != nil {
		t.Fatal(err)
	}
	for name, total := range map[string]int{
		"offers": found(t, ix, offer.Query{Facets: facetNames[:]}), "ids": len(ix.OffersOf(offer.Query{})),
		"states": len(ix.OffersByState(account.Scope{})), "applications": ix.SearchApplications(application.Query{}).Total,
		"application states": len(ix.ApplicationsByState(account.Scope{})), "imports": imports.Total,
		"accounts": ix.Accounts(account.Query{}).Total, "agencies": ix.Agencies(agency.Query{}).Total, "employers": ix.Employers(employer.Query{}).Total,
	} {
		if total != 0 {
			t.Errorf("%s: %d", name, total)
		}
	}
}

// covers AZ-04
func TestScopesOfOffers(t *testing.T) {
	mine, other, draft := openOffer("off_1"), openOffer("off_2"), openOffer("off_3")
	other.Agency, draft.State, draft.Frozen = "agy_2", offer.Draft, nil
	mine.Next, mine.Source.Import = &offer.Version{State: offer.Submitted}, "imp_1"
	ix := openWorld(mine, other, draft)
	ix.PutAgency(&agency.Agency{ID: "agy_2", State: agency.Active})
	tests := []struct {
		name  string
		query offer.Query
		want  int
	}{
		{"all", offer.Query{Scope: account.Scope{All: true}}, 3},
		{"public", offer.Query{Scope: account.Scope{Public: true}}, 2},
		{"own", offer.Query{Scope: account.Scope{Agency: "agy_1"}}, 2},
		{"public as an agency", offer.Query{Scope: account.Scope{Public: true, Agency: "agy_1"}}, 2},
		{"public with own drafts", offer.Query{Scope: account.Scope{Public: true, Agency: "agy_1"}, IncludeOwnDrafts: true}, 3},
		{"a candidate's account", offer.Query{Scope: account.Scope{Account: "acc_1"}}, 0},
		{"next versions, officials", offer.Query{Scope: account.Scope{All: true}, States: []offer.State{offer.Submitted}}, 1},
		{"next versions, public", offer.Query{Scope: account.Scope{Public: true}, States: []offer.State{offer.Submitted}}, 0},
	}
	for _, test := range tests {
		if got := found(t, ix, test.query); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
	results, err := ix.SearchOffers(offer.Query{Scope: account.Scope{Public: true}})
	if err != nil || results.Items[0].HasNext || results.Items[0].NextState != "" || results.Items[0].Import != "" {
		t.Errorf("the public sees the review: %+v %v", results.Items[0], err)
	}
}

func TestPublishedWithin(t *testing.T) {
	ix := openWorld(openOffer("off_1")) // published 7 days ago
	for days, want := range map[int]int{0: 1, 6: 0, 7: 1, 8: 1} {
		if got := found(t, ix, offer.Query{Scope: account.Scope{Public: true}, PublishedWithin: days}); got != want {
			t.Errorf("within %d days: %d", days, got)
		}
	}
}

func TestWhoTookPart(t *testing.T) {
	tests := []struct {
		name             string
		state            application.State
		round            int
		history          []application.Event
		applied, invited bool
	}{
		{"invited", application.Invited, 0, []application.Event{{State: application.Invited}}, false, true},
		{"applied", application.Submitted, 1, nil, true, false},
		{"accepted", application.Submitted, 1, []application.Event{{State: application.Invited}}, true, true},
		{"refused after applying", application.Refused, 1, nil, true, false},
		{"closed while invited", application.Closed, 0, []application.Event{{State: application.Invited}}, false, true},
		{"withdrawn", application.Withdrawn, 1, nil, false, false},
	}
	for _, test := range tests {
		ix := openWorld()
		ix.PutApplication(&application.Application{ID: "app_1", Profile: "pro_1", Agency: "agy_1", State: test.state, Round: test.round, History: test.history})
		if ix.AppliedTo("pro_1", "agy_1") != test.applied || ix.InvitedBy("pro_1", "agy_1") != test.invited {
			t.Errorf("%s: applied %v invited %v", test.name, ix.AppliedTo("pro_1", "agy_1"), ix.InvitedBy("pro_1", "agy_1"))
		}
		if ix.AppliedTo("pro_1", "agy_2") || ix.AppliedTo("pro_2", "agy_1") || ix.AppliedTo("pro_1", "") || ix.InvitedBy("pro_1", "") {
			t.Errorf("%s: others took part", test.name)
		}
		if ix.DropApplication("app_1"); ix.AppliedTo("pro_1", "agy_1") || ix.InvitedBy("pro_1", "agy_1") || len(ix.files) > 0 {
			t.Errorf("%s: a dropped application counts", test.name)
		}
	}
}

func TestReadyOnlyWhenLoaded(t *testing.T) {
	ix := New(Options{Now: time.Now, Weights: weights()})
	if ix.Ready() {
		t.Error("ready before it is loaded")
	}
	if ix.Loaded(); !ix.Ready() {
		t.Error("not ready")
	}
}
