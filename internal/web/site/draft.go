package site

import (
	"net/url"
	"strconv"
	"time"

	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
)

// draftsPage is an agency's own offers.
type draftsPage struct {
	NoAgency bool
	Total    int
	Items    []draftLine
	Pager    pager
}

// draftLine is one own offer with where it stands.
type draftLine struct {
	Href, People string
	Public       string // address of the published offer; empty before
	Reference    string
	Title        string
	Place        string
	State        string
	Next         string // state of the next version, when there is one
	Blocking     int
	Warnings     int
	Places       int
	Free         int
	Updated      time.Time
}

func listDrafts(v *visit) error {
	if v.actor.Agency == "" {
		return v.render("draft/index", draftsPage{NoAgency: true})
	}
	after, err := v.position()
	if err != nil {
		return err
	}
	found, err := v.site.opts.Offers.Search(v.ctx, v.actor, offer.Query{States: offer.States(), IncludeOwnDrafts: true, Sort: offer.ByNewest, After: after, Limit: searchPageSize})
	if err != nil {
		return err
	}
	page := draftsPage{Total: found.Total, Pager: v.pager(found.Next)}
	for _, card := range found.Items {
		page.Items = append(page.Items, v.draftLine(card))
	}
	return v.render("draft/index", page)
}

func (v *visit) draftLine(c offer.Card) draftLine {
	at := "/agence/offres/" + url.PathEscape(string(c.ID))
	line := draftLine{
		Href: at, Reference: c.Reference, Title: c.Title, Place: v.place(c.City, "", c.Country), State: string(c.State),
		Blocking: c.Blocking, Warnings: c.Warnings, Places: c.Places, Free: c.FreePlaces, Updated: c.UpdatedAt,
	}
	if c.HasNext {
		line.Next = string(c.NextState)
	}
	if !c.PublishedAt.IsZero() {
		line.People = at + "/candidats"
		line.Public = "/offres/" + url.PathEscape(c.Reference)
	}
	return line
}

// draftPage is the form of one offer with what the linter says of it.
type draftPage struct {
	New       bool
	Reference string
	State     string
	Findings  []notice
	Reason    string // why it was returned or refused
	Note      string
	Form      *form // nil while it cannot be edited
	Submit    string
	Tabs      []tabLink
	Conflict  []changeLine // what is stored, beside what was typed
	Judged    bool         // the findings are about what was typed, which is not kept
	Live      *livePart
	Facts     []factGroup
	Answer    string // address of the form that answers a refusal; empty for none
	Final     bool   // the one answer to the refusal is used up
}

func editDraft(v *visit) error {
	o, err := v.ownOffer()
	if err != nil {
		return err
	}
	page, err := v.newDraftPage(o, nil)
	if err != nil {
		return err
	}
	return v.render("draft/edit", page)
}

// ownOffer reads an offer of the visitor's agency.
func (v *visit) ownOffer() (offer.View, error) { return v.offerOfAgency(offer.ID(v.param("id"))) }

func (v *visit) offerOfAgency(id offer.ID) (offer.View, error) {
	o, err := v.site.opts.Offers.Get(v.ctx, v.actor, id)
	if err == nil && !o.Managed {
		err = fault.New(fault.NotFound, "offer.not_found")
	}
	return o, err
}

// newDraftPage shows an offer to its agency; typed is what was posted, nil for
// what is stored.
func (v *visit) newDraftPage(o offer.View, typed url.Values) (draftPage, error) {
	terms, state := working(o)
	page := draftPage{Reference: o.Reference, State: string(state), Findings: v.findings(o.Findings), Tabs: v.offerTabs(o.ID, "")}
	if o.Review != nil && o.Review.Reason != "" {
		page.Reason, page.Note = v.code("reason", o.Review.Reason), o.Review.Note
	}
	at := "/agence/offres/" + url.PathEscape(string(o.ID))
	if page.Final = state == offer.Refused && !answerable(o); answerable(o) {
		page.Answer = at + "/" + answerEnd
	}
	if !editable(state) {
		page.Facts = v.termFacts(terms, v.payToday(terms))
		return page, nil
	}
	if typed == nil {
		typed = draftValues(terms)
		typed.Set(revField, strconv.FormatInt(o.Rev, 10))
	}
	f, err := v.draftForm(at, typed)
	if err != nil {
		return page, err
	}
	f.hide(revField, typed.Get(revField))
	if state != offer.Draft { // to keep it would take it out of review, or begin a version
		f.Live, f.Ways = wayJudge, []way{{Value: wayJudge, Label: v.t("draft.judge")}}
	}
	v.atFields(f, o.Findings)
	page.Form = f
	if _, blocked := offer.Blocking(o.Findings); !blocked && state == offer.Draft {
		page.Submit = at + "/soumissions"
	}
	return page, nil
}

// working gives the terms under work and their state.
func working(o offer.View) (offer.Terms, offer.State) {
	if o.Review != nil {
		return o.Review.Terms, o.Review.State
	}
	return o.Terms, o.State
}

func editable(s offer.State) bool { return s == offer.Draft || s == offer.Approved || s.InForce() }

func submitDraft(v *visit) error {
	o, err := v.ownOffer()
	if err != nil {
		return err
	}
	if _, err = v.site.opts.Offers.Submit(v.ctx, v.actor, o.ID); err == nil {
		v.redirect("/agence/offres", "flash.draft.submitted")
		return nil
	}
	page, pageErr := v.newDraftPage(o, nil)
	if pageErr != nil || page.Form == nil {
		return err
	}
	return v.again(page.Form, err, "draft/edit", page)
}
