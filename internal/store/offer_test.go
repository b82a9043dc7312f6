package store_test

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

var offerDay = time.Date(2026, 11, 21, 8, 9, 10, 11_000_000, time.UTC)

// fullOfferTerms has every member set.
func fullOfferTerms() offer.Terms {
	return offer.Terms{
		Title: "Maçon", Description: "Ligne 1\nLigne 2", Occupation: "0110", Kind: ref.Circular, Employer: "emp_01", EmployerName: "Obras",
		Country: "ES", Region: "Andalucía", City: "Almería", Places: 3, Start: "2027-03-01", DurationMonths: 9, HoursPerWeek: 3750, DaysPerWeek: 550,
		Pay:     ref.Pay{Min: 150_000, Max: 170_000, Currency: ref.EUR, Period: ref.PerMonth, Basis: ref.Gross, PaymentsPerYear: 14},
		PayText: "1 500 à 1 700 €", Benefits: offer.Benefits{Housing: "yes", Meals: "no", Transport: "yes", Insurance: "yes", Flight: "no"},
		Deductions: []offer.Deduction{{Label: "Logement", Amount: 12_000}}, Languages: []offer.LanguageNeed{{Language: "es", Level: ref.A2}},
		Education: 3, ExperienceMonths: 24, RequiredSkills: []ref.Skill{"maconnerie"}, OptionalSkills: []ref.Skill{"lecture-de-plans"},
		Licences: []ref.Licence{"permis-b"}, MinAge: 21, Regulated: true,
		Costs: offer.Costs{Visa: "employer", Flight: "worker", Medical: "employer", Training: "employer", WorkerFee: 1}, Deadline: "2027-01-31",
	}
}

// fullOffer has every member set.
func fullOffer() *offer.Offer {
	finding := []offer.Finding{{Code: "lint.cost.worker", Pointer: "/costs/flight", Blocking: true, Args: []string{"flight"}}}
	version := offer.Version{
		Number: 2, State: offer.Published, Terms: fullOfferTerms(), Findings: finding, SubmittedBy: "acc_01", SubmittedAt: offerDay,
		ApprovedBy: "acc_02", ApprovedAt: offerDay, Editors: []account.ID{"acc_01"}, Reason: "other", Note: "n", Answered: true, Answer: "a",
	}
	next := version
	return &offer.Offer{
		ID: "off_01", Rev: 7, Reference: "OFF-2026-000000", Agency: "agy_01", AgencyKind: "private", CreatedBy: "acc_01", State: offer.Suspended,
		Current: version, Next: &next,
		Frozen: &offer.Snapshot{Version: 2, Terms: fullOfferTerms(), PublishedBy: "acc_03", PublishedAt: offerDay, PayCents: 150_000, PayKnown: true,
			RateFrom: "1999-01-01", SHA256: "ab", Warnings: finding},
		Earlier: []offer.Snapshot{{Version: 1, Terms: fullOfferTerms(), PublishedBy: "acc_03", PublishedAt: offerDay, PayCents: 140_000, PayKnown: true,
			RateFrom: "1999-01-01", SHA256: "cd", Warnings: finding}},
		Announce: 2,
		Causes:   []offer.Cause{offer.CauseAgency}, SuspendedBy: "acc_04", ReopenedBy: "acc_05", Taken: []string{"app_01"},
		Objections: []offer.Objection{{By: "acc_06", At: offerDay, Reason: "other", Note: "n"}},
		Source: offer.Source{Import: "imp_01", Run: 2, Row: 5, Key: "k", Hash: "h", Posted: "2026-11-01", Original: "o", Coding: "clerk", Confidence: 90,
			Coders: []account.ID{"acc_07"}},
		CreatedAt: offerDay, UpdatedAt: offerDay, ClosedAt: offerDay, Pending: registerLog("off_01"),
	}
}

// TestOfferGolden pins the stored form; UPDATE_GOLDEN=1 rewrites it. A change
// of it needs a migration.
func TestOfferGolden(t *testing.T) {
	raw := must[bson.Raw](t)(store.EncodeOffer(fullOffer()))
	var got bytes.Buffer
	if err := json.Indent(&got, must[[]byte](t)(bson.MarshalExtJSON(raw, true, false)), "", "  "); err != nil {
		t.Fatal(err)
	}
	got.WriteByte('\n')
	const path = "testdata/offer.golden.json"
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(must[[]byte](t)(os.ReadFile(path))), got.String()); diff != "" {
		t.Errorf("offers are stored in another form:\n%s", diff)
	}
}

func TestOfferSampleIsFull(t *testing.T) {
	wantFull(t, reflect.ValueOf(*fullOffer()), "offer")
}

func TestOfferStore(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		heard := &heardOf[offer.Offer]{}
		s := store.NewOfferStore(db, heard.watch)
		var _ offer.Store = s
		keepsContract(t, s, heard, contractOf[offer.Offer, offer.ID]{noun: "offer", id: "off_01", full: fullOffer,
			empty: func() *offer.Offer { return &offer.Offer{ID: "off_01", Rev: 1} },
			rev:   func(o *offer.Offer) *int64 { return &o.Rev }, load: s.LoadOffers})
		another := fullOffer()
		another.ID = "off_02"
		existing := must[[]offer.ID](t)(s.InsertMany(t.Context(), []*offer.Offer{fullOffer(), another}))
		if len(existing) != 1 || existing[0] != "off_01" {
			t.Errorf("existing: %v", existing)
		}
		_, err := s.Get(t.Context(), "off_03")
		wantFault(t, err, fault.NotFound, "offer.not_found")
	})
}
