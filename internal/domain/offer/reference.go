package offer

import (
	"strings"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// referencePrefix begins the reference of every offer.
const referencePrefix = "OFF"

const referenceLen = len("OFF-2026-7K3Q9Z")

// MakeReference gives the public reference of an offer, see ref.MakeReference:
// the same for the same id, year and attempt (0, 1, 2 … until it is free).
func MakeReference(id ID, year, attempt int) string {
	return ref.MakeReference(referencePrefix, string(id), year, attempt)
}

// ParseReference reads a reference as people write it: any case, spaces for
// hyphens, O for 0 and I or L for 1. It fails with Invalid
// "offer.reference.malformed" or, when the check character does not fit,
// "offer.reference.check".
func ParseReference(s string) (string, error) {
	s = normalReference(s)
	switch {
	case !ref.ReferenceForm(referencePrefix, s):
		return "", fault.New(fault.Invalid, "offer.reference.malformed")
	case !ref.ValidReference(referencePrefix, s):
		return "", fault.New(fault.Invalid, "offer.reference.check")
	}
	return s, nil
}

var lookAlikes = strings.NewReplacer("O", "0", "I", "1", "L", "1")

func normalReference(s string) string {
	if len(s) > 4*referenceLen {
		return ""
	}
	s = strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(strings.ToUpper(strings.TrimSpace(s)))
	if len(s) != referenceLen-2 {
		return ""
	}
	prefix := strings.ReplaceAll(s[:3], "0", "O")
	rest := lookAlikes.Replace(s[3:])
	return prefix + "-" + rest[:4] + "-" + rest[4:]
}
