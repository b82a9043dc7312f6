package app

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// tape takes everything that is logged.
type tape struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *tape) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *tape) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// TestPR06LogsAndMetricsNameNobody records everything that is logged at every
// level during a person's life in the service, mistakes and failures included,
// and looks for the person in it, in the metrics and in what errors answer.
func TestPR06LogsAndMetricsNameNobody(t *testing.T) {
	dir, log := t.TempDir(), &tape{}
	if err := copyDir(seededDir(t), dir); err != nil {
		t.Fatal(err)
	}
	options := demoOptions(dir)
	options.Log = slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	options.AdminListen = "127.0.0.1:0"
	h, err := runHouseWith(options)
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t, h)
	p, refused := s.loudLife()
	metrics := httptest.NewRecorder()
	h.adminMux.ServeHTTP(metrics, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if err := h.stop(); err != nil {
		t.Fatal(err)
	}
	logged := log.String()
	if !strings.Contains(metrics.Body.String(), "http_request") {
		t.Error("there are no metrics to look at")
	}
	if strings.Count(logged, "\n") < 20 || !strings.Contains(logged, "/api/v1/auth/login") {
		t.Fatalf("too little is logged to prove anything:\n%.2000s", logged)
	}
	for _, mark := range append(p.marks(), p.password, p.token, "Bearer", "un mot de trop", "mauvais mot de passe", "numéro du voisin") {
		for name, text := range map[string]string{"the log": logged, "the metrics": metrics.Body.String(), "an error": refused} {
			if at := strings.Index(text, mark); at >= 0 {
				t.Errorf("%s holds %q: …%s…", name, mark, text[max(0, at-200):min(len(text), at+100)])
			}
		}
	}
}

// loudLife does everything a person does, much of it wrongly, and gives what
// the errors answered.
func (s *stage) loudLife() (*somebody, string) {
	s.t.Helper()
	var errors strings.Builder
	p, offer := s.resident(), s.published()
	wrong := func(c *caller, method, path string, body any, headers ...string) {
		r := c.send(method, path, body, headers...)
		if r.status < 400 {
			s.t.Errorf("%s %s: %d, meant to be refused", method, path, r.status)
		}
		fmt.Fprintf(&errors, "%s\n", r.body)
	}
	wrong(s.by(""), "POST", "/auth/login", object{"login": p.email, "password": "mauvais mot de passe"})
	wrong(s.by(""), "POST", "/auth/login", object{"login": p.phone, "password": p.password})
	wrong(s.by(""), "POST", "/auth/login", object{"login": p.email, "mot": "un mot de trop"})
	wrong(s.by(""), "POST", "/auth/register", object{"applicant": "candidate", "email": p.email, "password": p.email})
	wrong(p.caller, "PUT", "/profiles/me", object{"identity": object{"phone": "numéro du voisin", "nina": nina + "!"}}, "If-Match", `"1"`)
	wrong(p.caller, "GET", "/profiles/me?email="+p.email, nil)
	wrong(p.caller, "GET", "/offers?q="+strings.Repeat(familyName, 20), nil)
	wrong(p.caller, "POST", "/me/identifiers", object{"phone": "numéro du voisin"})
	p.must(http.StatusAccepted, "POST", "/me/identifiers", object{"phone": p.phone})
	p.send("GET", "/offers?q="+givenNames[:5], nil)
	application := p.applies(offer)
	wrong(p.caller, "POST", "/offers/"+offer+"/applications", object{"message": applyingFor})
	s.by("agency").must(http.StatusOK, "GET", "/profiles/"+p.profile, nil)
	s.by("official").must(http.StatusCreated, "POST", "/profiles/"+p.profile+"/disclosures", object{"reason": "other", "note": "un mot de trop"})
	s.by("").must(http.StatusAccepted, "POST", "/auth/password/forgot", object{"login": p.email})
	p.must(http.StatusOK, "POST", "/applications/"+application+"/withdrawals", nil)
	for _, job := range []string{"send-messages", "carry-audit", "retention", "publish-statistics"} {
		if err := s.RunJob(s.t.Context(), job); err != nil && Code(err) != "job.running" {
			s.t.Error(err)
		}
	}
	p.must(http.StatusOK, "GET", "/me/export", nil)
	p.must(http.StatusNoContent, "DELETE", "/me", nil)
	wrong(p.caller, "GET", "/me", nil)
	return p, errors.String()
}
