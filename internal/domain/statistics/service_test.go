package statistics

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/profile"
)

func TestQuarters(t *testing.T) {
	for text, start := range map[string]string{"2026-Q1": "2026-01-01", "2026-Q4": "2026-10-01", "1999-Q2": "1999-04-01"} {
		q, err := ParseQuarter(text)
		if err != nil || q.Start().Format(time.DateOnly) != start || QuarterOf(q.Start()) != q || QuarterOf(q.Start().Add(-1)) != q.Before() {
			t.Errorf("%s: %v %v %v", text, q.Start(), q.Before(), err)
		}
	}
	for _, text := range []string{"", "2026", "2026-Q5", "2026-Q0", "2026-q1", "26-Q1", "2026-Q11", "0000-Q1", "+026-Q1"} {
		if _, err := ParseQuarter(text); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
	bamako := time.FixedZone("", -3600)
	if q := QuarterOf(time.Date(2026, 3, 31, 23, 30, 0, 0, bamako)); q != "2026-Q2" {
		t.Error(q)
	}
}

// crowd makes people of one country and sex who signed up that day.
func (w *world) crowd(n int, at time.Time, p profile.Profile) {
	for range n {
		one := p
		one.ID, one.CreatedAt = profile.ID(rune('a'+len(w.profiles)%26)), at
		one.Consents = []profile.Consent{{Purpose: profile.PurposeStatistics, Given: true}}
		w.profiles = append(w.profiles, &one)
	}
}

func living(country, region string, sex profile.Sex) (p profile.Profile) {
	p.Facts.Residence.Country, p.Facts.Residence.Region = "ML", "2"
	if country != "ML" {
		p.Facts.Residence.Country, p.Facts.Residence.Region = "FR", ""
	}
	p.Facts.Identity.Sex = sex
	return p
}

// TestPR04AQuarterIsFrozen: what was published does not change when somebody
// is erased or registered afterwards, and the running quarter is not told.
func TestPR04AQuarterIsFrozen(t *testing.T) {
	w, quarters := &world{}, shelf{}
	third, now := time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC), today
	w.crowd(20, third, living("ML", "2", profile.Female))
	w.crowd(9, third, living("FR", "", profile.Male))
	w.crowd(30, now, living("FR", "", profile.Male))
	refuses := living("FR", "", profile.Male)
	refuses.CreatedAt = third
	w.profiles = append(w.profiles, &refuses)
	s, official := w.service(quarters, now), account.Actor{Account: "acc_1", Role: account.Official}
	if n, err := s.Publish(t.Context()); err != nil || n != kept {
		t.Fatal(n, err)
	}
	first, err := s.Report(t.Context(), official, ProfilesByCountry, "")
	if err != nil || first.Quarter != "2026-Q3" || first.Count != 29 || len(first.Lines) != 2 || first.Lines[1].Count != 9 || len(first.Quarters) != kept {
		t.Fatalf("%+v %v", first, err)
	}
	w.profiles = w.profiles[1:]
	if n, err := s.Publish(t.Context()); err != nil || n != 0 {
		t.Error(n, err)
	}
	if again, err := s.Report(t.Context(), official, ProfilesByCountry, "2026-Q3"); err != nil || !reflect.DeepEqual(first, again) {
		t.Errorf("%+v %v", again, err)
	}
	if q, err := w.service(quarters, now.AddDate(0, 3, 0)).Publish(t.Context()); err != nil || q != 1 {
		t.Error(q, err)
	}
}

func TestReportsAreRefused(t *testing.T) {
	s := (&world{}).service(shelf{}, today)
	official := account.Actor{Account: "acc_1", Role: account.Official}
	refused := func(name string, actor account.Actor, report string, quarter Quarter, kind fault.Kind) {
		if _, err := s.Report(t.Context(), actor, report, quarter); !fault.Is(err, kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	refused("nobody", account.Actor{}, OffersByCountry, "", fault.Unauthenticated)
	refused("a candidate", account.Actor{Account: "acc_2", Role: account.Candidate}, OffersByCountry, "", fault.Forbidden)
	refused("nothing published", official, OffersByCountry, "", fault.NotFound)
	if _, err := s.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	refused("an unknown report", official, "people-by-name", "", fault.NotFound)
	refused("the running quarter", official, OffersByCountry, QuarterOf(today), fault.NotFound)
}

func TestOutcomesAndOffersAreCounted(t *testing.T) {
	w, quarters := &world{}, shelf{}
	at := time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)
	w.crowd(1, at.AddDate(-3, 0, 0), living("ML", "2", ""))
	for i := range 26 {
		state := []application.State{application.Refused, application.Shortlisted}[i%2]
		w.applications = append(w.applications, &application.Application{Profile: string(w.profiles[0].ID), State: state,
			History: []application.Event{{State: application.Invited, At: at.AddDate(-1, 0, 0)}, {State: application.Submitted, At: at}, {State: application.Submitted, At: today}}})
		w.offers = append(w.offers, &offer.Offer{Frozen: &offer.Snapshot{PublishedAt: at, Terms: offer.Terms{Country: "FR", Occupation: "7112"}}}, &offer.Offer{})
	}
	w.applications = append(w.applications, &application.Application{Profile: string(w.profiles[0].ID), State: application.Invited}, &application.Application{Profile: "pro_other", State: application.Refused})
	if _, err := w.service(quarters, today).Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	tables := map[string]Table{}
	for _, x := range quarters["2026-Q3"].Tables {
		tables[x.Report] = x
	}
	want := Line{Count: 26, Lines: []Line{{Code: "refused", Count: 13}, {Code: Pending, Count: 13}}}
	if got := tables[ApplicationsByOutcome].Line; !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	if got := tables[OffersByCountry]; !got.Shown || got.Count != 26 || len(got.Lines) != 0 { // one country is everything
		t.Errorf("%+v", got)
	}
	if got := tables[ProfilesByCountry]; got.Shown || got.Count != 0 {
		t.Errorf("%+v", got)
	}
}

// TestRegionsAreToldOfMaliOnly, and by sex only where enough live; of another
// country nothing below its total. covers PR-04
func TestRegionsAreToldOfMaliOnly(t *testing.T) {
	w, quarters, at := &world{}, shelf{}, time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)
	second := living("ML", "2", profile.Female)
	w.crowd(20, at, second)
	second.Facts.Identity.Sex = profile.Male
	w.crowd(15, at, second)
	third := living("ML", "3", profile.Female)
	third.Facts.Residence.Region = "3"
	w.crowd(14, at, third)
	abroad := living("FR", "", profile.Male)
	abroad.Facts.Residence.Region = "75"
	w.crowd(30, at, abroad)
	for range 5 {
		w.offers = append(w.offers, &offer.Offer{Frozen: &offer.Snapshot{PublishedAt: at, Terms: offer.Terms{Country: "FR", Occupation: "7112"}}})
		w.offers = append(w.offers, &offer.Offer{Frozen: &offer.Snapshot{PublishedAt: at, Terms: offer.Terms{Country: "ES", Occupation: "5120"}}})
	}
	if _, err := w.service(quarters, today).Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	tables := map[string]Table{}
	for _, x := range quarters["2026-Q3"].Tables {
		tables[x.Report] = x
	}
	for report, want := range map[string]Line{
		ProfilesByCountry:   {Count: 79, Lines: []Line{{Code: "ML", Count: 49}, {Code: "FR", Count: 30}}},
		ProfilesByRegion:    {Count: 49, Lines: []Line{{Code: "2", Count: 35}, {Code: "3", Count: 14}}},
		ProfilesByRegionSex: {Count: 49, Lines: []Line{{Code: "2", Count: 35, Lines: []Line{{Code: "female", Count: 20}, {Code: "male", Count: 15}}}, {Code: "3", Count: 14}}},
		OffersByOccupation:  {Count: 10, Lines: []Line{{Code: "51", Count: 5}, {Code: "71", Count: 5}}},
		OffersByCountry:     {Count: 10, Lines: []Line{{Code: "ES", Count: 5}, {Code: "FR", Count: 5}}},
	} {
		if got := tables[report]; !got.Shown || fmt.Sprintf("%+v", got.Line) != fmt.Sprintf("%+v", want) {
			t.Errorf("%s: %+v, want %+v", report, got, want)
		}
	}
}

// TestFiveAreTheFewest of whom anything is told.
func TestFiveAreTheFewest(t *testing.T) {
	for n, shown := range map[int]bool{4: false, 5: true} {
		w, quarters, at := &world{}, shelf{}, time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)
		for range n {
			w.offers = append(w.offers, &offer.Offer{Frozen: &offer.Snapshot{PublishedAt: at, Terms: offer.Terms{Country: "FR", Occupation: "7112"}}})
		}
		if _, err := w.service(quarters, today).Publish(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, x := range quarters["2026-Q3"].Tables {
			if x.Report == OffersByCountry && (x.Shown != shown || x.Count != map[bool]int{true: n}[shown]) {
				t.Errorf("%d offers: %+v", n, x)
			}
		}
	}
}
