package text

import (
	"slices"
	"strings"
)

// legalForms are the words of a company name that say only its legal form.
var legalForms = wordSet(`sarl sarlu sa sas sasu snc scs sca eurl gie scop sc sci srl srls spa sl slu sau ltd limited llc llp plc
 inc incorporated corp corporation co company gmbh mbh ag kg ohg ug bv nv bvba sprl lda ltda eirl suarl pty oy ab as aps sarlau se`)

// fillers are words too common in company names to tell two of them apart.
var fillers = wordSet(`the of and for de du des la le les l d et pour en au aux el los las y e di do da`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// Similar says how alike two names of organisations look or sound, from 0
// (nothing in common) to 100 (the same once case, accents, word order and
// legal form are set aside). It is symmetric. From 80 on a person should look
// at the pair. A name without any word scores 0 against everything.
func Similar(a, b string) int {
	wa, wb := nameWords(a), nameWords(b)
	if len(wa) == 0 || len(wb) == 0 {
		return 0
	}
	best := max(ratio(strings.Join(wa, ""), strings.Join(wb, "")), contained(wa, wb))
	slices.Sort(wa)
	slices.Sort(wb)
	return max(best, ratio(strings.Join(wa, ""), strings.Join(wb, "")), heard(wa, wb))
}

// heard compares how the sorted words sound; sounding the same is a little
// less than being the same.
func heard(wa, wb []string) int {
	sa, sb := sounds(wa), sounds(wb)
	if sa == "" || sb == "" {
		return 0
	}
	return ratio(sa, sb) * 97 / 100
}

// contained scores a name whose words are all found in a longer one, each as
// often, as in "Sahel Emploi" and "Sahel Emploi International".
func contained(wa, wb []string) int {
	if len(wa) > len(wb) {
		wa, wb = wb, wa
	}
	common, total, left := 0, 0, map[string]int{}
	for _, w := range wb {
		total += len(w)
		left[w]++
	}
	for _, w := range wa {
		if left[w] == 0 {
			return 0
		}
		left[w]--
		common += len(w)
	}
	if len(wa) < 2 && common < 6 {
		return 0
	}
	return min(100, 70+30*common/total)
}

// nameWords gives the telling words of a name; a name made of legal forms and
// fillers only keeps them all.
func nameWords(name string) []string {
	all := Tokens(strings.NewReplacer("&", " et ", ".", "").Replace(name))
	kept := slices.DeleteFunc(slices.Clone(all), func(w string) bool { return legalForms[w] || fillers[w] })
	if len(kept) == 0 {
		return all
	}
	return kept
}

var soundRules = strings.NewReplacer("ph", "f", "qu", "k", "ck", "k", "ch", "sh", "sch", "sh", "eau", "o", "au", "o",
	"ou", "u", "oo", "u", "ei", "e", "ai", "e", "ce", "se", "ci", "si", "cy", "si", "c", "k", "q", "k",
	"dj", "j", "gn", "ni", "x", "ks", "y", "i", "z", "s", "w", "u", "h", "", "v", "f")

// sounds writes words by ear: one letter per sound, no doubled letters, no
// mute endings.
func sounds(words []string) string {
	var b strings.Builder
	for _, w := range words {
		w = strings.TrimRight(w, "estx")
		var last rune
		for _, r := range soundRules.Replace(w) {
			if r != last {
				b.WriteRune(r)
			}
			last = r
		}
	}
	return b.String()
}

// ratio turns the edit distance of two texts into 0–100; spelling lengths are
// counted in characters.
func ratio(a, b string) int {
	ra, rb := []rune(a), []rune(b)
	longest := max(len(ra), len(rb))
	if longest == 0 {
		return 0
	}
	return 100 * (longest - distance(ra, rb)) / longest
}

// distance is the number of single-character insertions, deletions,
// substitutions and neighbour swaps between a and b.
func distance(a, b []rune) int {
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}
