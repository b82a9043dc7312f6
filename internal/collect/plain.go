package collect

import (
	"html"
	"regexp"
	"strings"

	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// escapedTag sees markup that is still escaped after one decoding.
var escapedTag = regexp.MustCompile(`(?i)&(amp;)*(lt|#60|#x3c);/?(p|br|ul|ol|li|div|span|strong|em|b|i|u|h[1-6]|a|table|tr|td|script|style)\b`)

// PlainText turns an advertisement's description into readable plain text:
// entities decoded (also when the source escaped its markup once too often),
// tags gone, list items on lines of their own behind "- ", paragraphs parted
// by one empty line. Scripts and styles vanish with their content. What it
// returns is text; whoever shows it escapes it again.
func PlainText(s string) string {
	for range 2 {
		if !escapedTag.MatchString(s) {
			break
		}
		s = html.UnescapeString(s)
	}
	var w textWriter
	tokens := nethtml.NewTokenizer(strings.NewReader(s))
	skip := 0
	for {
		switch tokens.Next() {
		case nethtml.ErrorToken: // the end: a string reader has no other error
			return w.String()
		case nethtml.TextToken:
			if skip == 0 {
				w.text(html.UnescapeString(string(tokens.Text())))
			}
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			raw := string(tokens.Raw())
			tag := tokens.Token()
			if silent(tag.DataAtom) && tag.Type == nethtml.StartTagToken {
				skip++
			}
			if skip == 0 {
				w.open(tag, raw)
			}
		case nethtml.EndTagToken:
			tag := tokens.Token()
			if silent(tag.DataAtom) && skip > 0 {
				skip--
			}
			if isBlock(tag.DataAtom) {
				w.paragraph()
			}
		}
	}
}

func silent(a atom.Atom) bool {
	return a == atom.Script || a == atom.Style || a == atom.Iframe || a == atom.Noscript || a == atom.Template
}

func isBlock(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.Ul, atom.Ol, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Table, atom.Blockquote, atom.Section, atom.Article:
		return true
	}
	return false
}

// textWriter lays words out in lines and paragraphs.
type textWriter struct {
	b       strings.Builder
	breaks  int  // line ends owed before the next word: 1 = line, 2 = paragraph
	space   bool // a space is owed
	started bool
}

func (w *textWriter) open(tag nethtml.Token, raw string) {
	switch {
	case tag.DataAtom == atom.Br || tag.DataAtom == atom.Tr:
		w.line()
	case tag.DataAtom == atom.Li:
		w.line()
		w.word("-")
		w.space = true
	case tag.DataAtom == atom.Td || tag.DataAtom == atom.Th:
		w.space = true
	case isBlock(tag.DataAtom):
		w.paragraph()
	case tag.DataAtom == 0 && !knownMarkup(raw):
		w.text(raw) // "<name@place>" or "<18 months" is somebody's text
	}
}

// knownMarkup recognises office-suite tags ("<o:p>") that are markup although
// no HTML atom names them.
func knownMarkup(raw string) bool { return !strings.ContainsAny(raw, "@.") }

func (w *textWriter) text(s string) {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u00ad' || r == '\u200b' || r == '\ufeff' || r == '\u200e' || r == '\u200f':
			return -1
		case r == '\t' || r == '\r' || r == '\n' || r == '\u00a0' || r == '\u2028' || r == '\u2029':
			return ' '
		case r < ' ' || r == 0x7f || r >= 0x80 && r <= 0x9f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	words := strings.Fields(s)
	if strings.HasPrefix(s, " ") {
		w.space = true
	}
	for i, word := range words {
		if i > 0 {
			w.space = true
		}
		w.word(word)
	}
	if len(words) > 0 && strings.HasSuffix(s, " ") {
		w.space = true
	}
}

func (w *textWriter) word(s string) {
	switch {
	case !w.started:
	case w.breaks > 0:
		w.b.WriteString("\n\n"[:w.breaks])
	case w.space:
		w.b.WriteByte(' ')
	}
	w.b.WriteString(s)
	w.started, w.breaks, w.space = true, 0, false
}

func (w *textWriter) line()          { w.breaks = max(w.breaks, 1) }
func (w *textWriter) paragraph()     { w.breaks = 2 }
func (w *textWriter) String() string { return w.b.String() }

// oneLine gives the plain text of a short member such as a title, on one line.
func oneLine(s string) string { return strings.Join(strings.Fields(PlainText(s)), " ") }
