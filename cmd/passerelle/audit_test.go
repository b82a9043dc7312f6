package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// auditCall runs the program once on a data directory.
func auditCall(t *testing.T, dir string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), append(args, "--data-dir", dir), nil, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

func TestAuditVerifyOnTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{
		{"user", "create", "admin@example.ml", "--role", "admin"}, {"job", "run", "carry-audit"}, {"job", "run", "checkpoint-audit"},
	} {
		if code, _, stderr := auditCall(t, dir, args...); code != 0 {
			t.Fatalf("%v: %d %s", args, code, stderr)
		}
	}
	code, note, _ := auditCall(t, dir, "audit", "checkpoint")
	if code != 0 || !strings.HasPrefix(note, "passerelle/audit\n") {
		t.Fatalf("checkpoint: %d %q", code, note)
	}
	file := filepath.Join(t.TempDir(), "kept.txt")
	if err := os.WriteFile(file, []byte(note), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, stderr := auditCall(t, dir, "audit", "verify", "--checkpoint", file)
	if code != 0 || !strings.Contains(out, "agrees with kept.txt") || !strings.Contains(out, "agrees with checkpoint-") {
		t.Errorf("verify: %d %q %q", code, out, stderr)
	}
	empty := t.TempDir()
	key, err := os.ReadFile(filepath.Join(dir, "master.key"))
	if err == nil {
		err = os.WriteFile(filepath.Join(empty, "master.key"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := auditCall(t, empty, "audit", "verify", "--checkpoint", file); code != 1 || !strings.Contains(stderr, "no checkpoint of this log") {
		t.Errorf("a checkpoint of another log: %d %q", code, stderr)
	}
	if code, _, _ := auditCall(t, dir, "audit", "verify", "superfluous"); code != 2 {
		t.Errorf("a wrong call: %d", code)
	}
}

// TestPR05ConsentsFromTheCommandLine: a new file with a header, for whom the
// log may be read, and never over one that is there.
func TestPR05ConsentsFromTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	if code, _, stderr := auditCall(t, dir, "user", "create", "admin@example.ml", "--role", "admin"); code != 0 {
		t.Fatal(stderr)
	}
	file := filepath.Join(t.TempDir(), "consents.csv")
	if code, _, _ := auditCall(t, dir, "export", "consents", file); code != 1 {
		t.Errorf("without --as: %d", code)
	}
	if code, out, stderr := auditCall(t, dir, "export", "consents", file, "--as", "admin@example.ml"); code != 0 || out != "consents 0\n" {
		t.Errorf("%d %q %q", code, out, stderr)
	}
	text, err := os.ReadFile(file)
	if err != nil || string(text) != "profile,account,purpose,processing,given,version,at,channel,by\n" {
		t.Errorf("%q %v", text, err)
	}
	if code, _, _ := auditCall(t, dir, "export", "consents", file, "--as", "admin@example.ml"); code != 1 {
		t.Errorf("over a file: %d", code)
	}
}
