package app

import (
	"archive/zip"
	"bytes"
	"net/http"
	"testing"
)

// A text as it is typed, and how each medium has to write it.
const (
	sampleTag  = "zqi0001z"
	sampleText = `=HYPERLINK(zqi0001z<script>zqi0001z</script>"><img src=x onerror=zqi0001z>{{.}}`
	sampleHTML = `=HYPERLINK(zqi0001z&lt;script&gt;zqi0001z&lt;/script&gt;&#34;&gt;&lt;img src=x onerror=zqi0001z&gt;{{.}}`
	sampleJSON = `=HYPERLINK(zqi0001z\u003cscript\u003ezqi0001z\u003c/script\u003e\"\u003e\u003cimg src=x onerror=zqi0001z\u003e{{.}}`
)

// TestTheInjectionCheckerSees gives the checker of TestInjectedTexts what it
// has to find in each medium, and what it has to let pass.
func TestTheInjectionCheckerSees(t *testing.T) {
	m := marks{sampleTag: sampleText}
	sheet := func(cells string) []byte { return workbook(t, `<worksheet><row>`+cells+`</row></worksheet>`) }
	const htm, table, book, ld = "text/html; charset=utf-8", "text/csv; charset=utf-8", sheetMedia, `<script type="application/ld+json">`
	for _, c := range []struct {
		what, media string
		body        []byte
		wrong       bool
	}{
		{"a text", htm, []byte("<p>" + sampleHTML + "</p>"), false},
		{"an attribute", htm, []byte(`<input value="` + sampleHTML + `">`), false},
		{"a text area", htm, []byte("<textarea>" + sampleHTML + "</textarea>"), false},
		{"a query", htm, []byte(`<a href="/offres?q=%3DHYPERLINK%28zqi0001z%3Cscript%3Ezqi0001z%3C%2Fscript%3E%22%3E%3Cimg+src%3Dx+onerror%3Dzqi0001z%3E%7B%7B.%7D%7D">x</a>`), false},
		{"data for search engines", htm, []byte(ld + `{"title":"` + sampleJSON + `"}</script>`), false},
		{"a raw text", htm, []byte("<p>" + sampleText + "</p>"), true},
		{"a raw attribute", htm, []byte(`<input value="` + sampleText + `">`), true},
		{"an attribute without quotes", htm, []byte(`<input value=zqi0001z onfocus=zqi0001z>`), true},
		{"a text cut at its end", htm, []byte("<p>" + sampleHTML[:40] + "…</p>"), false},
		{"signed JSON", htm, []byte("<pre>{&#34;reason&#34;:&#34;=HYPERLINK(zqi0001z\\u003cscript\\u003ezqi0001z\\u003c/script\\u003e\\&#34;\\u003e\\u003cimg src=x onerror=zqi0001z\\u003e{{.}}&#34;}</pre>"), false},
		{"half a text", htm, []byte("<p>zqi0001z</p>"), true},
		{"escaped twice", htm, []byte("<p>=HYPERLINK(zqi0001z&amp;lt;script&amp;gt;</p>"), true},
		{"a template's value", htm, []byte("<p>" + sampleHTML[:len(sampleHTML)-5] + "map[]</p>"), true},
		{"an event", htm, []byte(`<p onclick="go()">`), true},
		{"an element", htm, []byte(`<zqi0001z>`), true},
		{"a comment", htm, []byte(`<!-- zqi0001z -->`), true},
		{"a script", htm, []byte(`<script>let a = "zqi0001z"</script>`), true},
		{"a style", htm, []byte(`<style>.a{content:"zqi0001z"}</style>`), true},
		{"an address that runs", htm, []byte(`<a href="javascript:alert(1)">x</a>`), true},
		{"data that end early", htm, []byte(ld + `{"title":"` + `zqi0001z</script>` + `"}</script>`), true},
		{"no JSON in it", htm, []byte(ld + `{"title":"zqi0001z",}</script>`), true},
		{"a guarded cell", table, []byte("a;b\r\n1;\"'=HYPERLINK(zqi0001z<script>zqi0001z</script>\"\"><img src=x onerror=zqi0001z>{{.}}\"\r\n"), false},
		{"numbers", table, []byte("a;b\r\n-1,5;+2\r\n"), false},
		{"a formula", table, []byte("a,b\r\n1,=cmd\r\n"), true},
		{"a formula after a tab", table, []byte("a,b\r\n1,\"\t=cmd\"\r\n"), true},
		{"an at sign", table, []byte("a,b\r\n1,@SUM\r\n"), true},
		{"an open quote", table, []byte("a,b\r\n1,\"x\r\n"), true},
		{"a text cell", book, sheet(`<c t="inlineStr"><is><t>` + sampleHTML + `</t></is></c><c><v>1</v></c>`), false},
		{"a cell with a formula", book, sheet(`<c><f>SUM(A1)</f></c>`), true},
		{"a text as a number", book, sheet(`<c><v>` + sampleHTML + `</v></c>`), true},
		{"a raw text in XML", book, sheet(`<c t="inlineStr"><is><t>` + sampleText + `</t></is></c>`), true},
		{"no workbook", book, []byte("PK"), true},
		{"JSON", "application/json", []byte(`["` + sampleJSON + `"]`), false},
		{"broken JSON", "application/json", []byte(`["zqi0001z"x"]`), true},
		{"a name in JSON", "application/json", []byte(`{"zqi0001z":1}`), true},
		{"another type", "application/x-unknown", nil, true},
		{"plain text that may be taken for a page", "text/plain", []byte("<script>"), true},
	} {
		if got := m.of(c.media, http.Header{}, c.body); (len(got) > 0) != c.wrong {
			t.Errorf("%s: %q", c.what, got)
		}
	}
	for _, h := range []http.Header{{"Bcc": {"x"}}, {"X-Title": {"zqi0001z"}}, {"Zqi0001z": {""}}} {
		if len(m.of("text/html", h, nil)) == 0 {
			t.Errorf("the headers %v pass", h)
		}
	}
	for text, wrong := range map[string]bool{
		"Id: 1\nTo: a\nSubject: b\n\n" + sampleText: false, "Id: 1\nTo: a\nBcc: b\n\nx": true, "Id: 1\nTo: a\nTo: b\n\nx": true,
		"Id: 1\nTo: a\n\n" + sampleHTML: true, "Id: 1\nSubject: zqi0001z\n\nx": true, "Id: 1": true,
	} {
		if got := m.letter(text); (len(got) > 0) != wrong {
			t.Errorf("the letter %q: %q", text, got)
		}
	}
}

func workbook(t *testing.T, sheet string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	part, err := w.Create("xl/worksheets/sheet1.xml")
	if err == nil {
		_, err = part.Write([]byte(sheet))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
