package api

import (
	"encoding"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"passerelle/internal/domain/fault"
	"passerelle/internal/web"
	"passerelle/internal/web/rules"
)

// maxValues bounds the values of one list parameter.
const maxValues = 200

// param is one declared path, query, header or form parameter.
type param struct {
	in       string // path, query, header or form
	name     string
	index    []int
	typ      reflect.Type // of the field, pointers removed
	list     bool
	cursor   bool
	fallback string // used when the parameter is not sent
	field    reflect.StructField
}

// paramTags are the places a parameter can come from.
var paramTags = [...]string{"path", "query", "header", "form"}

// newParam reads the tags of a field; ok is false when it is no parameter.
func newParam(field reflect.StructField, index []int) (p param, ok bool, err error) {
	for _, in := range paramTags {
		if name, tagged := rules.TagName(field, in); tagged {
			p, ok = param{in: in, name: name, index: index, field: field, fallback: field.Tag.Get("default")}, true
		}
	}
	if !ok {
		return p, false, nil
	}
	p.typ = field.Type
	if p.typ.Kind() == reflect.Pointer {
		p.typ = p.typ.Elem()
	}
	p.cursor = p.typ == reflect.TypeFor[Cursor]()
	if p.typ.Kind() == reflect.Slice && !p.parsesItself() {
		p.list, p.typ = true, p.typ.Elem()
	}
	if p.list && p.in == "path" {
		return p, true, fmt.Errorf("path parameter %q cannot be a list", p.name)
	}
	return p, true, p.try()
}

func (p *param) parsesItself() bool {
	return reflect.PointerTo(p.typ).Implements(unmarshalerType)
}

// try sets a sample, so that a type that cannot be read is found at the start.
func (p *param) try() error {
	if p.cursor || p.parsesItself() {
		return nil
	}
	sample := p.fallback
	switch p.typ.Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int64:
	default:
		return fmt.Errorf("parameter %q cannot be a %s", p.name, p.typ)
	}
	if sample == "" {
		return nil
	}
	if code, _ := setScalar(reflect.New(p.typ).Elem(), sample); code != "" {
		return fmt.Errorf("parameter %q: the default is not a %s", p.name, p.typ)
	}
	return nil
}

// set reads the values sent; code is the broken rule and its own values.
func (p *param) set(in reflect.Value, values []string) (code string, args []string) {
	dst := in.FieldByIndex(p.index)
	if dst.Kind() == reflect.Pointer {
		dst.Set(reflect.New(dst.Type().Elem()))
		dst = dst.Elem()
	}
	if !p.list {
		return setScalar(dst, values[0])
	}
	list := reflect.MakeSlice(dst.Type(), len(values), len(values))
	for i, value := range values {
		if code, args = setScalar(list.Index(i), value); code != "" {
			return code, args
		}
	}
	dst.Set(list)
	return "", nil
}

func setScalar(dst reflect.Value, text string) (code string, args []string) {
	if u, ok := dst.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return setParsed(u, text)
	}
	switch dst.Kind() {
	case reflect.String:
		dst.SetString(text)
	case reflect.Bool:
		if text != "true" && text != "false" {
			return "boolean", nil
		}
		dst.SetBool(text == "true")
	default:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || dst.OverflowInt(n) {
			return "integer", nil
		}
		dst.SetInt(n)
	}
	return "", nil
}

func setParsed(u encoding.TextUnmarshaler, text string) (code string, args []string) {
	err := u.UnmarshalText([]byte(text))
	if _, isTime := u.(*time.Time); err != nil && isTime {
		return "instant", nil
	}
	if f := fault.Of(err); f != nil {
		return f.Code, nil
	}
	if err != nil {
		return "invalid", nil
	}
	return "", nil
}

// sentQuery is the query of a request, checked against the declared names.
type sentQuery struct {
	values map[string][]string // lists are split at their commas
}

// readQuery refuses, with 400, what cannot be read and names that are not
// declared or that are sent twice.
func (o *operation) readQuery(r *http.Request) (sentQuery, error) {
	sent, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return sentQuery{}, web.Refuse(http.StatusBadRequest, "request.query")
	}
	q := sentQuery{values: map[string][]string{}}
	var wrong fault.List
	for _, name := range sortedKeys(sent) {
		i := slices.IndexFunc(o.params, func(p param) bool { return p.in == "query" && p.name == name })
		if i < 0 {
			wrong.Add(shownName(name), "unknown")
			continue
		}
		q.take(&o.params[i], sent[name], &wrong)
	}
	if len(wrong) > 0 {
		return q, web.RefuseFields("request.query", capFields(wrong)...)
	}
	return q, nil
}

// take keeps the values of one declared parameter. An empty text counts as
// not sent, as browsers send empty fields.
func (q *sentQuery) take(p *param, sent []string, wrong *fault.List) {
	var values []string
	for _, v := range sent {
		if p.list {
			values = append(values, strings.Split(v, ",")...)
		} else {
			values = append(values, v)
		}
	}
	values = slices.DeleteFunc(values, func(v string) bool { return v == "" })
	switch {
	case !p.list && len(sent) > 1:
		wrong.Add(p.name, "repeated")
	case len(values) > maxValues:
		wrong.Add(p.name, "too_many", strconv.Itoa(maxValues))
	case slices.ContainsFunc(values, func(v string) bool { return !cleanValue(v) }):
		wrong.Add(p.name, "control")
	case len(values) > 0:
		q.values[p.name] = values
	}
}

// canonical writes the query in one way, without the position in the list and
// the page size: it is what a cursor belongs to.
func (q sentQuery) canonical() string {
	out := url.Values{}
	for name, values := range q.values {
		if name != "cursor" && name != "limit" {
			out[name] = values
		}
	}
	return out.Encode()
}

// readParams fills the declared parameters. What is wrong in the path does not
// exist (404); what is wrong elsewhere cannot be read (400).
func (o *operation) readParams(c *gin.Context, call *Call, in reflect.Value) error {
	q, err := o.readQuery(c.Request)
	if err != nil {
		return err
	}
	call.query = q
	var wrong fault.List
	for i := range o.params {
		p := &o.params[i]
		values, err := p.sent(c, q)
		if err != nil {
			return err
		}
		if len(values) == 0 {
			continue
		}
		if p.cursor {
			if err := call.openCursor(in.FieldByIndex(p.index), values[0]); err != nil {
				return err
			}
			continue
		}
		code, args := p.set(in, values)
		switch {
		case code == "":
		case p.in == "path":
			return notFound()
		default:
			wrong.Add(p.name, code, args...)
		}
	}
	if len(wrong) > 0 {
		return web.RefuseFields("request.query", capFields(wrong)...)
	}
	return nil
}

// sent gives the values of the parameter in the request; forms are read with
// the body.
func (p *param) sent(c *gin.Context, q sentQuery) ([]string, error) {
	var values []string
	switch p.in {
	case "path":
		values = []string{c.Param(p.name)}
	case "query":
		values = q.values[p.name]
	case "header":
		values = c.Request.Header.Values(p.name)
		if len(values) > 1 || len(values) == 1 && !cleanValue(values[0]) {
			return nil, web.RefuseFields("request.query", fault.Field{Pointer: p.name, Code: "repeated"})
		}
	}
	if len(values) == 0 && p.fallback != "" {
		values = []string{p.fallback}
	}
	return values, nil
}

// shownName gives the name back when it is fit to be shown.
func shownName(name string) string {
	if len(name) > 64 || !cleanValue(name) {
		return ""
	}
	return name
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func notFound() error { return fault.New(fault.NotFound, "not_found") }
