package site

import (
	"encoding/xml"
	"net/url"
	"testing"
	"time"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// TestFeedIsText: what people wrote arrives as text, and a feed without
// entries is still dated.
func TestFeedIsText(t *testing.T) {
	v, _ := bareVisit(bareSite(t), "GET", feedPath, ref.French)
	cards := []offer.Card{{Reference: "OFF-1", Title: hostile, AgencyName: hostile, City: hostile, UpdatedAt: testNow}}
	body, err := xml.Marshal(v.newFeed(url.Values{"q": {hostile}}, cards))
	if err != nil {
		t.Fatal(err)
	}
	var got atomFeed
	if err := xml.Unmarshal(body, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Entries) != 1 || got.Entries[0].Title != hostile || got.Entries[0].Author.Name != hostile || !got.Updated.Equal(testNow.Truncate(time.Second)) {
		t.Errorf("%+v", got)
	}
	if empty := v.newFeed(nil, nil); empty.Updated.IsZero() || empty.ID != "http://localhost:8080"+feedPath {
		t.Errorf("empty: %+v", empty)
	}
}
