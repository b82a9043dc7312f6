package index

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/intake"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

func TestBadCursors(t *testing.T) {
	ix := openWorld(openOffer("off_1"), openOffer("off_2"), openOffer("off_3"))
	ix.PutImport(&intake.Import{ID: "imp_1", Agency: "agy_1"})
	scope := account.Scope{All: true}
	first, err := ix.SearchOffers(offer.Query{Scope: scope, Limit: 1})
	if err != nil || first.Next == "" {
		t.Fatal(first, err)
	}
	for _, bad := range []string{"x", ".", "..", "-datePosted.", "-datePosted.zz", "-datePosted.!.off_1", "-datePosted.1.", "validThrough.1.off_1", "off_1",
		"-datePosted.99999999999999999999.off_1"} {
		if _, err := ix.SearchOffers(offer.Query{Scope: scope, After: bad}); !fault.Is(err, fault.Syntax) || fault.Of(err).Code != "cursor" {
			t.Errorf("offers, %q: %v", bad, err)
		}
	}
	if _, err := ix.SearchOffers(offer.Query{Scope: scope, Sort: offer.ByPay, After: first.Next}); !fault.Is(err, fault.Syntax) {
		t.Errorf("a cursor of another order: %v", err)
	}
	for _, bad := range []string{"x", ".", "!.imp_1", "AA."} {
		if _, err := ix.SearchImports(intake.Query{Scope: scope, After: bad}); !fault.Is(err, fault.Syntax) || fault.Of(err).Code != "cursor" {
			t.Errorf("imports, %q: %v", bad, err)
		}
		if got := ix.Agencies(agency.Query{Scope: scope, After: bad}); got.Total != 1 || len(got.Items) != 0 || got.Next != "" {
			t.Errorf("agencies, %q: %+v", bad, got)
		}
	}
}

func TestAccounts(t *testing.T) {
	ix := openWorld()
	for i := range 5 {
		ix.PutAccount(&account.Account{ID: account.ID(fmt.Sprintf("acc_%d", 4-i)), Email: fmt.Sprintf("p%d@demo.test", 4-i), Role: account.Candidate})
	}
	ix.PutAccount(&account.Account{ID: "acc_2", Email: "new@demo.test", Phone: "+22370000002", Role: account.Agency, Agency: "agy_1"})
	card, ok := ix.AccountByLogin("+22370000002")
	if !ok || card.ID != "acc_2" || card.Agency != "agy_1" {
		t.Errorf("by phone: %+v", card)
	}
	if _, ok := ix.AccountByLogin("p2@demo.test"); ok {
		t.Error("a login given up still finds the account")
	}
	if _, ok := ix.AccountByLogin(""); ok {
		t.Error("the empty login finds an account")
	}
	var ids []account.ID
	for q := (account.Query{Scope: account.Scope{All: true}, Page: listing.Page{Limit: 2}}); ; {
		page := ix.Accounts(q)
		for _, c := range page.Items {
			ids = append(ids, c.ID)
		}
		if q.Page.After = page.Next; page.Next == "" {
			break
		}
	}
	if !slices.Equal(ids, []account.ID{"acc_0", "acc_1", "acc_2", "acc_3", "acc_4"}) {
		t.Errorf("walked %v", ids)
	}
	ix.DropAccount("acc_2")
	_, byLogin := ix.AccountByLogin("new@demo.test")
	if _, ok := ix.AccountCard("acc_2"); ok || byLogin {
		t.Error("a dropped account is found")
	}
}

func TestAgenciesAndEmployersByWords(t *testing.T) {
	ix := openWorld()
	ix.PutAgency(&agency.Agency{ID: "agy_2", State: agency.Active, Facts: agency.Facts{Name: "École de l'Emploi", TradeName: "Savane", Licence: "ML-2024/017", LicenceUntil: "2026-03-09"}})
	ix.PutAgency(&agency.Agency{ID: "agy_3", State: agency.Active, Facts: agency.Facts{Name: "Niger Conseil", LicenceUntil: someDay}})
	for q, want := range map[string]int{"": 3, "emploi": 2, "ecole": 1, "SAV": 1, "emp sah": 1, "mploi": 0, "ML-2024": 1, "ml2024017": 1, "savane 017": 1, "ML-2025": 0, "emploi niger": 0} {
		if got := ix.Agencies(agency.Query{Scope: account.Scope{Public: true}, Text: q}); got.Total != want {
			t.Errorf("%q: %d agencies", q, got.Total)
		}
	}
	if alike := ix.AgencyLookAlikes("Ecole de l’emploi SARL"); len(alike) != 1 || alike[0].ID != "agy_2" || alike[0].Similarity < 80 {
		t.Errorf("look-alikes: %+v", alike)
	}
	if ids := ix.AgenciesExpired(someDay); !slices.Equal(ids, []agency.ID{"agy_2"}) {
		t.Errorf("expired: %v", ids)
	}
	ix.PutEmployer(&employer.Employer{ID: "emp_2", State: employer.Accredited, Facts: employer.Facts{Name: "Serre del Sur SL", Country: "FR"}})
	ix.PutEmployer(&employer.Employer{ID: "emp_3", State: employer.Barred, Agency: "agy_1", Facts: employer.Facts{Name: "Clínica Norte", Country: "ES"}})
	alike := ix.LookAlikes("Séres del Sur, S.L.", "ES")
	if len(alike) != 2 || alike[0].ID != "emp_1" || alike[1].ID != "emp_2" || alike[0].Similarity < 80 {
		t.Errorf("look-alikes: %+v", alike)
	}
	for _, test := range []struct {
		scope account.Scope
		want  int
	}{{account.Scope{All: true}, 3}, {account.Scope{Public: true}, 1}, {account.Scope{Public: true, Agency: "agy_1"}, 2}, {account.Scope{Agency: "agy_1"}, 1}} {
		if got := ix.Employers(employer.Query{Scope: test.scope}); got.Total != test.want {
			t.Errorf("%+v sees %d employers", test.scope, got.Total)
		}
	}
}

func TestSuggestions(t *testing.T) {
	var offers []*offer.Offer
	for i, title := range []string{"Infirmière de bloc", "Infirmier de nuit", "infirmière libérale", "Aide-soignante", "Chef infirmière", "Infirmerie fermée"} {
		o := openOffer(offer.ID(fmt.Sprintf("off_%d", i)))
		if o.Frozen.Terms.Title = title; i == 5 {
			o.State = offer.Suspended
		}
		offers = append(offers, o)
	}
	ix := openWorld(offers...)
	tests := []struct {
		typed string
		limit int
		want  []string
	}{
		{"INF", 10, []string{"infirmière", "infirmier"}},
		{"infirmi", 1, []string{"infirmière"}},
		{"chef i", 10, []string{"chef infirmière"}},
		{"infirmier n", 10, []string{"infirmier nuit"}},
		{"soig", 10, []string{"soignante"}},
		{"infirmerie", 10, nil}, {"", 10, nil}, {"inf", 0, nil}, {"?", 5, nil},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, ix.SuggestOffers(test.typed, test.limit)); diff != "" {
			t.Errorf("%q: %s", test.typed, diff)
		}
	}
}

func TestChangedOffers(t *testing.T) {
	var offers []*offer.Offer
	for i := range 6 {
		o := openOffer(offer.ID(fmt.Sprintf("off_%d", i)))
		o.UpdatedAt = clock().Add(time.Duration(i/2) * time.Minute)
		offers = append(offers, o)
	}
	offers[1].State = offer.Closed
	offers[3].State, offers[3].Frozen = offer.Draft, nil
	ix := openWorld(offers...)
	var ids []offer.ID
	for since, after := (time.Time{}), offer.ID(""); ; {
		cards := ix.ChangedOffers(since, after, 2)
		if len(cards) == 0 {
			break
		}
		for _, c := range cards {
			ids = append(ids, c.ID)
		}
		since, after = cards[len(cards)-1].UpdatedAt, cards[len(cards)-1].ID
	}
	if !slices.Equal(ids, []offer.ID{"off_0", "off_1", "off_2", "off_4", "off_5"}) {
		t.Errorf("walked %v", ids)
	}
	if since := ix.ChangedOffers(clock().Add(time.Minute), "", 10); len(since) != 3 || since[0].ID != "off_2" {
		t.Errorf("since: %v", since)
	}
	if none := ix.ChangedOffers(time.Time{}, "", -1); len(none) != 0 {
		t.Errorf("a negative limit gives %d", len(none))
	}
}

func TestImportsAndRowOrder(t *testing.T) {
	first, second := openOffer("off_a"), openOffer("off_b")
	first.Source, second.Source = offer.Source{Import: "imp_1", Row: 2}, offer.Source{Import: "imp_1", Row: 1}
	ix := openWorld(first, second)
	all := account.Scope{All: true}
	if ids := ix.OffersOf(offer.Query{Scope: all, Import: "imp_1"}); !slices.Equal(ids, []offer.ID{"off_b", "off_a"}) {
		t.Errorf("rows: %v", ids)
	}
	for i, kind := range []intake.Kind{intake.Offers, intake.Profiles, intake.Offers} {
		ix.PutImport(&intake.Import{ID: intake.ID(fmt.Sprintf("imp_%d", i)), Kind: kind, Agency: "agy_1", CreatedAt: clock().Add(time.Duration(i) * time.Hour)})
	}
	page, err := ix.SearchImports(intake.Query{Scope: account.Scope{Agency: "agy_1"}, Kind: intake.Offers, Limit: 1})
	if err != nil || page.Total != 2 || page.Items[0].ID != "imp_2" {
		t.Fatal(page, err)
	}
	page, err = ix.SearchImports(intake.Query{Scope: all, Kind: intake.Offers, Limit: 1, After: page.Next})
	if err != nil || page.Items[0].ID != "imp_0" || page.Next != "" {
		t.Fatal(page, err)
	}
	if _, ok := ix.ImportCard("imp_1"); !ok {
		t.Error("imp_1 is not found")
	}
	if ix.DropImport("imp_1"); ix.Ready() {
		if _, ok := ix.ImportCard("imp_1"); ok {
			t.Error("a dropped import is found")
		}
	}
}

func TestFindingOne(t *testing.T) {
	ix := openWorld(openOffer("off_1"))
	if id, ok := ix.OfferByReference("OFF-off_1"); !ok || id != "off_1" {
		t.Error("not found by its reference")
	}
	ix.PutProfile(&profile.Profile{ID: "pro_1", Owner: "acc_1", Facts: profile.Facts{Occupations: []ref.Occupation{"7212"},
		Experience: []profile.Experience{{Occupation: "7212", Months: 3}, {Occupation: "5120", Months: 4}}}})
	if id, ok := ix.ProfileOf("acc_1"); !ok || id != "pro_1" {
		t.Error("not found by its owner")
	}
	card, ok := ix.ProfileCard("pro_1")
	if !ok || card.Months != 7 || !slices.Equal(card.Occupations, []ref.Occupation{"5120", "7212"}) {
		t.Errorf("%+v", card)
	}
	if codes := ix.Corridors(); len(codes) != 1 || codes[0].Code != "ML-ES" {
		t.Errorf("%+v", codes)
	}
	ix.DropOffer("off_1")
	ix.DropProfile("pro_1")
	_, byReference := ix.OfferByReference("OFF-off_1")
	_, byOwner := ix.ProfileOf("acc_1")
	if _, ok := ix.OfferCard("off_1"); ok || byReference || byOwner {
		t.Error("what was dropped is found")
	}
}

// TestReadersWhileWriting lets 16 goroutines read while others write; every
// answer must be of one state: total, facets and items belong together.
func TestReadersWhileWriting(t *testing.T) {
	ix := openWorld()
	var readers, writers sync.WaitGroup
	stop := make(chan struct{})
	for w := range 2 {
		writers.Go(func() {
			for i := range 150 {
				o := openOffer(offer.ID(fmt.Sprintf("off_%d_%02d", w, i%40)))
				o.Frozen.Terms.Title = fmt.Sprintf("Soudeur %d", i%7)
				ix.PutOffer(o)
				ix.PutProfile(&profile.Profile{ID: profile.ID(fmt.Sprintf("pro_%d_%d", w, i%20)), Facts: profile.Facts{Identity: profile.Identity{BirthDate: "1990-01-01"}},
					Consents: []profile.Consent{{Purpose: profile.PurposeMatching, Given: i%2 == 0}}})
				if i%50 == 0 {
					ix.PutAgency(&agency.Agency{ID: "agy_1", State: []agency.State{agency.Active, agency.Suspended}[i/50%2]})
					ix.PutCorridor(&corridor.Corridor{Code: "ML-ES", Destination: "ES"})
				}
				ix.PutApplication(&application.Application{ID: "app_1", Profile: "pro_0_1", Agency: "agy_1", State: application.Submitted})
				ix.DropOffer(offer.ID(fmt.Sprintf("off_%d_%02d", w, (i+20)%40)))
			}
		})
	}
	for range 16 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					readOnce(t, ix)
				}
			}
		})
	}
	writers.Wait()
	close(stop)
	readers.Wait()
}

func readOnce(t *testing.T, ix *Index) {
	q := offer.Query{Text: "soudeur", Scope: account.Scope{Public: true}, Facets: []offer.Facet{offer.FacetCountry}, Limit: 100}
	results, err := ix.SearchOffers(q)
	count := 0
	for _, line := range results.Facets[offer.FacetCountry] {
		count += line.Count
	}
	if err != nil || results.Total != count || results.Total != len(results.Items) {
		t.Errorf("total %d, facet %d, items %d, %v", results.Total, count, len(results.Items), err)
	}
	if top, total := ix.MatchProfiles("off_0_01", 500, someDay); len(top) != total {
		t.Errorf("%d ranked of %d", len(top), total)
	}
	ix.Agencies(agency.Query{Scope: account.Scope{All: true}})
	ix.SuggestOffers("sou", 5)
	ix.PendingSubjects()
	ix.AppliedTo("pro_0_1", "agy_1")
}
