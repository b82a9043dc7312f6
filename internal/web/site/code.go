package site

import (
	"cmp"
	"net/url"

	"passerelle/internal/auth"
	"passerelle/internal/domain/fault"
)

// codePage is the second step of signing in: the code of the application, or
// a recovery code where the telephone is lost.
type codePage struct {
	Form     *form
	Recovery *form
	Lost     bool // a recovery code was tried
}

// newCodePage keeps the ticket, which stands for the proved password, in both
// forms. Codes are not sent back.
func (v *visit) newCodePage(ticket, next string) *codePage {
	begin := func() *form {
		f := newForm("/connexion/code", v.t("session.submit"), nil)
		f.hide("ticket", ticket)
		f.hide("suite", localPath(next))
		return f
	}
	page := &codePage{Form: begin(), Recovery: begin()}
	page.Form.add(v.digitsField())
	page.Recovery.add(field{Name: "recovery", Label: v.t("factor.recovery"), Hint: v.t("factor.recovery.hint"), Fill: "off", Max: 40, Required: true, Narrow: true})
	return page
}

// askCode goes on with a login that lacks its code.
func (v *visit) askCode(err error) error {
	return v.render("session/code", v.newCodePage(fault.Of(err).Ticket, v.posted().Get("suite")))
}

// completeSession takes the code. A wrong one keeps the page; a ticket that is
// void, or missing, leads back to the first step.
func completeSession(v *visit) error {
	in := v.posted()
	code := cmp.Or(in.Get("code"), in.Get("recovery"))
	pair, err := v.site.opts.Auth.Login(v.ctx, auth.Credentials{Ticket: cmp.Or(in.Get("ticket"), "-"), Code: code, From: v.client()})
	if err == nil {
		return v.enter(pair)
	}
	if hasCode(err, "auth.mfa.ticket") || hasCode(err, "auth.login.failed") {
		f := v.loginForm(url.Values{"suite": {in.Get("suite")}})
		return v.again(f, err, "session/new", v.sessionPage(f))
	}
	return v.codeAgain(err)
}

// codeAgain shows the second step again, with the error at the field that was
// filled in.
func (v *visit) codeAgain(err error) error {
	in := v.posted()
	page := v.newCodePage(in.Get("ticket"), in.Get("suite"))
	page.Lost = in.Get("code") == "" && in.Get("recovery") != ""
	at, name := page.Form, "code"
	if page.Lost {
		at, name = page.Recovery, "recovery"
	}
	if hasCode(err, "auth.mfa.failed") {
		err = atField(err, name)
	}
	return v.again(at, err, "session/code", page)
}
