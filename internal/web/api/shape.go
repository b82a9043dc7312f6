package api

import (
	"encoding"
	"fmt"
	"reflect"
	"strings"
	"time"

	"passerelle/internal/web/rules"
)

type shapeKind int

const (
	textShape shapeKind = iota
	boolShape
	intShape
	uintShape
	floatShape
	timeShape
	parsedShape // a type with UnmarshalText
	listShape
	mapShape
	objectShape
	pointerShape
	patchShape
)

// shape is how values of one Go type are read from JSON. Shapes are made when
// an operation is registered, so a type that cannot be read stops the start
// rather than a request.
type shape struct {
	kind     shapeKind
	expected string // the JSON type, as it is told to the caller
	elem     *shape // of lists, maps, pointers and patches
	members  map[string]*shapeMember
}

type shapeMember struct {
	index []int
	shape *shape
}

var (
	timeType        = reflect.TypeFor[time.Time]()
	unmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()
	patcherType     = reflect.TypeFor[patcher]()
)

// Patch is a member of a JSON merge patch (RFC 7396): not sent, sent as null
// (remove it), or sent with a value. T is a scalar or a list. Rules in its
// `validate` tag apply to the value; start them with omitempty.
type Patch[T any] struct {
	Sent  bool
	Null  bool
	Value T
}

// Apply writes the patch into target: nothing when not sent, the zero value
// when null.
func (p Patch[T]) Apply(target *T) {
	if p.Sent {
		*target = p.Value
	}
}

// patcher lets the binder fill a Patch without knowing its T.
type patcher interface {
	receive(null bool) (value any)
	sent() any
}

func (p *Patch[T]) receive(null bool) any {
	p.Sent, p.Null = true, null
	return &p.Value
}

func (p *Patch[T]) sent() any {
	if !p.Sent || p.Null {
		return nil
	}
	return p.Value
}

// shapes makes and remembers shapes; types may refer to themselves.
type shapes struct {
	known   map[reflect.Type]*shape
	patched map[reflect.Type]bool
}

func newShapes() *shapes {
	return &shapes{known: map[reflect.Type]*shape{}, patched: map[reflect.Type]bool{}}
}

func (s *shapes) of(t reflect.Type) (*shape, error) {
	if known, ok := s.known[t]; ok {
		return known, nil
	}
	sh := &shape{}
	s.known[t] = sh
	if err := s.fill(sh, t); err != nil {
		return nil, fmt.Errorf("%s: %w", t, err)
	}
	return sh, nil
}

func (s *shapes) fill(sh *shape, t reflect.Type) error {
	switch {
	case t == timeType:
		sh.kind, sh.expected = timeShape, "string"
		return nil
	case reflect.PointerTo(t).Implements(patcherType):
		s.patched[t] = true
		return s.fillPatch(sh, t)
	case reflect.PointerTo(t).Implements(unmarshalerType):
		sh.kind, sh.expected = parsedShape, "string"
		return nil
	}
	switch t.Kind() {
	case reflect.Struct:
		sh.kind, sh.expected, sh.members = objectShape, "object", map[string]*shapeMember{}
		return s.addMembers(sh, t, nil)
	case reflect.Slice:
		sh.kind, sh.expected = listShape, "array"
		return s.fillElem(sh, t.Elem())
	case reflect.Map:
		sh.kind, sh.expected = mapShape, "object"
		if t.Key().Kind() != reflect.String {
			return fmt.Errorf("keys of maps must be text")
		}
		return s.fillElem(sh, t.Elem())
	case reflect.Pointer:
		sh.kind = pointerShape
		err := s.fillElem(sh, t.Elem())
		if err == nil {
			sh.expected = sh.elem.expected
		}
		return err
	default:
		return sh.fillScalar(t.Kind())
	}
}

func (s *shapes) fillElem(sh *shape, t reflect.Type) (err error) {
	sh.elem, err = s.of(t)
	return err
}

func (s *shapes) fillPatch(sh *shape, t reflect.Type) error {
	sh.kind = patchShape
	field, _ := t.FieldByName("Value")
	if err := s.fillElem(sh, field.Type); err != nil {
		return err
	}
	if sh.elem.kind == objectShape || sh.elem.kind == pointerShape || sh.elem.kind == patchShape {
		return fmt.Errorf("a Patch holds a scalar or a list")
	}
	sh.expected = sh.elem.expected
	return nil
}

func (sh *shape) fillScalar(kind reflect.Kind) error {
	switch kind {
	case reflect.String:
		sh.kind, sh.expected = textShape, "string"
	case reflect.Bool:
		sh.kind, sh.expected = boolShape, "boolean"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		sh.kind, sh.expected = intShape, "integer"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		sh.kind, sh.expected = uintShape, "integer"
	case reflect.Float32, reflect.Float64:
		sh.kind, sh.expected = floatShape, "number"
	default:
		return fmt.Errorf("a %s cannot be read from JSON", kind)
	}
	return nil
}

// addMembers collects the json members of a struct, those of embedded structs
// included. Every exported field must say its name.
func (s *shapes) addMembers(sh *shape, t reflect.Type, path []int) error {
	for i := range t.NumField() {
		field := t.Field(i)
		index := append(append([]int{}, path...), i)
		name, named := rules.TagName(field, "json")
		switch {
		case field.Anonymous && !named && field.Type.Kind() == reflect.Struct:
			if err := s.addMembers(sh, field.Type, index); err != nil {
				return err
			}
			continue
		case !field.IsExported() || strings.HasPrefix(field.Tag.Get("json"), "-"):
			continue
		case !named:
			return fmt.Errorf("field %s has no json name", field.Name)
		case sh.members[name] != nil:
			return fmt.Errorf("member %q is declared twice", name)
		}
		inner, err := s.of(field.Type)
		if err != nil {
			return err
		}
		sh.members[name] = &shapeMember{index, inner}
	}
	return nil
}

// patchTypes lists the Patch types in use.
func (s *shapes) patchTypes() []any {
	types := make([]any, 0, len(s.patched))
	for t := range s.patched {
		types = append(types, reflect.Zero(t).Interface())
	}
	return types
}

// sentValue gives the checker what a Patch holds: nothing, unless a value was
// sent.
func sentValue(v reflect.Value) any {
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	if patch, ok := p.Interface().(patcher); ok {
		return patch.sent()
	}
	return nil
}
