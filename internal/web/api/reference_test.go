package api_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestVocabulariesAreComplete(t *testing.T) {
	r := startRegisters(t)
	for path, want := range map[string]struct {
		total float64
		term  string
	}{
		"occupations": {619, "code:7212 label:Soudeurs"}, "countries": {249, "code:ML currency:XOF label:Mali"},
		"languages": {0, "code:bm label:"}, "currencies": {0, "code:XOF decimals:0"}, "skills": {0, "code:maconnerie label:Maçonnerie"},
		"education-levels": {10, "code:5 label:"}, "kinds": {8, "code:seasonal label:"},
	} {
		got := r.call(200, "GET", "/reference/"+path, "", "")
		items, _ := got["items"].([]any)
		if len(items) == 0 || got["total"] != float64(len(items)) || want.total != 0 && got["total"] != want.total || got["nextCursor"] != nil {
			t.Errorf("%s: %v items of %v", path, len(items), got["total"])
		}
		if !strings.Contains(fmt.Sprint(items...), want.term) {
			t.Errorf("%s has no %q", path, want.term)
		}
	}
}

func TestVocabularyInPagesAndLanguages(t *testing.T) {
	r := startRegisters(t)
	seen, cursor := map[string]bool{}, ""
	for pages := 0; pages < 10; pages++ {
		got := r.call(200, "GET", "/reference/countries?lang=en&limit=100"+cursor, "", "")
		items, _ := got["items"].([]any)
		for _, item := range items {
			term, _ := item.(map[string]any)
			seen[record(term).text("code")+" "+record(term).text("label")] = true
		}
		if got["nextCursor"] == nil {
			break
		}
		cursor = "&cursor=" + got.text("nextCursor")
	}
	if len(seen) != 249 || !seen["ES Spain"] {
		t.Errorf("%d countries", len(seen))
	}
	for _, query := range []string{"?limit=0", "?limit=101", "?lang=xx"} {
		r.call(422, "GET", "/reference/countries"+query, "", "")
	}
	r.call(400, "GET", "/reference/countries?cursor=abc", "", "")
	r.call(400, "GET", "/reference/countries?q=x", "", "")
	first := r.send("GET", "/api/v1/reference/kinds", "", "")
	if tag := first.header.Get("ETag"); tag == "" || r.send("GET", "/api/v1/reference/kinds", "", "", "If-None-Match: "+tag).status != 304 {
		t.Errorf("no 304 for %q", tag)
	}
}

func TestOccupationsAreSuggested(t *testing.T) {
	r := startRegisters(t)
	for query, want := range map[string]string{"?q=soud": "code:7212", "?q=721": "code:7212", "?q=welder&lang=en": "code:7212"} {
		got := r.call(200, "GET", "/reference/occupations/suggest"+query, "", "")
		if !strings.Contains(fmt.Sprint(got["items"]), want) {
			t.Errorf("%s: %v", query, got)
		}
	}
	for _, query := range []string{"", "?q=", "?q=zzzzzz"} {
		if got := r.call(200, "GET", "/reference/occupations/suggest"+query, "", ""); got["total"] != 0.0 || fmt.Sprint(got["items"]) != "[]" {
			t.Errorf("%q suggests %v", query, got)
		}
	}
	if got := r.call(200, "GET", "/reference/occupations/suggest?q=a&limit=3", "", ""); got["total"] != 3.0 {
		t.Errorf("limit 3 gave %v", got["total"])
	}
	r.call(422, "GET", "/reference/occupations/suggest?q=a&limit=21", "", "")
}
