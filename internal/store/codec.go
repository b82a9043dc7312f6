package store

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/v2/bson"

	"passerelle/internal/domain/fault"
)

// maxDocument is the largest document taken, in bytes; MongoDB's own limit is
// 16 MiB, and a command has to fit around it.
const maxDocument = 15 << 20

// Header is the inline head of every document.
type Header struct {
	ID  string `bson:"_id"` // chosen by the caller, with the prefix of its kind
	Rev int64  `bson:"rev"` // counts domain changes; set by the caller
	Seq int64  `bson:"seq"` // counts replacements, from 1; set by the kernel only
}

func (h *Header) head() *Header { return h }

// document is what a collection holds: a pointer to a struct that embeds Header.
type document[D any] interface {
	*D
	head() *Header
}

// encode makes BSON with nil slices and maps as empty ones. Times are stored as
// UTC with milliseconds; that is what a BSON date is.
func encode(doc any) (bson.Raw, error) {
	var buf bytes.Buffer
	enc := bson.NewEncoder(bson.NewDocumentWriter(&buf))
	enc.NilSliceAsEmpty()
	enc.NilMapAsEmpty()
	enc.NilByteSliceAsEmpty()
	if err := enc.Encode(doc); err != nil {
		return nil, fmt.Errorf("encode %T: %w", doc, err)
	}
	if buf.Len() > maxDocument {
		return nil, fault.New(fault.Invalid, "store.too_large")
	}
	if err := checkText(buf.Bytes()); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// checkText refuses text that is not UTF-8: the embedded engine would replace
// the wrong bytes without a word, and the index would differ from the store.
func checkText(raw bson.Raw) error {
	elements, err := raw.Elements()
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	for _, e := range elements {
		v := e.Value()
		switch v.Type {
		case bson.TypeString:
			if !utf8.ValidString(v.StringValue()) {
				return fault.New(fault.Invalid, "store.text")
			}
		case bson.TypeEmbeddedDocument, bson.TypeArray:
			if err := checkText(v.Value); err != nil {
				return err
			}
		}
		if !utf8.ValidString(e.Key()) {
			return fault.New(fault.Invalid, "store.text")
		}
	}
	return nil
}

// decode reads BSON into a document; fields it does not know are dropped.
func decode[D any](raw bson.Raw) (D, error) {
	var doc D
	if err := bson.Unmarshal(raw, &doc); err != nil {
		return doc, fmt.Errorf("decode %T: %w", doc, err)
	}
	return doc, nil
}

// validID reports whether the text can be an _id: not empty, UTF-8 without NUL,
// at most 512 bytes.
func validID(id string) bool {
	return id != "" && len(id) <= 512 && utf8.ValidString(id) && !strings.ContainsRune(id, 0)
}
