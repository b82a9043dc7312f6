package locale_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web/locale"
)

func TestEmbeddedCatalogueIsComplete(t *testing.T) {
	c, err := locale.Problems()
	if err != nil {
		t.Fatal(err)
	}
	for kind := fault.Internal; kind <= fault.Exhausted; kind++ {
		if !c.Has("problem.kind." + kind.String()) {
			t.Errorf("kind %s has no text", kind)
		}
	}
	if !c.Has("field.invalid") {
		t.Error("fields have no general text")
	}
}

func TestLoadRefusesUnequalFiles(t *testing.T) {
	for name, tc := range map[string]struct{ fr, en, want string }{
		"missing":      {`{"a":"x","b":"y"}`, `{"a":"x"}`, `key "b" is missing`},
		"extra":        {`{"a":"x"}`, `{"a":"x","b":"y"}`, `key "b" is not in fr`},
		"empty":        {`{"a":"x"}`, `{"a":" "}`, `key "a" is empty`},
		"placeholders": {`{"a":"{0} {1}"}`, `{"a":"{1}"}`, `quotes other values`},
		"wording":      {`{"a":"{0:euro}"}`, `{"a":"{0}"}`, `quotes other values`},
		"malformed":    {`{"a":1}`, `{}`, "locale fr"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := locale.Load(fstest.MapFS{"fr.json": {Data: []byte(tc.fr)}, "en.json": {Data: []byte(tc.en)}})
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("got %v", err)
			}
		})
	}
	if _, err := locale.Load(fstest.MapFS{"fr.json": {Data: []byte(`{}`)}}); err == nil {
		t.Fatal("a missing language must be refused")
	}
}

func TestLoadJoinsFiles(t *testing.T) {
	files := fstest.MapFS{
		"fr.json": {Data: []byte(`{"a":"x"}`)}, "fr.more.json": {Data: []byte(`{"b":"y"}`)},
		"en.json": {Data: []byte(`{"b":"z","a":"w"}`)},
	}
	c, err := locale.Load(files)
	if err != nil || len(c.Keys()) != 2 || c.Label(ref.English, "b", "c") != "c" {
		t.Fatalf("%v %v", c.Keys(), err)
	}
	files["fr.more.json"] = &fstest.MapFile{Data: []byte(`{"a":"y","b":"y"}`)}
	if _, err := locale.Load(files); err == nil || !strings.Contains(err.Error(), `fr.more.json: key "a" is in two files`) {
		t.Fatalf("got %v", err)
	}
}

func TestText(t *testing.T) {
	c, err := locale.Load(fstest.MapFS{
		"fr.json": {Data: []byte(`{"a":"de {0} à {1}","b":"{literal}"}`)},
		"en.json": {Data: []byte(`{"a":"from {0} to {1}","b":"{literal}"}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		loc  ref.Locale
		args []string
		keys []string
		want string
	}{
		{ref.French, []string{"1", "2"}, []string{"a"}, "de 1 à 2"},
		{ref.English, []string{"{1}", "2"}, []string{"a"}, "from {1} to 2"},
		{"bm", []string{"1"}, []string{"none", "a"}, "de 1 à "},
		{ref.English, nil, []string{"b"}, "{literal}"},
	} {
		if got, ok := c.Text(tc.loc, tc.args, tc.keys...); !ok || got != tc.want {
			t.Errorf("%v: got %q", tc, got)
		}
	}
	if text, ok := c.Text(ref.French, nil, "none"); ok || text != "" {
		t.Errorf("an unknown key has no text, got %q", text)
	}
}

func TestNegotiate(t *testing.T) {
	for header, want := range map[string]ref.Locale{
		"":                               ref.French,
		"en":                             ref.English,
		"en-GB,en;q=0.9,fr;q=0.8":        ref.English,
		"fr-ML, en;q=0.5":                ref.French,
		"bm, en;q=0.5":                   ref.English,
		"de":                             ref.French,
		"*":                              ref.French,
		"en;q=0, fr":                     ref.French,
		";;;":                            ref.French,
		strings.Repeat("en,", 200) + "e": ref.French,
	} {
		if got := locale.Negotiate(header); got != want {
			t.Errorf("%.40q: got %s, want %s", header, got, want)
		}
	}
}
