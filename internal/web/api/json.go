package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"passerelle/internal/web"
)

// Bounds of a JSON body, whatever its size.
const (
	maxDepth   = 32
	maxMembers = 10_000
)

type nodeKind int

const (
	nullNode nodeKind = iota
	boolNode
	numberNode
	textNode
	listNode
	objectNode
)

// node is one value of a parsed body.
type node struct {
	kind    nodeKind
	flag    bool
	text    string // the text, or a number as it was written
	items   []node
	members []member
}

type member struct {
	name  string
	value node
}

// parseJSON reads one JSON document strictly (RFC 8259, I-JSON): valid UTF-8
// without null characters or lone surrogates, no name twice in one object, not
// even in another case, bounded depth and length, nothing after it. What the
// standard decoder would pass over in silence is a 400 here.
func parseJSON(data []byte) (node, error) {
	if !utf8.Valid(data) || badEscape(data) {
		return node{}, web.Refuse(http.StatusBadRequest, "json.encoding")
	}
	d := parser{json.NewDecoder(bytes.NewReader(data))}
	d.tokens.UseNumber()
	root, err := d.value(0)
	if err != nil {
		return node{}, err
	}
	if _, err := d.tokens.Token(); !errors.Is(err, io.EOF) {
		return node{}, web.Refuse(http.StatusBadRequest, "json.trailing")
	}
	return root, nil
}

// badEscape finds \u0000 and surrogates that are not in pairs; the standard
// decoder replaces the latter without saying so. Malformed escapes are left
// to the grammar.
func badEscape(data []byte) bool {
	for i := 0; i+1 < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		i++
		unit, ok := escapedUnit(data[i:])
		if !ok {
			continue
		}
		i += 4
		if unit == 0 || unit >= 0xDC00 && unit <= 0xDFFF {
			return true
		}
		if unit < 0xD800 || unit > 0xDBFF {
			continue
		}
		if i+2 >= len(data) || data[i+1] != '\\' {
			return true
		}
		low, ok := escapedUnit(data[i+2:])
		if !ok || low < 0xDC00 || low > 0xDFFF {
			return true
		}
		i += 6
	}
	return false
}

// escapedUnit reads "uXXXX".
func escapedUnit(s []byte) (unit uint64, ok bool) {
	if len(s) < 5 || s[0] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(s[1:5]), 16, 16)
	return unit, err == nil
}

type parser struct{ tokens *json.Decoder }

func (p parser) token() (json.Token, error) {
	token, err := p.tokens.Token()
	if err != nil {
		return nil, web.Refuse(http.StatusBadRequest, "json.syntax")
	}
	return token, nil
}

// value reads the next value; depth counts the lists and objects around it.
func (p parser) value(depth int) (node, error) {
	token, err := p.token()
	if err != nil {
		return node{}, err
	}
	switch v := token.(type) {
	case nil:
		return node{kind: nullNode}, nil
	case bool:
		return node{kind: boolNode, flag: v}, nil
	case json.Number:
		return node{kind: numberNode, text: v.String()}, nil
	case string:
		return node{kind: textNode, text: v}, nil
	}
	if depth >= maxDepth {
		return node{}, web.Refuse(http.StatusBadRequest, "json.depth", strconv.Itoa(maxDepth))
	}
	if token == json.Delim('[') {
		return p.list(depth + 1)
	}
	return p.object(depth + 1)
}

func (p parser) list(depth int) (node, error) {
	n := node{kind: listNode, items: []node{}}
	for p.tokens.More() {
		if len(n.items) >= maxMembers {
			return node{}, tooManyMembers()
		}
		item, err := p.value(depth)
		if err != nil {
			return node{}, err
		}
		n.items = append(n.items, item)
	}
	_, err := p.token()
	return n, err
}

func (p parser) object(depth int) (node, error) {
	n := node{kind: objectNode}
	seen := map[string]bool{}
	for p.tokens.More() {
		if len(n.members) >= maxMembers {
			return node{}, tooManyMembers()
		}
		token, err := p.token()
		if err != nil {
			return node{}, err
		}
		name, ok := token.(string)
		folded := foldName(name)
		if !ok || seen[folded] {
			return node{}, web.Refuse(http.StatusBadRequest, "json.duplicate")
		}
		seen[folded] = true
		value, err := p.value(depth)
		if err != nil {
			return node{}, err
		}
		n.members = append(n.members, member{name, value})
	}
	_, err := p.token()
	return n, err
}

// foldName makes names that differ by case alone equal.
func foldName(name string) string { return strings.ToLower(strings.ToUpper(name)) }

func tooManyMembers() error {
	return web.Refuse(http.StatusBadRequest, "json.members", strconv.Itoa(maxMembers))
}
