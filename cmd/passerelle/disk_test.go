package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// disk is a place for data that can be full.
type disk struct {
	dir   string
	fill  func(s *server)
	empty func(s *server)
}

// TestRL05FullDisk writes until the disk is full: writes are refused with 503
// or 507, reads go on, and once there is room again everything does. What was
// acknowledged is there, what was refused is not, in the lists and in the audit
// log.
func TestRL05FullDisk(t *testing.T) {
	t.Run("tmpfs", func(t *testing.T) { fullDisk(t, smallDisk(t)) })
	// Where nothing may be mounted, files that may not grow are as good.
	t.Run("files that may not grow", func(t *testing.T) { fullDisk(t, limitedFiles(t)) })
}

// smallDisk mounts one of 96 MB and fills it with ballast.
func smallDisk(t *testing.T) disk {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=96m,mode=0700"); err != nil {
		t.Skipf("no disk can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		// The server may be still ending when the test has failed.
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	ballast := filepath.Join(dir, "ballast")
	return disk{filepath.Join(dir, "data"), func(*server) {
		f, err := os.Create(ballast)
		if err != nil {
			t.Fatal(err)
		}
		for err == nil {
			_, err = f.Write(make([]byte, 64<<10))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
		_ = f.Close() // its content means nothing
	}, func(*server) {
		if err := os.Remove(ballast); err != nil {
			t.Error(err)
		}
	}}
}

// limitedFiles has the kernel refuse the server every longer file.
func limitedFiles(t *testing.T) disk {
	t.Helper()
	set := func(s *server, limit uint64) {
		t.Helper()
		both := [2]uint64{limit, ^uint64(0)}
		_, _, failed := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(s.cmd.Process.Pid), syscall.RLIMIT_FSIZE, uintptr(unsafe.Pointer(&both)), 0, 0, 0)
		if failed != 0 {
			t.Fatalf("prlimit: %v", failed)
		}
	}
	return disk{t.TempDir(), func(s *server) { set(s, 64<<10) }, func(s *server) { set(s, ^uint64(0)) }}
}

// fullDisk is the test on one kind of disk.
func fullDisk(t *testing.T, d disk) {
	t.Helper()
	if err := copyDir(demoDir(t), d.dir); err != nil {
		t.Fatal(err)
	}
	s := serve(t, d.dir, "--demo")
	w := &disked{server: s, token: s.login("agency@demo.test", demoPassword), acked: map[string]string{}}
	for range 5 {
		if status := w.write(); status != http.StatusCreated {
			t.Fatalf("a write before: %d", status)
		}
	}
	d.fill(s)
	w.untilRefused(t)
	w.read(t)
	for range 10 {
		if status := w.write(); !refused(status) && status != http.StatusCreated {
			t.Errorf("a write on the full disk: %d", status)
		}
	}
	w.read(t)
	d.empty(s)
	w.untilTaken(t)
	w.verify(t)
	if code := s.end(syscall.SIGTERM); code != 0 {
		t.Errorf("exit code %d\n%s", code, s.printed)
	}
	w.server = serve(t, d.dir, "--demo")
	w.token = w.login("agency@demo.test", demoPassword)
	w.verify(t)
	if code := w.end(syscall.SIGTERM); code != 0 {
		t.Errorf("exit code %d\n%s", code, w.printed)
	}
	call(t, nil, "job", "run", "carry-audit", "--data-dir", d.dir).want(t, 0)
	call(t, nil, "audit", "verify", "--data-dir", d.dir).want(t, 0, "nothing changed")
	t.Logf("%d writes acknowledged, %d refused while the disk was full", len(w.acked), w.refused)
}

func refused(status int) bool {
	return status == http.StatusServiceUnavailable || status == http.StatusInsufficientStorage
}

// disked is a writer who knows what was acknowledged.
type disked struct {
	*server
	token      string
	acked      map[string]string // id → title
	n, refused int
}

// write makes one draft of 12 kB.
func (w *disked) write() int {
	w.n++
	title := fmt.Sprintf("Maçon sur disque %d", w.n)
	r := w.send("POST", "/api/v1/offers", w.token, map[string]any{"title": title, "description": strings.Repeat("Sans rien perdre. ", 650), "country": "SN", "occupation": "7112"})
	var made struct{ ID string }
	if r.status == http.StatusCreated && json.Unmarshal(r.body, &made) == nil {
		w.acked[made.ID] = title
	}
	if refused(r.status) {
		w.refused++
	}
	return r.status
}

// untilRefused writes until the disk is full. The engine may have room left in
// files it has already.
func (w *disked) untilRefused(t *testing.T) {
	t.Helper()
	for range 3000 {
		switch status := w.write(); {
		case refused(status):
			return
		case status != http.StatusCreated:
			t.Fatalf("a write on the full disk: %d\n%s", status, w.printed)
		}
	}
	t.Fatal("the disk is never full")
}

// untilTaken writes until it is acknowledged again.
func (w *disked) untilTaken(t *testing.T) {
	t.Helper()
	end := time.Now().Add(patience)
	for status := 0; status != http.StatusCreated; {
		if status = w.write(); time.Now().After(end) {
			t.Fatalf("no write is taken after there is room again: %d\n%s", status, w.printed)
		}
	}
}

// read looks at the public list, one record and its own drafts.
func (w *disked) read(t *testing.T) {
	t.Helper()
	for id := range w.acked {
		for _, path := range []string{"/api/v1/offers?limit=5&facets=country", "/api/v1/offers/" + id, "/api/v1/offers?state=draft&limit=5"} {
			if r := w.send("GET", path, w.token, nil); r.status != http.StatusOK {
				t.Errorf("%s on the full disk: %d %s", path, r.status, r.body)
			}
		}
		return
	}
}

// verify compares what was acknowledged with the records, and with the list of
// all drafts: none that was refused is there.
func (w *disked) verify(t *testing.T) {
	t.Helper()
	for id, title := range w.acked {
		if o := get[struct{ Title string }](w.server, "/api/v1/offers/"+id, w.token); o.Title != title {
			t.Errorf("%s: %q instead of %q", id, o.Title, title)
		}
	}
	found, cursor := 0, ""
	for {
		page := get[struct {
			Items      []struct{ ID, Title string }
			NextCursor string
		}](w.server, "/api/v1/offers?state=draft&limit=100"+cursor, w.token)
		for _, o := range page.Items {
			if !strings.HasPrefix(o.Title, "Maçon sur disque") {
				continue
			}
			found++
			if w.acked[o.ID] != o.Title {
				t.Errorf("%q was refused and is there", o.Title)
			}
		}
		if page.NextCursor == "" {
			break
		}
		cursor = "&cursor=" + page.NextCursor
	}
	if found != len(w.acked) {
		t.Errorf("%d drafts are listed, %d were acknowledged", found, len(w.acked))
	}
}
