package site

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/audit"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/incident"
	"passerelle/internal/domain/privacy"
	"passerelle/internal/domain/profile"
	"passerelle/internal/domain/ref"
)

// exportPage is everything kept about a person, to be read.
type exportPage struct {
	At           time.Time
	Account      []fact
	Profile      []factGroup // empty without a profile
	Consents     []consentLine
	Accesses     []accessLine
	Applications []exportedFile
	Placements   []exportedFile
	Incidents    []exportedCase
	Messages     []exportedMessage
	Sessions     []exportedSession
	Trail        []trailLine
	Processing   []processingLine
}

type exportedFile struct {
	Offer, Message, State string
	Updated               time.Time
}

// exportedCase is a case that the person reported, with what was said in it.
type exportedCase struct {
	Reference, Category, State, Text string
	Signs                            []string
	At                               time.Time
	Entries                          []complaintEntry
}

type exportedMessage struct {
	Channel, Template, State string
	At                       time.Time
}

type exportedSession struct {
	Device            string
	Begun, Used, Ends time.Time
}

func showExport(v *visit) error {
	e, err := v.site.opts.Privacy.Export(v.ctx, v.actor)
	if err != nil {
		return v.orProve(err)
	}
	return v.render("privacy/export", v.newExportPage(e))
}

// downloadExport gives the same document as the API does.
func downloadExport(v *visit) error {
	e, err := v.site.opts.Privacy.Export(v.ctx, v.actor)
	if err != nil {
		return v.orProve(err)
	}
	text, err := json.MarshalIndent(v.site.opts.Export(e, v.actor, v.loc), "", "  ")
	if err != nil {
		return err
	}
	v.download("passerelle-export.json", "application/json", text)
	return nil
}

// download gives a file to be kept.
func (v *visit) download(name, media string, content []byte) {
	v.gin.Header("Content-Disposition", `attachment; filename="`+name+`"`)
	v.gin.Data(200, media, content)
}

func (v *visit) newExportPage(e *privacy.Export) *exportPage {
	page := &exportPage{At: e.At, Account: v.accountFacts(&e.Account), Processing: v.processingLines(e.Processing)}
	if e.Profile != nil {
		page.Profile, page.Consents = v.ownProfileFacts(e.Profile), v.consentLines(e.Profile.Consents)
		for _, a := range e.Profile.Accesses {
			page.Accesses = append(page.Accesses, v.accessLine(a))
		}
	}
	for _, a := range e.Applications {
		page.Applications = append(page.Applications, exportedFile{Offer: a.OfferTitle, Message: a.Message, State: string(a.State), Updated: a.UpdatedAt})
	}
	for _, p := range e.Placements {
		page.Placements = append(page.Placements, exportedFile{Offer: p.Title, Message: p.Reference, State: string(p.State), Updated: p.UpdatedAt})
	}
	for i := range e.Incidents {
		page.Incidents = append(page.Incidents, v.exportedCase(&e.Incidents[i]))
	}
	for _, m := range e.Messages {
		page.Messages = append(page.Messages, exportedMessage{Channel: v.code("message.channel", m.Channel), Template: m.Template, State: string(m.State), At: m.At})
	}
	for _, s := range e.Sessions {
		page.Sessions = append(page.Sessions, exportedSession{Device: v.device(s.Label), Begun: s.CreatedAt, Used: s.UsedAt, Ends: s.ExpiresAt})
	}
	for _, r := range e.Trail {
		page.Trail = append(page.Trail, v.ownTrailLine(r))
	}
	return page
}

func (v *visit) exportedCase(i *incident.Incident) exportedCase {
	line := exportedCase{Reference: i.Reference, Category: v.code("incident_category", i.Category), State: string(i.State), Text: i.Description, At: i.CreatedAt}
	for _, sign := range i.Indicators {
		line.Signs = append(line.Signs, v.code("indicator", sign))
	}
	for _, e := range i.Entries {
		line.Entries = append(line.Entries, complaintEntry{e.At, e.Reporter, e.Text})
	}
	return line
}

// ownTrailLine says whether the person did it, and names nobody else.
func (v *visit) ownTrailLine(r audit.Record) trailLine {
	line := v.trailLine(r)
	line.Href = ""
	if line.Who = v.t("export.mine"); r.Actor == "" {
		line.Who = v.code("role", r.Role)
	}
	return line
}

func (v *visit) accountFacts(a *account.Account) []fact {
	return []fact{
		{Label: v.t("user.id"), Value: string(a.ID)},
		{Label: v.t("register.email"), Value: a.Email},
		{Label: v.t("register.phone"), Value: a.Phone},
		{Label: v.t("user.role"), Value: v.code("role", a.Role)},
		{Label: v.t("lang.label"), Value: v.code("user.locale", a.Locale)},
		{Label: v.t("user.created"), Value: v.instant(a.CreatedAt)},
		{Label: v.t("user.seen"), Value: v.instant(a.LastLoginAt)},
	}
}

// ownProfileFacts shows a person the own profile, in full.
func (v *visit) ownProfileFacts(p *profile.View) []factGroup {
	id, home := p.Identity, p.Residence
	return []factGroup{
		{Title: v.t("export.identity"), Facts: []fact{
			{Label: v.t("person.given"), Value: id.GivenNames}, {Label: v.t("person.family"), Value: id.FamilyName},
			{Label: v.t("person.sex"), Value: v.sex(id.Sex)}, {Label: v.t("person.born"), Value: v.date(id.BirthDate)},
			{Label: v.t("person.birthplace"), Value: id.BirthPlace}, {Label: v.t("person.nina"), Value: id.NINA},
			{Label: v.t("register.email"), Value: id.Email}, {Label: v.t("register.phone"), Value: id.Phone},
			{Label: v.t("person.home"), Value: v.place(home.City, home.Region.Name(), home.Country)},
		}},
		{Title: v.t("export.career"), Facts: v.careerFacts(p)},
		{Title: v.t("export.wishes"), Facts: append(v.wishFacts(&p.Wishes), v.soughtFacts(p)...)},
	}
}

// soughtFacts tells the occupations somebody looks for, and what a member of the
// diaspora offers.
func (v *visit) soughtFacts(p *profile.View) []fact {
	var interests []string
	for _, i := range []struct {
		name string
		on   bool
	}{{"mentoring", p.Interests.Mentoring}, {"expertMissions", p.Interests.ExpertMissions}, {"investment", p.Interests.Investment}} {
		if i.on {
			interests = append(interests, v.code("profile.interest", i.name))
		}
	}
	return []fact{
		{Label: v.t("profile.sought"), Value: joined(p.Wishes.Occupations, func(o ref.Occupation) string { return o.Title(v.loc) })},
		{Label: v.t("export.interests"), Value: strings.Join(interests, ", ")},
	}
}

func (v *visit) sex(s profile.Sex) string {
	if s == "" {
		return ""
	}
	return v.code("sex", s)
}

// careerFacts is training, work and languages, one fact each.
func (v *visit) careerFacts(p *profile.View) []fact {
	var facts []fact
	for _, e := range p.Education {
		when := ""
		if e.Year > 0 {
			when = strconv.Itoa(e.Year)
		}
		facts = append(facts, fact{Label: e.Level.Label(v.loc), Value: joinedTexts(e.Title, e.Institution, e.Country.Name(v.loc)), Note: when})
	}
	for _, e := range p.Experience {
		facts = append(facts, fact{Label: e.Occupation.Title(v.loc), Value: joinedTexts(e.Title, e.Employer, e.Country.Name(v.loc)), Note: v.months(e.Months)})
	}
	for _, l := range p.Languages {
		facts = append(facts, fact{Label: l.Language.Name(v.loc), Value: l.Level.String()})
	}
	return append(facts, fact{Label: v.t("export.summary"), Value: p.Summary})
}

// joinedTexts puts what is said of several texts beside each other.
func joinedTexts(texts ...string) string {
	out := ""
	for _, s := range texts {
		switch {
		case s == "":
		case out == "":
			out = s
		default:
			out += ", " + s
		}
	}
	return out
}

// erasePage asks whether everything is to be erased.
type erasePage struct{ Form *form }

// eraseForm has two answers, of which none is chosen.
func (v *visit) eraseForm(values url.Values) *form {
	f := newForm(ownPath+"/effacement", v.t("erase.submit"), values)
	f.Danger = true
	f.add(field{Name: "decision", Label: v.t("erase.question"), Kind: "radio", Required: true, Options: []option{
		{Value: "keep", Label: v.t("erase.keep")}, {Value: "erase", Label: v.t("erase.erase")},
	}})
	return f
}

// editErasure shows the question only after a recent proof of the password.
func editErasure(v *visit) error {
	if err := v.site.opts.Auth.RequireFresh(v.ctx, v.actor, "me.delete"); err != nil {
		return v.orProve(err)
	}
	return v.render("privacy/erase", erasePage{v.eraseForm(nil)})
}

func eraseOwnData(v *visit) error {
	switch v.posted().Get("decision") {
	case "keep":
		v.redirect(ownPath, "flash.erase.kept")
		return nil
	case "erase":
	default:
		f := v.eraseForm(nil)
		return v.again(f, fault.New(fault.Invalid, "request.invalid", fault.Field{Pointer: "/decision", Code: "required"}), "privacy/erase", erasePage{f})
	}
	if err := v.site.opts.Privacy.Erase(v.ctx, v.actor); err != nil {
		f := v.eraseForm(v.posted())
		if hasCode(err, "auth.reauthenticate") {
			return v.orProve(err)
		}
		return v.again(f, err, "privacy/erase", erasePage{f})
	}
	v.forget()
	v.gin.Header("Clear-Site-Data", `"cache", "storage"`)
	v.redirect("/", "flash.erased")
	return nil
}
