package store_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/placement"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

var placementDay = time.Date(2027, 1, 4, 9, 0, 0, 0, time.UTC)

// fillAll sets every member below v to a value of its own, so that two that
// are exchanged or one that is forgotten show. Lists get one item each.
func fillAll(v reflect.Value, path string, n *int64) {
	*n++
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(placementDay.Add(time.Duration(*n) * time.Second)))
	case v.Type() == reflect.TypeFor[audit.Log]():
		v.Set(reflect.ValueOf(registerLog("pla_01")))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fillAll(v.Field(i), path+"."+v.Type().Field(i).Name, n)
		}
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillAll(v.Elem(), path, n)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fillAll(v.Index(0), path, n)
	case v.Kind() == reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fillAll(key, path+".key", n)
		fillAll(value, path+".value", n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case v.Kind() == reflect.String:
		v.SetString(fmt.Sprintf("%s %d é", path, *n))
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.Kind() == reflect.Uint8:
		v.SetUint(uint64(*n % 256))
	case v.CanInt():
		v.SetInt(*n % 100)
	default:
		panic(fmt.Sprintf("%s is a %s, which this test cannot fill", path, v.Type()))
	}
}

// fullPlacement has every member set, whatever members there are.
func fullPlacement() *placement.Placement {
	p, n := &placement.Placement{}, int64(0)
	fillAll(reflect.ValueOf(p).Elem(), "p", &n)
	p.ID, p.Rev = "pla_01", 7
	return p
}

// TestPlacementGolden pins the stored form; UPDATE_GOLDEN=1 rewrites it. A
// member that is gone or has another name needs a migration.
func TestPlacementGolden(t *testing.T) {
	raw := must[bson.Raw](t)(store.EncodePlacement(fullPlacement()))
	var names bytes.Buffer
	writeShape(&names, raw, "")
	const path = "testdata/placement.golden"
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, names.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(must[[]byte](t)(os.ReadFile(path))), names.String()); diff != "" {
		t.Errorf("placements are stored in another form:\n%s", diff)
	}
}

// writeShape lists the members of a document with their types, one a line.
func writeShape(out *bytes.Buffer, doc bson.Raw, path string) {
	elements, err := doc.Elements()
	if err != nil {
		panic(err)
	}
	for _, e := range elements {
		name := strings.TrimPrefix(path+"."+e.Key(), ".")
		switch value := e.Value(); value.Type {
		case bson.TypeEmbeddedDocument, bson.TypeArray:
			writeShape(out, value.Value, name)
		default:
			fmt.Fprintf(out, "%s %s\n", name, value.Type)
		}
	}
}

// TestPlacementStore: what is stored reads back whole, with every member that
// the aggregate has.
func TestPlacementStore(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		heard := &heardOf[placement.Placement]{}
		s := store.NewPlacementStore(db, heard.watch)
		var _ placement.Store = s
		keepsContract(t, s, heard, contractOf[placement.Placement, placement.ID]{noun: "placement", id: "pla_01", full: fullPlacement,
			empty: func() *placement.Placement { return &placement.Placement{ID: "pla_01", Rev: 1} },
			rev:   func(p *placement.Placement) *int64 { return &p.Rev }, load: s.LoadPlacements})
	})
}

// TestPlacementTextsAreSealed: with a cipher nothing that people wrote about
// the person is in the file, and the record reads back whole, also what the
// observer is told and what is read again.
func TestPlacementTextsAreSealed(t *testing.T) {
	full := fullPlacement()
	secret := []string{
		full.Documents[0].Name, full.Costs[0].Note, full.History[0].Note, full.Holds[0].Reason, full.Decision.RefusalNote, full.Decision.Answer,
		full.Journey.CheckIns[0].Note, full.Ending.Note, full.Ending.HomeNote, full.Ending.RehireNote, full.Ending.Insurance[0].Number, full.Ending.Case.Plan,
		full.Ending.Case.FollowUp[0].Note, full.Internship.Evaluation.Comment, full.Mission.Report,
	}
	db := openAt(t, t.TempDir(), &masking{1})
	heard := &heardOf[placement.Placement]{}
	s := store.NewPlacementStore(db, heard.watch)
	if err := s.Insert(t.Context(), fullPlacement()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		sameRecord(t, "read", full, must[*placement.Placement](t)(s.Get(t.Context(), full.ID)))
	}
	sameRecord(t, "heard", full, heard.records[0])
	stored := rawOf{}
	if err := db.Dump(t.Context(), &stored); err != nil {
		t.Fatal(err)
	}
	text := string(must[[]byte](t)(bson.MarshalExtJSON(bson.Raw(stored.doc), true, false)))
	for _, s := range secret {
		if strings.Contains(text, mustJSON(t, s)) {
			t.Errorf("%q is stored in the clear", s)
		}
	}
	if !strings.Contains(text, mustJSON(t, full.Title)) {
		t.Error("the search finds nothing at all")
	}
	if n := must[int](t)(s.Reseal(t.Context())); n != 0 {
		t.Errorf("%d documents sealed anew that were sealed", n)
	}
}

func mustJSON(t *testing.T, s string) string {
	t.Helper()
	return strings.Trim(string(must[[]byte](t)(json.Marshal(s))), `"`)
}

// rawOf takes the one placement out of a dump.
type rawOf struct {
	name string
	doc  []byte
}

func (r *rawOf) Begin(name string) error { r.name = name; return nil }

func (r *rawOf) Put(_ string, doc []byte) error {
	if r.name == "placement" {
		r.doc = bytes.Clone(doc)
	}
	return nil
}
