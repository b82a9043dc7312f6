package site_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// entryIsKept: an entry of a list is kept while one types, apart from the
// profile, shown again to whoever wrote it, and gone once it is saved.
func entryIsKept(t *testing.T, tab *tabPage) {
	tab.signIn(t, "candidate")
	person := tab.signedIn("candidate")
	tongueIsKept(t, tab, person)
	onlyTypedIsWrong(t, tab, person)
	occupationIsChosenAnew(t, tab)
	tab.leave(t)
	tab.clean(t)
}

func tongueIsKept(t *testing.T, tab *tabPage, person *browser) {
	tab.visit(t, "/mon-profil/langues/nouveau")
	tab.types(t, "language", "de")
	tab.says(t, "Saisie gardée à")
	if strings.Contains(person.open("/mon-profil/langues").text(".entries"), "allemand") {
		t.Error("what is only typed stands in the profile")
	}
	tab.signedIn("candidate2").open("/mon-profil/langues/nouveau").sees(200, "h1", "langue")
	tab.visit(t, "/mon-profil/langues")
	tab.visit(t, "/mon-profil/langues/nouveau")
	if got := evaluated[string](t, tab, `document.querySelector('.flash.warn').textContent + document.getElementById('language').value`); !strings.HasPrefix(got, "Voici ce que vous aviez écrit") || !strings.HasSuffix(got, "de") {
		t.Errorf("shown again: %q", got)
	}
	tab.do(t, chromedp.Click("input[name=level][value=B1]"))
	tab.says(t, "Saisie gardée à")
	tab.do(t, chromedp.Click("form.ask .go"), chromedp.WaitReady("p.flash[role=status]:not(.warn)"))
	person.open("/mon-profil/langues").sees(200, ".entries", "llemand")
	tab.visit(t, "/mon-profil/langues/nouveau")
	if evaluated[bool](t, tab, `document.querySelector('.flash.warn') !== null || document.getElementById('language').value !== ''`) {
		t.Error("an entry that was saved is proposed again")
	}
}

// onlyTypedIsWrong: what cannot be read is told at its field in the words of
// the form; what was not come to is not.
func onlyTypedIsWrong(t *testing.T, tab *tabPage, person *browser) {
	tab.visit(t, "/mon-profil/sejours/nouveau")
	tab.types(t, "from", "hier")
	tab.says(t, "Saisie gardée à")
	live := evaluated[string](t, tab, `document.getElementById('from-erreur').textContent`)
	person.open("/mon-profil/sejours/nouveau").submit("form.ask", map[string][]string{"from": {"hier"}}).sees(422, "#from-erreur", "")
	if got := person.Find("#from-erreur").Text(); got != live {
		t.Errorf("live %q, after sending %q", live, got)
	}
	if evaluated[bool](t, tab, `document.getElementById('country-erreur') !== null`) {
		t.Error("a field is wrong before anything was typed into it")
	}
	tab.types(t, "from", "")
	tab.until(t, `document.getElementById('from-erreur') === null`)
}

// occupationIsChosenAnew: what was typed about a job stays when another
// occupation is looked for.
func occupationIsChosenAnew(t *testing.T, tab *tabPage) {
	tab.visit(t, "/mon-profil/experiences/nouveau?metier=7112")
	tab.types(t, "employer", "Bâti du Sud")
	tab.says(t, "Saisie gardée à")
	tab.visit(t, "/mon-profil/experiences/nouveau")
	trade := evaluated[string](t, tab, `document.getElementById('occupation-title').value + '|' + document.getElementById('employer').value`)
	if !strings.Contains(trade, "açon") || !strings.HasSuffix(trade, "|Bâti du Sud") {
		t.Errorf("shown again: %q", trade)
	}
	tab.do(t, chromedp.Click(".onward a"), chromedp.WaitReady("#q"))
	tab.visit(t, "/mon-profil/experiences/nouveau?metier=7122&intitule=carreleur")
	if got := evaluated[string](t, tab, `document.getElementById('occupation-title').value + '|' + document.getElementById('employer').value`); got == trade || !strings.HasSuffix(got, "|Bâti du Sud") {
		t.Errorf("another occupation: %q", got)
	}
	tab.visit(t, "/mon-profil/experiences/0")
	tab.do(t, chromedp.Click(".onward a"), chromedp.WaitReady("#q"))
}
