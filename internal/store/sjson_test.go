package store_test

import (
	"bytes"
	"fmt"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"pgregory.net/rapid"

	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

// TestFileHoldsWhatTheEngineGives: reading past the engine gives the bytes that
// reading through it gives, for every type and every edge.
func TestFileHoldsWhatTheEngineGives(t *testing.T) {
	db := storetest.OpenEmbedded(t)
	docs := store.NewDocs(db)
	for name, d := range samples() {
		d.ID = "sample_" + name
		must[store.Doc](t)(docs.Insert(t.Context(), d))
	}
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		d := drawDoc(r)
		d.ID = fmt.Sprintf("random_%d", n)
		d.Real = rapid.Float64Range(-1e300, 1e300).Draw(r, "real")
		n++
		if _, err := docs.Insert(t.Context(), d); err != nil {
			r.Fatal(err)
		}
	})
	same(t, docs, n+len(samples()))
	// Map keys with every sign that JSON escapes.
	d := doc("labels")
	d.Labels = map[string]string{`a"b`: `\`, "é\u2028": "\t", "{}[],:": "}", "": "empty"}
	must[store.Doc](t)(docs.Insert(t.Context(), d))
	same(t, docs, n+len(samples())+1)
}

func same(t *testing.T, docs *store.Docs, n int) {
	t.Helper()
	file, cursor, err := docs.LoadBothWays(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(cursor) != n || len(file) != n {
		t.Errorf("%d documents: %d through the engine, %d past it", n, len(cursor), len(file))
	}
	for id, want := range cursor {
		if !bytes.Equal(want, file[id]) {
			t.Errorf("%s: file has\n%s, engine gives\n%s", id, short(file[id]), short(want))
		}
	}
}

func short(raw bson.Raw) string {
	s := raw.String()
	return s[:min(len(s), 600)]
}
