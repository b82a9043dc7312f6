package site_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
)

// bothFacesAgree reads offers as search engines do, from the page and from the
// API: they must be told the same.
func bothFacesAgree(t *testing.T, h *house) {
	b := h.visitor()
	b.open("/offres?tri=-salary")
	paths := b.Find(".offer h3 a").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("href", "") })
	if len(paths) < 5 {
		t.Fatalf("only %d offers", len(paths))
	}
	for _, path := range paths[:5] {
		var page, answer map[string]any
		if err := json.Unmarshal([]byte(h.visitor().open(path).Find(`script[type="application/ld+json"]`).Text()), &page); err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequest(http.MethodGet, h.base+"/api/v1"+strings.Replace(path, "/offres/", "/offers/", 1), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", "application/ld+json")
		got, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		err = json.NewDecoder(got.Body).Decode(&answer)
		if closed := got.Body.Close(); err != nil || closed != nil {
			t.Fatal(err, closed)
		}
		if answer["@type"] != "JobPosting" {
			t.Errorf("%s: the API answers %v", path, answer)
		}
		if diff := cmp.Diff(answer, page); diff != "" {
			t.Errorf("%s: the faces disagree: %s", path, diff)
		}
	}
}
