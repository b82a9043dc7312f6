package store

import (
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// FuzzStoredDocument: damaged text is an error, never a panic or broken BSON.
func FuzzStoredDocument(f *testing.F) {
	whole := `{"$s":{"p":{"_id":{"t":"string"},"n":{"t":"long"},"a":{"t":"array","i":[{"t":"double"},{"t":"null"}]},"o":{"t":"object","$s":{"p":{"b":{"t":"binData","s":0}},"$k":["b"]}},"e":{"t":"object","$s":{}}},"$k":["_id","n","a","o","e"]},"_id":"x\u2028","n":1,"a":[1.5,null],"o":{"b":"AA=="},"e":{}}`
	f.Add([]byte(whole))
	for i := 0; i < len(whole); i += 7 {
		f.Add([]byte(whole[:i]))
		f.Add([]byte(whole[:i] + strings.ToUpper(whole[i:])))
	}
	for _, s := range []string{``, `{}`, `{"$s":{}}`, `{"$s":{},"a":1}`, `{"$s":{"p":{"a":null},"$k":["a"]},"a":1}`, `{"$s":{"p":{"a":{"t":"regex"}}},"a":"x"}`, `{"$s":{"p":{"a":{"t":"object"}}},"a":{"b":1}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		var r sjsonReader
		raw, err := r.bson(doc)
		if err != nil {
			return
		}
		if err := bson.Raw(raw).Validate(); err != nil {
			t.Errorf("%q gave broken BSON: %v", doc, err)
		}
	})
}
