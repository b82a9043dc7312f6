package app

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// pageForm is a form as a browser would send it.
type pageForm struct {
	method, action string
	fields         url.Values
}

// browser is somebody who looks at pages.
type browser struct {
	*storm
	who, token string // token as the access cookie carries it
}

func (b *browser) open(path string) *goquery.Document {
	b.t.Helper()
	r, _, err := b.send(b.token, attack{method: "GET", path: path})
	if err != nil {
		b.t.Fatal(err)
	}
	page, err := goquery.NewDocumentFromReader(bytes.NewReader(r.body))
	if err != nil {
		b.t.Fatal(err)
	}
	return page
}

// crawl follows links from the home page and gathers every address and every
// form it comes by; addresses that differ by an id only count once.
func (b *browser) crawl() (paths []string, forms []pageForm) {
	seen, queue := map[string]bool{}, []string{"/", "/connexion", "/inscription", "/travail", "/agence/offres", "/agence/offres/nouvelle", "/mes-offres", "/mes-candidatures", "/mot-de-passe"}
	known := map[string]bool{}
	for len(queue) > 0 && len(paths) < 60 {
		path := queue[0]
		queue = queue[1:]
		if seen[shapeOf(path)] {
			continue
		}
		seen[shapeOf(path)] = true
		paths = append(paths, path)
		page := b.open(path)
		page.Find("a[href]").Each(func(_ int, link *goquery.Selection) {
			if to, _ := link.Attr("href"); strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") && !strings.HasPrefix(to, "/api") && !strings.HasPrefix(to, "/static") {
				queue = append(queue, to)
			}
		})
		page.Find("form").Each(func(_ int, f *goquery.Selection) {
			if form := formOf(f, path); !known[form.method+" "+shapeOf(form.action)] {
				known[form.method+" "+shapeOf(form.action)] = true
				forms = append(forms, form)
			}
		})
	}
	return paths, forms
}

// shapeOf writes an address without its ids and its query.
func shapeOf(path string) string {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if strings.Contains(part, "_") || strings.ContainsAny(part, "0123456789") {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/")
}

func formOf(f *goquery.Selection, path string) pageForm {
	form := pageForm{method: strings.ToUpper(f.AttrOr("method", "GET")), action: f.AttrOr("action", path), fields: url.Values{}}
	f.Find("[name]").Each(func(_ int, field *goquery.Selection) {
		name := field.AttrOr("name", "")
		value := field.AttrOr("value", "")
		if goquery.NodeName(field) == "select" {
			value = field.Find("option[selected]").AttrOr("value", "")
		}
		form.fields.Set(name, value)
	})
	return form
}

// attacks sends every field of the form hostile texts, with the token the
// page came with: every fourth one for each field, and fewer of them when
// the form has been met before. Together the fields meet them all.
func (f pageForm) attacks(thorough bool) []attack {
	var out []attack
	send := func(what string, fields url.Values) {
		a := attack{what: what, method: f.method, path: f.action}
		if f.method == "GET" {
			path, _, _ := strings.Cut(f.action, "?")
			a.path = path + "?" + fields.Encode()
			a.heavy = len(a.path) > 32<<10 // the server hangs up on such headers
		} else {
			a.kind, a.content, a.headers = "application/x-www-form-urlencoded", []byte(fields.Encode()), []string{"Sec-Fetch-Site", "same-origin"}
		}
		out = append(out, a)
	}
	for name := range f.fields {
		for i, text := range append(hostileTexts(), `"><script>`+marker+`</script>`, strings.Repeat(marker, 5000)) {
			if i%4 != len(name)%4 || !thorough && i%16 != len(name)%16 {
				continue
			}
			fields := url.Values{}
			for other, values := range f.fields {
				fields[other] = slices.Clone(values)
			}
			fields.Set(name, text)
			send(fmt.Sprintf("%s = %.40q", name, text), fields)
		}
	}
	many := url.Values{}
	for i := range 1000 {
		many.Set(fmt.Sprintf("f%d", i), marker)
	}
	send("a thousand fields", many)
	send("an operator", url.Values{"jeton": f.fields["jeton"], "login[$ne]": {marker}})
	return out
}

// pageAttacks are the attacks on the address of a page.
func pageAttacks(path string) []attack {
	path, _, _ = strings.Cut(path, "?")
	var out []attack
	for _, name := range []string{"q", "country", "suite", "page", "etat", "inconnu", "occupation", "sort"} {
		for i, text := range hostileTexts() {
			if i%6 == (len(name)+len(path))%6 {
				out = append(out, attack{what: name, method: "GET", path: path + "?" + name + "=" + url.QueryEscape(text)})
			}
		}
	}
	for _, tail := range []string{"/" + marker, "%00", "/../..", "//", "?" + strings.Repeat("a=1&", 1000), "?q[$ne]=1", "?%zz", "/%3Cscript%3E" + marker} {
		out = append(out, attack{what: tail[:min(len(tail), 20)], method: "GET", path: path + tail})
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", marker} {
		out = append(out, attack{what: method, method: method, path: path, kind: "application/x-www-form-urlencoded", content: []byte("jeton=" + marker)})
	}
	return out
}

// TestHostilePages does to the pages what a browser can be made to do: every
// page and every form a visitor of each role comes by.
//
// covers IN-05, WB-03, AZ-11
func TestHostilePages(t *testing.T) {
	stage := newStage(t, openHouse(t))
	stage.victims()
	s := newStorm(t, stage.house)
	forms, pages, known := 0, 0, map[string]bool{}
	for _, name := range []string{"", "candidate", "agency", "official", "admin", "observer"} {
		b := &browser{storm: s, who: name}
		if name != "" {
			b.token = "cookie " + stage.by("").login(name+"@demo.test", stage.DemoPassword()).token
		}
		paths, found := b.crawl()
		var all, last []attack
		for _, path := range paths {
			if !known[shapeOf(path)] {
				known[shapeOf(path)] = true
				all = append(all, pageAttacks(path)...)
			}
		}
		for _, f := range found {
			thorough := !known["form "+shapeOf(f.action)]
			known["form "+shapeOf(f.action)] = true
			if strings.Contains(f.action, "deconnexion") {
				last = f.attacks(thorough)
				continue
			}
			all = append(all, f.attacks(thorough)...)
		}
		s.strike(b.token, name, all)
		s.strike(b.token, name, last)
		pages, forms = pages+len(paths), forms+len(found)
	}
	if pages < 30 || forms < 15 || s.statuses[http.StatusOK] == 0 || s.statuses[http.StatusNotFound] == 0 || s.statuses[http.StatusForbidden] == 0 {
		t.Errorf("%d pages and %d forms were found, answers %v: the crawl sees too little", pages, forms, s.statuses)
	}
	t.Logf("%d requests to %d pages and %d forms; slowest %s (%s); answers %v", s.sent, pages, forms, s.slowest, s.slowName, s.statuses)
}
