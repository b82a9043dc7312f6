package site_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

// brief is enough to see that a page of this machine does not come.
const brief = 5 * time.Second

// faulty is a page with one thing wrong, and what is said of it.
type faulty struct {
	name, body, said string
	scripts          bool
}

const sound = `<h1>Page</h1><form action="/sent"><p><label for="a">Nom</label> <input id="a" name="a" style="height:44px"></p><button style="height:44px">Envoyer</button></form>`

func with(old, next string) string { return strings.Replace(sound, old, next, 1) }

// TestScreenFindsFaults: the checks of the browser pass a sound page and can
// fail, each of them.
func TestScreenFindsFaults(t *testing.T) {
	if os.Getenv(modeVariable) == "" {
		t.Skipf("%s is not set: no browser is driven", modeVariable)
	}
	pages := append(faultyPages(), faultyByTouch()...)
	switch inBrowser.mode {
	case byKeys:
		pages = append(faultyPages(), faultyByKeys()...)
	case inEnglish:
		pages[2].body = sound + `<p style="width:640px">x</p>` // zoomed
	}
	for _, page := range pages {
		t.Run(page.name, func(t *testing.T) {
			said := judged(t, page)
			if page.said == "" && said != "" || !strings.Contains(said, page.said) {
				t.Errorf("said %q, want %q", said, page.said)
			}
		})
	}
}

func faultyPages() []faulty {
	return []faulty{
		{name: "sound", body: sound},
		{name: "wide", body: sound + `<p style="width:1400px;background:red">x</p>`, said: "px wide in"},
		{name: "wide with large text", body: sound + `<p style="width:15em;font-size:1.2rem">x</p>`, said: "200 % text"},
		{name: "wide at 320", body: sound + `<p style="width:330px">x</p>`, said: "320 px"},
		{name: "two headings", body: sound + `<h1>Encore</h1>`, said: "2 headings"},
		{name: "broken picture", body: sound + `<img src="/absent" alt="">`, said: "404"},
		{name: "against the policy", body: sound + `<img src="http://127.0.0.2:1/x" alt="">`, said: "Content Security Policy"},
		{name: "error in the console", body: sound + `<script>console.error('x')</script>`, said: "console", scripts: true},
		{name: "failing script", body: sound + `<script>nothing()</script>`, said: "a script failed", scripts: true},
		{name: "leads nowhere", body: with(`action="/sent"`, `action="/nothing"`), said: "no page came"},
		{name: "held back", body: with(`<button`, `<input required aria-label="Autre"><button`), said: "stays as it is"},
		{name: "no such field", body: with(`id="a" name="a"`, `id="b" name="b"`), said: "no field"},
	}
}

func faultyByTouch() []faulty {
	return []faulty{
		{name: "covered button", body: sound + `<div style="position:fixed;inset:0;background:#fff">Bonjour</div>`, said: "covered by"},
		{name: "small button", body: with(`<button style="height:44px">`, `<button style="height:20px;padding:0">`), said: "× 20 px"},
		{name: "hidden field", body: with(`<input id="a"`, `<input hidden id="a"`), said: "not visible"},
		{name: "dead field", body: with(`<input id="a"`, `<input disabled id="a"`), said: "does not get the focus"},
	}
}

func faultyByKeys() []faulty {
	return []faulty{
		{name: "field out of reach", body: with(`<input id="a"`, `<input tabindex="-1" id="a"`), said: "out of reach"},
		{name: "button out of reach", body: with(`<button`, `<button tabindex="-1"`), said: "out of reach"},
		{name: "focus not shown", body: with(`<input id="a" name="a" style="`, `<input id="a" name="a" style="outline:none;`), said: "focus is not visible"},
		{name: "focus under something", body: with(`<button style="`, `<button style="position:relative;z-index:-1;`) + `<div style="position:fixed;inset:0;background:#fff">Bonjour</div>`, said: "under"},
		{name: "trap", body: with(`<input id="a"`, `<input onkeydown="if(event.key==='Tab')event.preventDefault()" id="a"`), said: "out of reach", scripts: true},
	}
}

// judged fills in and sends the page's form, and gives the first complaint.
func judged(t *testing.T, page faulty) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "img-src 'self'")
		switch r.URL.Path {
		case "/absent":
			w.WriteHeader(http.StatusNotFound)
		case "/nothing":
			w.WriteHeader(http.StatusNoContent)
		default:
			_, _ = fmt.Fprintf(w, `<!doctype html><html lang="fr"><meta name="viewport" content="width=device-width"><link rel="icon" href="/icon"><title>%s</title><body style="margin:8px">%s`, page.name, page.body) // the browser says when it lacks
		}
	}))
	t.Cleanup(server.Close)
	s, err := (&chromium{mode: inBrowser.mode, ctx: inBrowser.ctx, dir: inBrowser.dir, seen: map[string]bool{}, patience: brief}).screen(t)
	if err == nil && page.scripts {
		err = s.scripts(true)
	}
	if err == nil {
		err = s.navigate(server.URL + "/")
	}
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.read()
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := s.check(p, http.StatusOK, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(wrong) > 0 {
		return strings.Join(wrong, "\n")
	}
	if err = s.fill(0, "a", []string{"Awa"}); err == nil {
		err = s.press(0, "", "")
	}
	if err != nil {
		return err.Error()
	}
	if address, err := ask[string](s, "location.search"); err != nil || address != "?a=Awa" {
		t.Fatalf("sent %q %v", address, err)
	}
	return ""
}

// TestScreenKnowsModes: a mode that there is not stops the run.
func TestScreenKnowsModes(t *testing.T) {
	if runIn("bicycle", func() int { return 0 }) == 0 {
		t.Error("an unknown mode runs")
	}
	if kindOf("http://127.0.0.1:1/offres/OFF-2026-ABCDEF?x=1#y") != "/offres/:id" || kindOf("http://127.0.0.1:1/couloirs/ML-FR") != "/couloirs/:id" || kindOf("http://127.0.0.1:1/") != "/" {
		t.Error("pages of one kind are not one")
	}
}
