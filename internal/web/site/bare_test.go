package site

import (
	"bytes"
	"context"
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/gin-gonic/gin"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web"
)

// nobody refuses every token.
type nobody struct{}

func (nobody) Authenticate(context.Context, string) (account.Actor, error) {
	return account.Actor{}, fault.New(fault.Unauthenticated, "auth.token")
}

var testNow = time.Date(2026, 11, 21, 9, 5, 0, 0, time.UTC)

// bareSite is the pages without services: what can be shown from literals.
func bareSite(t testing.TB) *Site {
	t.Helper()
	server, err := web.New(web.Options{Authenticator: nobody{}})
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return testNow }
	s := &Site{renewals: newRenewals(now), kept: newKeptForms(now), sent: newSentForms(now), showings: newShowings(now), opts: Options{
		Server: server, Now: now, Demo: true, PublicURL: "http://localhost:8080",
		CSRFKey: bytes.Repeat([]byte{1}, minKey), CursorKey: bytes.Repeat([]byte{2}, minKey),
	}}
	if err := errors.Join(s.load(), s.trust(s.opts.PublicURL)); err != nil {
		t.Fatal(err)
	}
	return s
}

// bareVisit is a visit outside any engine.
func bareVisit(s *Site, method, target string, loc ref.Locale) (*visit, *httptest.ResponseRecorder) {
	w := httptest.NewRecorder()
	c, _ := gin.CreateTestContext(w)
	c.Request = httptest.NewRequest(method, target, nil)
	return &visit{site: s, gin: c, ctx: context.Background(), words: s.words(loc)}, w
}

// document renders a page and reads it as HTML.
func document(t testing.TB, s *Site, loc ref.Locale, name string, page screen) *goquery.Document {
	t.Helper()
	body, err := s.views.render(loc, name, page)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// checkPage holds for every page: language, one heading, unique ids, a label
// for every field, no script or style of its own but the data block.
func checkPage(t testing.TB, doc *goquery.Document, loc ref.Locale) {
	t.Helper()
	for _, problem := range pageProblems(doc, loc) {
		t.Error(problem)
	}
}

func pageProblems(doc *goquery.Document, loc ref.Locale) (problems []string) {
	wrong := func(bad bool, problem string) {
		if bad {
			problems = append(problems, problem)
		}
	}
	wrong(doc.Find("html").AttrOr("lang", "") != string(loc), "lang is not "+string(loc))
	wrong(doc.Find("h1").Length() != 1, "there is not exactly one h1")
	wrong(strings.TrimSpace(doc.Find("h1").Text()) == "", "the h1 is empty")
	wrong(strings.TrimSpace(doc.Find("title").Text()) == "– Passerelle", "the title is empty")
	wrong(doc.Find("[style],style").Length() > 0, "inline style")
	doc.Find(`script:not([type="application/ld+json"])`).Each(func(_ int, e *goquery.Selection) {
		_, deferred := e.Attr("defer")
		wrong(e.Text() != "" || !deferred || !strings.HasPrefix(e.AttrOr("src", ""), assetPrefix+"site."), "a script that is not the site's own file")
	})
	wrong(doc.Find(".skip[href='#contenu']").Length() != 1 || doc.Find("main#contenu").Length() != 1, "no skip link to the content")
	problems = append(problems, idProblems(doc)...)
	doc.Find("input:not([type=hidden]),select,textarea").Each(func(_ int, e *goquery.Selection) {
		id := e.AttrOr("id", "")
		wrong(id == "" || doc.Find(`label[for="`+id+`"]`).Length() != 1, "field "+e.AttrOr("name", "?")+" has no label")
	})
	doc.Find("[aria-describedby],[aria-labelledby]").Each(func(_ int, e *goquery.Selection) {
		for _, id := range strings.Fields(e.AttrOr("aria-describedby", "") + " " + e.AttrOr("aria-labelledby", "")) {
			wrong(doc.Find(`[id="`+id+`"]`).Length() != 1, "described by absent #"+id)
		}
	})
	doc.Find("form[method=post]").Each(func(_ int, e *goquery.Selection) {
		wrong(e.Find("input[name="+tokenField+"]").Length() != 1, "a form without its token")
		wrong(!strings.HasPrefix(e.AttrOr("action", ""), "/"), "a form without an action of this site")
	})
	doc.Find("*").Each(func(_ int, e *goquery.Selection) {
		for _, a := range e.Nodes[0].Attr {
			wrong(strings.HasPrefix(a.Key, "on"), "an event handler "+a.Key)
		}
	})
	return problems
}

func idProblems(doc *goquery.Document) (problems []string) {
	var seen []string
	doc.Find("[id]").Each(func(_ int, e *goquery.Selection) {
		id := e.AttrOr("id", "")
		if id == "" || slices.Contains(seen, id) {
			problems = append(problems, "id "+id+" is empty or not unique")
		}
		seen = append(seen, id)
	})
	return problems
}

// TestPageProblemsAreFound makes sure that the check can fail.
func TestPageProblemsAreFound(t *testing.T) {
	for _, html := range []string{
		`<html lang="fr"><main id="contenu"></main><a class="skip" href="#contenu"></a><h1>a</h1><h1>b</h1>`,
		`<html lang="fr"><main id="contenu"></main><a class="skip" href="#contenu"></a><h1>a</h1><input name="x" id="x">`,
		`<html lang="fr"><main id="contenu"></main><a class="skip" href="#contenu"></a><h1>a</h1><p id="a"></p><p id="a"></p>`,
		`<html lang="fr"><main id="contenu"></main><a class="skip" href="#contenu"></a><h1>a</h1><script>1</script>`,
		`<html lang="fr"><main id="contenu"></main><a class="skip" href="#contenu"></a><h1>a</h1><script defer src="https://example.org/a.js"></script>`,
		`<html lang="fr"><main id="contenu"></main><a class="skip" href="#contenu"></a><h1 onclick="x">a</h1>`,
		`<html lang="fr"><main id="contenu"></main><a class="skip" href="#contenu"></a><h1 style="x">a</h1>`,
		`<html lang="en"><main id="contenu"></main><a class="skip" href="#contenu"></a><h1>a</h1>`,
	} {
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
		if err != nil {
			t.Fatal(err)
		}
		if len(pageProblems(doc, ref.French)) == 0 {
			t.Errorf("nothing found in %s", html)
		}
	}
}

// TestRoomsAreForOneRole: no page or form written for one role answers another,
// whatever permissions are shared; and all a room's pages answer their own.
func TestRoomsAreForOneRole(t *testing.T) {
	s, seen := bareSite(t), map[account.Role]int{}
	own := map[string]account.Role{"travail": account.Official, "agence": account.Agency, "mes-offres": account.Candidate,
		"mes-candidatures": account.Candidate, "mes-departs": account.Candidate, "mon-profil": account.Candidate,
		"administration": account.Admin, "observations": account.Observer}
	for _, r := range s.routes() {
		owner, ok := own[strings.Split(r.path, "/")[1]]
		if !ok {
			if rule := account.RuleOf(r.permission); len(rule.Roles) == 1 && !sharedByName(r.path) {
				t.Errorf("%s %s is for %s alone but in no room", r.method, r.path, rule.Roles[0])
			}
			continue
		}
		seen[owner]++
		for _, role := range account.Roles() {
			v, _ := bareVisit(s, r.method, r.path, ref.French)
			v.route, v.actor = r, account.Actor{Account: "acc_1", Role: role, Session: "ses_1"}
			if err := v.allowed(); (err == nil) != (role == owner) {
				t.Errorf("%s %s for %s: %v", r.method, r.path, role, err)
			}
		}
	}
	for role, least := range map[account.Role]int{account.Official: 60, account.Agency: 60, account.Candidate: 50, account.Admin: 15, account.Observer: 2} {
		if seen[role] < least {
			t.Errorf("only %d addresses for %s", seen[role], role)
		}
	}
}

// sharedByName are addresses outside the rooms that one role may use: the
// offer's public page takes applications, and consents are among one's data.
func sharedByName(path string) bool {
	return path == "/offres/:id/candidatures" || strings.HasPrefix(path, ownPath+"/")
}
