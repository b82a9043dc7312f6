package site

import (
	"net/url"
	"time"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
)

// observedPath is where observers look at published offers.
const observedPath = "/observations"

// observedPage is the published offers an observer can look at.
type observedPage struct {
	Words string
	Total int
	Items []offerLine
	Pager pager
}

// observationPage is one published offer with the linter's findings and the
// form of an objection.
type observationPage struct {
	Reference, Title, State string
	Public                  string // address for everybody
	Findings                []notice
	Facts                   []factGroup
	Description             string
	Agency                  agencyBox
	Published               time.Time
	Form                    *form // nil for an offer that is no longer in force
}

func listObserved(v *visit) error {
	after, err := v.position()
	if err != nil {
		return err
	}
	q := offer.Query{Text: clip(v.query().Get("q"), 200), Sort: offer.ByNewest, After: after, Limit: searchPageSize}
	found, err := v.site.opts.Offers.Search(v.ctx, v.actor, q)
	if err != nil {
		return err
	}
	page := observedPage{Words: q.Text, Total: found.Total, Items: v.offerLines(found.Items), Pager: v.pager(found.Next)}
	for i, c := range found.Items {
		page.Items[i].Href = observedPath + "/" + url.PathEscape(c.Reference)
	}
	return v.render("observe/index", page)
}

func showObserved(v *visit) error {
	page, err := v.observationPage(nil)
	if err != nil {
		return err
	}
	return v.render("observe/show", page)
}

// observationPage loads the offer and judges its published terms as things
// stand now.
func (v *visit) observationPage(values url.Values) (*observationPage, error) {
	o, err := v.loadOffer()
	if err != nil {
		return nil, err
	}
	found, err := v.site.opts.Offers.Lint(v.ctx, v.actor, o.ID)
	if err != nil {
		return nil, err
	}
	box, err := v.agencyBox(o)
	if err != nil {
		return nil, err
	}
	return v.newObservationPage(o, box, found, values), nil
}

func (v *visit) newObservationPage(o offer.View, box agencyBox, found []offer.Finding, values url.Values) *observationPage {
	terms := o.Snapshot.Terms
	page := &observationPage{
		Reference: o.Reference, Title: terms.Title, State: string(o.State), Public: "/offres/" + url.PathEscape(o.Reference), Agency: box,
		Findings: v.findings(found), Facts: v.termFacts(terms, frozenPay(o.Snapshot)), Description: terms.Description, Published: o.Snapshot.PublishedAt,
	}
	if o.State.InForce() {
		page.Form = v.objectionForm(o.Reference, values)
	}
	return page
}

func (v *visit) objectionForm(reference string, values url.Values) *form {
	f := newForm(observedPath+"/"+url.PathEscape(reference)+"/objections", v.t("observe.object"), values)
	f.add(field{Name: "reason", Label: v.t("work.reason"), Kind: "select", Required: true, Options: v.codes("reason", offer.Reasons(offer.ActObject), v.t("form.choose"))})
	f.add(field{Name: "note", Label: v.t("work.note"), Hint: v.t("observe.note.hint"), Kind: "area", Rows: 4, Max: 2000})
	return f
}

func createObjection(v *visit) error {
	in := v.posted()
	page, err := v.observationPage(in)
	if err != nil {
		return err
	}
	if page.Form == nil {
		return fault.New(fault.Conflict, "offer.not_open")
	}
	o, err := v.loadOffer()
	if err != nil {
		return err
	}
	if _, err := v.site.opts.Offers.Object(v.ctx, v.actor, o.ID, offer.Decision{Reason: in.Get("reason"), Note: in.Get("note")}); err != nil {
		return v.again(page.Form, err, "observe/show", page)
	}
	v.redirect(observedPath+"/"+url.PathEscape(o.Reference), "flash.objected")
	return nil
}
