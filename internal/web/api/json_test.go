package api

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// asStandard turns a node into what encoding/json would make of the same text.
func asStandard(n *node) any {
	switch n.kind {
	case boolNode:
		return n.flag
	case numberNode:
		return json.Number(n.text)
	case textNode:
		return n.text
	case listNode:
		list := make([]any, len(n.items))
		for i := range n.items {
			list[i] = asStandard(&n.items[i])
		}
		return list
	case objectNode:
		object := map[string]any{}
		for i := range n.members {
			object[n.members[i].name] = asStandard(&n.members[i].value)
		}
		return object
	default:
		return nil
	}
}

// checkAgainstStandard: whatever is accepted is valid JSON that the standard
// decoder reads in the same way, with every text intact.
func checkAgainstStandard(t interface{ Fatalf(string, ...any) }, data []byte) (accepted bool) {
	n, err := parseJSON(data)
	if err != nil {
		return false
	}
	if !json.Valid(data) || !utf8.Valid(data) {
		t.Fatalf("accepted what is not valid: %q", data)
	}
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	var want any
	if err := d.Decode(&want); err != nil {
		t.Fatalf("accepted what the standard refuses: %q: %v", data, err)
	}
	if got := asStandard(&n); !reflect.DeepEqual(got, want) {
		t.Fatalf("%q: got %#v, want %#v", data, got, want)
	}
	for _, text := range nodeTexts(&n) {
		if strings.ContainsRune(text, 0) {
			t.Fatalf("%q: holds a null character", data)
		}
	}
	return true
}

func nodeTexts(n *node) []string {
	found := []string{n.text}
	for i := range n.items {
		found = append(found, nodeTexts(&n.items[i])...)
	}
	for i := range n.members {
		found = append(append(found, n.members[i].name), nodeTexts(&n.members[i].value)...)
	}
	return found
}

func FuzzParseJSON(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,2.5e3,true,null,"x"],"b":{"c":"é\u00e9\ud83d\ude00"}}`, `[]`, `""`, `0`, `-0.0`, `{"a":1,"A":2}`, `"\ud800"`,
		`"\\ud800"`, `"\\\u0000"`, `{"a":1}{"b":2}`, `[1,]`, `{"a" 1}`, "\"\xff\"", `"\u00`, strings.Repeat("[", 40), `nul`, ` 1 `, `"\`, `{"":0}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkAgainstStandard(t, data) })
}

// TestParseJSONAcceptsWhatIsWellFormed: every document of bounded depth whose
// names differ is accepted.
func TestParseJSONAcceptsWhatIsWellFormed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data, err := json.Marshal(randomDocument(t, 4))
		if err != nil {
			t.Fatal(err)
		}
		if !checkAgainstStandard(t, data) {
			t.Fatalf("refused: %s", data)
		}
	})
}

func randomDocument(t *rapid.T, depth int) any {
	kinds := 4
	if depth > 0 {
		kinds = 6
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return nil
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2:
		return rapid.Int64().Draw(t, "number")
	case 3:
		return strings.ReplaceAll(rapid.String().Draw(t, "text"), "\x00", "")
	case 4:
		list := []any{}
		for range rapid.IntRange(0, 3).Draw(t, "items") {
			list = append(list, randomDocument(t, depth-1))
		}
		return list
	default:
		object := map[string]any{}
		for _, name := range rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,6}`), 0, 3, rapid.ID).Draw(t, "names") {
			object[name] = randomDocument(t, depth-1)
		}
		return object
	}
}

type fuzzed struct {
	Text  string            `json:"text"`
	Count int16             `json:"count"`
	More  *fuzzed           `json:"more"`
	List  []fuzzed          `json:"list"`
	Map   map[string]string `json:"map"`
	Patch Patch[int64]      `json:"patch"`
	Rate  float32           `json:"rate"`
	Size  uint32            `json:"size"`
}

// FuzzBind: no body makes the binder panic, and a body it takes without
// complaint means the same to the standard decoder.
func FuzzBind(f *testing.F) {
	sh, err := newShapes().of(reflect.TypeFor[fuzzed]())
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		`{"text":"x","count":5,"more":{"list":[{},{"map":{"a":"b"}}]},"patch":null}`, `{"count":40000}`, `{"more":null,"patch":1}`,
		`{"list":null}`, `{"map":{"$a":"b","":"c"}}`, `[]`, `{"x":{"y":[1]}}`, `{"rate":1e40}`, `{"size":-1}`, `{"patch":"x"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := parseJSON(data)
		if err != nil {
			return
		}
		var got fuzzed
		var b binder
		b.bind(reflect.ValueOf(&got).Elem(), sh, &n, "")
		for _, field := range b.fields {
			if field.Pointer != "" && field.Pointer[0] != '/' {
				t.Fatalf("%q is no pointer", field.Pointer)
			}
		}
		if len(b.fields) == 0 && n.kind != objectNode {
			t.Fatalf("%q is taken for an object", data)
		}
	})
}
