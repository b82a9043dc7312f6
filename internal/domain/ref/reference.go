package ref

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// referenceTail is the shape of a reference after its prefix: the year and six
// signs; I, L, O and U are not used, so that nobody mistakes a letter for a
// digit.
var referenceTail = regexp.MustCompile(`^-2[0-9]{3}-[0-9A-HJKMNP-TV-Z]{6}$`)

const (
	crockford    = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // base 32
	alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// MakeReference gives a public reference: the prefix ("OFF"), the year of its
// making, and five base-32 digits with a check character. The digits come from
// the seed and the attempt (0, 1, 2 … until the reference is free), so that
// making it again gives the same. The check character covers the year as well;
// references whose check character is I, L, O or U, or in which two swapped
// neighbours would go unnoticed, are passed over.
func MakeReference(prefix, seed string, year, attempt int) string {
	for n := 0; ; n++ {
		sum := sha256.Sum256([]byte(seed + "/" + strconv.Itoa(attempt) + "/" + strconv.Itoa(n)))
		body := fmt.Sprintf("%s-%04d-%s", prefix, year, fiveDigits(binary.BigEndian.Uint32(sum[:])))
		reference := body + string(checkCharacter(body))
		if ReferenceForm(prefix, reference) && !hasSwapTwin(prefix, reference) {
			return reference
		}
	}
}

// ReferenceForm reports whether s has the shape of a reference with that
// prefix; the check character is not looked at.
func ReferenceForm(prefix, s string) bool {
	tail, found := strings.CutPrefix(s, prefix)
	return found && referenceTail.MatchString(tail)
}

// ValidReference reports whether s is a reference with that prefix and its
// check character fits.
func ValidReference(prefix, s string) bool {
	last := len(s) - 1
	return ReferenceForm(prefix, s) && checkCharacter(s[:last]) == s[last]
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
func hasSwapTwin(prefix, reference string) bool {
	for i := len(prefix) + len("-2026-0"); i < len(reference); i++ {
		swapped := []byte(reference)
		swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
		if swapped[i] != swapped[i-1] && ValidReference(prefix, string(swapped)) {
			return true
		}
	}
	return false
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
