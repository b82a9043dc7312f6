package account

import (
	"strings"

	"passerelle/internal/domain/fault"
)

// Identifier is what a person signs in with: an e-mail address or a phone
// number, in normal form. Two people never share one.
type Identifier struct {
	Kind  IdentifierKind
	Value string // normal form
}

// IdentifierKind says what sort of identifier it is.
type IdentifierKind string

// The kinds of identifier.
const (
	ByEmail IdentifierKind = "email"
	ByPhone IdentifierKind = "phone"
)

// Limits of RFC 5321 on an e-mail address and its two parts, in octets.
const (
	maxEmail  = 254
	maxLocal  = 64
	maxDomain = 253
	maxLabel  = 63
)

// Key is the claim that makes the identifier unique ("email:a@b.ml").
func (i Identifier) Key() string { return string(i.Kind) + ":" + i.Value }

// IsZero reports whether nothing is identified.
func (i Identifier) IsZero() bool { return i.Value == "" }

// Logins lists the identifiers the account signs in with.
func (a *Account) Logins() []Identifier {
	var ids []Identifier
	if a.Email != "" {
		ids = append(ids, Identifier{Kind: ByEmail, Value: a.Email})
	}
	if a.Phone != "" {
		ids = append(ids, Identifier{Kind: ByPhone, Value: a.Phone})
	}
	return ids
}

// ParseEmail gives the normal form of an e-mail address: lower case, without
// surrounding spaces. The local part is an RFC 5322 dot-atom of ASCII signs
// and the domain an ASCII host name of two labels or more (an international
// one in its xn-- form), so that one mailbox has one spelling whatever the
// keyboard's composition of accents. Dots and tags of the local part are kept:
// whether they matter is the mailbox provider's business. It fails with
// Invalid code "account.email".
func ParseEmail(s string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	local, domain, found := strings.Cut(s, "@")
	if !found || len(s) > maxEmail || !isDotAtom(local) || !isHostName(domain) {
		return "", fault.New(fault.Invalid, "account.email", fault.Field{Pointer: "/email", Code: "account.email"})
	}
	return s, nil
}

func isDotAtom(local string) bool {
	if local == "" || len(local) > maxLocal {
		return false
	}
	for _, atom := range strings.Split(local, ".") {
		if atom == "" || strings.IndexFunc(atom, notAtext) >= 0 {
			return false
		}
	}
	return true
}

// notAtext reports a sign outside RFC 5322 atext (lower case only).
func notAtext(r rune) bool {
	return !(isLowerOrDigit(r) || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r))
}

func isLowerOrDigit(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }

func isHostName(domain string) bool {
	labels := strings.Split(domain, ".")
	if len(domain) > maxDomain || len(labels) < 2 {
		return false
	}
	for _, label := range labels {
		if !isHostLabel(label) {
			return false
		}
	}
	top := labels[len(labels)-1]
	return len(top) >= 2 && strings.IndexFunc(top, func(r rune) bool { return r >= 'a' && r <= 'z' }) >= 0
}

func isHostLabel(label string) bool {
	if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	return strings.IndexFunc(label, func(r rune) bool { return !isLowerOrDigit(r) && r != '-' }) < 0
}

// IsE164 reports whether s is a phone number in E.164 form: a plus sign and 8
// to 15 digits that do not start with zero.
func IsE164(s string) bool {
	if len(s) < 9 || len(s) > 16 || s[0] != '+' || s[1] == '0' {
		return false
	}
	return strings.IndexFunc(s[1:], func(r rune) bool { return r < '0' || r > '9' }) < 0
}

func containsFold(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(strings.TrimSpace(part)))
}
