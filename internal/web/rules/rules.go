// Package rules holds the field rules that the JSON API and the forms share.
// They are written once, as `validate` tags read by validator/v10; this
// package adds the vocabulary of the house (country, occupation, amount …),
// turns what breaks into fault fields with JSON pointers and message codes,
// and tells the OpenAPI generator how each rule reads as JSON Schema.
//
// Tags check shape at the edge. What a record may be is decided by the domain.
package rules

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-playground/validator/v10"

	"passerelle/internal/domain/fault"
)

// Checker checks structs by their `validate` tags. It is safe for concurrent
// use and holds a cache of the types it has seen; one per process is enough.
type Checker struct {
	validate *validator.Validate
}

// New builds a checker that knows the rules of Vocabulary.
func New() (*Checker, error) {
	v := validator.New(validator.WithRequiredStructEnabled())
	for _, rule := range Vocabulary() {
		check := rule.Check
		err := v.RegisterValidation(rule.Name, func(f validator.FieldLevel) bool {
			return f.Field().Kind() == reflect.String && check(f.Field().String(), f.Param())
		})
		if err != nil {
			return nil, fmt.Errorf("rules: %s: %w", rule.Name, err)
		}
	}
	return &Checker{validate: v}, nil
}

// Check gives every field of the struct (or pointer to one) that breaks a
// rule, in order of declaration. The error is a defect of ours: a value that
// is not a struct, or a tag that does not exist.
//
// Pointers follow the tags of the fields: `json` members make "/pay/amount",
// `query`, `path`, `header`, `form` and `file` fields are named as they are,
// embedded structs do not appear, and a field called Body is the root "".
func (k *Checker) Check(value any) (fields []fault.Field, err error) {
	defer func() {
		// The library reports unknown tags and wrong kinds by panicking.
		if v := recover(); v != nil {
			err = fmt.Errorf("rules: %v", v)
		}
	}()
	err = k.validate.Struct(value)
	var broken validator.ValidationErrors
	if !errors.As(err, &broken) {
		return nil, err
	}
	root := reflect.TypeOf(value)
	for _, b := range broken {
		code, args := codeOf(b)
		fields = append(fields, fault.Field{Pointer: pointerTo(root, b.StructNamespace()), Code: code, Args: args})
	}
	return fields, nil
}

// pointerTo turns a validator namespace ("In.Body.Pay.Steps[2].Amount") into
// the pointer the caller knows.
func pointerTo(t reflect.Type, namespace string) string {
	pointer := ""
	_, rest, _ := strings.Cut(namespace, ".")
	for _, part := range splitNamespace(rest) {
		t = deref(t)
		name, index, _ := strings.Cut(part, "[")
		if field, ok := fieldOf(t, name); ok {
			pointer = extend(pointer, field)
			t = field.Type
		}
		for index != "" {
			var key string
			key, index, _ = strings.Cut(index, "]")
			pointer += "/" + Escape(key)
			index = strings.TrimPrefix(index, "[")
			t = element(t)
		}
	}
	return pointer
}

// splitNamespace cuts at the dots outside brackets: map keys may hold dots.
func splitNamespace(s string) []string {
	var parts []string
	depth, from := 0, 0
	for i, r := range s {
		switch r {
		case '[':
			depth++
		case ']':
			depth--
		case '.':
			if depth == 0 {
				parts = append(parts, s[from:i])
				from = i + 1
			}
		}
	}
	return append(parts, s[from:])
}

func deref(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

func element(t reflect.Type) reflect.Type {
	t = deref(t)
	switch t.Kind() {
	case reflect.Slice, reflect.Array, reflect.Map:
		return t.Elem()
	default:
		return t
	}
}

func fieldOf(t reflect.Type, name string) (reflect.StructField, bool) {
	if t.Kind() != reflect.Struct {
		return reflect.StructField{}, false
	}
	return t.FieldByName(name)
}

// extend adds one field to a pointer.
func extend(pointer string, field reflect.StructField) string {
	if name, ok := TagName(field, "json"); ok {
		return pointer + "/" + Escape(name)
	}
	for _, tag := range []string{"query", "path", "header", "form", "file"} {
		if name, ok := TagName(field, tag); ok {
			return name
		}
	}
	if field.Anonymous || field.Name == "Body" {
		return pointer
	}
	return pointer + "/" + Escape(strings.ToLower(field.Name[:1])+field.Name[1:])
}

// TagName gives the name a tag states ("json", "query" …); ok is false when
// the field has no such tag or states "-".
func TagName(field reflect.StructField, tag string) (name string, ok bool) {
	text, ok := field.Tag.Lookup(tag)
	if !ok {
		return "", false
	}
	name, _, _ = strings.Cut(text, ",")
	return name, name != "" && name != "-"
}

// Escape writes one reference token of an RFC 6901 pointer.
func Escape(token string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(token)
}

// codeOf names the broken rule as a message code with our own values.
func codeOf(b validator.FieldError) (code string, args []string) {
	tag, param := b.Tag(), b.Param()
	switch tag {
	case "required", "required_with", "required_without", "required_if", "required_unless", "required_with_all", "required_without_all":
		return "required", nil
	case "min", "gte", "gt":
		return sized(b.Kind(), "too_short", "too_few", "too_small"), []string{bound(tag, param, 1)}
	case "max", "lte", "lt":
		return sized(b.Kind(), "too_long", "too_many", "too_large"), []string{bound(tag, param, -1)}
	case "len":
		return "length", []string{param}
	case "oneof":
		return "choice", []string{strings.Join(strings.Fields(param), ", ")}
	case "e164":
		return "phone", nil
	case "https_url", "http_url", "uri":
		return "url", nil
	default:
		return tag, nil
	}
}

// bound gives the last allowed value of an exclusive whole-number limit.
func bound(tag, param string, step int64) string {
	n, err := strconv.ParseInt(param, 10, 64)
	if err != nil || tag != "gt" && tag != "lt" {
		return param
	}
	return strconv.FormatInt(n+step, 10)
}

func sized(kind reflect.Kind, text, list, number string) string {
	switch kind {
	case reflect.String:
		return text
	case reflect.Slice, reflect.Array, reflect.Map:
		return list
	default:
		return number
	}
}

// Unwrap makes the checker look at what value gives in place of a wrapper type
// of those samples. Call it before the first Check.
func (k *Checker) Unwrap(value func(reflect.Value) any, samples ...any) {
	if len(samples) > 0 {
		k.validate.RegisterCustomTypeFunc(value, samples...)
	}
}
