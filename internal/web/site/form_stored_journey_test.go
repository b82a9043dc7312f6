package site_test

import (
	"net/url"
	"strings"
	"testing"
)

// overtaken is a form that two people have open: what the first stores, what the
// second has typed by then, and the field that both change.
type overtaken struct {
	who, at        string
	field          string
	first, second  string
	wrong, putting string // a field that the second gets wrong first, and what puts it right
}

// formsAreOvertaken: whoever comes second reads what is stored by then, keeps
// what was typed, and replaces it only by sending the form again, even where
// something else had to be put right in between.
func formsAreOvertaken(t *testing.T, s *strict) {
	b := s.signedIn("agency").open("/agence/employeurs")
	employer := listed(b, "/agence/employeurs", `.list th a:contains("Cultivos")`)
	entry := "/mon-profil/experiences/0"
	for _, each := range []overtaken{
		{who: "agency", at: "/agence/dossier/modification", field: "city", first: "Kati <i>", second: "Koulikoro", wrong: "email", putting: "bureau@example.ml"},
		{who: "agency", at: employer, field: "sites-0-city", first: "Huelva <i>", second: "Almería", wrong: "website", putting: "https://cultivos.example"},
		{who: "candidate", at: "/mon-profil/presentation", field: "summary", first: "Maçon <i>", second: "Cheffe d’équipe"},
		{who: "candidate", at: entry, field: "employer", first: "Atelier <i>", second: "Chantier du pont"},
	} {
		t.Run(each.at, func(t *testing.T) { each.walk(t, s.in(t)) })
	}
	t.Run("line is gone", func(t *testing.T) { entryIsGone(t, s.in(t)) })
}

// entryIsGone: a line that was removed meanwhile is added by sending it again.
func entryIsGone(t *testing.T, s *strict) {
	const list = "/mon-profil/langues"
	first, second := s.signedIn("candidate"), s.signedIn("candidate")
	lines := first.open(list).Find(".entries a").Length()
	last := first.Find(".entries a").Last().AttrOr("href", "")
	second.open(last)
	language := second.Find("#language option[selected]").AttrOr("value", "")
	first.open(list).submit(`form[action="`+last+`/retraits"]`, nil).sees(200, ".flash", "")
	second.submit("main form.ask", url.Values{"level": {"A2"}}).sees(422, "#enregistre ~ dl", "retirée entre-temps")
	second.submit("main form.ask", nil).sees(200, ".flash", "enregistré")
	if now := second.open(list).Find(".entries a"); language == "" || now.Length() != lines {
		t.Errorf("%d lines, then %d; the language was %q", lines, now.Length(), language)
	}
}

func (o overtaken) walk(t *testing.T, s *strict) {
	first, second := s.signedIn(o.who), s.signedIn(o.who)
	second.open(o.at).sees(200, "main form.ask", "")
	old := fields(second.Find("main form.ask"))
	if o.wrong != "" {
		second.submit("main form.ask", url.Values{o.field: {o.second}, o.wrong: {"?"}}).sees(422, "#"+o.wrong+"-erreur", "")
	}
	first.open(o.at).submit("main form.ask", url.Values{o.field: {o.first}}).sees(200, ".flash", "")
	typed := url.Values{o.field: {o.second}}
	if o.wrong != "" {
		typed.Set(o.wrong, o.putting)
	}
	second.submit("main form.ask", typed).sees(422, ".summary", "entre-temps").sees(422, "#enregistre ~ dl", o.first)
	if got := second.Find("#" + o.field); got.AttrOr("value", got.Text()) != o.second {
		t.Errorf("what was typed is lost: %q", got.AttrOr("value", got.Text()))
	}
	if now := fields(second.Find("main form.ask")); now.Get("rev") == old.Get("rev") {
		t.Error("the form would be refused for ever")
	}
	if second.Find("main form[data-live=auto]").Length() != 0 {
		t.Error("the script would replace what is stored unasked")
	}
	second.submit("main form.ask", nil).sees(200, ".flash", "")
	if got := second.open(o.at).Find("#" + o.field); strings.TrimSpace(got.AttrOr("value", got.Text())) != o.second {
		t.Errorf("the second sending stores %q", got.AttrOr("value", got.Text()))
	}
}
