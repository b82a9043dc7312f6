package store_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/ledger"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

// oneKey signs and wraps with keys of the test.
type oneKey struct {
	private ed25519.PrivateKey
	secret  []byte
}

func newOneKey(t *testing.T) oneKey {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return oneKey{private, bytes.Repeat([]byte{7}, 32)}
}

func (k oneKey) Sign(_ context.Context, m []byte) (string, []byte, error) {
	return "checkpoint-1", ed25519.Sign(k.private, m), nil
}

func (k oneKey) PublicKey(kid string) (ed25519.PublicKey, bool) {
	return k.private.Public().(ed25519.PublicKey), kid == "checkpoint-1"
}

func (k oneKey) Secret(context.Context) (string, []byte, error) { return "subject-1", k.secret, nil }
func (k oneKey) SecretOf(kid string) ([]byte, bool)             { return k.secret, kid == "subject-1" }

// loggedEntries is the length of the log that is tampered with.
const loggedEntries = 20

func entryID(i int) string { return fmt.Sprintf("aud_off_%02d_1_0", i) }

func place(i int) string { return fmt.Sprintf("node_%012d", i) }

// scene is a log of twenty entries, its checkpoints at 10 and 20, and a way
// into the database past the program.
type scene struct {
	t      *testing.T
	raw    *mongo.Database
	log    func() *ledger.Ledger
	saved  []ledger.Saved
	before map[string][]bson.D
}

var auditCollections = []string{"audit", "audit_node"}

func newScene(t *testing.T) *scene {
	db := storetest.Open(t)
	keys := newOneKey(t)
	s := &scene{t: t, before: map[string][]bson.D{}, log: func() *ledger.Ledger {
		return ledger.New(ledger.Deps{Store: store.NewAuditStore(db), Keys: keys, Random: rand.Reader, Now: func() time.Time { return registerDay }})
	}}
	uri, name := store.Address(db)
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetMaxPoolSize(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Disconnect(context.Background()); err != nil {
			t.Error(err)
		}
	})
	s.raw = client.Database(name)
	for _, size := range []int{10, loggedEntries} {
		s.append(0, size, "acc_a")
		s.saved = append(s.saved, ledger.Saved{Name: fmt.Sprint("checkpoint-", size), Text: []byte(s.head())})
	}
	for _, c := range auditCollections {
		cursor := must[*mongo.Cursor](t)(s.raw.Collection(c).Find(t.Context(), bson.D{}))
		var docs []bson.D
		if err := cursor.All(t.Context(), &docs); err != nil {
			t.Fatal(err)
		}
		s.before[c] = docs
	}
	return s
}

func (s *scene) append(from, to int, actor string) {
	var entries audit.Log
	for i := from; i < to; i++ {
		id := fmt.Sprintf("off_%02d", i)
		entries = append(entries, audit.Entry{ID: entryID(i), At: registerDay, Actor: actor, Role: "official", Action: "offer.publish",
			Subject: id, Rev: 1, Reason: "other", Fields: []string{"state"}, Content: []byte{byte(i)}})
	}
	must[[]string](s.t)(s.log().Append(s.t.Context(), entries))
}

func (s *scene) head() string { return must[audit.Checkpoint](s.t)(s.log().Head(s.t.Context())).Note }

// restore brings the true log back.
func (s *scene) restore() {
	for _, c := range auditCollections {
		must[*mongo.DeleteResult](s.t)(s.raw.Collection(c).DeleteMany(s.t.Context(), bson.D{}))
		must[*mongo.InsertManyResult](s.t)(s.raw.Collection(c).InsertMany(s.t.Context(), s.before[c]))
	}
}

func byDoc(id string) bson.D { return bson.D{{Key: "_id", Value: id}} }

// take removes a document and gives it.
func (s *scene) take(c, id string) bson.M {
	var doc bson.M
	if err := s.raw.Collection(c).FindOne(s.t.Context(), byDoc(id)).Decode(&doc); err != nil {
		s.t.Fatal(c, id, err)
	}
	must[*mongo.DeleteResult](s.t)(s.raw.Collection(c).DeleteOne(s.t.Context(), byDoc(id)))
	return doc
}

func (s *scene) put(c, id string, doc bson.M) {
	doc["_id"] = id
	must[*mongo.InsertOneResult](s.t)(s.raw.Collection(c).InsertOne(s.t.Context(), doc))
}

// set changes members of a document.
func (s *scene) set(c, id string, members bson.M) {
	doc := s.take(c, id)
	for name, value := range members {
		doc[name] = value
	}
	s.put(c, id, doc)
}

// shift moves the nodes from a place on by one, up or down.
func (s *scene) shift(from, by int) {
	if by > 0 {
		for i := loggedEntries - 1; i >= from; i-- {
			s.put("audit_node", place(i+1), s.take("audit_node", place(i)))
		}
		return
	}
	for i := from; i < loggedEntries; i++ {
		s.put("audit_node", place(i-1), s.take("audit_node", place(i)))
	}
}

// forge makes an entry that was never appended.
func (s *scene) forge(id string) {
	doc := s.take("audit", entryID(3))
	s.put("audit", entryID(3), doc)
	doc["actor"] = "acc_evil"
	s.put("audit", id, doc)
}

// forgeNode makes a node for a forged entry out of a true one.
func (s *scene) forgeNode(from, at int, entry string) {
	doc := s.take("audit_node", place(from))
	s.put("audit_node", place(from), doc)
	doc["entry"], doc["index"] = entry, int64(at)
	s.put("audit_node", place(at), doc)
}

func (s *scene) swap(a, b int) {
	first, second := s.take("audit_node", place(a)), s.take("audit_node", place(b))
	s.put("audit_node", place(a), second)
	s.put("audit_node", place(b), first)
}

func (s *scene) cut(from int, entries bool) {
	for i := from; i < loggedEntries; i++ {
		s.take("audit_node", place(i))
		if entries {
			s.take("audit", entryID(i))
		}
	}
}

// tamperings are ways of somebody who can write to the database and has no key.
var tamperings = []struct {
	name   string
	do     func(s *scene)
	kind   ledger.Kind
	place  int64
	entry  string
	unkept bool // without kept checkpoints
}{
	{name: "actor", do: func(s *scene) { s.set("audit", entryID(7), bson.M{"actor": "acc_b"}) }, kind: ledger.Changed, place: 7, entry: entryID(7)},
	{name: "time", do: func(s *scene) { s.set("audit", entryID(0), bson.M{"at": registerDay.Add(time.Millisecond)}) }, kind: ledger.Changed, place: 0, entry: entryID(0)},
	{name: "fields", do: func(s *scene) { s.set("audit", entryID(19), bson.M{"fields": bson.A{"state", "x"}}) }, kind: ledger.Changed, place: 19, entry: entryID(19)},
	{name: "tie to the content", do: func(s *scene) { s.set("audit", entryID(5), bson.M{"mac": []byte{1}}) }, kind: ledger.Changed, place: 5, entry: entryID(5)},
	{name: "two entries", do: func(s *scene) {
		s.set("audit", entryID(12), bson.M{"rev": int64(9)})
		s.set("audit", entryID(4), bson.M{"reason": ""})
	}, kind: ledger.Changed, place: 4, entry: entryID(4)},
	{name: "kept hash", do: func(s *scene) {
		s.set("audit_node", place(7), bson.M{"hashes": bson.A{bytes.Repeat([]byte{1}, 32)}})
	}, kind: ledger.Changed, place: 7, entry: entryID(7)},
	{name: "kept hash of a subtree", do: func(s *scene) {
		doc := s.take("audit_node", place(7))
		doc["hashes"].(bson.A)[2] = bson.Binary{Data: bytes.Repeat([]byte{1}, 32)}
		s.put("audit_node", place(7), doc)
	}, kind: ledger.Changed, place: 7, entry: entryID(7)},
	{name: "signature", do: func(s *scene) { s.set("audit_node", place(6), bson.M{"signature": make([]byte, 64)}) }, kind: ledger.Changed, place: 6, entry: entryID(6)},
	{name: "name of the entry", do: func(s *scene) { s.set("audit_node", place(6), bson.M{"entry": entryID(8)}) }, kind: ledger.Changed, place: 6, entry: entryID(8)},
	{name: "entry gone", do: func(s *scene) { s.take("audit", entryID(9)) }, kind: ledger.Removed, place: 9, entry: entryID(9)},
	{name: "position gone", do: func(s *scene) { s.take("audit_node", place(9)) }, kind: ledger.Removed, place: 9, entry: entryID(9)},
	{name: "both gone", do: func(s *scene) { s.take("audit_node", place(9)); s.take("audit", entryID(9)) }, kind: ledger.Removed, place: 9},
	{name: "gone and closed up", do: func(s *scene) { s.take("audit_node", place(9)); s.take("audit", entryID(9)); s.shift(10, -1) }, kind: ledger.Removed, place: 9},
	{name: "first gone and closed up", do: func(s *scene) { s.take("audit_node", place(0)); s.shift(1, -1) }, kind: ledger.Removed, place: 0, entry: entryID(0)},
	{name: "stray entry", do: func(s *scene) { s.forge("aud_off_99_1_0") }, kind: ledger.Inserted, place: -1, entry: "aud_off_99_1_0"},
	{name: "put at the end", do: func(s *scene) { s.forge("aud_off_99_1_0"); s.forgeNode(3, 20, "aud_off_99_1_0") }, kind: ledger.Inserted, place: 20, entry: "aud_off_99_1_0"},
	{name: "put in between", do: func(s *scene) { s.forge("aud_off_99_1_0"); s.shift(9, 1); s.forgeNode(3, 9, "aud_off_99_1_0") }, kind: ledger.Inserted, place: 9, entry: "aud_off_99_1_0"},
	{name: "a true one again", do: func(s *scene) {
		doc := s.take("audit_node", place(3))
		s.put("audit_node", place(3), doc)
		s.put("audit_node", place(20), doc)
	}, kind: ledger.Inserted, place: 20, entry: entryID(3)},
	{name: "a position of no name", do: func(s *scene) { s.put("audit_node", "node_x", s.copyOf(3)) }, kind: ledger.Inserted, place: -1, entry: entryID(3)},
	{name: "two swapped", do: func(s *scene) { s.swap(4, 15) }, kind: ledger.Reordered, place: 4, entry: entryID(15)},
	{name: "neighbours swapped", do: func(s *scene) { s.swap(18, 19) }, kind: ledger.Reordered, place: 18, entry: entryID(19)},
	{name: "entries swapped", do: func(s *scene) {
		a, b := s.take("audit", entryID(4)), s.take("audit", entryID(6))
		s.put("audit", entryID(4), b)
		s.put("audit", entryID(6), a)
	}, kind: ledger.Changed, place: 4, entry: entryID(4)},
	{name: "end cut off", do: func(s *scene) { s.cut(15, true) }, kind: ledger.Truncated, place: 15},
	{name: "last cut off", do: func(s *scene) { s.cut(19, true) }, kind: ledger.Truncated, place: 19},
	{name: "all cut off", do: func(s *scene) { s.cut(0, true) }, kind: ledger.Truncated, place: 0},
	{name: "end of positions cut off", do: func(s *scene) { s.cut(19, false) }, kind: ledger.Inserted, place: -1, entry: entryID(19), unkept: true},
	{name: "end written again with the key", do: func(s *scene) { s.cut(15, true); s.append(15, 20, "acc_evil") }, kind: ledger.Diverged, place: 19},
}

// copyOf gives a copy of a node of the true log.
func (s *scene) copyOf(i int) bson.M {
	doc := s.take("audit_node", place(i))
	s.put("audit_node", place(i), doc)
	return doc
}

// TestAD02TamperingIsNamed tampers with the log in the database and has the
// verifier name what happened, where, and to which entry.
func TestAD02TamperingIsNamed(t *testing.T) {
	s := newScene(t)
	check := func(t *testing.T, saved []ledger.Saved) ledger.Report {
		return must[ledger.Report](t)(s.log().Verify(t.Context(), saved, nil))
	}
	if r := check(t, s.saved); r.Finding != nil || r.Entries != loggedEntries || len(r.Checkpoints) != 2 {
		t.Fatalf("the true log: %+v, %v", r, r.Finding)
	}
	for _, c := range tamperings {
		t.Run(strings.ReplaceAll(c.name, " ", "-"), func(t *testing.T) {
			s.t = t
			c.do(s)
			saved := s.saved
			if c.unkept {
				saved = nil
			}
			f := check(t, saved).Finding
			if f == nil || f.Kind != c.kind || f.Place != c.place || f.Entry != c.entry {
				t.Errorf("found %+v, want %s at %d, %q", f, c.kind, c.place, c.entry)
			}
			s.restore()
			if r := check(t, s.saved); r.Finding != nil {
				t.Fatalf("not restored: %v", r.Finding)
			}
		})
	}
}

// TestADamagedLogIsNotWrittenOn: appending to a log with a hole would hide it.
func TestADamagedLogIsNotWrittenOn(t *testing.T) {
	s := newScene(t)
	for name, do := range map[string]func(){
		"hole":  func() { s.take("audit_node", place(9)) },
		"moved": func() { s.swap(3, 4) },
	} {
		do()
		_, err := s.log().Append(t.Context(), audit.Log{{ID: "aud_off_50_1_0", At: registerDay, Action: "offer.publish", Subject: "off_50", Rev: 1}})
		wantFault(t, err, fault.Unavailable, "audit.broken")
		s.restore()
		t.Log(name)
	}
}
