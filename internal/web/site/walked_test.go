package site_test

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"passerelle/internal/web/site"
)

// visits is which pages were shown and which forms were sent in a run.
type visits struct {
	mu   sync.Mutex
	made map[string]bool
}

// everywhere is what this run has visited.
var everywhere = &visits{made: map[string]bool{}}

// note keeps a request that was answered with a page of its own.
func (v *visits) note(method, path string, status int) {
	if status >= http.StatusBadRequest && status != http.StatusUnprocessableEntity && status != http.StatusConflict {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.made[method+" "+path] = true
}

// RoundTrip notes a request beside making it.
func (v *visits) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		v.note(r.Method, r.URL.Path, res.StatusCode)
	}
	return res, err
}

// missing gives the pages and forms that no journey has come by.
func (v *visits) missing() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	left := map[string]bool{}
	for _, pattern := range site.Patterns() {
		left[pattern] = true
	}
	for visit := range v.made {
		delete(left, match(visit))
	}
	return slices.Sorted(maps.Keys(left))
}

// match gives the pattern of a visit: the one with the fewest parameters.
func match(visit string) string {
	best, fewest := "", 99
	for _, pattern := range site.Patterns() {
		if n := strings.Count(pattern, ":"); n < fewest && fits(strings.Split(pattern, "/"), strings.Split(visit, "/")) {
			best, fewest = pattern, n
		}
	}
	return best
}

func fits(pattern, visit []string) bool {
	return slices.EqualFunc(pattern, visit, func(p, v string) bool { return p == v || strings.HasPrefix(p, ":") })
}

// everyJourney is the part of the tests that must come by every page.
const everyJourney = "Journey|TestCodesWithoutEMail|TestScreen"

// complete tells whether every journey was in this run; those of the script
// have a browser of their own and run beside the ones over HTTP.
func complete(mode string) bool {
	asked := flag.Lookup("test.run").Value.String()
	return mode == "" && (asked == "" || asked == everyJourney) && flag.Lookup("test.list").Value.String() == "" && flag.Lookup("test.skip").Value.String() == ""
}

// judge names every page and form that no journey has come by.
func (v *visits) judge(w io.Writer) int {
	missing := v.missing()
	for _, pattern := range missing {
		_, _ = fmt.Fprintf(w, "no journey comes by %s\n", pattern)
	}
	return min(len(missing), 1)
}

// TestUnwalkedPagesAreNoticed: the check of where journeys lead can fail.
func TestUnwalkedPagesAreNoticed(t *testing.T) {
	v := &visits{made: map[string]bool{}}
	var said strings.Builder
	if v.judge(&said) == 0 || !strings.Contains(said.String(), "no journey comes by GET /offres/:id") {
		t.Errorf("said %q", said.String())
	}
	for _, pattern := range site.Patterns() {
		method, path, _ := strings.Cut(pattern, " ")
		v.note(method, strings.ReplaceAll(path, ":", "x"), http.StatusOK)
	}
	if missing := v.missing(); len(missing) > 0 {
		t.Errorf("missing: %v", missing)
	}
	if v.note("GET", "/offres/x", http.StatusForbidden); match("GET /mes-offres/x") != "GET /mes-offres/:id" || match("GET /nowhere/at/all") != "" {
		t.Error("visits are taken for others")
	}
}
