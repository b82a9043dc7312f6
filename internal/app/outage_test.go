package app

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"passerelle/internal/domain/ref"
	"passerelle/internal/index"
)

// faults is how much the fault test does; scripts/faults asks for more.
var faults = flag.Int("faults", 3, "how often the way to the database fails")

// answerWithin is what a caller is promised however the database behaves (6 s),
// and the same again for a machine that does much else.
const answerWithin = 12 * time.Second

// journey is one offer on its way to publication: what was acknowledged last.
type journey struct {
	n     int64
	id    string
	stage int // of journeySteps; the number acknowledged
}

// journeySteps are who asks for what.
var journeySteps = [][2]string{{"agency", ""}, {"agency", "submissions"}, {"official2", "approvals"}, {"official3", "publications"}}

// sufferer is a load on a service whose database fails, and what it was told.
type sufferer struct {
	*stage
	stopped atomic.Bool
	count   atomic.Int64

	mu      sync.Mutex
	open    []*journey // cut off at some step
	done    []*journey
	refused int // answers 503
	slowest time.Duration
	unready int
}

// TestRL04TheDatabaseFails puts a wire between driver and database that
// delays, loses answers, resets and is gone, at random, under load. Whatever
// happens, an answer comes in time: success, or 503 with a time to come back.
// Afterwards nothing needs a hand: what was acknowledged is there, what was
// cut off goes in once under its key, lists are the store, and a look at the
// whole store finds nothing.
//
// covers RL-04, RL-02, RL-13, RL-15, AD-03
func TestRL04TheDatabaseFails(t *testing.T) {
	h, l := houseBehind(t)
	s := &sufferer{stage: newStage(t, h)}
	for _, step := range journeySteps {
		s.by(step[0])
	}
	kinds := []string{"is gone", "loses answers", "resets", "delays"}
	for n := range *faults {
		kind, lasts := kinds[n%len(kinds)], time.Duration(500+rand.IntN(1500))*time.Millisecond
		if kind == "is gone" {
			lasts += 2500 * time.Millisecond // longer than a look at its health waits
		}
		before := s.going()
		back := s.through(func() error { return l.fault(kind, lasts) })
		cut := len(s.open)
		s.goOn()
		certain := s.recover(func() bool { return s.db.Unsettled() == 0 })
		s.verify()
		t.Logf("fault %d, the database %s for %s: %d offers went through before or after it, %d were cut off and went on under their keys, none lost, none twice; ready again after %s, nothing in doubt %s later",
			n+1, kind, lasts.Round(time.Millisecond), s.going()-before-cut, cut, back.Round(10*time.Millisecond), certain.Round(100*time.Millisecond))
		if t.Failed() {
			return
		}
	}
	if s.refused == 0 || s.unready == 0 {
		t.Errorf("%d answers 503 and %d times not ready: the faults were not felt", s.refused, s.unready)
	}
	s.storeIsIndex()
	t.Logf("%d faults: %d offers published, %d answers 503 with Retry-After, slowest answer %s, always alive", *faults, len(s.done), s.refused, s.slowest.Round(time.Millisecond))
}

// through works all through a fault, and says how long after it the service
// was ready again. Nobody works on when it returns, however it does.
func (s *sufferer) through(fault func() error) time.Duration {
	s.t.Helper()
	s.stopped.Store(false)
	var load sync.WaitGroup
	defer load.Wait()
	defer s.stopped.Store(true)
	for range 3 {
		load.Go(s.work)
	}
	load.Go(s.watch)
	before := s.going()
	s.recover(func() bool { return s.going() > before }) // some work before it
	if err := fault(); err != nil {
		s.t.Fatal(err)
	}
	return s.recover(func() bool { return s.by("").send("GET", "/readyz", nil).status == http.StatusOK })
}

// work takes one offer after the other to its end.
func (s *sufferer) work() {
	for !s.stopped.Load() {
		j := &journey{n: s.count.Add(1)}
		for !s.stopped.Load() && s.step(j) {
		}
		s.mu.Lock()
		if j.stage == len(journeySteps) {
			s.done = append(s.done, j)
		} else {
			s.open = append(s.open, j)
		}
		s.mu.Unlock()
	}
}

// going counts the offers that have come to their end.
func (s *sufferer) going() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.done)
}

// step asks for the next step of a journey; false when it did not go through
// or was the last.
func (s *sufferer) step(j *journey) bool {
	step := journeySteps[j.stage]
	path, body := "/offers/"+j.id+"/"+step[1], any(nil)
	if j.stage == 0 {
		terms := maps.Clone(s.terms)
		terms["title"] = title(j.n)
		path, body = "/offers", terms
	}
	r := s.ask(step[0], path, body, fmt.Sprintf("journey-%d-%d", j.n, j.stage))
	switch {
	case r == nil:
		return false
	case r.status < 300:
		if j.stage == 0 {
			j.id = r.member("id")
		}
	case r.status == http.StatusConflict && r.member("code") != "idempotency.in_flight" && j.stage > 0 && s.reached(j):
		// it was done, and the answer lost
	default:
		return false
	}
	j.stage++
	return j.stage < len(journeySteps)
}

func title(n int64) string { return fmt.Sprintf("Traversée %d", n) }

// ask makes one request and judges its answer; nil without one.
func (s *sufferer) ask(who, path string, body any, key string) *reply {
	request, err := s.by(who).request("POST", path, body, "Idempotency-Key", key)
	if err != nil {
		s.t.Error(err)
		return nil
	}
	began := time.Now()
	answer, err := client.Do(request)
	if err != nil {
		s.t.Errorf("no answer: %v", err)
		return nil
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	took := time.Since(began)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slowest = max(s.slowest, took)
	switch {
	case err != nil || took > answerWithin:
		s.t.Errorf("%s took %s: %v", path, took, err)
	case answer.StatusCode == http.StatusServiceUnavailable:
		s.refused++
		if answer.Header.Get("Retry-After") == "" {
			s.t.Errorf("%s: 503 without Retry-After", path)
		}
	case answer.StatusCode >= 500:
		s.t.Errorf("%s: %d %s", path, answer.StatusCode, text)
	}
	return &reply{answer.StatusCode, answer.Header, text}
}

// reached reports whether the offer is where the step leads.
func (s *sufferer) reached(j *journey) bool {
	want := []string{"draft", "submitted", "approved", "published"}[j.stage]
	return s.by("agency").send("GET", "/offers/"+j.id, nil).member("state") == want
}

// watch asks for the health of the service all the while.
func (s *sufferer) watch() {
	for !s.stopped.Load() {
		live, ready := s.by("").send("GET", "/livez", nil), s.by("").send("GET", "/readyz", nil)
		s.mu.Lock()
		if live.status != http.StatusOK {
			s.t.Errorf("not alive: %d", live.status)
		}
		if ready.status != http.StatusOK {
			s.unready++
		}
		s.mu.Unlock()
		time.Sleep(100 * time.Millisecond) // between two looks
	}
}

// recover waits until the service is as wanted, without a hand.
func (s *sufferer) recover(wanted func() bool) time.Duration {
	s.t.Helper()
	began := time.Now()
	for time.Since(began) < time.Minute {
		if wanted() {
			return time.Since(began)
		}
		time.Sleep(20 * time.Millisecond) // between two looks
	}
	s.t.Fatalf("not recovered a minute after the fault: %d documents in doubt", s.db.Unsettled())
	return 0
}

// goOn asks again for what was cut off, under the same keys. A request that is
// still under way is waited for.
func (s *sufferer) goOn() {
	open := s.open
	s.open = nil
	for _, j := range open {
		for try := 0; j.stage < len(journeySteps) && try < 200; try++ {
			if before := j.stage; !s.step(j) && j.stage == before {
				time.Sleep(100 * time.Millisecond) // as Retry-After asks, in short
			}
		}
		if j.stage < len(journeySteps) {
			s.t.Errorf("offer %d is stuck after step %d", j.n, j.stage)
		}
		s.done = append(s.done, j)
	}
}

// verify compares what was acknowledged with records and list.
func (s *sufferer) verify() {
	listed, times := map[string]string{}, map[string]int{}
	for cursor := ""; ; {
		r := s.by("agency").must(http.StatusOK, "GET", "/offers?state=published&limit=100"+cursor, nil)
		var page struct {
			Items      []struct{ ID, Title string }
			NextCursor string
		}
		if err := json.Unmarshal(r.body, &page); err != nil {
			s.t.Fatal(err)
		}
		for _, o := range page.Items {
			listed[o.ID] = o.Title
			times[o.Title]++
		}
		if page.NextCursor == "" {
			break
		}
		cursor = "&cursor=" + page.NextCursor
	}
	for _, j := range s.done {
		o := read[struct{ Title, State string }](s.by("agency"), "/offers/"+j.id)
		if o.Title != title(j.n) || o.State != "published" || listed[j.id] != o.Title || times[o.Title] != 1 {
			s.t.Errorf("offer %d: record %+v, list %q, there %d times", j.n, o, listed[j.id], times[o.Title])
		}
	}
}

// storeIsIndex compares the living read model with one built anew, and looks
// at the whole store.
func (s *sufferer) storeIsIndex() {
	s.t.Helper()
	if err := s.RunJob(s.t.Context(), "repair-places"); err != nil {
		s.t.Error(err)
	}
	fresh := index.New(index.Options{Now: s.Clock().Now, Weights: s.options.Weights.match()})
	if err := openStores(s.db, fresh).load(s.t.Context(), fresh); err != nil {
		s.t.Fatal(err)
	}
	c := &comparison{today: ref.DateOf(s.Clock().Now())}
	living, stored := c.everything(s.index), c.everything(fresh)
	delete(living, "outboxes") // a job empties them meanwhile
	delete(stored, "outboxes")
	if diff := cmp.Diff(stored, living, cmpopts.EquateEmpty()); diff != "" {
		s.t.Errorf("the living read model (+) is not the store (-):\n%.3000s", diff)
	}
	if found := s.consistency(); len(found.Findings) > 0 {
		s.t.Errorf("%v", found.Findings)
	}
}
