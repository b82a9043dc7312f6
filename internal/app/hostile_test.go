package app

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"passerelle/internal/domain/account"
)

// Bounds of the storm: how long one answer may take on a busy machine, how
// much the heap may keep, and how many goroutines may be left.
const (
	longestAnswer  = 2 * time.Second
	heapKept       = 24 << 20
	goroutinesKept = 8
)

// storm sends attacks and judges the answers.
type storm struct {
	t      *testing.T
	house  *house
	client *http.Client

	mu       sync.Mutex
	failed   map[string]int // operation → complaints, so that one defect is told a few times only
	sent     int
	broken   int
	statuses map[int]int
	slowest  time.Duration
	slowName string
}

func newStorm(t *testing.T, h *house) *storm {
	return &storm{
		t: t, house: h, failed: map[string]int{}, statuses: map[int]int{},
		client: &http.Client{
			Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16, DisableCompression: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// strike sends attacks from several callers at once.
func (s *storm) strike(token, who string, attacks []attack) {
	next := make(chan attack)
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			for a := range next {
				s.one(token, who, a)
			}
		})
	}
	for _, a := range attacks {
		next <- a
	}
	close(next)
	group.Wait()
}

// one sends one attack. An answer that took too long among the others is
// asked for once more on a quiet machine before it counts.
func (s *storm) one(token, who string, a attack) {
	r, took, err := s.send(token, a)
	if r != nil && r.status == http.StatusPreconditionFailed && slices.Contains(a.headers, staleTag) {
		r, took, err = s.send(token, s.upToDate(token, a))
	}
	if strings.HasPrefix(a.path, "/administration/service/taches/") {
		took = 0 // an operator runs a job by hand and waits for its end
	}
	if took > longestAnswer {
		s.mu.Lock() // the others wait here when they are done
		r, took, err = s.send(token, a)
		s.mu.Unlock()
	}
	s.judge(who, a, r, took, err)
}

// staleTag is sent with every change; where it stops the request, the request
// is sent again with the tag of the record.
const staleTag = `"v1"`

func (s *storm) upToDate(token string, a attack) attack {
	path, _, _ := strings.Cut(a.path, "?")
	r, _, err := s.send(token, attack{method: "GET", path: path})
	if err != nil || r.header.Get("ETag") == "" {
		return a
	}
	a.headers = slices.Clone(a.headers)
	a.headers[slices.Index(a.headers, staleTag)] = r.header.Get("ETag")
	return a
}

func (s *storm) send(token string, a attack) (*reply, time.Duration, error) {
	request, err := http.NewRequest(a.method, s.house.base+a.path, bytes.NewReader(a.content))
	if err != nil {
		return nil, 0, nil // no client can send this
	}
	if a.kind != "" {
		request.Header.Set("Content-Type", a.kind)
	}
	for i := 0; i+1 < len(a.headers); i += 2 {
		request.Header.Add(a.headers[i], a.headers[i+1])
	}
	if strings.HasPrefix(token, "cookie ") {
		request.AddCookie(&http.Cookie{Name: "passerelle-access", Value: strings.TrimPrefix(token, "cookie ")})
	} else if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	began := time.Now()
	answer, err := s.client.Do(request)
	if err != nil {
		return nil, time.Since(began), err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return &reply{answer.StatusCode, answer.Header, text}, time.Since(began), err
}

func (s *storm) judge(who string, a attack, r *reply, took time.Duration, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent++
	if took > s.slowest {
		s.slowest, s.slowName = took, a.method+" "+a.path[:min(len(a.path), 80)]+" "+a.what
	}
	wrong := ""
	switch {
	case err != nil && a.heavy:
		s.broken++
		return
	case err != nil:
		wrong = err.Error()
	case r == nil:
		return
	default:
		s.statuses[r.status]++
		wrong = flaw(r, took)
	}
	if wrong == "" {
		return
	}
	name := a.method + " " + shapeOf(a.path)
	if s.failed[name]++; s.failed[name] <= 3 {
		s.t.Errorf("%s as %s, %s: %s", name, orAnonymous(who), a.what, wrong)
	}
}

// flaw says what is wrong with an answer to hostile input.
func flaw(r *reply, took time.Duration) string {
	body := bytes.ToLower(r.body)
	switch {
	case r.status >= 500:
		return fmt.Sprintf("%d %s", r.status, r.body)
	case took > longestAnswer:
		return "took " + took.String()
	case strayHeader(r.header) != "":
		return "the caller wrote a header of the answer: " + strayHeader(r.header)
	case r.status >= 400 && strings.HasSuffix(r.header.Get("Content-Type"), "json") && bytes.Contains(body, []byte(marker)):
		return fmt.Sprintf("%d echoes what was refused: %.500s", r.status, r.body)
	case bytes.Contains(body, []byte("<script>"+marker)) && !strings.HasSuffix(r.header.Get("Content-Type"), "json"):
		return "a script came back as one"
	case bytes.Contains(body, []byte("goroutine ")) || bytes.Contains(body, []byte("mongodb")) || bytes.Contains(body, []byte("sqlite")):
		return fmt.Sprintf("the inside shows: %.500s", r.body)
	}
	return ""
}

// strayHeader names a header that holds what the caller sent. Location and
// Link may lead back to where the caller was, escaped.
func strayHeader(h http.Header) string {
	for name, values := range h {
		if name == "X-Injected" || name != "Location" && name != "Link" && strings.Contains(strings.ToLower(strings.Join(values, " ")), marker) {
			return name
		}
	}
	return ""
}

// TestHostileInput sends hostile requests to every operation of our own
// document, to nobody and to every role, and looks at every answer; then at
// the memory and the goroutines that are left.
//
// covers AZ-05, AZ-11, IN-01, IN-02, IN-04, IN-07, IN-10, LM-01, LM-02, LM-06, LM-07, RL-12, UP-03, WB-04
func TestHostileInput(t *testing.T) {
	stage := newStage(t, openHouse(t))
	s := newStorm(t, stage.house)
	g := &generator{description: describe(t, stage.house), heavy: newHeavyBodies(t), ids: stage.victims()}
	began := time.Now()
	base := goroutinesNow(s)
	operations := lastTheClock(g.operations())
	for _, o := range operations {
		s.operation(g, o)
	}
	if s.statuses[200]+s.statuses[201] == 0 || s.statuses[400] == 0 || s.statuses[413] == 0 || s.statuses[415] == 0 || s.statuses[422] == 0 {
		t.Errorf("the storm hits nothing: %v", s.statuses)
	}
	before := heapNow(s)
	s.heavy(g, operations)
	after := heapNow(s)
	for range 40 { // a job may be at work just now
		if after <= before+heapKept {
			break
		}
		time.Sleep(250 * time.Millisecond)
		after = min(after, heapNow(s))
	}
	if after > before+heapKept {
		t.Errorf("the heap keeps %d MB of refused bodies", (after-before)>>20)
	}
	if left := s.settled(base + goroutinesKept); left > base+goroutinesKept {
		t.Errorf("%d goroutines before, %d after", base, left)
	}
	t.Logf("%d requests on %d operations in %s, %d refused connections; slowest %s (%s); answers %v",
		s.sent, len(operations), time.Since(began).Round(time.Second), s.broken, s.slowest.Round(time.Millisecond), s.slowName, s.statuses)
}

// lastTheClock moves what ends sessions, moves the time or erases accounts to
// the end.
func lastTheClock(in []*documented) []*documented {
	late := func(o *documented) int {
		if o.ID == "deleteMe" {
			return 2
		}
		if o.ID == "setDemoClock" || o.method == "DELETE" {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(in, func(a, b *documented) int { return late(a) - late(b) })
	return in
}

// operation attacks one operation as everybody: with everything by the first
// who is allowed to call it, with less by the others.
func (s *storm) operation(g *generator, o *documented) {
	rule := account.RuleOf(account.Permission(o.Permission))
	thorough := true
	for _, c := range []column{{"", account.Anonymous}, {"candidate", account.Candidate}, {"agency", account.Agency},
		{"official", account.Official}, {"admin", account.Admin}, {"observer", account.Observer}} {
		token := ""
		if c.name != "" {
			token = (&caller{t: s.t, base: s.house.base}).login(c.name+"@demo.test", s.house.DemoPassword()).token
		}
		if !rule.Public && !slices.Contains(rule.Roles, c.role) {
			s.strike(token, c.name, g.few(o)[:2])
			continue
		}
		s.strike(token, c.name, g.all(o, thorough))
		thorough = false
	}
}

// heavy sends the large bodies only; all of them are refused.
func (s *storm) heavy(g *generator, operations []*documented) {
	var all []attack
	for _, o := range operations {
		all = append(all, g.few(o)...)
	}
	s.strike("", "", all)
}

// victims are records the attacks are aimed at.
func (s *stage) victims() map[string]string {
	s.t.Helper()
	_, agency := s.applicant()
	return map[string]string{
		"offers": s.draft(), "agencies": agency, "employers": s.employer(), "profiles": s.profileOf("candidate"), "corridors": "ML-PT",
		"applications": s.application(), "imports": s.imported(),
	}
}

func heapNow(s *storm) int64 {
	s.client.CloseIdleConnections()
	runtime.GC()
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func goroutinesNow(s *storm) int {
	s.client.CloseIdleConnections()
	return runtime.NumGoroutine()
}

// settled waits until no more goroutines than that are left.
func (s *storm) settled(most int) (left int) {
	for range 200 {
		if left = goroutinesNow(s); left <= most {
			return left
		}
		time.Sleep(50 * time.Millisecond) // connections close on the server's own time
	}
	return left
}
