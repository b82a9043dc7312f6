package text

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// ContactKind names a way of reaching somebody.
type ContactKind string

// The contact channels that are recognised.
const (
	Email     ContactKind = "email"     // an e-mail address, also spelt out
	Phone     ContactKind = "phone"     // a telephone number
	URL       ContactKind = "url"       // a web address
	Messenger ContactKind = "messenger" // a WhatsApp, Telegram or Messenger address
)

// Span is one contact channel found in a text: s[Start:End], in bytes.
type Span struct {
	Start, End int
	Kind       ContactKind
}

const (
	atSign  = `(?:[ \x{a0}]{0,2}[@＠][ \x{a0}]{0,2}|\s{0,2}[\[({<]\s*(?:@|at|a|arobase|arobas|chez)\s*[\])}>]\s{0,2}|\s+arobase?\s+)`
	dotSign = `(?:\.|\s{0,2}[\[({<]\s*(?:\.|dot|point)\s*[\])}>]\s{0,2}|\s+(?:dot|point)\s+)`
	local   = `[\p{L}0-9](?:[\p{L}0-9._%+'\-]{0,62}[\p{L}0-9_])?`
	label   = `[\p{L}0-9](?:[\p{L}0-9\-]{0,61}[\p{L}0-9])?`
	topName = `(?:com|org|net|info|biz|eu|fr|ml|uk|de|es|it|be|ch|ca|ma|dz|tn|sn|ci|bf|ne|mr|gn|tg|bj|pt|nl|us|io|africa)`
)

var (
	messengerForm = regexp.MustCompile(`(?i)(?:https?://)?(?:\bwa\.me|\bt\.me|\bm\.me|\btelegram\.me|\b(?:api|chat|web)\.whatsapp\.com)/[^\s<>"]*` +
		`|\b(?:telegram|whatsapp|signal|viber|imo)\b[\s:.\-]{0,4}@[\p{L}0-9_.]{3,40}|\b(?:whatsapp|tg)://[^\s<>"]*`)
	urlForm   = regexp.MustCompile(`(?i)\bh(?:tt|xx)ps?://[^\s<>"]+|\bwww\.[\p{L}0-9][^\s<>"]*`)
	emailForm = regexp.MustCompile(`(?i)` + local + atSign + label + `(?:` + dotSign + label + `){0,4}` + dotSign + `\p{L}{2,24}\b` +
		`|` + local + `\s+at\s+` + label + `(?:\s+dot\s+` + label + `){1,3}\b` +
		`|` + local + atSign + label + `[ ]{1,2}\.[ ]{0,2}` + topName + `\b`)
)

// Contacts finds the contact channels in s, in order and without overlap:
// web and messenger addresses, e-mail addresses (also "name [at] domain dot
// com") and telephone numbers. Years, dates, times, amounts, postcodes and
// references are not telephone numbers.
func Contacts(s string) []Span {
	var found []Span
	lower := lowerASCII(s)
	if containsAny(lower, "wa.me", "t.me", "m.me", "telegram", "whatsapp", "signal", "viber", "imo", "tg:") {
		found = addMatches(found, s, messengerForm, Messenger)
	}
	if containsAny(lower, "http", "hxxp", "www.") {
		found = addMatches(found, s, urlForm, URL)
	}
	for _, span := range emails(s, lower) {
		found = addSpan(found, span)
	}
	for _, span := range phones(s) {
		found = addSpan(found, span)
	}
	slices.SortFunc(found, func(a, b Span) int { return a.Start - b.Start })
	return found
}

// lowerASCII lowers A–Z and keeps every byte at its place.
func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func containsAny(s string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(s, p) })
}

func addMatches(found []Span, s string, form *regexp.Regexp, kind ContactKind) []Span {
	for _, at := range form.FindAllStringIndex(s, -1) {
		found = addSpan(found, trimmed(s, at[0], at[1], kind))
	}
	return found
}

// trimmed leaves the punctuation after an address out of its span.
func trimmed(s string, start, end int, kind ContactKind) Span {
	return Span{Start: start, End: start + len(strings.TrimRight(s[start:end], ".,;:!?)]}'’\"")), Kind: kind}
}

// emails looks for e-mail addresses around the signs that can stand for an at
// sign, since the full pattern is slow over long texts.
func emails(s, lower string) []Span {
	var out []Span
	done := 0
	for _, mark := range atMarks(lower) {
		if mark < done {
			continue
		}
		from, to := max(done, mark-140), min(len(s), mark+200)
		for from < mark && !utf8.RuneStart(s[from]) {
			from++
		}
		for to < len(s) && !utf8.RuneStart(s[to]) {
			to++
		}
		for _, at := range emailForm.FindAllStringIndex(s[from:to], -1) {
			span := trimmed(s, from+at[0], from+at[1], Email)
			if span.Start < span.End {
				out = append(out, span)
				done = max(done, from+at[1])
			}
		}
	}
	return out
}

// atMarks gives, in order, where an at sign stands or is spelt out.
func atMarks(lower string) []int {
	var marks []int
	for _, sign := range [...]string{"@", "＠", "arobas", "at)", "at]", "at}", "at>", "(a)", "[a]", "{a}", "chez", "at )", "at ]"} {
		marks = appendIndexes(marks, lower, sign)
	}
	for _, mark := range appendIndexes(nil, lower, " at ") {
		if strings.Contains(lower[mark:min(len(lower), mark+100)], " dot ") {
			marks = append(marks, mark)
		}
	}
	slices.Sort(marks)
	return marks
}

func appendIndexes(marks []int, s, part string) []int {
	for from := 0; ; {
		i := strings.Index(s[from:], part)
		if i < 0 {
			return marks
		}
		marks = append(marks, from+i)
		from += i + len(part)
	}
}

// addSpan adds a span unless an earlier, more specific one covers part of it.
func addSpan(found []Span, span Span) []Span {
	for _, f := range found {
		if span.Start < f.End && f.Start < span.End {
			return found
		}
	}
	return append(found, span)
}

// MaskContacts replaces every contact channel in s and says how many there
// were. What masking one brings to light (the rest of a list of numbers) is
// masked as well; a replacement that is a contact itself is not looked at.
func MaskContacts(s, replacement string) (masked string, found int) {
	for range maxMaskings {
		once, n := maskOnce(s, replacement)
		if n == 0 {
			break
		}
		s, found = once, found+n
	}
	return s, found
}

// maxMaskings bounds the repetitions, for replacements that are contacts.
const maxMaskings = 8

func maskOnce(s, replacement string) (masked string, found int) {
	spans := Contacts(s)
	if len(spans) == 0 {
		return s, 0
	}
	var b strings.Builder
	last := 0
	for _, span := range spans {
		b.WriteString(s[last:span.Start])
		b.WriteString(replacement)
		last = span.End
	}
	b.WriteString(s[last:])
	return b.String(), len(spans)
}
