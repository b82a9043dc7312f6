package app

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"testing"

	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
)

// TestPR05ConsentLedgerForTheAuthority: the ledger of consents is exported
// whole, in order of time, without a name, for entitled accounts only, and the
// audit log keeps that it was. covers PR-05, IN-06
func TestPR05ConsentLedgerForTheAuthority(t *testing.T) {
	h := openHouse(t)
	s := newStage(t, h)
	p := s.resident()
	p.must(http.StatusOK, "PUT", "/profiles/me/consents", object{"consents": []object{{"purpose": "matching", "given": false}}}, "If-Match", s.tag(p.caller, "/profiles/me/consents"))
	var out bytes.Buffer
	if _, err := h.ExportConsents(t.Context(), "candidate@demo.test", &out); !fault.Is(err, fault.Forbidden) || out.Len() > 0 {
		t.Errorf("a candidate: %v", err)
	}
	if _, err := h.ExportConsents(t.Context(), "", &out); err == nil {
		t.Error("without an account")
	}
	lines, err := h.ExportConsents(t.Context(), "admin@demo.test", &out)
	if err != nil {
		t.Fatal(err)
	}
	for _, mark := range p.marks() {
		if bytes.Contains(out.Bytes(), []byte(mark)) {
			t.Errorf("it holds %q", mark)
		}
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != lines+1 || lines < 100 {
		t.Fatalf("%d lines, %d rows, %v", lines, len(rows), err)
	}
	var own [][]string
	for i, row := range rows[1:] {
		if i > 0 && row[6] < rows[i][6] {
			t.Fatalf("row %d is before the one before it", i)
		}
		if row[0] == p.profile && row[2] == "matching" {
			own = append(own, row)
		}
	}
	if len(own) < 2 || own[len(own)-1][4] != "false" || own[0][4] != "true" || own[0][3] != "accounts collected_profiles" || own[0][7] != "api" {
		t.Errorf("the person's decisions: %v", own)
	}
	found := false
	err = h.stores.audits.LoadEvents(t.Context(), func(_ string, waiting audit.Log) error {
		for _, e := range waiting {
			found = found || e.Action == "consent.export" && e.Role == "admin" && e.Count == int64(lines)
		}
		return nil
	})
	if err != nil || !found {
		t.Errorf("the entry: %v %v", found, err)
	}
}
