package site

import (
	"net/url"
	"time"

	"passerelle/internal/domain/application"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
)

// applicationPage is a person's applications.
type applicationPage struct {
	Total int
	Items []applicationLine
	Pager pager
}

// applicationLine is one application with what can be done now.
type applicationLine struct {
	Offer   string // address
	File    string // address of the file
	Title   string
	State   string
	Says    string // the state in a sentence
	Reason  string
	Rank    int
	Updated time.Time
	Steps   []step
	Accept  string    // address of the form; empty when not possible
	Leave   *form     // nil when not possible
	Trip    *tripLine // the departure that came of it; nil while there is none
}

// step is one step of the way, done or not.
type step struct {
	Label   string
	Done    bool
	Current bool
}

func (v *visit) applyForm(o offer.View, values url.Values) *form {
	f := newForm("/offres/"+o.Reference+"/candidatures", v.t("apply.submit"), values)
	f.add(field{Name: "message", Label: v.t("apply.message"), Hint: v.t("apply.message.hint"), Kind: "area", Rows: 5, Max: application.MaxMessage})
	return f
}

// createApplication submits the visitor's own profile.
func createApplication(v *visit) error {
	o, err := v.loadOffer()
	if err != nil {
		return err
	}
	applied, err := v.site.opts.Applications.Apply(v.ctx, v.actor, o.ID, v.posted().Get("message"))
	if err != nil {
		page, pageErr := v.newOfferPage(o)
		if pageErr != nil {
			return pageErr
		}
		page.Apply = v.applyForm(o, v.posted())
		return v.again(page.Apply, err, "offer/show", page)
	}
	flash := "flash.applied"
	if len(applied.Failed) > 0 {
		flash = "flash.applied.gaps"
	}
	v.redirect("/mes-candidatures", flash)
	return nil
}

func listApplications(v *visit) error {
	after, err := v.position()
	if err != nil {
		return err
	}
	found, err := v.site.opts.Applications.List(v.ctx, v.actor, application.Query{After: after, Limit: searchPageSize})
	if err != nil {
		return err
	}
	trips, err := v.tripsOf(found.Items)
	if err != nil {
		return err
	}
	page := applicationPage{Total: found.Total, Pager: v.pager(found.Next)}
	for _, card := range found.Items {
		line := v.applicationLine(card)
		line.Trip = trips[string(card.ID)]
		page.Items = append(page.Items, line)
	}
	return v.render("application/index", page)
}

func (v *visit) applicationLine(c application.Card) applicationLine {
	line := applicationLine{
		Offer: "/offres/" + url.PathEscape(c.Offer), File: ownApplication(c.ID), Title: c.OfferTitle, State: string(c.State), Says: v.code("application.says", c.State),
		Rank: c.Rank, Updated: c.UpdatedAt, Steps: v.steps(c.State),
	}
	if c.Reason != "" {
		line.Reason = v.code("reason", c.Reason)
	}
	if c.State == application.Invited {
		line.Accept = "/mes-candidatures/" + url.PathEscape(string(c.ID)) + "/acceptations"
	}
	if c.State.Live() {
		line.Leave = v.leaveForm(c.ID)
	}
	return line
}

// steps shows how far an application has come; none for one that has ended.
func (v *visit) steps(state application.State) []step {
	way := []application.State{application.Submitted, application.Shortlisted, application.Interviewed, application.Selected}
	at := -1
	for i, s := range way {
		if s == state || s == application.Interviewed && state == application.Waiting {
			at = i
		}
	}
	if at < 0 {
		return nil
	}
	steps := make([]step, len(way))
	for i, s := range way {
		steps[i] = step{Label: v.code("state.application", s), Done: i <= at, Current: i == at}
	}
	return steps
}

// leaveForm asks for the reason of a withdrawal; its fields are named by the
// application, since a page holds several.
func (v *visit) leaveForm(id application.ID) *form {
	f := newForm("/mes-candidatures/"+url.PathEscape(string(id))+"/retraits", v.t("application.withdraw"), nil)
	f.Danger = true
	f.add(field{Name: "reason-" + string(id), Label: v.t("application.withdraw.reason"), Kind: "select",
		Options: v.codes("reason", application.Reasons(application.ActWithdraw), v.t("form.unsaid"))})
	return f
}

// codes makes options of a closed list; empty, when it is stated, is the
// answer that says nothing.
func (w words) codes(list string, values []string, empty string) []option {
	var options []option
	if empty != "" {
		options = append(options, option{Label: empty})
	}
	for _, value := range values {
		options = append(options, option{Value: value, Label: w.code(list, value)})
	}
	return options
}

func withdrawApplication(v *visit) error {
	id := application.ID(v.param("id"))
	if _, err := v.site.opts.Applications.Withdraw(v.ctx, v.actor, id, v.posted().Get("reason-"+string(id))); err != nil {
		return err
	}
	v.redirect("/mes-candidatures", "flash.withdrawn")
	return nil
}

func acceptInvitation(v *visit) error {
	_, err := v.site.opts.Applications.Accept(v.ctx, v.actor, application.ID(v.param("id")))
	if fault.Is(err, fault.Conflict) {
		v.redirect("/mes-candidatures", "flash.invitation.closed")
		return nil
	}
	if err != nil {
		return err
	}
	v.redirect("/mes-candidatures", "flash.applied")
	return nil
}
