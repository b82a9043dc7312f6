package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"passerelle/internal/web"
)

// FuzzCursor: a cursor that we did not make leads nowhere, nor does one of
// ours at another list.
func FuzzCursor(f *testing.F) {
	a := &API{opts: Options{CursorKey: []byte(strings.Repeat("k", minCursorKey))}}
	good := a.sealCursor("listOffers", "country=FR", "off_1")
	for _, seed := range []string{good, good + "=", good[:len(good)-1], "", "AAAA", strings.Repeat("A", 22), "%00", a.sealCursor("listOffers", "", "country=FR")} {
		f.Add(seed, "listOffers", "country=FR")
	}
	f.Fuzz(func(t *testing.T, text, operation, query string) {
		position, ok := a.openCursor(operation, query, text)
		if ok && a.sealCursor(operation, query, position) != text {
			t.Fatalf("%q is taken for the position %q and has another spelling", text, position)
		}
		if ok && text == good && (operation != "listOffers" || query != "country=FR") {
			t.Fatalf("the cursor of one list is taken at %q?%q", operation, query)
		}
		if sealed := a.sealCursor(operation, query, text); text != "" {
			if back, ok := a.openCursor(operation, query, sealed); !ok || back != text {
				t.Fatalf("%q comes back as %q", text, back)
			}
		}
	})
}

// FuzzIfMatch: one revision has one tag.
func FuzzIfMatch(f *testing.F) {
	for _, seed := range []string{`"v1"`, `W/"v1"`, `"v01"`, `"v-1"`, `*`, `""`, `"v9223372036854775808"`, `"v1", "v2"`, "", `"v1`, "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		rev, err := parseIfMatch(&http.Request{Header: http.Header{"If-Match": {sent}}}, true)
		if err == nil && (rev < 1 || revTag(rev) != sent) {
			t.Fatalf("%q is revision %d", sent, rev)
		}
		if status := web.StatusOf(err); err != nil && status != http.StatusBadRequest && status != http.StatusPreconditionFailed {
			t.Fatalf("%q is answered %d", sent, status)
		}
	})
}

type uploaded struct {
	Kind   string  `form:"kind"`
	DryRun bool    `form:"dryRun"`
	File   *Upload `file:"file" validate:"required"`
}

// FuzzMultipart: no form makes the reader fail, and what it takes is clean
// text and a name of one line.
func FuzzMultipart(f *testing.F) {
	a := &API{shapes: newShapes()}
	Register(a, Op[uploaded, NoContent]{
		Method: "POST", Path: "/imports", ID: "createImport", Summary: "Import", Permission: "auth.login",
		Handle: func(context.Context, *Call, *uploaded) (NoContent, error) { return NoContent{}, nil },
	})
	if len(a.wrong) > 0 {
		f.Fatal(a.wrong)
	}
	part := func(name, value string) string {
		return "--x\r\nContent-Disposition: form-data; name=" + name + "\r\n\r\n" + value + "\r\n"
	}
	file := part(`"file"; filename="../../a\"b.csv"`, "key,title\n")
	for _, seed := range []string{
		part("kind", "offers") + file + "--x--", file + file + "--x--", part("kind", "a") + part("kind", "b") + "--x--", part("inconnu", "1") + "--x--", part("kind", "\x00") + file + "--x--",
		"--x", "", "--x\r\n\r\n\r\n--x--", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''%00%ff\r\n\r\na\r\n--x--", part("dryRun", "maybe") + "--x--", strings.Repeat(part("a", ""), 50) + "--x--",
	} {
		f.Add([]byte(seed), "multipart/form-data; boundary=x")
	}
	f.Add([]byte("--x--"), "multipart/form-data")
	f.Add([]byte("--x--"), "multipart/mixed; boundary=x")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(string(body)))
		r.Header.Set("Content-Type", contentType)
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = r
		var in uploaded
		err := a.ops[0].readForm(c, reflect.ValueOf(&in).Elem())
		if r.MultipartForm != nil {
			defer func() { _ = r.MultipartForm.RemoveAll() }() // what is in memory only
		}
		if status := web.StatusOf(err); err != nil && status >= 500 {
			t.Fatalf("%d: %v", status, err)
		}
		if err != nil {
			return
		}
		if in.File == nil || !cleanValue(in.Kind) || strings.ContainsAny(in.File.Name, "\r\n\x00") || !utf8.ValidString(in.File.Name) {
			t.Fatalf("taken: %+v", in)
		}
	})
}
