package site

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/assignment"
	"passerelle/internal/domain/fault"
	"passerelle/internal/web"
)

// vettingPage is one agency's file as an official decides on it.
type vettingPage struct {
	claimPart
	Name      string
	State     string
	Facts     []fact
	Decisions []decisionLine
	Error     string
	Wrong     []wrongField
	Vet       string // address of the form; empty when not possible
	Activate  string
	Refuse    *form
	Suspend   *form
	Reopen    *form
	Alike     []alikeLine
	Trail     string
	Same      bool // this official took the last decision, so that another one has to go on
}

// decisionLine is one decision of the past.
type decisionLine struct {
	Act, Reason, Note string
	Legal, Evidence   string // the legal act; empty for decisions that take none
	At                time.Time
	Mine              bool // the official who reads it decided
}

func reviewAgency(v *visit) error {
	a, err := v.site.opts.Agencies.Get(v.ctx, v.actor, agency.ID(v.param("id")))
	if err != nil {
		return err
	}
	page := v.newVettingPage(a)
	v.surround(page, a)
	return v.render("work/agency", page)
}

// surround adds what the service knows around an agency: who works on its file,
// and who has a like name.
func (v *visit) surround(page *vettingPage, a *agency.Agency) {
	page.claimPart = v.claimOf(assignment.File{Kind: assignment.Agency, ID: string(a.ID)})
	page.Alike = v.alikeAgencies(a)
}

func (v *visit) newVettingPage(a *agency.Agency) *vettingPage {
	at := "/travail/agences/" + url.PathEscape(string(a.ID))
	page := &vettingPage{Name: a.Facts.Name, State: string(a.State), Facts: v.agencyFacts(a.Facts), Trail: trailOf(string(a.ID))}
	for _, d := range a.Decisions {
		line := decisionLine{Act: v.code("event.agency", d.Action), Note: d.Note, Legal: d.Act, Evidence: d.Evidence, At: d.At, Mine: d.By == v.actor.Account}
		if d.Reason != "" {
			line.Reason = v.code("reason", d.Reason)
		}
		page.Decisions = append(page.Decisions, line)
	}
	if n := len(page.Decisions); n > 0 {
		page.Same = page.Decisions[n-1].Mine
	}
	switch a.State {
	case agency.Applied:
		page.Vet, page.Refuse = at+"/verifications", v.agencyRefusalForm(at, nil)
	case agency.Vetted:
		page.Activate = at + "/activations"
	case agency.Active:
		page.Suspend = v.agencySuspensionForm(at, nil)
	case agency.Suspended:
		page.Reopen = v.agencyReopeningForm(at, nil)
	}
	return page
}

func (v *visit) agencyFacts(f agency.Facts) []fact {
	return []fact{
		{Label: v.t("agency.name"), Value: f.Name},
		{Label: v.t("agency.trade_name"), Value: f.TradeName},
		{Label: v.t("agency.kind"), Value: v.code("agency_kind", f.Kind)},
		{Label: v.t("agency.licence"), Value: f.Licence},
		{Label: v.t("agency.licence.from"), Value: v.date(f.LicenceFrom)},
		{Label: v.t("agency.licence.until"), Value: v.licenceEnd(f.LicenceUntil)},
		{Label: v.t("term.place"), Value: v.place(f.City, "", f.Country)},
		{Label: v.t("agency.address"), Value: f.Address},
		{Label: v.t("register.email"), Value: f.Email},
		{Label: v.t("register.phone"), Value: f.Phone},
		{Label: v.t("agency.website"), Value: f.Website},
	}
}

func (v *visit) agencyRefusalForm(at string, values url.Values) *form {
	f := newForm(at+"/refus", v.t("work.refuse"), values)
	f.Danger = true
	f.add(field{Name: "reason", Label: v.t("work.reason"), Kind: "select", Required: true, Options: v.codes("reason", agency.Reasons(agency.ActRefuse), v.t("form.choose"))})
	f.add(field{Name: "note", Label: v.t("work.note"), Hint: v.t("work.note.hint"), Kind: "area", Rows: 3, Max: 2000})
	return f
}

func vetAgency(v *visit) error { return v.signAgency(v.site.opts.Agencies.Vet, "flash.agency.vetted") }

func activateAgency(v *visit) error {
	return v.signAgency(v.site.opts.Agencies.Activate, "flash.agency.activated")
}

// signAgency gives one of the two signatures.
func (v *visit) signAgency(sign func(context.Context, account.Actor, agency.ID, string) (*agency.Agency, error), flash string) error {
	id := agency.ID(v.param("id"))
	if _, err := sign(v.ctx, v.actor, id, ""); err != nil {
		return v.vetAgain(id, newForm("", "", nil), err)
	}
	v.redirect("/travail", flash)
	return nil
}

func refuseAgency(v *visit) error {
	id := agency.ID(v.param("id"))
	if _, err := v.site.opts.Agencies.Refuse(v.ctx, v.actor, id, v.posted().Get("reason"), v.posted().Get("note")); err != nil {
		return v.vetAgain(id, v.agencyRefusalForm("/travail/agences/"+url.PathEscape(string(id)), v.posted()), err)
	}
	v.redirect("/travail", "flash.agency.refused")
	return nil
}

func (v *visit) vetAgain(id agency.ID, f *form, failed error) error {
	a, err := v.site.opts.Agencies.Get(v.ctx, v.actor, id)
	if err != nil {
		return failed
	}
	page := v.newVettingPage(a)
	v.surround(page, a)
	switch {
	case page.Refuse != nil && f.Action == page.Refuse.Action:
		page.Refuse = f
	case page.Suspend != nil && f.Action == page.Suspend.Action:
		page.Suspend = f
	case page.Reopen != nil && f.Action == page.Reopen.Action:
		page.Reopen = f
	}
	return v.decideAgain(f, failed, "work/agency", page, &page.Error, &page.Wrong)
}

// decideAgain shows a page of decisions again: what forbade the act stands at
// its top. Four eyes are explained here too; other failures are error pages.
func (v *visit) decideAgain(f *form, failed error, name string, page any, message *string, wrong *[]wrongField) error {
	switch fault.KindOf(failed) {
	case fault.Invalid, fault.Conflict, fault.Forbidden, fault.Stale:
	default:
		return failed
	}
	v.correct(f, failed)
	*message, *wrong = f.Error, f.Wrong
	f.Error, f.Wrong = "", nil
	status := web.StatusOf(failed)
	if status == http.StatusForbidden || status == http.StatusPreconditionFailed {
		status = http.StatusConflict // the page may be read, this act is not this person's, or came too late
	}
	return v.renderAs(status, name, page)
}
