package locale_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"passerelle/internal/domain/fault"
	"passerelle/internal/web/locale"
	"passerelle/internal/web/rules"
)

// exempt codes need no text of their own. A name that ends in a dot stands for
// all codes that begin with it.
var exempt = map[string]string{
	"auth.token.": "what is wrong with a token is for logs; the person reads the text of auth.token",
	"maxItems":    "a keyword of JSON Schema, which shares a helper with codes",
	"maxLength":   "as maxItems", "maximum": "as maxItems", "minItems": "as maxItems", "minLength": "as maxItems",
	"minimum": "as maxItems", "size": "a word inside the helper of maxItems",
}

func isExempt(code string) bool {
	_, whole := exempt[code]
	end := strings.LastIndexByte(code, '.')
	_, group := exempt[code[:end+1]]
	return whole || end > 0 && group
}

// codes is every code the program can give, with where it is written.
type codes struct {
	*flow
	faults   *reached // of whole problems that domain and services give
	refusals *reached // of whole problems that the HTTP layer gives
	fields   *reached
	findings *reached
	tags     map[string]token.Pos // rules named in struct tags
}

func loadCodes(t *testing.T) *codes {
	t.Helper()
	f := newFlow(loadModule(t))
	c := &codes{flow: f, tags: map[string]token.Pos{},
		faults:   f.reach(f.field(t, "internal/domain/fault", "Error", "Code")),
		refusals: f.reach(f.field(t, "internal/web", "refusal", "code"), f.field(t, "internal/web", "outcome", "code")),
		fields:   f.reach(f.field(t, "internal/domain/fault", "Field", "Code"), f.field(t, "internal/domain/intake", "RowFault", "Code")),
		findings: f.reach(f.field(t, "internal/domain/offer", "Finding", "Code")),
	}
	for _, file := range f.files {
		ast.Inspect(file, func(n ast.Node) bool {
			if field, ok := n.(*ast.Field); ok && field.Tag != nil && strings.HasPrefix(f.at(field.Pos()), "internal/web/") {
				c.tagged(field.Tag)
			}
			return true
		})
	}
	return c
}

// tagged notes the rules of a validate tag whose name is the code given.
func (c *codes) tagged(lit *ast.BasicLit) {
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return
	}
	for _, rule := range strings.Split(reflect.StructTag(text).Get("validate"), ",") {
		name, _, _ := strings.Cut(rule, "=")
		switch name {
		case "", "-", "omitempty", "dive", "keys", "endkeys", "min", "max", "gte", "lte", "gt", "lt", "len", "oneof", "e164",
			"https_url", "http_url", "uri", "required_with", "required_without", "required_if", "required_unless":
		default:
			c.tags[name] = lit.Pos()
		}
	}
}

// each visits every code with the keys one of which must have a text.
func (c *codes) each(visit func(code string, pos token.Pos, keys []string)) {
	problem := func(code string) []string {
		return append(locale.ProblemKeys(code, "")[:3], "problem.kind."+code) // inner codes are shown as their kind
	}
	field := func(code string) []string {
		if strings.HasPrefix(code, "lint.") {
			return []string{code}
		}
		keys := locale.FieldKeys(code, 2)
		return append([]string{"field." + code}, keys[:len(keys)-1]...)
	}
	for _, group := range []struct {
		texts map[string]token.Pos
		keys  func(string) []string
	}{{c.faults.texts, problem}, {c.refusals.texts, problem}, {c.fields.texts, field}, {c.tags, field}, {c.findings.texts, field}} {
		for _, code := range slices.Sorted(maps.Keys(group.texts)) {
			visit(code, group.texts[code], group.keys(code))
		}
	}
}

func TestEveryCodeHasAText(t *testing.T) {
	texts, all, seen, told := problems(t), loadCodes(t), 0, map[string]bool{}
	all.each(func(code string, pos token.Pos, keys []string) {
		seen++
		if !told[code] && !slices.ContainsFunc(keys, texts.Has) && !isExempt(code) {
			told[code] = true
			t.Errorf("%s: code %q has no text; give it one as %q", all.at(pos), code, keys[0])
		}
	})
	for _, code := range []string{"offer.four_eyes", "request.rate", "required", "lint.pay.below_floor", "lint.abuse.passport", "auth.token.expired", "unit_group"} {
		found := false
		all.each(func(have string, _ token.Pos, _ []string) { found = found || have == code })
		if !found {
			t.Errorf("code %q was not found in the source: the search is broken", code)
		}
	}
	if seen < 400 {
		t.Errorf("only %d codes found", seen)
	}
}

// TestNoCodeIsLost reports places where a code is put together in a way that
// cannot be followed.
func TestNoCodeIsLost(t *testing.T) {
	all := loadCodes(t)
	for _, r := range []*reached{all.faults, all.refusals, all.fields, all.findings} {
		for pos := range r.lost {
			if where := all.at(pos); !strings.HasPrefix(where, "internal/web/rules/rules.go:") { // names of tags, see codes.tags
				t.Errorf("%s: the code given here cannot be followed; state it as a literal", where)
			}
		}
	}
}

func TestEveryTextBelongsToACode(t *testing.T) {
	used := map[string]bool{"field.invalid": true}
	loadCodes(t).each(func(_ string, _ token.Pos, keys []string) {
		for _, key := range keys {
			used[key] = true
		}
	})
	for kind := fault.Internal; kind <= fault.Exhausted; kind++ {
		used["problem.kind."+kind.String()] = true
	}
	for status := http.StatusBadRequest; status <= http.StatusServiceUnavailable; status++ {
		if http.StatusText(status) != "" {
			used["title."+strconv.Itoa(status)] = true
		}
	}
	for key := range labels() {
		used[key] = true
	}
	for _, rule := range rules.Vocabulary() {
		used["field."+rule.Name] = true
	}
	for _, key := range problems(t).Keys() {
		if !used[key] {
			t.Errorf("text %q belongs to no code", key)
		}
	}
}

// TestTextsQuoteWhatIsGiven compares each text with the number of values that
// go with its code.
func TestTextsQuoteWhatIsGiven(t *testing.T) {
	all, texts, seen := loadCodes(t), problems(t), 0
	for code, pos := range all.faults.texts {
		if text := first(texts, locale.ProblemKeys(code, "")); len(locale.Quoted(text)) > 0 {
			t.Errorf("%s: the text of %q quotes values, and a fault has none", all.at(pos), code)
		}
	}
	for _, file := range all.files {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				code, given := all.given(call)
				if code == "" {
					return true
				}
				seen++
				text := first(texts, locale.FieldKeys(code, given))
				if strings.HasPrefix(code, "request.") || strings.HasPrefix(code, "json.") {
					text = first(texts, locale.ProblemKeys(code, ""))
				}
				for _, mark := range locale.Quoted(text) {
					if int(mark[1]-'0') >= given {
						t.Errorf("%s: the text of %q quotes %s, and %d values are given", all.at(call.Pos()), code, mark, given)
					}
				}
			}
			return true
		})
	}
	if seen < 200 {
		t.Errorf("only %d calls found", seen)
	}
}

// given reads a call that takes a code and, last, the values of its text.
func (c *codes) given(call *ast.CallExpr) (code string, values int) {
	sig := c.signature(call)
	if sig == nil || !sig.Variadic() || call.Ellipsis.IsValid() || len(call.Args) < sig.Params().Len()-1 {
		return "", 0
	}
	last := sig.Params().Len() - 1
	if sig.Params().At(last).Type().String() != "[]string" {
		return "", 0
	}
	for _, arg := range call.Args[:last] {
		text, ok := literalText(c.info.Types[arg])
		if _, known := c.fields.texts[text]; ok && known {
			return text, len(call.Args) - last
		}
		if _, known := c.refusals.texts[text]; ok && known {
			return text, len(call.Args) - last
		}
	}
	return "", 0
}

func problems(t *testing.T) *locale.Catalogue {
	t.Helper()
	c, err := locale.Problems()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// first gives the text with its placeholders as they stand.
func first(c *locale.Catalogue, keys []string) string {
	marks := make([]string, 10)
	for i := range marks {
		marks[i] = fmt.Sprintf("{%d}", i)
	}
	text, _ := c.Text("fr", marks, keys...)
	return text
}
