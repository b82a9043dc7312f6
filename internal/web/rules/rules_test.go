package rules_test

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"passerelle/internal/web/locale"
	"passerelle/internal/web/rules"
)

// TestVocabulary: examples that each word accepts and refuses.
func TestVocabulary(t *testing.T) {
	const id = "off_01ARZ3NDEKTSV4RRFFQ69G5FAV"
	examples := map[string]struct{ good, bad []string }{
		"amount":     {[]string{"0", "450000", "1500.00", "0.5"}, []string{"", "-1", "+1", "01", "1,5", "1.", ".5", "1e3", "1 000", "1.00000", "١", "NaN"}},
		"basis":      {[]string{"gross", "net"}, []string{"", "brut", "GROSS"}},
		"code":       {[]string{"a", "fees-asked-2"}, []string{"", "-a", "a-", "A", "a--b", "é", "a_b"}},
		"corridor":   {[]string{"ML-ES", "ES-ML"}, []string{"", "ML", "ML-ML", "ml-es", "ML-XX", "ML-ES-FR"}},
		"country":    {[]string{"ML", "ES"}, []string{"", "XX", "ml", "MLI", "M"}},
		"currency":   {[]string{"XOF", "EUR"}, []string{"", "xof", "XXX", "EURO"}},
		"date":       {[]string{"2026-02-28", "2024-02-29"}, []string{"", "2026-02-29", "2026-2-1", "28/02/2026", "2026-02-28T00:00:00Z", "0001-01-01"}},
		"id":         {[]string{id, strings.ToLower(id), "off_" + strings.Repeat("a", 40)}, []string{"", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "pro_01ARZ3NDEKTSV4RRFFQ69G5FAV", "off_short", "off_" + strings.Repeat("a", 41), "off_01ARZ3NDEKTSV4RRFFQ69G5F-V", "off_01ARZ3NDEKTSV4RRFFQ69G5Fé"}},
		"kind":       {[]string{"permanent", "seasonal"}, []string{"", "forced", "Seasonal"}},
		"language":   {[]string{"fr", "bm"}, []string{"", "xx", "FR", "fra-ML"}},
		"level":      {[]string{"A1", "C2"}, []string{"", "a1", "C3", "native"}},
		"licence":    {[]string{"permis-b"}, []string{"", "Permis B"}},
		"line":       {[]string{"", "Soudeur TIG — nuit"}, []string{"a\nb", "a\tb", "a\u2028b", "a\u202eb"}},
		"locale":     {[]string{"fr", "en"}, []string{"", "bm", "FR"}},
		"month":      {[]string{"2026-03"}, []string{"", "2026-13", "2026-3", "2026-03-01"}},
		"name":       {[]string{"Aïssata", "N'Golo", "ߒߞߏ", "محمد", "Ɲɛnɛkɔrɔ", "Jean-Paul d’Or", "e\u0301"}, []string{"", " ", "a\nb", "a\u202eb", "a\u200bb", "a\u200db", "a\ufeffb", "\u3164", "a\ue000b", "a\U000e0041b", "a\ufffdb", "a\x00b"}},
		"occupation": {[]string{"7212", "72", "0", "0110"}, []string{"", "72120", "9999", "7x", "-1"}},
		"period":     {[]string{"hour", "month"}, []string{"", "fortnight"}},
		"phone":      {[]string{"+22370123456", "+33612345678"}, []string{"", "70123456", "0022370123456", "+223 70 12 34 56", "+0123456789", "+1"}},
		"region":     {[]string{"1", "BKO"}, []string{"", "ML-1", "99"}},
		"sector":     {[]string{"F", "01"}, []string{"", "f", "Z", "00"}},
		"skill":      {[]string{"soudage-tig"}, []string{"", "Soudage", "a"}},
		"unit_group": {[]string{"7212", "0110"}, []string{"", "72", "9999"}},
	}
	catalogue, err := locale.Problems()
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range rules.Vocabulary() {
		param := map[bool]string{true: "off", false: ""}[rule.Name == "id"]
		for _, text := range examples[rule.Name].good {
			if !rule.Check(text, param) {
				t.Errorf("%s refuses %q", rule.Name, text)
			}
			if pattern := patternOf(rule, param); pattern != "" && !regexp.MustCompile(pattern).MatchString(text) {
				t.Errorf("%s accepts %q and its pattern %s does not", rule.Name, text, pattern)
			}
		}
		for _, text := range examples[rule.Name].bad {
			if rule.Check(text, param) {
				t.Errorf("%s accepts %q", rule.Name, text)
			}
		}
		if len(examples[rule.Name].good) == 0 || len(examples[rule.Name].bad) == 0 {
			t.Errorf("%s has no examples", rule.Name)
		}
		if !catalogue.Has("field."+rule.Name) || rule.Description == "" {
			t.Errorf("%s has no message or no description", rule.Name)
		}
	}
}

func patternOf(r rules.Rule, param string) string {
	if r.ParamFormat != nil {
		return r.ParamFormat(param)
	}
	return r.Pattern
}

type inner struct {
	Amount string `json:"amount" validate:"required,amount"`
}

type embedded struct {
	Limit int `query:"limit" validate:"min=1,max=100"`
}

type form struct {
	embedded
	Email string `form:"email" validate:"omitempty,email"`
	Body  struct {
		Pay   *inner             `json:"pay"`
		Steps []inner            `json:"st/eps" validate:"min=1,max=2,dive"`
		Map   map[string]inner   `json:"map" validate:"dive"`
		Deep  []map[string]inner `json:"deep" validate:"dive,dive"`
		Phone string             `json:"phone" validate:"omitempty,e164"`
		Site  string             `json:"site" validate:"omitempty,https_url"`
		Count int                `json:"count" validate:"gt=1,lt=9"`
		Kind  string             `json:"kind" validate:"omitempty,oneof=a b"`
		Exact []int              `json:"exact" validate:"omitempty,len=2,unique"`
		Short string             `json:"short" validate:"omitempty,min=3,max=5"`
		A     string             `json:"a" validate:"required_without=Phone"`
	}
}

func TestPointersAndCodes(t *testing.T) {
	checker, err := rules.New()
	if err != nil {
		t.Fatal(err)
	}
	var f form
	f.Email = "x"
	f.Body.Pay = &inner{}
	f.Body.Steps = []inner{{"1"}, {"x"}}
	f.Body.Map = map[string]inner{"k.e~/": {"x"}}
	f.Body.Deep = []map[string]inner{{"a": {"1"}}, {"b": {"x"}}}
	f.Body.Site, f.Body.Kind, f.Body.Exact, f.Body.Short, f.Body.Count = "http://x", "c", []int{1}, "ab", 9
	fields, err := checker.Check(&f)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, field := range fields {
		got = append(got, strings.TrimSpace(field.Pointer+" "+field.Code+" "+strings.Join(field.Args, "|")))
	}
	want := []string{
		"limit too_small 1", "email email", "/pay/amount required", "/st~1eps/1/amount amount", "/map/k.e~0~1/amount amount", "/deep/1/b/amount amount",
		"/site url", "/count too_large 8", "/kind choice a, b", "/exact length 2", "/short too_short 3", "/a required",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestDefectsAreErrors(t *testing.T) {
	checker, err := rules.New()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := checker.Check(5); err == nil {
		t.Error("a number is no struct")
	}
	if _, err := checker.Check(struct {
		A string `validate:"no_such_rule"`
	}{}); err == nil {
		t.Error("an unknown rule must be an error")
	}
	fields, err := checker.Check(struct {
		A int `json:"a" validate:"country"`
	}{})
	if err != nil || len(fields) != 1 {
		t.Errorf("a text rule on a number refuses it: %v %v", fields, err)
	}
}

func TestDescribe(t *testing.T) {
	for _, tc := range []struct {
		t        reflect.Type
		tag      string
		want     string
		required bool
	}{
		{reflect.TypeFor[string](), "required,min=2,max=5", `{"maxLength":5,"minLength":2}`, true},
		{reflect.TypeFor[*string](), "omitempty,len=3", `{"maxLength":3,"minLength":3}`, false},
		{reflect.TypeFor[int](), "gte=1,lte=9", `{"maximum":9,"minimum":1}`, false},
		{reflect.TypeFor[int](), "gt=1,lt=9", `{"exclusiveMaximum":9,"exclusiveMinimum":1}`, false},
		{reflect.TypeFor[float64](), "max=0.5", `{"maximum":0.5}`, false},
		{reflect.TypeFor[string](), "gt=1,lt=9", `{"maxLength":8,"minLength":2}`, false},
		{reflect.TypeFor[[]int](), "min=1,unique", `{"minItems":1,"uniqueItems":true}`, false},
		{reflect.TypeFor[string](), "oneof=a b", `{"enum":["a","b"]}`, false},
		{reflect.TypeFor[int](), "oneof=1 2", `{"enum":[1,2]}`, false},
		{reflect.TypeFor[string](), "email", `{"format":"email"}`, false},
		{reflect.TypeFor[string](), "date", `{"description":"civil date","format":"date","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}`, false},
		{reflect.TypeFor[string](), "id=off", `{"description":"identifier: kind prefix, then letters and digits","pattern":"^off_[0-9A-Za-z]{20,40}$"}`, false},
		{reflect.TypeFor[string](), "required_without=Phone", `{"x-rules":["required_without=Phone"]}`, false},
		{reflect.TypeFor[string](), "", `{}`, false},
	} {
		schema := rules.Schema{}
		required := rules.Describe(schema, tc.t, tc.tag)
		got, err := json.Marshal(schema)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != tc.want || required != tc.required {
			t.Errorf("%s %q: %s, required %v", tc.t, tc.tag, got, required)
		}
	}
}

// TestInvisibleNames: no name that is accepted holds a format or control
// character, and every accepted name is a line.
//
// covers IN-10
func TestInvisibleNames(t *testing.T) {
	invisible := []rune{0x00, 0x1b, 0x85, 0xad, 0x61c, 0x200b, 0x200e, 0x202e, 0x2028, 0x2060, 0x2066, 0xfeff, 0xe0041, 0x3164}
	line, _ := rules.Lookup("line")
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		if rules.IsName(name) && !line.Check(name, "") {
			t.Fatalf("%q is a name and no line", name)
		}
		at := rapid.IntRange(0, len([]rune(name))).Draw(t, "at")
		spoiled := string([]rune(name)[:at]) + string(rapid.SampledFrom(invisible).Draw(t, "spoiler")) + string([]rune(name)[at:])
		if rules.IsName(spoiled) {
			t.Fatalf("%q is accepted", spoiled)
		}
	})
}

// covers IN-10
func TestHasControl(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "a\n\tb": false, "é ߒߞߏ عربي": false, "a\rb": true, "a\x00": true, "\x7f": true, "\u0085": true, "a\U000e0041": true,
	} {
		if rules.HasControl(text) != want {
			t.Errorf("%q", text)
		}
	}
}
