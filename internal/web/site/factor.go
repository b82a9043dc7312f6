package site

import (
	"cmp"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

const factorPath = "/double-authentification"

// factorPage says how it stands with the visitor's second factor.
type factorPage struct {
	Must     bool // nothing else can be done before it is enrolled
	Enrolled bool
	Since    time.Time
	Left     int   // recovery codes not used yet
	Start    *form // begins an enrolment, the first or a new one
	Remove   *form // nil when none is enrolled
}

// enrolPage shows an offered secret and asks for a first code of it.
type enrolPage struct {
	Secret string       // in groups of four
	Link   template.URL // otpauth://…; see readOffer
	Code   qrCode
	Form   *form
}

// recoveryPage shows the recovery codes, this once.
type recoveryPage struct {
	Codes []string
	Next  string
}

func showFactor(v *visit) error {
	page, err := v.factorPage()
	if err != nil {
		return err
	}
	return v.render("factor/show", page)
}

func (v *visit) factorPage() (*factorPage, error) {
	mine, err := v.site.opts.Accounts.Me(v.ctx, v.actor)
	if err != nil {
		return nil, err
	}
	return v.newFactorPage(mine.Factor), nil
}

func (v *visit) newFactorPage(f account.Factor) *factorPage {
	page := &factorPage{Must: v.actor.Enrol, Enrolled: f.Enrolled(), Since: f.Since, Left: len(f.Recovery)}
	if !page.Enrolled {
		page.Start = newForm(factorPath, v.t("factor.start"), nil)
		return page
	}
	page.Start = newForm(factorPath, v.t("factor.replace"), nil)
	page.Remove = newForm(factorPath+"/retraits", v.t("factor.remove"), nil)
	page.Remove.Danger = true
	page.Remove.add(v.anyCodeField(v.t("factor.code.hint")))
	return page
}

// anyCodeField asks for a code of the application or, where letters can be
// typed, a recovery code.
func (v *visit) anyCodeField(hint string) field {
	return field{Name: "code", Label: v.t("factor.code.any"), Hint: hint, Fill: "one-time-code", Max: 40, Required: true, Narrow: true}
}

// digitsField asks for the six digits that the application shows.
func (v *visit) digitsField() field {
	return field{Name: "code", Label: v.t("factor.code"), Hint: v.t("factor.code.hint"), Fill: "one-time-code", Mode: "numeric", Max: 20, Required: true, Narrow: true}
}

// enrolFactor offers a secret. It is shown in the answer itself, since it
// cannot be asked for again.
func enrolFactor(v *visit) error {
	offered, err := v.site.opts.Auth.Enrol(v.ctx, v.actor)
	if err != nil {
		return v.orProve(err)
	}
	page, err := v.newEnrolPage(offered.URI)
	if err != nil {
		return err
	}
	return v.render("factor/enrol", page)
}

// orProve asks for the password where a recent proof of it is lacking, and
// then leads back to the page, or for a form to the page it stood on.
func (v *visit) orProve(err error) error {
	if !hasCode(err, "auth.reauthenticate") {
		return err
	}
	next := v.gin.Request.URL.RequestURI()
	if v.route.method == http.MethodPost {
		next = v.site.pageAbove(v.gin.Request.URL.EscapedPath())
	}
	f, err := v.ownProofForm(next)
	if err != nil {
		return err
	}
	return v.render("factor/prove", formPage{f})
}

// hasCode reports that an error is the fault of that code.
func hasCode(err error, code string) bool {
	f := fault.Of(err)
	return f != nil && f.Code == code
}

func (v *visit) newEnrolPage(uri string) (*enrolPage, error) {
	secret, err := readOffer(uri)
	if err != nil {
		return nil, err
	}
	drawn, err := newQRCode(uri)
	if err != nil {
		return nil, err
	}
	f := newForm(factorPath+"/confirmations", v.t("factor.confirm"), nil)
	f.hide("offre", uri)
	f.add(v.digitsField())
	return &enrolPage{Secret: inFours(secret), Link: template.URL(uri), Code: drawn, Form: f}, nil
}

// maxOffer bounds an otpauth address, in octets; ours have about 150, and more
// with a long e-mail address.
const maxOffer = 1200

// isBase32 reports a secret as authenticators write it (RFC 4648, no padding).
func isBase32(secret string) bool {
	return len(secret) >= 16 && strings.Trim(secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}

// readOffer gives the secret in an otpauth address. The address has been in
// the browser, so that it is checked before it becomes a link again; anything
// else is a Conflict, auth.mfa.not_offered.
func readOffer(uri string) (secret string, err error) {
	u, err := url.Parse(uri)
	if err != nil || len(uri) > maxOffer || u.Scheme != "otpauth" || u.Host != "totp" || !isBase32(u.Query().Get("secret")) {
		return "", fault.New(fault.Conflict, "auth.mfa.not_offered")
	}
	return u.Query().Get("secret"), nil
}

// inFours writes a secret as it is best copied by hand.
func inFours(secret string) string {
	var groups []string
	for ; len(secret) > 4; secret = secret[4:] {
		groups = append(groups, secret[:4])
	}
	return strings.Join(append(groups, secret), " ")
}

// confirmFactor takes the first code. With a wrong one the same secret is
// shown again; when the offer has run out, the way to a new one.
func confirmFactor(v *visit) error {
	in := v.posted()
	codes, err := v.site.opts.Auth.Confirm(v.ctx, v.actor, in.Get("code"), v.client())
	if err == nil {
		return v.render("factor/recovery", recoveryPage{Codes: codes, Next: v.homeOf(v.actor.Role)})
	}
	page, unreadable := v.newEnrolPage(in.Get("offre"))
	if unreadable != nil || hasCode(err, "auth.mfa.not_offered") {
		return v.factorAgain(err, func(p *factorPage) *form { return p.Start })
	}
	if hasCode(err, "auth.reauthenticate") {
		return v.orProve(err)
	}
	return v.again(page.Form, err, "factor/enrol", page)
}

// factorAgain shows the state of the second factor with what went wrong.
func (v *visit) factorAgain(err error, at func(*factorPage) *form) error {
	page, loading := v.factorPage()
	if loading != nil {
		return loading
	}
	f := at(page)
	if f == nil {
		return err
	}
	return v.again(f, err, "factor/show", page)
}

func removeFactor(v *visit) error {
	err := v.site.opts.Auth.RemoveFactor(v.ctx, v.actor, v.posted().Get("code"), v.client())
	switch {
	case err == nil:
		v.redirect(factorPath, "flash.factor.removed")
		return nil
	case hasCode(err, "auth.reauthenticate"):
		return v.orProve(err)
	}
	return v.factorAgain(err, func(p *factorPage) *form { return p.Remove })
}

// proofForm asks for the password again, and for a code where there is a
// second factor.
func (v *visit) proofForm(login string, enrolled bool) *form {
	f := newForm(factorPath+"/preuves", v.t("proof.submit"), url.Values{"account": {login}})
	f.add(field{Name: "account", Label: v.t("password.account"), Fill: "username", Fixed: true})
	f.add(field{Name: "password", Label: v.t("password.current"), Kind: "password", Fill: "current-password", Max: 1024, Required: true})
	if enrolled {
		f.add(v.anyCodeField(v.t("factor.code.hint")))
	}
	return f
}

// ownProofForm is the form for the visitor's account; next is where it leads.
func (v *visit) ownProofForm(next string) (*form, error) {
	mine, err := v.site.opts.Accounts.Me(v.ctx, v.actor)
	if err != nil {
		return nil, err
	}
	f := v.proofForm(cmp.Or(mine.Email, mine.Phone), mine.Factor.Enrolled())
	f.hide("suite", localPath(next))
	return f, nil
}

func proveIdentity(v *visit) error {
	in := v.posted()
	err := v.site.opts.Auth.Reauthenticate(v.ctx, v.actor, auth.Proof{Password: in.Get("password"), Code: in.Get("code"), From: v.client()})
	next := localPath(cmp.Or(in.Get("suite"), factorPath))
	if err == nil {
		v.redirect(next, "flash.proved")
		return nil
	}
	f, loading := v.ownProofForm(next)
	if loading != nil {
		return loading
	}
	return v.again(f, err, "factor/prove", formPage{f})
}
