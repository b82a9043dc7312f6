package text

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// digitRun is a run of digits with the separators between them, as it stands
// in a text.
type digitRun struct {
	digits string // the digits, in ASCII
	ends   []int  // byte offset just after each digit
	starts []int  // byte offset of each digit
	seps   []string
}

// phones finds telephone numbers: international ones with + or 00, French and
// British national forms, the pairs in which Malian numbers are written, the
// North American form, and any number that a word such as "tel" announces.
func phones(s string) []Span {
	var found []Span
	for at := 0; at < len(s); {
		r, size := utf8.DecodeRuneInString(s[at:])
		if digitOf(r) < 0 || followsWord(s, at) {
			at += size
			continue
		}
		run := readRun(s, at)
		span, ok := judge(s, run)
		if ok {
			found = append(found, span)
			at = span.End
			continue
		}
		at = run.ends[firstGroupEnd(run)]
	}
	return found
}

// digitOf gives the value of a decimal digit in ASCII, full-width, Arabic or
// Persian writing; -1 for anything else.
func digitOf(r rune) int {
	for _, zero := range [...]rune{'0', '０', '٠', '۰'} {
		if r >= zero && r <= zero+9 {
			return int(r - zero)
		}
	}
	return -1
}

// followsWord reports whether the digit at offset at continues a word or a
// reference ("J123-456", "A4", "12-0612345678"), so that no number starts here.
func followsWord(s string, at int) bool {
	r, size := utf8.DecodeLastRuneInString(s[:at])
	if unicode.IsLetter(r) || r == '_' || r == '#' || r == '£' || r == '$' || r == '€' || digitOf(r) >= 0 {
		return true
	}
	if r != '-' && r != '/' && r != '.' && r != ',' && r != ':' {
		return false
	}
	r, _ = utf8.DecodeLastRuneInString(s[:at-size])
	return unicode.IsDigit(r) || unicode.IsLetter(r) && r < 0x250 && s[at-size:at] != ":" && s[at-size:at] != "."
}

const maxRun = 17 // digits: "00" and the 15 of E.164

// readRun collects the digits from at on; between two digits at most three
// separator characters may stand.
func readRun(s string, at int) digitRun {
	var run digitRun
	sep := at
	for i := at; i < len(s) && len(run.digits) < maxRun; {
		r, size := utf8.DecodeRuneInString(s[i:])
		value := digitOf(r)
		switch {
		case value >= 0:
			run.seps = append(run.seps, s[sep:i])
			run.starts = append(run.starts, i)
			run.digits += string(rune('0' + value))
			i += size
			run.ends = append(run.ends, i)
			sep = i
		case strings.ContainsRune(" .-–‐‑()\u00a0\u202f", r) && utf8.RuneCountInString(s[sep:i]) < 3:
			i += size
		default:
			return run
		}
	}
	return run
}

// firstGroupEnd gives the index of the last digit written without separator
// after the first.
func firstGroupEnd(run digitRun) int {
	for i := 1; i < len(run.seps); i++ {
		if run.seps[i] != "" {
			return i - 1
		}
	}
	return len(run.ends) - 1
}

// groups gives the lengths of the first n digits' groups and whether all
// separators between them are the same.
func (run digitRun) groups(n int) (lengths []int, uniform bool) {
	uniform = true
	first := ""
	for i := 0; i < n; i++ {
		if i == 0 || run.seps[i] != "" {
			lengths = append(lengths, 0)
		}
		if i > 0 && run.seps[i] != "" {
			if first == "" {
				first = run.seps[i]
			}
			uniform = uniform && run.seps[i] == first
		}
		lengths[len(lengths)-1]++
	}
	return lengths, uniform
}

// judge decides whether the run begins with a telephone number.
func judge(s string, run digitRun) (Span, bool) {
	before := s[:run.starts[0]]
	n := 0
	switch {
	case plusBefore(before):
		n = run.international(0)
	case strings.HasPrefix(run.digits, "00"):
		n = run.international(2)
	default:
		n = run.national(announced(before))
	}
	if n == 0 || !freeAfter(s[run.ends[n-1]:]) || dateAhead(s[run.starts[0]:]) {
		return Span{}, false
	}
	start := run.starts[0]
	for _, lead := range [...]string{"(", "+ ", "+", "("} {
		start = len(strings.TrimSuffix(s[:start], lead))
	}
	return Span{Start: start, End: run.ends[n-1], Kind: Phone}, true
}

func plusBefore(before string) bool {
	before = strings.TrimSuffix(strings.TrimSuffix(before, "("), " ")
	return strings.HasSuffix(before, "+") || strings.HasSuffix(before, "＋")
}

// international gives how many digits from the start belong to an
// international number, whose prefix (00) has skip digits.
func (run digitRun) international(skip int) int {
	n := min(len(run.digits), skip+15)
	if n < skip+8 || run.digits[skip] == '0' {
		return 0
	}
	return run.cutGroup(n)
}

// cutGroup shortens n so that it does not end within a group.
func (run digitRun) cutGroup(n int) int {
	for n > 8 && n < len(run.digits) && run.seps[n] == "" {
		n--
	}
	return n
}

// national gives how many digits from the start form a national number.
func (run digitRun) national(called bool) int {
	for _, n := range [...]int{11, 10, 9, 8} {
		if n > len(run.digits) || n < len(run.digits) && run.seps[n] == "" {
			continue
		}
		if n < len(run.digits) && run.goesOn(n) {
			continue
		}
		if lengths, uniform := run.groups(n); run.shape(lengths, uniform, n) {
			return n
		}
	}
	if !called || len(run.digits) < 7 || len(run.digits) > 15 || looksLikeYears(run) {
		return 0
	}
	return len(run.digits)
}

// goesOn reports whether the digits after the n-th continue the same
// grouping, so that the first n are only a part of something longer.
func (run digitRun) goesOn(n int) bool {
	lengths, uniform := run.groups(n)
	_, still := run.groups(n + 1)
	return len(lengths) > 1 && uniform && still && n < 10
}

// shape reports whether n digits in groups of these lengths are written like
// a national telephone number.
func (run digitRun) shape(lengths []int, uniform bool, n int) bool {
	zero := run.digits[0] == '0' && run.digits[1] != '0'
	switch {
	case zero && n >= 10:
		return nationalGroups(lengths, uniform)
	case n == 10 && equal(lengths, 3, 3, 4):
		return uniform && run.seps[3] != " " || strings.HasPrefix(run.seps[3], ")")
	case n == 9 && (equal(lengths, 2, 3, 2, 2) || equal(lengths, 3, 2, 2, 2)):
		return uniform && strings.ContainsRune("36789", rune(run.digits[0]))
	case n == 8 && equal(lengths, 2, 2, 2, 2):
		return uniform && malian(run.digits)
	case n == 8 && len(lengths) == 1:
		return strings.ContainsRune("6789", rune(run.digits[0])) && run.digits[5:8] != "000"
	}
	return false
}

// malian reports whether eight digits lie in a range of the Malian plan:
// 20, 21, 44 fixed, 5 to 9 mobile.
func malian(digits string) bool {
	return strings.ContainsRune("56789", rune(digits[0])) ||
		strings.HasPrefix(digits, "20") || strings.HasPrefix(digits, "21") || strings.HasPrefix(digits, "44")
}

// nationalGroups accepts the ways in which ten or eleven digits with a
// leading zero are grouped; pairs must have one separator throughout, which
// tells them from times of day.
func nationalGroups(lengths []int, uniform bool) bool {
	if len(lengths) > 5 {
		return false
	}
	if len(lengths) == 5 && !uniform {
		return false
	}
	for _, l := range lengths {
		if l < 2 {
			return false
		}
	}
	return true
}

func equal(lengths []int, want ...int) bool {
	if len(lengths) != len(want) {
		return false
	}
	for i := range want {
		if lengths[i] != want[i] {
			return false
		}
	}
	return true
}

// looksLikeYears tells "2020-2021" and "20260131" from a number to call.
func looksLikeYears(run digitRun) bool {
	if len(run.digits) != 8 {
		return false
	}
	lengths, _ := run.groups(8)
	year := func(y string) bool { return y >= "1900" && y <= "2099" }
	if equal(lengths, 4, 4) {
		return year(run.digits[:4]) && year(run.digits[4:])
	}
	_, err := time.Parse("20060102", run.digits)
	return err == nil && year(run.digits[:4])
}

// dateAhead reports whether the text starts with a date such as 01.02.2026,
// 1-2-26 or 2026-02-01.
func dateAhead(s string) bool {
	for _, layout := range [...]string{"02.01.2006", "2.1.2006", "02-01-2006", "2-1-2006", "02 01 2006", "2006-01-02", "2006.01.02", "2006 01 02"} {
		for _, n := range [...]int{len(layout), len(layout) - 1, len(layout) + 1} {
			if n > len(s) || n < len(s) && digitOf(rune(s[n])) >= 0 {
				continue
			}
			if d, err := time.Parse(layout, s[:n]); err == nil && d.Year() >= 1900 && d.Year() < 2100 {
				return true
			}
		}
	}
	return false
}

// announcers are the words after which any row of digits is a number to call.
var announcers = wordSet(`tel tels tels telephone telephoner phone call calling whatsapp whatsap wattsapp mobile cell gsm fax sms
 appel appelez appeler joindre joignable portable contact contactez telegram viber text ring`)

// announced reports whether one of the last words before a number announces
// a telephone number.
func announced(before string) bool {
	if len(before) > 40 {
		before = before[len(before)-40:]
	}
	words := Tokens(before)
	for i := len(words) - 1; i >= max(0, len(words)-3); i-- {
		switch w := words[i]; {
		case announcers[w]:
			return true
		case w == "ref" || w == "reference" || w == "job" || w == "id" || w == "siret":
			return false
		}
	}
	return false
}

// freeAfter reports whether what follows a number leaves it a number to call:
// not a letter or digit joined to it, a decimal part, a percentage or money.
func freeAfter(rest string) bool {
	r, size := utf8.DecodeRuneInString(rest)
	switch {
	case size == 0:
		return true
	case unicode.IsLetter(r), unicode.IsDigit(r), r == '%', r == '_':
		return false
	case r == ',' || r == '/' || r == ':':
		next, _ := utf8.DecodeRuneInString(rest[size:])
		return r == '/' || !unicode.IsDigit(next)
	}
	rest = strings.TrimLeft(Fold(rest[:min(len(rest), 24)]), " ")
	for _, unit := range [...]string{"€", "£", "$", "%", "eur", "fcfa", "f cfa", "xof", "cfa", "gbp", "usd", "francs", "dirham", "mad", "dinar"} {
		if strings.HasPrefix(rest, unit) {
			return false
		}
	}
	return true
}
