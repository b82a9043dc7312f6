package api_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"passerelle/internal/web/api"
)

const berthsPath = "/api/v1/berths"

// TestIN02Query: known names, single, typed; the rest is 400, broken rules 422.
func TestIN02Query(t *testing.T) {
	f := start(t)
	for _, tc := range []struct {
		query  string
		status int
		want   string
	}{
		{"", 200, ""},
		{"q=soudeur&limit=100", 200, ""},
		{"q=", 200, ""},
		{"Q=x", 400, "Q unknown;"},
		{"x=1&limit=5", 400, "x unknown;"},
		{"q%5B%24ne%5D=1", 400, "q[$ne] unknown;"},
		{"q=a&q=b", 400, "q repeated;"},
		{"limit=1&limit=1", 400, "limit repeated;"},
		{"limit=many", 400, "limit integer;"},
		{"limit=1.5", 400, "limit integer;"},
		{"limit=99999999999999999999", 400, "limit integer;"},
		{"open=1", 400, "open boolean;"},
		{"q=a%00b", 400, "q control;"},
		{"q=a%0Ab", 400, "q control;"},
		{"q=%ff", 400, "q control;"},
		{"q=%zz", 400, ""},
		{"q=a;limit=3", 400, ""},
		{"country=" + strings.Repeat("FR,", 201), 400, "country too_many;"},
		{"limit=0", 422, "limit too_small;"},
		{"limit=101", 422, "limit too_large;"},
		{"country=FR,XX", 422, "country/1 country;"},
		{"country=FR&country=ES&country=IT,DE", 422, "country too_many;"},
		{"payMin=-1", 422, "payMin too_small;"},
		{"q=" + strings.Repeat("é", 41), 422, "q too_long;"},
	} {
		r := f.send("GET", berthsPath+"?"+tc.query, "", "")
		if r.status != tc.status {
			t.Errorf("%.60s: %d %s", tc.query, r.status, r.body)
			continue
		}
		if tc.status != 200 && errorsOf(r.problem(t)) != tc.want {
			t.Errorf("%.60s: %s", tc.query, r.body)
		}
	}
}

func TestParametersAreRead(t *testing.T) {
	f := start(t)
	r := f.send("GET", berthsPath+"?q=d%C3%A9part+x&country=FR&country=ES,IT&payMin=5&open=false", "", "", "X-Signed-By: me")
	if r.status != 200 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	got := f.berths.seen.Load()
	if got.Q != "départ x" || got.PayMin != 5 || got.Open == nil || *got.Open || got.SignedBy != "me" || got.Limit != 20 {
		t.Errorf("%+v", got)
	}
	if diff := cmp.Diff([]string{"FR", "ES", "IT"}, got.Country); diff != "" {
		t.Error(diff)
	}
	if f.send("GET", berthsPath, "", ""); f.berths.seen.Load().Open != nil {
		t.Error("a parameter that was not sent is nil")
	}
	if r := f.send("GET", berthsPath, "", "", "X-Signed-By: "+strings.Repeat("x", 11)); r.status != 422 || errorsOf(r.problem(t)) != "X-Signed-By too_long;" {
		t.Errorf("%d %s", r.status, r.body)
	}
}

// TestAZ03MalformedIdsDoNotExist: they answer like absent ones.
func TestAZ03MalformedIdsDoNotExist(t *testing.T) {
	f := start(t)
	absent := f.send("GET", berthsPath+"/"+berthID, "observer", "")
	for _, id := range []string{"x", "off_01ARZ3NDEKTSV4RRFFQ69G5FAV", strings.ToLower(berthID), berthID + "0", "ber_", "%24ne"} {
		r := f.send("GET", berthsPath+"/"+id, "observer", "")
		if r.status != 404 || r.problem(t).Code != absent.problem(t).Code || r.problem(t).Detail != absent.problem(t).Detail {
			t.Errorf("%s: %d %s", id, r.status, r.body)
		}
	}
}

type page struct {
	Items      []map[string]any
	Total      int
	NextCursor string
}

// TestLM03Cursor: signed, and bound to its list.
func TestLM03Cursor(t *testing.T) {
	f := start(t)
	var first, second page
	r := f.send("GET", berthsPath+"?country=FR,ES&limit=1&q=x", "", "")
	r.decode(t, &first)
	if first.Total != 3 || len(first.Items) != 1 || first.NextCursor == "" {
		t.Fatalf("%s", r.body)
	}
	link := r.header.Get("Link")
	target, ok := strings.CutSuffix(strings.TrimPrefix(link, "<"), `>; rel="next"`)
	if !ok || !strings.HasPrefix(target, berthsPath+"?") {
		t.Fatalf("link %q", link)
	}
	next := f.send("GET", target, "", "")
	next.decode(t, &second)
	if next.status != 200 || second.Items[0]["title"] != "xpos<1>" || second.NextCursor != "" || next.header.Get("Link") != "" {
		t.Fatalf("%d %s", next.status, next.body)
	}
	if got := f.berths.seen.Load(); got.Limit != 1 || len(got.Country) != 2 {
		t.Errorf("the link loses parameters: %+v", got)
	}
	c := url.QueryEscape(first.NextCursor)
	for query, status := range map[string]int{
		"country=FR,ES&q=x&limit=50&cursor=" + c: 200,
		"country=FR&country=ES&q=x&cursor=" + c:  200,
		"country=FR&q=x&cursor=" + c:             400,
		"cursor=" + c:                            400,
		"country=FR,ES&q=x&cursor=" + c[1:]:      400,
		"country=FR,ES&q=x&cursor=" + c + "AAAA": 400,
		"country=FR,ES&q=x&cursor=%21":           400,
		"country=FR,ES&q=x&cursor=" + base64.RawURLEncoding.EncodeToString([]byte{1}): 400,
	} {
		r := f.send("GET", berthsPath+"?"+query, "", "")
		if r.status != status || status == 400 && r.problem(t).Code != "cursor" {
			t.Errorf("%s: %d %s", query, r.status, r.body)
		}
	}
}

func TestCursorSurvivesNoChange(t *testing.T) {
	f := start(t)
	var first page
	f.send("GET", berthsPath, "", "").decode(t, &first)
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(first.NextCursor)
		i := rapid.IntRange(0, len(b)-1).Draw(t, "at")
		letter := rapid.SampledFrom([]byte("ABCxyz019-_")).Draw(t, "letter")
		if b[i] == letter {
			return
		}
		b[i] = letter
		if r := f.send("GET", berthsPath+"?cursor="+url.QueryEscape(string(b)), "", ""); r.status != 400 {
			t.Fatalf("a changed cursor is accepted: %d", r.status)
		}
	})
}

func TestListsAreNeverNull(t *testing.T) {
	f := start(t)
	if r := f.send("GET", berthsPath, "", ""); !strings.Contains(r.body, `"items":[`) {
		t.Error(r.body)
	}
	if got := fmt.Sprintf("%v", (api.Page{Limit: 5}).Listing()); got != "{5 }" {
		t.Error(got)
	}
}
