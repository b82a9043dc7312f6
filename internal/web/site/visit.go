package site

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/web"
)

// visit is one request for a page: who asks, in which language, and how to
// answer.
type visit struct {
	words
	site  *Site
	gin   *gin.Context
	ctx   context.Context
	actor account.Actor
	route route
	flash string // message key left by the request before
}

// prepare is what all pages have in common, error pages included. The
// visitor's own choice of language stands above what the browser asks for.
// Addresses are told to this site only; "no-referrer" would make browsers
// without Sec-Fetch-Site send our own forms with the origin "null".
func (s *Site) prepare(c *gin.Context) {
	if web.WantsJSON(c.Request) {
		return
	}
	c.Header("Referrer-Policy", "same-origin")
	if c.Request.Method == http.MethodGet && s.switchLanguage(c) {
		c.Abort()
		return
	}
	if loc, err := ref.ParseLocale(s.jar.read(c, cookieLanguage)); err == nil {
		web.SetLocale(c, loc)
	}
}

// handle makes a gin handler of a route: caller, permission, origin of the
// form, then the page. Every error ends in the one error page.
func (s *Site) handle(r route) gin.HandlerFunc {
	return func(c *gin.Context) {
		v := &visit{site: s, gin: c, ctx: c.Request.Context(), route: r, words: s.words(web.LocaleOf(c))}
		if err := v.serve(); err != nil {
			v.fail(err)
		}
	}
}

func (v *visit) serve() error {
	if err := v.identify(); err != nil {
		return err
	}
	if err := v.site.opts.Server.LimitAccount(v.gin, v.actor); err != nil {
		return err
	}
	if err := v.allowed(); err != nil {
		return err
	}
	if v.mustEnrolFirst() {
		v.redirect(factorPath, "")
		return nil
	}
	if v.route.method == http.MethodPost {
		defer v.dropUpload()
		if err := v.checkForm(); err != nil {
			return err
		}
	}
	v.release()
	v.takeFlash()
	return v.route.handle(v)
}

// mustEnrolFirst reports a visit to a page for everybody by a person who owes
// a second factor; pages for people with an account ask for it themselves.
func (v *visit) mustEnrolFirst() bool {
	return v.actor.Enrol && v.route.method == http.MethodGet && account.RuleOf(v.route.permission).Public
}

// fail answers with an error: who is not signed in is asked to, whoever must
// first choose a password or enrol a second factor is sent there, everybody
// else sees the error page.
func (v *visit) fail(err error) {
	f := fault.Of(err)
	switch {
	case f != nil && f.Kind == fault.Unauthenticated && v.route.method == http.MethodGet:
		v.redirect("/connexion?suite="+url.QueryEscape(v.gin.Request.URL.RequestURI()), "")
	case isAnonymous(err) && v.keepForm():
	case f != nil && f.Code == "auth.password.temporary":
		v.redirect("/mot-de-passe", "")
	case f != nil && f.Code == "auth.mfa.enrol":
		v.redirect(factorPath, "")
	default:
		v.site.opts.Server.Fail(v.gin, err)
	}
}

// publicActor asks as somebody without an account: a page for everybody shows
// everybody the same.
func (v *visit) publicActor() account.Actor { return account.Actor{} }

// param gives a part of the path.
func (v *visit) param(name string) string { return v.gin.Param(name) }

// query gives the parameters of the address that say something: an empty field
// of a form is none.
func (v *visit) query() url.Values {
	said := url.Values{}
	for name, values := range v.gin.Request.URL.Query() {
		for _, value := range values {
			if value != "" {
				said.Add(name, value)
			}
		}
	}
	return said
}

// posted gives the fields of the form, and only those.
func (v *visit) posted() url.Values { return v.gin.Request.PostForm }

// client says where the request comes from, for throttles and sessions.
func (v *visit) client() auth.Client {
	return auth.Client{Address: v.gin.ClientIP(), Label: v.gin.Request.UserAgent()}
}

// render shows a page with 200.
func (v *visit) render(name string, page any) error { return v.renderAs(http.StatusOK, name, page) }

// renderAs shows a page. It is complete before the first byte is sent.
func (v *visit) renderAs(status int, name string, page any) error {
	body, err := v.site.views.render(v.loc, name, screen{Frame: v.frame(status), Page: page})
	if err != nil {
		return err
	}
	v.send(status, body)
	return nil
}

// send writes a page. What is the same for every anonymous visitor may be kept,
// but is asked for again each time and only sent when it has changed, so that a
// suspension, signing in or another language shows at once.
func (v *visit) send(status int, body []byte) { v.sendAs(status, "text/html; charset=utf-8", body) }

// sendAs is send for other media than HTML.
func (v *visit) sendAs(status int, media string, body []byte) {
	h := v.gin.Writer.Header()
	if status == http.StatusOK && v.route.public && !v.actor.SignedIn() && len(h.Values("Set-Cookie")) == 0 {
		sum := sha256.Sum256(body)
		tag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
		h.Add("Vary", "Cookie")
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", tag)
		if strings.Contains(v.gin.Request.Header.Get("If-None-Match"), tag[2:]) {
			v.gin.Status(http.StatusNotModified)
			v.gin.Writer.WriteHeaderNow()
			return
		}
	}
	v.gin.Data(status, media, body)
}

// redirect sends the visitor on with 303; flash, when it is not empty, is the
// key of a message shown there once.
func (v *visit) redirect(path, flash string) {
	if flash != "" {
		v.site.jar.set(v.gin, cookieFlash, flash, flashSeconds)
	}
	v.gin.Redirect(http.StatusSeeOther, localPath(path))
}

// localPath keeps redirects on this site: a path with its query, or the home
// page for anything that could lead elsewhere.
func localPath(path string) string {
	u, err := url.Parse(path)
	bad := err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(path, "/") ||
		strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t")
	if bad {
		return "/"
	}
	return path
}
