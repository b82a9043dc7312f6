package api

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/web"
	"passerelle/internal/web/rules"
)

// Base is the path under which version 1 of the API is served.
const Base = "/api/v1"

// Op describes one operation completely: the router, the guard, the readers of
// parameters and body, and the OpenAPI document all follow from it. See the
// package documentation for the tags of In and Out.
type Op[In, Out any] struct {
	Method      string // GET, POST, PUT, PATCH or DELETE
	Path        string // under /api/v1, with parameters in braces: "/offers/{id}"
	Root        bool   // Path is served as it is, not under /api/v1
	ID          string // operationId, camelCase, unique and stable: keys and cursors are bound to it
	Summary     string // one line, English
	Description string // default: the permission's description
	Tag         string // group in the document; default: the first segment of Path
	Permission  account.Permission
	Status      int   // of success; default 200, and 204 for NoContent
	MaxBody     int64 // bytes; default 64 kB
	// Also lists statuses of failure beside those that follow from method, path
	// and permission, for the document.
	Also []int
	// Creates lets a PUT make the record: "If-None-Match: *" (RFC 9110) stands
	// in for If-Match, and Call.Create tells the handler.
	Creates bool
	// Unstored marks a POST whose answer holds a secret, such as a token: an
	// Idempotency-Key is accepted, and the answer is never kept for replay.
	Unstored bool
	// Handle reads the input, calls one service and shows the result. Errors
	// are faults; anything else is answered 500.
	Handle func(ctx context.Context, c *Call, in *In) (Out, error)
}

// NoContent is the output of operations that answer 204 without a body.
type NoContent struct{}

// operation is an Op with its types worked out.
type operation struct {
	id, method, path, route   string // path in OpenAPI's form, route in gin's
	summary, description, tag string
	permission                account.Permission
	status                    int
	maxBody                   int64
	unstored, creates         bool
	also                      []int
	in, out                   reflect.Type
	params                    []param
	files                     []fileField
	body                      *bodyField
	revision                  []int // index of Out's member "rev"
	run                       func(ctx context.Context, c *Call, in reflect.Value) (any, error)
}

// bodyField is the input's Body. A pointer may be left out by the caller.
type bodyField struct {
	index    []int
	shape    *shape
	optional bool
}

// Register adds an operation to the API. Mistakes in it are collected and
// reported by Mount.
func Register[In, Out any](a *API, op Op[In, Out]) {
	o := &operation{
		id: op.ID, method: op.Method, path: op.Path, summary: op.Summary, description: op.Description, tag: op.Tag,
		permission: op.Permission, status: op.Status, maxBody: op.MaxBody, unstored: op.Unstored, creates: op.Creates, also: op.Also,
		in: reflect.TypeFor[In](), out: reflect.TypeFor[Out](),
	}
	if !op.Root {
		o.path = Base + op.Path
	}
	if op.Handle != nil {
		o.run = func(ctx context.Context, c *Call, in reflect.Value) (any, error) {
			input, ok := in.Interface().(*In)
			if !ok {
				return nil, fmt.Errorf("input of %s is a %s", op.ID, in.Type())
			}
			return op.Handle(ctx, c, input)
		}
	}
	a.add(o)
}

// add works the operation out and keeps it, or keeps what is wrong with it.
func (a *API) add(o *operation) {
	if err := a.complete(o); err != nil {
		a.wrong = append(a.wrong, fmt.Errorf("operation %q (%s %s): %w", o.id, o.method, o.path, err))
		return
	}
	a.ops = append(a.ops, o)
}

// The forms of operation ids and of parameters in paths.
const (
	operationID = `^[a-z][a-zA-Z0-9]*$`
	inBraces    = `\{([a-zA-Z]+)\}`
)

func (a *API) complete(o *operation) error {
	o.setDefaults()
	if err := a.checkFacts(o); err != nil {
		return err
	}
	if o.in.Kind() != reflect.Struct {
		return fmt.Errorf("the input must be a struct")
	}
	if err := a.addInputs(o, o.in, nil); err != nil {
		return err
	}
	o.revision = revisionIndex(o.out)
	return o.checkInputs()
}

func (o *operation) setDefaults() {
	rule := account.RuleOf(o.permission)
	if o.description == "" {
		o.description = rule.Description
	}
	if o.tag == "" {
		o.tag, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimPrefix(o.path, Base), "/"), "/")
	}
	if o.maxBody == 0 {
		o.maxBody = web.DefaultMaxBody
	}
	if o.status == 0 {
		o.status = http.StatusOK
		if o.out == reflect.TypeFor[NoContent]() {
			o.status = http.StatusNoContent
		}
	}
	o.route = regexp.MustCompile(inBraces).ReplaceAllString(o.path, ":$1")
}

func (a *API) checkFacts(o *operation) error {
	rule := account.RuleOf(o.permission)
	methods := []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	switch {
	case !regexp.MustCompile(operationID).MatchString(o.id):
		return fmt.Errorf("the id must be camelCase")
	case !slices.Contains(methods, o.method):
		return fmt.Errorf("the method is not one of %v", methods)
	case !strings.HasPrefix(o.path, "/") || strings.ContainsAny(o.route, "{}* "):
		return fmt.Errorf("the path is malformed")
	case !rule.Public && len(rule.Roles) == 0:
		return fmt.Errorf("permission %q allows nobody", o.permission)
	case o.run == nil:
		return fmt.Errorf("there is no Handle")
	case o.summary == "":
		return fmt.Errorf("there is no Summary")
	}
	for _, other := range a.ops {
		if other.id == o.id || other.method == o.method && other.route == o.route {
			return fmt.Errorf("registered twice")
		}
	}
	return nil
}

// addInputs reads the fields of an input, those of embedded structs included.
func (a *API) addInputs(o *operation, t reflect.Type, path []int) error {
	for i := range t.NumField() {
		field := t.Field(i)
		index := append(slices.Clone(path), i)
		if err := a.addInput(o, field, index); err != nil {
			return fmt.Errorf("field %s: %w", field.Name, err)
		}
	}
	return nil
}

func (a *API) addInput(o *operation, field reflect.StructField, index []int) error {
	p, isParam, err := newParam(field, index)
	switch {
	case err != nil:
		return err
	case isParam:
		o.params = append(o.params, p)
		return nil
	case field.Name == "Body":
		return a.addBody(o, field, index)
	case field.Type == reflect.TypeFor[*Upload]():
		return o.addFile(field, index)
	case field.Anonymous && field.Type.Kind() == reflect.Struct:
		return a.addInputs(o, field.Type, index)
	default:
		return fmt.Errorf("it has no path, query, header, form or file tag and is not the Body")
	}
}

func (a *API) addBody(o *operation, field reflect.StructField, index []int) error {
	t := field.Type
	optional := t.Kind() == reflect.Pointer
	if optional {
		t = t.Elem()
	}
	sh, err := a.shapes.of(t)
	if err != nil {
		return err
	}
	o.body = &bodyField{index: index, shape: sh, optional: optional}
	return nil
}

func (o *operation) addFile(field reflect.StructField, index []int) error {
	name, ok := rules.TagName(field, "file")
	if !ok {
		return fmt.Errorf("an upload needs a file tag")
	}
	required := slices.Contains(strings.Split(field.Tag.Get("validate"), ","), "required")
	o.files = append(o.files, fileField{name, index, required, field.Tag.Get("doc")})
	return nil
}

// isForm reports whether the body is a multipart form.
func (o *operation) isForm() bool {
	return len(o.files) > 0 || slices.ContainsFunc(o.params, func(p param) bool { return p.in == "form" })
}

// needsRevision reports whether If-Match is required.
func (o *operation) needsRevision() bool {
	return o.method == http.MethodPut || o.method == http.MethodPatch
}

// checkInputs compares the parts of the input with the path and the method.
func (o *operation) checkInputs() error {
	var inPath, declared []string
	for _, match := range regexp.MustCompile(inBraces).FindAllStringSubmatch(o.path, -1) {
		inPath = append(inPath, match[1])
	}
	seen := map[string]bool{}
	for _, p := range o.params {
		if seen[p.name] {
			return fmt.Errorf("parameter %q is declared twice", p.name)
		}
		seen[p.name] = true
		if p.in == "path" {
			declared = append(declared, p.name)
		}
	}
	slices.Sort(inPath)
	slices.Sort(declared)
	hasBody := o.body != nil || o.isForm()
	switch {
	case !slices.Equal(inPath, declared):
		return fmt.Errorf("the path names %v and the input %v", inPath, declared)
	case hasBody && o.method == http.MethodGet:
		return fmt.Errorf("a GET has no body")
	case o.body != nil && o.isForm():
		return fmt.Errorf("the body is either JSON or a form")
	default:
		return nil
	}
}

// revisionIndex finds the member "rev" of an output, or of what it points to.
func revisionIndex(t reflect.Type) []int {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	for _, field := range reflect.VisibleFields(t) {
		if name, ok := rules.TagName(field, "json"); ok && name == "rev" && field.Type.Kind() == reflect.Int64 {
			return field.Index
		}
	}
	return nil
}
