package site

import (
	"context"
	"net/url"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/assignment"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
)

// reviewPage is one offer with everything an official decides on.
type reviewPage struct {
	claimPart
	Reference   string
	Title       string
	State       string
	Version     int
	Agency      agencyBox
	Description string
	Original    string // as it came, before contacts were masked
	Coding      string // how the occupation was found
	Findings    []notice
	Facts       []factGroup
	Submitted   time.Time
	Approved    time.Time
	Answer      string // what the agency answered to a refusal
	Error       string // why the last act was not possible
	Wrong       []wrongField
	Approve     string // address of the form; empty when not possible
	Publish     string
	Return      *form
	Returning   bool // its form is open
	Refuse      *form
	Suspend     *form
	Reopen      *form
	Close       *form
	FirstReopen bool // one of two officials has agreed to reopen
	Causes      []string
	Objections  []decisionLine
	Trail       string
}

func reviewOffer(v *visit) error {
	o, err := v.site.opts.Offers.Get(v.ctx, v.actor, offer.ID(v.param("id")))
	if err != nil {
		return err
	}
	page, err := v.newReviewPage(o)
	if err != nil {
		return err
	}
	return v.render("work/offer", page)
}

func (v *visit) newReviewPage(o offer.View) (*reviewPage, error) {
	terms, state := working(o)
	box, err := v.agencyBox(o)
	if err != nil {
		return nil, err
	}
	page := &reviewPage{
		Reference: o.Reference, Title: terms.Title, State: string(state), Version: o.Version, Agency: box, Description: terms.Description,
		Original: o.Source.Original, Findings: v.findings(o.Findings), Facts: v.termFacts(terms, v.payToday(terms)), Coding: v.coding(o.Source),
	}
	if r := o.Review; r != nil {
		page.Version, page.Submitted, page.Approved, page.Answer = r.Number, r.SubmittedAt, r.ApprovedAt, r.Answer
	}
	v.addDecisions(page, o.ID, state)
	v.addForce(page, o)
	page.claimPart = v.claimOf(assignment.File{Kind: assignment.Offer, ID: string(o.ID)})
	page.Returning = page.Return != nil && v.query().Get("acte") == lotReturn
	return page, nil
}

// coding says how the occupation was found, where it was not stated.
func (v *visit) coding(s offer.Source) string {
	switch title, found := strings.CutPrefix(s.Coding, "title: "); {
	case found:
		return v.t("work.coded.title", title, s.Confidence)
	case s.Coding == offer.CodedByClerk:
		return v.t("work.coded.clerk")
	}
	return ""
}

// addDecisions offers what can be decided in that state.
func (v *visit) addDecisions(page *reviewPage, id offer.ID, state offer.State) {
	at := "/travail/offres/" + url.PathEscape(string(id))
	switch state {
	case offer.Submitted:
		page.Approve = at + "/approbations"
		page.Return, page.Refuse = v.returnForm(at, nil), v.refusalForm(at, nil)
	case offer.Approved:
		page.Publish = at + "/publications"
		page.Return = v.returnForm(at, nil)
	}
}

func (v *visit) returnForm(at string, values url.Values) *form {
	f := newForm(at+"/retours", v.t("work.return"), values)
	f.add(field{Name: "return-reason", Label: v.t("work.reason"), Kind: "select", Required: true, Options: v.codes("reason", offer.Reasons(offer.ActReturn), v.t("form.choose"))})
	f.add(field{Name: "return-note", Label: v.t("work.note"), Hint: v.t("work.note.hint"), Kind: "area", Rows: 3, Max: 2000})
	return f
}

func (v *visit) refusalForm(at string, values url.Values) *form {
	f := newForm(at+"/refus", v.t("work.refuse"), values)
	f.Danger = true
	f.add(field{Name: "refuse-reason", Label: v.t("work.reason"), Kind: "select", Required: true, Options: v.codes("reason", offer.Reasons(offer.ActRefuse), v.t("form.choose"))})
	f.add(field{Name: "refuse-note", Label: v.t("work.note"), Hint: v.t("work.note.hint"), Kind: "area", Rows: 3, Max: 2000})
	return f
}

func approveOffer(v *visit) error {
	return v.signOffer(v.site.opts.Offers.Approve, "flash.offer.approved")
}

func publishOffer(v *visit) error {
	return v.signOffer(v.site.opts.Offers.Publish, "flash.offer.published")
}

// signOffer gives one of the two signatures. What forbids it is told on the
// offer's page.
func (v *visit) signOffer(sign func(context.Context, account.Actor, offer.ID) (*offer.Offer, error), flash string) error {
	id := offer.ID(v.param("id"))
	_, err := sign(v.ctx, v.actor, id)
	if err == nil {
		v.redirect("/travail", flash)
		return nil
	}
	return v.reviewAgain(id, newForm("", "", nil), err)
}

func returnOffer(v *visit) error {
	id := offer.ID(v.param("id"))
	d := offer.Decision{Reason: v.posted().Get("return-reason"), Note: v.posted().Get("return-note")}
	if _, err := v.site.opts.Offers.Return(v.ctx, v.actor, id, d); err != nil {
		return v.reviewAgain(id, v.returnForm("/travail/offres/"+url.PathEscape(string(id)), v.posted()), prefixed(err, "return"))
	}
	v.redirect("/travail", "flash.offer.returned")
	return nil
}

func refuseOffer(v *visit) error {
	id := offer.ID(v.param("id"))
	d := offer.Decision{Reason: v.posted().Get("refuse-reason"), Note: v.posted().Get("refuse-note")}
	if _, err := v.site.opts.Offers.Refuse(v.ctx, v.actor, id, d); err != nil {
		return v.reviewAgain(id, v.refusalForm("/travail/offres/"+url.PathEscape(string(id)), v.posted()), prefixed(err, "refuse"))
	}
	v.redirect("/travail", "flash.offer.refused")
	return nil
}

// prefixed moves the fields of a fault under the name of one of several forms
// on a page.
func prefixed(err error, form string) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	moved := fault.New(f.Kind, f.Code, f.Fields...).Because(err)
	moved.Fields = append([]fault.Field(nil), f.Fields...)
	for i := range moved.Fields {
		moved.Fields[i].Pointer = "/" + form + moved.Fields[i].Pointer
	}
	return moved
}

// reviewAgain shows the offer again with what forbade the act and, in its
// form, what was typed.
func (v *visit) reviewAgain(id offer.ID, f *form, failed error) error {
	o, err := v.site.opts.Offers.Get(v.ctx, v.actor, id)
	if err != nil {
		return failed
	}
	page, err := v.newReviewPage(o)
	if err != nil {
		return err
	}
	for _, stands := range page.forms() {
		if *stands != nil && (*stands).Action == f.Action {
			*stands = f
		}
	}
	return v.decideAgain(f, failed, "work/offer", page, &page.Error, &page.Wrong)
}
