package api_test

import (
	"fmt"
	"strings"
	"testing"

	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

func TestMatchesOverTheAPI(t *testing.T) {
	p := startPeople(t)
	id := p.putOffer("off_1", 1, nil)
	person := strings.TrimPrefix(p.newProfile(true), "/profiles/")
	mine := p.as(200, "candidate1", "GET", "/profiles/me/matches", "")
	if first := mine.items("items"); mine["total"] != float64(1) || first[0].text("offer") != id || first[0]["score"] == nil ||
		first[0].member("pay").text("amount") != "2000.00" {
		t.Errorf("my matches: %v", mine)
	}
	byAgency := p.as(200, "agency1", "GET", "/offers/"+id+"/matches", "")
	byOfficial := p.as(200, "official1", "GET", "/offers/"+id+"/matches?limit=1", "")
	seen, known := byAgency.items("items")[0], byOfficial.items("items")[0]
	if seen.keys() != "band country highestEducation languages occupationsWorked profile rank region" || seen.text("profile") != person {
		t.Errorf("the agency gets %s", seen.keys())
	}
	if known["score"] == nil || known["months"] != float64(48) {
		t.Errorf("an official gets %v", known)
	}
	p.as(404, "agency2", "GET", "/offers/"+id+"/matches", "")
	p.as(403, "candidate1", "GET", "/offers/"+id+"/matches", "")
	p.as(403, "agency1", "GET", "/profiles/me/matches", "")
	p.as(404, "candidate2", "GET", "/profiles/me/matches", "")
}

func TestExplainOverTheAPI(t *testing.T) {
	p := startPeople(t)
	id := p.putOffer("off_1", 1, func(terms *offer.Terms) {
		terms.Languages = append(terms.Languages, offer.LanguageNeed{Language: "de", Level: ref.B1})
	})
	person := strings.TrimPrefix(p.newProfile(true), "/profiles/")
	path := fmt.Sprintf("/matches/explain?offer=%s&profile=%s", id, person)
	for name, full := range map[string]bool{"candidate1": true, "official1": true, "agency1": false} {
		got := p.as(200, name, "GET", path, "")
		sum := 0.0
		for _, c := range got.items("components") {
			points, _ := c["contribution"].(float64)
			sum += points
			if c.text("code") == "salary" && (c["contribution"] != nil || c["facts"] != nil) != full {
				t.Errorf("%s gets the salary component %v", name, c)
			}
		}
		if (got["score"] != nil) != full || full && got["score"] != sum {
			t.Errorf("%s gets score %v of %v", name, got["score"], sum)
		}
		for _, g := range got.items("gates") {
			if g.text("code") == "language" && (g["passed"] != false || (g["compared"] != nil) != full) {
				t.Errorf("%s gets the gate %v", name, g)
			}
		}
		if got["eligible"] != false || len(got.items("gates")) < 11 || len(got.items("components")) != 6 {
			t.Errorf("%s gets %v", name, got)
		}
	}
	p.as(404, "candidate2", "GET", path, "")
	p.as(404, "agency2", "GET", path, "")
	p.as(403, "observer1", "GET", path, "")
	p.as(422, "official1", "GET", "/matches/explain?offer=off_1", "")
	p.as(404, "official1", "GET", "/matches/explain?offer=off_1&profile=pro_0", "")
	chances := p.as(200, "candidate1", "GET", "/profiles/me/opportunities", "")
	if first := chances.items("items"); chances["total"] != float64(1) || first[0].text("kind") != "language" ||
		first[0].text("code") != "de" || first[0].text("level") != "B1" || first[0]["offers"] != float64(1) {
		t.Errorf("opportunities: %v", chances)
	}
}
