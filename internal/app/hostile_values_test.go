package app

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// marker is in every hostile text: an answer of refusal that holds it has
// echoed what was sent.
const marker = "zqxechozqx"

// hostileValues are what a member of a body is set to: operators of the
// database, other types, numbers beyond every bound, and texts that mean
// something to a reader further on.
func hostileValues() []json.RawMessage {
	texts := []string{
		marker, "$" + marker, marker + "' || '1'=='1", "<script>" + marker + "</script>", "{{" + marker + "}}${7*7}%s%n%x", "=cmd|' /c " + marker + "'!A1",
		"../../../../etc/" + marker, marker + "\r\nSet-Cookie: a=b", marker + "\x00", marker + "\u202egnp.exe", marker + "\u200b\u2060\ufeff",
		marker + "\U000E0041\U000E007F", marker + strings.Repeat("\u0301", 2000), strings.Repeat(marker+" ", 5000), "2026-02-30" + marker,
		"-1.00", "1e9", "99999999999999999999.99", "9999-12-31", "", " ", "\u0661\u0662", "mali.\u0430\u0440\u0440" + marker,
	}
	raw := []string{
		`{"$ne":null}`, `{"$gt":""}`, `{"$where":"sleep(5000) || '` + marker + `'"}`, `{"$regex":"(a+)+$","$options":"` + marker + `"}`, `{"$oid":"` + marker + `"}`,
		`[]`, `[{"$in":["` + marker + `"]}]`, `{}`, `[[[["` + marker + `"]]]]`, `null`, `true`, `-1`, `0`, `0.1`, `1e308`, `1e999`, `9223372036854775807`,
		`9223372036854775808`, `-9223372036854775809`, `"\ud800` + marker + `"`, `"\u0000` + marker + `"`,
	}
	var out []json.RawMessage
	for _, text := range raw {
		out = append(out, json.RawMessage(text))
	}
	for _, text := range texts {
		encoded, _ := json.Marshal(text) // a text always encodes
		out = append(out, encoded)
	}
	return out
}

// hostileTexts are what a parameter of an address is set to, not yet escaped.
func hostileTexts() []string {
	return []string{
		marker, "$ne" + marker, `{"$gt":"` + marker + `"}`, "-1", "0", "1e9", "99999999999999999999", marker + "\x00", marker + "\r\nX-Injected: 1", "\xff\xfe" + marker,
		"../../" + marker, marker + "\u202e", marker + "\u200b", strings.Repeat(marker, 300), `"` + marker, "-", `"`, "*", marker + "*", "(a+)+$" + marker, "' OR 1=1 --" + marker,
		"<script>" + marker, strings.Repeat("a,", 500), "%" + marker, "\\" + marker,
	}
}

// attack is one hostile request.
type attack struct {
	what    string
	method  string
	path    string // as it is sent, with its query
	kind    string // content type
	content []byte
	headers []string
	heavy   bool // may end with a broken connection in place of an answer
}

// Bodies that are made once and sent often.
type heavyBodies struct {
	tenMegabytes, deep, wide, zipped []byte
}

func newHeavyBodies(t testing.TB) heavyBodies {
	t.Helper()
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := w.Write(bytes.Repeat([]byte{' '}, 10<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	wide := object{}
	for i := range 3000 {
		wide[fmt.Sprintf("member%d", i)] = i
	}
	text, err := json.Marshal(wide)
	if err != nil {
		t.Fatal(err)
	}
	return heavyBodies{
		tenMegabytes: []byte(`{"` + marker + `":"` + strings.Repeat("a", 10<<20) + `"}`),
		deep:         []byte(strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000)),
		wide:         text, zipped: zipped.Bytes(),
	}
}

// generator makes the attacks on an operation from what the document says.
type generator struct {
	*description
	heavy heavyBodies
	ids   map[string]string // first segment of the path → a record that is there
}

// address fills the path's parameters in, all of them with id.
func (g *generator) address(o *documented, id string) string {
	parts := strings.Split(o.path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, "{") {
			parts[i] = id
		}
	}
	return strings.Join(parts, "/")
}

func (g *generator) plainAddress(o *documented) string {
	segment, _, _ := strings.Cut(strings.TrimPrefix(o.path, "/api/v1/"), "/")
	return g.address(o, g.ids[segment])
}

// few are the attacks on somebody who may not even call the operation: it has
// to refuse before it reads.
func (g *generator) few(o *documented) []attack {
	return g.whole(o, []attack{
		{what: "an unknown member", content: []byte(`{"inconnu":{"$ne":"` + marker + `"}}`)}, {what: "no JSON", content: []byte(marker)},
		{what: "10 MB", content: g.heavy.tenMegabytes, heavy: true}, {what: "gzip", content: g.heavy.zipped, headers: []string{"Content-Encoding", "gzip"}, heavy: true},
	})
}

// all are the attacks by somebody who may call it; once they have been
// thorough, others try less.
func (g *generator) all(o *documented, thorough bool) []attack {
	if !thorough {
		return slices.Concat(g.few(o)[:2], g.members(o, false), g.queries(o, false))
	}
	return slices.Concat(g.bodies(o), g.members(o, thorough), g.queries(o, thorough), g.paths(o), g.headers(o))
}

// whole completes attacks that are a body only.
func (g *generator) whole(o *documented, in []attack) []attack {
	for i := range in {
		a := &in[i]
		a.method, a.path = o.method, g.plainAddress(o)
		if a.kind == "" {
			a.kind = "application/json"
		}
		if o.method == "PUT" || o.method == "PATCH" {
			a.headers = append(a.headers, "If-Match", staleTag)
		}
	}
	return in
}

func (g *generator) bodies(o *documented) []attack {
	of := func(what, text string) attack { return attack{what: what, content: []byte(text)} }
	return g.whole(o, append(g.few(o),
		attack{what: "10,000 deep", content: g.heavy.deep}, attack{what: "3,000 members", content: g.heavy.wide},
		of("invalid UTF-8", "{\"a\":\"\xff\xfe"+marker+"\"}"), of("null byte", "{\"a\":\"\x00"+marker+"\"}"), of("a name twice", `{"a":1,"a":"`+marker+`"}`),
		of("a name in two cases", `{"name":1,"NAME":"`+marker+`"}`), of("more after the end", `{} {"a":"`+marker+`"}`), of("half", `{"a":"`+marker), of("a list", `["`+marker+`"]`),
		of("a text", `"`+marker+`"`), of("null", "null"), of("a number", "1e999"), of("comments", `{/*`+marker+`*/}`), of("NaN", `{"a":NaN}`),
		of("prototype", `{"__proto__":{"role":"admin"},"constructor":"`+marker+`"}`), of("what the server keeps", `{"_id":"x","id":"x","rev":9,"role":"admin","state":"published"}`),
		attack{what: "another type", kind: "text/plain", content: []byte(marker)}, attack{what: "XML", kind: "application/xml", content: []byte("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>")},
		attack{what: "two charsets", kind: "application/json; charset=utf-16", content: []byte("{}")},
		attack{what: "a form", kind: "application/x-www-form-urlencoded", content: []byte("login[$ne]=" + marker)},
		attack{what: "an endless form", kind: "multipart/form-data; boundary=x", content: []byte(strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"+marker+"\r\n", 900))},
		attack{what: "a form without end", kind: "multipart/form-data; boundary=x", content: []byte("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../" + marker + "\"\r\n\r\na")},
		attack{what: "a form without boundary", kind: "multipart/form-data", content: []byte("--x")},
	))
}

// members sets every member of the body to hostile values: thorough means
// every member to every value, else every member to some.
func (g *generator) members(o *documented, thorough bool) []attack {
	if o.Body == nil {
		return nil
	}
	content, ok := o.Body.Content["application/json"]
	if !ok {
		return nil
	}
	full, _ := g.full(content.Schema, 0).(object)
	least, _ := g.example(content.Schema).(object)
	values := hostileValues()
	var out []attack
	for i, at := range placesIn(full, nil) {
		for j, value := range values {
			if !thorough && (i+j)%len(values) >= 3 {
				continue
			}
			text, err := json.Marshal(withOne(least, full, at, value))
			if err != nil {
				panic(err) // the values are JSON: one that is not would never be sent
			}
			out = append(out, attack{what: fmt.Sprintf("%v = %.40s", at, value), content: text})
		}
	}
	return g.whole(o, out)
}

// withOne is the smallest body with one member more, changed at one place: if
// that is taken, nothing else keeps the request from going on.
func withOne(least, full object, at []any, value json.RawMessage) object {
	out := maps.Clone(least)
	if out == nil {
		out = object{}
	}
	name, _ := at[0].(string)
	out[name] = replaced(full[name], at[1:], value)
	return out
}

// full makes a value with every member a schema knows.
func (g *generator) full(schema object, depth int) any {
	if ref, ok := schema["$ref"].(string); ok {
		return g.full(g.Components.Schemas[ref[strings.LastIndex(ref, "/")+1:]], depth)
	}
	properties, _ := schema["properties"].(object)
	items, _ := schema["items"].(object)
	switch {
	case depth < 5 && len(properties) > 0:
		out := object{}
		for name, member := range properties {
			inner, _ := member.(object)
			out[name] = g.full(inner, depth+1)
		}
		return out
	case depth < 5 && kindOf(schema) == "array":
		return []any{g.full(items, depth+1)}
	default:
		return g.example(schema)
	}
}

// placesIn lists the ways to every value inside v.
func placesIn(v any, at []any) (out [][]any) {
	if len(at) > 0 {
		out = append(out, at)
	}
	switch v := v.(type) {
	case object:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			out = append(out, placesIn(v[name], append(slices.Clone(at), name))...)
		}
	case []any:
		for i := range v {
			out = append(out, placesIn(v[i], append(slices.Clone(at), i))...)
		}
	}
	return out
}

// replaced copies v with another value at one place.
func replaced(v any, at []any, value json.RawMessage) any {
	if len(at) == 0 {
		return value
	}
	switch v := v.(type) {
	case object:
		out := maps.Clone(v)
		name, _ := at[0].(string)
		out[name] = replaced(v[name], at[1:], value)
		return out
	case []any:
		out := slices.Clone(v)
		i, _ := at[0].(int)
		out[i] = replaced(v[i], at[1:], value)
		return out
	default:
		return value
	}
}

// queries sets every parameter of the address to hostile texts.
func (g *generator) queries(o *documented, thorough bool) []attack {
	base := g.plainAddress(o)
	add := func(out []attack, what, query string) []attack {
		return append(out, attack{what: what, method: o.method, path: base + "?" + query})
	}
	out := add(nil, "an unknown parameter", "inconnu="+marker)
	out = add(out, "a parameter with an operator", "q[$ne]="+marker+"&$where="+marker)
	out = add(out, "a thousand parameters", strings.Repeat("a=1&", 1000))
	out = add(out, "malformed escapes", "q=%zz%"+marker)
	out = add(out, "an address of 9 kB", "q="+strings.Repeat("a", 9000))
	for i, p := range o.Parameters {
		if p.In != "query" {
			continue
		}
		out = add(out, p.Name+" twice", p.Name+"="+marker+"&"+p.Name+"="+marker)
		out = add(out, p.Name+" with an operator", p.Name+"[$gt]="+marker)
		for j, text := range hostileTexts() {
			if thorough || (i+j)%4 == 0 {
				out = add(out, fmt.Sprintf("%s = %.40q", p.Name, text), p.Name+"="+url.QueryEscape(text))
			}
		}
	}
	return out
}

// paths tries hostile ids, and tricks around the path itself.
func (g *generator) paths(o *documented) []attack {
	var out []attack
	if strings.Contains(o.path, "{") {
		for _, id := range []string{
			marker, "%00" + marker, "%2e%2e%2f" + marker, "..%5c" + marker, "%24ne", "%7B%22%24gt%22%3A%22%22%7D", "off_" + marker, "%ff" + marker, "%E2%80%AE" + marker,
			strings.Repeat(marker, 400), "off_00000000000000000000000000", "%0d%0aX-Injected:%201", "me", "-1", "*", "ML-" + marker, ";" + marker, "%2500",
		} {
			out = append(out, attack{what: "id " + id[:min(len(id), 40)], path: g.address(o, id)})
		}
	}
	plain := g.plainAddress(o)
	for _, path := range []string{plain + "/", plain + "//", plain + "/.", plain + "/../", "/" + plain, strings.ToUpper(plain), plain + "%20", plain + ";jsessionid=" + marker, plain + ".json"} {
		out = append(out, attack{what: "path " + path[:min(len(path), 60)], path: path})
	}
	for i := range out {
		out[i].method = o.method
	}
	return out
}

// headers tries to change who calls and what is called by header.
func (g *generator) headers(o *documented) []attack {
	var out []attack
	for _, pair := range [][2]string{
		{"X-HTTP-Method-Override", "DELETE"}, {"X-Original-URL", "/api/v1/me"}, {"X-Forwarded-For", "127.0.0.1, " + marker}, {"X-Forwarded-Host", marker},
		{"X-User-Id", "acc_admin"}, {"X-Role", "admin"}, {"Idempotency-Key", strings.Repeat(marker, 40)}, {"Idempotency-Key", "a b"}, {"If-Match", `W/"` + marker + `"`},
		{"If-Match", "*"}, {"If-None-Match", "*"}, {"If-None-Match", `"` + marker + `"`}, {"Accept-Language", strings.Repeat("fr;q=0.1,", 900) + marker}, {"Accept", marker + "/*"},
		{"Range", "bytes=0-1,2-3,4-99999999999999999999"}, {"Cookie", "passerelle-access=" + marker}, {"Origin", "https://" + marker + ".example"}, {"Expect", marker},
		{"Transfer-Encoding", "gzip"}, {"Content-Encoding", "br"}, {"X-Request-Id", marker + "\tforged"},
	} {
		out = append(out, attack{what: pair[0] + ": " + pair[1][:min(len(pair[1]), 40)], content: []byte("{}"), headers: []string{pair[0], pair[1]}})
	}
	return g.whole(o, out)
}
