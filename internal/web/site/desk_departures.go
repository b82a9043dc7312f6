package site

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/listing"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// departuresPage is every file, narrowed by what the address asks for.
type departuresPage struct {
	Tabs                  []tab
	States, Countries     []option
	Agencies, Holds       []option
	Trades                []option
	From, Until           string
	Late, Wrong, Filtered bool
	Total                 int
	Items                 []departureLine
	Pager                 pager
}

// departureLine is one file in the list.
type departureLine struct {
	Href, Title, About, State, Next string
	Due, Since                      time.Time
	Late                            bool
	Risk                            int
	Holds                           []string
}

func listDepartures(v *visit) error {
	after, err := v.position()
	if err != nil {
		return err
	}
	agencies, err := v.agencyFilter(v.query().Get("agence"))
	if err != nil {
		return err
	}
	countries, err := v.countryFilter(v.query().Get("pays"))
	if err != nil {
		return err
	}
	page, q := v.departuresAsked()
	page.Agencies, page.Countries = agencies, countries
	if page.Wrong {
		return v.render("desk/departures", page)
	}
	q.After, q.Limit = after, searchPageSize
	found, err := v.site.opts.Placements.List(v.ctx, v.actor, q)
	if err != nil {
		return err
	}
	page.Total, page.Pager = found.Total, v.pager(found.Next)
	for _, c := range found.Items {
		page.Items = append(page.Items, v.departureLine(c))
	}
	return v.render("desk/departures", page)
}

// departuresAsked reads the filters of the address; those that mean nothing
// filter nothing.
func (v *visit) departuresAsked() (*departuresPage, placement.Query) {
	asked := v.query()
	page := &departuresPage{Tabs: v.deskTabs(departurePath), From: clip(asked.Get("du"), 10), Until: clip(asked.Get("au"), 10), Late: asked.Get("retard") == "oui"}
	q := placement.Query{Country: ref.Country(asked.Get("pays")), Agency: asked.Get("agence"), Occupation: tradeGroup(asked.Get(askTrade)), Overdue: page.Late, Order: placement.Urgent}
	if s := chosenState(v, placement.States()); s != "" {
		q.States = []placement.State{s}
	}
	kinds := []placement.HoldKind{placement.HoldSafety, placement.HoldSubstitution, placement.HoldCorridor}
	if h := placement.HoldKind(asked.Get("blocage")); slices.Contains(kinds, h) {
		q.Held = h
	}
	page.States = chosenOption(v.codes("state.placement", textList(placement.States()), v.t("work.all")), asked.Get("etat"))
	page.Trades = v.tradeFilter(q.Occupation)
	page.Holds = chosenOption(v.codes("hold", textList(kinds), v.t("desk.any")), string(q.Held))
	q.From, q.Until, page.Wrong = typedDays(page.From, page.Until)
	page.Filtered = len(asked) > 0
	return page, q
}

// typedDays reads a first and a last day; empty ones do not bound.
func typedDays(from, until string) (first, last ref.Date, wrong bool) {
	ok := true
	if from != "" {
		first, ok = typedDate(from)
	}
	good := ok
	if until != "" {
		last, ok = typedDate(until)
		good = good && ok
	}
	return first, last, !good || first != "" && last != "" && first > last
}

func chosenOption(options []option, value string) []option {
	for i := range options {
		options[i].Chosen = options[i].Value == value
	}
	return options
}

// agencyFilter lists the agencies, for a filter.
func (v *visit) agencyFilter(chosen string) ([]option, error) {
	options := []option{{Label: v.t("dash.agencies")}}
	for after := ""; ; {
		found, err := v.site.opts.Agencies.List(v.ctx, v.actor, agency.Query{After: after, Limit: listing.MaxLimit})
		if err != nil {
			return nil, err
		}
		for _, a := range found.Items {
			options = append(options, option{Value: string(a.ID), Label: a.Name})
		}
		if after = found.Next; after == "" {
			break
		}
	}
	slices.SortStableFunc(options[1:], func(a, b option) int { return compareText(a.Label, b.Label) })
	return chosenOption(options, chosen), nil
}

// countryFilter lists the destinations, for a filter.
func (v *visit) countryFilter(chosen string) ([]option, error) {
	all, err := v.destinations()
	if err != nil {
		return nil, err
	}
	options := []option{{Label: v.t("search.anywhere")}}
	for _, o := range all {
		if o.Value != "" {
			options = append(options, o)
		}
	}
	return chosenOption(options, chosen), nil
}

// tradeFilter lists the groups of occupations of two digits, for a filter.
func (v *visit) tradeFilter(chosen ref.Occupation) []option {
	options := []option{{Label: v.t("desk.any")}}
	for _, o := range ref.Occupations(2) {
		options = append(options, option{Value: string(o), Label: v.tradeName(o), Chosen: o == chosen})
	}
	return options
}

func (v *visit) departureLine(c placement.Card) departureLine {
	line := departureLine{Href: departureHref(c.ID), Title: c.Title, About: joinedTexts(c.Reference, c.Country.Name(v.loc)), State: string(c.State), Due: c.Due, Since: c.Since,
		Late: v.late(c.Due), Risk: c.Risk}
	if c.NextAction != "" {
		line.Next = joinedTexts(v.code("placement_next", c.NextAction), inner(v.code("actor", c.Owner)))
	}
	for _, h := range c.Holds {
		line.Holds = append(line.Holds, v.code("hold", h))
	}
	return line
}

// openDocument gives a document out for the reason stated; the reading is kept
// with it. Nothing in it is run by the browser.
func openDocument(v *visit) error {
	id, in := placement.ID(v.param("id")), v.posted()
	d, content, err := v.site.opts.Placements.ReadDocument(v.ctx, v.actor, id, in.Get("read-document"), in.Get("read-reason"))
	if err != nil {
		return v.readAgain(id, err)
	}
	defer func() { _ = content.Close() }() // it was read only
	h := v.gin.Writer.Header()
	h.Set("Content-Security-Policy", "sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(d.Name))
	v.gin.DataFromReader(http.StatusOK, d.Bytes, d.Media, content, nil)
	return nil
}

// readAgain shows the file again with why the document was not given out.
func (v *visit) readAgain(id placement.ID, failed error) error {
	p, err := v.site.opts.Placements.Get(v.ctx, v.actor, id)
	if err != nil {
		return failed
	}
	page, err := v.departurePage(p)
	if err != nil {
		return err
	}
	if page.Read == nil {
		return failed
	}
	page.Read = v.readingForm(p, v.posted())
	return v.decideAgain(page.Read, prefixed(failed, "read"), "desk/departure", page, &page.Error, &page.Wrong)
}

// sheetPage is the authorisation as it is printed and handed over. It names
// the person as far as the paper needs, and no further.
type sheetPage struct {
	Reference, Back      string
	Number, Person, Born string
	Country, Employer    string
	From, Until          ref.Date
	Signed               []string
	Check                string // address of the page where the number is checked
	Code                 qrCode // the same, to be photographed
	Own                  bool   // the person's own copy
	Made                 time.Time
	Disclose             *form // asks for the reason; nil once the identity is open
	Error                string
	Wrong                []wrongField
}

func showSheet(v *visit) error {
	page, err := v.sheetPage(nil)
	if err != nil {
		return err
	}
	return v.render("desk/sheet", page)
}

// sheetPage reads the file and the person; who the person is shows only to an
// official to whom the identity was disclosed.
func (v *visit) sheetPage(typed url.Values) (*sheetPage, error) {
	p, err := v.site.opts.Placements.Get(v.ctx, v.actor, placement.ID(v.param("id")))
	if err != nil {
		return nil, err
	}
	page := v.newSheetPage(p)
	if page.Number == "" {
		return page, nil
	}
	if page.Code, err = newQRCode(page.Check); err != nil {
		return nil, err
	}
	person, err := v.site.opts.Profiles.View(v.ctx, v.actor, profile.ID(p.Profile))
	if err != nil {
		return nil, err
	}
	v.addBearer(page, p, person.Identity, typed)
	return page, nil
}

func (v *visit) newSheetPage(p *file) *sheetPage {
	page := &sheetPage{Reference: p.Reference, Back: departureHref(p.ID), Country: v.countryName(p.Country), Employer: p.Frozen.Terms.EmployerName, Made: v.site.opts.Now()}
	c := p.Clearance()
	if c == nil || p.State != placement.Cleared || !c.RevokedAt.IsZero() {
		return page
	}
	page.Check = v.site.opts.PublicURL + address(verifyPath, url.Values{askReference: {c.Number}})
	page.Number, page.From, page.Until = c.Number, c.From, c.Until
	for _, s := range []placement.Signature{c.First, c.Second} {
		page.Signed = append(page.Signed, v.t("desk.sheet.signed", v.signatory(s.By), v.instant(s.At)))
	}
	return page
}

// ownSheet is the address of the person's own copy below the file's.
const ownSheet = "/autorisation"

// showOwnSheet shows the person the own authorisation, to be printed and kept
// at hand.
func showOwnSheet(v *visit) error {
	p, err := v.placementFile()
	if err != nil {
		return err
	}
	page := v.newSheetPage(p)
	page.Own, page.Back = true, v.fileAddress(p.ID)
	if page.Number == "" {
		return v.render("desk/sheet", page)
	}
	if page.Code, err = newQRCode(page.Check); err != nil {
		return err
	}
	own, err := v.site.opts.Profiles.Mine(v.ctx, v.actor)
	if err != nil {
		return err
	}
	page.name(own.Identity)
	return v.render("desk/sheet", page)
}

// name puts on the sheet what the paper says of the person: family name and
// initial, and the year of birth.
func (page *sheetPage) name(who profile.Identity) {
	page.Person = who.FamilyName
	if initial := []rune(who.GivenNames); len(initial) > 0 {
		page.Person += " " + string(initial[:1]) + "."
	}
	page.Born, _, _ = strings.Cut(string(who.BirthDate), "-")
}

// signatory names an official on paper, where nobody is "you".
func (v *visit) signatory(id account.ID) string {
	s := string(id)
	return v.t("desk.official", strings.ToUpper(s[max(0, len(s)-6):]))
}

// addBearer puts the person on the sheet, or asks for the reason to know.
func (v *visit) addBearer(page *sheetPage, p *file, who profile.Identity, typed url.Values) {
	if who.FamilyName == "" {
		page.Disclose = newForm(departureHref(p.ID)+"/autorisation", v.t("desk.sheet.disclose"), typed)
		page.Disclose.add(field{Name: "reason", Label: v.t("work.reason"), Kind: "select", Required: true, Options: v.codes("reason", profile.Reasons(), v.t("form.choose"))})
		page.Disclose.add(field{Name: "note", Label: v.t("work.note"), Kind: "area", Rows: 2, Max: 500})
		return
	}
	page.name(who)
}

// discloseSheet opens the identity for the reason stated; the person is told.
func discloseSheet(v *visit) error {
	p, err := v.site.opts.Placements.Get(v.ctx, v.actor, placement.ID(v.param("id")))
	if err != nil {
		return err
	}
	_, _, err = v.site.opts.Profiles.Disclose(v.ctx, v.actor, profile.ID(p.Profile), v.posted().Get("reason"), v.posted().Get("note"))
	if err == nil {
		v.redirect(departureHref(p.ID)+"/autorisation", "flash.desk.disclosed")
		return nil
	}
	page, failed := v.sheetPage(v.posted())
	if failed != nil || page.Disclose == nil {
		return err
	}
	return v.decideAgain(page.Disclose, err, "desk/sheet", page, &page.Error, &page.Wrong)
}
