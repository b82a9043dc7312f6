package site

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// TestScriptIsSmallAndStrict: one file, at most 6 KB as it is sent, that runs
// under the content security policy and holds no word of any language.
func TestScriptIsSmallAndStrict(t *testing.T) {
	entries, err := fs.Glob(embedded, "static/*.js")
	if err != nil || len(entries) != 1 {
		t.Fatalf("%v %v", entries, err)
	}
	data, err := fs.ReadFile(embedded, entries[0])
	if err != nil {
		t.Fatal(err)
	}
	var small bytes.Buffer
	w, err := gzip.NewWriterLevel(&small, gzip.DefaultCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("site.js: %d bytes, %d compressed", len(data), small.Len())
	if small.Len() > 6<<10 {
		t.Errorf("%d bytes of script, compressed", small.Len())
	}
	code := regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(string(data), "")
	for _, never := range []string{"eval(", "new Function", "document.write", "import(", "import ", "http:", "https:", "localStorage", "sessionStorage", "document.cookie", "setTimeout('", ".style", "?.", "=>", "`", "const ", "let "} {
		if strings.Contains(code, never) {
			t.Errorf("the script uses %q", never)
		}
	}
	for _, text := range regexp.MustCompile(`'[^'\n]*'`).FindAllString(code, -1) {
		if regexp.MustCompile(`[À-ÿ]|[a-z]{2,} [a-z]{2,} [a-z]{2,}`).MatchString(text) {
			t.Errorf("the script says %s", text)
		}
	}
}

// TestPartsOfPages: what forms answer while somebody types, in each state.
func TestPartsOfPages(t *testing.T) {
	s := bareSite(t)
	for _, loc := range ref.Locales() {
		v, _ := bareVisit(s, http.MethodPost, "/agence/offres/off_1", loc)
		v.actor = account.Actor{Account: "acc_1", Role: account.Agency, Session: "ses_1"}
		f := bareDraftForm(v, url.Values{"title": {hostile}})
		f.tell("pay-amount", notice{Text: hostile, Blocking: true})
		f.tell("languages-0-level", notice{Lead: "a", Text: "b"})
		f.tell("nowhere-at-all", notice{Text: "not shown"})
		bad, status, err := v.refusedPart(bareDraftForm(v, nil), fault.New(fault.Invalid, "offer.invalid", fault.Field{Pointer: "/title", Code: "required"}))
		if err != nil || status != http.StatusUnprocessableEntity {
			t.Fatal(status, err)
		}
		late, status, err := v.refusedPart(f, fault.New(fault.Stale, "stale"))
		if err != nil || status != http.StatusConflict {
			t.Fatal(status, err)
		}
		kept := v.keptPart(f, 7)
		kept.To = "/agence/offres/off_1"
		for state, page := range map[string]draftPage{liveKept: {Live: kept, Findings: []notice{{Text: hostile}}, Submit: "/s"}, liveRefused: {Live: bad}, liveConflict: {Live: late}} {
			body, err := s.views.part(loc, "draft/edit", screen{Frame: frame{CSRF: "x"}, Page: page})
			if err != nil {
				t.Fatal(err)
			}
			doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			part := doc.Find("[data-part]")
			if part.AttrOr("data-part", "") != state || part.Find("[data-said]").Text() == "" || doc.Find("img,script").Length() > 0 {
				t.Errorf("%s: %s", state, body)
			}
			if (doc.Find("#constats").Length() == 1) != (state == liveKept) || doc.Find(`[data-at="title"]`).Length() == 1 != (state == liveRefused) {
				t.Errorf("%s holds other parts: %s", state, body)
			}
		}
	}
	if _, _, err := (&visit{}).refusedPart(nil, fault.New(fault.Forbidden, "x")); err == nil {
		t.Error("what is forbidden was taken for something to correct")
	}
}

// TestShowings: what one showing of a form has sent is worked on in order, and
// what it left itself is no conflict.
func TestShowings(t *testing.T) {
	at := testNow
	all := newShowings(func() time.Time { return at })
	s := bareSite(t)
	s.showings = all
	v, _ := bareVisit(s, http.MethodPost, "/", ref.French)
	sent := func(rev, step string, part bool) (*showing, bool) {
		v.gin.Request.PostForm = url.Values{nonceField: {"n"}, "rev": {rev}, stepField: {step}}
		if part {
			v.gin.Request.PostForm.Set(partField, "1")
		}
		s := v.showing()
		defer s.release()
		return s, s.isLate(v)
	}
	for _, c := range []struct {
		step       string
		part, late bool
	}{{"1", true, false}, {"3", true, false}, {"2", true, true}, {"3", true, true}, {"", true, false}, {"2", false, false}, {"4", true, false}} {
		if _, late := sent("5", c.step, c.part); late != c.late {
			t.Errorf("step %s: late is %v", c.step, late)
		}
	}
	w, _ := sent("5", "9", true)
	if rev, err := w.since(v, 8); rev != 5 || err != nil {
		t.Errorf("somebody else's change: %d %v", rev, err)
	}
	w.rev = 8
	if rev, err := w.since(v, 8); rev != 8 || err != nil {
		t.Errorf("its own change: %d %v", rev, err)
	}
	v.gin.Request.PostForm.Set("rev", "x")
	if _, err := w.since(v, 9); !fault.Is(err, fault.Stale) {
		t.Errorf("no revision: %v", err)
	}
	at = at.Add(showingFor + time.Second)
	all.forget()
	if len(all.all) != 0 {
		t.Error("a showing is remembered for ever")
	}
}
