package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strconv"

	"passerelle/internal/domain/account"
	"passerelle/internal/web"
	"passerelle/internal/web/rules"
)

type object = map[string]any

// describe writes the OpenAPI 3.1 document from the table of operations. The
// same table gives the same bytes.
func (a *API) describe() ([]byte, error) {
	s := newSchemas()
	s.of(reflect.TypeFor[web.Problem](), false)
	success := map[string]object{}
	for _, o := range a.ops {
		success[o.id] = o.successResponse(s)
	}
	paths, tags, statuses := object{}, map[string]bool{}, map[int]bool{}
	for _, o := range a.ops {
		item, ok := paths[o.path].(object)
		if !ok {
			item = object{}
			paths[o.path] = item
		}
		item[lowerMethod(o.method)] = o.describe(s, success[o.id])
		tags[o.tag] = true
		for _, status := range o.problems() {
			statuses[status] = true
		}
	}
	if err := errors.Join(s.wrong...); err != nil {
		return nil, err
	}
	return json.Marshal(object{
		"openapi": "3.1.0",
		"info": object{
			"title": "Passerelle", "version": a.opts.Version,
			"description": "Mali's job-offer information system for professional migration. Errors are RFC 9457 problem documents.",
		},
		"servers": []object{{"url": "/"}},
		"tags":    tagList(tags),
		"paths":   paths,
		"components": object{
			"schemas":         s.defs,
			"responses":       problemResponses(statuses),
			"parameters":      sharedParameters(),
			"securitySchemes": object{"bearer": object{"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
		},
	})
}

func tagList(tags map[string]bool) []object {
	list := []object{}
	for _, name := range sortedKeys(tags) {
		list = append(list, object{"name": name})
	}
	return list
}

func lowerMethod(method string) string {
	return map[string]string{
		http.MethodGet: "get", http.MethodPost: "post", http.MethodPut: "put",
		http.MethodPatch: "patch", http.MethodDelete: "delete",
	}[method]
}

// describe writes one operation.
func (o *operation) describe(s *schemas, success object) object {
	rule := account.RuleOf(o.permission)
	responses := object{strconv.Itoa(o.status): success}
	for _, status := range o.problems() {
		responses[strconv.Itoa(status)] = object{"$ref": "#/components/responses/" + problemName(status)}
	}
	d := object{
		"operationId": o.id, "summary": o.summary, "description": o.description, "tags": []string{o.tag},
		"x-permission": string(o.permission), "x-roles": rolesOf(rule), "responses": responses,
		"security": []object{{"bearer": []string{}}},
	}
	if rule.Public {
		d["security"] = []object{}
	}
	if parameters := o.parameters(s); len(parameters) > 0 {
		d["parameters"] = parameters
	}
	if body := o.requestBody(s); body != nil {
		d["requestBody"] = body
	}
	return d
}

// rolesOf lists who may call: for public operations everybody, "anonymous"
// included.
func rolesOf(rule account.Rule) []string {
	roles := []string{}
	if rule.Public {
		roles = append(roles, "anonymous")
	}
	for _, role := range account.Roles() {
		if rule.Allows(role) {
			roles = append(roles, string(role))
		}
	}
	return roles
}

func (o *operation) parameters(s *schemas) []object {
	list := []object{}
	for _, p := range o.params {
		if p.in != "form" {
			list = append(list, p.describe(s))
		}
	}
	switch {
	case o.creates:
		list = append(list, object{"$ref": "#/components/parameters/IfMatchOrNew"}, object{"$ref": "#/components/parameters/IfNoneMatch"})
	case o.needsRevision():
		list = append(list, object{"$ref": "#/components/parameters/IfMatch"})
	case o.method == http.MethodPost:
		list = append(list, object{"$ref": "#/components/parameters/IdempotencyKey"})
	}
	return list
}

func sharedParameters() object {
	return object{
		"IfMatch": object{
			"name": "If-Match", "in": "header", "required": true,
			"description": "the ETag of the version that is changed",
			"schema":      object{"type": "string", "pattern": `^(W/)?"[^" ]*"$`, "examples": []string{`"v7"`}},
		},
		"IfMatchOrNew": object{
			"name": "If-Match", "in": "header",
			"description": "the ETag of the version that is replaced; required unless If-None-Match is sent",
			"schema":      object{"type": "string", "pattern": `^(W/)?"[^" ]*"$`, "examples": []string{`"v7"`}},
		},
		"IfNoneMatch": object{
			"name": "If-None-Match", "in": "header",
			"description": "\"*\" makes a new record and fails where there is one",
			"schema":      object{"type": "string", "const": "*"},
		},
		"IdempotencyKey": object{
			"name": "Idempotency-Key", "in": "header",
			"description": "makes a retry safe: the first successful answer is kept for 24 hours and given again",
			"schema":      object{"type": "string", "pattern": `^[!-~]{1,255}$`},
		},
	}
}

// describe writes one parameter.
func (p *param) describe(s *schemas) object {
	schema, required := p.schema(s)
	d := object{"name": p.name, "in": p.in, "schema": schema}
	if doc, ok := schema["description"]; ok {
		d["description"] = doc
		delete(schema, "description")
	}
	if required || p.in == "path" {
		d["required"] = true
	}
	if p.list {
		d["style"], d["explode"] = "form", true
		if p.in == "header" {
			d["style"], d["explode"] = "simple", false
		}
	}
	return d
}

func (p *param) schema(s *schemas) (rules.Schema, bool) {
	schema := rules.Schema{"type": "string"}
	if !p.cursor {
		schema = s.of(p.typ, true)
	}
	if p.list {
		schema = rules.Schema{"type": "array", "items": schema, "maxItems": maxValues}
	}
	schema, required := s.annotate(schema, p.field)
	if p.fallback != "" {
		schema["default"] = exampleOf(p.typ, p.fallback)
	}
	return schema, required
}

// requestBody writes what the operation reads, nil when it reads nothing.
func (o *operation) requestBody(s *schemas) object {
	if o.isForm() {
		return object{"required": true, "content": object{"multipart/form-data": object{"schema": o.formSchema(s)}}}
	}
	if o.body == nil {
		return nil
	}
	field := o.in.FieldByIndex(o.body.index)
	t := field.Type
	if o.body.optional {
		t = t.Elem()
	}
	schema := s.of(t, true)
	rules.Describe(schema, t, field.Tag.Get("validate"))
	content := object{"application/json": object{"schema": schema}}
	if o.method == http.MethodPatch {
		content["application/merge-patch+json"] = object{"schema": schema}
	}
	return object{"required": !o.body.optional, "content": content}
}

func (o *operation) formSchema(s *schemas) object {
	properties, required := object{}, []string{}
	for i := range o.params {
		if o.params[i].in != "form" {
			continue
		}
		schema, must := o.params[i].schema(s)
		properties[o.params[i].name] = schema
		if must {
			required = append(required, o.params[i].name)
		}
	}
	for _, f := range o.files {
		file := object{"type": "string", "contentMediaType": "application/octet-stream"}
		if f.doc != "" {
			file["description"] = f.doc
		}
		properties[f.name] = file
		if f.required {
			required = append(required, f.name)
		}
	}
	schema := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		slices.Sort(required)
		schema["required"] = required
	}
	return schema
}

// successResponse writes the answer of an operation that went well.
func (o *operation) successResponse(s *schemas) object {
	response := object{"description": http.StatusText(o.status)}
	switch o.out {
	case reflect.TypeFor[NoContent]():
		return response
	case reflect.TypeFor[Download]():
		response["content"] = object{"application/octet-stream": object{"schema": object{}}}
		return response
	}
	t := o.out
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	response["content"] = object{"application/json": object{"schema": s.of(t, false)}}
	headers := object{}
	if o.revision != nil {
		headers["ETag"] = object{"description": "strong entity tag of the revision", "schema": object{"type": "string"}}
	}
	if o.status == http.StatusCreated {
		headers["Location"] = object{"description": "where the new record is read", "schema": object{"type": "string"}}
	}
	if len(headers) > 0 {
		response["headers"] = headers
	}
	return response
}

// problems lists the statuses the operation can fail with.
func (o *operation) problems() []int {
	list := []int{400, 401, 429, 500, 503}
	if !account.RuleOf(o.permission).Public {
		list = append(list, 403)
	}
	if slices.ContainsFunc(o.params, func(p param) bool { return p.in == "path" }) {
		list = append(list, 404)
	}
	if o.method != http.MethodGet {
		list = append(list, 409, 413, 415, 422)
	} else if len(o.params) > 0 {
		list = append(list, 422)
	}
	if o.needsRevision() {
		list = append(list, 412, 428)
	}
	list = append(list, o.also...)
	slices.Sort(list)
	return slices.Compact(list)
}

func problemName(status int) string { return "Problem" + strconv.Itoa(status) }

func problemResponses(statuses map[int]bool) object {
	responses := object{}
	for status := range statuses {
		responses[problemName(status)] = object{
			"description": http.StatusText(status),
			"content":     object{"application/problem+json": object{"schema": object{"$ref": "#/components/schemas/Problem"}}},
		}
	}
	return responses
}
