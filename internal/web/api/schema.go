package api

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"passerelle/internal/web/rules"
)

// schemaKey tells the two faces of a type apart: what callers may send is
// closed and says what is required, what they get may grow.
type schemaKey struct {
	t     reflect.Type
	input bool
}

// schemas collects the named schemas of the document.
type schemas struct {
	names map[schemaKey]string
	defs  map[string]any
	wrong []error
}

func newSchemas() *schemas {
	return &schemas{names: map[schemaKey]string{}, defs: map[string]any{}}
}

var (
	marshalerType = reflect.TypeFor[encoding.TextMarshaler]()
	rawType       = reflect.TypeFor[json.RawMessage]()
	bytesType     = reflect.TypeFor[[]byte]()
)

// of gives the schema of a type: inline for simple types, a reference for
// named structs.
func (s *schemas) of(t reflect.Type, input bool) rules.Schema {
	pt := reflect.PointerTo(t)
	switch {
	case t == timeType:
		return rules.Schema{"type": "string", "format": "date-time"}
	case t == rawType:
		return rules.Schema{}
	case t == bytesType:
		return rules.Schema{"type": "string", "contentEncoding": "base64"}
	case pt.Implements(patcherType):
		field, _ := t.FieldByName("Value")
		return nullable(s.of(field.Type, input))
	case pt.Implements(unmarshalerType) && input, pt.Implements(marshalerType) && !input:
		return rules.Schema{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return nullable(s.of(t.Elem(), input))
	case reflect.Slice, reflect.Array:
		return rules.Schema{"type": "array", "items": s.of(t.Elem(), input)}
	case reflect.Map:
		return rules.Schema{"type": "object", "additionalProperties": s.of(t.Elem(), input)}
	case reflect.Struct:
		return s.ref(t, input)
	default:
		return scalarSchema(t.Kind())
	}
}

func scalarSchema(kind reflect.Kind) rules.Schema {
	switch kind {
	case reflect.String:
		return rules.Schema{"type": "string"}
	case reflect.Bool:
		return rules.Schema{"type": "boolean"}
	case reflect.Int64:
		return rules.Schema{"type": "integer", "format": "int64"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32:
		return rules.Schema{"type": "integer"}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return rules.Schema{"type": "integer", "minimum": 0}
	case reflect.Float32, reflect.Float64:
		return rules.Schema{"type": "number"}
	default:
		return rules.Schema{}
	}
}

// nullable adds null to what a schema allows.
func nullable(schema rules.Schema) rules.Schema {
	if ref, ok := schema["$ref"]; ok {
		return rules.Schema{"anyOf": []any{rules.Schema{"$ref": ref}, rules.Schema{"type": "null"}}}
	}
	if kind, ok := schema["type"].(string); ok {
		schema["type"] = []string{kind, "null"}
	}
	return schema
}

// ref gives the reference to a struct's schema, which it describes first when
// it is new. A struct without a name is described in place.
func (s *schemas) ref(t reflect.Type, input bool) rules.Schema {
	if t.Name() == "" {
		return s.object(t, input)
	}
	key := schemaKey{t, input}
	name, known := s.names[key]
	if !known {
		name = s.nameFor(key)
		s.names[key] = name
		s.defs[name] = rules.Schema{} // taken, for types that refer to themselves
		s.defs[name] = s.object(t, input)
	}
	return rules.Schema{"$ref": "#/components/schemas/" + name}
}

// nameFor chooses the component's name: the Go name, capitalised. Outputs are
// described first; an input of the same type gets a name of its own.
func (s *schemas) nameFor(key schemaKey) string {
	name := componentName(key.t.Name())
	if _, both := s.names[schemaKey{key.t, !key.input}]; both && key.input {
		name += "Input"
	}
	if _, taken := s.defs[name]; taken {
		s.wrong = append(s.wrong, fmt.Errorf("two types would be called %s; rename %s", name, key.t))
	}
	return name
}

// componentName writes "List[x/api.offerCard]" as "OfferCardList".
func componentName(goName string) string {
	base, args, generic := strings.Cut(goName, "[")
	name := capital(base)
	if !generic {
		return name
	}
	prefix := ""
	for _, arg := range regexp.MustCompile(`[A-Za-z0-9_]+(?:[\],]|$)`).FindAllString(args, -1) {
		prefix += capital(strings.Trim(arg, "],"))
	}
	return prefix + name
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// object describes the members of a struct.
func (s *schemas) object(t reflect.Type, input bool) rules.Schema {
	properties, required := map[string]any{}, []string{}
	s.addProperties(t, input, properties, &required)
	schema := rules.Schema{"type": "object", "properties": properties}
	if len(required) > 0 {
		slices.Sort(required)
		schema["required"] = required
	}
	if input {
		schema["additionalProperties"] = false
	}
	return schema
}

func (s *schemas) addProperties(t reflect.Type, input bool, properties map[string]any, required *[]string) {
	for i := range t.NumField() {
		field := t.Field(i)
		name, named := rules.TagName(field, "json")
		switch {
		case field.Anonymous && !named && field.Type.Kind() == reflect.Struct:
			s.addProperties(field.Type, input, properties, required)
		case field.IsExported() && named:
			schema, must := s.member(field, input)
			properties[name] = schema
			if must {
				*required = append(*required, name)
			}
		}
	}
}

// member describes one member: its type, its rules, what is said about it.
// Outputs always hold the members that are not left out when empty.
func (s *schemas) member(field reflect.StructField, input bool) (schema rules.Schema, required bool) {
	left := leftOut(field)
	t := field.Type
	if !input && left && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	schema = s.of(t, input)
	schema, required = s.annotate(schema, field)
	if !input {
		required = !left
	}
	return schema, required
}

func leftOut(field reflect.StructField) bool {
	tag := field.Tag.Get("json")
	return strings.Contains(tag, ",omitempty") || strings.Contains(tag, ",omitzero")
}

// annotate adds rules, description and example. A reference may have
// neighbours in OpenAPI 3.1.
func (s *schemas) annotate(schema rules.Schema, field reflect.StructField) (rules.Schema, bool) {
	if doc := field.Tag.Get("doc"); doc != "" {
		schema["description"] = doc
	}
	ruled := field.Type
	if reflect.PointerTo(ruled).Implements(patcherType) {
		value, _ := ruled.FieldByName("Value")
		ruled = value.Type
	}
	required := rules.Describe(schema, ruled, field.Tag.Get("validate"))
	if example, ok := field.Tag.Lookup("example"); ok {
		schema["examples"] = []any{exampleOf(ruled, example)}
	}
	if values, ok := schema["enum"].([]string); ok && isNullable(schema) {
		schema["enum"] = append(toAny(values), nil)
	}
	return schema, required
}

func isNullable(schema rules.Schema) bool {
	_, several := schema["type"].([]string)
	return several
}

func toAny(values []string) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

// exampleOf reads an example: as it stands for text, as JSON for the rest, and
// a single item for lists of text.
func exampleOf(t reflect.Type, text string) any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() == reflect.String || t == timeType {
		return text
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err == nil {
		return v
	}
	if t.Kind() == reflect.Slice {
		return []any{text}
	}
	return text
}
