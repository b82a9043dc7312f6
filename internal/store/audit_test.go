package store_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/store"
	"passerelle/internal/store/storetest"
)

func fullLeaf() audit.Leaf {
	leaf := audit.Leaf{Entry: registerLog("agy_01")[0], MAC: []byte{9, 8}}
	leaf.Content = nil
	return leaf
}

func fullNode() audit.Node {
	return audit.Node{Place: 7, Index: 7, Entry: fullLeaf().ID, Hashes: []audit.Hash{{1}, {2}}, Root: audit.Hash{3}, KID: "checkpoint-1", Signature: []byte{4}}
}

// TestAuditGolden pins the stored form; UPDATE_GOLDEN=1 rewrites it. A change
// of it needs a migration.
func TestAuditGolden(t *testing.T) {
	key := audit.SubjectKey{Subject: "agy_01", KID: "subject-1", Wrapped: []byte{5}, ForgottenAt: registerDay}
	forms := must[map[string]bson.Raw](t)(store.EncodeAudit(fullLeaf(), fullNode(), key, registerLog("agy_01")[0]))
	for name, raw := range forms {
		var got bytes.Buffer
		if err := json.Indent(&got, must[[]byte](t)(bson.MarshalExtJSON(raw, true, false)), "", "  "); err != nil {
			t.Fatal(err)
		}
		got.WriteByte('\n')
		path := filepath.Join("testdata", name+".golden.json")
		if os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(string(must[[]byte](t)(os.ReadFile(path))), got.String()); diff != "" {
			t.Errorf("%s is stored in another form:\n%s", name, diff)
		}
	}
}

func TestAuditStore(t *testing.T) {
	storetest.Engines(t, func(t *testing.T, db *store.DB) {
		s, ctx := store.NewAuditStore(db), t.Context()
		leaf, node := fullLeaf(), fullNode()
		if existing := must[[]string](t)(s.InsertLeaves(ctx, []audit.Leaf{leaf})); len(existing) != 0 {
			t.Errorf("existing: %v", existing)
		}
		if existing := must[[]string](t)(s.InsertLeaves(ctx, []audit.Leaf{leaf})); len(existing) != 1 || existing[0] != leaf.ID {
			t.Errorf("existing: %v", existing)
		}
		if diff := cmp.Diff(leaf, must[audit.Leaf](t)(s.Leaf(ctx, leaf.ID))); diff != "" {
			t.Error(diff)
		}
		if err := s.InsertNodes(ctx, []audit.Node{node}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(node, must[audit.Node](t)(s.Node(ctx, 7))); diff != "" {
			t.Error(diff)
		}
		next, after := node, node
		next.Place, after.Place = 6, 8
		wantFault(t, s.InsertNodes(ctx, []audit.Node{next, node, after}), fault.Conflict, "store.duplicate")
		if _, err := s.Node(ctx, 8); !fault.Is(err, fault.NotFound) {
			t.Errorf("a node after a taken place: %v", err)
		}
		if got := must[audit.Node](t)(s.Node(ctx, 6)); got.Index != 7 || got.Place != 6 {
			t.Errorf("the node before it: %+v", got)
		}
		keepsSubjectKeys(t, s)
	})
}

func keepsSubjectKeys(t *testing.T, s *store.AuditStore) {
	ctx := t.Context()
	key := audit.SubjectKey{Subject: "agy_01", KID: "subject-1", Wrapped: []byte{5}}
	other := audit.SubjectKey{Subject: "agy_02", KID: "subject-1", Wrapped: []byte{6}}
	if existing := must[[]string](t)(s.InsertSubjectKeys(ctx, []audit.SubjectKey{key})); len(existing) != 0 {
		t.Errorf("existing: %v", existing)
	}
	key.Wrapped = []byte{7}
	existing := must[[]string](t)(s.InsertSubjectKeys(ctx, []audit.SubjectKey{key, other}))
	if len(existing) != 1 || must[audit.SubjectKey](t)(s.SubjectKey(ctx, "agy_01")).Wrapped[0] != 5 {
		t.Errorf("existing: %v", existing)
	}
	for _, subject := range []string{"agy_01", "agy_01", "agy_03"} { // also one that never had any
		if err := s.ForgetSubjectKey(ctx, subject, registerDay); err != nil {
			t.Fatal(err)
		}
		if got := must[audit.SubjectKey](t)(s.SubjectKey(ctx, subject)); len(got.Wrapped) != 0 || !got.ForgottenAt.Equal(registerDay) {
			t.Errorf("%+v", got)
		}
	}
}

// TestContentOfEntries: an entry's digest is that of the record as stored with
// it; it changes with the record and with nothing else.
func TestContentOfEntries(t *testing.T) {
	db := storetest.Open(t)
	s, ctx := store.NewAgencyStore(db, nil), t.Context()
	enter := func(id agency.ID, name string) []byte {
		a := fullAgency()
		a.ID, a.Facts.Name, a.Pending = id, name, nil
		a.Pending.Add(audit.Entry{At: registerDay, Action: "agency.create", Subject: string(id), Rev: 1})
		if err := s.Insert(ctx, a); err != nil {
			t.Fatal(err)
		}
		return must[audit.Log](t)(s.ReadPending(ctx, string(id)))[0].Content
	}
	first := enter("agy_11", "Sahel")
	if bytes.Equal(first, enter("agy_12", "Sahel")) || bytes.Equal(first, enter("agy_13", "Sahei")) || len(first) != 32 {
		t.Error("other records have the same digest")
	}
	change := func(name string) audit.Log {
		must[*agency.Agency](t)(s.Update(ctx, "agy_11", func(a *agency.Agency) error {
			a.Facts.Name = name
			a.Pending.Add(audit.Entry{At: registerDay.Add(time.Hour), Action: "agency.update", Subject: "agy_11", Rev: int64(len(a.Pending) + 1)})
			return nil
		}))
		return must[audit.Log](t)(s.ReadPending(ctx, "agy_11"))
	}
	change("Sahel 2")
	waiting := change("Sahel")
	if !bytes.Equal(waiting[0].Content, first) || bytes.Equal(waiting[1].Content, first) || !bytes.Equal(waiting[2].Content, first) {
		t.Errorf("digests %x", waiting)
	}
	if err := s.DropPending(ctx, "agy_11", []string{waiting[0].ID, waiting[1].ID}); err != nil {
		t.Fatal(err)
	}
	left := must[audit.Log](t)(s.ReadPending(ctx, "agy_11"))
	if len(left) != 1 || left[0].ID != waiting[2].ID {
		t.Errorf("left: %v", left)
	}
}
