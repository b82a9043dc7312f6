package site_test

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// readFeed is what a feed reader takes from RFC 4287.
type readFeed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Entries []struct {
		ID        string `xml:"id"`
		Title     string `xml:"title"`
		Published string `xml:"published"`
		Updated   string `xml:"updated"`
		Author    string `xml:"author>name"`
		Summary   string `xml:"summary"`
		Link      struct {
			Href string `xml:"href,attr"`
		} `xml:"link"`
	} `xml:"entry"`
}

// fetch asks as a feed reader does: without cookies.
func (h *house) fetch(path, tag string) (*http.Response, []byte) {
	h.t.Helper()
	r, err := http.NewRequest(http.MethodGet, h.base+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("If-None-Match", tag)
	got, err := (&http.Client{Transport: everywhere}).Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	body, err := io.ReadAll(got.Body)
	if closed := got.Body.Close(); err != nil || closed != nil {
		h.t.Fatal(err, closed)
	}
	return got, body
}

func followsByFeed(t *testing.T, h *house) {
	b := h.visitor().open("/offres?pays=ES&pays=FR&tri=-salary")
	path := b.Find(`link[type="application/atom+xml"]`).AttrOr("href", "")
	got, body := h.fetch(path, "")
	var feed readFeed
	if err := xml.Unmarshal(body, &feed); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if got.Header.Get("Content-Type") != "application/atom+xml; charset=utf-8" || got.Header.Get("Cache-Control") != "no-cache" || got.Header.Get("ETag") == "" {
		t.Errorf("headers: %v", got.Header)
	}
	if n := len(feed.Entries); n == 0 || n > 50 || feed.Title == "" || !strings.HasSuffix(feed.ID, "/offres.atom?pays=ES&pays=FR") {
		t.Fatalf("%d entries of %q", n, feed.ID)
	}
	var days []string
	for _, e := range feed.Entries {
		days = append(days, e.Published)
	}
	if !slices.IsSortedFunc(days, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Error("not newest first")
	}
	for _, e := range feed.Entries {
		at, err := url.Parse(e.ID)
		_, when := time.Parse(time.RFC3339, e.Updated)
		if err != nil || when != nil || at.Scheme == "" || e.Link.Href != e.ID || e.Title == "" || e.Author == "" || e.Updated > feed.Updated {
			t.Errorf("%+v: %v %v", e, err, when)
		}
		if !strings.Contains(e.Summary, "Espagne") && !strings.Contains(e.Summary, "France") {
			t.Errorf("another country: %s", e.Summary)
		}
	}
	if again, _ := h.fetch(path, got.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("asked again: %d", again.StatusCode)
	}
	if whole, all := h.fetch("/offres.atom", ""); whole.StatusCode != 200 || strings.Count(string(all), "<entry>") != 50 {
		t.Errorf("without filters: %d, %d entries", whole.StatusCode, strings.Count(string(all), "<entry>"))
	}
	for _, bad := range []string{"pays=XQ", "metier=99999", "forme=x", "parle=q", "depuis=2", "salaire=beaucoup"} {
		if got, body := h.fetch("/offres.atom?"+bad, ""); got.StatusCode != 400 || !strings.Contains(string(body), "paramètres de l’adresse") {
			t.Errorf("%s: %d %.400s", bad, got.StatusCode, body)
		}
	}
}
