// Package locale holds message catalogues: flat JSON files per language,
// French first, all languages with the same keys. The embedded catalogue holds
// what the kernel says in problem documents and the names of the codes that
// records carry; the pages load theirs with the same code.
//
//	fr.json          titles and problems    "title.404", "problem.<code>"
//	fr.fields.json   rules of single fields "field.<code>", "lint.<code>"
//	fr.labels.json   names of codes         "state.offer.published", "gate.age"
//
// A code is the one that a fault, a finding or a record carries. ProblemKeys
// and FieldKeys say where its text is looked for. Texts quote the server's own
// values as {0}, {1}, …, never a value the caller sent; {0:country} words the
// value first (see worded).
package locale

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"passerelle/internal/domain/ref"
)

//go:embed *.json
var embedded embed.FS

// maxAcceptLanguage bounds the header that is looked at, in bytes.
const maxAcceptLanguage = 256

// Catalogue gives texts by language and key. It is never changed after Load.
type Catalogue struct {
	texts map[ref.Locale]map[string]string
}

// Problems loads the embedded catalogue of problem documents.
func Problems() (*Catalogue, error) { return Load(embedded) }

// Load reads <locale>.json of every locale, and every <locale>.*.json beside
// it. It fails when a file is missing or malformed, when two files of a
// language hold the same key, when the languages differ in their keys, or when
// a key's texts quote different values.
func Load(files fs.FS) (*Catalogue, error) {
	c := &Catalogue{texts: map[ref.Locale]map[string]string{}}
	for _, loc := range ref.Locales() {
		more, err := fs.Glob(files, string(loc)+".*.json")
		if err != nil {
			return nil, fmt.Errorf("locale %s: %w", loc, err)
		}
		c.texts[loc] = map[string]string{}
		for _, name := range append([]string{string(loc) + ".json"}, more...) {
			if err := c.read(files, name, loc); err != nil {
				return nil, fmt.Errorf("locale %s: %w", loc, err)
			}
		}
	}
	return c, c.check()
}

func (c *Catalogue) read(files fs.FS, name string, loc ref.Locale) error {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	texts := map[string]string{}
	if err := json.Unmarshal(data, &texts); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for key, text := range texts {
		if _, twice := c.texts[loc][key]; twice {
			return fmt.Errorf("%s: key %q is in two files", name, key)
		}
		c.texts[loc][key] = text
	}
	return nil
}

// check compares every language with the first.
func (c *Catalogue) check() error {
	var problems []error
	first := c.texts[ref.French]
	for _, loc := range ref.Locales() {
		texts := c.texts[loc]
		for key, text := range texts {
			want, ok := first[key]
			switch {
			case !ok:
				problems = append(problems, fmt.Errorf("locale %s: key %q is not in %s", loc, key, ref.French))
			case strings.TrimSpace(text) == "":
				problems = append(problems, fmt.Errorf("locale %s: key %q is empty", loc, key))
			case !slices.Equal(Quoted(want), Quoted(text)):
				problems = append(problems, fmt.Errorf("locale %s: key %q quotes other values than %s", loc, key, ref.French))
			}
		}
		for key := range first {
			if _, ok := texts[key]; !ok {
				problems = append(problems, fmt.Errorf("locale %s: key %q is missing", loc, key))
			}
		}
	}
	return errors.Join(problems...)
}

// Keys lists every key in order.
func (c *Catalogue) Keys() []string {
	keys := make([]string, 0, len(c.texts[ref.French]))
	for key := range c.texts[ref.French] {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// Has reports whether the key has a text.
func (c *Catalogue) Has(key string) bool {
	_, ok := c.texts[ref.French][key]
	return ok
}

// Negotiate chooses the best complete language for an Accept-Language header;
// French when nothing fits or the header cannot be read.
func Negotiate(acceptLanguage string) ref.Locale {
	if acceptLanguage == "" || len(acceptLanguage) > maxAcceptLanguage {
		return ref.French
	}
	tags, qualities, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return ref.French
	}
	for i, tag := range tags {
		if qualities[i] <= 0 {
			continue
		}
		base, _ := tag.Base()
		for _, loc := range ref.Locales() {
			if base.String() == string(loc) {
				return loc
			}
		}
	}
	return ref.French
}
