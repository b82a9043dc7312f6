package store

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// drawnShape makes a schema as the engine writes it, as deep as allowed.
func drawnShape(t *rapid.T, depth int) map[string]any {
	names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z_é"\\{}\[\],:]{1,4}`), 0, 4, rapid.ID).Draw(t, "names")
	if len(names) == 0 {
		return map[string]any{}
	}
	members := map[string]any{}
	for _, name := range names {
		members[name] = drawnKind(t, depth)
	}
	return map[string]any{"p": members, "$k": names}
}

func drawnKind(t *rapid.T, depth int) map[string]any {
	types := []string{"string", "long", "double", "bool", "date", "null", "binData"}
	if depth > 0 {
		types = append(types, "object", "array")
	}
	k := map[string]any{"t": rapid.SampledFrom(types).Draw(t, "type")}
	switch k["t"] {
	case "binData":
		k["s"] = rapid.IntRange(0, 255).Draw(t, "subtype")
	case "object":
		k["$s"] = drawnShape(t, depth-1)
	case "array":
		items := make([]any, rapid.IntRange(0, 3).Draw(t, "items"))
		for i := range items {
			items[i] = drawnKind(t, depth-1)
		}
		k["i"] = items
	}
	return k
}

// TestShapesAreReadAsJSON: the own reader reads every schema that the engine
// writes, without help, and as encoding/json does.
func TestShapesAreReadAsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, err := json.Marshal(drawnShape(t, 3))
		if err != nil {
			t.Fatal(err)
		}
		want := new(shape)
		if err := json.Unmarshal(text, want); err != nil {
			t.Fatal(err)
		}
		r := sjsonReader{in: text}
		got, err := r.shape()
		if err != nil || r.at != len(text) {
			t.Fatalf("%s: read up to %d: %v", text, r.at, err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-json +own):\n%s", text, diff)
		}
	})
}

// FuzzShape: whatever stands there, a schema is read as encoding/json reads
// it, or both refuse it.
func FuzzShape(f *testing.F) {
	for _, text := range []string{
		`{}`, `{"p":{},"$k":[]}`, `{"p":{"a":{"t":"long"}},"$k":["a"]}`, `{"p":{"a":{"t":"binData","s":256}}}`, `{"p":{"a":{"t":"binData","s":01}}}`,
		`{"p":null}`, `{"p":{"a":null}}`, `{"P":{"a":{"T":"long"}}}`, `{ "p" : {} }`, `{"p":{"a":{"t":"array","i":[{"t":"long"},null]}}}`, `{"p":{"a":{"t":1}}}`,
		`{"p":{"a":{"t":"x"}},"p":{"b":{"t":"y"}}}`, `{"q":1}`, `{"p":{"a":{"t":"object","$s":{"p":{"b":{"t":"array","i":[]}}}}}}`, `{"p":{},}`, `{"$k":["a",]}`, `{"$k":[1]}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if !json.Valid(text) || !utf8.Valid(text) {
			return // the reader of documents hands on what may be damaged; nothing is asked of it but an end
		}
		want := new(shape)
		wanted := json.Unmarshal(text, want)
		got, err := readShape(text)
		if (wanted == nil) != (err == nil) {
			t.Fatalf("%q: %v, encoding/json says %v", text, err, wanted)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); err == nil && diff != "" {
			t.Errorf("%q (-json +own):\n%s", text, diff)
		}
	})
}

func BenchmarkShape(b *testing.B) {
	text := []byte(`{"p":{"_id":{"t":"string"},"rev":{"t":"long"},"history":{"t":"array","i":[{"t":"object","$s":{"p":{"at":{"t":"date"},"by":{"t":"string"},"to":{"t":"string"}},"$k":["at","by","to"]}},{"t":"object","$s":{"p":{"at":{"t":"date"},"by":{"t":"string"},"to":{"t":"string"}},"$k":["at","by","to"]}}]},"sealed":{"t":"binData","s":0},"place":{"t":"object","$s":{"p":{"country":{"t":"string"},"city":{"t":"string"}},"$k":["country","city"]}}},"$k":["_id","rev","history","sealed","place"]}`)
	for b.Loop() {
		if _, err := readShape(text); err != nil {
			b.Fatal(err)
		}
	}
}
