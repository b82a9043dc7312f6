package site

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"passerelle/internal/domain/ref"
)

// StoryServer serves every state of every page, made from literals, with the
// site's own style and script, and gives their addresses. A state that comes
// several times on a page is numbered.
func StoryServer(t testing.TB) (http.Handler, []string) {
	t.Helper()
	s, pages := bareSite(t), map[string][]byte{}
	for _, loc := range ref.Locales() {
		v, _ := bareVisit(s, http.MethodGet, "/offres?q=a", loc)
		for _, st := range stories(v) {
			other := ref.English
			if loc == other {
				other = ref.French
			}
			f := frame{Locale: loc, Other: other, Switch: "/?lang=" + string(other), SignedIn: st.role != "", Menu: menuFor(st.role, "/offres"), Flash: "flash.applied", Demo: true, CSRF: "x"}
			body, err := s.views.render(loc, st.name, screen{Frame: f, Page: st.page})
			if err != nil {
				t.Fatal(err)
			}
			at := "/" + string(loc) + "/" + st.name + "/" + url.PathEscape(st.state)
			for n, name := 2, at; pages[at] != nil; n++ {
				at = fmt.Sprintf("%s-%d", name, n)
			}
			pages[at] = body
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := pages[r.URL.EscapedPath()]
		if file, ok := s.assets.files[strings.TrimPrefix(r.URL.Path, assetPrefix)]; ok {
			w.Header().Set("Content-Type", file.media)
			body = file.data
		} else if body == nil {
			http.NotFound(w, r)
			return
		} else {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
		}
		_, _ = w.Write(body) // the browser says when it lacks
	}), slices.Sorted(maps.Keys(pages))
}
