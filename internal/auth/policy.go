package auth

import (
	_ "embed"
	"strings"
	"unicode"

	"passerelle/internal/domain/text"
)

//go:embed common.txt
var commonList string

// words is the set of common passwords and of the words they are built from.
type words map[string]bool

func commonWords() words {
	set := make(words, 1600)
	for line := range strings.Lines(commonList) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range strings.Fields(line) {
			set[w] = true
		}
	}
	return set
}

// explains reports whether the password is a pattern, or comes down to one or
// two common words once case, accents, look-alike signs, separators, and
// digits and signs at the ends are taken away.
func (w words) explains(password string) bool {
	folded := []rune(text.Fold(password))
	if fewSigns(folded) || isWalk(folded) || isRepetition(folded) {
		return true
	}
	for _, form := range plainForms(folded) {
		if 2*len(form) >= len(folded) && w.covers(form) {
			return true
		}
	}
	return false
}

// covers reports whether the letters are one listed word, two joined, or one
// repeated.
func (w words) covers(letters []rune) bool {
	s := string(letters)
	if w[s] || isRepetition(letters) {
		return true
	}
	for i := 3; i <= len(s)-3; i++ {
		if w[s[:i]] && w[s[i:]] {
			return true
		}
	}
	return false
}

// maxTrimmed bounds how many signs are taken away at each end.
const maxTrimmed = 12

// plainForms gives the ways in which a folded password may stand for letters
// alone: with 0 to 12 trailing and leading other signs taken away, look-alikes
// read as letters (1 both as i and as l), or everything but letters dropped.
func plainForms(folded []rune) [][]rune {
	forms := [][]rune{lettersOf(folded, nil)}
	head := otherThanLetters(folded, 1)
	tail := otherThanLetters(folded, -1)
	for i := 0; i <= head; i++ {
		for j := 0; j <= tail && i+j < len(folded); j++ {
			part := folded[i : len(folded)-j]
			forms = append(forms, lettersOf(part, lookAlikes('i')), lettersOf(part, lookAlikes('l')))
		}
	}
	return forms
}

// otherThanLetters counts the signs that are no letters at one end, at most
// maxTrimmed; step 1 counts from the start and -1 from the end.
func otherThanLetters(s []rune, step int) int {
	n := 0
	at := func(i int) rune {
		if step < 0 {
			return s[len(s)-1-i]
		}
		return s[i]
	}
	for n < len(s) && n < maxTrimmed && !unicode.IsLetter(at(n)) {
		n++
	}
	return n
}

func lettersOf(s []rune, alike func(rune) rune) []rune {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if alike != nil {
			r = alike(r)
		}
		if unicode.IsLetter(r) {
			out = append(out, r)
		}
	}
	return out
}

// lookAlikes reads the signs people write in place of letters.
func lookAlikes(one rune) func(rune) rune {
	const signs, letters = "0345789@$€+!|(", "oeastbgasetilc"
	return func(r rune) rune {
		if r == '1' {
			return one
		}
		for i, sign := range []rune(signs) {
			if r == sign {
				return rune(letters[i])
			}
		}
		return r
	}
}

// fewSigns reports fewer than five different signs.
func fewSigns(s []rune) bool {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen) < 5
}

// isRepetition reports whether s is one unit written two or more times.
func isRepetition(s []rune) bool {
	for unit := 1; 2*unit <= len(s); unit++ {
		if len(s)%unit == 0 && repeats(s, unit) {
			return true
		}
	}
	return false
}

func repeats(s []rune, unit int) bool {
	for i := unit; i < len(s); i++ {
		if s[i] != s[i-unit] {
			return false
		}
	}
	return true
}

// keyRuns are the rows and columns of French and English keyboards.
var keyRuns = [...]string{
	"1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm",
	"1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "1aqw", "2zsx", "4rfv",
}

// isWalk reports whether three steps out of four stay on the spot, or go to
// the neighbour in the alphabet, in the digits or on the keyboard.
func isWalk(s []rune) bool {
	steps := 0
	for i := 1; i < len(s); i++ {
		if d := s[i] - s[i-1]; d >= -1 && d <= 1 || areKeyNeighbours(s[i-1], s[i]) {
			steps++
		}
	}
	return 4*steps >= 3*(len(s)-1)
}

func areKeyNeighbours(a, b rune) bool {
	there, back := string([]rune{a, b}), string([]rune{b, a})
	for _, run := range keyRuns {
		if strings.Contains(run, there) || strings.Contains(run, back) {
			return true
		}
	}
	return false
}

// The names everybody knows: the service's anywhere, the country's as a word.
const (
	serviceName = "passerelle"
	countryName = "mali"
)

// namesSomething reports whether the password holds the service's name, the
// country as a word of its own, or a personal value: the local part of an
// e-mail address of four signs or more, or the last eight digits of a phone.
func namesSomething(password string, personal []string) bool {
	folded := []rune(text.Fold(password))
	plain := string(compact(folded))
	readings := []string{plain, string(lettersOf(folded, lookAlikes('i'))), string(lettersOf(folded, lookAlikes('l')))}
	if holds(readings, serviceName) {
		return true
	}
	for _, word := range strings.FieldsFunc(string(folded), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if word == countryName {
			return true
		}
	}
	for _, value := range personal {
		if needle := knownPart(value); needle != "" && holds(readings, needle) {
			return true
		}
	}
	return false
}

func holds(readings []string, needle string) bool {
	for _, r := range readings {
		if strings.Contains(r, needle) {
			return true
		}
	}
	return false
}

// knownPart gives what of a personal value a password may not hold; empty
// when it is too short to say anything.
func knownPart(value string) string {
	local, _, isEmail := strings.Cut(value, "@")
	if !isEmail {
		digits := strings.TrimPrefix(value, "+")
		return digits[max(0, len(digits)-8):]
	}
	local, _, _ = strings.Cut(local, "+")
	part := string(compact([]rune(text.Fold(local))))
	if len(part) < 4 {
		return ""
	}
	return part
}

// compact keeps letters and digits.
func compact(s []rune) []rune {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			out = append(out, r)
		}
	}
	return out
}
