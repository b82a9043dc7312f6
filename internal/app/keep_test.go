package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"passerelle/internal/auth"
	"passerelle/internal/backup"
	"passerelle/internal/domain/fault"
	"passerelle/internal/store/embedded"
)

// load is what writers have had acknowledged: id of a draft → its title.
type load struct {
	mu    sync.Mutex
	acked map[string]string
}

func (l *load) now() map[string]string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.acked)
}

// write keeps eight writers busy until ctx ends.
func (l *load) write(ctx context.Context, t *testing.T, s *stage) *sync.WaitGroup {
	t.Helper()
	who, terms := s.by("agency"), s.offer(nil)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for ctx.Err() == nil {
				mine := maps.Clone(terms)
				mine["title"] = fmt.Sprintf("Charge %d", s.next())
				r := who.send("POST", "/offers", mine)
				if r.status != http.StatusCreated {
					t.Errorf("write under load: %d %s", r.status, r.body)
					return
				}
				l.mu.Lock()
				l.acked[r.member("id")] = mine["title"].(string)
				l.mu.Unlock()
			}
		})
	}
	return &group
}

// await waits until that many writes are acknowledged.
func (l *load) await(t *testing.T, n int) {
	t.Helper()
	for range 3000 {
		if len(l.now()) >= n {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("only %d writes were acknowledged", len(l.now()))
}

// manifestOf reads everything an App holds.
func manifestOf(t *testing.T, a *App) *backup.Manifest {
	t.Helper()
	var tally backup.Tally
	if err := a.db.Dump(t.Context(), &tally); err != nil {
		t.Fatal(err)
	}
	return tally.Manifest()
}

// documents collects everything that was written and not changed since.
type documents struct {
	collection string
	all        map[string]string
}

func (d *documents) Begin(name string) error { d.collection = name; return nil }
func (d *documents) Put(id string, doc []byte) error {
	d.all[d.collection+"/"+id] = string(doc)
	return nil
}

func documentsOf(t testing.TB, a *App) map[string]string {
	t.Helper()
	d := &documents{all: map[string]string{}}
	if err := a.db.Dump(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	return d.all
}

// restored puts a backup of the house into a new directory.
func restored(t *testing.T, file, keyFile string) (dir string, r Restored) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "restored")
	r, err := Restore(t.Context(), Options{DataDir: dir, Fast: true}, RestoreSpec{Backup: file, KeyFile: keyFile})
	if err != nil {
		t.Fatal(err)
	}
	return dir, r
}

// TestRL09RestoreDrill takes a backup while eight people write, puts it back
// elsewhere, and looks for everything that was acknowledged before it began.
func TestRL09RestoreDrill(t *testing.T) {
	h := openHouse(t)
	s := newStage(t, h)
	key := filepath.Join(h.options.DataDir, auth.MasterFile)
	for len(h.index.PendingSubjects()) > 0 { // the entries of the sample leave their documents
		if err := h.RunJob(t.Context(), "carry-audit"); err != nil && !fault.Is(err, fault.Conflict) {
			t.Fatal(err)
		}
	}
	still := documentsOf(t, h.App)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	l := &load{acked: map[string]string{}}
	writers := l.write(ctx, t, s)
	l.await(t, 40)
	if err := h.RunJob(t.Context(), "carry-audit"); err != nil {
		t.Fatal(err)
	}
	l.await(t, len(l.now())+20)
	before := l.now()
	file := filepath.Join(t.TempDir(), "under load.backup")
	kept, err := h.Backup(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	l.await(t, len(l.now())+20)
	stop()
	writers.Wait()
	dir, r := restored(t, file, key)
	if r.Total != kept.Total || r.Audit.Entries < 40 {
		t.Errorf("restored %s with %d audit entries, backed up %s", r.Total, r.Audit.Entries, kept.Total)
	}
	again, err := runHouse(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := again.stop(); err != nil {
			t.Error(err)
		}
	}()
	back, same := documentsOf(t, again.App), 0
	for name, doc := range still {
		switch noun, _, _ := strings.Cut(name, "/"); noun {
		case "profile", "application", "employer", "agency", "corridor", "claim", "key", "migration":
			same++
			if back[name] != doc {
				t.Errorf("%s did not come back as it was", name)
			}
		}
	}
	who := again.as(t, "agency") // and so a login works
	for id, title := range before {
		if got := who.must(http.StatusOK, "GET", "/offers/"+id, nil).member("title"); got != title {
			t.Errorf("%s: %q came back as %q", id, title, got)
		}
	}
	t.Logf("%d writes acknowledged before, %d during the backup; %d documents compared byte by byte; %d audit entries verified",
		len(before), len(l.now())-len(before), same, r.Audit.Entries)
}

// TestRL09RestoreIsExact compares every hash once nobody writes.
func TestRL09RestoreIsExact(t *testing.T) {
	h := openHouse(t)
	s := newStage(t, h)
	s.application()
	file := filepath.Join(t.TempDir(), "b")
	kept, err := h.Backup(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(h.options.DataDir, auth.MasterFile)
	found, err := CheckBackup(file, "", key)
	if err != nil || found.Total != kept.Total {
		t.Errorf("the check found %s, %v", found.Total, err)
	}
	dir, r := restored(t, file, key)
	if !slices.Equal(r.Collections, kept.Collections) || r.Documents < 3000 {
		t.Errorf("other documents were restored: %d", r.Documents)
	}
	for _, c := range r.Index {
		if c.Stored != c.Found || c.Stored == 0 && c.Name != "intake" {
			t.Errorf("index: %+v", c)
		}
	}
	copied, err := os.ReadFile(filepath.Join(dir, auth.MasterFile))
	mine, mineErr := os.ReadFile(key)
	if err != nil || mineErr != nil || string(copied) != string(mine) {
		t.Errorf("the master key is not in the new directory: %v, %v", err, mineErr)
	}
	if left, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(left) != 1 {
		t.Errorf("left beside it: %v, %v", left, err)
	}
}

const (
	restoreDir    = "PASSERELLE_TEST_RESTORE_DIR"
	restoreSource = "PASSERELLE_TEST_RESTORE_SOURCE"
	restoreKey    = "PASSERELLE_TEST_RESTORE_KEY"
)

// TestRestoreChild is the process that TestRL09KilledRestore kills.
func TestRestoreChild(t *testing.T) {
	dir := os.Getenv(restoreDir)
	if dir == "" {
		t.Skip("runs as the child of TestRL09KilledRestore")
	}
	_, err := Restore(t.Context(), Options{DataDir: dir, Fast: true}, RestoreSpec{Backup: os.Getenv(restoreSource), KeyFile: os.Getenv(restoreKey)})
	if err != nil {
		t.Fatal(err)
	}
}

// TestRL09KilledRestore kills a restore at random moments: what it leaves is
// nothing, or everything.
func TestRL09KilledRestore(t *testing.T) {
	h := openHouse(t)
	file, key := filepath.Join(t.TempDir(), "b"), filepath.Join(h.options.DataDir, auth.MasterFile)
	kept, err := h.Backup(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	began := time.Now()
	killRestore(t, dir, file, key, time.Minute) // to its end, to know how long it takes
	whole := time.Since(began)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	killed, complete := 0, 0
	for i := range 8 {
		// One is killed in each part of the time it takes, at random within it.
		part := whole / 8
		killRestore(t, dir, file, key, time.Duration(i)*part+rand.N(part))
		entries, err := os.ReadDir(dir)
		switch {
		case errors.Is(err, os.ErrNotExist):
			killed++
			continue
		case err != nil || len(entries) == 0:
			t.Fatalf("left: %v, %v", entries, err)
		}
		complete++
		mustHold(t, dir, kept)
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Restore(t.Context(), Options{DataDir: dir, Fast: true}, RestoreSpec{Backup: file, KeyFile: key}); err != nil {
		t.Fatalf("not restored after all that: %v", err)
	}
	mustHold(t, dir, kept)
	if killed == 0 {
		t.Error("no restore was cut short")
	}
	t.Logf("a restore takes %s; %d of 8 were killed before it was in place, %d after", whole.Round(time.Millisecond), killed, complete)
}

// killRestore runs a restore in a process of its own and kills it after that
// time unless it is done.
func killRestore(t *testing.T, dir, file, key string, after time.Duration) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestRestoreChild$")
	cmd.Env = append(os.Environ(), restoreDir+"="+dir, restoreSource+"="+file, restoreKey+"="+key, "TMPDIR="+t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() }) // it may have ended by itself
	defer timer.Stop()
	_ = cmd.Wait() // what it left behind tells
}

// mustHold opens a data directory and compares it with a backup; the audit log
// has grown by the entry of the restore.
func mustHold(t *testing.T, dir string, kept Kept) {
	t.Helper()
	a, err := New(t.Context(), Options{DataDir: dir, Fast: true, Offline: true})
	if err != nil {
		t.Fatalf("what the restore left does not open: %v", err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	found := map[string]string{}
	for _, c := range manifestOf(t, a).Collections {
		found[c.Name] = c.SHA256
	}
	for _, c := range kept.Collections {
		if c.Name != "audit_inbox" && found[c.Name] != c.SHA256 {
			t.Errorf("%s is not as in the backup", c.Name)
		}
	}
}

// TestRL09ToMongoDBAndBack moves everything by plain exports through the code
// for MongoDB, here over the embedded engine at an address, and back.
func TestRL09ToMongoDBAndBack(t *testing.T) {
	h := openHouse(t)
	newStage(t, h).application()
	key := filepath.Join(h.options.DataDir, auth.MasterFile)
	secret, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	first := filepath.Join(t.TempDir(), "first")
	kept, err := h.Export(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := embedded.Start(t.Context(), embedded.Options{Dir: t.TempDir(), Database: "elsewhere", NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	}()
	far := Options{MongoDBURI: engine.URI(), MongoDBName: "moved", DataDir: t.TempDir(), MasterKey: string(secret), Fast: true}
	if _, err := Restore(t.Context(), far, RestoreSpec{Export: first}); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), far, RestoreSpec{Export: first}); Code(err) != "store.not_empty" {
		t.Errorf("a second restore into the same database: %v", err)
	}
	second := filepath.Join(t.TempDir(), "second")
	far.Offline = true
	a, err := New(t.Context(), far)
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Export(t.Context(), second)
	if err := errors.Join(err, a.Close()); err != nil {
		t.Fatal(err)
	}
	back := filepath.Join(t.TempDir(), "back")
	if _, err := Restore(t.Context(), Options{DataDir: back, Fast: true}, RestoreSpec{Export: second, KeyFile: key}); err != nil {
		t.Fatal(err)
	}
	mustHold(t, back, kept)
}

func TestRestoreRefusals(t *testing.T) {
	h := openHouse(t)
	file, key := filepath.Join(t.TempDir(), "b"), filepath.Join(h.options.DataDir, auth.MasterFile)
	if _, err := h.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Backup(t.Context(), file); Code(err) != "backup.exists" {
		t.Errorf("an existing backup: %v", err)
	}
	if _, err := h.Export(t.Context(), t.TempDir()); Code(err) != "backup.exists" {
		t.Errorf("an existing directory: %v", err)
	}
	otherDir := t.TempDir()
	if a, err := New(t.Context(), Options{DataDir: otherDir, Offline: true, Fast: true}); err != nil || a.Close() != nil {
		t.Fatal(err)
	}
	other := filepath.Join(otherDir, auth.MasterFile)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(t.TempDir(), "cut")
	if err := os.WriteFile(cut, text[:len(text)*2/3], 0o600); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(t.TempDir(), "empty", "data")
	for name, c := range map[string]struct{ code, dir, file, key string }{
		"not empty":   {"store.not_empty", otherDir, file, key},
		"another key": {"backup.key", empty, file, other},
		"no key":      {"key.master.missing", empty, file, ""},
		"cut off":     {"backup.damaged", empty, cut, key},
		"no backup":   {"backup.format", empty, key, key},
	} {
		_, err := Restore(t.Context(), Options{DataDir: c.dir, Fast: true}, RestoreSpec{Backup: c.file, KeyFile: c.key})
		if Code(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
		if left, err := os.ReadDir(filepath.Dir(empty)); len(left) > 0 {
			t.Errorf("%s left %v, %v", name, left, err)
		}
	}
}

// TestRL09BackupOfARunningService asks the administrators' listener for one.
func TestRL09BackupOfARunningService(t *testing.T) {
	dir := t.TempDir()
	if err := copyDir(seededDir(t), dir); err != nil {
		t.Fatal(err)
	}
	options := demoOptions(dir)
	options.AdminListen = "127.0.0.1:0"
	h := openHouseWith(t, options)
	ask := func(who, method string) *reply {
		t.Helper()
		request, err := http.NewRequest(method, "http://"+h.AdminAddress()+"/backups", nil)
		if err != nil {
			t.Fatal(err)
		}
		if token := h.as(t, who).token; token != "" {
			request.Header.Set("Authorization", "Bearer "+token)
		}
		answer, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return &reply{answer.StatusCode, answer.Header, text}
	}
	for who, want := range map[string]int{"": http.StatusUnauthorized, "agency": http.StatusForbidden, "official": http.StatusForbidden, "admin": http.StatusOK} {
		r := ask(who, "POST")
		if r.status != want {
			t.Errorf("%q: %d, want %d", who, r.status, want)
		}
		if want != http.StatusOK {
			if code := r.member("code"); !strings.HasPrefix(code, "auth.") {
				t.Errorf("%q: code %q", who, code)
			}
			continue
		}
		file := filepath.Join(t.TempDir(), "sent")
		if err := os.WriteFile(file, r.body, 0o600); err != nil {
			t.Fatal(err)
		}
		found, err := CheckBackup(file, "", filepath.Join(dir, auth.MasterFile))
		if err != nil || found.Documents < 3000 {
			t.Errorf("what was sent: %d documents, %v", found.Documents, err)
		}
	}
	if r := ask("admin", "GET"); r.status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", r.status)
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".backup-*")); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	mustRecord(t, h, actionBackup)
}

// mustRecord looks for an action in the audit log.
func mustRecord(t *testing.T, h *house, action string) {
	t.Helper()
	if err := h.RunJob(t.Context(), "carry-audit"); err != nil && !fault.Is(err, fault.Conflict) {
		t.Fatal(err)
	}
	for range 100 {
		r := h.as(t, "admin").must(http.StatusOK, "GET", "/audit/entries?action="+action, nil)
		var found struct{ Total int }
		if err := json.Unmarshal(r.body, &found); err != nil {
			t.Fatal(err)
		}
		if found.Total > 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%s is not in the audit log", action)
}
