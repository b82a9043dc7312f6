package site

import (
	"net/url"
	"slices"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/employer"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// What an agency does with the employers it works for, and at the end of an
// offer.

// ownEmployers lists the employers an agency can name in its offers.
const ownEmployers = "/agence/employeurs"

// ownEmployersPage is the employers an agency sees: on the first page those that
// it declared, then all that it can name, a part at a time.
type ownEmployersPage struct {
	Words      string // that names are searched for
	Own, Items []ownEmployer
	Total      int
	Pager      pager
}

// ownEmployer is one of them; Href is empty where the agency did not declare it.
type ownEmployer struct {
	Href, Name, State, Country string
	Updated                    time.Time
}

func listOwnEmployers(v *visit) error {
	after, err := v.position()
	if err != nil {
		return err
	}
	page := ownEmployersPage{Words: clip(v.query().Get("q"), 200)}
	found, err := v.site.opts.Employers.List(v.ctx, v.actor, employer.Query{Text: page.Words, After: after, Limit: searchPageSize})
	if err == nil && page.Words == "" && after == "" {
		page.Own, err = v.declaredEmployers()
	}
	if err != nil {
		return err
	}
	for _, c := range found.Items {
		page.Items = append(page.Items, v.ownEmployer(c))
	}
	page.Total, page.Pager = found.Total, v.pager(found.Next)
	return v.render("team/employers", page)
}

// declaredEmployers are those that the visitor's agency declared.
func (v *visit) declaredEmployers() (own []ownEmployer, err error) {
	cards, err := v.employersOf(employer.Query{})
	for _, c := range cards {
		if line := v.ownEmployer(c); line.Href != "" {
			own = append(own, line)
		}
	}
	return own, err
}

func (v *visit) ownEmployer(c employer.Card) ownEmployer {
	line := ownEmployer{Name: c.Name, State: string(c.State), Country: c.Country.Name(v.loc), Updated: c.UpdatedAt}
	if c.Agency == v.actor.Agency && c.Agency != "" {
		line.Href = ownEmployers + "/fiche/" + url.PathEscape(string(c.ID))
	}
	return line
}

// factPage is the form of one employer.
func (v *visit) factPage(action, title string, values url.Values) *deedPage {
	page := &deedPage{Title: title, Lead: v.t("employer.declare.lead"), Back: backLink{ownEmployers, v.t("employer.own")}, Form: newForm(action, v.t("employer.declare.submit"), values)}
	sectors := []option{{Label: v.t("form.unsaid")}}
	for _, s := range ref.Sectors() {
		sectors = append(sectors, option{Value: string(s), Label: string(s) + " – " + s.Label(v.loc)})
	}
	f := page.Form
	f.add(field{Name: "name", Label: v.t("employer.name"), Hint: v.t("employer.name.hint"), Max: 200, Required: true})
	f.add(field{Name: "country", Label: v.t("employer.country"), Kind: "select", Required: true, Options: v.countryOptions()})
	f.add(field{Name: "registration", Label: v.t("employer.registration"), Max: 60, Narrow: true})
	f.add(field{Name: "sector", Label: v.t("employer.sector"), Kind: "select", Options: sectors})
	f.add(field{Name: "website", Label: v.t("agency.website"), Hint: v.t("employer.website.hint"), Max: 300})
	f.group(v.t("employer.site"))
	f.add(field{Name: "sites-0-name", Label: v.t("employer.site.name"), Max: 100})
	f.add(field{Name: "sites-0-city", Label: v.t("draft.city"), Max: 100})
	f.add(field{Name: "sites-0-region", Label: v.t("draft.region"), Max: 100})
	f.number()
	return page
}

// readEmployer puts what was typed over the facts there are; sites beyond the
// first stay.
func readEmployer(f *employer.Facts, in url.Values) {
	f.Name, f.Country = readText(in, "name"), ref.Country(in.Get("country"))
	f.Registration, f.Sector, f.Website = readText(in, "registration"), in.Get("sector"), readText(in, "website")
	first := employer.Site{Name: readText(in, "sites-0-name"), City: readText(in, "sites-0-city"), Region: readText(in, "sites-0-region")}
	rest := f.Sites
	if len(rest) > 0 {
		rest = rest[1:]
	}
	f.Sites = slices.Clone(rest)
	if first != (employer.Site{}) {
		f.Sites = append([]employer.Site{first}, rest...)
	}
}

// declaredAnyway is the way in which a form is sent when the visitor has seen
// the employers with a like-sounding name.
const declaredAnyway = "nouveau"

// declarePage is the form of a new employer. Alike are those with a
// like-sounding name, shown before it is taken.
type declarePage struct {
	Form  *form
	Alike []alikeLine
}

func (v *visit) declareForm(values url.Values) *form {
	return v.factPage(ownEmployers+"/nouveau", "", values).Form
}

func newOwnEmployer(v *visit) error {
	return v.render("team/declare", declarePage{Form: v.declareForm(nil)})
}

// createOwnEmployer shows the employers that sound alike before it takes a new
// one, and takes it when the visitor says that it is none of them.
func createOwnEmployer(v *visit) error {
	var facts employer.Facts
	readEmployer(&facts, v.posted())
	alike, err := v.site.opts.Employers.Alike(v.actor, facts.Name, facts.Country)
	if err != nil {
		return err
	}
	if err = v.declare(facts, len(alike) > 0); err == nil {
		v.redirect(ownEmployers, "flash.employer.declared")
		return nil
	}
	page := declarePage{Form: v.declareForm(v.posted())}
	if len(alike) > 0 {
		page.Form.Ways = []way{{Value: declaredAnyway, Label: v.t("employer.none_of_these")}}
	}
	for _, l := range alike {
		page.Alike = append(page.Alike, alikeLine{Name: l.Name, Place: l.Country.Name(v.loc), State: string(l.State), List: "state.employer", Percent: l.Similarity})
	}
	return v.again(page.Form, err, "team/declare", page)
}

func (v *visit) declare(facts employer.Facts, alike bool) error {
	if alike && v.posted().Get(wayField) != declaredAnyway {
		return fault.New(fault.Conflict, "employer.alike")
	}
	return v.once(func() error {
		_, err := v.site.opts.Employers.Create(v.ctx, v.actor, facts)
		return err
	})
}

// declared reads an employer that the agency declared itself.
func (v *visit) declared() (*employer.Employer, error) {
	e, err := v.site.opts.Employers.Get(v.ctx, v.actor, employer.ID(v.param("id")))
	if err == nil && !e.Inside(v.actor) {
		return nil, fault.New(fault.NotFound, "employer.not_found")
	}
	return e, err
}

func editOwnEmployer(v *visit) error {
	e, err := v.declared()
	if err != nil {
		return err
	}
	return v.render("placement/deed", v.changePage(e, nil))
}

// changePage is the form of an employer's facts, with why it was refused.
func (v *visit) changePage(e *employer.Employer, typed url.Values) *deedPage {
	if typed == nil {
		f := e.Facts
		typed = url.Values{"name": {f.Name}, "country": {string(f.Country)}, "registration": {f.Registration}, "sector": {f.Sector}, "website": {f.Website}}
		if len(f.Sites) > 0 {
			typed["sites-0-name"], typed["sites-0-city"], typed["sites-0-region"] = []string{f.Sites[0].Name}, []string{f.Sites[0].City}, []string{f.Sites[0].Region}
		}
	}
	page := v.factPage(ownEmployers+"/fiche/"+url.PathEscape(string(e.ID)), e.Facts.Name, typed)
	page.Form.replaces(e.Rev)
	told := []fact{{Label: v.t("agency.state"), Value: v.code("state.employer", e.State)}}
	for _, d := range slices.Backward(e.Decisions) {
		if d.Action == employer.ActRefuse && e.State == employer.Refused {
			told = append(told, fact{Label: v.t("work.reason"), Value: v.code("reason", d.Reason), Note: d.Note})
			break
		}
	}
	page.Facts = []factGroup{{Title: v.t("employer.standing"), Facts: told}}
	return page
}

func updateOwnEmployer(v *visit) error {
	e, err := v.declared()
	if err != nil {
		return err
	}
	rev, err := v.revision()
	if err == nil {
		_, err = v.site.opts.Employers.Update(v.ctx, v.actor, e.ID, rev, func(f *employer.Facts) { readEmployer(f, v.posted()) })
	}
	if err != nil {
		page := v.changePage(e, v.posted())
		page.Form.overtaken(err, e.Rev, v.changePage(e, nil).Form)
		return v.again(page.Form, err, "placement/deed", page)
	}
	v.redirect(ownEmployers, "flash.employer.changed")
	return nil
}

// offerEnd is one way in which an agency ends an offer, or answers its refusal.
type offerEnd struct {
	name, flash string // words at "offer.end.<name>"; its name is also its address
	open        func(offer.View) bool
	do          func(v *visit, id offer.ID, in url.Values) error
}

// answerEnd names the answer to a refusal.
const answerEnd = "reponse"

func offerEnds() []offerEnd {
	in := func(states ...offer.State) func(offer.View) bool {
		return func(o offer.View) bool { return slices.Contains(states, o.State) }
	}
	said := func(in url.Values) offer.Decision {
		return offer.Decision{Reason: in.Get("reason"), Note: readText(in, "note")}
	}
	return []offerEnd{
		{answerEnd, "flash.offer_answered", answerable, func(v *visit, id offer.ID, in url.Values) error {
			_, err := v.site.opts.Offers.Answer(v.ctx, v.actor, id, readText(in, "note"))
			return err
		}},
		{"cloture", "flash.offer_closed", in(offer.Published, offer.Suspended, offer.Filled), func(v *visit, id offer.ID, in url.Values) error {
			_, err := v.site.opts.Offers.Close(v.ctx, v.actor, id, said(in))
			return err
		}},
		{"retrait", "flash.offer_recalled", in(offer.Draft, offer.Submitted, offer.Refused, offer.Approved, offer.Published, offer.Suspended, offer.Filled), func(v *visit, id offer.ID, in url.Values) error {
			_, err := v.site.opts.Offers.Withdraw(v.ctx, v.actor, id, said(in))
			return err
		}},
	}
}

// answerable reports whether a refusal waits for the agency's one answer.
func answerable(o offer.View) bool {
	return o.Review != nil && o.Review.State == offer.Refused && !o.Review.Answered
}

// endLinks lists what can be done at the end of an offer in its state.
func (v *visit) endLinks(o offer.View) (links []tabLink) {
	for _, e := range offerEnds() {
		if e.open(o) {
			links = append(links, tabLink{Href: offerAddress(o.ID) + "/" + e.name, Label: v.code("offer.end", e.name)})
		}
	}
	return links
}

func (e offerEnd) page(v *visit, o offer.View, typed url.Values) *deedPage {
	page := &deedPage{Title: v.code("offer.end", e.name), Lead: v.code("offer.end.lead", e.name), Back: backLink{offerAddress(o.ID) + "/suivi", o.Terms.Title}}
	page.Form = newForm(offerAddress(o.ID)+"/"+e.name, v.code("offer.end", e.name), typed)
	switch e.name {
	case answerEnd:
		page.Form.add(field{Name: "note", Label: v.t("file.answer"), Kind: "area", Rows: 6, Max: maxDeedNote, Required: true})
		if r := o.Review; r != nil && r.Reason != "" {
			page.Facts = []factGroup{{Title: v.t("work.reason"), Facts: []fact{{Label: v.code("reason", r.Reason), Value: joinedFirst(r.Note, v.t("work.nothing"))}}}}
		}
	default:
		page.Form.Danger = true
		action := map[string]string{"cloture": offer.ActClose, "retrait": offer.ActWithdraw}[e.name]
		v.reasonFields(page.Form, "reason", offer.Reasons(action))
		q := page.Form.find("reason")
		q.Required, q.Optional = false, true
	}
	page.Form.number()
	return page
}

func (e offerEnd) show(v *visit) error {
	o, err := v.ownOffer()
	if err != nil {
		return err
	}
	if !e.open(o) {
		v.redirect(offerAddress(o.ID)+"/suivi", "flash.deed.closed")
		return nil
	}
	return v.render("placement/deed", e.page(v, o, nil))
}

func (e offerEnd) send(v *visit) error {
	o, err := v.ownOffer()
	if err != nil {
		return err
	}
	if err = v.once(func() error { return e.do(v, o.ID, v.posted()) }); err != nil {
		page := e.page(v, o, v.posted())
		return v.again(page.Form, err, "placement/deed", page)
	}
	if e.name == answerEnd { // what was refused is corrected next
		v.redirect(offerAddress(o.ID), e.flash)
		return nil
	}
	v.redirect(offerAddress(o.ID)+"/suivi", e.flash)
	return nil
}

// employerRoutes are the pages of an agency's employers and of an offer's end.
func employerRoutes(get, post maker) []route {
	routes := []route{
		get(ownEmployers, "employer.create", listOwnEmployers),
		get(ownEmployers+"/nouveau", "employer.create", newOwnEmployer),
		post(ownEmployers+"/nouveau", "employer.create", createOwnEmployer),
		get(ownEmployers+"/fiche/:id", "employer.update", editOwnEmployer),
		post(ownEmployers+"/fiche/:id", "employer.update", updateOwnEmployer),
	}
	for _, e := range offerEnds() {
		permission := map[string]account.Permission{answerEnd: "offer.answer", "cloture": "offer.close", "retrait": "offer.withdraw"}[e.name]
		at := "/agence/offres/:id/" + e.name
		routes = append(routes, get(at, permission, e.show), post(at, permission, e.send))
	}
	return routes
}
