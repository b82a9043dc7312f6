package site

import (
	"net/url"
	"slices"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// agencyPage is an agency's own file: licence, facts, team and decisions.
type agencyPage struct {
	None      bool // the visitor belongs to no agency yet
	Name      string
	State     string
	Left      string // how long the licence runs, in words
	Ending    bool   // it ends soon, or has ended
	Facts     []fact
	Members   []string
	Add       *form
	Edit      string // address of the form of facts; empty while nothing can be changed
	Decisions []decisionLine
	Files     []tab // the offers and the placements as tables
}

func showOwnAgency(v *visit) error {
	if v.actor.Agency == "" {
		return v.render("team/agency", agencyPage{None: true})
	}
	page, err := v.newAgencyPage(nil)
	if err != nil {
		return err
	}
	return v.render("team/agency", page)
}

func (v *visit) newAgencyPage(typed url.Values) (*agencyPage, error) {
	a, err := v.site.opts.Agencies.Get(v.ctx, v.actor, agency.ID(v.actor.Agency))
	if err != nil {
		return nil, err
	}
	return v.agencyPageOf(a, typed), nil
}

func (v *visit) agencyPageOf(a *agency.Agency, typed url.Values) *agencyPage {
	page := &agencyPage{Name: a.Facts.Name, State: string(a.State), Facts: v.agencyFacts(a.Facts), Add: v.memberForm(typed)}
	page.Files = append(v.files(v.t("offers.csv"), offersExport, "", ""), v.files(v.t("trips.csv"), tripsExport, "", "")...)
	page.Left, page.Ending = v.daysLeft(a.Facts.LicenceUntil)
	if a.State != agency.Withdrawn {
		page.Edit = ownAgency + "/modification"
	}
	for i, m := range a.Members {
		name := v.t("team.member", i+1, shortCode(string(m)))
		if m == v.actor.Account {
			name = v.t("team.you")
		}
		page.Members = append(page.Members, name)
	}
	for _, d := range slices.Backward(a.Decisions) {
		line := decisionLine{Act: v.code("event.agency", d.Action), At: d.At, Note: d.Note}
		if d.Reason != "" {
			line.Reason = v.code("reason", d.Reason)
		}
		page.Decisions = append(page.Decisions, line)
	}
	return page
}

func (v *visit) memberForm(values url.Values) *form {
	f := newForm(ownAgency+"/membres", v.t("team.add"), values)
	f.add(field{Name: "login", Label: v.t("team.login"), Hint: v.t("team.login.hint"), Max: 254, Required: true})
	return f
}

func addMember(v *visit) error {
	in := v.posted()
	_, err := v.site.opts.Agencies.AddMember(v.ctx, v.actor, agency.ID(v.actor.Agency), in.Get("login"))
	if err == nil {
		v.redirect(ownAgency, "flash.member.added")
		return nil
	}
	page, pageErr := v.newAgencyPage(in)
	if pageErr != nil {
		return pageErr
	}
	if fault.Is(err, fault.NotFound) { // no such account, or not one that can join
		err = fault.New(fault.Invalid, "request.invalid", fault.Field{Pointer: "/login", Code: "account.email"})
		v.correct(page.Add, err)
		page.Add.Error, page.Add.Wrong[0].Text = "", v.t("team.unknown")
		page.Add.find("login").Error = v.t("team.unknown")
		return v.renderAs(422, "team/agency", page)
	}
	return v.again(page.Add, err, "team/agency", page)
}

// factsPage asks for what an agency states of itself.
type factsPage struct {
	New  bool
	Form *form
}

func editOwnAgency(v *visit) error {
	stored, _, err := v.storedAgency()
	if err != nil {
		return err
	}
	return v.render("team/edit", factsPage{v.actor.Agency == "", stored})
}

// storedAgency gives the form over what is stored, and its revision; an empty
// form to whoever has no agency yet.
func (v *visit) storedAgency() (stored *form, rev int64, err error) {
	if v.actor.Agency == "" {
		return v.agencyForm(url.Values{}, 0), 0, nil
	}
	a, err := v.site.opts.Agencies.Get(v.ctx, v.actor, agency.ID(v.actor.Agency))
	if err != nil {
		return nil, 0, err
	}
	return v.agencyForm(agencyValues(a.Facts), a.Rev), a.Rev, nil
}

func agencyValues(f agency.Facts) url.Values {
	values := url.Values{}
	for name, value := range map[string]string{
		"name": f.Name, "tradeName": f.TradeName, "country": string(f.Country), "kind": string(f.Kind), "licence": f.Licence, "licenceFrom": string(f.LicenceFrom),
		"licenceUntil": string(f.LicenceUntil), "email": f.Email, "phone": f.Phone, "city": f.City, "address": f.Address, "website": f.Website,
	} {
		values.Set(name, value)
	}
	return values
}

func (v *visit) agencyForm(values url.Values, rev int64) *form {
	f := newForm(ownAgency+"/modification", v.t("draft.save"), values)
	f.replaces(rev)
	f.group(v.t("agency.file"))
	f.add(field{Name: "name", Label: v.t("agency.name"), Max: 200, Required: true})
	f.add(field{Name: "tradeName", Label: v.t("agency.trade_name"), Max: 200})
	f.add(field{Name: "kind", Label: v.t("agency.kind"), Kind: "select", Required: true, Options: v.codes("agency_kind", agencyKinds(), v.t("form.choose"))})
	f.add(field{Name: "country", Label: v.t("draft.country"), Kind: "select", Required: true, Options: v.countryOptions()})
	f.group(v.t("agency.licence"))
	f.add(field{Name: "licence", Label: v.t("team.licence"), Max: 60})
	f.add(field{Name: "licenceFrom", Label: v.t("agency.licence.from"), Kind: "date", Narrow: true})
	f.add(field{Name: "licenceUntil", Label: v.t("agency.licence.until"), Kind: "date", Narrow: true})
	f.group(v.t("team.contacts"))
	f.add(field{Name: "email", Label: v.t("applicant.email"), Kind: "email", Fill: "email", Max: 254})
	f.add(field{Name: "phone", Label: v.t("applicant.phone"), Hint: v.t("team.phone.hint"), Kind: "tel", Fill: "tel", Max: 20})
	f.add(field{Name: "city", Label: v.t("draft.city"), Max: 100})
	f.add(field{Name: "address", Label: v.t("agency.address"), Max: 300})
	f.add(field{Name: "website", Label: v.t("agency.website"), Max: 200})
	f.number()
	return f
}

func agencyKinds() (kinds []string) {
	for _, k := range agency.Kinds() {
		kinds = append(kinds, string(k))
	}
	return kinds
}

func updateOwnAgency(v *visit) error {
	in := v.posted()
	var bad fault.List
	facts := agency.Facts{
		Name: in.Get("name"), TradeName: in.Get("tradeName"), Country: ref.Country(in.Get("country")), Kind: agency.Kind(in.Get("kind")), Licence: in.Get("licence"),
		LicenceFrom: readDate(in, "licenceFrom", &bad), LicenceUntil: readDate(in, "licenceUntil", &bad), Email: in.Get("email"), Phone: in.Get("phone"),
		City: in.Get("city"), Address: in.Get("address"), Website: in.Get("website"),
	}
	err := bad.Err("agency.invalid")
	if err == nil {
		err = v.once(func() error { return v.keepAgency(facts) })
	}
	if err != nil {
		return v.agencyAgain(err)
	}
	v.redirect(ownAgency, "flash.agency.saved")
	return nil
}

// agencyAgain shows what was typed, and what a colleague has stored meanwhile.
func (v *visit) agencyAgain(failed error) error {
	stored, rev, err := v.storedAgency()
	if err != nil {
		return err
	}
	f := v.agencyForm(v.posted(), rev)
	f.overtaken(failed, rev, stored)
	return v.again(f, failed, "team/edit", factsPage{v.actor.Agency == "", f})
}

func (v *visit) keepAgency(facts agency.Facts) error {
	if v.actor.Agency == "" {
		_, err := v.site.opts.Agencies.Create(v.ctx, v.actor, facts)
		return err
	}
	rev, err := v.revision()
	if err != nil {
		return err
	}
	_, err = v.site.opts.Agencies.Update(v.ctx, v.actor, agency.ID(v.actor.Agency), rev, func(f *agency.Facts) { *f = facts })
	return err
}

// versionsPage is an offer as it is published beside the version under work.
type versionsPage struct {
	Title, Back string
	Tabs        []tabLink
	Published   int // number of the version in force; 0 = none
	State       string
	Next        int // number of the version under work; 0 = none
	NextState   string
	Changed     []changeRow
	Copy        string
}

// changeRow is one condition before and after.
type changeRow struct{ Label, Before, After string }

func showVersions(v *visit) error {
	o, err := v.ownOffer()
	if err != nil {
		return err
	}
	return v.render("team/versions", v.newVersionsPage(o))
}

func (v *visit) newVersionsPage(o offer.View) *versionsPage {
	page := &versionsPage{Title: o.Terms.Title, Back: offerAddress(o.ID), Tabs: v.offerTabs(o.ID, "versions"), State: string(o.State), Copy: offerAddress(o.ID) + "/copies"}
	if o.Snapshot != nil {
		page.Published = o.Snapshot.Version
	}
	if o.Review == nil {
		return page
	}
	page.Next, page.NextState = o.Review.Number, string(o.Review.State)
	if o.Snapshot == nil {
		return page
	}
	before, after := v.termFacts(o.Snapshot.Terms, v.payToday(o.Snapshot.Terms)), v.termFacts(o.Review.Terms, v.payToday(o.Review.Terms))
	page.Changed = changedFacts(before, after)
	if was, is := o.Snapshot.Terms, o.Review.Terms; was.Title != is.Title || was.Description != is.Description {
		page.Changed = append([]changeRow{{v.t("draft.title"), was.Title, is.Title}, {v.t("draft.description"), was.Description, is.Description}}, page.Changed...)
	}
	return page
}

// changedFacts gives the facts that differ.
func changedFacts(before, after []factGroup) (rows []changeRow) {
	was := map[string]string{}
	for _, g := range before {
		for _, f := range g.Facts {
			was[g.Title+f.Label] = f.Value
		}
	}
	for _, g := range after {
		for _, f := range g.Facts {
			if old := was[g.Title+f.Label]; old != f.Value {
				rows = append(rows, changeRow{f.Label, old, f.Value})
			}
		}
	}
	return rows
}

// copyOffer makes a new draft with the terms of an offer. Its dates are left
// out: they are seldom right again.
func copyOffer(v *visit) error {
	o, err := v.ownOffer()
	if err != nil {
		return err
	}
	terms, _ := working(o)
	terms.Start, terms.Deadline = "", ""
	var made *offer.Offer
	err = v.once(func() (err error) {
		made, err = v.site.opts.Offers.Create(v.ctx, v.actor, terms)
		return err
	})
	switch {
	case err != nil:
		return err
	case made == nil: // sent twice: the copy heads the list
		v.redirect("/agence/offres", "flash.offer.copied")
	default:
		v.redirect(offerAddress(made.ID), "flash.offer.copied")
	}
	return nil
}
