package app

import (
	"encoding/json"
	"net/http"
	"slices"
	"sort"
	"strings"
	"testing"

	"passerelle/internal/domain/account"
)

// description is the served OpenAPI document, as far as the tests read it.
type description struct {
	Paths      map[string]map[string]*documented `json:"paths"`
	Components struct {
		Schemas map[string]object `json:"schemas"`
	} `json:"components"`
}

// documented is one operation of the document.
type documented struct {
	ID         string   `json:"operationId"`
	Permission string   `json:"x-permission"`
	Roles      []string `json:"x-roles"`
	Security   []object `json:"security"`
	Parameters []struct {
		Name     string
		In       string
		Required bool
		Schema   object
	} `json:"parameters"`
	Body *struct {
		Required bool
		Content  map[string]struct{ Schema object }
	} `json:"requestBody"`
	Responses map[string]json.RawMessage `json:"responses"`

	method, path string
}

func describe(t testing.TB, h *house) *description {
	t.Helper()
	d := read[description](h.as(t, ""), "/openapi.json")
	for path, item := range d.Paths {
		for method, o := range item {
			o.method, o.path = strings.ToUpper(method), path
		}
	}
	return &d
}

// operations lists all operations by path and method.
func (d *description) operations() (all []*documented) {
	for _, item := range d.Paths {
		for _, o := range item {
			all = append(all, o)
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].path+" "+all[i].method < all[j].path+" "+all[j].method })
	return all
}

// minimal makes the smallest body the document calls valid; nil when the
// operation reads none, or none is required.
func (d *description) minimal(o *documented) any {
	if o.Body == nil || !o.Body.Required {
		return nil
	}
	for _, content := range o.Body.Content {
		return d.example(content.Schema)
	}
	return nil
}

// example makes a value a schema allows: its example, the first of its list of
// values, or the plainest value of its type with all that is required.
func (d *description) example(schema object) any {
	if ref, ok := schema["$ref"].(string); ok {
		return d.example(d.Components.Schemas[ref[strings.LastIndex(ref, "/")+1:]])
	}
	for _, list := range []string{"examples", "enum"} {
		if values, ok := schema[list].([]any); ok && len(values) > 0 {
			return values[0]
		}
	}
	switch kindOf(schema) {
	case "object":
		return d.members(schema)
	case "array":
		items, _ := schema["items"].(object)
		return []any{d.example(items)}
	case "integer", "number":
		if least, ok := schema["minimum"]; ok {
			return least
		}
		return 0
	case "boolean":
		return false
	default:
		return "texte"
	}
}

func (d *description) members(schema object) any {
	out := object{}
	required, _ := schema["required"].([]any)
	properties, _ := schema["properties"].(object)
	for _, name := range required {
		text, _ := name.(string)
		member, _ := properties[text].(object)
		out[text] = d.example(member)
	}
	return out
}

func kindOf(schema object) string {
	switch kind := schema["type"].(type) {
	case string:
		return kind
	case []any:
		text, _ := kind[0].(string)
		return text
	default:
		return ""
	}
}

// TestAZ10EveryRouteIsDocumented compares the router with the document, both
// ways.
func TestAZ10EveryRouteIsDocumented(t *testing.T) {
	h := readHouse(t)
	described := map[string]bool{}
	for _, o := range describe(t, h).operations() {
		described[o.method+" "+o.path] = true
	}
	served := map[string]bool{}
	for _, route := range h.server.Engine().Routes() {
		served[route.Method+" "+inBraces(route.Path)] = true
	}
	for route := range described {
		if !served[route] {
			t.Errorf("%s is in the document and not served", route)
		}
	}
	for route := range served {
		_, path, _ := strings.Cut(route, " ")
		if !described[route] && isRoot(path) {
			t.Errorf("%s is served and not in the document", route)
		}
		for _, debug := range []string{"debug", "pprof", "metrics", "test"} {
			if slices.Contains(strings.Split(path, "/"), debug) {
				t.Errorf("%s is served to everybody", route)
			}
		}
	}
	if len(described) < 80 {
		t.Errorf("only %d operations are documented", len(described))
	}
}

// inBraces writes the router's parameters as the document does.
func inBraces(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

// TestAZ02TheDocumentTellsWhoMay compares x-roles and security with the
// permission table.
func TestAZ02TheDocumentTellsWhoMay(t *testing.T) {
	rules := map[string]account.Rule{}
	for _, r := range account.Rules() {
		rules[string(r.Permission)] = r
	}
	for _, o := range describe(t, readHouse(t)).operations() {
		rule, known := rules[o.Permission]
		if !known {
			t.Errorf("%s asks for %q, which is not in the table", o.ID, o.Permission)
		}
		want := []string{}
		if rule.Public {
			want = append(want, "anonymous")
		}
		for _, role := range account.Roles() {
			if rule.Public || slices.Contains(rule.Roles, role) {
				want = append(want, string(role))
			}
		}
		slices.Sort(want)
		slices.Sort(o.Roles)
		if !slices.Equal(want, o.Roles) || (len(o.Security) == 0) != rule.Public {
			t.Errorf("%s (%s): x-roles %v security %v, the table says %v", o.ID, o.Permission, o.Roles, o.Security, want)
		}
	}
}

// TestAZ11OtherMethodsAreRefused sends the methods that no operation has.
func TestAZ11OtherMethodsAreRefused(t *testing.T) {
	h := readHouse(t)
	d, nobody := describe(t, h), h.as(t, "")
	for path, item := range d.Paths {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} {
			if _, ok := item[strings.ToLower(method)]; ok {
				continue
			}
			r := nobody.send(method, strings.NewReplacer("{", "", "}", "").Replace(path), nil)
			if r.status != http.StatusMethodNotAllowed && !d.sameShape(method, path) {
				t.Errorf("%s %s: %d", method, path, r.status)
			}
		}
	}
}

// sameShape reports whether another path with that method takes the address:
// /offers/changes is an {id} to PUT /offers/{id}.
func (d *description) sameShape(method, path string) bool {
	parts := strings.Split(path, "/")
	for other, item := range d.Paths {
		if _, ok := item[strings.ToLower(method)]; !ok {
			continue
		}
		if others := strings.Split(other, "/"); len(others) == len(parts) && slices.EqualFunc(parts, others, func(a, b string) bool {
			return a == b || strings.HasPrefix(b, "{")
		}) {
			return true
		}
	}
	return false
}
