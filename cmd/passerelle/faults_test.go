package main

import (
	"encoding/json"
	"flag"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// How much the fault test does; scripts/faults asks for more.
var (
	kills  = flag.Int("kills", 3, "how often the service is killed at a random moment")
	writes = flag.Int("writes", 70, "changes asked for between two kills")
)

// TestRL15KilledAtRandomMoments kills the service at random moments while
// eight clients make all kinds of changes, and some hang up. After each
// restart what was acknowledged is there, what was not is asked for again
// under its key and is there once, lists say what records say, and a look at
// the whole store finds nothing.
//
// covers RL-01, RL-02, RL-08, RL-13, RL-14, RL-15, AD-03
func TestRL15KilledAtRandomMoments(t *testing.T) {
	dir := demoDir(t)
	// Tokens name the public address as their issuer: it stays, ports do not.
	settings := filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(settings, []byte("public_url: http://localhost\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	start := func() *server { return serve(t, dir, "--demo", "--config", settings) }
	s := start()
	m := newMixed(s)
	for round := 1; round <= *kills; round++ {
		moment := time.Duration(300+rand.IntN(2400)) * time.Millisecond
		timer := time.AfterFunc(moment, func() {
			m.stopped.Store(true)
			_ = s.cmd.Process.Signal(syscall.SIGKILL) // the end is awaited below
		})
		before := len(m.done)
		m.run(int64(*writes))
		timer.Stop()
		s.end(syscall.SIGKILL)
		acked, open := len(m.done)-before, len(m.open)
		began := time.Now()
		s = start()
		restart := time.Since(began)
		m.on(s)
		replayed := m.again()
		m.verify(before)
		if code := s.end(syscall.SIGTERM); code != 0 {
			t.Fatalf("round %d: exit code %d\n%s", round, code, s.printed)
		}
		found := call(t, nil, "check", "--data-dir", dir).want(t, 0, "findings 0")
		call(t, nil, "audit", "verify", "--data-dir", dir).want(t, 0, "nothing changed, removed, inserted or reordered")
		t.Logf("kill %d after %s: %d acknowledged and present, %d open and asked for again (%d done, %d refused by a rule), restart %.1f s; %s",
			round, moment, acked, open, replayed[0], replayed[1], restart.Seconds(), strings.TrimSpace(found.stdout))
		if t.Failed() {
			return
		}
		s = start()
		m.on(s)
	}
	m.verify(0)
	m.figures()
	s.end(syscall.SIGTERM)
}

// again asks for everything once more that nothing was heard of.
func (m *mixed) again() (outcomes [2]int) {
	open := m.open
	m.open = nil
	for _, d := range open {
		r := m.server.ask(m.server.t.Context(), d)
		switch {
		case r.status < 300 && r.status > 0:
			var made struct{ ID string }
			_ = json.Unmarshal(r.body, &made) // not every answer has one
			if d.id == "" {
				d.id = made.ID
			}
			m.done = append(m.done, d)
			outcomes[0]++
			if d.kind == "step" {
				m.offers[d.id] = d.expect
			}
		case r.status == http.StatusConflict || r.status == http.StatusUnprocessableEntity:
			// The change was made before the answer was lost, or a rule forbids it now.
			outcomes[1]++
		default:
			m.server.t.Errorf("%s %s again: %d %s", d.kind, d.path, r.status, r.body)
		}
	}
	return outcomes
}

// rank orders the states an offer of the load goes through.
var rank = map[string]int{"draft": 1, "submitted": 2, "approved": 3, "published": 4, "filled": 5}

// verify looks at everything acknowledged since.
func (m *mixed) verify(since int) {
	s := m.server
	listed, titles := m.listed()
	for title, times := range titles {
		if times > 1 && strings.HasPrefix(title, "Poste de charge") {
			s.t.Errorf("%q is there %d times", title, times)
		}
	}
	for _, d := range m.done[since:] {
		switch d.kind {
		case "register":
			if r := s.send("POST", "/api/v1/auth/login", "", object{"login": d.expect, "password": newPassword}); r.status != http.StatusOK {
				s.t.Errorf("registered and not there: %d %s", r.status, r.body)
			}
		case "profile":
			get[object](s, "/api/v1/profiles/"+d.id, m.tokens["official"])
		case "draft", "step":
			o := get[struct{ Title, State string }](s, "/api/v1/offers/"+d.id, m.tokens["agency"])
			if d.kind == "draft" && o.Title != d.expect || rank[o.State] == 0 || d.kind == "step" && rank[o.State] < rank[d.expect] {
				s.t.Errorf("%s %s: acknowledged %q, found %+v", d.kind, d.id, d.expect, o)
			}
			if listed[d.id] != o.State {
				s.t.Errorf("offer %s is %s and is listed as %q", d.id, o.State, listed[d.id])
			}
		case "application", "selection":
			a := get[struct{ State string }](s, "/api/v1/applications/"+d.id, m.tokens["agency"])
			if d.kind == "selection" && a.State != "selected" {
				s.t.Errorf("application %s was selected and is %s", d.id, a.State)
			}
		case "import":
			m.worked(d.id)
		}
	}
}

// worked waits for the end of an import that was acknowledged. A file that was
// sent again after its rows went in finds them unchanged.
func (m *mixed) worked(id string) {
	type counts struct {
		State                    string
		Rows, Created, Unchanged int
	}
	for range 600 {
		i := get[counts](m.server, "/api/v1/imports/"+id, m.tokens["agency"])
		if i.State != "running" {
			if i.Rows != 10 || i.Created+i.Unchanged != 10 {
				m.server.t.Errorf("import %s of 10 new rows: %+v", id, i)
			}
			return
		}
		time.Sleep(50 * time.Millisecond) // between two looks at a job
	}
	m.server.t.Errorf("import %s does not end", id)
}

// listed reads the agency's lists: offer → state, and how often each title is
// there.
func (m *mixed) listed() (states map[string]string, titles map[string]int) {
	states, titles = map[string]string{}, map[string]int{}
	for state := range rank {
		total := 0
		for cursor := ""; ; {
			page := get[struct {
				Items      []struct{ ID, Title, State string }
				Total      int
				NextCursor string
			}](m.server, "/api/v1/offers?state="+state+"&limit=100"+cursor, m.tokens["agency"])
			for _, o := range page.Items {
				states[o.ID], total = o.State, total+1
				titles[o.Title]++
			}
			if page.NextCursor == "" {
				if total != page.Total {
					m.server.t.Errorf("the list of %s holds %d, the total says %d", state, total, page.Total)
				}
				break
			}
			cursor = "&cursor=" + page.NextCursor
		}
	}
	return states, titles
}

// figures prints how much of what was done, and fails when a kind is missing:
// a load without it proves nothing of it.
func (m *mixed) figures() {
	kinds := map[string]int{}
	for _, d := range m.done {
		kinds[d.kind]++
	}
	m.server.t.Logf("%d kills: %d changes acknowledged, none lost, none twice; %v; %d callers hung up", *kills, len(m.done), kinds, m.cancelled.Load())
	for _, kind := range []string{"draft", "register", "step", "import", "coding", "profile", "application", "selection"} {
		if kinds[kind] == 0 && (kind == "draft" || *kills >= 20) {
			m.server.t.Errorf("the load has no %s: %v", kind, kinds)
		}
	}
}
