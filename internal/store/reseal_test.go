package store_test

import (
	"reflect"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"passerelle/internal/domain/profile"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

// TestResealSealsMembersAddedLater: a profile of an earlier version, in which
// only telephone and numbers were sealed, is read as it is, and Reseal seals
// names, birth and summary. covers PR-06
func TestResealSealsMembersAddedLater(t *testing.T) {
	db := storetest.Open(t)
	db.UseCipher(&masking{1})
	s := store.NewProfileStore(db, nil)
	full := fullProfile()
	if err := s.Insert(t.Context(), full); err != nil {
		t.Fatal(err)
	}
	uri, name := store.Address(db)
	client := must[*mongo.Client](t)(mongo.Connect(options.Client().ApplyURI(uri).SetMaxPoolSize(1)))
	docs := client.Database(name).Collection("profile")
	stored := func() bson.Raw {
		return must[bson.Raw](t)(docs.FindOne(t.Context(), byDoc(string(full.ID))).Raw())
	}
	i := full.Facts.Identity
	clear := map[string]string{"givenNames": i.GivenNames, "familyName": i.FamilyName, "birthDate": string(i.BirthDate), "birthPlace": i.BirthPlace}
	var doc bson.M
	if err := bson.Unmarshal(stored(), &doc); err != nil {
		t.Fatal(err)
	}
	facts := doc["facts"].(bson.D)
	setMember(facts, "summary", full.Facts.Summary)
	for member, text := range clear {
		if !strings.HasPrefix(lookup(stored(), "facts", "identity", member), "\x01") || text == "" {
			t.Fatalf("%s is not sealed, or empty: the test shows nothing", member)
		}
		setMember(memberOf(facts, "identity"), member, text)
	}
	must[*mongo.UpdateResult](t)(docs.ReplaceOne(t.Context(), byDoc(string(full.ID)), doc))
	again := store.NewProfileStore(db, nil)
	check := func(want int) {
		t.Helper()
		err := again.LoadProfiles(t.Context(), func(p *profile.Profile) error {
			if !reflect.DeepEqual(p.Facts, full.Facts) {
				t.Errorf("read as %+v", p.Facts.Identity)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := must[int](t)(again.Reseal(t.Context())); got != want {
			t.Errorf("%d sealed anew, want %d", got, want)
		}
	}
	check(1)
	for member := range clear {
		if got := lookup(stored(), "facts", "identity", member); !strings.HasPrefix(got, "\x01") {
			t.Errorf("%s stays in the clear: %q", member, got)
		}
	}
	if got := lookup(stored(), "facts", "summary"); !strings.HasPrefix(got, "\x01") {
		t.Errorf("the summary stays in the clear: %q", got)
	}
	check(0)
	if err := client.Disconnect(t.Context()); err != nil {
		t.Error(err)
	}
}

func lookup(doc bson.Raw, path ...string) string {
	text, _ := doc.Lookup(path...).StringValueOK() // no text is empty
	return text
}

func memberOf(d bson.D, name string) bson.D {
	for _, e := range d {
		if sub, ok := e.Value.(bson.D); ok && e.Key == name {
			return sub
		}
	}
	return nil
}

func setMember(d bson.D, name string, value any) {
	for i := range d {
		if d[i].Key == name {
			d[i].Value = value
		}
	}
}
