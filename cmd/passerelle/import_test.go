package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// writeRows writes a file of job offers as JSON lines: n good ones and, when
// asked for, the traps that real files hold.
func writeRows(t *testing.T, n int, traps bool) string {
	t.Helper()
	var b strings.Builder
	add := func(row map[string]any) {
		line, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	good := func(i int) map[string]any {
		return map[string]any{
			"key": fmt.Sprintf("ligne-%d", i), "title": fmt.Sprintf("Infirmière %d", i), "country": "FR", "description": "Soins aux personnes âgées.",
			"occupation": "2221", "kind": "fixed_term", "datePosted": "2026-01-15", "payAmount": "2400.00", "payCurrency": "EUR", "payPeriod": "month", "payBasis": "gross",
		}
	}
	for i := range n {
		add(good(i))
	}
	if traps {
		for member, value := range map[string]any{"title": "", "country": "Atlantis", "deadline": "demain", "payAmount": "beaucoup", "occupation": "99999", "places": "plusieurs"} {
			row := good(1000)
			row["key"], row[member] = "piège-"+member, value
			add(row)
		}
	}
	path := filepath.Join(t.TempDir(), "offres.jsonl")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func importing(dir, file string, more ...string) []string {
	return append([]string{"import", file, "--kind", "offers", "--as", "service@demo.test", "--data-dir", dir}, more...)
}

// lastLine gives the line the import ends with.
func lastLine(r result) string {
	lines := strings.Split(strings.TrimSpace(r.stdout), "\n")
	return lines[len(lines)-1]
}

// TestRL08ImportFromTheCommandLine imports a file with traps: dry, for good,
// once more, and changed.
func TestRL08ImportFromTheCommandLine(t *testing.T) {
	dir, file := demoDir(t), writeRows(t, 20, true)
	const first = "rows 26 created 20 updated 0 unchanged 0 rejected 6"
	if got := lastLine(call(t, nil, importing(dir, file, "--dry-run")...).want(t, 0)); got != first {
		t.Errorf("dry run: %s", got)
	}
	r := call(t, nil, importing(dir, file)...).want(t, 0, "6 rejected rows: "+file+".errors.jsonl", "ref.country")
	if got := lastLine(r); got != first {
		t.Errorf("after a dry run, which keeps nothing: %s", got)
	}
	rejected, err := os.ReadFile(file + ".errors.jsonl")
	if err != nil || strings.Count(string(rejected), "\n") != 6 || !strings.Contains(string(rejected), "Atlantis") || !strings.Contains(string(rejected), `"pointer":"/country"`) {
		t.Errorf("rejected rows: %v\n%s", err, rejected)
	}
	if got := lastLine(call(t, nil, importing(dir, file)...).want(t, 0)); got != "rows 26 created 0 updated 0 unchanged 20 rejected 6" {
		t.Errorf("the same file again: %s", got)
	}
	content, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(file, []byte(strings.Replace(string(content), "2400.00", "2500.00", 1)), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := lastLine(call(t, nil, importing(dir, file)...).want(t, 0)); got != "rows 26 created 0 updated 1 unchanged 19 rejected 6" {
		t.Errorf("one row changed: %s", got)
	}
	call(t, nil, "import", file, "--data-dir", dir).want(t, 1, "--as EMAIL")
	call(t, nil, "import", file, "--as", "candidate@demo.test", "--data-dir", dir).want(t, 1, "may not do this")
	call(t, nil, "import", file, "--as", "official@demo.test", "--data-dir", dir).want(t, 1)
}

// TestRL08AKilledImportIsResumed kills an import in its midst and calls it
// again: the counts are those of one run.
func TestRL08AKilledImportIsResumed(t *testing.T) {
	const rows = 1500
	dir, file := demoDir(t), writeRows(t, rows, true)
	cmd := command(nil, importing(dir, file)...)
	progress, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(patience, func() { _ = cmd.Process.Kill() }).Stop()
	seen := make([]byte, 512)
	if _, err := io.ReadAtLeast(progress, seen, 2); err != nil { // the first batch is kept
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the import had ended before it was killed")
	}
	want := fmt.Sprintf("rows %d created %d updated 0 unchanged 0 rejected 6", rows+6, rows)
	if got := lastLine(call(t, nil, importing(dir, file)...).want(t, 0)); got != want {
		t.Errorf("resumed: %s, want %s", got, want)
	}
	s := serve(t, dir, "--demo")
	token := s.login("service@demo.test", demoPassword)
	if n := get[struct{ Total int }](s, "/api/v1/offers?state=draft&q=Infirmi%C3%A8re&limit=1", token).Total; n < rows || n > rows+10 {
		t.Errorf("%d drafts", n)
	}
	if code := s.end(syscall.SIGTERM); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// TestImportThroughTheRunningService gives the same counts as on the spot.
func TestImportThroughTheRunningService(t *testing.T) {
	dir, file := demoDir(t), writeRows(t, 20, true)
	s := serve(t, dir, "--demo")
	tokens := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(tokens, []byte(s.login("service@demo.test", demoPassword)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	there := []string{"import", file, "--server", s.base, "--token-file", tokens}
	if got := lastLine(call(t, nil, append(there, "--dry-run")...).want(t, 0)); got != "rows 26 created 20 updated 0 unchanged 0 rejected 6" {
		t.Errorf("dry run: %s", got)
	}
	r := call(t, nil, there...).want(t, 0, "6 rejected rows")
	if got := lastLine(r); got != "rows 26 created 20 updated 0 unchanged 0 rejected 6" {
		t.Errorf("import: %s", got)
	}
	if got := lastLine(call(t, nil, there...).want(t, 0)); got != "rows 26 created 0 updated 0 unchanged 20 rejected 6" {
		t.Errorf("again: %s", got)
	}
	call(t, []string{"PASSERELLE_TOKEN=wrong"}, "import", file, "--server", s.base).want(t, 1, "401")
	if strings.Contains(r.stdout+r.stderr, "eyJ") {
		t.Errorf("the token is printed: %s%s", r.stdout, r.stderr)
	}
	if code := s.end(syscall.SIGTERM); code != 0 {
		t.Errorf("exit code %d\n%s", code, s.printed)
	}
}

// TestAuditVerifyThroughTheRunningService reads the log of a running service
// with an access token, and compares it with a kept checkpoint. covers AD-02
func TestAuditVerifyThroughTheRunningService(t *testing.T) {
	dir := demoDir(t)
	s := serve(t, dir, "--demo")
	place := t.TempDir()
	tokens, note := filepath.Join(place, "token"), filepath.Join(place, "kept.txt")
	admin := s.login("admin@demo.test", demoPassword)
	head := get[struct{ Note string }](s, "/api/v1/audit/checkpoint", admin)
	for path, text := range map[string]string{tokens: admin + "\n", note: head.Note} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	there := []string{"audit", "verify", "--server", s.base}
	call(t, nil, append(there, "--token-file", tokens, "--checkpoint", note)...).want(t, 0, "nothing changed", "agrees with kept.txt", "agrees with the service")
	if err := os.WriteFile(note, []byte(strings.Replace(head.Note, "passerelle/audit\n", "passerelle/audit\n1", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	call(t, nil, append(there, "--token-file", tokens, "--checkpoint", note)...).want(t, 1, "checkpoint of kept.txt")
	call(t, []string{"PASSERELLE_TOKEN=" + s.login("candidate@demo.test", demoPassword)}, there...).want(t, 1, "403")
	call(t, nil, there...).want(t, 2, "--token-file")
	if code := s.end(syscall.SIGTERM); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
