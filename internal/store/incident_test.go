package store_test

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"passerelle/internal/domain/incident"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

// fullIncident has every member set, whatever members there are.
func fullIncident() *incident.Incident {
	i, n := &incident.Incident{}, int64(0)
	fillAll(reflect.ValueOf(i).Elem(), "i", &n)
	i.ID, i.Rev = "inc_01", 7
	i.Pending = registerLog("inc_01")
	return i
}

// TestIncidentGolden pins the stored form; UPDATE_GOLDEN=1 rewrites it. A
// member that is gone or has another name needs a migration.
func TestIncidentGolden(t *testing.T) {
	raw := must[bson.Raw](t)(store.EncodeIncident(fullIncident()))
	var names bytes.Buffer
	writeShape(&names, raw, "")
	const path = "testdata/incident.golden"
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, names.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(must[[]byte](t)(os.ReadFile(path))), names.String()); diff != "" {
		t.Errorf("incidents are stored in another form:\n%s", diff)
	}
}

func TestIncidentStore(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		heard := &heardOf[incident.Incident]{}
		s := store.NewIncidentStore(db, heard.watch)
		var _ incident.Store = s
		keepsContract(t, s, heard, contractOf[incident.Incident, incident.ID]{noun: "store", id: "inc_01", full: fullIncident,
			empty: func() *incident.Incident { return &incident.Incident{ID: "inc_01", Rev: 1} },
			rev:   func(i *incident.Incident) *int64 { return &i.Rev }, load: s.LoadIncidents})
	})
}

// TestIncidentWordsAreSealed: with a cipher nothing that anybody said in a case
// is in the file, and the record reads back whole.
func TestIncidentWordsAreSealed(t *testing.T) {
	full := fullIncident()
	db := openAt(t, t.TempDir(), &masking{1})
	s := store.NewIncidentStore(db, nil)
	if err := s.Insert(t.Context(), fullIncident()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		sameRecord(t, "read", full, must[*incident.Incident](t)(s.Get(t.Context(), full.ID)))
	}
	stored := rawIncident{}
	if err := db.Dump(t.Context(), &stored); err != nil {
		t.Fatal(err)
	}
	text := string(must[[]byte](t)(bson.MarshalExtJSON(bson.Raw(stored.doc), true, false)))
	for _, said := range []string{full.Description, full.Closing, full.Entries[0].Text, full.Referrals[0].Note} {
		if strings.Contains(text, mustJSON(t, said)) {
			t.Errorf("%q is stored in the clear", said)
		}
	}
	if !strings.Contains(text, mustJSON(t, full.Category)) {
		t.Error("the search finds nothing at all")
	}
}

// rawIncident takes the one incident out of a dump.
type rawIncident struct {
	name string
	doc  []byte
}

func (r *rawIncident) Begin(name string) error { r.name = name; return nil }

func (r *rawIncident) Put(_ string, doc []byte) error {
	if r.name == "incident" {
		r.doc = bytes.Clone(doc)
	}
	return nil
}
