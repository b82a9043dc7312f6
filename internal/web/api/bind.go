package api

import (
	"encoding"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"passerelle/internal/domain/fault"
	"passerelle/internal/web/rules"
)

// binder copies a parsed body into Go values and collects what does not fit,
// so that a caller learns of every mistake at once.
type binder struct {
	fields fault.List
}

// bind reads n into dst, which has the type of sh.
func (b *binder) bind(dst reflect.Value, sh *shape, n *node, pointer string) {
	if n.kind == nullNode {
		b.null(dst, sh, pointer)
		return
	}
	switch sh.kind {
	case pointerShape:
		dst.Set(reflect.New(dst.Type().Elem()))
		b.bind(dst.Elem(), sh.elem, n, pointer)
	case patchShape:
		b.bind(receiver(dst, false), sh.elem, n, pointer)
	case objectShape:
		b.object(dst, sh, n, pointer)
	case listShape:
		b.list(dst, sh, n, pointer)
	case mapShape:
		b.mapping(dst, sh, n, pointer)
	default:
		b.scalar(dst, sh, n, pointer)
	}
}

func receiver(dst reflect.Value, null bool) reflect.Value {
	p, ok := dst.Addr().Interface().(patcher)
	if !ok {
		return reflect.Value{} // shapes made patchShape only of patchers
	}
	return reflect.ValueOf(p.receive(null)).Elem()
}

// null is "not stated" for a pointer, "remove" for a Patch, and a wrong type
// for everything else.
func (b *binder) null(dst reflect.Value, sh *shape, pointer string) {
	switch sh.kind {
	case pointerShape:
	case patchShape:
		receiver(dst, true)
	default:
		b.wrongType(sh, pointer)
	}
}

func (b *binder) wrongType(sh *shape, pointer string) {
	b.fields.Add(pointer, "type", sh.expected)
}

func (b *binder) object(dst reflect.Value, sh *shape, n *node, pointer string) {
	if n.kind != objectNode {
		b.wrongType(sh, pointer)
		return
	}
	for i := range n.members {
		m := &n.members[i]
		at, known := sh.members[m.name]
		if !known {
			b.unknown(pointer, m.name)
			continue
		}
		b.bind(dst.FieldByIndex(at.index), at.shape, &m.value, pointer+"/"+rules.Escape(m.name))
	}
}

// unknown names the member that does not exist, unless its name is not fit to
// be shown; then the object around it is named.
func (b *binder) unknown(pointer, name string) {
	if utf8.RuneCountInString(name) <= 64 && !rules.HasControl(name) {
		pointer += "/" + rules.Escape(name)
	}
	b.fields.Add(pointer, "unknown")
}

func (b *binder) list(dst reflect.Value, sh *shape, n *node, pointer string) {
	if n.kind != listNode {
		b.wrongType(sh, pointer)
		return
	}
	dst.Set(reflect.MakeSlice(dst.Type(), len(n.items), len(n.items)))
	for i := range n.items {
		b.bind(dst.Index(i), sh.elem, &n.items[i], pointer+"/"+strconv.Itoa(i))
	}
}

// mapping reads an object with free names. Names that mean something to a
// database or in a pointer of the checker are refused, though nothing here
// builds queries from them.
func (b *binder) mapping(dst reflect.Value, sh *shape, n *node, pointer string) {
	if n.kind != objectNode {
		b.wrongType(sh, pointer)
		return
	}
	dst.Set(reflect.MakeMapWithSize(dst.Type(), len(n.members)))
	for i := range n.members {
		m := &n.members[i]
		if m.name == "" || strings.ContainsAny(m.name, "$.[]") || rules.HasControl(m.name) {
			b.unknown(pointer, m.name)
			continue
		}
		value := reflect.New(dst.Type().Elem()).Elem()
		b.bind(value, sh.elem, &m.value, pointer+"/"+rules.Escape(m.name))
		dst.SetMapIndex(reflect.ValueOf(m.name).Convert(dst.Type().Key()), value)
	}
}

func (b *binder) scalar(dst reflect.Value, sh *shape, n *node, pointer string) {
	switch {
	case sh.kind == boolShape && n.kind == boolNode:
		dst.SetBool(n.flag)
	case sh.kind == intShape && n.kind == numberNode:
		b.integer(dst, sh, n.text, pointer)
	case sh.kind == uintShape && n.kind == numberNode:
		b.unsigned(dst, sh, n.text, pointer)
	case sh.kind == floatShape && n.kind == numberNode:
		b.float(dst, n.text, pointer)
	case sh.expected == "string" && n.kind == textNode:
		b.text(dst, sh, n.text, pointer)
	default:
		b.wrongType(sh, pointer)
	}
}

// integer accepts whole numbers as they are usually written; 1.0 and 1e3 are
// other types, and what does not fit the field is out of range.
func (b *binder) integer(dst reflect.Value, sh *shape, written, pointer string) {
	if strings.ContainsAny(written, ".eE") {
		b.wrongType(sh, pointer)
		return
	}
	v, err := strconv.ParseInt(written, 10, 64)
	if err != nil || dst.OverflowInt(v) {
		b.fields.Add(pointer, "range")
		return
	}
	dst.SetInt(v)
}

func (b *binder) unsigned(dst reflect.Value, sh *shape, written, pointer string) {
	if strings.ContainsAny(written, ".eE") {
		b.wrongType(sh, pointer)
		return
	}
	v, err := strconv.ParseUint(written, 10, 64)
	if err != nil || dst.OverflowUint(v) || v > math.MaxInt64 {
		b.fields.Add(pointer, "range")
		return
	}
	dst.SetUint(v)
}

func (b *binder) float(dst reflect.Value, written, pointer string) {
	v, err := strconv.ParseFloat(written, 64)
	if err != nil || dst.OverflowFloat(v) {
		b.fields.Add(pointer, "range")
		return
	}
	dst.SetFloat(v)
}

// text takes every text in Unicode's normal form C, so that two spellings of
// one name are equal from here on.
func (b *binder) text(dst reflect.Value, sh *shape, s, pointer string) {
	if rules.HasControl(s) {
		b.fields.Add(pointer, "control")
		return
	}
	s = norm.NFC.String(s)
	switch sh.kind {
	case textShape:
		dst.SetString(s)
	case timeShape:
		b.instant(dst, s, pointer)
	default:
		b.parsed(dst, s, pointer)
	}
}

func (b *binder) instant(dst reflect.Value, s, pointer string) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		b.fields.Add(pointer, "instant")
		return
	}
	dst.Set(reflect.ValueOf(t.UTC()))
}

// parsed reads a type that reads itself; the code of its fault is kept.
func (b *binder) parsed(dst reflect.Value, s, pointer string) {
	u, ok := dst.Addr().Interface().(encoding.TextUnmarshaler)
	if !ok {
		return // shapes made parsedShape only of unmarshalers
	}
	err := u.UnmarshalText([]byte(s))
	if err == nil {
		return
	}
	code := "invalid"
	if f := fault.Of(err); f != nil {
		code = f.Code
	}
	b.fields.Add(pointer, code)
}
