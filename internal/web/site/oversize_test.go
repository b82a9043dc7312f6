package site

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"passerelle/internal/domain/ref"
	"passerelle/internal/web"
)

// refused answers a form with 413 as the server does, before it is read.
func refused(s *Site, contentType, body string, change func(*http.Request)) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	c, _ := gin.CreateTestContext(w)
	c.Request = httptest.NewRequest("POST", "http://example.com/mon-profil/presentation", strings.NewReader(body))
	c.Request.Header.Set("Content-Type", contentType)
	c.Request.Header.Set("Sec-Fetch-Site", "same-origin")
	change(c.Request)
	s.errorPage(c, s.opts.Server.Problem(web.TooLarge(5<<20+64<<10), "01ABC", ref.French))
	return w
}

// withFile writes a form whose file stands before its fields.
func withFile(t *testing.T, values url.Values) (contentType, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", "a.pdf")
	if err == nil {
		_, err = part.Write(bytes.Repeat([]byte("x"), 6<<20))
	}
	for name := range values {
		if err == nil {
			err = w.WriteField(name, values.Get(name))
		}
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.String()
}

// TestTooLargeKeepsWhatWasTyped: a form that was refused for its size leads
// back to its page, says the limit in words, and is kept for its owner.
func TestTooLargeKeepsWhatWasTyped(t *testing.T) {
	s := bareSite(t)
	typed := url.Values{tokenField: {"x." + s.mark("acc_1")}, "summary": {hostile}, "password": {"x"}}
	media, body := withFile(t, typed)
	for name, tc := range map[string]struct{ media, body string }{
		"with a file": {media, body}, "fields": {formMedia, typed.Encode()},
	} {
		s.kept = newKeptForms(s.opts.Now)
		w := refused(s, tc.media, tc.body, nothing)
		page := w.Body.String()
		if w.Code != 413 || !strings.Contains(page, "5\u00a0Mo") || !strings.Contains(page, `class="go" href="/mon-profil/presentation"`) || !strings.Contains(page, "gardé") {
			t.Errorf("%s: %d %s", name, w.Code, page)
		}
		if len(s.kept.all) != 1 || !strings.Contains(w.Header().Get("Set-Cookie"), cookieKept) {
			t.Fatalf("%s: %d forms are kept", name, len(s.kept.all))
		}
		for _, f := range s.kept.all {
			if f.values.Get("summary") != hostile || f.values.Has("password") || f.values.Has(tokenField) || f.page != "/mon-profil/presentation" {
				t.Errorf("%s: kept %v for %s", name, f.values, f.page)
			}
		}
	}
}

// TestTooLargeKeepsNothingOfOthers: what is not a form of this site, made for
// an account, or is beyond what is kept, is not.
func TestTooLargeKeepsNothingOfOthers(t *testing.T) {
	s := bareSite(t)
	own := url.Values{tokenField: {"x." + s.mark("acc_1")}, "summary": {"a"}}
	with := func(name, value string) string {
		changed := url.Values{name: {value}}
		for key := range own {
			if key != name {
				changed[key] = own[key]
			}
		}
		return changed.Encode()
	}
	for name, tc := range map[string]struct {
		media, body string
		change      func(*http.Request)
	}{
		"another site": {formMedia, own.Encode(), func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }},
		"forged":       {formMedia, with(tokenField, "x.a.b"), nothing},
		"no account":   {formMedia, with(tokenField, "x."), nothing},
		"too much":     {formMedia, with("summary", strings.Repeat("a", keptLargest)), nothing},
		"far too much": {formMedia, with("summary", strings.Repeat("a", oversizeForm)), nothing},
		"other media":  {"text/plain", own.Encode(), nothing},
		"cut off":      {"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"jeton\"\r\n\r\nx", nothing},
	} {
		w := refused(s, tc.media, tc.body, tc.change)
		if w.Code != 413 || len(s.kept.all) != 0 || strings.Contains(w.Body.String(), "gardé") {
			t.Errorf("%s: %d, %d kept", name, w.Code, len(s.kept.all))
		}
	}
}
