package posting_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web/posting"
)

const base = "https://passerelle.test/"

// mason is an offer that states everything a posting shows.
func mason() offer.View {
	return offer.View{
		Reference: "OFF-2026-7K3Q9D", AgencyName: "Sahel Emploi", State: offer.Published, FreePlaces: 3, Open: true,
		UpdatedAt: time.Date(2026, 6, 2, 8, 0, 0, 0, time.UTC),
		Snapshot: &offer.Snapshot{PublishedAt: time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC), Terms: offer.Terms{
			Title: "Maçon", Description: "Un.\n\nDeux.", Occupation: "7112", Kind: ref.Seasonal, EmployerName: "Obras SA", Country: "ES", Region: "Andalucía", City: "Almería",
			Places: 5, Start: "2026-09-01", HoursPerWeek: 3750, Deadline: "2026-08-31",
			Pay: ref.Pay{Min: 150000, Max: 170000, Currency: "EUR", Period: ref.PerMonth, Basis: ref.Gross},
		}},
	}
}

func TestWholePosting(t *testing.T) {
	got, err := json.Marshal(posting.Of(mason(), base))
	const want = `{"@context":"https://schema.org","@type":"JobPosting","identifier":{"@type":"PropertyValue","name":"Passerelle","value":"OFF-2026-7K3Q9D"},` +
		`"url":"https://passerelle.test/offres/OFF-2026-7K3Q9D","title":"Maçon","description":"Un.\n\nDeux.","datePosted":"2026-05-01","validThrough":"2026-08-31T23:59:59Z",` +
		`"employmentType":["FULL_TIME","TEMPORARY"],"hiringOrganization":{"@type":"Organization","name":"Obras SA"},` +
		`"jobLocation":{"@type":"Place","address":{"@type":"PostalAddress","addressCountry":"ES","addressRegion":"Andalucía","addressLocality":"Almería"}},` +
		`"baseSalary":{"@type":"MonetaryAmount","currency":"EUR","value":{"@type":"QuantitativeValue","unitText":"MONTH","minValue":1500.00,"maxValue":1700.00}},` +
		`"occupationalCategory":"7112","totalJobOpenings":3,"jobStartDate":"2026-09-01","workHours":"37.5 hours per week","directApply":true}`
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s\n%s", err, got, want)
	}
}

func TestNothingIsGuessed(t *testing.T) {
	v := mason()
	v.Snapshot.Terms = offer.Terms{Title: "Maçon", Kind: ref.Permanent, Country: "ES"}
	v.FreePlaces, v.Open = 0, false
	got, err := json.Marshal(posting.Of(v, base))
	if err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{"validThrough", "employmentType", "baseSalary", "workHours", "jobStartDate", "occupationalCategory", "addressLocality"} {
		if strings.Contains(string(got), member) {
			t.Errorf("%s is in %s", member, got)
		}
	}
	for _, want := range []string{`"name":"Sahel Emploi"`, `"totalJobOpenings":0`, `"directApply":false`} {
		if !strings.Contains(string(got), want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
	if v.Snapshot = nil; posting.Of(v, base) != nil {
		t.Error("what was never published has a posting")
	}
}

func TestValidThrough(t *testing.T) {
	for name, tc := range map[string]struct {
		state    offer.State
		deadline ref.Date
		want     string
	}{
		"in force":               {offer.Published, "2026-08-31", "2026-08-31T23:59:59Z"},
		"open-ended":             {offer.Published, "", ""},
		"run out":                {offer.Expired, "2026-06-01", "2026-06-01T23:59:59Z"},
		"filled before its day":  {offer.Filled, "2026-08-31", "2026-06-02T08:00:00Z"},
		"closed, was open-ended": {offer.Closed, "", "2026-06-02T08:00:00Z"},
		"closed after its day":   {offer.Closed, "2026-06-01", "2026-06-01T23:59:59Z"},
	} {
		v := mason()
		v.State, v.Snapshot.Terms.Deadline = tc.state, tc.deadline
		if got := posting.Of(v, base).ValidThrough; got != tc.want {
			t.Errorf("%s: %q, not %q", name, got, tc.want)
		}
	}
}

func TestEmploymentTypes(t *testing.T) {
	for _, tc := range []struct {
		kind  ref.WorkKind
		hours int
		want  string
	}{
		{ref.Permanent, 0, ""}, {ref.Permanent, 3500, "FULL_TIME"}, {ref.Permanent, 3499, "PART_TIME"},
		{ref.FixedTerm, 0, "TEMPORARY"}, {ref.Seasonal, 4000, "FULL_TIME TEMPORARY"}, {ref.Internship, 2000, "PART_TIME INTERN"},
	} {
		v := mason()
		v.Snapshot.Terms.Kind, v.Snapshot.Terms.HoursPerWeek = tc.kind, tc.hours
		if got := strings.Join(posting.Of(v, base).Employment, " "); got != tc.want {
			t.Errorf("%s of %d: %q, not %q", tc.kind, tc.hours, got, tc.want)
		}
	}
}

func TestSalary(t *testing.T) {
	for name, tc := range map[string]struct {
		pay  ref.Pay
		want string
	}{
		"one amount":  {ref.Pay{Min: 450000, Currency: "XOF", Period: ref.PerMonth, Basis: ref.Gross}, `{"@type":"QuantitativeValue","unitText":"MONTH","value":450000}`},
		"equal ends":  {ref.Pay{Min: 1250, Max: 1250, Currency: "EUR", Period: ref.PerHour, Basis: ref.Gross}, `{"@type":"QuantitativeValue","unitText":"HOUR","value":12.50}`},
		"net is none": {ref.Pay{Min: 1250, Currency: "EUR", Period: ref.PerHour, Basis: ref.Net}, ""},
	} {
		v := mason()
		v.Snapshot.Terms.Pay = tc.pay
		salary := posting.Of(v, base).Salary
		if tc.want == "" {
			if salary != nil {
				t.Errorf("%s: %v", name, salary)
			}
			continue
		}
		if got, err := json.Marshal(salary.Value); err != nil || string(got) != tc.want || salary.Currency != tc.pay.Currency {
			t.Errorf("%s: %v %s, not %s", name, err, got, tc.want)
		}
	}
}
