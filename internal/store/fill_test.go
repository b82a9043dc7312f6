package store_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"passerelle/internal/domain/fault"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

// held is everything a database hands out: collection/id → bytes.
type held struct {
	at  string
	all map[string]string
}

func (h *held) Begin(name string) error { h.at = name; return nil }
func (h *held) Put(id string, doc []byte) error {
	h.all[h.at+"/"+id] = hex.EncodeToString(doc)
	return nil
}

func dump(t *testing.T, db *store.DB) map[string]string {
	t.Helper()
	h := &held{all: map[string]string{}}
	if err := db.Dump(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	return h.all
}

// pour hands everything of one database to another, as text in between.
type pour struct {
	*store.Filling
	t *testing.T
}

func (p pour) Put(id string, doc []byte) error {
	text, err := store.ToJSON(doc)
	if err != nil {
		return err
	}
	same, again, err := store.FromJSON(text)
	if err != nil || same != id || string(again) != string(doc) {
		p.t.Errorf("%s changes on its way through JSON: %v\n%s", id, err, text)
	}
	return p.Filling.Put(id, again)
}

// unfinished opens the database as a restore does.
func unfinished(t *testing.T, o store.Options) *store.DB {
	t.Helper()
	db, closed := opened(t, o)
	t.Cleanup(closed)
	return db
}

// opened is unfinished, closed by the test itself.
func opened(t *testing.T, o store.Options) (db *store.DB, closed func()) {
	t.Helper()
	o.Restoring, o.NoSync, o.OpTimeout = true, true, time.Minute
	o.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	db = must[*store.DB](t)(store.Open(t.Context(), o))
	return db, func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

// odd fills a database with documents of every kind of value.
func odd(t *testing.T, db *store.DB, n int) *store.Docs {
	t.Helper()
	if err := store.Ensure(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	docs := store.NewDocs(db)
	var batch []store.Doc
	for i := range n {
		d := doc(fmt.Sprintf("doc_%05d", (i*7919)%99991))
		d.Text = strings.Repeat("é\u2028\"\\ɛ", i%7)
		d.Real, d.Number, d.At = float64(i)/3, int64(i)<<40, time.Unix(int64(i)*1e6, 0)
		d.Labels = map[string]string{"clé": fmt.Sprint(i)}
		batch = append(batch, d)
	}
	if _, err := docs.InsertMany(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	return docs
}

func TestRL09FilledDatabaseIsTheSame(t *testing.T) {
	from := storetest.OpenEmbedded(t)
	odd(t, from, 1000)
	dir := t.TempDir()
	to, closed := opened(t, store.Options{Dir: dir})
	move(t, from, to)
	want, got := dump(t, from), dump(t, to)
	if len(want) < 1000 || !sameHeld(want, got) {
		t.Fatalf("%d documents, %d came over the same", len(want), len(got))
	}
	closed()
	_, err := store.Open(t.Context(), store.Options{Dir: dir})
	if f := fault.Of(err); f == nil || f.Code != "store.restoring" {
		t.Fatalf("a half-made database was opened: %v", err)
	}
	to, closed = opened(t, store.Options{Dir: dir})
	if err := to.Complete(t.Context()); err != nil {
		t.Fatal(err)
	}
	closed()
	whole := storetest.OpenEmbedded(t, storetest.Dir(dir)) // opens, and its migrations are known
	if !sameHeld(want, dump(t, whole)) {
		t.Error("it differs once it is open")
	}
}

func move(t *testing.T, from, to *store.DB) {
	t.Helper()
	filling := must[*store.Filling](t)(to.Fill(t.Context()))
	if err := from.Dump(t.Context(), pour{filling, t}); err != nil {
		t.Fatal(err)
	}
	if err := filling.Flush(); err != nil {
		t.Fatal(err)
	}
}

func sameHeld(a, b map[string]string) bool {
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return len(a) == len(b)
}

// TestRL09OverTheNetworkAndBack goes through the code for MongoDB, to an
// engine behind a TCP address, and back to the embedded engine; with
// MONGODB_URI set, to a MongoDB as well.
func TestRL09OverTheNetworkAndBack(t *testing.T) {
	near := storetest.OpenEmbedded(t)
	odd(t, near, 700)
	l, _, _ := throughLine(t, time.Minute)
	far := unfinished(t, store.Options{URI: "mongodb://" + l.listener.Addr().String(), Database: "moved"})
	there(t, near, far)
	t.Run("mongodb", func(t *testing.T) {
		uri := storetest.URI()
		if uri == "" {
			t.Skip("MONGODB_URI is not set")
		}
		there(t, near, storetest.OpenEmpty(t, uri))
	})
}

func there(t *testing.T, near, far *store.DB) {
	t.Helper()
	move(t, near, far)
	if !sameHeld(dump(t, near), dump(t, far)) {
		t.Error("it differs there")
	}
	// Cut short: it is done again from the beginning.
	again := must[*store.Filling](t)(far.Fill(t.Context()))
	if err := again.Begin("offer"); err != nil {
		t.Fatal(err)
	}
	if left := dump(t, far); len(left) != 0 {
		t.Errorf("%d documents of the first attempt are left", len(left))
	}
	move(t, near, far)
	if err := far.Complete(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := far.Fill(t.Context()); !fault.Is(err, fault.Conflict) {
		t.Errorf("a whole database was to be filled again: %v", err)
	}
	back := unfinished(t, store.Options{Dir: t.TempDir()})
	move(t, far, back)
	if !sameHeld(dump(t, near), dump(t, back)) {
		t.Error("it differs when it is back")
	}
}

// TestRL09DumpIsOneMoment takes the state while writers move a number from one
// document to the other: every state has the same sum.
func TestRL09DumpIsOneMoment(t *testing.T) {
	db := storetest.OpenEmbedded(t)
	if err := store.Ensure(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	docs := store.NewDocs(db)
	for _, id := range []string{"doc_a", "doc_b"} {
		must[store.Doc](t)(docs.Insert(t.Context(), doc(id)))
	}
	ctx, stop := context.WithCancel(t.Context())
	var acknowledged atomic.Int64
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			// b follows a, so a is never behind, and ahead by one at most.
			for _, id := range []string{"doc_a", "doc_b"} {
				d, err := docs.Update(context.Background(), id, increment)
				if err != nil {
					t.Error(err)
					return
				}
				acknowledged.Store(d.Seq)
			}
		}
	}()
	for range 20 {
		before := acknowledged.Load()
		seqs := seqsOf(t, db)
		if a, b := seqs[0], seqs[1]; a < b || a > b+1 || b < before-1 || a < before {
			t.Errorf("a at %d, b at %d, acknowledged before %d", a, b, before)
		}
	}
	stop()
	<-done
}

// seqs collects the seq of documents in the order of their ids.
type seqs struct{ byID map[string]int64 }

func (s seqs) Begin(string) error { return nil }
func (s seqs) Put(id string, raw []byte) error {
	if strings.HasPrefix(id, "doc_") {
		s.byID[id] = store.SeqOf(raw)
	}
	return nil
}

func seqsOf(t *testing.T, db *store.DB) []int64 {
	t.Helper()
	s := seqs{map[string]int64{}}
	if err := db.Dump(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return []int64{s.byID["doc_a"], s.byID["doc_b"]}
}

// TestDumpOrder keeps the rule that what others point to is read last.
func TestDumpOrder(t *testing.T) {
	order := store.DumpOrder([]string{"key", "audit", "lease", "restore", "audit_node", "claim", "session", "offer", "application", "account", "zebra", "audit_inbox", "audit_key"})
	want := []string{"session", "zebra", "application", "offer", "account", "audit_inbox", "audit_node", "audit", "audit_key", "claim", "key"}
	if !slices.Equal(order, want) {
		t.Errorf("got %v", order)
	}
}

func TestFillRefusesWhatWasNeverOurs(t *testing.T) {
	db := unfinished(t, store.Options{Dir: t.TempDir()})
	filling := must[*store.Filling](t)(db.Fill(t.Context()))
	for _, name := range []string{"", "Offer", "system.users", "lease", "restore", "a\x00b", "../x"} {
		if err := filling.Begin(name); !fault.Is(err, fault.Invalid) {
			t.Errorf("collection %q: %v", name, err)
		}
	}
	if err := filling.Begin("offer"); err != nil {
		t.Fatal(err)
	}
	for name, doc := range map[string][]byte{"nothing": nil, "cut": {30, 0, 0, 0, 2}, "no id": {5, 0, 0, 0, 0}} {
		if err := filling.Put("off_1", doc); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
