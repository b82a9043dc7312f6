package site_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"passerelle/internal/app"
)

// house is a running demonstration, and the journey that is walked through it.
type house struct {
	t       testing.TB
	life    testing.TB // screens are closed at its end
	base    string
	english bool    // visitors ask for English
	walked  *walked // nil over HTTP
}

// in gives the house to a subtest, which is a journey of its own.
func (h *house) in(t testing.TB) *house {
	next := &house{t: t, life: t, base: h.base, english: h.english}
	if os.Getenv(modeVariable) != "" { // read here as well, so that kept results of go test are of this mode
		c := inBrowser
		next.walked = &walked{name: t.Name(), began: time.Now()}
		c.mu.Lock()
		c.walks = append(c.walks, next.walked)
		c.mu.Unlock()
		t.Cleanup(func() { next.walked.took = time.Since(next.walked.began) })
	}
	return next
}

// sampleTime is when the demonstrations of these tests begin: how far the files
// of the sample have come depends on the day and the hour.
func sampleTime() time.Time { return time.Date(2026, time.November, 23, 9, 30, 0, 0, time.UTC) }

// openHouse starts a demonstration of its own on a free port.
func openHouse(t *testing.T) *house {
	t.Helper()
	return openApp(t, true).house
}

// browser is one visitor: cookies, and the page before the eyes. Over HTTP it
// does what a browser without scripts does; on a screen the real one does it.
type browser struct {
	*house
	screen *screen // nil over HTTP
	client *http.Client
	at     *url.URL // address of the page
	status int
	header http.Header
	*goquery.Document
}

func (h *house) visitor() *browser {
	h.t.Helper()
	if inBrowser != nil {
		return h.onScreen()
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &browser{house: h, client: &http.Client{Jar: jar, Transport: everywhere}}
}

// signedIn is a visitor who signed in through the form.
func (h *house) signedIn(who string) *browser {
	b := h.visitor()
	b.open("/connexion")
	b.submit("main form", url.Values{"login": {who + "@demo.test"}, "password": {app.DefaultDemoPassword}})
	if b.status != http.StatusOK || b.Find(".flash").Length() != 1 {
		h.t.Fatalf("%s cannot sign in: %d %s", who, b.status, b.text("main"))
	}
	return b
}

func (b *browser) open(path string) *browser {
	b.t.Helper()
	if b.screen != nil {
		return b.goTo(path)
	}
	return b.fetch(path)
}

// fetch gets an address over HTTP, with the cookies of the browser.
func (b *browser) fetch(path string) *browser {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(r)
	return b
}

func (b *browser) do(r *http.Request) {
	b.t.Helper()
	mode := ""
	if b.english {
		mode = inEnglish
	}
	r.Header.Set("Accept-Language", languages(mode))
	res, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		b.t.Fatal(err)
	}
	b.at, b.status, b.header = res.Request.URL, res.StatusCode, res.Header
	if b.Document, err = goquery.NewDocumentFromReader(strings.NewReader(string(body))); err != nil {
		b.t.Fatal(err)
	}
}

// submit fills the form and sends it as a browser without scripts does.
func (b *browser) submit(form string, typed url.Values) *browser {
	b.t.Helper()
	f := b.Find(form).First()
	if f.Length() == 0 {
		b.t.Fatalf("%s has no form %q", b.at, form)
	}
	if b.screen != nil {
		return b.fillAndPress(f, typed, nil)
	}
	values := fields(f)
	for name, value := range typed {
		if f.Find(`[name="`+name+`"]`).Length() == 0 {
			b.t.Fatalf("the form has no field %q", name)
		}
		values[name] = value
	}
	to, err := b.at.Parse(f.AttrOr("action", ""))
	if err != nil {
		b.t.Fatal(err)
	}
	if strings.EqualFold(f.AttrOr("method", "get"), "get") {
		return b.open(to.Path + "?" + values.Encode())
	}
	return b.post(to.Path, values)
}

// post sends a form.
func (b *browser) post(path string, values url.Values) *browser {
	b.t.Helper()
	if b.screen != nil {
		return b.sendAgain(path, values)
	}
	r, err := http.NewRequest(http.MethodPost, b.base+path, strings.NewReader(values.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", b.base)
	b.do(r)
	return b
}

// fields gives what a form would send as it stands.
func fields(f *goquery.Selection) url.Values {
	values := url.Values{}
	f.Find("input[name]").Each(func(_ int, e *goquery.Selection) {
		_, checked := e.Attr("checked")
		switch kind := e.AttrOr("type", "text"); {
		case kind != "radio" && kind != "checkbox", checked:
			values.Add(e.AttrOr("name", ""), e.AttrOr("value", ""))
		}
	})
	f.Find("textarea[name]").Each(func(_ int, e *goquery.Selection) { values.Set(e.AttrOr("name", ""), e.Text()) })
	f.Find("select[name]").Each(func(_ int, e *goquery.Selection) {
		chosen := e.Find("option[selected]")
		if chosen.Length() == 0 {
			chosen = e.Find("option").First()
		}
		values.Add(e.AttrOr("name", ""), chosen.AttrOr("value", ""))
	})
	return values
}

// text gives what is read at a place, in one line.
func (b *browser) text(selector string) string {
	return strings.Join(strings.Fields(b.Find(selector).Text()), " ")
}

// sees fails unless the page has that status and the place holds the words.
func (b *browser) sees(status int, selector, words string) *browser {
	b.t.Helper()
	if b.status != status || !strings.Contains(b.text(selector), words) {
		b.t.Fatalf("%s: %d, %s reads %q; want %d and %q", b.at, b.status, selector, b.text(selector), status, words)
	}
	return b
}

// link gives the address of the first link at a place.
func (b *browser) link(selector string) string {
	b.t.Helper()
	href, ok := b.Find(selector).First().Attr("href")
	if !ok {
		b.t.Fatalf("%s has no link %q", b.at, selector)
	}
	return href
}

// fetchPost sends a form over HTTP beside the page that is open: its answer is
// a file.
func (b *browser) fetchPost(path string, values url.Values) {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.base+path, strings.NewReader(values.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", b.base)
	res, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") {
		b.t.Errorf("%s: %d %v, no file", path, res.StatusCode, err)
	}
}
