package site

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// usersPath is where administrators keep accounts.
const usersPath = "/administration/comptes"

// usersPage is a part of the accounts.
type usersPage struct {
	Words         string
	Roles, States []option
	Total         int
	Items         []userLine
	Pager         pager
}

// userLine is one account in the list.
type userLine struct {
	Href, Login, Role, State string
	Factor                   bool
	Seen                     time.Time
}

// userPage is one account with what can be done about it.
type userPage struct {
	Login, State string
	Own          bool // the administrator's own, about which nothing is done here
	Facts        []fact
	Trail        string
	Keys         string    // address of the API keys of the account's agency; empty without one
	Grant        *grantBox // nil when nothing is proposed
	Error        string
	Wrong        []wrongField
	Role         *form
	Disable      *form
	Enable       *form
	Reset        *form
	Factor       *form // nil when no second factor is enrolled
}

// grantBox is a post that one administrator proposed and another one confirms.
type grantBox struct {
	Post, By string
	At       time.Time
	Rev      int64
	Mine     bool // proposed by the administrator who looks
	Confirm  string
	Reject   *form
}

// issuedPage shows a temporary password, this once.
type issuedPage struct {
	Login, Password string
	Until           time.Time
	Back            string
}

func listUsers(v *visit) error {
	where, err := v.page(searchPageSize)
	if err != nil {
		return err
	}
	asked := v.query()
	q := account.Query{Text: clip(asked.Get("q"), 100), Page: where}
	if role := account.Role(asked.Get("role")); slices.Contains(account.Roles(), role) {
		q.Role = role
	}
	if state := account.State(asked.Get("etat")); slices.Contains(accountStates(), state) {
		q.State = state
	}
	found, err := v.site.opts.Accounts.List(v.ctx, v.actor, q)
	if err != nil {
		return err
	}
	page := usersPage{
		Words: q.Text, Total: found.Total, Pager: v.pager(found.Next),
		Roles:  chosenOf(v.codes("role", textList(account.Roles()), v.t("search.any")), string(q.Role)),
		States: chosenOf(v.codes("state.account", textList(accountStates()), v.t("search.any")), string(q.State)),
	}
	for _, c := range found.Items {
		page.Items = append(page.Items, userLine{
			Href: userAddress(c.ID), Login: loginOf(c), Role: v.code("role", c.Role), State: string(c.State), Factor: c.Factor, Seen: c.LastLoginAt,
		})
	}
	return v.render("admin/users", page)
}

func accountStates() []account.State {
	return []account.State{account.Active, account.Proposed, account.Disabled}
}

func chosenOf(options []option, value string) []option {
	for i := range options {
		options[i].Chosen = options[i].Value == value
	}
	return options
}

func userAddress(id account.ID) string { return usersPath + "/fiche/" + url.PathEscape(string(id)) }

// loginOf names an account by what it is signed in with; one that was erased
// has nothing left but its id.
func loginOf(c account.Card) string {
	switch {
	case c.Email != "":
		return c.Email
	case c.Phone != "":
		return c.Phone
	}
	return string(c.ID)
}

func (v *visit) postFields(f *form) {
	f.add(field{Name: "role", Label: v.t("user.role"), Kind: "select", Required: true, Options: v.codes("role", textList(account.Roles()), v.t("form.choose"))})
	f.add(field{Name: "institution", Label: v.t("user.institution"), Hint: v.t("user.institution.hint"), Kind: "select", Options: v.codes("institution", account.Institutions(), v.t("form.none"))})
	f.add(field{Name: "agency", Label: v.t("user.agency"), Hint: v.t("user.agency.hint"), Max: 64})
	f.add(field{Name: "collector", Label: v.t("user.collector"), Kind: "radio", Options: []option{{Value: "no", Label: v.t("answer.no")}, {Value: "yes", Label: v.t("answer.yes")}}})
}

func postOf(in url.Values) account.Post {
	return account.Post{
		Role: account.Role(in.Get("role")), Institution: in.Get("institution"), Agency: in.Get("agency"), Collector: in.Get("collector") == "yes",
	}
}

func (v *visit) newUserForm(values url.Values) *form {
	f := newForm(usersPath+"/nouveau", v.t("user.create"), values)
	f.group(v.t("user.access"))
	f.add(field{Name: "email", Label: v.t("register.email"), Hint: v.t("user.email.hint"), Kind: "email", Fill: "off", Max: 254})
	f.add(field{Name: "phone", Label: v.t("register.phone"), Hint: v.t("register.phone.hint"), Kind: "tel", Fill: "off", Max: 40})
	f.add(field{Name: "locale", Label: v.t("lang.label"), Kind: "select", Options: v.codes("user.locale", textList(ref.Locales()), "")})
	f.group(v.t("user.post"))
	v.postFields(f)
	return f
}

func newUser(v *visit) error {
	return v.render("admin/new", formPage{v.newUserForm(url.Values{"collector": {"no"}, "locale": {string(ref.French)}})})
}

// createUser shows the password in the answer itself, since it cannot be asked
// for again.
func createUser(v *visit) error {
	in, issued := v.posted(), account.Issued{}
	err := oneLine(in.Get("agency"), "agency", 64)
	if err == nil {
		issued, err = v.site.opts.Accounts.Create(v.ctx, v.actor, account.NewAccount{Email: in.Get("email"), Phone: in.Get("phone"), Locale: in.Get("locale"), Post: postOf(in)})
	}
	if err != nil {
		f := v.newUserForm(in)
		return v.again(f, err, "admin/new", formPage{f})
	}
	return v.render("admin/issued", v.issuedPage(issued))
}

func (v *visit) issuedPage(i account.Issued) issuedPage {
	return issuedPage{Login: loginOf(i.Account.Card()), Password: i.Password, Until: i.Account.TemporaryUntil, Back: userAddress(i.Account.ID)}
}

func showUser(v *visit) error {
	a, err := v.site.opts.Accounts.Get(v.ctx, v.actor, account.ID(v.param("id")))
	if err != nil {
		return err
	}
	return v.render("admin/user", v.newUserPage(a))
}

func (v *visit) newUserPage(a *account.Account) *userPage {
	page := &userPage{
		Login: loginOf(a.Card()), State: string(a.State), Own: a.ID == v.actor.Account, Trail: trailOf(string(a.ID)),
		Facts: append(v.accountFacts(a),
			fact{Label: v.t("user.institution"), Value: v.institution(a.Institution)}, fact{Label: v.t("user.agency"), Value: a.Agency},
			fact{Label: v.t("factor.title"), Value: v.onOff(a.Factor.Enrolled())}),
	}
	if page.Own {
		return page
	}
	if a.Agency != "" {
		page.Keys = foreignKeysPath + "/" + url.PathEscape(a.Agency) + "/cles"
	}
	page.Grant = v.grantBox(a)
	page.Role = v.roleForm(a.ID, a.Rev, url.Values{"role": {string(a.Role)}, "institution": {a.Institution}, "agency": {a.Agency}, "collector": {yesNo(a.Collector)}})
	switch a.State {
	case account.Active:
		page.Disable = v.reasonedForm(userAddress(a.ID)+"/desactivations", v.t("user.disable"), "disable", nil)
		page.Reset = newForm(userAddress(a.ID)+"/mots-de-passe", v.t("user.reset"), nil)
		if a.Factor.Enrolled() {
			page.Factor = v.reasonedForm(userAddress(a.ID)+"/retraits", v.t("user.factor.remove"), "factor", nil)
		}
	case account.Disabled:
		page.Enable = v.reasonedForm(userAddress(a.ID)+"/activations", v.t("user.enable"), "enable", nil)
		page.Enable.Danger = false
	}
	return page
}

// grantBox says what is proposed for an account, and by whom.
func (v *visit) grantBox(a *account.Account) *grantBox {
	if a.Grant.IsZero() {
		return nil
	}
	post := a.Grant.Post
	box := &grantBox{
		Post: joinedTexts(v.code("role", post.Role), v.institution(post.Institution)), By: string(a.Grant.By), At: a.Grant.At, Rev: a.Rev,
		Mine: a.Grant.By == v.actor.Account, Confirm: userAddress(a.ID) + "/confirmations",
	}
	submit := v.t("grant.reject")
	if box.Mine {
		submit = v.t("grant.take_back")
	}
	box.Reject = v.reasonedForm(userAddress(a.ID)+"/rejets", submit, "reject", nil)
	return box
}

func (v *visit) institution(code string) string {
	if code == "" {
		return ""
	}
	return v.code("institution", code)
}

func (v *visit) onOff(on bool) string {
	if on {
		return v.t("account.factor.on")
	}
	return v.t("account.factor.off")
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func (v *visit) roleForm(id account.ID, rev int64, values url.Values) *form {
	f := newForm(userAddress(id)+"/roles", v.t("user.change"), values)
	f.replaces(rev)
	v.postFields(f)
	return f
}

// reasonedForm asks for a few words that the audit log keeps; its field begins
// with the act, since several such forms stand on one page.
func (v *visit) reasonedForm(action, submit, act string, values url.Values) *form {
	f := newForm(action, submit, values)
	f.Danger = true
	f.add(field{Name: act + "-reason", Label: v.t("user.reason"), Hint: v.t("user.reason.hint"), Max: 60})
	return f
}

// changeUser alters the role and ends the sessions of the account, or proposes
// a role that takes the signature of another administrator.
func changeUser(v *visit) error {
	in, id := v.posted(), account.ID(v.param("id"))
	rev, err := v.revision()
	if err == nil {
		err = oneLine(in.Get("agency"), "agency", 64)
	}
	flash := "flash.user.changed"
	if err == nil {
		var a *account.Account
		a, err = v.site.opts.Accounts.Change(v.ctx, v.actor, id, rev, func(p *account.Post) { *p = postOf(in) })
		if err == nil && !a.Grant.IsZero() {
			flash = "flash.user.proposed"
		}
	}
	return v.afterUser(id, v.roleForm(id, rev, in), err, flash)
}

// confirmGrant gives the second signature to a proposed role. Where it does not
// wait any more, the account is shown as it is now.
func confirmGrant(v *visit) error {
	id := account.ID(v.param("id"))
	rev, err := v.revision()
	if err == nil {
		_, err = v.site.opts.Accounts.Confirm(v.ctx, v.actor, id, rev)
	}
	return v.afterUser(id, newForm("", "", nil), err, "flash.user.confirmed")
}

// reasonedAct is something an administrator does to an account for a reason of
// some words.
type reasonedAct = func(context.Context, account.Actor, account.ID, string) (*account.Account, error)

// actOnUser carries an act out with the words that were typed.
func (v *visit) actOnUser(act, path, flash string, do reasonedAct) error {
	id, name := account.ID(v.param("id")), act+"-reason"
	why := strings.TrimSpace(v.posted().Get(name))
	err := oneLine(why, name, 60)
	if err == nil {
		_, err = do(v.ctx, v.actor, id, why)
	}
	return v.afterUser(id, v.reasonedForm(userAddress(id)+path, "", act, v.posted()), err, flash)
}

func disableUser(v *visit) error {
	return v.actOnUser("disable", "/desactivations", "flash.user.disabled", v.site.opts.Accounts.Disable)
}

func enableUser(v *visit) error {
	return v.actOnUser("enable", "/activations", "flash.user.enabled", v.site.opts.Accounts.Enable)
}

func removeUserFactor(v *visit) error {
	return v.actOnUser("factor", "/retraits", "flash.user.factor_removed", v.site.opts.Accounts.RemoveFactor)
}

func rejectGrant(v *visit) error {
	return v.actOnUser("reject", "/rejets", "flash.user.rejected", v.site.opts.Accounts.Reject)
}

// oneLine refuses words that no entry of the audit log may hold.
func oneLine(words, name string, most int) error {
	if text.Printable(words) && utf8.RuneCountInString(words) <= most {
		return nil
	}
	return fault.New(fault.Invalid, "request.invalid", fault.Field{Pointer: "/" + name, Code: "text.forbidden"})
}

// resetUser shows the password in the answer itself, as createUser does.
func resetUser(v *visit) error {
	id := account.ID(v.param("id"))
	issued, err := v.site.opts.Accounts.ResetPassword(v.ctx, v.actor, id)
	if err != nil {
		return v.afterUser(id, newForm("", "", nil), err, "")
	}
	return v.render("admin/issued", v.issuedPage(issued))
}

// forms are the places of the forms that may stand on the page.
func (p *userPage) forms() []**form {
	places := []**form{&p.Role, &p.Disable, &p.Enable, &p.Factor}
	if p.Grant != nil {
		places = append(places, &p.Grant.Reject)
	}
	return places
}

// afterUser leads back to the account, or shows it with what forbade the act.
func (v *visit) afterUser(id account.ID, f *form, failed error, flash string) error {
	if failed == nil {
		v.redirect(userAddress(id), flash)
		return nil
	}
	a, err := v.site.opts.Accounts.Get(v.ctx, v.actor, id)
	if err != nil {
		return failed
	}
	page := v.newUserPage(a)
	for _, stands := range page.forms() {
		if *stands != nil && (*stands).Action == f.Action {
			f.Submit, f.Danger = (*stands).Submit, (*stands).Danger
			f.overtaken(failed, a.Rev, *stands)
			*stands = f
		}
	}
	return v.decideAgain(f, failed, "admin/user", page, &page.Error, &page.Wrong)
}
