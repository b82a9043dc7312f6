package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

//go:embed audit.js
var auditScript string

// The widths and the size of text that pages must bear (WCAG 2.2, 1.4.4 and
// 1.4.10).
const (
	phoneWidth   = 360
	reflowWidth  = 320
	textPercent  = 200
	pagesOfARole = 150 // more than any role has kinds of pages
)

// auditor walks the pages of one role.
type auditor struct {
	*viewer
	role  string
	lang  string
	wrong int
	pages int
}

// axe walks every kind of page that each role can reach by links and reports
// what a person with a disability would stumble over. The argument is a file
// with axe-core, which the project does not hold; further ones are the roles
// to walk instead of all.
func axe(ctx context.Context) error {
	if len(os.Args) < 3 {
		return errors.New("give the file axe.min.js; scripts/axe fetches it")
	}
	engine, err := os.ReadFile(os.Args[2])
	if err != nil {
		return err
	}
	roles := []string{"", "candidate", "agency", "official", "admin", "observer"}
	if len(os.Args) > 3 {
		roles = os.Args[3:]
	}
	p, err := build(ctx)
	if err != nil {
		return err
	}
	defer p.remove()
	s, err := p.serve(ctx, "axe")
	if err != nil {
		return err
	}
	err = s.makeFile(ctx)
	if err == nil {
		err = s.audit(ctx, p.dir, string(engine), roles)
	}
	return errors.Join(err, s.stop())
}

func (s *server) audit(ctx context.Context, scratch, engine string, roles []string) error {
	wrong, pages := 0, 0
	began := time.Now()
	for _, role := range roles {
		role = strings.TrimPrefix(role, "visitor")
		a, err := s.walk(ctx, scratch, engine, role)
		if err != nil {
			return err
		}
		wrong, pages = wrong+a.wrong, pages+a.pages
	}
	fmt.Printf("%d pages in two languages, %d findings, %.0f s\n", pages, wrong, time.Since(began).Seconds())
	if wrong > 0 {
		return fmt.Errorf("%d findings", wrong)
	}
	return nil
}

// walk sees all that one role can reach.
func (s *server) walk(ctx context.Context, scratch, engine, role string) (*auditor, error) {
	v, err := s.view(ctx, scratch, role, phoneWidth)
	if err != nil {
		return nil, err
	}
	defer v.end()
	a := &auditor{viewer: v, role: role}
	if role == "" {
		a.role = "visitor"
	}
	if _, err := chromedp.Call(v.ctx, cdpage.AddScriptToEvaluateOnNewDocument, cdpage.AddScriptToEvaluateOnNewDocumentParams{Source: engine + "\n" + auditScript}); err != nil {
		return nil, err
	}
	if err := a.canFail(); err != nil {
		return nil, err
	}
	queue, seen, states := []string{"/", "/comparer"}, map[string]bool{"/?": true, "/comparer?": true}, formStates()[role]
	for n := 0; n < len(queue) && n < pagesOfARole; n++ {
		links, err := a.inspect(queue[n])
		if err != nil {
			return nil, err
		}
		for _, link := range links {
			if kind := kindOf(link); !seen[kind] && !isFile(link) {
				seen[kind] = true
				queue = append(queue, link)
			}
		}
	}
	for _, steps := range states {
		if err := a.refused(steps[0], steps[1:]...); err != nil {
			return nil, err
		}
	}
	for _, path := range []string{"/nulle-part", "/administration", "/offres?pays=nulle-part"} { // not found, not allowed or not signed in, not understood
		if _, err := a.inspect(path); err != nil {
			return nil, err
		}
	}
	fmt.Printf("-- %s: %d pages, %d findings\n", a.role, a.pages, a.wrong)
	return a, nil
}

// formStates are forms to send empty, for their state with errors: a page, and
// the links to go through to the form.
func formStates() map[string][][]string {
	return map[string][][]string{
		"": {{"/connexion"}, {"/inscription"}, {"/signaler"}, {"/mot-de-passe/oublie"}},
		"candidate": {{"/mot-de-passe"}, {"/mon-profil/etudes/nouveau"}, {"/mon-profil/langues/nouveau"}, {"/mon-profil/reconnaissances/nouveau"}, {"/signaler"},
			{"/mes-departs", ownLink, "a[href$='/frais']"}, {"/mes-departs", ownLink, "a[href$='/documents']"}, {"/mes-departs", ownLink, "a[href$='/refus']"},
			{"/mes-departs", ownLink, "a[href$='/signalement']"}},
		"agency":   {{"/agence/offres/nouvelle"}, {"/agence/imports"}},
		"official": {{"/travail/codes"}, {"/travail/couloirs/nouveau"}},
		"admin":    {{"/administration/comptes/nouveau"}},
	}
}

// kindOf is the same for pages that differ in a record only, or in the value of
// one question; pages with several questions are all of one kind.
func kindOf(address string) string {
	path, query, _ := strings.Cut(address, "?")
	name, _, _ := strings.Cut(query, "=")
	if strings.Contains(query, "&") {
		name = "several"
	}
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if strings.ContainsAny(part, "0123456789") || corridorCode.MatchString(part) {
			parts[i] = ":id"
		}
	}
	return strings.Join(parts, "/") + "?" + name
}

var corridorCode = regexp.MustCompile(`^[A-Z]{2}-[A-Z]{2}$`)

func isFile(path string) bool {
	return slices.ContainsFunc([]string{"/fichier", "/modele", "/erreurs", "/export/", "/assets/", ".json", ".xml", ".txt", ".pdf"}, func(part string) bool { return strings.Contains(path, part) })
}

// inspect looks at a page in both languages and gives the links of the French.
func (a *auditor) inspect(path string) ([]string, error) {
	var links []string
	for _, lang := range []string{"en", "fr"} {
		a.lang = lang
		sign := "?"
		if strings.Contains(path, "?") {
			sign = "&"
		}
		if err := a.open(path + sign + "lang=" + lang); err != nil {
			return nil, err
		}
		if ready, err := ask[bool](a.viewer, "document.documentElement.lang !== '' && typeof passerelleAudit === 'object'"); err != nil || !ready {
			return nil, errors.Join(err, fmt.Errorf("%s is no page", path))
		}
		if err := a.check(path); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	links, err := ask[[]string](a.viewer, "passerelleAudit.links()")
	return links, err
}

// refused sends the first form of a page empty and looks at the answer.
func (a *auditor) refused(path string, follow ...string) error {
	if err := a.open(path, follow...); err != nil {
		return err
	}
	err := a.do(chromedp.Submit("main form button"), chromedp.WaitReady("#erreurs"))
	if err != nil {
		return fmt.Errorf("%s sent empty: %w", path, err)
	}
	return a.check(strings.Join(append([]string{path}, follow...), " ") + " with errors")
}

// check prints what is wrong with the page that is open.
func (a *auditor) check(name string) error {
	a.pages++
	found, err := ask[[]string](a.viewer, "passerelleAudit.axe()")
	if err != nil {
		return err
	}
	more, err := a.layout()
	if err != nil {
		return err
	}
	found = append(found, more...)
	a.wrong += len(found)
	for _, text := range found {
		fmt.Printf("%s %s %s: %s\n", a.role, a.lang, name, text)
	}
	return nil
}

// layout looks at the page narrow, enlarged, and by keyboard.
func (a *auditor) layout() ([]string, error) {
	found, err := ask[[]string](a.viewer, fmt.Sprintf("passerelleAudit.enlarged(%d)", textPercent))
	if err != nil {
		return nil, err
	}
	if err := a.wide(reflowWidth); err != nil {
		return nil, err
	}
	narrow, err := ask[[]string](a.viewer, fmt.Sprintf("passerelleAudit.sideways('%d px')", reflowWidth))
	if err != nil {
		return nil, err
	}
	if err := a.wide(phoneWidth); err != nil {
		return nil, err
	}
	keyboard, err := a.tab()
	return append(append(found, narrow...), keyboard...), err
}

// tab presses the key as often as the page has places to stop at.
func (a *auditor) tab() ([]string, error) {
	times, err := ask[int](a.viewer, "document.activeElement?.blur(), getSelection().removeAllRanges(), passerelleAudit.begin()")
	if err != nil {
		return nil, err
	}
	if err := a.do(chromedp.KeyEvent(strings.Repeat("\t", times))); err != nil {
		return nil, err
	}
	return ask[[]string](a.viewer, "passerelleAudit.finish()")
}

// canFail shows the checks pages with one thing wrong, and one with nothing: a
// check that finds nothing in the first, or something in the last, is broken.
func (a *auditor) canFail() error {
	const field, after = `<label>Nom <input name="a" %s></label>`, `<a href="#b" id="b">Après</a>`
	const focus = `<style>:focus-visible{outline:3px solid}</style>`
	for _, page := range []struct{ body, said string }{
		{focus + fmt.Sprintf(field, "") + after, ""},
		{focus + fmt.Sprintf(field, `tabindex="-1"`) + after, "Tab does not reach input"},
		{focus + fmt.Sprintf(field, `onkeydown="event.preventDefault()"`) + after, "Tab does not reach a#b"},
		{focus + fmt.Sprintf(field, "") + `<a href="#b" id="b" tabindex="1">Avant</a>`, "Tab order"},
		{fmt.Sprintf(field, `style="outline:none"`) + after, "focus is not visible on input"},
		{focus + `<p style="width:330px">Large</p>`, "320 px"},
		{focus + `<p style="width:17rem;font-size:1rem">Large</p>`, "200 % text"},
		{focus + `<img src="data:,">`, "axe image-alt"},
	} {
		if err := a.do(chromedp.Navigate("data:text/html;charset=utf-8," + url.PathEscape(`<!doctype html><html lang="fr"><title>Essai</title><body style="margin:4px"><main><h1>Essai</h1>`+page.body))); err != nil {
			return err
		}
		found, err := ask[[]string](a.viewer, "passerelleAudit.axe()")
		if err != nil {
			return err
		}
		more, err := a.layout()
		if err != nil {
			return err
		}
		if said := strings.Join(append(found, more...), "; "); !strings.Contains(said, page.said) || page.said == "" && said != "" {
			return fmt.Errorf("the checks say %q of %s, want %q", said, page.body, page.said)
		}
	}
	return nil
}
