package site_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"passerelle/internal/web/site"
)

// storyTabs is how many tabs share the states of the pages: while one of them
// lays out, the other is asked.
const storyTabs = 2

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
	looks := &storyLooks{walked: walked{name: t.Name(), began: time.Now()}}
	t.Run("tabs", func(t *testing.T) {
		for tab := range storyTabs {
			t.Run(fmt.Sprint(tab+1), func(t *testing.T) {
				t.Parallel()
				looks.tab(t, server.URL, everyNth(paths, tab, storyTabs))
			})
		}
	})
	looks.took = time.Since(looks.began)
	inBrowser.mu.Lock()
	defer inBrowser.mu.Unlock()
	inBrowser.walks = append(inBrowser.walks, &looks.walked)
}

// everyNth gives each nth text, from the given one on.
func everyNth(texts []string, first, n int) (out []string) {
	for i := first; i < len(texts); i += n {
		out = append(out, texts[i])
	}
	return out
}

// TestScreenSharesStories: no state falls between the tabs, and none is looked
// at twice.
func TestScreenSharesStories(t *testing.T) {
	for n := range 6 {
		all := []string{"a", "b", "c", "d", "e"}[:n]
		var shared []string
		for tab := range storyTabs {
			shared = append(shared, everyNth(all, tab, storyTabs)...)
		}
		if slices.Sort(shared); !slices.Equal(shared, all) {
			t.Errorf("of %q the tabs look at %q", all, shared)
		}
	}
}

// storyLooks counts what all tabs have looked at.
type storyLooks struct {
	mu sync.Mutex
	walked
}

// tab looks at these states, one after the other, in a tab of its own.
func (l *storyLooks) tab(t *testing.T, base string, paths []string) {
	s, err := (&chromium{mode: inBrowser.mode, ctx: inBrowser.ctx, patience: inBrowser.patience, axe: inBrowser.axe}).screen(t)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		t.Run(path, func(t *testing.T) {
			wrong := s.story(t, base, path)
			for _, text := range wrong {
				t.Error(text)
			}
			l.mu.Lock()
			defer l.mu.Unlock()
			l.pages++
			l.findings += len(wrong)
		})
	}
}

// story looks closely at one state, and gives what is wrong with it.
func (s *screen) story(t *testing.T, base, path string) []string {
	if err := s.navigate(base + path); err != nil {
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
	return wrong
}
