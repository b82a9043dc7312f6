// Package text holds the plain-text helpers that every room may use: folding
// for comparison, words, contact details hidden in advertisements, look-alike
// names of organisations, and the characters that no stored text may contain.
// Nothing here knows a language model, reads a clock or does I/O.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// foldGroups lists, for each plain spelling, the letters written as it when
// texts are compared. Bambara and the other Malian alphabets are included.
var foldGroups = [...]struct{ plain, letters string }{
	{"a", "àáâãäåāăąǎȁȃạảấầẩẫậắằẳẵặª"}, {"ae", "æǣǽ"}, {"b", "ɓ"},
	{"c", "çćĉċč"}, {"d", "ďđðɗḍ"}, {"e", "èéêëēĕėęěȅȇẹẻẽếềểễệɛəǝ"},
	{"g", "ĝğġģǧɣ"}, {"h", "ĥħḥ"}, {"i", "ìíîïĩīĭįıǐȉȋịỉɩ"}, {"ij", "ĳ"},
	{"j", "ĵǰ"}, {"k", "ķǩƙ"}, {"l", "ĺļľŀłḷ"}, {"n", "ñńņňŉŋɲɳṇ"},
	{"o", "òóôõöøōŏőơǒȍȏọỏốồổỗộớờởỡợɔº"}, {"oe", "œ"}, {"r", "ŕŗřṛ"},
	{"s", "śŝşšșṣſ"}, {"ss", "ß"}, {"t", "ţťŧțṭ"}, {"th", "þ"},
	{"u", "ùúûüũūŭůűųưǔȕȗụủứừửữựʋ"}, {"w", "ŵẁẃẅ"}, {"y", "ýÿŷỳỵỷỹƴ"},
	{"z", "źżžẓ"}, {"fi", "ﬁ"}, {"fl", "ﬂ"}, {"ff", "ﬀ"},
	{"'", "’‘‛ʼʻ′´`＇"}, {`"`, "“”„«»‹›″"}, {"-", "‐‑‒–—―−﹣－"},
	{" ", "\u00a0\u202f\u2007\u2009\u2002\u2003\u2008\u200a\u3000\t"}, {"...", "…"},
	{"", "\u00ad\u200b\u200c\u200d\u2060\ufeff"},
}

var foldTable = func() map[rune]string {
	table := make(map[rune]string, 300)
	for _, g := range foldGroups {
		for _, r := range g.letters {
			table[r] = g.plain
		}
	}
	return table
}()

// Fold writes s for comparison: lower case, accents and ligatures removed
// (é → e, œ → oe, Bambara ɛ → e, ɔ → o, ɲ and ŋ → n), typographic
// apostrophes, quotation marks, hyphens and spaces in their plain form,
// full-width forms narrowed, combining marks and zero-width characters
// dropped. Folding twice changes nothing. Invalid UTF-8 becomes U+FFFD.
func Fold(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		foldRune(&b, r)
	}
	return b.String()
}

// isPlain reports whether s is ASCII that Fold would leave alone.
func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' || c == '\t' || c == '`' {
			return false
		}
	}
	return true
}

func foldRune(b *strings.Builder, r rune) {
	if r >= 0xff01 && r <= 0xff5e { // full-width ASCII
		r -= 0xff01 - '!'
	}
	switch r = unicode.ToLower(r); {
	case r < utf8.RuneSelf && r != '\t' && r != '`':
		b.WriteByte(byte(r))
	case r >= 0x300 && r <= 0x36f: // combining accents
	default:
		if plain, ok := foldTable[r]; ok {
			b.WriteString(plain)
			return
		}
		b.WriteRune(r)
	}
}

// Tokens gives the folded words of s in order; digits are kept, everything
// that is neither letter nor digit separates words.
func Tokens(s string) []string {
	return strings.FieldsFunc(Fold(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// CleanName trims s and writes every run of white space as one space, as
// names and titles are stored.
func CleanName(s string) string { return strings.Join(strings.Fields(s), " ") }

// HasForbidden reports whether s holds what no stored text may hold: invalid
// UTF-8, control characters other than tab and line ends, characters that
// reorder or hide text (bidi controls, zero-width characters, soft hyphens,
// tag characters, annotation marks) and non-characters.
func HasForbidden(s string) bool {
	if !utf8.ValidString(s) {
		return true
	}
	return strings.IndexFunc(s, forbidden) >= 0
}

// Printable reports whether s can stand on one line: nothing forbidden, no
// tab and no line end.
func Printable(s string) bool {
	return !HasForbidden(s) && !strings.ContainsAny(s, "\t\n\r\u2028\u2029")
}

func forbidden(r rune) bool {
	switch {
	case r == '\n' || r == '\r' || r == '\t':
		return false
	case r < 0x20, r >= 0x7f && r <= 0x9f: // controls
		return true
	case r == 0xad, r == 0x34f, r == 0x61c, r == 0x180e, r == 0xfeff: // invisible
		return true
	case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e: // zero width, bidi
		return true
	case r >= 0x2060 && r <= 0x206f, r >= 0xfff9 && r <= 0xfffb: // isolates, annotations
		return true
	case r >= 0xe0000 && r <= 0xe0fff: // tags and variation supplements
		return true
	}
	return r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef // non-characters
}
