package app

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// heads begin the texts that are typed; each means something to a spreadsheet.
var heads = []string{"=HYPERLINK(", "+cmd|", "@SUM(", "-2+3", "\tTab ", ""}

// typed gives the texts that are tried in a field, the most hostile one first:
// what a field refuses is followed by something shorter, and at last by
// something that says what the field asks for.
func typed(f input, tag string, n int) []string {
	head := heads[n%len(heads)]
	if !f.area {
		head = strings.Replace(head, "\t", "=", 1) // a single line holds no tab
	}
	full := head + tag + ` <script>` + tag + `</script>"><img src=x onerror=` + tag + `>{{.}}%0d%0a😀'`
	switch {
	case f.kind == "email":
		return []string{`"><script>` + tag + `</script>"@example.ml`, tag + `'+{{.}}=cmd@example.ml`, tag + "'+cmd@example.ml", tag + "@example.ml"}
	case f.kind == "url":
		return []string{"javascript:" + tag, `https://example.ml/?q="><script>` + tag + `</script>`, "https://example.ml/"}
	case f.area && n%2 == 0:
		full += "\r\nBcc: " + tag + "\r\n<b>" + tag
	}
	return []string{full, head + tag + `<b>"{{.}}`, tag + `<b>"`, tag + "'", tag, `https://example.ml/?q=` + tag}
}

// turned is a text with a sign that turns its direction, which no field takes;
// in a single line it has another line as well.
func turned(f input, tag string) string {
	if f.kind == "email" {
		return tag + "\u202e@example.ml"
	}
	if !f.area {
		return tag + "\r\nBcc: \u202e<b>" + tag
	}
	return tag + "\u202e<b>"
}

// input is one field of a form.
type input struct {
	name, kind string
	area       bool
	free       bool     // takes a text of one's own
	value      string   // that the page gives
	choices    []string // of a closed question
	guesses    []string // what it may ask for, when it is no text
	required   bool
	long       string // most characters, as the page says it
}

// paper is a form of a page, with everything a browser would send.
type paper struct {
	who, page, method, action string
	upload                    bool
	fields                    []input
}

// key names a form whatever record it is about.
func (a *paper) key() string {
	names := []string{}
	for _, f := range a.fields {
		if f.kind != "hidden" {
			names = append(names, plainName(f.name))
		}
	}
	slices.Sort(names)
	return a.method + " " + kindOfAddress(a.action) + " " + strings.Join(slices.Compact(names), ",")
}

// corridorCode is how the pages name a corridor.
var corridorCode = regexp.MustCompile(`/ML-[A-Z]{2}(/|$)`)

// kindOfAddress is an address without what names a record.
func kindOfAddress(path string) string { return corridorCode.ReplaceAllString(shapeOf(path), "/*$1") }

// plainName is a field's name without the record or the number in it.
func plainName(name string) string {
	parts := strings.Split(name, "-")
	for i, part := range parts {
		if strings.ContainsAny(part, "_0123456789") {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "-")
}

func (a *paper) free() (out []input) {
	for _, f := range a.fields {
		if f.free {
			out = append(out, f)
		}
	}
	return out
}

// paperOf reads a form of a page.
func paperOf(s *goquery.Selection, who, page string) *paper {
	a := &paper{who: who, page: page, method: strings.ToUpper(s.AttrOr("method", "GET")), action: s.AttrOr("action", page), upload: s.AttrOr("enctype", "") == "multipart/form-data"}
	if strings.HasPrefix(a.action, "?") || a.action == "" {
		path, _, _ := strings.Cut(page, "?")
		a.action = path + a.action
	}
	s.Find("input[name], select[name], textarea[name]").Each(func(_ int, q *goquery.Selection) {
		f := inputOf(q)
		if at := slices.IndexFunc(a.fields, func(g input) bool { return g.name == f.name }); at >= 0 && f.kind != "text" {
			a.fields[at].choices = append(a.fields[at].choices, f.choices...)
			return
		}
		a.fields = append(a.fields, f)
	})
	for i := range a.fields { // once all answers of a question are known
		a.fields[i].guesses = guessesOf(a.fields[i], time.Now())
	}
	return a
}

func inputOf(q *goquery.Selection) input {
	f := input{name: q.AttrOr("name", ""), kind: q.AttrOr("type", "text"), value: q.AttrOr("value", ""), long: q.AttrOr("maxlength", "")}
	_, f.required = q.Attr("required")
	_, fixed := q.Attr("readonly")
	switch node := goquery.NodeName(q); {
	case node == "textarea":
		f.kind, f.area, f.value = "text", true, q.Text()
	case node == "select":
		f.kind, f.value = "select", q.Find("option[selected]").AttrOr("value", "")
		q.Find("option").Each(func(_ int, o *goquery.Selection) {
			if v := o.AttrOr("value", ""); v != "" {
				f.choices = append(f.choices, v)
			}
		})
	case f.kind == "radio" || f.kind == "checkbox":
		f.choices = []string{f.value}
		if _, chosen := q.Attr("checked"); !chosen {
			f.value = ""
		}
	}
	if mode := q.AttrOr("inputmode", ""); mode == "numeric" || mode == "decimal" {
		f.kind = "number"
	}
	f.free = !fixed && slices.Contains([]string{"text", "search", "url", "email"}, f.kind)
	return f
}

// guessesOf are plain answers to a question, the likeliest first.
func guessesOf(f input, now time.Time) []string {
	day := func(n int) string { return now.AddDate(0, 0, n).Format(time.DateOnly) }
	switch f.kind {
	case "date":
		return []string{day(60), day(-1), day(0), day(-10), day(-60), day(-200), day(-400), day(400), day(-3000)}
	case "datetime-local":
		return []string{day(10) + "T10:00", day(-1) + "T10:00"}
	case "time":
		return []string{"10:00"}
	case "month":
		return []string{"2020-01"}
	case "number":
		if f.long == "10" { // a day, typed as figures
			return []string{day(-1), day(60), day(0), day(-10), day(-60), day(-200), day(-400), ""}
		}
		return []string{"1", "10", "100", "2020", "40", "0", ""}
	case "tel":
		return []string{"+22376001122", ""}
	case "password":
		return []string{"quatre chevaux lents et doux"}
	case "select", "radio", "checkbox":
		choices := slices.Clone(f.choices)
		if f.name == "conforme" { // where all is as promised, the other fields are not read
			slices.Reverse(choices)
		}
		return append(choices, "")
	case "email":
		return []string{fmt.Sprintf("essai%d@example.ml", now.UnixNano()), ""}
	}
	return []string{"Bamako", "ML", "1", "ML, FR", day(60), day(-400), ""}
}

// filling is what is sent: for each field the position in what may be tried.
type filling struct {
	*paper
	texts map[string][]string // free field → what to try
	at    map[string]int      // field → how many were refused
}

// value is what a field is sent now.
func (f *filling) value(q input) string {
	tries := append(slices.Clone(f.texts[q.name]), q.guesses...)
	if !q.free {
		tries = q.guesses
		if q.value != "" || q.kind == "hidden" || q.kind == "checkbox" && !q.required {
			tries = append([]string{q.value}, tries...)
		}
	}
	if len(tries) == 0 {
		return ""
	}
	return tries[min(f.at[q.name], len(tries)-1)]
}

func (f *filling) values() url.Values {
	out := url.Values{}
	for _, q := range f.fields {
		if q.kind == "file" {
			continue
		}
		if v := f.value(q); v != "" || q.free || q.kind == "hidden" {
			out.Set(q.name, v)
		}
	}
	return out
}

// body writes the values as the form says.
func (f *filling) body(values url.Values) (string, []byte) {
	if !f.upload {
		return "application/x-www-form-urlencoded", []byte(values.Encode())
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name := range values {
		_ = w.WriteField(name, values.Get(name)) // a buffer takes everything
	}
	for _, q := range f.fields {
		if q.kind == "file" {
			part, err := w.CreateFormFile(q.name, "essai.pdf")
			if err == nil {
				_, _ = part.Write([]byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"))
			}
		}
	}
	_ = w.Close()
	return w.FormDataContentType(), b.Bytes()
}

// refused moves the fields the answer complains about on to what is tried
// next, and says whether any could be.
func (f *filling) refused(answer *goquery.Document) bool {
	moved, seen := false, map[string]bool{}
	answer.Find(".summary li a[href^='#']").Each(func(_ int, s *goquery.Selection) {
		id := strings.TrimPrefix(s.AttrOr("href", ""), "#")
		for _, q := range f.fields {
			if q.kind == "hidden" || seen[q.name] || q.name != id {
				continue
			}
			seen[q.name] = true
			if f.at[q.name]++; f.at[q.name] < len(f.texts[q.name])+len(q.guesses)+1 {
				moved = true
			}
		}
	})
	return moved
}
