package notify

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"passerelle/internal/domain/fault"
)

// MaxSMS is the length of one SMS, in septets of the GSM 7-bit alphabet.
const MaxSMS = 160

// The GSM 7-bit default alphabet (3GPP TS 23.038) without the escape, and the
// signs of its extension table, which take two septets each.
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmTwo   = "\f^{}\\[~]|€"
)

// Short puts a text into the alphabet of SMS and refuses one that takes more
// than one message: Invalid code "message.sms.long".
func Short(text string) (string, error) {
	out := Plain(text)
	if Septets(out) > MaxSMS {
		return "", fault.New(fault.Invalid, "message.sms.long")
	}
	return out, nil
}

// Septets gives the length of a text in the GSM alphabet.
func Septets(text string) int {
	n := 0
	for _, r := range text {
		n++
		if strings.ContainsRune(gsmTwo, r) {
			n++
		}
	}
	return n
}

// Plain replaces what the GSM alphabet does not have: one such sign would cut
// an SMS to 70. French ê â î ô û ë ï ç œ lose their marks, é è à ù keep them;
// Bambara ɛ ɔ ɲ ŋ become e, o, ny and ng; what has no likeness becomes "?".
func Plain(text string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(text) {
		b.WriteString(plainRune(r))
	}
	return b.String()
}

func plainRune(r rune) string {
	if strings.ContainsRune(gsmBasic, r) || strings.ContainsRune(gsmTwo, r) {
		return string(r)
	}
	if alike, ok := likeness(r); ok {
		return alike
	}
	var b strings.Builder
	for _, part := range norm.NFKD.String(string(r)) {
		switch {
		case unicode.Is(unicode.Mn, part):
		case strings.ContainsRune(gsmBasic, part) || strings.ContainsRune(gsmTwo, part):
			b.WriteRune(part)
		default:
			return "?"
		}
	}
	return b.String()
}

func likeness(r rune) (string, bool) {
	alike, ok := map[rune]string{
		'œ': "oe", 'Œ': "OE", 'ɛ': "e", 'Ɛ': "E", 'ɔ': "o", 'Ɔ': "O", 'ɲ': "ny", 'Ɲ': "Ny", 'ŋ': "ng", 'Ŋ': "Ng",
		'’': "'", '‘': "'", '“': "\"", '”': "\"", '«': "\"", '»': "\"", '–': "-", '—': "-", '‑': "-", '…': "...", '\u00a0': " ", '\u202f': " ", '\t': " ",
	}[r]
	return alike, ok
}
