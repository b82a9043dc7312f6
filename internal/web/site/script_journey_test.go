package site_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	cdlog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"passerelle/internal/app"
)

// What the line between the script's browser and the house does.
const (
	lineWhole    = iota
	lineCut      // nothing arrives
	lineDeaf     // what is sent arrives, the answer is lost
	lineNoScript // the script's file answers 500
)

// wire is a line to a house that can be interrupted.
type wire struct {
	*house
	state atomic.Int32
}

func openWire(t testing.TB, h *house) *wire {
	t.Helper()
	to, err := url.Parse(h.base)
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{}
	proxy := httputil.NewSingleHostReverseProxy(to)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		state, post := w.state.Load(), r.Method == http.MethodPost
		switch {
		case state == lineNoScript && strings.HasSuffix(r.URL.Path, ".js"):
			http.Error(rw, "broken", http.StatusInternalServerError)
			return
		case state == lineDeaf && post:
			proxy.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		case state == lineCut && post:
			panic(http.ErrAbortHandler)
		}
		proxy.ServeHTTP(rw, r)
	}))
	t.Cleanup(server.Close)
	w.house = &house{t: h.t, base: server.URL}
	return w
}

// tabPage is a page in a real browser with scripts.
type tabPage struct {
	*wire
	ctx   context.Context
	mu    sync.Mutex
	wrong []string // what the browser complained of
}

// stepTime is how long one step may take on a busy machine.
const stepTime = time.Minute

// openTab starts a browser, or skips the test where there is none.
func openTab(t testing.TB, w *wire) *tabPage {
	t.Helper()
	found := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless-shell"} {
		if path, err := exec.LookPath(name); err == nil && found == "" {
			found = path
		}
	}
	if found == "" {
		t.Skip("no Chromium on this machine: the script is not tried in a browser")
	}
	ctx, stop := chromedp.NewExecAllocator(context.Background(), chromedp.ExecPath(found),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Headless, chromedp.NoFirstRun, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("accept-lang", "fr-FR,fr"), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	ctx, leave := chromedp.NewContext(ctx)
	p := &tabPage{wire: w, ctx: ctx}
	t.Cleanup(func() { leave(); stop() })
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(360, 900)); err != nil { // the first step starts the browser, which must outlive it
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, p.hear); err != nil {
		t.Fatal(err)
	}
	return p
}

// hear notes what goes wrong in the page: defects of the script, and what the
// content security policy forbids.
func (p *tabPage) hear(event any) {
	said := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		said = e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			said += " " + e.ExceptionDetails.Exception.Description
		}
	case *cdlog.EventEntryAdded:
		if strings.Contains(e.Entry.Text, "Content Security Policy") {
			said = e.Entry.Text
		}
	}
	if said != "" {
		p.mu.Lock()
		p.wrong = append(p.wrong, said)
		p.mu.Unlock()
	}
}

func (p *tabPage) clean(t testing.TB) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, said := range p.wrong {
		t.Error("the browser says:", said)
	}
}

func (p *tabPage) do(t testing.TB, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, stepTime)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func evaluated[T any](t testing.TB, p *tabPage, script string) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, stepTime)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return value
}

// until waits for a condition of the page.
func (p *tabPage) until(t testing.TB, condition string) {
	t.Helper()
	if _, err := chromedp.Run(p.ctx, chromedp.Poll[bool](condition, chromedp.WithPollingInterval(50*time.Millisecond), chromedp.WithPollingTimeout(stepTime))); err != nil {
		text := evaluated[string](t, p, "document.querySelector('main').innerText")
		t.Fatalf("waited for %s: %v; the page reads %.1500s", condition, err, text)
	}
}

func (p *tabPage) visit(t testing.TB, path string) {
	t.Helper()
	p.do(t, chromedp.Navigate(p.base+path), chromedp.WaitReady("main"))
}

func (p *tabPage) signIn(t testing.TB, who string) {
	t.Helper()
	p.visit(t, "/connexion")
	p.do(t, chromedp.SendKeys("input[name=login]", who+"@demo.test"), chromedp.SendKeys("input[name=password]", app.DefaultDemoPassword),
		chromedp.Submit("input[name=password]"), chromedp.WaitReady("form[action='/deconnexion']"))
}

// types puts a value into a field as somebody who types.
func (p *tabPage) types(t testing.TB, name, value string) {
	t.Helper()
	evaluated[bool](t, p, fmt.Sprintf(`(function(){var f=document.querySelector('[name="%s"]');f.value=%q;f.dispatchEvent(new Event('input',{bubbles:true}));f.dispatchEvent(new Event('change',{bubbles:true}));return true})()`, name, value))
}

// says waits until the form says those words.
func (p *tabPage) says(t testing.TB, words string) {
	t.Helper()
	p.until(t, fmt.Sprintf(`document.querySelector('form[data-live] [role=status]').textContent.indexOf(%q) >= 0`, words))
}

// hushed empties what the form says, so that the next answer can be waited for.
func (p *tabPage) hushed(t testing.TB) {
	t.Helper()
	evaluated[bool](t, p, `document.querySelector('form[data-live] [role=status]').textContent='',true`)
}

func (p *tabPage) path(t testing.TB) string { return evaluated[string](t, p, "location.pathname") }

// TestScriptJourneys tries what the script adds, in a real browser.
func TestScriptJourneys(t *testing.T) {
	if _, err := exec.LookPath("chromium"); err != nil && testing.Short() {
		t.Skip("short")
	}
	w := openWire(t, openHouse(t))
	tab := openTab(t, w)
	t.Run("a draft is kept while one types", func(t *testing.T) { draftIsKept(t, tab) })
}

// draftIsKept: the offer editor keeps what is typed over an interrupted line,
// says what the linter says, and never replaces what a colleague has written.
func draftIsKept(t *testing.T, tab *tabPage) {
	tab.signIn(t, "agency")
	tab.visit(t, "/agence/offres/nouvelle")
	tab.types(t, "title", "Soudeur du brouillon")
	tab.says(t, "Brouillon enregistré à")
	at := tab.path(t)
	if !strings.HasPrefix(at, "/agence/offres/off_") {
		t.Fatalf("the draft is at %s", at)
	}
	colleague := tab.house.signedIn("agency")
	stored := func(name string) string {
		colleague.open(at)
		return colleague.Find(`.ask [name="`+name+`"]`).AttrOr("value", "") + colleague.Find(`.ask textarea[name="`+name+`"]`).Text()
	}

	tab.state.Store(lineCut)
	tab.types(t, "description", "Écrit pendant la coupure.")
	tab.says(t, "Connexion interrompue")
	if left := evaluated[bool](t, tab, `(function(){var e=new Event('beforeunload',{cancelable:true});dispatchEvent(e);return e.defaultPrevented})()`); !left {
		t.Error("nothing warns of what is not kept")
	}
	tab.state.Store(lineWhole)
	tab.says(t, "Brouillon enregistré à")
	if got := stored("description"); got != "Écrit pendant la coupure." {
		t.Errorf("stored: %q", got)
	}
	if left := evaluated[bool](t, tab, `(function(){var e=new Event('beforeunload',{cancelable:true});dispatchEvent(e);return e.defaultPrevented})()`); left {
		t.Error("leaving is warned of although all is kept")
	}

	tab.state.Store(lineDeaf)
	tab.types(t, "city", "Ségou")
	tab.says(t, "Connexion interrompue")
	tab.types(t, "city", "Kayes")
	tab.state.Store(lineWhole)
	tab.says(t, "Brouillon enregistré à")
	if got := stored("city"); got != "Kayes" {
		t.Errorf("stored: %q", got)
	}

	tab.hushed(t)
	tab.types(t, "costs-training", "worker")
	tab.says(t, "Brouillon enregistré à")
	live := evaluated[string](t, tab, `document.getElementById('constats').innerText`)
	beside := evaluated[string](t, tab, `document.querySelector('[data-at="costs-training"]').innerText`)
	tab.visit(t, at)
	if got := evaluated[string](t, tab, `document.getElementById('constats').innerText`); got != live || !strings.Contains(got, "formation") {
		t.Errorf("live %q, after loading %q", live, got)
	}
	if got := evaluated[string](t, tab, `document.querySelector('[data-at="costs-training"]').innerText`); got != beside || got == "" {
		t.Errorf("at the field: live %q, after loading %q", beside, got)
	}

	colleague.open(at).submit("form.ask", url.Values{"region": {"Andalousie"}})
	tab.types(t, "description", "Ce que je tape encore.")
	tab.says(t, "La fiche a changé entre-temps")
	if got := stored("description"); got != "Écrit pendant la coupure." {
		t.Errorf("the colleague's version now reads %q", got)
	}
	tab.do(t, chromedp.Click("form.ask .go"), chromedp.WaitReady("#ecarts"))
	text := evaluated[string](t, tab, "document.querySelector('[aria-labelledby=ecarts]').innerText")
	if kept := evaluated[string](t, tab, "document.querySelector('[name=description]').value"); kept != "Ce que je tape encore." || !strings.Contains(text, "Andalousie") {
		t.Errorf("typed %q; differences: %s", kept, text)
	}
	tab.do(t, chromedp.Click("form.ask .go"), chromedp.WaitReady(".flash"))
	if got := stored("description"); got != "Ce que je tape encore." {
		t.Errorf("stored after the second sending: %q", got)
	}
	tab.clean(t)
}
