package store

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// The embedded engine stores a document as JSON whose first member, "$s", says
// which BSON types the others have: {"$s":{"p":{"n":{"t":"long"}},"$k":["n"]},"n":1}.

// shape is the schema of a document: the types of its members.
type shape struct {
	Members map[string]*kind `json:"p"`
}

// kind is the type of one value.
type kind struct {
	Type    string  `json:"t"`
	Shape   *shape  `json:"$s"` // of an object
	Items   []*kind `json:"i"`  // of an array, one for each element
	Subtype byte    `json:"s"`  // of binary data
}

// maxShapes bounds the cache of schemas. Documents of one kind share few, but
// those with arrays have one for each combination of lengths.
const maxShapes = 4096

// sjsonReader turns stored documents into BSON. It is used by one goroutine.
type sjsonReader struct {
	shapes map[string]*shape // by their text
	in     []byte
	at     int
}

var errSJSON = errors.New("not a stored document")

// bson converts one document.
func (r *sjsonReader) bson(doc []byte) (bson.Raw, error) {
	r.in, r.at = doc, 0
	if !r.take('{') {
		return nil, errSJSON
	}
	key, err := r.text()
	if err != nil || key != "$s" || !r.take(':') {
		return nil, errSJSON
	}
	s, err := r.schema()
	if err != nil {
		return nil, err
	}
	at, out := bsoncore.AppendDocumentStart(make([]byte, 0, len(doc)))
	if r.take(',') {
		if out, err = r.members(out, s); err != nil {
			return nil, err
		}
	}
	if !r.take('}') {
		return nil, errSJSON
	}
	out, err = bsoncore.AppendDocumentEnd(out, at)
	return out, err
}

// schema reads the value of "$s", from the cache when its text is known.
func (r *sjsonReader) schema() (*shape, error) {
	start := r.at
	if err := r.skip(); err != nil {
		return nil, err
	}
	text := r.in[start:r.at]
	if s, ok := r.shapes[string(text)]; ok {
		return s, nil
	}
	s, err := readShape(text)
	if err != nil {
		return nil, fmt.Errorf("schema of a stored document: %w", err)
	}
	if r.shapes == nil || len(r.shapes) >= maxShapes {
		r.shapes = map[string]*shape{}
	}
	r.shapes[string(text)] = s
	return s, nil
}

// members reads "key":value pairs up to the closing brace.
func (r *sjsonReader) members(out []byte, s *shape) ([]byte, error) {
	for {
		key, err := r.text()
		if err != nil || !r.take(':') || s == nil {
			return nil, errSJSON
		}
		if out, err = r.value(out, key, s.Members[key]); err != nil {
			return nil, err
		}
		if !r.take(',') {
			return out, nil
		}
	}
}

// value reads one value and appends it under the key.
func (r *sjsonReader) value(out []byte, key string, k *kind) ([]byte, error) {
	if bytes.HasPrefix(r.in[r.at:], []byte("null")) {
		r.at += len("null")
		return bsoncore.AppendNullElement(out, key), nil
	}
	if k == nil {
		return nil, errSJSON
	}
	switch k.Type {
	case "object":
		at, out := bsoncore.AppendDocumentElementStart(out, key)
		return r.object(out, at, k.Shape)
	case "array":
		at, out := bsoncore.AppendArrayElementStart(out, key)
		return r.array(out, at, k.Items)
	case "string":
		s, err := r.text()
		return bsoncore.AppendStringElement(out, key, s), err
	case "binData":
		s, err := r.text()
		if err != nil {
			return nil, err
		}
		b, err := base64.StdEncoding.DecodeString(s)
		return bsoncore.AppendBinaryElement(out, key, k.Subtype, b), err
	}
	return r.plain(out, key, k.Type)
}

// plain reads a number or a truth value.
func (r *sjsonReader) plain(out []byte, key, kind string) ([]byte, error) {
	word := r.word()
	switch kind {
	case "bool":
		b, err := strconv.ParseBool(word)
		return bsoncore.AppendBooleanElement(out, key, b), err
	case "int":
		n, err := strconv.ParseInt(word, 10, 32)
		return bsoncore.AppendInt32Element(out, key, int32(n)), err
	case "long":
		n, err := strconv.ParseInt(word, 10, 64)
		return bsoncore.AppendInt64Element(out, key, n), err
	case "date":
		n, err := strconv.ParseInt(word, 10, 64)
		return bsoncore.AppendDateTimeElement(out, key, n), err
	case "double":
		f, err := strconv.ParseFloat(word, 64)
		return bsoncore.AppendDoubleElement(out, key, f), err
	}
	return nil, fmt.Errorf("stored document with a value of type %q", kind)
}

// object reads the members of an object, which starts at out[at].
func (r *sjsonReader) object(out []byte, at int32, s *shape) ([]byte, error) {
	if !r.take('{') {
		return nil, errSJSON
	}
	if !r.take('}') {
		var err error
		if out, err = r.members(out, s); err != nil {
			return nil, err
		}
		if !r.take('}') {
			return nil, errSJSON
		}
	}
	return bsoncore.AppendDocumentEnd(out, at)
}

// array reads the elements of an array, which starts at out[at].
func (r *sjsonReader) array(out []byte, at int32, items []*kind) ([]byte, error) {
	if !r.take('[') {
		return nil, errSJSON
	}
	for i, k := range items {
		if i > 0 && !r.take(',') {
			return nil, errSJSON
		}
		var err error
		if out, err = r.value(out, strconv.Itoa(i), k); err != nil {
			return nil, err
		}
	}
	if !r.take(']') {
		return nil, errSJSON
	}
	return bsoncore.AppendArrayEnd(out, at)
}

// take moves over one byte if it is that.
func (r *sjsonReader) take(c byte) bool {
	if r.at >= len(r.in) || r.in[r.at] != c {
		return false
	}
	r.at++
	return true
}

// word reads up to the next separator.
func (r *sjsonReader) word() string {
	start := r.at
	for r.at < len(r.in) && r.in[r.at] != ',' && r.in[r.at] != '}' && r.in[r.at] != ']' {
		r.at++
	}
	return string(r.in[start:r.at])
}

// text reads a string.
func (r *sjsonReader) text() (string, error) {
	start := r.at
	escaped, err := r.quoted()
	if err != nil {
		return "", err
	}
	if !escaped {
		return string(r.in[start+1 : r.at-1]), nil
	}
	var s string
	err = json.Unmarshal(r.in[start:r.at], &s)
	return s, err
}

// quoted moves over a string and reports whether it holds escapes.
func (r *sjsonReader) quoted() (escaped bool, err error) {
	if !r.take('"') {
		return false, errSJSON
	}
	for ; r.at < len(r.in); r.at++ {
		switch r.in[r.at] {
		case '\\':
			escaped = true
			r.at++
		case '"':
			r.at++
			return escaped, nil
		}
	}
	return false, errSJSON
}

// skip moves over an object, strings in it included.
func (r *sjsonReader) skip() error {
	for depth := 0; r.at < len(r.in); {
		switch r.in[r.at] {
		case '"':
			if _, err := r.quoted(); err != nil {
				return err
			}
			continue
		case '{':
			depth++
		case '}':
			depth--
		}
		r.at++
		if depth == 0 {
			return nil
		}
	}
	return errSJSON
}
