package store_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"passerelle/internal/domain/fault"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

// line stands between the store and the database: it passes everything on,
// loses the answers, or is cut.
type line struct {
	target   string // Unix socket of the engine
	mu       sync.Mutex
	listener net.Listener
	conns    []net.Conn
	mute     bool // requests arrive, answers are lost
}

// throughLine opens a store that reaches an embedded engine only through the
// line, so as a MongoDB somewhere on the network.
func throughLine(t *testing.T, wait time.Duration) (*line, *store.DB, *store.Docs) {
	t.Helper()
	near := storetest.OpenEmbedded(t)
	if err := store.Ensure(t.Context(), near); err != nil {
		t.Fatal(err)
	}
	uri, name := store.Address(near)
	socket, err := url.PathUnescape(uri[len("mongodb://") : len(uri)-1])
	if err != nil {
		t.Fatal(err)
	}
	l := &line{target: socket}
	l.open(t, "127.0.0.1:0")
	t.Cleanup(l.cut)
	far := must[*store.DB](t)(store.Open(t.Context(), store.Options{URI: "mongodb://" + l.listener.Addr().String(), Database: name, OpTimeout: wait,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}))
	t.Cleanup(func() {
		if err := far.Close(); err != nil {
			t.Error(err)
		}
	})
	return l, far, store.NewDocs(far)
}

func (l *line) open(t *testing.T, address string) {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	l.mu.Lock()
	l.listener = listener
	l.mu.Unlock()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			l.pass(conn)
		}
	}()
}

func (l *line) pass(near net.Conn) {
	far, err := net.Dial("unix", l.target)
	if err != nil {
		near.Close()
		return
	}
	l.mu.Lock()
	l.conns = append(l.conns, near, far)
	l.mu.Unlock()
	go func() { _, _ = io.Copy(far, near); far.Close() }()
	go func() { _, _ = io.Copy(answers{l, near}, far); near.Close() }()
}

// answers writes to the store unless the line is mute.
type answers struct {
	l  *line
	to io.Writer
}

func (a answers) Write(p []byte) (int, error) {
	a.l.mu.Lock()
	mute := a.l.mute
	a.l.mu.Unlock()
	if mute {
		return len(p), nil
	}
	return a.to.Write(p)
}

func (l *line) setMute(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.mute = on
}

// cut closes the listener and every connection.
func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.listener.Close()
	for _, c := range l.conns {
		c.Close()
	}
	l.conns = nil
}

// recovered waits until the store answers again and nothing is in doubt.
func recovered(t *testing.T, db *store.DB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for db.Ping(ctx) != nil || db.Unsettled() > 0 {
		select {
		case <-ctx.Done():
			t.Fatalf("not recovered; %d documents unsettled", db.Unsettled())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func wantUnavailable(t *testing.T, err error) {
	t.Helper()
	wantFault(t, err, fault.Unavailable, "store.unavailable")
	if fault.Of(err).RetryAfter <= 0 {
		t.Error("no time to retry after")
	}
}

// TestAbsentDatabase: the six seconds are what a caller is promised.
//
// covers RL-04
func TestAbsentDatabase(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Second)
	defer cancel()
	_, err := store.Open(ctx, store.Options{URI: "mongodb://127.0.0.1:1"})
	wantUnavailable(t, err)
	if ctx.Err() != nil {
		t.Error("took longer than six seconds")
	}
	_, err = store.Open(ctx, store.Options{URI: "postgres://127.0.0.1:1"})
	wantFault(t, err, fault.Invalid, "store.uri")
}

// TestLostAnswers: writes that are applied and never acknowledged.
//
// covers RL-04
func TestLostAnswers(t *testing.T) {
	l, db, docs := throughLine(t, 300*time.Millisecond)
	store.SetWriteLimit(db, time.Second)
	m := mirrorOf(docs)
	ids := []string{"doc_a", "doc_b", "doc_c"}
	for _, id := range ids {
		must[store.Doc](t)(docs.Insert(t.Context(), doc(id)))
	}
	first := must[store.Doc](t)(docs.Get(t.Context(), "doc_a"))
	first.Number = 7
	l.setMute(true)
	_, err := docs.Replace(t.Context(), first)
	wantUnavailable(t, err)
	_, err = docs.Insert(t.Context(), doc("doc_new"))
	wantUnavailable(t, err)
	_, err = docs.InsertMany(t.Context(), []store.Doc{doc("doc_c"), doc("doc_x"), doc("doc_y")})
	wantUnavailable(t, err)
	_, err = docs.Get(t.Context(), "doc_b")
	wantUnavailable(t, err)
	_, err = docs.Insert(t.Context(), doc("doc_new")) // its lock is still held by the first
	wantUnavailable(t, err)
	l.setMute(false)
	recovered(t, db)
	// A write may still hold its lock: a read under the lock waits for it.
	for _, id := range append(ids, "doc_new", "doc_x", "doc_y") {
		release := must[func()](t)(patient(docs, id))
		release()
	}
	recovered(t, db)
	m.equals(t, docs)
	if got := must[store.Doc](t)(docs.Get(t.Context(), "doc_a")); got.Number != 7 {
		t.Errorf("the request arrived, but the number is %d", got.Number)
	}
}

// patient waits for a lock beyond the store's short limit.
func patient(docs *store.Docs, id string) (release func(), err error) {
	for range 200 {
		if release, err = docs.Hold(context.Background(), id); err == nil {
			return release, nil
		}
	}
	return nil, err
}

// covers RL-04
func TestDatabaseGoneAndBack(t *testing.T) {
	l, db, docs := throughLine(t, time.Second)
	store.SetWriteLimit(db, time.Second)
	m := mirrorOf(docs)
	must[store.Doc](t)(docs.Insert(t.Context(), doc("doc_a")))
	address := l.listener.Addr().String()
	l.cut()
	_, err := docs.Update(t.Context(), "doc_a", increment)
	wantUnavailable(t, err)
	_, err = docs.Insert(t.Context(), doc("doc_b"))
	wantUnavailable(t, err)
	wantUnavailable(t, docs.Load(t.Context(), func(store.Doc) error { return errors.New("read nothing") }))
	wantUnavailable(t, db.Ping(t.Context()))
	l.open(t, address)
	recovered(t, db)
	release := must[func()](t)(patient(docs, "doc_b"))
	release()
	recovered(t, db)
	if _, err := docs.Update(t.Context(), "doc_a", increment); err != nil {
		t.Errorf("after recovery: %v", err)
	}
	m.equals(t, docs)
}
