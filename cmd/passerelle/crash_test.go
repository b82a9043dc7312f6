package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// The load of the crash: this many writes from this many clients.
const (
	crashWrites  = 200
	crashClients = 16
)

// load is what was acknowledged: write → id of the offer.
type load struct {
	mu    sync.Mutex
	acked map[int]string
}

// TestRL01KilledWhileWriting kills the service in the midst of 200 writes from
// 16 clients. After the restart every acknowledged write is there, whole and
// in the lists; the others are sent again with their keys, and none is double.
func TestRL01KilledWhileWriting(t *testing.T) {
	dir := demoDir(t)
	l := &load{acked: map[int]string{}}
	s := serve(t, dir, "--demo")
	var once sync.Once
	l.send(s, func(acked int) {
		if acked >= crashWrites/3 {
			once.Do(func() { _ = s.cmd.Process.Signal(syscall.SIGKILL) }) // the end is awaited below
		}
	})
	if code := s.end(syscall.SIGKILL); code != -1 {
		t.Fatalf("it was not killed: exit code %d", code)
	}
	before := len(l.acked)
	if before < crashWrites/3 || before == crashWrites {
		t.Fatalf("killed with %d of %d writes acknowledged", before, crashWrites)
	}
	s = serve(t, dir, "--demo")
	l.check(s)
	l.send(s, func(int) {})
	if len(l.acked) != crashWrites {
		t.Errorf("%d of %d writes were acknowledged in the end", len(l.acked), crashWrites)
	}
	l.check(s)
	if code := s.end(syscall.SIGTERM); code != 0 {
		t.Errorf("exit code %d\n%s", code, s.printed)
	}
}

// send makes every write that is not acknowledged yet and tells how many are.
func (l *load) send(s *server, acknowledged func(int)) {
	token := s.login("agency@demo.test", demoPassword)
	var next atomic.Int64
	var group sync.WaitGroup
	for range crashClients {
		group.Go(func() {
			for n := int(next.Add(1)) - 1; n < crashWrites; n = int(next.Add(1)) - 1 {
				l.write(s, token, n)
				l.mu.Lock()
				acked := len(l.acked)
				l.mu.Unlock()
				acknowledged(acked)
			}
		})
	}
	group.Wait()
}

func title(n int) string { return fmt.Sprintf("Maçon charge %d", n) }

// text is long enough for a half-written record to show.
func text(n int) string { return strings.Repeat(fmt.Sprintf("Écriture %d. ", n), 150) }

func (l *load) write(s *server, token string, n int) {
	l.mu.Lock()
	_, done := l.acked[n]
	l.mu.Unlock()
	if done {
		return
	}
	body := map[string]any{"title": title(n), "description": text(n), "country": "SN", "occupation": "7112", "kind": "fixed_term"}
	r := s.send("POST", "/api/v1/offers", token, body, "Idempotency-Key", fmt.Sprintf("charge-%d", n))
	var made struct{ ID string }
	if r.status != http.StatusCreated || json.Unmarshal(r.body, &made) != nil {
		return // not acknowledged
	}
	l.mu.Lock()
	l.acked[n] = made.ID
	l.mu.Unlock()
}

// check reads every acknowledged write, and the list of all drafts.
func (l *load) check(s *server) {
	s.t.Helper()
	token := s.login("agency@demo.test", demoPassword)
	listed, times := map[string]string{}, map[string]int{}
	for cursor, total := "", -1; total != len(listed); {
		page := get[struct {
			Items      []struct{ ID, Title string }
			Total      int
			NextCursor string
		}](s, "/api/v1/offers?state=draft&limit=100"+cursor, token)
		for _, o := range page.Items {
			listed[o.ID] = o.Title
			times[o.Title]++
		}
		if total = page.Total; page.NextCursor == "" && total != len(listed) {
			s.t.Fatalf("the list holds %d of %d", len(listed), total)
		}
		cursor = "&cursor=" + page.NextCursor
	}
	for n, id := range l.acked {
		o := get[struct{ Title, Description string }](s, "/api/v1/offers/"+id, token)
		if o.Title != title(n) || o.Description != strings.TrimSpace(text(n)) {
			s.t.Errorf("write %d is half-written", n)
		}
		if listed[id] != title(n) {
			s.t.Errorf("write %d is not in the list", n)
		}
	}
	for n := range crashWrites {
		if times[title(n)] > 1 {
			s.t.Errorf("write %d is there %d times", n, times[title(n)])
		}
	}
}
