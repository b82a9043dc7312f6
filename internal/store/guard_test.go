package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

// guardSize is the number of documents at which a read without an index was
// measured to take 150 ms.
const guardSize = 50_000

// TestReadsByIDUseTheIndex keeps the one thing on which the speed of the
// embedded engine hangs: that its statements by _id use the index Tune adds.
func TestReadsByIDUseTheIndex(t *testing.T) {
	db := storetest.OpenEmbedded(t)
	docs := store.NewDocs(db)
	fill(t, docs)
	raw := rawCollection(t, db)
	if p := plan(t, raw); !strings.Contains(p, "SCAN") {
		t.Errorf("before tuning the plan was %q: the index may no longer be needed", p)
	}
	slow := timeReads(t, docs, 5)
	if err := store.Ensure(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if p := plan(t, raw); !strings.Contains(p, "USING INDEX passerelle_id_") {
		t.Errorf("reads by _id do not use the index: %q", p)
	}
	fast := timeReads(t, docs, 200)
	t.Logf("one read by _id of %d documents: %s without the index, %s with it, %.0f times faster", guardSize, slow, fast, float64(slow)/float64(fast))
	start := time.Now()
	if n := count(t, docs); n != guardSize {
		t.Errorf("loaded %d of %d documents", n, guardSize)
	}
	t.Logf("loading all: %s", time.Since(start).Round(time.Millisecond))
}

// TestMigratedCollectionsAreTuned: no collection of the first migration is
// left without the index.
func TestMigratedCollectionsAreTuned(t *testing.T) {
	db := storetest.OpenEmbedded(t)
	raw := rawCollection(t, db).Database()
	for _, name := range store.FirstNames() {
		if p := plan(t, raw.Collection(name)); !strings.Contains(p, "USING INDEX passerelle_id_") {
			t.Errorf("%s: %q", name, p)
		}
	}
}

func fill(t *testing.T, docs *store.Docs) {
	t.Helper()
	start := time.Now()
	batch := make([]store.Doc, 0, guardSize)
	for i := range guardSize {
		d := doc(fmt.Sprintf("doc_%06d", i))
		d.Text = strings.Repeat("soudeur ", 20)
		batch = append(batch, d)
	}
	must[[]string](t)(docs.InsertMany(t.Context(), batch))
	t.Logf("inserting %d documents: %s", guardSize, time.Since(start).Round(time.Millisecond))
}

func timeReads(t *testing.T, docs *store.Docs, n int) time.Duration {
	t.Helper()
	start := time.Now()
	for i := range n {
		must[store.Doc](t)(docs.Get(t.Context(), fmt.Sprintf("doc_%06d", (i*7919)%guardSize)))
	}
	return time.Since(start) / time.Duration(n)
}

// plan asks the engine how it reads one document by _id. It does read one
// first: SQLite explains with the schema the connection knows, and only a real
// statement notices that another connection has changed it.
func plan(t *testing.T, c *mongo.Collection) string {
	t.Helper()
	_, err := c.FindOne(context.WithoutCancel(t.Context()), bson.D{{Key: "_id", Value: "doc_000007"}}).Raw()
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		t.Fatal(err)
	}
	var answer bson.M
	err = c.Database().RunCommand(context.WithoutCancel(t.Context()), bson.D{{Key: "explain", Value: bson.D{
		{Key: "find", Value: c.Name()}, {Key: "filter", Value: bson.D{{Key: "_id", Value: "doc_000007"}}},
	}}}).Decode(&answer)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(answer["queryPlanner"])
}
