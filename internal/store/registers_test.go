package store_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

// The registers are the agencies, the employers and the corridors.
var registerDay = time.Date(2026, 3, 2, 10, 20, 30, 456_000_000, time.UTC)

func registerLog(subject string) audit.Log {
	var log audit.Log
	log.Add(audit.Entry{At: registerDay, Actor: "acc_a", Role: "official", Action: "noun.verb", Subject: subject, Rev: 3,
		Reason: "other", Fields: []string{"name", "state"}, Origin: "203.0.113.0/24", Count: 2, Content: []byte{1, 2}})
	log.Add(audit.Entry{At: registerDay, Actor: "system", Role: "system", Action: "noun.expire", Subject: subject, Rev: 4, Content: []byte{3}})
	return log
}

// fullAgency has every member set.
func fullAgency() *agency.Agency {
	return &agency.Agency{
		ID: "agy_01", Rev: 4, State: agency.Suspended, CreatedBy: "acc_o", Members: []account.ID{"acc_o", "acc_m"},
		Facts: agency.Facts{Name: "Sahel Emploi Ɛɔ", TradeName: "SE", Country: "ML", Kind: agency.Private, Licence: "N° 2024-117",
			LicenceFrom: "2024-05-01", LicenceUntil: "2027-04-30", Email: "contact@sahel.example", Phone: "+22320212223",
			City: "Bamako", Address: "Rue 1", Website: "https://sahel.example"},
		Decisions: []agency.Decision{{Action: "suspend", By: "acc_a", At: registerDay, Reason: "complaints", Note: "voir dossier", Act: "Arrêté 3", Evidence: "JO"}},
		Training:  []agency.Training{{Title: "Recrutement équitable", On: "2025-06-01", Hours: 12}},
		Keys: []agency.Key{{ID: "key_1", Name: "Logiciel", Scopes: []account.KeyScope{account.ScopeOffers}, Prefix: "pas_1", Hash: []byte{1}, Previous: []byte{2}, RotatedAt: registerDay,
			By: "acc_o", CreatedAt: registerDay, Expires: "2027-01-01", UsedAt: registerDay.Add(time.Minute), RevokedAt: registerDay.Add(time.Hour)}},
		CreatedAt: registerDay, UpdatedAt: registerDay.Add(time.Hour), Pending: registerLog("agy_01"),
	}
}

// fullEmployer has every member set.
func fullEmployer() *employer.Employer {
	return &employer.Employer{
		ID: "emp_01", Rev: 4, State: employer.Accredited, CreatedBy: "acc_o", Agency: "agy_01", Editors: []account.ID{"acc_o"},
		Facts: employer.Facts{Name: "Frutas del Sur", Country: "ES", Registration: "B-12", Sector: "A",
			Sites: []employer.Site{{Name: "Finca", City: "Huelva", Region: "Andalucía"}}, Website: "https://frutas.example"},
		Decisions: []employer.Decision{{Action: "propose-bar", By: "acc_a", At: registerDay, Reason: "abuse", Note: "vu", Act: "Arrêté 4", Evidence: "JO"}},
		CreatedAt: registerDay, UpdatedAt: registerDay.Add(time.Hour), Pending: registerLog("emp_01"),
	}
}

// fullCorridor has every member set.
func fullCorridor() *corridor.Corridor {
	closed := corridor.Suspension{ID: "sus_01", Kind: ref.Seasonal, Occupation: "92", Act: "Arrêté 1", Evidence: "JO", By: "acc_a", At: registerDay}
	return &corridor.Corridor{
		Code: "ML-ES", Rev: 4, Destination: "ES", MaxHours: 4000, WorkerFees: true,
		Bases:       []corridor.Basis{{Title: corridor.Text{FR: "Accord-cadre", EN: "Framework"}, Date: "2007-01-23", Source: "BOE", Confirmed: true}},
		Floors:      []corridor.Floor{{Prefix: "221", From: "2026-01-01", EURCents: 200000, Source: "convention", Confirmed: true}},
		Kinds:       []ref.WorkKind{ref.Seasonal},
		Regulated:   []ref.Occupation{"221"},
		Documents:   []corridor.Text{{FR: "Passeport", EN: "Passport"}},
		Notice:      corridor.Text{FR: "Vos droits", EN: "Your rights"},
		Suspensions: []corridor.Suspension{closed},
		Reopenings: []corridor.Reopening{{Kind: ref.Posted, Occupation: "5", Act: "Arrêté 2", Evidence: "JO", By: "acc_b", At: registerDay,
			Lifted: []corridor.Suspension{closed}}},
		Agreements: []agreement.ID{"agr_1"},
		Checklist:  []corridor.Paper{{Key: "passport", Label: corridor.Text{FR: "Passeport", EN: "Passport"}, Required: true, Expires: true, Provider: corridor.Worker}},
		Fees:       []corridor.Fee{{Item: corridor.Visa, Payer: corridor.Employer, MaxCents: 100, Note: corridor.Text{FR: "n", EN: "n"}, Source: "s", Confirmed: true}},
		Social: []corridor.Coordination{{Branch: corridor.OldAge, Payer: corridor.BothSides, Exportable: corridor.Yes, Totalisation: corridor.Yes,
			Certificate: corridor.No, Note: corridor.Text{FR: "n", EN: "n"}, Agreement: "agr_1", Source: "s", Confirmed: true}},
		Recognised: []corridor.Recognition{{Prefix: "221", Authority: corridor.Text{FR: "Ordre", EN: "Order"}, Procedure: corridor.Text{FR: "p", EN: "p"},
			Weeks: 12, Source: "s", Confirmed: true}},
		Arrival:   []corridor.Help{{Topic: corridor.Consulate, Text: corridor.Text{FR: "Ambassade", EN: "Embassy"}, Source: "s", Confirmed: true}},
		Proposal:  corridor.FeeProposal{By: "acc_a", At: registerDay},
		UpdatedAt: registerDay, Pending: registerLog("ML-ES"),
	}
}

// TestRegisterGolden pins the stored form; UPDATE_GOLDEN=1 rewrites it. A
// change of it needs a migration.
func TestRegisterGolden(t *testing.T) {
	for name, encode := range map[string]func() (bson.Raw, error){
		"agency":     func() (bson.Raw, error) { return store.EncodeAgency(fullAgency()) },
		"employer":   func() (bson.Raw, error) { return store.EncodeEmployer(fullEmployer()) },
		"corridor":   func() (bson.Raw, error) { return store.EncodeCorridor(fullCorridor()) },
		"agreement":  func() (bson.Raw, error) { return store.EncodeAgreement(fullAgreement()) },
		"suspension": func() (bson.Raw, error) { return store.EncodeAct(fullAct()) },
		"assignment": func() (bson.Raw, error) { return store.EncodeAssignment(fullAssignment()) },
	} {
		raw := must[bson.Raw](t)(encode())
		compact := must[[]byte](t)(bson.MarshalExtJSON(raw, true, false))
		var got bytes.Buffer
		if err := json.Indent(&got, compact, "", "  "); err != nil {
			t.Fatal(err)
		}
		got.WriteByte('\n')
		path := filepath.Join("testdata", name+".golden.json")
		if os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want := must[[]byte](t)(os.ReadFile(path))
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s is stored in another form:\n%s", name, diff)
		}
	}
}

// TestSamplesAreFull makes the golden files worth something: no member of the
// samples may be left at its zero value.
func TestSamplesAreFull(t *testing.T) {
	for _, v := range []any{*fullAgency(), *fullEmployer(), *fullCorridor(), *fullAgreement(), *fullAct(), *fullAssignment()} {
		wantFull(t, reflect.ValueOf(v), reflect.TypeOf(v).String())
	}
}

func wantFull(t *testing.T, v reflect.Value, path string) {
	t.Helper()
	if v.IsZero() {
		t.Errorf("%s is not set", path)
		return
	}
	switch {
	case v.Type() == reflect.TypeFor[time.Time](), v.Type() == reflect.TypeFor[audit.Log]():
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			wantFull(t, v.Field(i), path+"."+v.Type().Field(i).Name)
		}
	case v.Kind() == reflect.Slice:
		wantFull(t, v.Index(0), path+"[0]")
	}
}

// registerStore is what the three stores have in common.
type registerStore[T any, I ~string] interface {
	Get(ctx context.Context, id I) (*T, error)
	Insert(ctx context.Context, record *T) error
	Update(ctx context.Context, id I, change func(*T) error) (*T, error)
}

// contractOf says how the contract handles one kind of record.
type contractOf[T any, I ~string] struct {
	noun  string
	id    I
	full  func() *T // with every member set
	empty func() *T // with the id and nothing else
	rev   func(*T) *int64
	load  func(context.Context, func(*T) error) error
}

// heardOf collects what an observer was told.
type heardOf[T any] struct {
	mu      sync.Mutex
	records []*T
}

func (h *heardOf[T]) watch(record *T) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.records = append(h.records, record)
}

func keepsContract[T any, I ~string](t *testing.T, s registerStore[T, I], heard *heardOf[T], c contractOf[T, I]) {
	t.Helper()
	ctx := t.Context()
	_, err := s.Get(ctx, c.id)
	wantFault(t, err, fault.NotFound, c.noun+".not_found")
	_, err = s.Update(ctx, c.id, func(*T) error { return nil })
	wantFault(t, err, fault.NotFound, c.noun+".not_found")
	if err := s.Insert(ctx, c.full()); err != nil {
		t.Fatal(err)
	}
	if !fault.Is(s.Insert(ctx, c.empty()), fault.Conflict) {
		t.Error("inserting a taken id is no conflict")
	}
	sameRecord(t, "what was read", c.full(), must[*T](t)(s.Get(ctx, c.id)))
	refusal := fault.New(fault.Conflict, "transition")
	if _, err := s.Update(ctx, c.id, func(r *T) error { *c.rev(r) = 99; return refusal }); fault.Of(err) != refusal {
		t.Errorf("the error of change came back as %v", err)
	}
	sameRecord(t, "after a refused change", c.full(), must[*T](t)(s.Get(ctx, c.id)))
	emptied := must[*T](t)(s.Update(ctx, c.id, func(r *T) error { *r = *c.empty(); return nil }))
	sameRecord(t, "emptied", c.empty(), emptied)
	sameRecord(t, "emptied and read", c.empty(), must[*T](t)(s.Get(ctx, c.id)))
	if len(heard.records) != 2 {
		t.Fatalf("the observer heard %d writes, want 2", len(heard.records))
	}
	sameRecord(t, "the insert as heard", c.full(), heard.records[0])
	sameRecord(t, "the update as heard", c.empty(), heard.records[1])
	var loaded []*T
	if err := c.load(ctx, func(r *T) error { loaded = append(loaded, r); return nil }); err != nil || len(loaded) != 1 {
		t.Fatalf("loaded %d, %v", len(loaded), err)
	}
	sameRecord(t, "loaded", c.empty(), loaded[0])
	stop := fault.New(fault.Internal, "stop")
	if err := c.load(ctx, func(*T) error { return stop }); fault.Of(err) != stop {
		t.Errorf("load hid the error: %v", err)
	}
	allCount(t, s, c)
}

// allCount has eight writers change one record; every change must be there.
func allCount[T any, I ~string](t *testing.T, s registerStore[T, I], c contractOf[T, I]) {
	t.Helper()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				if _, err := s.Update(t.Context(), c.id, func(r *T) error { *c.rev(r)++; return nil }); err != nil {
					t.Errorf("update: %v", err)
				}
			}
		})
	}
	wg.Wait()
	if got := *c.rev(must[*T](t)(s.Get(t.Context(), c.id))); got != 41 {
		t.Errorf("40 changes made revision %d of 1", got)
	}
}

func sameRecord[T any](t *testing.T, what string, want, got *T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s differs:\n%s", what, diff)
	}
}

func TestAgencyStore(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		heard := &heardOf[agency.Agency]{}
		s := store.NewAgencyStore(db, heard.watch)
		var _ agency.Store = s
		keepsContract(t, s, heard, contractOf[agency.Agency, agency.ID]{noun: "agency", id: "agy_01", full: fullAgency,
			empty: func() *agency.Agency { return &agency.Agency{ID: "agy_01", Rev: 1} },
			rev:   func(a *agency.Agency) *int64 { return &a.Rev }, load: s.LoadAgencies})
	})
}

func TestEmployerStore(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		heard := &heardOf[employer.Employer]{}
		s := store.NewEmployerStore(db, heard.watch)
		var _ employer.Store = s
		keepsContract(t, s, heard, contractOf[employer.Employer, employer.ID]{noun: "employer", id: "emp_01", full: fullEmployer,
			empty: func() *employer.Employer { return &employer.Employer{ID: "emp_01", Rev: 1} },
			rev:   func(e *employer.Employer) *int64 { return &e.Rev }, load: s.LoadEmployers})
	})
}

func TestCorridorStore(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		heard := &heardOf[corridor.Corridor]{}
		s := store.NewCorridorStore(db, heard.watch)
		var _ corridor.Store = s
		keepsContract(t, s, heard, contractOf[corridor.Corridor, corridor.Code]{noun: "corridor", id: "ML-ES", full: fullCorridor,
			empty: func() *corridor.Corridor { return &corridor.Corridor{Code: "ML-ES", Rev: 1} },
			rev:   func(c *corridor.Corridor) *int64 { return &c.Rev }, load: s.LoadCorridors})
	})
}

// TestLicenceHasOneHolder races agencies for one licence number over the real
// claims (RL-14): one wins, the others find the number taken.
func TestLicenceHasOneHolder(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		claims, facts := db.Claims(), agency.Facts{Country: "ML", Licence: "N° 7"}
		var _ agency.Claims = claims
		var mu sync.Mutex
		var won, lost int
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				err := claims.Claim(t.Context(), agency.LicenceKey(facts), fmt.Sprintf("agy_%d", i))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					won++
				case fault.Is(err, fault.Conflict):
					lost++
				}
			})
		}
		wg.Wait()
		if won != 1 || lost != 7 {
			t.Errorf("%d won and %d lost", won, lost)
		}
	})
}
