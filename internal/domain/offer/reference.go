package offer

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"passerelle/internal/domain/fault"
)

// referenceForm is the shape of a reference in normal form; I, L, O and U are
// not used, so that nobody mistakes a letter for a digit.
var referenceForm = regexp.MustCompile(`^OFF-2[0-9]{3}-[0-9A-HJKMNP-TV-Z]{6}$`)

const (
	crockford    = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // base 32
	alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	referenceLen = len("OFF-2026-7K3Q9D")
)

// MakeReference gives the public reference of an offer: "OFF-", the year of
// its making, and five base-32 digits with a check character. The digits come
// from the id and the attempt (0, 1, 2 … until the reference is free), so that
// making it again gives the same. The check character covers the year as well;
// references whose check character is I, L, O or U, or in which two swapped
// neighbours would go unnoticed, are passed over.
func MakeReference(id ID, year, attempt int) string {
	for n := 0; ; n++ {
		sum := sha256.Sum256([]byte(string(id) + "/" + strconv.Itoa(attempt) + "/" + strconv.Itoa(n)))
		body := fmt.Sprintf("OFF-%04d-%s", year, fiveDigits(binary.BigEndian.Uint32(sum[:])))
		reference := body + string(checkCharacter(body))
		if referenceForm.MatchString(reference) && !hasSwapTwin(reference) {
			return reference
		}
	}
}

func fiveDigits(n uint32) string {
	var digits [5]byte
	for i := range digits {
		digits[i] = crockford[n%32]
		n /= 32
	}
	return string(digits[:])
}

// hasSwapTwin reports whether swapping two unequal neighbours after the year
// gives another valid reference: the few pairs ISO 7064 MOD 37,36 does not
// detect. The year is left out, since no other digits could mend it.
func hasSwapTwin(reference string) bool {
	for i := len("OFF-2026-0"); i < len(reference); i++ {
		swapped := []byte(reference)
		swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
		if swapped[i] != swapped[i-1] && validReference(string(swapped)) {
			return true
		}
	}
	return false
}

// ParseReference reads a reference as people write it: any case, spaces for
// hyphens, O for 0 and I or L for 1. It fails with Invalid
// "offer.reference.malformed" or, when the check character does not fit,
// "offer.reference.check".
func ParseReference(s string) (string, error) {
	s = normalReference(s)
	switch {
	case !referenceForm.MatchString(s):
		return "", fault.New(fault.Invalid, "offer.reference.malformed")
	case !validReference(s):
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

func validReference(s string) bool {
	last := len(s) - 1
	return referenceForm.MatchString(s) && checkCharacter(s[:last]) == s[last]
}

// checkCharacter computes the check character of ISO 7064 MOD 37,36 over the
// letters and digits of s; hyphens do not count.
func checkCharacter(s string) byte {
	product := 36
	for i := range len(s) {
		value := strings.IndexByte(alphanumeric, s[i])
		if value < 0 {
			continue
		}
		if product = (product + value) % 36; product == 0 {
			product = 36
		}
		product = product * 2 % 37
	}
	return alphanumeric[(37-product)%36]
}
