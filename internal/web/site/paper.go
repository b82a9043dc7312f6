package site

import (
	"net/url"
	"time"

	"passerelle/internal/domain/account"
)

// paperPath hands out codes in person.
const paperPath = "/travail/codes"

// newPaperPage asks whom a code is handed to.
type newPaperPage struct {
	Desk []tab // the officials' lists; none for others
	Form *form
}

// paperPage is the sheet an official prints and hands over.
type paperPage struct {
	Code    string // shown this once
	Expires time.Time
	Address string // where it is typed
}

func (v *visit) paperForm(values url.Values) *form {
	f := newForm(paperPath, v.t("paper.submit"), values)
	f.add(field{Name: "login", Label: v.t("session.login"), Hint: v.t("paper.login.hint"), Max: 254, Fill: "off", Required: true})
	f.add(field{Name: "reason", Label: v.t("work.reason"), Kind: "select", Required: true, Options: v.codes("reason", account.InPersonReasons(), v.t("form.choose"))})
	return f
}

func newPaperCode(v *visit) error {
	return v.render("paper/new", v.newPaperPage(v.paperForm(url.Values{"login": {clip(v.query().Get("compte"), 254)}})))
}

// createPaperCode shows the sheet in the answer itself, since the code cannot
// be asked for again.
func createPaperCode(v *visit) error {
	in := v.posted()
	f := v.paperForm(in)
	made, err := v.site.opts.Auth.ResetInPerson(v.ctx, v.actor, in.Get("login"), in.Get("reason"), v.client())
	switch {
	case err == nil:
		return v.render("paper/show", paperPage{Code: made.Code, Expires: made.Expires, Address: v.site.opts.PublicURL + resetPath})
	case isAbsent(err) || hasCode(err, "account.reset.role"):
		return v.refused(f, err, "paper/new", v.newPaperPage(f))
	}
	return v.again(f, err, "paper/new", v.newPaperPage(f))
}

func (v *visit) newPaperPage(f *form) newPaperPage {
	return newPaperPage{v.officialTabs(paperPath), f}
}
