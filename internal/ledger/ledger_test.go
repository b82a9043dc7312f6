package ledger_test

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
	"passerelle/internal/ledger"
)

func newRefusals(w *world) *ledger.Refusals {
	return &ledger.Refusals{Recorder: w.recorder(), Now: w.now}
}

func flush(t *testing.T, r *ledger.Refusals) {
	t.Helper()
	if err := r.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// thousand makes a log of n entries about n/10 subjects.
func thousand(w *world, n int) *ledger.Ledger {
	w.t.Helper()
	log := w.carrier(w.sound()).Ledger
	var batch audit.Log
	for i := range n {
		subject := fmt.Sprintf("off_%03d", i%(n/10))
		batch = append(batch, audit.Entry{
			ID: fmt.Sprintf("aud_%s_%d_0", subject, i/(n/10)+1), At: day.Add(time.Duration(i) * time.Minute), Actor: fmt.Sprintf("acc_%d", i%7), Role: "official",
			Action: []string{"offer.approve", "offer.publish", "offers.other"}[i%3], Subject: subject, Rev: int64(i/(n/10) + 1), Content: contentDigest(subject),
		})
	}
	for part := range slices.Chunk(batch, 170) {
		if _, err := log.Append(w.t.Context(), part); err != nil {
			w.t.Fatal(err)
		}
	}
	return log
}

// TestAD02ProofsOfAThousandEntries checks root, checkpoint and every kind of
// proof with the library's own checker, also from a ledger opened anew.
func TestAD02ProofsOfAThousandEntries(t *testing.T) {
	w := newWorld(t)
	thousand(w, 1000)
	w.verify(1000)
	log := w.carrier(w.sound()).Ledger
	head, err := log.Checkpoint(t.Context(), official)
	if err != nil || head.Size != 1000 {
		t.Fatalf("%+v, %v", head, err)
	}
	again, err := log.ReadCheckpoint([]byte(head.Note))
	if err != nil || again.Size != head.Size || again.Root != head.Root || !again.At.Equal(head.At) {
		t.Errorf("read back %+v, %v", again, err)
	}
	for _, index := range []int64{0, 1, 2, 3, 255, 256, 511, 512, 767, 998, 999} {
		p, err := log.Proof(t.Context(), official, index)
		if err != nil {
			t.Fatal(err)
		}
		path := tlog.RecordProof{}
		for _, h := range p.Path {
			path = append(path, tlog.Hash(h))
		}
		if sum := sha256.Sum256([]byte("\x00" + p.LeafText)); sum != p.LeafHash {
			t.Errorf("entry %d: leaf hash", index)
		}
		if err := tlog.CheckRecord(path, 1000, tlog.Hash(head.Root), index, tlog.Hash(p.LeafHash)); err != nil {
			t.Errorf("entry %d: %v", index, err)
		}
		if tlog.CheckRecord(path, 1000, tlog.Hash(head.Root), (index+1)%1000, tlog.Hash(p.LeafHash)) == nil {
			t.Errorf("entry %d proves its neighbour", index)
		}
	}
	for _, index := range []int64{-1, 1000} {
		if _, err := log.Proof(t.Context(), official, index); !fault.Is(err, fault.NotFound) {
			t.Errorf("entry %d: %v", index, err)
		}
	}
}

// TestListsAreExact compares lists with a plain walk.
func TestListsAreExact(t *testing.T) {
	w := newWorld(t)
	log := thousand(w, 200)
	for name, c := range map[string]struct {
		q    audit.Query
		want int
	}{
		"all": {audit.Query{}, 200}, "action": {audit.Query{Action: "offer.publish"}, 67}, "noun": {audit.Query{Action: "offer"}, 134},
		"subject": {audit.Query{Subject: "off_007"}, 10}, "actor": {audit.Query{Actor: "acc_3", Action: "offer.approve"}, 10}, "nobody": {audit.Query{Actor: "acc_x"}, 0},
		"from": {audit.Query{From: day.Add(190 * time.Minute)}, 10}, "to": {audit.Query{To: day.Add(190 * time.Minute)}, 190},
		"hour": {audit.Query{From: day.Add(time.Hour), To: day.Add(2 * time.Hour), Subject: "off_001"}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			page, seen, last := listing.Page{Limit: 7}, 0, int64(1000)
			for {
				got, err := log.Entries(t.Context(), official, c.q, page)
				if err != nil || got.Total != c.want {
					t.Fatalf("total %d, want %d, %v", got.Total, c.want, err)
				}
				for _, r := range got.Items {
					if r.Index >= last || !strings.HasPrefix(r.ID, "aud_"+r.Subject) {
						t.Errorf("%d after %d: %+v", r.Index, last, r)
					}
					last = r.Index
					seen++
				}
				if page.After = got.Next; got.Next == "" {
					break
				}
			}
			if seen != c.want {
				t.Errorf("%d seen, want %d", seen, c.want)
			}
		})
	}
	if _, err := log.Entries(t.Context(), official, audit.Query{}, listing.Page{After: "x"}); !fault.Is(err, fault.Syntax) {
		t.Errorf("a bad position: %v", err)
	}
}

// TestAZ01AuditReaders: officials and administrators read the log, no others.
func TestAZ01AuditReaders(t *testing.T) {
	w := newWorld(t)
	log := thousand(w, 10)
	for _, role := range account.Roles() {
		actor := account.Actor{Account: "acc_1", Role: role}
		_, err := log.Entries(t.Context(), actor, audit.Query{}, listing.Page{})
		_, proofErr := log.Proof(t.Context(), actor, 0)
		may := role == account.Official || role == account.Admin
		if may != (err == nil) || may != (proofErr == nil) {
			t.Errorf("%s: %v, %v", role, err, proofErr)
		}
	}
}

// TestPR02ForgettingKeepsProofs: with the subject's key goes what ties entries
// to the content; entries, proofs and later entries stay good.
func TestPR02ForgettingKeepsProofs(t *testing.T) {
	w := newWorld(t)
	id := w.act(1)
	waiting, err := w.agencies.ReadPending(t.Context(), string(id))
	if err != nil || len(waiting[0].Content) != sha256.Size {
		t.Fatalf("%+v, %v", waiting, err)
	}
	log := w.carry()
	before, err := log.Proof(t.Context(), official, 0)
	if err != nil {
		t.Fatal(err)
	}
	entry := waiting[0]
	if ok, err := log.Attests(t.Context(), entry.ID, entry.Content); !ok || err != nil {
		t.Errorf("the true content: %v, %v", ok, err)
	}
	if ok, err := log.Attests(t.Context(), entry.ID, contentDigest("other")); ok || err != nil {
		t.Errorf("another content: %v, %v", ok, err)
	}
	for range 2 {
		if err := log.Forget(t.Context(), string(id)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := log.Attests(t.Context(), entry.ID, entry.Content); fault.Of(err) == nil || fault.Of(err).Code != "audit.forgotten" {
		t.Errorf("after forgetting: %v", err)
	}
	if key, err := w.store.SubjectKey(t.Context(), string(id)); err != nil || len(key.Wrapped) != 0 || key.ForgottenAt.IsZero() {
		t.Errorf("the key: %+v, %v", key, err)
	}
	w.change(id, "agency.erase")
	log = w.carry()
	after, err := log.Proof(t.Context(), official, 0)
	if err != nil || after.LeafText != before.LeafText {
		t.Errorf("the entry changed: %v, %v", after, err)
	}
	later, err := log.Proof(t.Context(), official, 1)
	if err != nil || strings.Contains(later.LeafText, `"mac"`) {
		t.Errorf("a forgotten subject's entry is tied to content: %s, %v", later.LeafText, err)
	}
	w.verify(2)
}

// TestCheckpointsOfOthersAreRefused: another log's key, or an altered text.
func TestCheckpointsOfOthersAreRefused(t *testing.T) {
	mine, theirs := newWorld(t), newWorld(t)
	log := thousand(mine, 10)
	head, err := thousand(theirs, 10).Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	own, err := log.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"another log's": head.Note, "altered": strings.Replace(own.Note, "\n10\n", "\n9\n", 1), "empty": "", "cut": own.Note[:len(own.Note)-9]} {
		if _, err := log.ReadCheckpoint([]byte(text)); fault.Of(err) == nil || fault.Of(err).Code != "audit.checkpoint" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestKeysRotate: what an older key signed stays good.
func TestKeysRotate(t *testing.T) {
	w := newWorld(t)
	w.act(2)
	w.carry()
	for _, purpose := range []auth.Purpose{auth.Checkpoint, auth.Subject} {
		if _, err := w.keys.Rotate(t.Context(), purpose); err != nil {
			t.Fatal(err)
		}
	}
	w.act(2)
	w.carry()
	w.verify(4)
}

// BenchmarkAppend appends entries of new subjects, 200 at a time.
func BenchmarkAppend(b *testing.B) {
	w := newWorld(b)
	log := w.carrier(w.sound()).Ledger
	n := 0
	b.ResetTimer()
	for range b.N {
		var batch audit.Log
		for range 200 {
			n++
			id := fmt.Sprintf("pro_%d", n)
			batch = append(batch, audit.Entry{ID: "aud_" + id + "_1_0", At: day, Actor: "acc_1", Role: "candidate", Action: "profile.create", Subject: id, Rev: 1, Content: contentDigest(id)})
		}
		if _, err := log.Append(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "entries/s")
}

// BenchmarkCarry brings the entries of agencies to the log, outboxes emptied.
func BenchmarkCarry(b *testing.B) {
	w := newWorld(b)
	c := w.carrier(w.sound())
	for range b.N {
		b.StopTimer()
		for range 200 {
			w.act(1)
		}
		b.StartTimer()
		if err := c.Carry(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(200*float64(b.N)/b.Elapsed().Seconds(), "documents/s")
}
