package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"passerelle/internal/domain/account"
)

func load(t *testing.T, data []byte) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestDocumentIsValidAndDeterministic(t *testing.T) {
	f, again := start(t), start(t)
	if !bytes.Equal(f.api.Document(), again.api.Document()) {
		t.Fatal("two documents of one table differ")
	}
	r := f.send("GET", "/openapi.json", "", "")
	if r.status != 200 || strings.TrimSpace(r.body) != string(f.api.Document()) {
		t.Fatalf("%d %.80s", r.status, r.body)
	}
	if tag := r.header.Get("ETag"); f.send("GET", "/openapi.json", "", "", "If-None-Match: "+tag).status != 304 {
		t.Error("the document has no usable entity tag")
	}
	if doc := load(t, f.api.Document()); !doc.IsOpenAPI31OrLater() {
		t.Error("not OpenAPI 3.1")
	}
}

// TestAZ10RoutesAndDocumentAgree: every served route is described, and every
// described route is served.
func TestAZ10RoutesAndDocumentAgree(t *testing.T) {
	f := start(t)
	doc := load(t, f.api.Document())
	var served, described, listed []string
	for _, route := range f.server.Engine().Routes() {
		parts := strings.Split(route.Path, "/")
		for i, part := range parts {
			if name, ok := strings.CutPrefix(part, ":"); ok {
				parts[i] = "{" + name + "}"
			}
		}
		served = append(served, route.Method+" "+strings.Join(parts, "/"))
	}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			described = append(described, method+" "+path)
		}
	}
	for _, route := range f.api.Routes() {
		listed = append(listed, route.Method+" "+route.Path)
	}
	slices.Sort(served)
	slices.Sort(described)
	slices.Sort(listed)
	if diff := cmp.Diff(served, described) + cmp.Diff(listed, described); diff != "" {
		t.Fatal(diff)
	}
}

func TestAZ02RolesComeFromThePermissionTable(t *testing.T) {
	f := start(t)
	doc := load(t, f.api.Document())
	permissions := map[string]string{}
	for _, route := range f.api.Routes() {
		permissions[route.ID] = route.Permission
	}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			rule := account.RuleOf(account.Permission(permissions[op.OperationID]))
			var roles []string
			data, err := json.Marshal(op.Extensions["x-roles"])
			if err == nil {
				err = json.Unmarshal(data, &roles)
			}
			if err != nil {
				t.Fatal(err)
			}
			if open := op.Security != nil && len(*op.Security) == 0; open != rule.Public {
				t.Errorf("%s %s: security %v, public %v", method, path, op.Security, rule.Public)
			}
			for _, role := range account.Roles() {
				if slices.Contains(roles, string(role)) != rule.Allows(role) {
					t.Errorf("%s %s: x-roles %v", method, path, roles)
				}
			}
			if slices.Contains(roles, "anonymous") != rule.Public {
				t.Errorf("%s %s: x-roles %v", method, path, roles)
			}
		}
	}
}

// TestSchemaSaysTheRules shows the document's version of the `validate` tags.
func TestSchemaSaysTheRules(t *testing.T) {
	f := start(t)
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				AdditionalProperties any
				Required             []string
				Properties           map[string]map[string]any
			}
		}
		Paths map[string]map[string]struct {
			Parameters []map[string]any
			Responses  map[string]any
		}
	}
	if err := json.Unmarshal(f.api.Document(), &doc); err != nil {
		t.Fatal(err)
	}
	in := doc.Components.Schemas["BerthInput"]
	if diff := cmp.Diff([]string{"country", "title"}, in.Required); diff != "" || in.AdditionalProperties != false {
		t.Errorf("%s %v", diff, in.AdditionalProperties)
	}
	text := func(v any) string { b, _ := json.Marshal(v); return string(b) }
	for member, want := range map[string]string{
		"title":     `{"description":"text on one line","examples":["Soudeur TIG"],"maxLength":80,"minLength":3,"pattern":"^[^\\n\\t]*$","type":"string"}`,
		"note":      `{"maxLength":200,"type":["string","null"]}`,
		"places":    `{"maximum":100,"minimum":1,"type":"integer"}`,
		"due":       `{"format":"date-time","type":["string","null"]}`,
		"languages": `{"items":{"description":"ISO 639 language","pattern":"^[a-z]{2,3}$","type":"string"},"maxItems":5,"type":"array","uniqueItems":true}`,
		"sites":     `{"items":{"$ref":"#/components/schemas/Site"},"maxItems":3,"type":"array"}`,
		"labels":    `{"additionalProperties":{"maxLength":20,"type":"string"},"maxItems":5,"type":"object"}`,
	} {
		if got := strings.ReplaceAll(strings.ReplaceAll(text(in.Properties[member]), `\u003c`, "<"), `\u003e`, ">"); got != want {
			t.Errorf("%s:\n got %s\nwant %s", member, got, want)
		}
	}
	if kind := text(in.Properties["kind"]["enum"]); !strings.Contains(kind, "fixed_term") {
		t.Errorf("kind: %s", kind)
	}
	if out := doc.Components.Schemas["Berth"]; out.AdditionalProperties != nil || text(out.Required) != `["id","rev","title"]` {
		t.Errorf("outputs may grow and hold what is not left out: %+v", out)
	}
	if _, ok := doc.Components.Schemas["BerthList"]; !ok {
		t.Errorf("lists are named after their items: %v", doc.Components.Schemas)
	}
	change := doc.Paths["/api/v1/berths/{id}"]["patch"]
	for _, status := range []string{"200", "400", "401", "403", "404", "409", "412", "413", "415", "422", "428", "429", "500", "503"} {
		if change.Responses[status] == nil {
			t.Errorf("PATCH lacks %s", status)
		}
	}
	if list := doc.Paths["/api/v1/berths"]["get"]; list.Responses["403"] != nil || len(list.Parameters) != 7 {
		t.Errorf("%+v", list)
	}
}

// TestExamplesFitTheirSchemas reads every example of the document.
func TestExamplesFitTheirSchemas(t *testing.T) {
	f := start(t)
	seen := 0
	for name, schema := range load(t, f.api.Document()).Components.Schemas {
		for member, property := range schema.Value.Properties {
			for _, example := range property.Value.Examples {
				seen++
				if err := property.Value.VisitJSON(example, openapi3.EnableJSONSchema2020()); err != nil {
					t.Errorf("%s.%s: %v", name, member, err)
				}
			}
		}
	}
	if seen == 0 {
		t.Error("there are no examples to check")
	}
}

// TestAZ11MethodsAndTricks: what is not an operation has no effect.
func TestAZ11MethodsAndTricks(t *testing.T) {
	f := start(t)
	r := f.send("PUT", "/api/v1/berths", "agency", goodBody)
	if p := r.problem(t); r.status != 405 || p.Code != "request.method" || r.header.Get("Allow") != "GET, POST, HEAD" {
		t.Errorf("%d %v", r.status, r.header)
	}
	if r := f.send("POST", "/api/v1/berths/"+berthID, "agency", goodBody, "X-HTTP-Method-Override: DELETE"); r.status != 405 {
		t.Errorf("method override: %d", r.status)
	}
	for _, path := range []string{"/api/v1/berths/", "/api//v1/berths", "/api/v1/./berths", "/api/v1/x/../berths", "/API/v1/berths", "/api/v1/berths%2F" + berthID, "/api/v2/berths", "/api/v1/berths/" + berthID + "/none"} {
		req := httptest.NewRequest(http.MethodGet, "http://x"+path, nil)
		w := httptest.NewRecorder()
		f.server.Handler().ServeHTTP(w, req)
		if w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	head := f.send("HEAD", "/api/v1/berths/"+berthID, "", "")
	if head.status != 200 || head.body != "" || head.header.Get("ETag") != `"v7"` {
		t.Errorf("HEAD: %d %q %v", head.status, head.body, head.header)
	}
}
