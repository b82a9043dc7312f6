package site

import (
	"net/url"
	"strings"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

const resetPath = "/mot-de-passe/nouveau"

func (v *visit) forgotForm(values url.Values) *form {
	f := newForm("/mot-de-passe/oublie", v.t("forgot.submit"), values)
	f.add(field{Name: "login", Label: v.t("session.login"), Hint: v.t("session.login.hint"), Fill: "username", Max: 254, Required: true})
	return f
}

func newReset(v *visit) error { return v.render("reset/new", formPage{v.forgotForm(nil)}) }

// createReset says the same whether or not there is an account. The request
// of a code by SMS goes along in the address: six digits count for it alone.
func createReset(v *visit) error {
	f := v.forgotForm(v.posted())
	asked, err := v.site.opts.Auth.Forgot(v.ctx, v.posted().Get("login"), v.client())
	if err != nil {
		return v.again(f, atField(err, "login"), "reset/new", formPage{f})
	}
	next := resetPath
	if asked.ByDigits {
		next += "?" + url.Values{"demande": {string(asked.ID)}}.Encode()
	}
	v.redirect(next, "flash.reset.asked")
	return nil
}

// atField puts what is wrong with the visitor's answer to one field of the
// form, whatever the service calls it.
func atField(err error, name string) error {
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.Unauthenticated {
		return err
	}
	return fault.New(f.Kind, f.Code, fault.Field{Pointer: "/" + name, Code: f.Code}).Because(err)
}

func (v *visit) resetForm(values url.Values) *form {
	f := newForm(resetPath, v.t("password.submit"), values)
	f.hide("demande", values.Get("demande"))
	f.add(field{Name: "code", Label: v.t("reset.code"), Hint: v.t("reset.code.hint"), Fill: "one-time-code", Max: 400, Required: true})
	f.add(field{Name: "newPassword", Label: v.t("password.new"), Hint: v.t("register.password.hint"), Kind: "password", Fill: "new-password", Max: 1024, Required: true})
	return f
}

func editReset(v *visit) error {
	return v.render("reset/edit", formPage{v.resetForm(url.Values{"demande": {v.query().Get("demande")}})})
}

func updateReset(v *visit) error {
	in := v.posted()
	f := v.resetForm(in)
	reset := readReset(in.Get("code"), in.Get("demande"))
	reset.New, reset.From = in.Get("newPassword"), v.client()
	if err := v.site.opts.Auth.Reset(v.ctx, reset); err != nil {
		return v.again(f, err, "reset/edit", formPage{f})
	}
	v.redirect("/connexion", "flash.password.reset")
	return nil
}

// readReset tells the three kinds of code apart: that of an e-mail, on its own
// or at the end of the whole link, six digits by SMS, or a code on paper.
func readReset(typed, request string) auth.PasswordReset {
	typed = strings.TrimSpace(typed)
	if _, after, found := strings.Cut(typed, "#"); found {
		typed = after
	}
	switch {
	case strings.HasPrefix(typed, "cod_"):
		return auth.PasswordReset{Token: typed}
	case request != "" && isSixDigits(typed):
		return auth.PasswordReset{Request: account.CodeID(request), Code: typed}
	}
	return auth.PasswordReset{Code: typed}
}

// isSixDigits reports a code as an SMS brings it, spaces aside.
func isSixDigits(typed string) bool {
	digits := strings.Join(strings.Fields(typed), "")
	return len(digits) == 6 && strings.Trim(digits, "0123456789") == ""
}
