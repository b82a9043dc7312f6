package site

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"passerelle/internal/domain/agency"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
)

// Reports of problems, with or without an account. Codes never stand in an
// address: what is followed is followed by forms.
const (
	reportPath = "/signaler"
	followPath = reportPath + "/suivi"
	askAgency  = "agence"

	reportPrefix = "INC"                     // of the references of cases
	maxReport    = incident.MaxText*9 + 4096 // bytes: each character encoded, and the other fields
)

// complaintPage asks what happened.
type complaintPage struct {
	Form   *form
	About  string // what is complained about, when the visitor came from there
	Signed bool
}

// filedPage gives the code to come back with, once.
type filedPage struct {
	Reference, Code string
	Safety          bool
	Help            []string // who can help at once, where the person is
}

// filedPage shows what a report was given. Where somebody's safety is at stake
// it names who can help before anything else.
func (v *visit) filedPage(given incident.Given) filedPage {
	page := filedPage{Reference: given.Reference, Code: grouped(given.Code), Safety: given.Safety}
	if !given.Safety {
		return page
	}
	for _, p := range incident.Partners(given.Country) {
		if p.Kind == incident.Police || p.Kind == incident.Consulate || p.Kind == incident.IOM {
			name := corridor.Text(p.Name).In(v.loc)
			if !p.Confirmed {
				name += v.t("report.unconfirmed")
			}
			page.Help = append(page.Help, name)
		}
	}
	return page
}

// signField asks for the signs of forced labour in plain words.
func (v *visit) signField(f *form) {
	f.add(field{Name: "indicators", Label: v.t("report.signs"), Hint: v.t("report.signs.hint"), Kind: "checks", Options: v.codes("sign", incident.Indicators(), "")})
}

// followPage asks for the code, or shows how the case stands and the next code.
type followPage struct {
	Ask       *form
	Reference string
	State     string // code
	Since     time.Time
	Category  string
	Entries   []complaintEntry
	Code      string // the next one
	Add       *form
}

// complaintEntry is one thing said in the case.
type complaintEntry struct {
	At   time.Time
	Mine bool
	Text string
}

func newReport(v *visit) error {
	asked := v.query()
	values := url.Values{askOffer: {clip(asked.Get(askOffer), 40)}, askAgency: {clip(asked.Get(askAgency), 60)}, "cle": {rand.Text()}}
	return v.render("incident/new", v.complaintPage(values))
}

func (v *visit) complaintPage(values url.Values) complaintPage {
	page := complaintPage{Form: v.complaintForm(values), Signed: v.actor.SignedIn()}
	if a, err := v.site.registered(v, values.Get(askAgency)); err == nil && a != nil {
		page.About = a.Facts.Name
	}
	return page
}

// registered finds an agency of the register; nil when none is named.
func (s *Site) registered(v *visit, id string) (*agency.Agency, error) {
	if id == "" || s.opts.Agencies == nil {
		return nil, nil
	}
	return s.opts.Agencies.Get(v.ctx, v.publicActor(), agency.ID(id))
}

func (v *visit) complaintForm(values url.Values) *form {
	f := newForm(reportPath, v.t("report.submit"), values)
	f.Draft = true
	f.hide(askAgency, f.values.Get(askAgency))
	f.hide("cle", f.values.Get("cle"))
	f.group(v.t("report.what"))
	f.add(field{Name: "category", Label: v.t("report.category"), Kind: "select", Required: true, Options: v.codes("incident_category", reportCategories(), v.t("form.choose"))})
	f.add(field{Name: "description", Label: v.t("report.description"), Hint: v.t("report.description.hint"), Kind: "area", Rows: 8, Max: incident.MaxText, Required: true})
	v.signField(f)
	f.group(v.t("report.where"))
	f.add(field{Name: askOffer, Label: v.t("report.offer"), Hint: v.t("verify.hint"), Max: 40, Narrow: true})
	f.add(field{Name: "country", Label: v.t("report.country"), Kind: "select", Narrow: true, Options: v.countryOptions()})
	if v.actor.SignedIn() {
		f.group(v.t("report.who"))
		f.add(field{Name: "name", Label: v.t("report.name"), Kind: "radio", Options: []option{{Value: "no", Label: v.t("report.name.no")}, {Value: "yes", Label: v.t("report.name.yes")}}})
	}
	return f
}

// reportCategories are those a person chooses from; the others are the
// system's own.
func reportCategories() []string {
	return slices.DeleteFunc(incident.Categories(), func(c string) bool { return c == incident.ArrivalOverdue })
}

// countryOptions lists every country after an empty answer.
func (v *visit) countryOptions() []option {
	list := []option{{Label: v.t("form.unsaid")}}
	for _, c := range ref.Countries(v.loc) {
		list = append(list, option{Value: string(c), Label: v.countryName(c)})
	}
	return list
}

// createReport files the report. The page that answers holds the code, so that
// it is shown to whoever sent the form and nobody else; sending it again gives
// a new code for the same case.
func createReport(v *visit) error {
	posted := v.posted()
	report, err := v.readReport(posted)
	if err != nil {
		page := v.complaintPage(posted)
		return v.again(page.Form, err, "incident/new", &page)
	}
	given, err := v.site.opts.Incidents.File(v.ctx, v.actor, report)
	if err != nil {
		page := v.complaintPage(posted)
		return v.again(page.Form, err, "incident/new", &page)
	}
	return v.render("incident/filed", v.filedPage(given))
}

// readReport reads the form. The agency is never told: whoever complains of it
// may depend on it.
func (v *visit) readReport(in url.Values) (incident.Report, error) {
	report := incident.Report{
		Anonymous: in.Get("name") != "yes", Discreet: true, Category: in.Get("category"), Indicators: in["indicators"], Description: strings.ReplaceAll(in.Get("description"), "\r\n", "\n"),
		Agency: in.Get(askAgency), Key: clip(in.Get("cle"), 64),
	}
	var bad fault.List
	country, err := ref.ParseCountry(in.Get("country"))
	bad.Check(err == nil, "/country", "ref.country")
	report.Country = country
	if typed := in.Get(askOffer); typed != "" {
		id, err := v.site.opts.Offers.ByReference(v.publicActor(), typed)
		if f := fault.Of(err); f != nil {
			bad.Add("/"+askOffer, f.Code)
		} else if err != nil {
			return report, err
		}
		report.Offer = string(id)
		v.completeReport(&report, id)
	}
	return report, bad.Err("incident.invalid")
}

// completeReport names the agency and the country of the offer complained of,
// as far as the public knows them.
func (v *visit) completeReport(r *incident.Report, id offer.ID) {
	view, err := v.site.opts.Offers.Get(v.ctx, v.publicActor(), id)
	if err != nil {
		return // a hidden offer: its id is enough
	}
	r.Agency = view.Agency
	if r.Country == "" {
		r.Country = view.Terms.Country
	}
}

// grouped writes a code in fours, to be copied by hand.
func grouped(code string) string {
	var b strings.Builder
	for i, r := range code {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// plainCode undoes grouped, whatever signs and case were typed.
func plainCode(typed string) string {
	return strings.ToUpper(strings.NewReplacer("-", "", " ", "", "\u00a0", "", ".", "").Replace(clip(typed, 120)))
}

func newFollow(v *visit) error {
	return v.render("incident/follow", followPage{Ask: v.followForm(nil)})
}

func (v *visit) followForm(values url.Values) *form {
	f := newForm(followPath, v.t("report.follow.submit"), values)
	f.add(field{Name: askReference, Label: v.t("report.reference"), Hint: v.t("report.reference.hint"), Max: 40, Required: true, Narrow: true})
	f.add(field{Name: "code", Label: v.t("report.code"), Hint: v.t("report.code.hint"), Max: 120, Required: true})
	return f
}

// createFollow shows how a case stands, and adds to it what was typed. A code
// counts once: the page holds the next one.
func createFollow(v *visit) error {
	posted := v.posted()
	given, err := v.follow(posted.Get(askReference), plainCode(posted.Get("code")), posted.Get("text"))
	if fault.Is(err, fault.NotFound) {
		f := v.followForm(posted)
		f.Failed, f.Error = true, v.t("report.code.wrong")
		return v.renderAs(http.StatusUnprocessableEntity, "incident/follow", followPage{Ask: f})
	}
	if err != nil {
		return err
	}
	return v.render("incident/follow", v.followedPage(given))
}

func (v *visit) follow(reference, code, words string) (incident.Given, error) {
	normal := strings.ToUpper(strings.Join(strings.Fields(clip(reference, 40)), ""))
	id, ok := v.site.opts.IncidentByReference(normal)
	if !ok || code == "" || !ref.ValidReference(reportPrefix, normal) {
		return incident.Given{}, fault.New(fault.NotFound, "incident.not_found")
	}
	return v.site.opts.Incidents.Follow(v.ctx, v.publicActor(), id, code, words)
}

func (v *visit) followedPage(given incident.Given) followPage {
	page := followPage{Reference: given.Reference, State: string(given.State), Since: given.CreatedAt, Category: given.Category, Code: grouped(given.Code)}
	page.Entries = append(page.Entries, complaintEntry{given.CreatedAt, true, given.Description})
	for _, e := range given.Entries {
		page.Entries = append(page.Entries, complaintEntry{e.At, e.Reporter, e.Text})
	}
	page.Add = newForm(followPath, v.t("report.add.submit"), nil)
	page.Add.Draft = true
	page.Add.hide(askReference, page.Reference)
	page.Add.hide("code", page.Code)
	page.Add.add(field{Name: "text", Label: v.t("report.add"), Kind: "area", Rows: 5, Max: incident.MaxText})
	return page
}
