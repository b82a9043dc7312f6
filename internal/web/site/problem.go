package site

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"passerelle/internal/web"
)

// problemPage shows what went wrong, and what can be done about it.
type problemPage struct {
	Status    int
	Title     string
	Detail    string
	Fields    []string
	RequestID string
	SignIn    bool
}

func newProblemPage(p web.Problem) problemPage {
	page := problemPage{Status: p.Status, Title: p.Title, Detail: p.Detail, RequestID: p.RequestID, SignIn: p.Status == http.StatusUnauthorized}
	for _, f := range p.Errors {
		page.Fields = append(page.Fields, f.Detail)
	}
	return page
}

// errorPage shows a problem to a person. Should even that page fail, a line of
// plain text is left.
func (s *Site) errorPage(c *gin.Context, p web.Problem) {
	frame := s.bareFrame(c, web.ActorOf(c))
	if frame.SignedIn {
		frame.CSRF = s.sign("session", web.ActorOf(c).Session)
	}
	body, err := s.views.render(frame.Locale, "problem/show", screen{Frame: frame, Page: newProblemPage(p)})
	if err != nil {
		s.opts.Server.Logger().Error("error page", "request", p.RequestID, "error", err.Error())
		c.String(p.Status, "%d %s\n%s\n%s\n", p.Status, p.Title, p.Detail, p.RequestID)
		return
	}
	c.Data(p.Status, "text/html; charset=utf-8", body)
}
