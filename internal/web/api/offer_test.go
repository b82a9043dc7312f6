package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/offer"
	"passerelle/internal/web/api"
)

func (x record) object(name string) record {
	m, _ := x[name].(map[string]any)
	return m
}

func (x record) list(name string) []any {
	l, _ := x[name].([]any)
	return l
}

func (x record) ids() string {
	var ids []string
	for _, item := range x.list("items") {
		m, _ := item.(map[string]any)
		ids = append(ids, record(m).text("id"))
	}
	return strings.Join(ids, " ")
}

func TestOfferFromDraftToPublication(t *testing.T) {
	o := startOffers(t)
	draft := o.call(201, "POST", "/offers", "agency1", mason)
	id := draft.text("id")
	if draft.text("state") != "draft" || draft.text("hoursPerWeek") != "37.5" || draft.object("pay").text("amountMax") != "1700.00" ||
		draft.text("employerName") != "Obras Sol" || draft.object("review").text("state") != "draft" {
		t.Fatalf("draft %v", draft)
	}
	o.call(404, "GET", "/offers/"+id, "", "")
	o.call(403, "POST", "/offers/"+id+"/submissions", "official1", "")
	o.call(200, "POST", "/offers/"+id+"/submissions", "agency1", "{}")
	o.call(409, "POST", "/offers/"+id+"/submissions", "agency1", "")
	o.call(409, "POST", "/offers/"+id+"/publications", "official1", "")
	o.call(200, "POST", "/offers/"+id+"/approvals", "official1", "")
	if got := o.call(403, "POST", "/offers/"+id+"/publications", "official1", "").text("code"); got != "offer.four_eyes" {
		t.Errorf("code %s", got)
	}
	o.call(200, "POST", "/offers/"+id+"/publications", "official2", "")
	shown := o.call(200, "GET", "/offers/"+id, "", "")
	if shown.text("state") != "published" || shown["open"] != true || shown["review"] != nil || shown["causes"] != nil || shown["createdAt"] != nil ||
		shown.object("published").text("monthlyGross") != "1500.00" || len(shown.object("published").text("sha256")) != 64 {
		t.Errorf("public view %v", shown)
	}
	if same := o.call(200, "GET", "/offers/"+strings.ToLower(shown.text("reference")), "", ""); same.text("id") != id {
		t.Errorf("by reference: %v", same)
	}
	found := o.call(200, "GET", "/offers?q=ma%C3%A7on&country=ES&payMin=1200&facets=country,kind", "", "")
	if found.ids() != id || found["total"] != 1.0 || !strings.Contains(fmt.Sprint(found["facets"]), "ES") {
		t.Errorf("search %v", found)
	}
}

func TestOfferTermsReadBack(t *testing.T) {
	o := startOffers(t)
	draft := o.call(201, "POST", "/offers", "agency1", mason)
	again := o.call(200, "PUT", "/offers/"+draft.text("id"), "agency1", mason, "If-Match: \"v1\"")
	for _, name := range strings.Fields("title description occupation kind employer country city places start durationMonths hoursPerWeek daysPerWeek pay benefits deductions languages education experienceMonths requiredSkills optionalSkills licences costs deadline") {
		if draft[name] == nil || fmt.Sprint(draft[name]) != fmt.Sprint(again[name]) {
			t.Errorf("%s: %v, then %v", name, draft[name], again[name])
		}
	}
	o.call(412, "PUT", "/offers/"+draft.text("id"), "agency1", mason, "If-Match: \"v1\"")
	o.call(428, "PUT", "/offers/"+draft.text("id"), "agency1", mason)
}

func TestOfferInputIsJudged(t *testing.T) {
	o := startOffers(t)
	for body, want := range map[string]string{
		`{}`:                                      "/title required",
		`{"title":"a"}`:                           "/title too_short",
		`{"title":"abc","x":1}`:                   "/x unknown",
		`{"title":"abc","id":1}`:                  "/id unknown",
		`{"title":"abc","hoursPerWeek":"37,5"}`:   "/hoursPerWeek number",
		`{"title":"abc","hoursPerWeek":"169"}`:    "/hoursPerWeek range",
		`{"title":"abc","occupation":"9999"}`:     "/occupation occupation",
		`{"title":"abc","employer":"emp_none"}`:   "/employer offer.employer.unknown",
		`{"title":"abc","benefits":{"meals":""}}`: "",
		`{"title":"abc","pay":{"amount":"1500","currency":"EUR","period":"month","basis":"gross"}}`:                       "/pay/amount ref.amount",
		`{"title":"abc","pay":{"amount":"450000","currency":"XOF","period":"month","basis":"gross"}}`:                     "",
		`{"title":"abc","pay":{"amount":"1500.00","amountMax":"1.00","currency":"EUR","period":"month","basis":"gross"}}`: "/pay/amountMax pay.range",
		`{"title":"abc","costs":{"workerFee":"5.00"}}`:                                                                    "/pay/currency required",
		`{"title":"abc","languages":[{"language":"es","level":"Z9"}]}`:                                                    "/languages/0/level level",
		`{"title":"abc","kind":"permanent","durationMonths":3}`:                                                           "/durationMonths offer.duration.permanent",
	} {
		status := 422
		if want == "" {
			status = 201
		}
		if got := o.call(status, "POST", "/offers", "agency1", body).codes(); !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
	if got := o.call(409, "POST", "/offers", "agency3", mason).text("code"); got != "offer.agency.none" {
		t.Errorf("without an agency: %s", got)
	}
}

func TestOfferLintBlocks(t *testing.T) {
	o := startOffers(t)
	body := strings.Replace(mason, "en équipe.", "en équipe. Frais de dossier : 25 000 FCFA. Écrire à paul@exemple.ml.", 1)
	draft := o.call(201, "POST", "/offers", "agency1", body)
	id := draft.text("id")
	refused := o.call(422, "POST", "/offers/"+id+"/submissions", "agency1", "")
	if refused.text("code") != "offer.lint.blocked" || refused.codes() != "/description lint.fee.text, /description lint.contact.channel" {
		t.Errorf("%s: %s", refused.text("code"), refused.codes())
	}
	lint := o.call(200, "GET", "/offers/"+id+"/lint", "agency1", "", "Accept-Language: fr")
	first, _ := lint.list("items")[0].(map[string]any)
	if lint["blocked"] != true || !strings.HasPrefix(record(first).text("detail"), "Le texte ") {
		t.Errorf("lint %v", lint)
	}
	o.call(404, "GET", "/offers/"+id+"/lint", "agency2", "")
	o.call(404, "GET", "/offers/"+id+"/lint", "observer1", "")
	o.call(403, "GET", "/offers/"+id+"/lint", "candidate1", "")
}

func TestOfferDecisions(t *testing.T) {
	o := startOffers(t)
	id := o.call(201, "POST", "/offers", "agency1", mason).text("id")
	o.call(200, "POST", "/offers/"+id+"/submissions", "agency1", "")
	o.call(422, "POST", "/offers/"+id+"/returns", "official1", `{"reason":"because"}`)
	o.call(422, "POST", "/offers/"+id+"/returns", "official1", `{"reason":"other"}`)
	back := o.call(200, "POST", "/offers/"+id+"/returns", "official1", `{"reason":"incomplete","note":"Précisez le logement."}`)
	if back.text("state") != "draft" || back.object("review").text("note") != "Précisez le logement." {
		t.Errorf("returned %v", back)
	}
	o.call(200, "POST", "/offers/"+id+"/submissions", "agency1", "")
	o.call(200, "POST", "/offers/"+id+"/refusals", "official1", `{"reason":"duplicate"}`)
	o.call(422, "POST", "/offers/"+id+"/answers", "agency1", `{"note":""}`)
	o.call(200, "POST", "/offers/"+id+"/answers", "agency1", `{"note":"Deux chantiers différents."}`)
	o.call(200, "POST", "/offers/"+id+"/withdrawals", "agency1", `{"reason":"mistake"}`)
	o.call(409, "POST", "/offers/"+id+"/submissions", "agency1", "")
}

// TestOfferReasonsAreTheDomains sends every reason of the domain: an absent
// offer is found absent only once the body has been accepted.
func TestOfferReasonsAreTheDomains(t *testing.T) {
	o := startOffers(t)
	for path, op := range map[string]struct{ action, token string }{
		"returns": {offer.ActReturn, "official1"}, "refusals": {offer.ActRefuse, "official1"}, "suspensions": {offer.ActSuspend, "official1"},
		"reopenings": {offer.ActReopen, "official1"}, "closures": {offer.ActClose, "agency1"}, "withdrawals": {offer.ActWithdraw, "agency1"},
		"objections": {offer.ActObject, "observer1"},
	} {
		for _, reason := range offer.Reasons(op.action) {
			o.call(404, "POST", "/offers/off_none/"+path, op.token, `{"reason":"`+reason+`","note":"x"}`)
		}
		o.call(422, "POST", "/offers/off_none/"+path, op.token, `{"reason":"unknown_reason"}`)
	}
}

func TestOfferStanding(t *testing.T) {
	o := startOffers(t)
	id := o.published(mason)
	o.call(200, "POST", "/offers/"+id+"/objections", "observer1", `{"reason":"pay_too_low"}`)
	o.call(409, "POST", "/offers/"+id+"/objections", "observer1", `{"reason":"pay_too_low"}`)
	o.call(200, "POST", "/offers/"+id+"/suspensions", "official3", `{"reason":"complaints"}`)
	o.call(404, "GET", "/offers/"+id, "", "") // AZ-08: hidden at once
	if found := o.call(200, "GET", "/offers", "", ""); found["total"] != 0.0 {
		t.Errorf("a suspended offer is found: %v", found)
	}
	half := o.call(200, "POST", "/offers/"+id+"/reopenings", "official1", "")
	if half.text("state") != "suspended" || half["reopening"] != true {
		t.Errorf("after one official %v", half)
	}
	o.call(403, "POST", "/offers/"+id+"/reopenings", "official1", "")
	if again := o.call(200, "POST", "/offers/"+id+"/reopenings", "official2", `{"reason":"cleared"}`); again.text("state") != "published" {
		t.Errorf("after two %v", again)
	}
	o.call(200, "POST", "/offers/"+id+"/closures", "agency1", "")
	if closed := o.call(200, "GET", "/offers/"+id, "", ""); closed.text("state") != "closed" || closed["open"] != false {
		t.Errorf("closed %v", closed)
	}
}

func TestOfferNextVersion(t *testing.T) {
	o := startOffers(t)
	id := o.published(mason)
	next := strings.Replace(mason, "Maçon coffreur", "Chef maçon", 1)
	mine := o.call(200, "PUT", "/offers/"+id, "agency1", next, "If-Match: \"v4\"")
	if mine.text("title") != "Maçon coffreur" || mine.object("review").object("terms") == nil {
		t.Fatalf("%v", mine)
	}
	if terms := record(mine.object("review")["terms"].(map[string]any)); terms.text("title") != "Chef maçon" {
		t.Errorf("next version %v", terms)
	}
	if public := o.call(200, "GET", "/offers/"+id, "", ""); public.text("title") != "Maçon coffreur" || public["review"] != nil {
		t.Errorf("public %v", public)
	}
}

func TestOfferFeed(t *testing.T) {
	o := startOffers(t)
	var ids []string
	for range 3 {
		ids = append(ids, o.published(mason))
	}
	o.call(201, "POST", "/offers", "agency1", mason) // never published: not in the feed
	later := o.clock().Add(time.Hour)
	o.now.Store(&later)
	o.call(200, "POST", "/offers/"+ids[0]+"/withdrawals", "agency1", "")
	first := o.call(200, "GET", "/offers/changes?limit=2", "", "")
	second := o.call(200, "GET", "/offers/changes?limit=2&cursor="+first.text("nextCursor"), "", "")
	if first.ids()+" "+second.ids() != ids[1]+" "+ids[2]+" "+ids[0] {
		t.Errorf("%s, then %s; made %v", first.ids(), second.ids(), ids)
	}
	gone, _ := second.list("items")[0].(map[string]any)
	if gone["gone"] != true || gone["offer"] != nil || gone["state"] != "withdrawn" {
		t.Errorf("tombstone %v", gone)
	}
	since := o.call(200, "GET", "/offers/changes?since=2026-03-02T10:30:00Z", "", "")
	if since.ids() != ids[0] {
		t.Errorf("since half past ten: %v", since)
	}
	o.call(400, "GET", "/offers/changes?since=yesterday", "", "")
}

func TestOfferSearchParameters(t *testing.T) {
	o := startOffers(t)
	id := o.published(mason)
	o.call(201, "POST", "/offers", "agency1", mason)
	for query, want := range map[string]string{
		"": id, "?country=!ES": "", "?country=ES,FR&country=MA": id, "?occupation=71": id, "?occupation=72": "", "?kind=fixed_term": id, "?kind=seasonal": "",
		"?language=es": id, "?language=fr": "", "?payMin=1500.00&payCurrency=EUR": id, "?payMin=1501": "", "?payMin=980000&payCurrency=XOF": id,
		"?publishedWithinDays=1": id, "?sort=-salary": id, "?q=logements": id, "?q=-logements": "", "?limit=1": id,
	} {
		if got := o.call(200, "GET", "/offers"+query, "", ""); got.ids() != want {
			t.Errorf("%s: %v, want %q", query, got.ids(), want)
		}
	}
	for _, query := range []string{"?country=XX", "?x=1", "?payMin=abc", "?sort=best", "?limit=101", "?facets=sex", "?language=xx"} {
		if got := o.send("GET", api.Base+"/offers"+query, "", ""); got.status != 400 && got.status != 422 {
			t.Errorf("%s: %d", query, got.status)
		}
	}
	for token, status := range map[string]int{"": 401, "candidate1": 403, "observer1": 403, "agency1": 200, "official1": 200} {
		got := o.call(status, "GET", "/offers?state=draft", token, "")
		if status == 200 && got["total"] != 1.0 {
			t.Errorf("%s: %v", token, got)
		}
	}
	if got := o.call(200, "GET", "/offers?mine=true", "agency2", ""); got["total"] != 0.0 { // AZ-04
		t.Errorf("another agency's worklist %v", got)
	}
	if got := o.call(200, "GET", "/offers/suggest?q=ma", "", ""); len(got.list("items")) != 1 {
		t.Errorf("suggestions %v", got)
	}
}

// TestOfferRolesAZ02 calls every mutation as every role on another's offer.
func TestOfferRolesAZ02(t *testing.T) {
	o := startOffers(t)
	id := o.published(mason)
	const reason = `{"reason":"other","note":"x"}`
	for path, op := range map[string]struct{ permission, body string }{
		"submissions": {"offer.submit", ""}, "returns": {"offer.review", reason}, "refusals": {"offer.review", reason}, "answers": {"offer.answer", `{"note":"x"}`},
		"approvals": {"offer.review", ""}, "publications": {"offer.publish", ""}, "suspensions": {"offer.suspend", reason}, "reopenings": {"offer.suspend", ""},
		"closures": {"offer.close", ""}, "withdrawals": {"offer.withdraw", ""}, "objections": {"offer.object", reason},
	} {
		rule := account.RuleOf(account.Permission(op.permission))
		o.call(401, "POST", "/offers/"+id+"/"+path, "", op.body)
		for _, token := range []string{"candidate1", "agency2", "official3", "admin1", "observer2"} {
			role := account.Role(strings.TrimRight(token, "123"))
			absent := o.send("POST", api.Base+"/offers/off_none/"+path, token, op.body)
			foreign := o.send("POST", api.Base+"/offers/"+id+"/"+path, token, op.body)
			switch {
			case !slices.Contains(rule.Roles, role):
				if absent.status != 403 || foreign.status != 403 {
					t.Errorf("%s as %s: %d, %d", path, role, absent.status, foreign.status)
				}
			case absent.status != 404, role == account.Agency && foreign.status != 404:
				t.Errorf("%s as %s: absent %d, another's %d", path, role, absent.status, foreign.status)
			}
		}
	}
}

func TestOfferAsJobPosting(t *testing.T) {
	o := startOffers(t)
	id := o.published(mason)
	got := o.send("GET", api.Base+"/offers/"+id, "", "", "Accept: application/ld+json")
	const want = `"jobLocation":{"@type":"Place","address":{"@type":"PostalAddress","addressCountry":"ES","addressLocality":"Almería"}},` +
		`"baseSalary":{"@type":"MonetaryAmount","currency":"EUR","value":{"@type":"QuantitativeValue","unitText":"MONTH","minValue":1500.00,"maxValue":1700.00}},`
	if got.status != 200 || got.header.Get("Content-Type") != "application/ld+json" || !strings.Contains(got.body, want) || strings.Contains(got.body, `"agency"`) {
		t.Errorf("%d %s: %s", got.status, got.header.Get("Content-Type"), got.body)
	}
	draft := o.call(201, "POST", "/offers", "agency1", mason).text("id")
	if got := o.send("GET", api.Base+"/offers/"+draft, "agency1", "", "Accept: application/ld+json"); got.header.Get("Content-Type") != "application/json" {
		t.Errorf("a draft as %s", got.header.Get("Content-Type"))
	}
}
