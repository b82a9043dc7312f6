package locale_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"passerelle/internal/domain/ref"
	"passerelle/internal/web/locale"
)

// mostWords bounds a sentence, so that it can be read at one go.
const mostWords = 20

var (
	sentenceEnd = regexp.MustCompile(`[.!?](?:\s|$)`)
	plainSpace  = regexp.MustCompile(`[^\x{00a0}][:;?!»](?:\s|$)|«[^\x{00a0}]`)
	english     = regexp.MustCompile(`(?i)\b(the|your|this|must|please|with)\b`)
)

func TestWording(t *testing.T) {
	c := problems(t)
	for _, key := range c.Keys() {
		for _, loc := range ref.Locales() {
			text, _ := c.Text(loc, []string{"{0}", "{1}", "{2}"}, key)
			checkText(t, string(loc)+" "+key, text)
			if loc == ref.French && (plainSpace.MatchString(text) || english.MatchString(text)) {
				t.Errorf("%s %s: double signs need a no-break space, and the words are French: %q", loc, key, text)
			}
			if ended := strings.ContainsAny(text[len(text)-1:], ".!?"); ended != isSentence(key) {
				t.Errorf("%s %s: sentences end with a full stop, names do not: %q", loc, key, text)
			}
		}
	}
}

func isSentence(key string) bool {
	list, _, _ := strings.Cut(key, ".")
	switch list {
	case "problem", "field", "lint", "fact":
		return true
	case "gate":
		return strings.Count(key, ".") == 2
	}
	return false
}

func checkText(t *testing.T, key, text string) {
	t.Helper()
	if strings.ContainsRune(text, '\'') {
		t.Errorf("%s: write ’ for an apostrophe: %q", key, text)
	}
	if strings.TrimSpace(text) != text || strings.Contains(text, "  ") {
		t.Errorf("%s: spaces: %q", key, text)
	}
	for _, sentence := range sentenceEnd.Split(text, -1) {
		count := 0
		for _, word := range strings.Fields(sentence) {
			if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
				count++
			}
		}
		if count > mostWords {
			t.Errorf("%s: %d words in a sentence: %q", key, count, sentence)
		}
	}
}

func TestValuesAreWorded(t *testing.T) {
	c := problems(t)
	for _, tc := range []struct {
		loc  ref.Locale
		code string
		args []string
		want string
	}{
		{ref.French, "lint.pay.below_floor", []string{"1323.00", "900.50"}, "Minimum\u00a0: 1\u202f323\u00a0€. Salaire offert\u00a0: 900,50\u00a0€."},
		{ref.English, "lint.pay.below_floor", []string{"1323.00", "900.50"}, "Minimum: €1,323. Pay offered: €900.50."},
		{ref.French, "lint.hours.above_ceiling", []string{"37.5"}, "37,5 heures par semaine"},
		{ref.English, "lint.hours.above_ceiling", []string{"37.5"}, "37.5 hours a week"},
		{ref.French, "lint.corridor.absent", []string{"ES"}, "Espagne"},
		{ref.English, "lint.corridor.absent", []string{"??"}, "??"},
		{ref.French, "lint.contact.channel", []string{"phone"}, "numéro de téléphone"},
		{ref.French, "lint.cost.worker", []string{"visa"}, "le visa"},
		{ref.French, "transition.state", []string{"publish", "draft"}, "cette action\u00a0: publier"},
		{ref.French, "length", []string{"3", "200"}, "de 3 à 200"},
		{ref.French, "length", []string{"17"}, "de 17 caractères"},
		{ref.French, "ref.country", nil, "Choisissez un pays"},
		{ref.French, "unheard.of", nil, "Cette valeur n’est pas acceptée"},
	} {
		if got, _ := c.Text(tc.loc, tc.args, locale.FieldKeys(tc.code, len(tc.args))...); !strings.Contains(got, tc.want) {
			t.Errorf("%s %s: got %q, want %q in it", tc.loc, tc.code, got, tc.want)
		}
	}
	if got, _ := c.Text(ref.French, nil, locale.ProblemKeys("auth.token.expired", "unauthenticated")...); !strings.Contains(got, "jeton") {
		t.Errorf("the text of the code above, got %q", got)
	}
	if got, _ := c.Text(ref.French, nil, locale.ProblemKeys("unheard.of", "stale")...); !strings.Contains(got, "entre-temps") {
		t.Errorf("the text of the kind, got %q", got)
	}
}
