package site

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"passerelle/internal/web"
)

// problemPage shows what went wrong, and what can be done about it.
type problemPage struct {
	Status    int
	Title     string
	Detail    string
	Fields    []string
	Ways      []wayOn // the most useful first
	Kept      bool    // what was typed stands in its form again
	RequestID string
}

// wayOn is a link that leads on from a problem; Label is a message key.
type wayOn struct{ Href, Label string }

func newProblemPage(p web.Problem, r *http.Request) problemPage {
	page := problemPage{Status: p.Status, Title: p.Title, Detail: p.Detail, RequestID: p.RequestID, Ways: waysOn(p.Status, r)}
	for _, f := range p.Errors {
		page.Fields = append(page.Fields, f.Detail)
	}
	return page
}

// waysOn says where somebody goes who was refused: to sign in, to try again, to
// the page with the form that was sent, or to where things can be looked up.
func waysOn(status int, r *http.Request) []wayOn {
	home := wayOn{Href: "/", Label: "problem.home"}
	at := localPath(r.URL.RequestURI())
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	if !reads {
		at = cameFrom(r)
	}
	switch {
	case status == http.StatusUnauthorized && at != "":
		return []wayOn{{Href: address("/connexion", url.Values{"suite": {at}}), Label: "session.begin"}, home}
	case status == http.StatusUnauthorized:
		return []wayOn{{Href: "/connexion", Label: "session.begin"}, home}
	case status == http.StatusRequestEntityTooLarge && at != "":
		return []wayOn{{Href: at, Label: "problem.form"}, home}
	case status == http.StatusNotFound && reads:
		return []wayOn{{Href: "/offres", Label: "problem.search"}, {Href: verifyPath, Label: "problem.verify"}, home}
	case status == http.StatusForbidden || at == "":
		return []wayOn{home, {Href: helpPath, Label: "menu.help"}}
	case !reads:
		return []wayOn{{Href: at, Label: "problem.back"}, home}
	case status == http.StatusTooManyRequests || status >= http.StatusInternalServerError:
		return []wayOn{{Href: at, Label: "problem.again"}, home}
	}
	return []wayOn{home, {Href: helpPath, Label: "menu.help"}}
}

// cameFrom is the page of this site that a form was sent from; empty when the
// browser does not tell.
func cameFrom(r *http.Request) string {
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host || from.Path == "" {
		return ""
	}
	return localPath(from.RequestURI())
}

// errorPage shows a problem to a person. Should even that page fail, a line of
// plain text is left.
func (s *Site) errorPage(c *gin.Context, p web.Problem) {
	frame := s.bareFrame(c, web.ActorOf(c))
	if frame.SignedIn {
		frame.CSRF = s.sign("session", web.ActorOf(c).Session)
	}
	page := newProblemPage(p, c.Request)
	if p.Status == http.StatusRequestEntityTooLarge {
		s.leadBack(c, &page)
	}
	body, err := s.views.render(frame.Locale, "problem/show", screen{Frame: frame, Page: page})
	if err != nil {
		s.opts.Server.Logger().Error("error page", "request", p.RequestID, "error", err.Error())
		c.String(p.Status, "%d %s\n%s\n%s\n", p.Status, p.Title, p.Detail, p.RequestID)
		return
	}
	c.Data(p.Status, "text/html; charset=utf-8", body)
}

// leadBack leads from a form that is too large to the page it stands on, even
// where the browser does not tell which, with what was typed into it.
func (s *Site) leadBack(c *gin.Context, page *problemPage) {
	at := cameFrom(c.Request)
	if at == "" {
		at = s.pageAbove(c.Request.URL.EscapedPath())
		page.Ways = []wayOn{{Href: at, Label: "problem.form"}, {Href: "/", Label: "problem.home"}}
	}
	path, _, _ := strings.Cut(at, "?")
	page.Kept = s.salvage(c, path)
}
