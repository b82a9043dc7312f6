package site_test

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// languages is what a visitor asks for.
func languages(mode string) string {
	if mode == inEnglish {
		return "en-GB,en;q=0.9"
	}
	return "fr-ML,fr;q=0.9"
}

// onScreen is a visitor at a screen.
func (h *house) onScreen() *browser {
	h.t.Helper()
	s, err := inBrowser.screen(h.life)
	if err != nil {
		h.t.Fatal(err)
	}
	return &browser{house: h, screen: s, client: &http.Client{Jar: cookies{s}, Transport: everywhere}}
}

// cookies are those of a screen, for what goes over HTTP beside it.
type cookies struct{ *screen }

// Cookies gives what the screen would send to an address.
func (c cookies) Cookies(u *url.URL) []*http.Cookie {
	held, err := chromedp.Call(c.ctx, network.GetCookies, network.GetCookiesParams{URLs: []string{u.String()}})
	if err != nil {
		return nil // the request then lacks them, and its test fails
	}
	var out []*http.Cookie
	for _, each := range held.Cookies {
		out = append(out, &http.Cookie{Name: each.Name, Value: each.Value})
	}
	return out
}

// SetCookies keeps, or forgets, on the screen what an answer says.
func (c cookies) SetCookies(u *url.URL, set []*http.Cookie) {
	for _, each := range set {
		path := each.Path
		if path == "" {
			path = "/"
		}
		if each.MaxAge < 0 {
			_, _ = chromedp.Call(c.ctx, network.DeleteCookies, network.DeleteCookiesParams{Name: each.Name, URL: u.Scheme + "://" + u.Host + path}) // a cookie left behind fails its test
			continue
		}
		kept := network.SetCookieParams{Name: each.Name, Value: each.Value, URL: u.String(), Path: path, HTTPOnly: &each.HttpOnly}
		if each.MaxAge > 0 {
			kept.Expires = cdp.TimeSinceEpoch(time.Now().Unix() + int64(each.MaxAge))
		}
		_, _ = chromedp.Call(c.ctx, network.SetCookie, kept) // a cookie that is missing fails its test
	}
}

// goTo follows the link of the page to an address, or types the address.
func (b *browser) goTo(path string) *browser {
	b.t.Helper()
	followed, err := b.screen.follow(path)
	if err == nil && !followed {
		err = b.screen.navigate(b.base + path)
	}
	if errors.Is(err, errNoPage) {
		return b.fetch(path)
	}
	if err != nil {
		b.t.Fatalf("%s: to %s: %v", b.at, path, err)
	}
	return b.look()
}

// look takes in the page that came, and what is wrong with it.
func (b *browser) look() *browser {
	b.t.Helper()
	p, err := b.screen.read()
	if err != nil {
		b.t.Fatal(err)
	}
	if b.at, err = url.Parse(p.URL); err != nil {
		b.t.Fatal(err)
	}
	b.status, b.header = b.screen.answer()
	everywhere.note(http.MethodGet, b.at.Path, b.status)
	if p.Type != "text/html" {
		b.screen.complaints() // a browser shows other things in pages of its own, of which it complains
		return b.fetch(b.at.RequestURI())
	}
	if b.Document, err = goquery.NewDocumentFromReader(strings.NewReader(p.HTML)); err != nil {
		b.t.Fatal(err)
	}
	if n := b.Find("form").Length(); n != p.Forms {
		b.t.Fatalf("%s: %d forms are read, %d are there", b.at, n, p.Forms)
	}
	wrong, err := b.screen.check(p, b.status, b.state())
	if err != nil {
		b.t.Fatalf("%s: %v", b.at, err)
	}
	for _, text := range wrong {
		b.t.Errorf("%s: %s", b.at, text)
	}
	b.walked.pages++
	b.walked.findings += len(wrong)
	return b
}

// state names what sets one state of a page apart from others.
func (b *browser) state() string {
	var out []string
	for _, part := range []string{".flash", ".flash.warn", ".summary", ".empty", ".verdict", ".diff", ".pager", ".chips", ".queue", ".sheet", "details[open]", ".mark.bad", ".mark.good"} {
		if b.Find("main "+part).Length() > 0 {
			out = append(out, part)
		}
	}
	return strings.Join(out, " ")
}

// fillAndPress fills in a form, from its top to its foot, and sends it.
func (b *browser) fillAndPress(f *goquery.Selection, typed url.Values, p *paper) *browser {
	b.t.Helper()
	form := b.Find("form").IndexOfSelection(f)
	names := make([]string, 0, len(typed))
	for name := range typed {
		if f.Find(`[name="`+name+`"]`).Length() == 0 {
			b.t.Fatalf("the form has no field %q", name)
		}
		names = append(names, name)
	}
	slices.SortFunc(names, func(x, y string) int {
		all := f.Find("[name]")
		return all.IndexOfSelection(f.Find(`[name="`+x+`"]`).First()) - all.IndexOfSelection(f.Find(`[name="`+y+`"]`).First())
	})
	for _, name := range names {
		if err := b.screen.fill(form, name, typed[name]); err != nil {
			b.t.Fatalf("%s: field %s: %v", b.at, name, err)
		}
	}
	if p != nil {
		if err := b.screen.attach(form, f.Find("input[type=file]").AttrOr("name", ""), p); err != nil {
			b.t.Fatalf("%s: file %s: %v", b.at, p.name, err)
		}
	}
	name, value := "", ""
	if button := f.Find("button[name]").First(); button.Length() == 1 && typed.Has(button.AttrOr("name", "")) {
		name = button.AttrOr("name", "")
		value = typed.Get(name)
	}
	from := b.at
	err := b.screen.press(form, name, value)
	if errors.Is(err, errNoPage) {
		if b.status, b.header = b.screen.answered(b.screen.file); strings.HasPrefix(b.header.Get("Content-Disposition"), "attachment") {
			return b // a file came; the page stays
		}
	}
	if err != nil {
		b.t.Fatalf("%s: %v", b.at, err)
	}
	b.look()
	if to, err := from.Parse(f.AttrOr("action", "")); err == nil {
		everywhere.note(strings.ToUpper(f.AttrOr("method", http.MethodGet)), to.Path, b.status)
	}
	return b
}

// sendAgain posts values that were not typed on the page that is open.
func (b *browser) sendAgain(path string, values url.Values) *browser {
	b.t.Helper()
	if b.screen.loader == "" {
		b.goTo("/")
	}
	if err := b.screen.send(path, values); err != nil {
		b.t.Fatalf("%s: %v", path, err)
	}
	b.look()
	everywhere.note(http.MethodPost, path, b.status)
	return b
}
