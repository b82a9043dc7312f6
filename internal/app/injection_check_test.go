package app

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// marks are the texts that were typed, by the tag each of them holds. A tag is
// made of letters and digits only, so that no way of writing changes it.
type marks map[string]string

const sheetMedia = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// tagForm is how a tag looks.
var tagForm = regexp.MustCompile(`zqi[0-9]{4}z`)

// whole says what is wrong with a text that shows tags: each has to stand in
// a whole line of what was typed, with every sign of it.
func (m marks) whole(s string) string {
	s = oneSpaced(s)
	for _, tag := range slices.Compact(tagForm.FindAllString(s, -1)) {
		rest := s
		for _, line := range strings.Split(strings.ReplaceAll(m[tag], "\r\n", "\n"), "\n") {
			if line = oneSpaced(line); strings.Contains(line, tag) {
				rest = withoutCut(strings.ReplaceAll(rest, line, ""), line)
			}
		}
		if strings.Contains(rest, tag) {
			return fmt.Sprintf("%q was typed, %.300q is shown", m[tag], s)
		}
	}
	return ""
}

// withoutCut takes the beginning of a line off the end of a text: what a page
// has no room for ends early.
func withoutCut(s, line string) string {
	end := strings.TrimRight(s, "… ")
	for n := min(len(line), len(end)); n > 0; n-- {
		if strings.HasSuffix(end, line[:n]) {
			return end[:len(end)-n]
		}
	}
	return s
}

func oneSpaced(s string) string { return strings.Join(strings.Fields(s), " ") }

// of says what is wrong with an answer, whatever its media type.
func (m marks) of(media string, header http.Header, body []byte) []string {
	var out []string
	for name, values := range header {
		if name != "Location" && tagForm.MatchString(strings.ToLower(name)+strings.Join(values, " ")) || name == "Bcc" {
			out = append(out, fmt.Sprintf("the header %s holds %q", name, values))
		}
	}
	kind, _, err := mime.ParseMediaType(media)
	if err != nil {
		return append(out, fmt.Sprintf("media type %q: %v", media, err))
	}
	switch kind {
	case "text/html":
		return append(out, m.html(body)...)
	case "text/csv":
		return append(out, m.csv(body)...)
	case sheetMedia:
		return append(out, m.xlsx(body)...)
	case "application/json", "application/problem+json":
		return append(out, m.json(body)...)
	case "application/xml", "text/xml", "application/atom+xml", "image/svg+xml":
		return append(out, m.xml(body)...)
	case "text/plain", "application/pdf", "image/png", "image/jpeg", "application/octet-stream":
		if header.Get("X-Content-Type-Options") != "nosniff" {
			out = append(out, "a browser may take it for something else")
		}
		return out
	}
	return append(out, "nothing here knows how to check "+kind)
}

// html says what is wrong with a page: its elements, their attributes and
// what runs are those of the templates, and what was typed is whole.
func (m marks) html(body []byte) (out []string) {
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return []string{err.Error()}
	}
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			out = append(out, m.element(n)...)
		case html.CommentNode:
			if tagForm.MatchString(n.Data) {
				out = append(out, "a comment holds "+n.Data)
			}
		case html.TextNode:
			out = appendWrong(out, m.text(n))
		}
	}
	return out
}

func appendWrong(out []string, wrong string) []string {
	if wrong != "" {
		out = append(out, wrong)
	}
	return out
}

// text judges a text by what it stands in.
func (m marks) text(n *html.Node) string {
	if !tagForm.MatchString(n.Data) {
		return ""
	}
	switch parent := n.Parent; {
	case parent.Data == "script" && attribute(parent, "type") == "application/ld+json":
		return strings.Join(m.json([]byte(n.Data)), "; ")
	case slices.Contains([]string{"script", "style", "noscript", "iframe", "template"}, parent.Data):
		return fmt.Sprintf("<%s> holds %.200q", parent.Data, n.Data)
	case json.Valid([]byte(n.Data)): // the journal shows what was signed
		return strings.Join(m.json([]byte(n.Data)), "; ")
	}
	return m.whole(n.Data)
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// element judges an element and its attributes. The site's own pages have no
// attribute that runs and no picture from x.
func (m marks) element(n *html.Node) (out []string) {
	if tagForm.MatchString(n.Data) || n.Data == "img" && attribute(n, "src") == "x" {
		out = append(out, fmt.Sprintf("the element <%s> %v was typed", n.Data, n.Attr))
	}
	for _, a := range n.Attr {
		switch {
		case tagForm.MatchString(a.Key) || strings.HasPrefix(a.Key, "on") || a.Key == "style" && tagForm.MatchString(a.Val) || a.Key == "srcdoc":
			out = append(out, fmt.Sprintf("the attribute %s=%.200q of <%s> was typed", a.Key, a.Val, n.Data))
		case a.Key == "href" || a.Key == "src" || a.Key == "action" || a.Key == "formaction":
			out = appendWrong(out, m.address(a.Val))
		default:
			out = appendWrong(out, m.whole(a.Val))
		}
	}
	return out
}

// address judges an address: it runs nothing, and what was typed is one value
// of its query or one part of its path.
func (m marks) address(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	switch {
	case err != nil:
		return fmt.Sprintf("the address %q: %v", s, err)
	case !slices.Contains([]string{"", "http", "https", "mailto", "tel", "data"}, u.Scheme) || u.Scheme == "data" && tagForm.MatchString(s):
		return fmt.Sprintf("the address %q has the scheme %s", s, u.Scheme)
	case tagForm.MatchString(u.Host) || strings.ContainsAny(s, "<>\""):
		return fmt.Sprintf("the address %q was typed", s)
	}
	for _, values := range u.Query() {
		if wrong := m.whole(strings.Join(values, " ")); wrong != "" {
			return wrong
		}
	}
	return m.whole(u.Path + " " + u.Fragment)
}

// json says what is wrong with a document: every text in it is whole.
func (m marks) json(body []byte) (out []string) {
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return []string{fmt.Sprintf("no JSON: %v in %.300q", err, body)}
	}
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case string:
			out = appendWrong(out, m.whole(v))
		case []any:
			for _, item := range v {
				visit(item)
			}
		case map[string]any:
			for name, member := range v {
				if tagForm.MatchString(name) {
					out = append(out, "the name of a member was typed: "+name)
				}
				visit(member)
			}
		}
	}
	visit(v)
	return out
}

// csv says what is wrong with a table: no cell begins like a formula, unless
// it is a number, and the rows are as long as the heading.
func (m marks) csv(body []byte) (out []string) {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	r := csv.NewReader(bytes.NewReader(body))
	r.FieldsPerRecord = -1 // notes may stand before the heading
	if line, _, _ := bytes.Cut(body, []byte("\n")); bytes.Contains(line, []byte(";")) {
		r.Comma = ';'
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			return append(out, err.Error())
		}
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) && !isNumber(cell) {
				out = append(out, fmt.Sprintf("a cell of the CSV is a formula: %.200q", cell))
			}
			out = appendWrong(out, m.whole(cell))
		}
	}
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", "."), 64)
	return err == nil
}

// xlsx says what is wrong with a workbook: it is one, no cell is a formula,
// nothing links outside, and texts are typed as such.
func (m marks) xlsx(body []byte) (out []string) {
	files, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return []string{err.Error()}
	}
	for _, f := range files.File {
		if tagForm.MatchString(f.Name) || strings.Contains(f.Name, "externalLink") {
			out = append(out, "the workbook has the part "+f.Name)
		}
		text, err := unpacked(f)
		if err != nil {
			return append(out, err.Error())
		}
		for _, wrong := range m.xml(text) {
			out = append(out, f.Name+": "+wrong)
		}
	}
	return out
}

func unpacked(f *zip.File) ([]byte, error) {
	part, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer part.Close()
	return io.ReadAll(part)
}

// readable is a body as its reader sees it: a workbook is packed.
func readable(medium string, body []byte) string {
	if medium != sheetMedia {
		return string(body)
	}
	files, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return "" // the checker complains
	}
	var out strings.Builder
	for _, f := range files.File {
		text, err := unpacked(f)
		if err == nil {
			out.Write(text)
		}
	}
	return out.String()
}

// xml says what is wrong with a document: it is well formed, none of its
// names was typed, and it holds no formula and no text in a cell of numbers.
func (m marks) xml(body []byte) (out []string) {
	d := xml.NewDecoder(bytes.NewReader(body))
	cell, in := "", ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			return append(out, err.Error())
		}
		switch t := token.(type) {
		case xml.StartElement:
			in = t.Name.Local
			if in == "c" {
				cell = "n"
			}
			for _, a := range t.Attr {
				if in == "c" && a.Name.Local == "t" {
					cell = a.Value
				}
				out = appendWrong(out, m.whole(a.Value))
			}
			if in == "f" || in == "script" || in == "hyperlink" || tagForm.MatchString(in) {
				out = append(out, "there is a <"+in+">")
			}
		case xml.EndElement:
			in = ""
		case xml.CharData:
			if tagForm.Match(t) && in == "v" && cell == "n" {
				out = append(out, fmt.Sprintf("a cell of numbers holds %.200q", t))
			}
			out = appendWrong(out, m.whole(string(t)))
		}
	}
}

// letter says what is wrong with a message as the folder keeps it.
func (m marks) letter(text string) (out []string) {
	head, body, ok := strings.Cut(text, "\n\n")
	if !ok {
		out = append(out, "no body")
	}
	seen := map[string]bool{}
	for _, line := range strings.Split(head, "\n") {
		name, value, _ := strings.Cut(line, ": ")
		if seen[name] || !slices.Contains([]string{"Id", "Channel", "Date", "To", "Subject"}, name) {
			out = append(out, fmt.Sprintf("the header line %q was typed", line))
		}
		seen[name] = true
		out = appendWrong(out, m.whole(value))
	}
	return appendWrong(out, m.whole(body))
}
