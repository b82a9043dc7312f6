package site

import (
	"cmp"
	"net/url"

	"passerelle/internal/auth"
	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
)

// formPage is a page that is one form.
type formPage struct{ Form *form }

// sessionPage asks who one is. In the demonstration it names the people one may
// be.
type sessionPage struct {
	Form     *form
	Password string
	People   []trial
}

// trial is somebody of the demonstration.
type trial struct{ Login, Says string }

func (v *visit) sessionPage(f *form) sessionPage {
	page := sessionPage{Form: f, Password: v.site.opts.Trial}
	if page.Password == "" {
		return page
	}
	page.People = []trial{
		{"candidate@demo.test", v.t("trial.mason")},
		{"candidate2@demo.test", v.t("trial.nurse")},
		{"candidate3@demo.test", v.t("trial.contract")},
		{"candidate4@demo.test", v.t("trial.abroad")},
		{"agency@demo.test", v.t("trial.bureau")},
		{"service@demo.test", v.t("trial.service")},
		{"official@demo.test", v.t("trial.first_signature")},
		{"official2@demo.test", v.t("trial.second_signature")},
		{"admin@demo.test", v.t("trial.keeper")},
		{"observer@demo.test", v.t("trial.watcher")},
	}
	return page
}

func (v *visit) loginForm(values url.Values) *form {
	f := newForm("/connexion", v.t("session.submit"), values)
	f.hide("suite", localPath(values.Get("suite")))
	f.add(field{Name: "login", Label: v.t("session.login"), Hint: v.t("session.login.hint"), Fill: "username", Max: 254, Required: true})
	f.add(field{Name: "password", Label: v.t("session.password"), Kind: "password", Fill: "current-password", Max: 1024, Required: true})
	return f
}

func newSession(v *visit) error {
	if v.actor.SignedIn() {
		v.redirect(v.homeOf(v.actor.Role), "")
		return nil
	}
	return v.render("session/new", v.sessionPage(v.loginForm(url.Values{"suite": {v.query().Get("suite")}})))
}

func createSession(v *visit) error {
	f := v.loginForm(v.posted())
	pair, err := v.site.opts.Auth.Login(v.ctx, auth.Credentials{Login: v.posted().Get("login"), Password: v.posted().Get("password"), From: v.client()})
	if hasCode(err, "auth.mfa.required") {
		return v.askCode(err)
	}
	if err != nil {
		return v.again(f, err, "session/new", v.sessionPage(f))
	}
	return v.enter(pair)
}

// enter begins the session in the browser and leads on: to what the account
// still lacks, to the page that was asked for, or to where the role's work is.
func (v *visit) enter(pair auth.TokenPair) error {
	actor, err := v.site.opts.Auth.Authenticate(v.ctx, pair.AccessToken)
	if err != nil {
		return err
	}
	v.keep(pair)
	v.site.jar.clear(v.gin, cookieVisitor)
	next := localPath(v.posted().Get("suite"))
	if next == "/" {
		next = v.homeOf(actor.Role)
	}
	switch {
	case actor.Enrol:
		next = factorPath
	case actor.Restricted:
		next = "/mot-de-passe"
	}
	v.redirect(next, "flash.session.begun")
	return nil
}

// homeOf is where a role's work begins.
func (v *visit) homeOf(role account.Role) string {
	switch role {
	case account.Candidate:
		return "/mes-offres"
	case account.Agency:
		return "/agence/offres"
	case account.Official:
		return "/travail"
	case account.Admin:
		return "/administration"
	case account.Observer:
		return observedPath
	}
	return "/offres"
}

func deleteSession(v *visit) error {
	if err := v.site.opts.Auth.Logout(v.ctx, v.actor); err != nil {
		return err
	}
	v.forget()
	v.gin.Header("Clear-Site-Data", `"cache", "storage"`)
	v.redirect("/", "flash.session.ended")
	return nil
}

func (v *visit) registerForm(values url.Values) *form {
	f := newForm("/inscription", v.t("register.submit"), values)
	f.add(field{Name: "applicant", Label: v.t("register.applicant"), Kind: "radio", Required: true, Options: []option{
		{Value: string(account.Candidate), Label: v.t("register.candidate")}, {Value: string(account.Agency), Label: v.t("register.agency")},
	}})
	f.add(field{Name: "email", Label: v.t("register.email"), Hint: v.t("register.email.hint"), Kind: "email", Fill: "email", Max: 254})
	f.add(field{Name: "phone", Label: v.t("register.phone"), Hint: v.t("register.phone.hint"), Kind: "tel", Fill: "tel", Max: 40})
	f.add(field{Name: "password", Label: v.t("register.password"), Hint: v.t("register.password.hint"), Kind: "password", Fill: "new-password", Max: 1024, Required: true})
	return f
}

func newAccount(v *visit) error {
	return v.render("session/register", formPage{v.registerForm(url.Values{"applicant": {string(account.Candidate)}})})
}

// createAccount says the same whether or not the account existed.
func createAccount(v *visit) error {
	in := v.posted()
	f := v.registerForm(in)
	err := v.site.opts.Auth.Register(v.ctx, auth.Registration{
		Applicant: account.Role(in.Get("applicant")), Email: in.Get("email"), Phone: in.Get("phone"),
		Password: in.Get("password"), Locale: string(v.loc), From: v.client(),
	})
	if err != nil {
		return v.again(f, err, "session/register", formPage{f})
	}
	v.redirect("/connexion", "flash.account.asked")
	return nil
}

// passwordForm asks for a new password and says for which account, to the
// person and to whatever keeps passwords for them.
func (v *visit) passwordForm(login string, enrolled bool) *form {
	f := newForm("/mot-de-passe", v.t("password.submit"), url.Values{"account": {login}})
	f.add(field{Name: "account", Label: v.t("password.account"), Fill: "username", Fixed: true})
	f.add(field{Name: "currentPassword", Label: v.t("password.current"), Kind: "password", Fill: "current-password", Max: 1024, Required: true})
	f.add(field{Name: "newPassword", Label: v.t("password.new"), Hint: v.t("register.password.hint"), Kind: "password", Fill: "new-password", Max: 1024, Required: true})
	if enrolled {
		code := v.anyCodeField(v.t("password.code.hint"))
		code.Required = false
		f.add(code)
	}
	return f
}

// ownPasswordForm is the form for the visitor's account.
func (v *visit) ownPasswordForm() (*form, error) {
	mine, err := v.site.opts.Accounts.Me(v.ctx, v.actor)
	if err != nil {
		return nil, err
	}
	return v.passwordForm(cmp.Or(mine.Email, mine.Phone), mine.Factor.Enrolled()), nil
}

func editPassword(v *visit) error {
	f, err := v.ownPasswordForm()
	if err != nil {
		return err
	}
	return v.render("session/password", formPage{f})
}

func updatePassword(v *visit) error {
	in := v.posted()
	f, err := v.ownPasswordForm()
	if err != nil {
		return err
	}
	err = v.site.opts.Auth.ChangePassword(v.ctx, v.actor, auth.PasswordChange{Current: in.Get("currentPassword"), New: in.Get("newPassword"), Code: in.Get("code"), From: v.client()})
	if err != nil {
		return v.again(f, err, "session/password", formPage{f})
	}
	v.redirect(v.homeOf(v.actor.Role), "flash.password.changed")
	return nil
}

// isAbsent reports that a record does not exist for this visitor.
func isAbsent(err error) bool { return fault.Is(err, fault.NotFound) }
