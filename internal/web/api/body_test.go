package api_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"passerelle/internal/web"
)

// body makes a valid body with one more member.
func body(member string) string { return `{"title":"Soudeur","country":"ES",` + member + `}` }

// TestIN04StrictJSON: what cannot be read is 400, whatever the decoder of the
// standard library thinks of it.
//
// covers LM-02, IN-01
func TestIN04StrictJSON(t *testing.T) {
	f := start(t)
	deep := func(n int) string { return body(`"x":` + strings.Repeat("[", n) + strings.Repeat("]", n)) }
	wide := func(n int) string { return body(`"languages":[` + strings.Repeat("1,", n-1) + `1]`) }
	for name, tc := range map[string]struct{ body, code string }{
		"not json":          {`title=x`, "json.syntax"},
		"cut off":           {`{"title":"Soudeur"`, "json.syntax"},
		"trailing comma":    {`{"title":"Soudeur",}`, "json.syntax"},
		"list comma":        {`{"languages":["fr",]}`, "json.syntax"},
		"single quotes":     {`{'title':'x'}`, "json.syntax"},
		"comment":           {`{"title":"x"} // y`, "json.trailing"},
		"second document":   {goodBody + goodBody, "json.trailing"},
		"trailing text":     {goodBody + " x", "json.trailing"},
		"leading zero":      {body(`"places":01`), "json.syntax"},
		"NaN":               {body(`"ratio":NaN`), "json.syntax"},
		"duplicate":         {body(`"title":"other"`), "json.duplicate"},
		"case variant":      {body(`"Title":"other"`), "json.duplicate"},
		"inner duplicate":   {body(`"labels":{"a":"1","A":"2"}`), "json.duplicate"},
		"unknown duplicate": {body(`"x":{"a":1,"a":2}`), "json.duplicate"},
		"escaped duplicate": {body(`"t\u0069tle":"other"`), "json.duplicate"},
		"Kelvin sign":       {body("\"k\":1,\"\u212a\":2"), "json.duplicate"},
		"too deep":          {deep(32), "json.depth"},
		"too long":          {wide(10_001), "json.members"},
		"invalid UTF-8":     {body("\"note\":\"a\xffb\""), "json.encoding"},
		"null character":    {body(`"note":"a\u0000b"`), "json.encoding"},
		"lone high":         {body(`"note":"a\ud800b"`), "json.encoding"},
		"lone low":          {body(`"note":"a\udc00b"`), "json.encoding"},
		"two highs":         {body(`"note":"\ud83d\ud83d"`), "json.encoding"},
		"raw control":       {body("\"note\":\"a\nb\""), "json.syntax"},
		"byte order mark":   {"\ufeff" + goodBody, "json.syntax"},
	} {
		t.Run(name, func(t *testing.T) {
			r := f.send("POST", "/api/v1/berths", "agency", tc.body)
			if p := r.problem(t); r.status != 400 || p.Code != tc.code {
				t.Fatalf("%d %s", r.status, r.body)
			}
		})
	}
	if r := f.send("POST", "/api/v1/berths", "agency", deep(31)); r.status != 422 {
		t.Errorf("31 levels inside the body can be read: %d %s", r.status, r.body)
	}
	if r := f.send("POST", "/api/v1/berths", "agency", wide(10_000)); r.status != 422 {
		t.Errorf("10,000 members can be read: %d", r.status)
	}
	if f.berths.made.Load() != 0 {
		t.Error("an unreadable body reached the handler")
	}
}

func errorsOf(p web.Problem) string {
	var b strings.Builder
	for _, e := range p.Errors {
		b.WriteString(e.Pointer + " " + e.Code + ";")
	}
	return b.String()
}

// TestRules: what can be read and breaks a rule is 422, with pointers.
func TestRules(t *testing.T) {
	f := start(t)
	long := strings.Repeat("é", 81)
	for name, tc := range map[string]struct{ body, want string }{
		"nothing":         {`{}`, "/title required;/country required;"},
		"null":            {`null`, " type;"},
		"list":            {`[]`, " type;"},
		"text":            {`"x"`, " type;"},
		"unknown":         {body(`"role":"admin"`), "/role unknown;"},
		"other case":      {`{"Title":"Soudeur","country":"ES"}`, "/Title unknown;/title required;"},
		"escaped pointer": {body(`"a/b~c":1`), "/a~1b~0c unknown;"},
		"hidden name":     {body(`"a\u0007b":1`), " unknown;"},
		"number as text":  {body(`"note":5`), "/note type;"},
		"text as number":  {body(`"places":"5"`), "/places type;"},
		"object as text":  {`{"title":{"$ne":""},"country":"ES"}`, "/title type;"},
		"null scalar":     {`{"title":null,"country":"ES"}`, "/title type;"},
		"null list":       {body(`"sites":null`), "/sites type;"},
		"float as int":    {body(`"places":1.0`), "/places type;"},
		"exponent":        {body(`"places":1e1`), "/places type;"},
		"overflow":        {body(`"places":200`), "/places range;"},
		"over int64":      {body(`"places":9223372036854775808`), "/places range;"},
		"over float":      {body(`"ratio":1e999`), "/ratio range;"},
		"number as bool":  {body(`"open":1`), "/open type;"},
		"too large":       {body(`"places":101`), "/places too_large;"},
		"too short":       {`{"title":"So","country":"ES"}`, "/title too_short;"},
		"too long":        {`{"title":"` + long + `","country":"ES"}`, "/title too_long;"},
		"two lines":       {`{"title":"a\nbcd","country":"ES"}`, "/title line;"},
		"control":         {`{"title":"a\u001bbcd","country":"ES"}`, "/title control;"},
		"carriage return": {body(`"note":"a\r\nb"`), "/note control;"},
		"C1 control":      {body(`"note":"a\u0085b"`), "/note control;"},
		"country":         {`{"title":"Soudeur","country":"XX"}`, "/country country;"},
		"lower case":      {`{"title":"Soudeur","country":"es"}`, "/country country;"},
		"kind":            {body(`"kind":"forced"`), "/kind kind;"},
		"amount":          {body(`"amount":"-1"`), "/amount amount;"},
		"nested":          {body(`"sites":[{"city":"Ségou","places":1},{"city":"","places":0}]`), "/sites/1/city required;/sites/1/places too_small;"},
		"nested unknown":  {body(`"sites":[{"city":"Ségou","places":1,"x":1}]`), "/sites/0/x unknown;"},
		"nested type":     {body(`"sites":[5]`), "/sites/0 type;"},
		"bidi name":       {body(`"sites":[{"city":"S\u202egou","places":1}]`), "/sites/0/city name;"},
		"zero width":      {body(`"sites":[{"city":"S\u200bgou","places":1}]`), "/sites/0/city name;"},
		"too many":        {body(`"sites":[{},{},{},{}]`), "/sites too_many;"},
		"list item":       {body(`"languages":["fr","xx"]`), "/languages/1 language;"},
		"twice":           {body(`"languages":["fr","fr"]`), "/languages unique;"},
		"map value":       {body(`"labels":{"k":"` + long + `"}`), "/labels/k too_long;"},
		"map operator":    {body(`"labels":{"$gt":"1"}`), "/labels/$gt unknown;"},
		"instant":         {body(`"due":"tomorrow"`), "/due instant;"},
	} {
		t.Run(name, func(t *testing.T) {
			r := f.send("POST", "/api/v1/berths", "agency", tc.body)
			p := r.problem(t)
			if r.status != 422 || p.Code != "request.invalid" || errorsOf(p) != tc.want {
				t.Fatalf("%d %s", r.status, r.body)
			}
		})
	}
}

// covers IN-10
func TestGoodBodiesAreReadExactly(t *testing.T) {
	f := start(t)
	full := `{"title":"Soudeur \ud83d\udd25","country":"ES","kind":"seasonal","amount":"1500.00","note":"l\u0069gne\n\tde\u0301part",` +
		`"sites":[{"city":"Ségou — ߒߞߏ عربي ɛɔɲŋ","places":7}],"languages":["bm","fr"],"labels":{"a":"b"},"places":100,"ratio":0.5,"open":true,"due":"2026-03-01T10:00:00+02:00"}`
	if r := f.send("POST", "/api/v1/berths", "agency", full); r.status != 201 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	got, err := json.Marshal(f.berths.body.Load())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"title":"Soudeur 🔥","country":"ES","kind":"seasonal","amount":"1500.00","note":"ligne\n\tdépart",` +
		`"sites":[{"city":"Ségou — ߒߞߏ عربي ɛɔɲŋ","places":7}],"languages":["bm","fr"],"labels":{"a":"b"},"places":100,"ratio":0.5,"open":true,"due":"2026-03-01T08:00:00Z"}`
	if string(got) != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
	if r := f.send("POST", "/api/v1/berths", "agency", body(`"note":null,"due":null`)); r.status != 201 || f.berths.body.Load().Note != nil {
		t.Errorf("null is not stated: %d %s", r.status, r.body)
	}
}

// covers WB-04
func TestFieldErrorsAreBoundedAndSilent(t *testing.T) {
	f := start(t)
	var b strings.Builder
	for i := range 500 {
		b.WriteString(`,"secret` + strconv.Itoa(i) + `":"passport-A123"`)
	}
	r := f.send("POST", "/api/v1/berths", "agency", `{"title":"geheim-tout-court-mais-trop-long-`+strings.Repeat("x", 80)+`","country":"QQQ"`+b.String()+`}`)
	if p := r.problem(t); r.status != 422 || len(p.Errors) != 100 {
		t.Errorf("%d with %d errors", r.status, len(p.Errors))
	}
	for _, value := range []string{"passport-A123", "geheim", "QQQ"} {
		if strings.Contains(r.body, value) || strings.Contains(f.logs.String(), value) {
			t.Errorf("the rejected value %q is echoed or logged", value)
		}
	}
}

func TestMediaTypesAndEmptyBodies(t *testing.T) {
	f := start(t)
	for _, tc := range []struct {
		method, path, body, contentType string
		status                          int
	}{
		{"POST", "/berths", goodBody, "application/json; charset=UTF-8", 201},
		{"POST", "/berths", goodBody, "text/plain", 415},
		{"POST", "/berths", goodBody, "application/x-www-form-urlencoded", 415},
		{"POST", "/berths", goodBody, "application/merge-patch+json", 415},
		{"POST", "/berths", goodBody, "application/json; charset=latin1", 415},
		{"POST", "/berths", goodBody, "nonsense", 415},
		{"POST", "/berths", "", "application/json", 400},
		{"POST", "/auth/login", "", "", 200},
		{"POST", "/auth/login", "{}", "application/json", 200},
		{"POST", "/auth/login", `{"role":"admin"}`, "application/json", 422},
		{"DELETE", "/berths/" + berthID, "", "", 204},
		{"GET", "/berths", "{}", "application/json", 400},
		{"POST", "/imports", goodBody, "application/json", 415},
	} {
		r := f.send(tc.method, "/api/v1"+tc.path, "agency", tc.body, "Content-Type: "+tc.contentType)
		if r.status != tc.status {
			t.Errorf("%+v: %d %s", tc, r.status, r.body)
		}
	}
	if r := f.send("POST", "/api/v1/berths", "agency", goodBody, "Content-Encoding: gzip"); r.status != 415 || r.problem(t).Code != "request.content_encoding" {
		t.Errorf("compressed body: %d", r.status)
	}
}
