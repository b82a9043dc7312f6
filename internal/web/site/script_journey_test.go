package site_test

import (
	"context"
	"fmt"
	"io"
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

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/cdproto/cdp"
	cdlog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
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
	if inBrowser != nil {
		t.Skip("this test has a browser of its own, and runs with those over HTTP")
	}
	w := openWire(t, openHouse(t))
	tab := openTab(t, w)
	t.Run("a draft is kept while one types", func(t *testing.T) { draftIsKept(t, tab) })
	t.Run("a contract is compared while one types", func(t *testing.T) { contractIsCompared(t, tab) })
	t.Run("a step of the profile is kept", func(t *testing.T) { stepIsKept(t, tab) })
	t.Run("an entry of a list is kept apart", func(t *testing.T) { entryIsKept(t, tab) })
	t.Run("the queue is worked by keys and in batches", func(t *testing.T) { queueByKeys(t, tab) })
	t.Run("words and offers are suggested and counted", func(t *testing.T) { suggested(t, tab) })
	t.Run("the pages work when the script is broken", func(t *testing.T) { withoutScript(t, tab) })
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
	tab.do(t, chromedp.Click("form.ask .go"), chromedp.WaitReady("p.flash[role=status]"))
	if got := stored("description"); got != "Ce que je tape encore." {
		t.Errorf("stored after the second sending: %q", got)
	}
	tab.clean(t)
}

// leave signs out, so that the next one can sign in.
func (p *tabPage) leave(t testing.TB) {
	t.Helper()
	p.visit(t, "/mon-compte")
	p.do(t, chromedp.Submit("form[action='/deconnexion'] button"), chromedp.WaitReady("a[href='/connexion']"))
}

// contractIsCompared: what is said while one types is what is said of the
// contract once it is kept.
func contractIsCompared(t *testing.T, tab *tabPage) {
	agent, form := tab.signedIn("agency"), ""
	for _, file := range hrefs(agent.open("/agence/departs"), ".list th a") {
		if at, ok := agent.open(file).Find(`main a[href$="/contrat"], main a[href$="/transfert"]`).First().Attr("href"); ok {
			form = at
			break
		}
	}
	if form == "" {
		t.Fatal("no file of the demonstration awaits a contract")
	}
	file := form[:strings.LastIndexByte(form, '/')]
	contracts := len(hrefs(agent.open(file), `a[href*="/contrats/"]`))
	tab.visit(t, form)
	tab.types(t, "pay-amount", "1")
	tab.types(t, "language", "fr")
	tab.says(t, "moins bon")
	live := evaluated[string](t, tab, `document.querySelector('#comparaison tbody').innerText`)
	if beside := evaluated[string](t, tab, `document.querySelector('[data-at="pay-amount"]').innerText`); !strings.Contains(beside, "offre publiée") {
		t.Errorf("at the field: %q", beside)
	}
	if now := len(hrefs(agent.open(file), `a[href*="/contrats/"]`)); now != contracts {
		t.Errorf("comparing kept something: %d contracts instead of %d", now, contracts)
	}
	tab.do(t, chromedp.Click("form.ask .go"), chromedp.WaitReady("p.flash[role=status]"))
	kept := hrefs(agent.open(file), `a[href*="/contrats/"]`)
	if len(kept) == 0 {
		t.Fatalf("no contract was kept: %s", evaluated[string](t, tab, "document.querySelector('main').innerText"))
	}
	highest := ""
	for _, at := range kept {
		if len(at) > len(highest) || len(at) == len(highest) && at > highest {
			highest = at
		}
	}
	tab.visit(t, highest)
	if got := evaluated[string](t, tab, `document.querySelector('.diff tbody').innerText`); got != live {
		t.Errorf("while typing:\n%s\nkept:\n%s", live, got)
	}
	tab.leave(t)
	tab.clean(t)
}

// stepIsKept: a step of the profile is kept without a button, and a wrong
// answer is told at its field in the words of the form.
func stepIsKept(t *testing.T, tab *tabPage) {
	tab.signIn(t, "candidate")
	tab.visit(t, "/mon-profil/presentation")
	tab.types(t, "summary", "Je soude depuis dix ans.")
	tab.says(t, "Brouillon enregistré à")
	person := tab.signedIn("candidate")
	if got := person.open("/mon-profil/presentation").Find("#summary").Text(); got != "Je soude depuis dix ans." {
		t.Errorf("stored: %q", got)
	}
	tab.visit(t, "/mon-profil/identite")
	tab.types(t, "identity-birthDate", "hier")
	tab.says(t, "pas encore enregistré")
	live := evaluated[string](t, tab, `document.getElementById('identity-birthDate-erreur').textContent`)
	person.open("/mon-profil/identite").submit("form.ask", url.Values{"identity-birthDate": {"hier"}})
	if got := person.Find("#identity-birthDate-erreur").Text(); got != live {
		t.Errorf("live %q, after sending %q", live, got)
	}
	if focus := evaluated[string](t, tab, "document.activeElement.tagName"); focus != "BODY" {
		t.Errorf("the focus went to %s", focus)
	}
	tab.types(t, "identity-birthDate", "")
	tab.says(t, "Brouillon enregistré à")
	tab.visit(t, "/mon-profil/metiers")
	tab.types(t, "q", "soud")
	tab.until(t, `document.querySelectorAll('datalist option').length > 0`)
	tab.leave(t)
	tab.clean(t)
}

func (p *tabPage) press(t testing.TB, key string) {
	t.Helper()
	p.do(t, chromedp.KeyEvent(key))
}

// queueByKeys: keys move and lead on, decide nothing, and are silent in fields
// and when they are switched off; a batch is confirmed, and each thing answered.
func queueByKeys(t *testing.T, tab *tabPage) {
	tab.signIn(t, "official")
	tab.visit(t, "/travail?genre=offers")
	current := func() string {
		return evaluated[string](t, tab, `document.activeElement.getAttribute('href') || document.activeElement.tagName`)
	}
	first := evaluated[string](t, tab, `document.querySelector('.queue tbody th a').getAttribute('href')`)
	tab.press(t, "j")
	if got := current(); got != first {
		t.Errorf("j leads to %s", got)
	}
	tab.press(t, "?")
	if !evaluated[bool](t, tab, `document.getElementById('raccourcis').open`) {
		t.Error("? shows no help")
	}
	tab.press(t, "j")
	tab.press(t, "a")
	tab.do(t, chromedp.WaitReady("form.ask input[name=acte]"))
	offers := tab.signedIn("official2")
	if state := offers.open(first).text("h1 + p .mark"); !strings.Contains(strings.ToLower(state), "soumis") {
		t.Errorf("a key decided: the offer is %s", state)
	}
	tab.visit(t, "/travail?genre=offers")
	evaluated[bool](t, tab, `(function(){var i=document.createElement('input');i.id='essai';document.querySelector('main').appendChild(i);i.focus();return true})()`)
	for _, key := range []string{"j", "a", "r", "?"} {
		tab.press(t, key)
	}
	if got := current(); got != "INPUT" || tab.path(t) != "/travail" || evaluated[bool](t, tab, `document.getElementById('raccourcis').open`) {
		t.Errorf("keys typed in a field went to %s at %s", got, tab.path(t))
	}
	tab.visit(t, "/travail")
	evaluated[bool](t, tab, `document.getElementById('raccourcis').open=true`)
	tab.do(t, chromedp.Click("form[action='/travail/touches'] button"), chromedp.WaitReady("p.flash[role=status]"))
	tab.press(t, "j")
	if got := current(); got != "BODY" {
		t.Errorf("switched off, j leads to %s", got)
	}
	batchIsConfirmed(t, offers)
	tab.leave(t)
	tab.clean(t)
}

// batchIsConfirmed works a batch as a browser without scripts does.
func batchIsConfirmed(t *testing.T, b *browser) {
	t.Helper()
	b.open("/travail?genre=offers")
	var picks []string
	b.Find(".queue input[name=piece]").Each(func(i int, e *goquery.Selection) {
		if i < 2 {
			picks = append(picks, e.AttrOr("value", ""))
		}
	})
	if len(picks) == 0 || b.Find(`form#lot button[value="signer"]`).Length() != 1 {
		t.Fatal("nothing can be picked")
	}
	asked := url.Values{"acte": {"signer"}, "piece": append(picks, "offre.off_absente")}
	b.open("/travail/lot?"+asked.Encode()).sees(200, "tbody tr:first-child", "Prévu").sees(200, "tbody tr:last-child", "introuvable")
	form := fields(b.Find("main form.ask"))
	if len(form["piece"]) != len(picks) {
		t.Fatalf("the form sends %v", form["piece"])
	}
	b.post("/travail/lot", form).sees(200, "h1", "Réponse pour chaque").sees(200, "tbody tr:first-child", "Fait")
	b.post("/travail/lot", form).sees(200, "tbody tr:first-child", "Fait")
	b.open("/travail/lot?"+url.Values{"acte": {"retourner"}, "piece": picks[:1]}.Encode()).submit("main form.ask", nil).sees(422, ".summary", "Motif")
	b.submit("main form.ask", url.Values{"reason": {b.Find("#reason option[value!='']").First().AttrOr("value", "")}}).sees(200, "tbody tr:first-child", "Fait")
	b.open("/travail/lot/reponses?cle=inconnue").sees(200, "h1", "À traiter")
}

// suggested: the search and its filters tell what there is.
func suggested(t *testing.T, tab *tabPage) {
	tab.visit(t, "/")
	tab.types(t, "q", "soud")
	tab.until(t, `document.querySelectorAll('datalist option').length > 0`)
	tab.visit(t, "/offres")
	tab.types(t, "depuis", "30")
	tab.until(t, `/^Voir .* offres?$/.test(document.querySelector('[data-counted]').textContent)`)
	v := tab.visitor()
	for _, path := range []string{"/suggestions/offres?q=ma", "/suggestions/metiers?q=ma", "/suggestions/competences?q=so", "/suggestions/permis?q=permis"} {
		res, err := v.client.Get(tab.base + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err != nil || res.Body.Close() != nil || res.StatusCode != 200 || len(body) < 10 || len(body) > 1000 {
			t.Errorf("%s: %d, %d bytes, %v", path, res.StatusCode, len(body), err)
		}
	}
	v.open("/suggestions/secrets?q=a").sees(404, "h1", "Introuvable")
	tab.clean(t)
}

// withoutScript: a script that does not come takes nothing away.
func withoutScript(t *testing.T, tab *tabPage) {
	tab.state.Store(lineNoScript)
	defer tab.state.Store(lineWhole)
	tab.do(t, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.ClearBrowserCache, cdp.Empty{})
		return err
	}))
	tab.signIn(t, "agency")
	tab.visit(t, "/agence/offres/nouvelle")
	tab.types(t, "title", "Sans le script")
	tab.do(t, chromedp.Click("form.ask .go"), chromedp.WaitReady("p.flash[role=status]"))
	if !strings.HasPrefix(tab.path(t), "/agence/offres/off_") {
		t.Errorf("the draft is at %s", tab.path(t))
	}
	if evaluated[string](t, tab, `document.querySelector('form[data-live] [role=status]').textContent`) != "" {
		t.Error("the script ran although it was broken")
	}
}
