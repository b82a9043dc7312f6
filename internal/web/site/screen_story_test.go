package site_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"passerelle/internal/web/site"
)

// TestScreenStories looks at every state of every page, in both languages: its
// width at 320 px and with text at 200 %, what the browser complains of, and,
// where axe-core can be had, its rules.
func TestScreenStories(t *testing.T) {
	if os.Getenv(modeVariable) == "" {
		t.Skipf("%s is not set: no browser is driven", modeVariable)
	}
	if inBrowser.mode != byTouch {
		t.Skip("the states are looked at on a telephone")
	}
	handler, paths := site.StoryServer(t)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	s, err := (&chromium{mode: inBrowser.mode, ctx: inBrowser.ctx, patience: inBrowser.patience, axe: inBrowser.axe}).screen(t)
	if err != nil {
		t.Fatal(err)
	}
	looks := &walked{name: t.Name(), began: time.Now()}
	for _, path := range paths {
		t.Run(path, func(t *testing.T) {
			if err := s.navigate(server.URL + path); err != nil {
				t.Fatal(err)
			}
			p, err := s.read()
			if err != nil {
				t.Fatal(err)
			}
			if status, _ := s.answer(); status != http.StatusOK {
				t.Fatalf("the state is answered with %d", status)
			}
			s.seen = map[string]bool{} // each state is looked at closely
			wrong, err := s.check(p, http.StatusOK, path)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range wrong {
				t.Error(text)
			}
			looks.pages++
			looks.findings += len(wrong)
		})
	}
	looks.took = time.Since(looks.began)
	inBrowser.mu.Lock()
	defer inBrowser.mu.Unlock()
	inBrowser.walks = append(inBrowser.walks, looks)
}
