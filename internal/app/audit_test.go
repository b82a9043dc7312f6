package app

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"passerelle/internal/domain/fault"
)

func auditLines() []line {
	first := func(s *stage) string {
		s.carried(s.t)
		return "0"
	}
	return []line{plain("listAuditEntries"), plain("showAuditCheckpoint"), on("proveAuditEntry", "", nil, first)}
}

// carried brings everything that waits to the audit log.
func (h *house) carried(t testing.TB) {
	t.Helper()
	h.job(t, "carry-audit")
}

// job runs a job once, after the one that is perhaps under way.
func (h *house) job(t testing.TB, name string) {
	t.Helper()
	err := fault.New(fault.Conflict, "job.running")
	for deadline := time.Now().Add(time.Minute); fault.Is(err, fault.Conflict) && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if ran := h.RunJob(t.Context(), name); ran == nil {
			return
		} else if !fault.Is(ran, fault.Conflict) {
			t.Fatal(ran)
		}
	}
	t.Fatal(err)
}

type auditPage struct {
	Items []struct {
		Index                                            int64
		ID, Actor, Role, Action, Subject, Reason, Origin string
		Count                                            int64
	}
	Total int
}

// TestAD01WhatIsRecorded does what has to be remembered and finds it in the
// log: a login, a decision, a disclosure, a refusal.
func TestAD01WhatIsRecorded(t *testing.T) {
	s := newStage(t, openHouse(t))
	offer := s.published()
	_, person := s.person(object{})
	s.by("official").must(http.StatusCreated, "POST", "/profiles/"+person+"/disclosures", object{"reason": "identity_check"})
	for range 3 {
		s.by("candidate").must(http.StatusForbidden, "POST", "/offers/"+offer+"/publications", nil)
	}
	s.carried(t)
	admin := s.by("admin")
	for path, want := range map[string]string{
		"?action=offer&subject=" + offer:             "offer.publish",
		"?action=profile.disclose&subject=" + person: "profile.disclose",
		"?action=auth.login&limit=100":               "auth.login",
		"?action=access.refused&limit=100":           "access.refused",
	} {
		page := read[auditPage](admin, "/audit/entries"+path)
		if page.Total == 0 || page.Items[0].Action != want || page.Items[0].Origin != "127.0.0.0/24" || page.Items[0].Role == "" {
			t.Errorf("%s: %+v", path, page)
		}
	}
	refused := read[auditPage](admin, "/audit/entries?action=access.refused&subject="+strings.ReplaceAll("POST /api/v1/offers/:id/publications", " ", "%20"))
	if len(refused.Items) != 1 || refused.Items[0].Count != 3 || refused.Items[0].Reason != "auth.forbidden" {
		t.Errorf("refusals: %+v", refused)
	}
	if s.index.PendingSubjects() != nil {
		t.Errorf("still waiting: %v", s.index.PendingSubjects())
	}
}

type auditProof struct {
	Index, TreeSize int64
	Leaf, LeafHash  string
	Hashes          []string
	Checkpoint      struct {
		Size       int64
		Root, Note string
	}
}

func digest(t testing.TB, text string) (h tlog.Hash) {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) != len(h) {
		t.Fatalf("%q is no digest: %v", text, err)
	}
	return tlog.Hash(raw)
}

// TestAD02ProofsOverTheAPI checks a proof as somebody outside would.
func TestAD02ProofsOverTheAPI(t *testing.T) {
	h := openHouse(t)
	h.carried(t)
	official := h.as(t, "official")
	for _, n := range []string{"0", "1", "17"} {
		p := read[auditProof](official, "/audit/entries/"+n+"/proof")
		sum := tlog.Hash(sha256.Sum256([]byte("\x00" + p.Leaf)))
		path := tlog.RecordProof{}
		for _, hash := range p.Hashes {
			path = append(path, digest(t, hash))
		}
		if sum != digest(t, p.LeafHash) || p.TreeSize != p.Checkpoint.Size {
			t.Errorf("entry %s: %+v", n, p)
		}
		if err := tlog.CheckRecord(path, p.TreeSize, digest(t, p.Checkpoint.Root), p.Index, sum); err != nil {
			t.Errorf("entry %s: %v", n, err)
		}
		if !strings.Contains(p.Checkpoint.Note, p.Checkpoint.Root) || !strings.HasPrefix(p.Checkpoint.Note, "passerelle/audit\n") {
			t.Errorf("note: %q", p.Checkpoint.Note)
		}
	}
	for _, n := range []string{"99999999", "-1", "x"} {
		official.must(http.StatusNotFound, "GET", "/audit/entries/"+n+"/proof", nil)
	}
	official.must(http.StatusBadRequest, "GET", "/audit/entries?from=gestern", nil)
}

// TestAD02VerifyAndDailyCheckpoints: the day's file is written, a verification
// agrees with it and with a kept copy, and one of a longer log tells of a cut.
func TestAD02VerifyAndDailyCheckpoints(t *testing.T) {
	h := openHouse(t)
	h.carried(t)
	h.job(t, "checkpoint-audit")
	files, err := h.checkpointFiles()
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	before := kept(t, files[0])
	h.as(t, "candidate")
	h.carried(t)
	h.job(t, "checkpoint-audit")
	after := kept(t, files[0])
	copied := filepath.Join(t.TempDir(), "kept.txt")
	if err := os.WriteFile(copied, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	report, err := h.VerifyAudit(t.Context(), []string{copied})
	if err != nil || report.Tampered != "" || before == after || report.Entries == 0 || !slices.Contains(report.Checkpoints, "kept.txt") || len(report.Checkpoints) != 2 {
		t.Errorf("%+v, %v", report, err)
	}
	if err := os.WriteFile(copied, []byte(strings.Replace(before, "time 2", "time 3", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := h.VerifyAudit(t.Context(), []string{copied}); !errors.Is(err, fault.Of(err)) || Code(err) != "audit.checkpoint" {
		t.Errorf("an altered checkpoint: %v", err)
	}
}

func kept(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestAD02VerifiedFromOutside reads the log of a running service over HTTP and
// computes it again; then somebody between alters, drops and swaps entries.
// covers AD-02
func TestAD02VerifiedFromOutside(t *testing.T) {
	h := openHouse(t)
	h.as(t, "candidate")
	h.carried(t)
	admin := h.as(t, "admin")
	keep := func(name, note string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(note), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	early := keep("early.txt", read[struct{ Note string }](admin, "/audit/checkpoint").Note)
	h.as(t, "candidate2")
	h.carried(t)
	verify := func(alter func([]json.RawMessage) []json.RawMessage, files ...string) (AuditReport, error) {
		return VerifyAuditAt(t.Context(), func(_ context.Context, path string, into any) error {
			body := admin.must(http.StatusOK, "GET", path, nil).body
			if err := json.Unmarshal(body, into); err != nil || alter == nil || !strings.Contains(path, "/audit/entries") {
				return err
			}
			var page struct {
				Items      []json.RawMessage `json:"items"`
				NextCursor string            `json:"nextCursor,omitempty"`
			}
			if err := json.Unmarshal(body, &page); err != nil {
				return err
			}
			page.Items = alter(page.Items)
			text, err := json.Marshal(page)
			if err != nil {
				return err
			}
			reflect.ValueOf(into).Elem().SetZero()
			return json.Unmarshal(text, into)
		}, files)
	}
	report, err := verify(nil, early)
	if err != nil || report.Tampered != "" || len(report.Checkpoints) != 2 || report.Entries == 0 {
		t.Fatalf("%+v %v", report, err)
	}
	for name, alter := range map[string]func([]json.RawMessage) []json.RawMessage{
		"changed": func(items []json.RawMessage) []json.RawMessage {
			items[0] = json.RawMessage(strings.Replace(string(items[0]), `"role":"`, `"role":"x`, 1))
			return items
		},
		"dropped": func(items []json.RawMessage) []json.RawMessage { return items[1:] },
		"swapped": func(items []json.RawMessage) []json.RawMessage { items[0], items[1] = items[1], items[0]; return items },
	} {
		if report, err := verify(alter, early); err != nil || report.Tampered == "" {
			t.Errorf("%s: %+v %v", name, report, err)
		}
	}
	bad := keep("bad.txt", strings.Replace(kept(t, early), "passerelle/audit\n", "passerelle/audit\n1", 1))
	if _, err := verify(nil, bad); err == nil {
		t.Error("an altered checkpoint is taken")
	}
}
