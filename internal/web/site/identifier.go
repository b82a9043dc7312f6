package site

import (
	"net/url"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// identifierPath is where a person changes what the account is signed in with.
const identifierPath = "/mon-compte/identifiants"

// identifierPage asks for a new e-mail address or a new phone number.
type identifierPage struct {
	Email, Phone                 string // present ones
	EmailVerified, PhoneVerified bool
	EmailForm, PhoneForm         *form
}

// confirmPage asks for the code that was sent to the new one.
type confirmPage struct {
	To   string
	Form *form
}

func (v *visit) newIdentifierPage(mine *account.Account) *identifierPage {
	return &identifierPage{
		Email: mine.Email, Phone: mine.Phone, EmailVerified: !mine.EmailVerifiedAt.IsZero(), PhoneVerified: !mine.PhoneVerifiedAt.IsZero(),
		EmailForm: v.emailForm(url.Values{"email": {mine.Email}}), PhoneForm: v.phoneForm(url.Values{"phone": {mine.Phone}}),
	}
}

func (v *visit) emailForm(values url.Values) *form {
	f := newForm(identifierPath, v.t("identifier.send"), values)
	f.add(field{Name: "email", Label: v.t("identifier.email"), Hint: v.t("identifier.email.hint"), Kind: "email", Fill: "email", Max: 254, Required: true})
	return f
}

func (v *visit) phoneForm(values url.Values) *form {
	f := newForm(identifierPath, v.t("identifier.send"), values)
	f.add(field{Name: "phone", Label: v.t("identifier.phone"), Hint: v.t("register.phone.hint"), Kind: "tel", Fill: "tel", Max: 40, Required: true})
	return f
}

func editIdentifiers(v *visit) error {
	if err := v.site.opts.Auth.RequireFresh(v.ctx, v.actor, "me.identifiers"); err != nil {
		return v.orProve(err)
	}
	mine, err := v.site.opts.Accounts.Me(v.ctx, v.actor)
	if err != nil {
		return err
	}
	return v.render("identifier/edit", v.newIdentifierPage(mine))
}

// asked reads the identifier of whichever form was sent.
func askedIdentifier(in url.Values) (account.Identifier, error) {
	if in.Has("phone") {
		phone, err := auth.ParsePhone(in.Get("phone"))
		return account.Identifier{Kind: account.ByPhone, Value: phone}, atField(err, "phone")
	}
	email, err := account.ParseEmail(in.Get("email"))
	return account.Identifier{Kind: account.ByEmail, Value: email}, atField(err, "email")
}

// changeIdentifier sends the code. Whether another account has that address or
// number is not told.
func changeIdentifier(v *visit) error {
	in := v.posted()
	to, err := askedIdentifier(in)
	var id account.CodeID
	if err == nil {
		id, err = v.site.opts.Auth.ChangeIdentifier(v.ctx, v.actor, to, v.client())
	}
	switch {
	case err == nil:
		return v.render("identifier/confirm", confirmPage{To: to.Value, Form: v.confirmForm(string(id), to.Value)})
	case hasCode(err, "auth.reauthenticate"):
		return v.orProve(err)
	}
	return v.identifierAgain(in, err)
}

func (v *visit) identifierAgain(in url.Values, failed error) error {
	mine, err := v.site.opts.Accounts.Me(v.ctx, v.actor)
	if err != nil {
		return err
	}
	page := v.newIdentifierPage(mine)
	if in.Has("phone") {
		page.PhoneForm = v.phoneForm(in)
		return v.again(page.PhoneForm, failed, "identifier/edit", page)
	}
	page.EmailForm = v.emailForm(in)
	return v.again(page.EmailForm, failed, "identifier/edit", page)
}

func (v *visit) confirmForm(request, to string) *form {
	f := newForm(identifierPath+"/confirmations", v.t("identifier.confirm"), nil)
	f.hide("request", request)
	f.hide("to", to)
	f.add(field{Name: "code", Label: v.t("identifier.code"), Hint: v.t("identifier.code.hint"), Fill: "one-time-code", Mode: "numeric", Max: 40, Required: true, Narrow: true})
	return f
}

func confirmIdentifier(v *visit) error {
	in := v.posted()
	err := v.site.opts.Auth.ConfirmIdentifier(v.ctx, v.actor, account.CodeID(in.Get("request")), in.Get("code"), v.client())
	if err == nil {
		v.redirect("/mon-compte", "flash.identifier.changed")
		return nil
	}
	if fault.Is(err, fault.NotFound) {
		err = account.BadCode().Because(err)
	}
	f := v.confirmForm(in.Get("request"), in.Get("to"))
	return v.again(f, err, "identifier/confirm", confirmPage{To: in.Get("to"), Form: f})
}
