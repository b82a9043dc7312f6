package app

import (
	"net/http"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/profile"
)

// TestLM08ReadingManyProfilesIsRefused: an agency that reads one profile after
// the other is refused with 429 once the day's number is used up, the log keeps
// it, and those read before are still there. covers LM-08
func TestLM08ReadingManyProfilesIsRefused(t *testing.T) {
	h := openHouse(t)
	h.services.profiles.Quotas = &account.Quotas{Recorder: h.services.audit.recorder, Now: h.clock.Now, Most: func(account.Flow, account.Role) int { return 3 }}
	agency, official := h.as(t, "agency"), h.as(t, "official")
	var shown []profile.ID
	for _, card := range h.index.ProfileCards() {
		if card.Visible && len(shown) < 5 {
			shown = append(shown, card.ID)
		}
	}
	for i, id := range shown {
		want := http.StatusOK
		if i >= 3 {
			want = http.StatusTooManyRequests
		}
		r := agency.must(want, "GET", "/profiles/"+string(id), nil)
		if want == http.StatusTooManyRequests && (r.member("code") != "quota.day" || r.header.Get("Retry-After") == "") {
			t.Errorf("the refusal: %v %s", r.header, r.body)
		}
	}
	agency.must(http.StatusOK, "GET", "/profiles/"+string(shown[0]), nil)
	official.must(http.StatusOK, "GET", "/profiles/"+string(shown[4]), nil)
	for i := range 4 {
		want := map[bool]int{true: http.StatusCreated, false: http.StatusTooManyRequests}[i < 3]
		official.must(want, "POST", "/profiles/"+string(shown[i])+"/disclosures", object{"reason": "assistance"})
	}
	h.carried(t)
	text := string(h.as(t, "admin").must(http.StatusOK, "GET", "/audit/entries?action=quota.exceeded", nil).body)
	if strings.Count(text, `"action":"quota.exceeded"`) != 2 || !strings.Contains(text, `"reason":"profile.read"`) || !strings.Contains(text, `"reason":"profile.disclose"`) {
		t.Errorf("the log: %s", text)
	}
}
